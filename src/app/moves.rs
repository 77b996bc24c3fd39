//! What happens on the timeline: window, pointer, selection, playhead.

use crate::export::jsonl;
use crate::span::Span;
use crate::time::Time;
use crate::timeline::{Hit, LaneKind, Layout, Link, lane_of};

use super::action::{Action, Effect, Focus};
use super::commands::Command;
use super::run::Run;
use super::settings::Tab;
use super::state::{GoTo, Over, State};
use super::view::{Motion, range};

/// How much closer one key press looks.
const ZOOM_STEP: f64 = 1.25;
/// By which part of the width one key press moves.
const PAN_STEP: f64 = 0.1;
/// How much of the window the playhead crosses in a second.
const PLAY_PART: f64 = 0.25;

/// The actions of the timeline; any other changes nothing.
pub(super) fn reduce(state: &mut State, action: Action) -> Vec<Effect> {
    let run = state.run.clone();
    match action {
        Action::Resize { width, height } => {
            state.view.resize((width.max(0.0), height.max(0.0)), run.as_ref().map(|run| &run.layout));
        }
        Action::Move(motion) => {
            if let Some(run) = run {
                state.view.apply(motion, &run.layout);
            }
        }
        Action::Hover(hit) => state.hover = hit,
        Action::Select(hit) => return select(state, hit),
        Action::Fold(lane) => {
            if let Some(run) = run {
                state.view.fold(lane, &run.layout);
            }
        }
        Action::Seek(at) => {
            (state.playhead, state.playing) = (at, false);
            return vec![Effect::Rest];
        }
        Action::Range(range) => state.range = range,
        Action::Tick(us) => return tick(state, us),
        _ => {}
    }
    Vec::new()
}

/// The commands of the timeline and its panels.
pub(super) fn perform(state: &mut State, command: Command) -> Vec<Effect> {
    let tab = match command {
        Command::TabInspector => Some(Tab::Inspector),
        Command::TabLog => Some(Tab::Log),
        Command::TabErrors => Some(Tab::Errors),
        Command::TabStory => Some(Tab::Story),
        _ => None,
    };
    if let Some(tab) = tab {
        state.tab = tab;
        return Vec::new();
    }
    if command == Command::Clear {
        return clear(state);
    }
    let Some(run) = state.run.clone() else { return Vec::new() };
    let motion = match command {
        Command::ZoomIn => Some(Motion::Zoom { factor: 1.0 / ZOOM_STEP, about_us: about(state) }),
        Command::ZoomOut => Some(Motion::Zoom { factor: ZOOM_STEP, about_us: about(state) }),
        Command::PanLeft => Some(Motion::Pan(-PAN_STEP)),
        Command::PanRight => Some(Motion::Pan(PAN_STEP)),
        Command::Fit => Some(Motion::Fit),
        Command::FitSelection => stretch(state, &run).map(|(from, to)| Motion::Show(from, to)),
        _ => None,
    };
    if let Some(motion) = motion {
        state.view.apply(motion, &run.layout);
        return Vec::new();
    }
    match command {
        Command::RowUp => step_row(state, &run, -1),
        Command::RowDown => step_row(state, &run, 1),
        Command::BarLeft => step_bar(state, &run, -1),
        Command::BarRight => step_bar(state, &run, 1),
        Command::Cause => follow(state, &run, |link| (link.victim.lane, link.cause.lane)),
        Command::Effect => follow(state, &run, |link| (link.cause.lane, link.victim.lane)),
        Command::GoToSource => return to_source(state, true),
        Command::Fold => {
            if let Some(lane) = state.selected.and_then(|hit| lane_of(&run.layout, hit)) {
                state.view.fold(lane, &run.layout);
            }
        }
        Command::Play => return play(state, &run),
        Command::CopyRun => return vec![Effect::Copy(jsonl::write(&run.trace))],
        other => return seek(state, &run, other),
    }
    Vec::new()
}

