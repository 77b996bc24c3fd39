//! From the text to what is on screen: compile, run in virtual time, lay out; and a live run as it grows.

use std::rc::Rc;

use crate::event::Event;
use crate::pipeline;
use crate::timeline::Matching;
use crate::trace::{Clock, Stamped, Trace};

use super::action::Effect;
use super::problem::Problem;
use super::run::Run;
use super::state::State;
use super::words::words;

/// Compiles the text; where it can run and the clock is virtual, runs it.
/// A text that cannot run leaves the last run where it is.
pub(super) fn compute(state: &mut State) -> Vec<Effect> {
    let compiled = pipeline::compile(&state.text);
    let problem = |diagnostic| Problem::new(diagnostic, &state.text, &state.lines);
    let problems: Vec<Problem> = compiled.diagnostics.iter().map(problem).collect();
    // The same list as before stays the same value, so that nothing is handed to the editor again.
    if *problems != *state.problems {
        state.problems = problems.into();
    }
    state.words = words(&state.text).into();
    state.pauses = compiled.pauses.into();
    state.plan = compiled.plan;
    // A live run stays until there is another; before the first one the virtual run shows what is to come.
    let shows_live = state.live && state.run.as_ref().is_some_and(|run| run.is_live());
    match &state.plan {
        Some(plan) if !shows_live => {
            let trace = pipeline::simulate(plan, state.seed());
            let run = Run::new(state.text.clone(), state.lines.clone(), trace);
            install(state, run);
        }
        Some(_) => state.stale = state.run.as_ref().is_some_and(|run| run.text != state.text),
        None => state.stale = true,
    }
    Vec::new()
}

/// What a live run said since the last time.
pub(super) fn hear(state: &mut State, number: u64, events: Vec<Stamped>) -> Vec<Effect> {
    if state.live_run != Some(number) || events.is_empty() {
        return Vec::new();
    }
    let begun = state.run.as_ref().filter(|run| run.live_run == Some(number));
    let (text, lines, mut trace) = match (begun, &state.plan) {
        (Some(run), _) => (run.text.clone(), run.lines.clone(), run.trace.clone()),
        (None, Some(plan)) => {
            let header = pipeline::header(plan, state.seed(), Clock::Live);
            (state.text.clone(), state.lines.clone(), Trace { header, events: Vec::new() })
        }
        (None, None) => return Vec::new(),
    };
    trace.events.extend(events);
    let run = Run { live_run: Some(number), ..Run::new(text, lines, trace) };
    let over = run.outcome().is_some();
    install(state, run);
    if over {
        state.live_run = None;
        return vec![Effect::DropLive];
    }
    Vec::new()
}

/// Whether this is the last event of a run.
pub fn is_over(stamped: &Stamped) -> bool {
    matches!(stamped.event, Event::RunEnd { .. })
}

/// Puts a run on screen. What was selected, folded and in view stays, as far as it is still there.
fn install(state: &mut State, run: Run) {
    let before = state.run.take();
    match before {
        Some(before) => {
            let matching = Matching::new(&before.layout, &run.layout);
            let carry = |hit| matching.carry_hit(&before.layout, &run.layout, hit);
            state.selected = state.selected.and_then(carry);
            state.hover = state.hover.and_then(carry);
            state.view.collapsed = matching.carry(&state.view.collapsed);
            state.view.carry(&before.layout, &run.layout);
        }
        None => state.view.enter(&run.layout),
    }
    state.stale = false;
    state.run = Some(Rc::new(run));
    state.look_beside();
}
