//! Holds the page's colours against those of the picture, and its text against what eyes need.
#![cfg(not(target_arch = "wasm32"))]

use taskscope::render::{Color, Ink, Theme};

const STYLE: &str = include_str!("../www/style.css");

/// Colours that the page and the picture have in common.
const SHARED: &[(&str, Ink)] = &[
    ("surface", Ink::Ground),
    ("sunken", Ink::Panel),
    ("border", Ink::Border),
    ("text", Ink::Text),
    ("text-faint", Ink::Quiet),
    ("accent", Ink::Accent),
    ("on-accent", Ink::OnAccent),
    ("running", Ink::Running),
    ("timer", Ink::Timer),
    ("waiting", Ink::Resource),
    ("request", Ink::Fetch),
    ("worker", Ink::Worker),
    ("cleanup", Ink::Cleaning),
    ("ok", Ink::Done),
    ("failed", Ink::Failed),
    ("error", Ink::Failed),
    ("cancelled", Ink::Cancelled),
    ("blocked", Ink::Blocked),
];

/// Text on what is behind it: 4.5 to 1 or better.
const TEXT: &[(&str, &[&str])] = &[
    ("text", &["surface", "sunken", "page", "raised", "hover", "accent-soft", "line", "lit", "selection"]),
    ("text-quiet", &["surface", "sunken", "page", "raised", "hover"]),
    ("text-faint", &["surface", "sunken", "raised", "hover"]),
    ("accent-strong", &["surface", "sunken", "raised", "hover"]),
    ("on-accent", &["accent", "accent-strong"]),
    ("error", &["surface", "sunken", "error-soft"]),
    ("warning", &["surface", "sunken", "warning-soft"]),
    ("ok", &["surface"]),
    ("code-keyword", &["surface", "line", "lit"]),
    ("code-string", &["surface", "line", "lit"]),
    ("code-number", &["surface", "line", "lit"]),
    ("code-comment", &["surface", "line", "lit"]),
    ("code-kind", &["surface", "line", "lit"]),
];

/// A token's colours, light and dark.
fn token(name: &str) -> [Color; 2] {
    let line = format!("  --ts-{name}: light-dark(");
    let at = STYLE.find(&line).unwrap_or_else(|| panic!("no token --ts-{name}"));
    let rest = &STYLE[at + line.len()..];
    let pair = &rest[..rest.find(')').expect("closed")];
    let (light, dark) = pair.split_once(", ").expect("two colours");
    [light, dark].map(|hex| {
        let digits = hex.strip_prefix('#').unwrap_or_else(|| panic!("--ts-{name}: {hex} is no #rrggbb"));
        Color::rgb(u32::from_str_radix(digits, 16).expect("hexadecimal"))
    })
}

#[test]
fn the_page_has_the_pictures_colours() {
    for (name, ink) in SHARED {
        assert_eq!(
            token(name),
            [Theme::light().color(*ink), Theme::dark().color(*ink)],
            "--ts-{name}, {ink:?}"
        );
    }
}

#[test]
fn every_text_can_be_read() {
    let mut faint = Vec::new();
    for (above, grounds) in TEXT {
        for below in *grounds {
            for (above_is, below_is) in token(above).into_iter().zip(token(below)) {
                let found = above_is.contrast(below_is);
                if found < 4.5 {
                    faint.push(format!(
                        "{above} {} on {below} {}: {found:.2}",
                        above_is.css(),
                        below_is.css()
                    ));
                }
            }
        }
    }
    assert_eq!(faint, Vec::<String>::new());
}
