//! Share links: a scenario and its settings in the hash of an address, versioned.
//!
//! `#v1.d.<base64url of raw deflate>&seed=7&t=250000`, or `#ex/<id>` for an
//! entry of the gallery. What a link holds is data from a stranger: sizes are
//! capped on both sides of the compression, and each setting is checked on its
//! own, so that one bad value does not take the others with it.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::time::Time;

/// Longest link that is read, in characters. Browsers carry more, people and chat programs do not.
pub const MAX_LINK: usize = 256 * 1024;
/// Longest text that a link may unfold to, in bytes.
pub const MAX_TEXT: usize = 1024 * 1024;
/// From this many characters on some programs cut a link (Discord does at 2000).
pub const LONG_LINK: usize = 2000;

/// What a link says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// The scenario.
    pub source: Source,
    /// How to show it.
    pub settings: Settings,
    /// What was not understood, a sentence each.
    pub ignored: Vec<String>,
}

/// Where the scenario of a link comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// The link holds it.
    Text(String),
    /// An entry of the gallery, by its id.
    Example(String),
}

/// Settings that a link may carry. Times are microseconds, as everywhere.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    /// Overrides the seed that the text names.
    pub seed: Option<u64>,
    /// Where the playhead stands.
    pub at: Option<Time>,
    /// The stretch of time in view.
    pub zoom: Option<(Time, Time)>,
    /// Whether the switch stands on live. A link never starts a live run.
    pub live: bool,
}

/// Why a link cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LinkError {
    /// It has another form than ours, or a part of it is missing.
    NotALink,
    /// It says a version that this page does not know.
    Version(String),
    /// It is longer than [`MAX_LINK`].
    TooLong,
    /// Its text unfolds to more than [`MAX_TEXT`].
    TooLarge,
    /// Its text cannot be unfolded: characters were lost or changed.
    Damaged,
}

impl fmt::Display for LinkError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            LinkError::NotALink => write!(f, "This link holds no scenario."),
            LinkError::Version(version) => {
                write!(f, "This link was made by another version ({version}) and cannot be read here.")
            }
            LinkError::TooLong => {
                write!(f, "This link is longer than {} kB and was not read.", MAX_LINK / 1024)
            }
            LinkError::TooLarge => {
                write!(f, "The scenario in this link is larger than {} kB and was not read.", MAX_TEXT / 1024)
            }
            LinkError::Damaged => {
                write!(f, "This link is damaged: part of it was lost or changed on the way.")
            }
        }
    }
}

/// The hash, `#` included, for a text and its settings. None: the text is too large to share.
pub fn encode(text: &str, settings: &Settings) -> Option<String> {
    if text.len() > MAX_TEXT {
        return None;
    }
    // Level 9: a scenario is a few kilobytes, and each character of a link counts.
    let packed = miniz_oxide::deflate::compress_to_vec(text.as_bytes(), 9);
    let hash = format!("#v1.d.{}{}", URL_SAFE_NO_PAD.encode(packed), suffix(settings));
    (hash.len() <= MAX_LINK).then_some(hash)
}

/// The hash for an entry of the gallery.
pub fn encode_example(id: &str, settings: &Settings) -> String {
    format!("#ex/{id}{}", suffix(settings))
}

fn suffix(settings: &Settings) -> String {
    let mut out = String::new();
    if let Some(seed) = settings.seed {
        out.push_str(&format!("&seed={seed}"));
    }
    if let Some(at) = settings.at {
        out.push_str(&format!("&t={}", at.as_us()));
    }
    if let Some((from, to)) = settings.zoom {
        out.push_str(&format!("&zoom={}-{}", from.as_us(), to.as_us()));
    }
    if settings.live {
        out.push_str("&mode=live");
    }
    out
}

/// Reads a hash, with or without its `#`. None: there is nothing to read.
pub fn decode(hash: &str) -> Option<Result<Link, LinkError>> {
    let hash = hash.strip_prefix('#').unwrap_or(hash);
    (!hash.is_empty()).then(|| read(hash))
}

