//! The one place where the state changes: an action in, what the page must do out.
//!
//! Never fails: whatever does not fit the state changes nothing.

use std::rc::Rc;

use super::action::{Action, Effect, Focus};
use super::boot::{follow, notice, set_text};
use super::commands::{self, Command};
use super::compute::{compute, hear};
use super::gallery;
use super::moves;
use super::panels;
use super::settings::NarrowView;
use super::share::{self, LONG_LINK};
use super::state::{GoTo, Over, State};
use super::{bring_in, by_hand, export};
use crate::pipeline;
use crate::span::Span;

/// Changes `state` by `action`; the page carries out what comes back.
pub fn reduce(state: &mut State, action: Action) -> Vec<Effect> {
    match action {
        Action::Edit(text) => edit(state, text),
        Action::Compute => compute(state),
        Action::Do(command) => perform(state, command),
        Action::Open(id) => open(state, id),
        Action::Follow(hash) => follow_hash(state, &hash),
        Action::Seed(text) => {
            state.seed_text = text;
            vec![Effect::Compute, Effect::Remember]
        }
        Action::NextSeed => {
            let seed = state.run.as_ref().map_or(0, |run| run.trace.header.seed);
            state.seed_text = seed.wrapping_add(1).to_string();
            vec![Effect::Compute, Effect::Remember]
        }
        Action::Live(live) => set_live(state, live),
        Action::LiveEvents { run, events } => hear(state, run, events),
        Action::LiveFailed { run, reason } => live_failed(state, run, reason),
        Action::AllowFetch(allow) => {
            state.fetch_answer = Some(allow);
            state.asks_fetch = false;
            start_live(state)
        }
        Action::Cursor(byte) => {
            state.cursor = byte;
            state.look_beside();
            Vec::new()
        }
        Action::GoTo(span) => go_to(state, span),
        Action::Fix(problem, hint) => fix(state, problem, hint),
        Action::PaletteRun => {
            let Over::Palette { query, row } = &state.over else { return Vec::new() };
            let chosen = commands::search(query).get(*row).map(|entry| entry.command);
            chosen.map(|command| perform(state, command)).unwrap_or_default()
        }
        Action::Copy(text) => vec![Effect::Copy(text)],
        Action::Copied { done, link } => copied(state, done, link),
        Action::Reset => {
            let original = state.original.clone();
            set_text(state, original);
            (state.selected, state.playhead, state.range) = (None, None, None);
            state.view.fit_wanted();
            vec![Effect::Compute]
        }
        Action::OpenPlayground => vec![Effect::OpenPlayground],
        Action::Read(language) => by_hand::show(state, language),
        Action::Fetched(program) => {
            state.by_hand = Some(program);
            Vec::new()
        }
        Action::BringIn(yes) => bring_in::answer(state, yes),
        Action::BroughtIn(scenario) => bring_in::brought(state, scenario),
        Action::ExportAs(target) => {
            export::show(state, target);
            Vec::new()
        }
        Action::Exported(answer) => {
            export::exported(state, answer);
            Vec::new()
        }
        other => panels::reduce(state, other),
    }
}

fn edit(state: &mut State, text: Rc<str>) -> Vec<Effect> {
    if *text == *state.text {
        return Vec::new();
    }
    set_text(state, text);
    vec![Effect::Compute, Effect::Remember]
}

/// Lays out the text; one with errors stays as it is.
fn format(state: &mut State) -> Vec<Effect> {
    match pipeline::format(&state.text) {
        Ok(text) => edit(state, text.into()),
        Err(_) => notice(state, "The text has errors; it can be formatted once they are gone.".to_string()),
    }
}

/// A command by key, palette or button. One from the palette closes it first.
fn perform(state: &mut State, command: Command) -> Vec<Effect> {
    let sheet =
        matches!(state.over, Over::Palette { .. } | Over::Keys | Over::Explanation { .. } | Over::Export(_));
    if !matches!(command, Command::Palette | Command::Export) && sheet {
        state.over = Over::Nothing;
        if command == Command::Clear {
            return vec![Effect::Focus(Focus::Timeline)];
        }
    }
    match command {
        Command::Run if state.live => start_live(state),
        Command::Run => vec![Effect::Compute],
        Command::Stop => stop_live(state),
        Command::Format => format(state),
        Command::Export => export::toggle(state),
        Command::Share => vec![Effect::CopyLink, Effect::Remember],
        Command::ToggleClock => {
            let live = !state.live;
            set_live(state, live)
        }
        Command::Gallery => {
            // On a narrow page it lies over the editor alone.
            state.narrow = NarrowView::Code;
            toggle(state, Over::Gallery(String::new()))
        }
        Command::Palette => toggle(state, Over::Palette { query: String::new(), row: 0 }),
        Command::Keys => toggle(state, Over::Keys),
        Command::Theme => {
            state.theme = state.theme.next();
            vec![Effect::Remember]
        }
        Command::FocusEditor => vec![Effect::Focus(Focus::Editor)],
        Command::FocusTimeline => vec![Effect::Focus(Focus::Timeline)],
        other => moves::perform(state, other),
    }
}