/// Closes what is open; else drops what is marked, then what is selected, then the playhead.
fn clear(state: &mut State) -> Vec<Effect> {
    if state.over != Over::Nothing {
        state.over = Over::Nothing;
        return vec![Effect::Focus(Focus::Timeline)];
    }
    if state.range.take().is_none() && state.selected.take().is_none() {
        (state.playhead, state.playing) = (None, false);
    }
    vec![Effect::Rest]
}

/// Keys zoom about the playhead where it is in view, else about the middle.
fn about(state: &State) -> Option<f64> {
    let (from, to) = range(state.view.port?);
    state.playhead.filter(|at| (from..=to).contains(at)).map(|at| at.as_us() as f64)
}

fn select(state: &mut State, hit: Option<Hit>) -> Vec<Effect> {
    state.selected = hit;
    if hit.is_some() {
        state.tab = Tab::Inspector;
    }
    to_source(state, false)
}

fn to_source(state: &mut State, takes_focus: bool) -> Vec<Effect> {
    let span = state.selected.and_then(|hit| state.span_of(hit)).filter(|_| !state.stale);
    let Some(span) = span else { return Vec::new() };
    state.jumps += 1;
    state.goto = Some(GoTo { number: state.jumps, span: Span::new(span.start, span.start), takes_focus });
    Vec::new()
}

/// What `F` shows: the marked stretch, the selected thing, or the life of its lane.
fn stretch(state: &State, run: &Run) -> Option<(Time, Time)> {
    if state.range.is_some() {
        return state.range;
    }
    let layout = &run.layout;
    match state.selected? {
        Hit::Bar(bar) => layout.bars.times(bar as usize),
        hit => layout.lanes.get(lane_of(layout, hit)? as usize).map(|lane| lane.life),
    }
}

fn step_row(state: &mut State, run: &Run, by: isize) {
    let rows = &state.view.rows;
    let row = state.selected.and_then(|hit| lane_of(&run.layout, hit)).and_then(|lane| rows.row_of(lane));
    let next = match row {
        Some(row) => row.saturating_add_signed(by).min(rows.len().saturating_sub(1)),
        None => 0,
    };
    if let Some(row) = rows.rows.get(next) {
        let lane = row.lane;
        state.view.reveal(lane, None, &run.layout);
        select(state, Some(Hit::Name(lane)));
    }
}

fn step_bar(state: &mut State, run: &Run, by: isize) {
    let layout = &run.layout;
    let Some(lane) = state.selected.and_then(|hit| lane_of(layout, hit)) else {
        return step_row(state, run, 0);
    };
    let bars = layout.bars_of(lane);
    let next = match state.selected {
        Some(Hit::Bar(bar)) => (bar as usize).saturating_add_signed(by),
        _ if by < 0 => bars.end.saturating_sub(1),
        _ => bars.start,
    };
    if bars.contains(&next) {
        state.view.reveal(lane, layout.bars.times(next).map(|(start, _)| start), layout);
        select(state, Some(Hit::Bar(next as u32)));
    }
}

/// Goes along the first link that begins at the selected lane; `ends` says where a link begins and ends.
fn follow(state: &mut State, run: &Run, ends: fn(&Link) -> (u32, u32)) {
    let Some(lane) = state.selected.and_then(|hit| lane_of(&run.layout, hit)) else { return };
    let other = run.layout.links.iter().map(ends).find(|(from, to)| *from == lane && to != from);
    if let Some((_, to)) = other {
        state.view.reveal(to, None, &run.layout);
        select(state, Some(Hit::Name(to)));
    }
}

fn seek(state: &mut State, run: &Run, command: Command) -> Vec<Effect> {
    let now = state.playhead.unwrap_or(match command {
        // Backwards from where the run ended, onwards from where it began.
        Command::StepBack | Command::LeapBack => run.end(),
        _ => Time::ZERO,
    });
    let leap = state.view.port.map_or(0, |port| (port.span_us * PAN_STEP) as u64);
    let earlier = run.instants.partition_point(|at| *at < now);
    let later = run.instants.partition_point(|at| *at <= now);
    let to = match command {
        Command::StepBack => {
            earlier.checked_sub(1).and_then(|at| run.instants.get(at)).copied().unwrap_or(now)
        }
        Command::StepForward => run.instants.get(later).copied().unwrap_or(now),
        Command::LeapBack => Time::from_us(now.as_us().saturating_sub(leap)),
        Command::LeapForward => Time::from_us(now.as_us().saturating_add(leap)).min(run.end()),
        Command::Start => Time::ZERO,
        Command::End => run.end(),
        _ => return Vec::new(),
    };
    (state.playhead, state.playing) = (Some(to), false);
    show_playhead(state, run);
    vec![Effect::Rest]
}

