//! How the application begins: from a link, from what was kept, or from the gallery.

use std::rc::Rc;

use crate::pipeline::Target;
use crate::span::LineIndex;

use super::action::Effect;
use super::bring_in::{self, BringIn};
use super::by_hand::Language;
use super::gallery;
use super::settings::{Key, NarrowView, Sizes, Tab, Theme};
use super::share::{self, Link, Source};
use super::state::{Notice, Over, State};
use super::units::Units;
use super::view::View;

/// What the page finds when it is opened.
#[derive(Clone, Debug, Default)]
pub struct Boot {
    /// The address's hash.
    pub hash: String,
    /// The address's query, `?` included.
    pub query: String,
    /// Whether this is the embed.
    pub embed: bool,
    /// Whether the system is dark.
    pub system_dark: bool,
    /// What was kept, by key.
    pub kept: Vec<(Key, String)>,
}

impl Boot {
    fn kept(&self, key: Key) -> Option<&str> {
        self.kept.iter().find(|(known, _)| *known == key).map(|(_, value)| value.as_str())
    }

    fn theme(&self) -> Theme {
        let pairs = self.query.trim_start_matches('?').split('&');
        let asked = pairs.filter_map(|pair| pair.strip_prefix("theme=")).find_map(Theme::named);
        asked.or_else(|| self.kept(Key::Theme).and_then(Theme::named)).unwrap_or_default()
    }
}

/// The state to begin with, and what the page must do first.
pub fn boot(boot: &Boot) -> (State, Vec<Effect>) {
    // `#reset` is the way out of anything kept that does harm.
    let link = if boot.hash == "#reset" { None } else { share::decode(&boot.hash) };
    let kept_text = boot.kept(Key::Text).filter(|_| boot.hash != "#reset" && !boot.embed);
    let first = gallery::entries().into_iter().next();
    let text: Rc<str> = kept_text.or(first.map(|entry| entry.text)).unwrap_or_default().into();
    let mut state = State {
        lines: Rc::new(LineIndex::new(&text)),
        original: text.clone(),
        example: gallery::entries().into_iter().find(|entry| *entry.text == *text).map(|entry| entry.id),
        language: Language::Scenario,
        by_hand: None,
        bring_in: BringIn::Nothing,
        export_target: Target::Python,
        units: Rc::new(Units::new(&text)),
        text,
        words: Rc::default(),
        pauses: Rc::default(),
        problems: Rc::default(),
        plan: None,
        run: None,
        stale: false,
        seed_text: if link.is_none() {
            boot.kept(Key::Seed).unwrap_or_default().to_string()
        } else {
            String::new()
        },
        live: false,
        live_run: None,
        stopping: false,
        live_runs: 0,
        fetch_answer: None,
        asks_fetch: false,
        theme: boot.theme(),
        system_dark: boot.system_dark,
        sizes: boot.kept(Key::Sizes).map(Sizes::read).unwrap_or_default(),
        tab: Tab::default(),
        narrow: NarrowView::default(),
        over: Over::Nothing,
        view: View::default(),
        hover: None,
        selected: None,
        range: None,
        playhead: None,
        playing: false,
        cursor: 0,
        beside: None,
        goto: None,
        jumps: 0,
        notice: None,
        notices: 0,
        embed: boot.embed,
        shows_code: false,
    };
    let mut effects = vec![Effect::Compute];
    match link {
        Some(Ok(link)) => effects.extend(follow(&mut state, link)),
        Some(Err(error)) => effects.extend(notice(&mut state, error.to_string())),
        None => {}
    }
    state.original = state.text.clone();
    (state, effects)
}

/// Shows what a link holds.
pub(super) fn follow(state: &mut State, link: Link) -> Vec<Effect> {
    let Link { source, settings, mut ignored } = link;
    match source {
        Source::Text(text) => set_text(state, text.into()),
        Source::Example(id) => match gallery::find(&id) {
            Some(entry) => {
                set_text(state, entry.text.into());
                state.example = Some(entry.id);
            }
            None => ignored.push(format!("The gallery has no entry `{id}`.")),
        },
    }
    state.seed_text = settings.seed.map(|seed| seed.to_string()).unwrap_or_default();
    state.live = settings.live;
    state.playhead = settings.at;
    state.view.fit_wanted();
    state.view.wanted = settings.zoom;
    if ignored.is_empty() { Vec::new() } else { notice(state, ignored.join(" ")) }
}

/// Puts another text in the place of the one that is there.
pub(super) fn set_text(state: &mut State, text: Rc<str>) {
    state.lines = Rc::new(LineIndex::new(&text));
    state.units = Rc::new(Units::new(&text));
    state.text = text;
    state.example = None;
    state.language = Language::Scenario;
    bring_in::look(state);
}

/// Says something in passing.
pub(super) fn notice(state: &mut State, text: String) -> Vec<Effect> {
    state.notices += 1;
    state.notice = Some(Notice { number: state.notices, text });
    vec![Effect::DismissLater(state.notices)]
}