fn toggle(state: &mut State, over: Over) -> Vec<Effect> {
    let same = std::mem::discriminant(&state.over) == std::mem::discriminant(&over);
    state.over = if same { Over::Nothing } else { over };
    if same { vec![Effect::Focus(Focus::Timeline)] } else { vec![Effect::Focus(Focus::Field)] }
}

fn open(state: &mut State, id: &str) -> Vec<Effect> {
    let Some(entry) = gallery::find(id) else { return Vec::new() };
    set_text(state, entry.text.into());
    state.example = Some(entry.id);
    state.original = state.text.clone();
    state.over = Over::Nothing;
    state.narrow = NarrowView::Timeline;
    state.seed_text.clear();
    (state.selected, state.hover, state.playhead, state.range) = (None, None, None, None);
    state.view.fit_wanted();
    vec![Effect::Compute, Effect::Remember]
}

fn follow_hash(state: &mut State, hash: &str) -> Vec<Effect> {
    // What the page itself wrote is not news.
    if state.link().as_deref() == Some(hash) {
        return Vec::new();
    }
    match share::decode(hash) {
        None => Vec::new(),
        Some(Err(error)) => notice(state, error.to_string()),
        Some(Ok(link)) => {
            let mut effects = follow(state, link);
            state.original = state.text.clone();
            effects.push(Effect::Compute);
            effects
        }
    }
}

fn set_live(state: &mut State, live: bool) -> Vec<Effect> {
    if state.live == live {
        return Vec::new();
    }
    state.live = live;
    let mut effects = drop_live(state);
    // Back in virtual time the run is there at once; a live run waits to be asked for.
    effects.extend([Effect::Compute, Effect::Remember]);
    effects
}

/// Whether a text may ask other sites. It only decides whether to put the question: what a run
/// may do is up to its host, which refuses other sites unless the answer was yes.
fn may_ask_others(text: &str) -> bool {
    text.contains("fetch") && text.contains("//")
}

fn start_live(state: &mut State) -> Vec<Effect> {
    if state.plan.is_none() {
        return notice(state, "The text has errors; a live run starts once they are gone.".to_string());
    }
    if may_ask_others(&state.text) && state.fetch_answer.is_none() {
        state.asks_fetch = true;
        return vec![Effect::Focus(Focus::Field)];
    }
    state.live_runs += 1;
    state.live_run = Some(state.live_runs);
    state.stopping = false;
    state.playhead = None;
    vec![Effect::StartLive(state.live_runs)]
}

/// The first time the run is asked to end, so that its cleanup is seen; the second time it is dropped.
fn stop_live(state: &mut State) -> Vec<Effect> {
    match (state.live_run, state.stopping) {
        (None, _) => Vec::new(),
        (Some(_), false) => {
            state.stopping = true;
            vec![Effect::StopLive]
        }
        (Some(_), true) => drop_live(state),
    }
}

fn drop_live(state: &mut State) -> Vec<Effect> {
    if state.live_run.take().is_some() { vec![Effect::DropLive] } else { Vec::new() }
}

fn live_failed(state: &mut State, run: u64, reason: String) -> Vec<Effect> {
    if state.live_run != Some(run) {
        return Vec::new();
    }
    let mut effects = drop_live(state);
    effects.extend(notice(state, format!("The live run could not start: {reason}")));
    effects
}

fn go_to(state: &mut State, span: Span) -> Vec<Effect> {
    state.jumps += 1;
    state.goto = Some(GoTo { number: state.jumps, span, takes_focus: false });
    state.cursor = span.start;
    state.narrow = NarrowView::Code;
    if state.embed {
        state.shows_code = true;
    }
    Vec::new()
}

fn fix(state: &mut State, problem: usize, hint: usize) -> Vec<Effect> {
    let advice = state.problems.get(problem).and_then(|problem| problem.hints.get(hint));
    let Some(edit_of) = advice.and_then(|advice| advice.fix.clone()) else { return Vec::new() };
    let range = edit_of.span.range();
    let (Some(before), Some(after)) = (state.text.get(..range.start), state.text.get(range.end..)) else {
        return Vec::new();
    };
    let text = format!("{before}{}{after}", edit_of.text);
    edit(state, text.into())
}

fn copied(state: &mut State, done: bool, link: bool) -> Vec<Effect> {
    let long = link && state.link().is_none_or(|hash| hash.len() > LONG_LINK);
    let text = match (done, link) {
        (true, _) if long => {
            format!("Copied. The link is longer than {LONG_LINK} characters; some chat programs cut it.")
        }
        (true, _) => "Copied.".to_string(),
        (false, true) if state.link().is_none() => "The scenario is too large for a link.".to_string(),
        (false, true) => "The browser did not allow copying. The link is in the address bar.".to_string(),
        (false, false) => "The browser did not allow copying.".to_string(),
    };
    notice(state, text)
}