fn play(state: &mut State, run: &Run) -> Vec<Effect> {
    state.playing = !state.playing;
    if !state.playing {
        return vec![Effect::Rest];
    }
    // From the end it begins anew.
    state.playhead = Some(state.playhead.filter(|at| *at < run.end()).unwrap_or(Time::ZERO));
    show_playhead(state, run);
    vec![Effect::Animate]
}

fn tick(state: &mut State, us: u64) -> Vec<Effect> {
    let (Some(run), Some(port)) = (state.run.clone(), state.view.port.filter(|_| state.playing)) else {
        return vec![Effect::Rest];
    };
    // A quarter of the window in a second, whatever the zoom: a run of 10 s and one of 10 ms are both watched.
    let step = port.span_us * PLAY_PART * us as f64 / 1e6;
    let now = state.playhead.unwrap_or_default();
    let to = Time::from_us(now.as_us().saturating_add(step.round().max(1.0) as u64));
    state.playhead = Some(to.min(run.end()));
    state.playing = to < run.end();
    show_playhead(state, &run);
    if state.playing { vec![Effect::Animate] } else { vec![Effect::Rest] }
}

fn show_playhead(state: &mut State, run: &Run) {
    if let (Some(port), Some(at)) = (state.view.port, state.playhead) {
        let moved = port.reveal_time(at);
        state.view.apply(Motion::Begin(moved.from_us), &run.layout);
    }
}

impl State {
    /// The place in the text of something on the timeline.
    pub fn span_of(&self, hit: Hit) -> Option<Span> {
        let layout: &Layout = &self.run.as_ref()?.layout;
        let of_lane = |lane: u32| layout.lanes.get(lane as usize).and_then(|lane| lane.span);
        match hit {
            Hit::Bar(bar) => {
                let own = layout.bars.span.get(bar as usize).copied().flatten();
                own.or_else(|| of_lane(layout.lane_of_bar(bar as usize)))
            }
            Hit::Mark(mark) => {
                layout.marks.get(mark as usize).and_then(|mark| mark.span.or_else(|| of_lane(mark.lane)))
            }
            Hit::Deadline(scope) => layout.facts.scope(scope).and_then(|scope| scope.span),
            Hit::Name(lane) | Hit::Fold(lane) => {
                of_lane(lane).or_else(|| match layout.lanes.get(lane as usize)?.kind {
                    LaneKind::Scope(scope) => layout.facts.scope(scope)?.span,
                    _ => None,
                })
            }
            Hit::Lane(..) | Hit::Ruler(_) => None,
        }
    }

    /// Finds what the cursor stands in: the bar, else the lane, whose text is shortest. Until the cursor
    /// has been moved it says nothing about what the reader looks at.
    pub(super) fn look_beside(&mut self) {
        let run = self.run.clone().filter(|_| self.cursor > 0 && !self.stale);
        self.beside = run.and_then(|run| {
            let bars = run.layout.bars_at_offset(self.cursor).into_iter().map(Hit::Bar);
            let lanes = run.layout.lanes_at_offset(self.cursor).into_iter().map(Hit::Name);
            bars.chain(lanes)
                .min_by_key(|hit| self.span_of(*hit).map_or(u32::MAX, |span| span.end - span.start))
        });
    }

    /// The place in the text to light up: of what the pointer is over, else of what is selected.
    pub fn lit(&self) -> Option<Span> {
        if self.stale {
            return None;
        }
        let hover = self.hover.and_then(|hit| self.span_of(hit));
        hover.or_else(|| self.selected.and_then(|hit| self.span_of(hit)))
    }
}