fn read(hash: &str) -> Result<Link, LinkError> {
    if hash.len() > MAX_LINK {
        return Err(LinkError::TooLong);
    }
    let mut parts = hash.split('&');
    let source = read_source(parts.next().unwrap_or_default())?;
    let mut link = Link { source, settings: Settings::default(), ignored: Vec::new() };
    for part in parts.filter(|part| !part.is_empty()) {
        if let Err(sentence) = read_setting(part, &mut link.settings) {
            link.ignored.push(sentence);
        }
    }
    Ok(link)
}

fn read_source(part: &str) -> Result<Source, LinkError> {
    if let Some(id) = part.strip_prefix("ex/") {
        let plain = |c: char| c.is_ascii_alphanumeric() || c == '-';
        let known_form = !id.is_empty() && id.len() <= 80 && id.chars().all(plain);
        return if known_form { Ok(Source::Example(id.to_string())) } else { Err(LinkError::NotALink) };
    }
    let Some((version, rest)) = part.split_once('.') else { return Err(LinkError::NotALink) };
    if version != "v1" {
        let a_version = version.len() <= 8 && version.starts_with('v');
        return Err(if a_version { LinkError::Version(version.to_string()) } else { LinkError::NotALink });
    }
    match rest.split_once('.') {
        Some(("d", data)) => unfold(data).map(Source::Text),
        Some((codec, _)) if codec.len() <= 8 => Err(LinkError::Version(format!("v1.{codec}"))),
        _ => Err(LinkError::NotALink),
    }
}

fn unfold(data: &str) -> Result<String, LinkError> {
    use miniz_oxide::inflate::{TINFLStatus, decompress_to_vec_with_limit};
    let packed = URL_SAFE_NO_PAD.decode(data.trim_end_matches('=')).map_err(|_| LinkError::Damaged)?;
    let bytes = decompress_to_vec_with_limit(&packed, MAX_TEXT).map_err(|error| match error.status {
        TINFLStatus::HasMoreOutput => LinkError::TooLarge,
        _ => LinkError::Damaged,
    })?;
    String::from_utf8(bytes).map_err(|_| LinkError::Damaged)
}

fn read_setting(part: &str, settings: &mut Settings) -> Result<(), String> {
    let (key, value) = part.split_once('=').unwrap_or((part, ""));
    // A key may be anything: what is said about it must stay short.
    let shown: String = key.chars().take(20).collect();
    let bad = || format!("The link's `{shown}` cannot be read and was left out.");
    match key {
        "seed" => settings.seed = Some(value.parse().map_err(|_| bad())?),
        "t" => settings.at = Some(read_time(value).ok_or_else(bad)?),
        "zoom" => {
            let (from, to) = value.split_once('-').ok_or_else(bad)?;
            let (from, to) = (read_time(from).ok_or_else(bad)?, read_time(to).ok_or_else(bad)?);
            if from >= to {
                return Err(bad());
            }
            settings.zoom = Some((from, to));
        }
        "mode" if value == "live" => settings.live = true,
        "mode" if value == "virtual" => settings.live = false,
        "mode" => return Err(bad()),
        // Keys of a later version of this page, or of a site that carries the link.
        _ => {}
    }
    Ok(())
}

fn read_time(value: &str) -> Option<Time> {
    value.parse().ok().map(Time::from_us)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text_of(link: Link) -> String {
        match link.source {
            Source::Text(text) => text,
            Source::Example(id) => panic!("an example: {id}"),
        }
    }

    fn check(text: &str, settings: Settings) {
        let hash = encode(text, &settings).expect("small enough");
        let link = decode(&hash).expect("not empty").expect("ours");
        assert_eq!(link.settings, settings, "{hash}");
        assert_eq!(link.ignored, Vec::<String>::new());
        assert_eq!(text_of(link), text);
        let safe = |c: char| c.is_ascii_alphanumeric() || "#.-_&=".contains(c);
        assert!(hash.chars().all(safe), "needs no escaping: {hash}");
    }

    #[test]
    fn what_is_shared_comes_back() {
        let all = Settings {
            seed: Some(u64::MAX),
            at: Some(Time::from_us(250_000)),
            zoom: Some((Time::ZERO, Time::from_us(1))),
            live: true,
        };
        for text in ["", "scope a { }", "# ümlaut ⏸\r\n\u{feff}", &"task x { sleep 1s }\n".repeat(300)] {
            check(text, Settings::default());
            check(text, all.clone());
        }
    }

    #[test]
    fn an_example_is_named_by_its_id() {
        let link = decode("#ex/02-timeout&seed=3").expect("not empty").expect("ours");
        assert_eq!(link.source, Source::Example("02-timeout".into()));
        assert_eq!(link.settings.seed, Some(3));
        assert_eq!(encode_example("02-timeout", &link.settings), "#ex/02-timeout&seed=3");
    }

    #[test]
    fn one_bad_setting_leaves_the_others() {
        let hash =
            format!("{}&seed=no&t=5&zoom=9-3&mode=&new=1", encode("", &Settings::default()).expect("small"));
        let link = decode(&hash).expect("not empty").expect("ours");
        assert_eq!(link.settings, Settings { at: Some(Time::from_us(5)), ..Settings::default() });
        let said = link.ignored.join(" ");
        for key in ["`seed`", "`zoom`", "`mode`"] {
            assert!(said.contains(key), "{said}");
        }
        assert!(!said.contains("`new`"), "an unknown key is nobody's mistake: {said}");
    }

    #[test]
    fn what_is_not_ours_is_an_error_with_its_reason() {
        let cases = [
            ("#hello", LinkError::NotALink),
            ("#v1", LinkError::NotALink),
            ("#v1.d", LinkError::NotALink),
            ("#ex/", LinkError::NotALink),
            ("#ex/../../etc", LinkError::NotALink),
            ("#v2.d.AAAA", LinkError::Version("v2".into())),
            ("#v1.z.AAAA", LinkError::Version("v1.z".into())),
            ("#v1.d.!!!!", LinkError::Damaged),
            ("#v1.d.____", LinkError::Damaged),
        ];
        for (hash, error) in cases {
            assert_eq!(decode(hash), Some(Err(error)), "{hash}");
        }
        assert_eq!(decode("#"), None);
        assert_eq!(decode(""), None);
    }

    #[test]
    fn both_sizes_are_capped_at_the_edge() {
        let long = format!("#v1.d.{}", "A".repeat(MAX_LINK));
        assert_eq!(decode(&long), Some(Err(LinkError::TooLong)));
        let bomb = |size: usize| {
            let packed = miniz_oxide::deflate::compress_to_vec(&vec![b' '; size], 9);
            decode(&format!("#v1.d.{}", URL_SAFE_NO_PAD.encode(packed)))
        };
        assert!(matches!(bomb(MAX_TEXT), Some(Ok(_))));
        assert_eq!(bomb(MAX_TEXT + 1), Some(Err(LinkError::TooLarge)));
        assert_eq!(bomb(64 * MAX_TEXT), Some(Err(LinkError::TooLarge)));
        assert_eq!(encode(&" ".repeat(MAX_TEXT + 1), &Settings::default()), None);
    }

    #[test]
    fn garbage_never_panics() {
        let good = encode("scope a { task b { sleep 1s } }", &Settings::default()).expect("small");
        for end in 0..good.len() {
            let _ = decode(&good[..end]);
        }
        let mut random = oorandom::Rand64::new(7);
        for _ in 0..2000 {
            let mut bytes = good.clone().into_bytes();
            for _ in 0..3 {
                let at = random.rand_range(0..bytes.len() as u64) as usize;
                bytes[at] = random.rand_range(1..128) as u8;
            }
            let _ = decode(&String::from_utf8(bytes).expect("ASCII"));
        }
        let _ = decode("#é&é=é&seed=99999999999999999999999");
    }

    #[test]
    fn damage_is_seldom_silent() {
        // Raw deflate has no checksum: what this guards is only that a cut link is noticed.
        let text = "scope a { task b { sleep 1s } }";
        let good = encode(text, &Settings::default()).expect("small");
        let cut = decode(&good[..good.len() - 4]).expect("not empty");
        assert!(cut.is_err() || text_of(cut.expect("read")) != text);
    }
}
