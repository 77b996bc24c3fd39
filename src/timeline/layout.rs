//! The timeline of a run as an inert value: lanes, bars, marks, brackets, links, bands.

use std::ops::Range;
use std::rc::Rc;

use crate::event::{End, Name, ScopeKind};
use crate::ids::{ErrorId, ResourceId, ScopeId, TaskId};
use crate::span::Span;
use crate::time::Time;
use crate::trace::{Paths, Trace};

use super::bars::Bars;
use super::build;
use super::facts::{Cancelled, Facts};
use super::links::Struck;
use super::occupancy::Occupancy;
use super::words::short;

/// Everything that a picture of a run shows, in instants and lanes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Layout {
    /// The scenario's name; empty if it has none.
    pub title: String,
    /// Who took part.
    pub facts: Facts,
    /// Their paths.
    pub paths: Paths,
    /// The rows of the picture from top to bottom, a tree in order: what stands inside comes right after.
    pub lanes: Vec<Lane>,
    /// What the tasks were doing, sorted by lane and start.
    pub bars: Bars,
    /// Instants, sorted by lane, then rank, then time.
    pub marks: Vec<Mark>,
    /// Blocks with a begin and an end, sorted by lane and start.
    pub brackets: Vec<Bracket>,
    /// When the loop was held, sorted by start; they do not overlap.
    pub blocked: Vec<Blocked>,
    /// From the cause of each cancellation to what was cancelled.
    pub links: Vec<Link>,
    /// For each resource lane, how much was in use.
    pub occupancy: Vec<Occupancy>,
    /// The lane of each task of the facts.
    pub(super) of_task: Vec<u32>,
    /// The lane of each scope of the facts.
    pub(super) of_scope: Vec<u32>,
    /// What cancelled whom.
    pub(super) struck: Struck,
}

/// One row: a task, a scope that groups its children, or a resource.
#[derive(Clone, Debug, PartialEq)]
pub struct Lane {
    /// What it shows.
    pub kind: LaneKind,
    /// Its name.
    pub label: Name,
    /// How deep it stands in the tree; the root has 0.
    pub depth: u32,
    /// The lane that it stands in.
    pub parent: Option<u32>,
    /// One past the last lane inside it; the next lane if there is none inside.
    pub until: u32,
    /// Its bars in [`Layout::bars`].
    pub bars: (u32, u32),
    /// Where its marks of each rank begin in [`Layout::marks`], and where the last end.
    pub marks: [u32; 4],
    /// Its brackets in [`Layout::brackets`].
    pub brackets: (u32, u32),
    /// Where it stands in the text.
    pub span: Option<Span>,
    /// From when to when it lived.
    pub life: (Time, Time),
    /// How it ended; none for a resource and for what goes on.
    pub result: Option<End>,
}

/// What a lane shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LaneKind {
    /// A task.
    Task(TaskId),
    /// A scope, as the head of its children.
    Scope(ScopeId),
    /// A resource; its occupancy is number so and so of [`Layout::occupancy`].
    Resource(ResourceId, u32),
}

/// An instant on a lane.
#[derive(Clone, Debug, PartialEq)]
pub struct Mark {
    /// When.
    pub at: Time,
    /// What.
    pub kind: MarkKind,
    /// On which lane.
    pub lane: u32,
    /// Its line of log, its name, its error.
    pub text: Rc<str>,
    /// Where in the text.
    pub span: Option<Span>,
    /// The number of its event in the trace.
    pub event: u32,
}

/// What kind of instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MarkKind {
    /// A line of the log.
    Log,
    /// A named instant.
    Mark,
    /// An expectation, and whether it held.
    Expect(bool),
    /// An error came up.
    Raised(ErrorId),
    /// A handler took an error.
    Caught(ErrorId),
    /// A cancellation, by its number in [`Facts::cancels`].
    Cancel(u32),
    /// The task ended.
    End(End),
}

/// How loud a mark is. Where marks share a pixel the loudest is seen; the upper two never vanish.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rank {
    /// Logs, marks, good ends.
    Plain,
    /// Cancellations.
    Cancelled,
    /// Errors, failed ends, expectations that did not hold.
    Failed,
}

impl MarkKind {
    /// How loud it is.
    pub fn rank(self) -> Rank {
        match self {
            MarkKind::Raised(_) | MarkKind::Expect(false) | MarkKind::End(End::Failed) => Rank::Failed,
            MarkKind::Cancel(_) | MarkKind::End(End::Cancelled) => Rank::Cancelled,
            _ => Rank::Plain,
        }
    }
}

/// A block with a begin and an end, drawn behind the lanes that stand in it.
#[derive(Clone, Debug, PartialEq)]
pub struct Bracket {
    /// Which.
    pub scope: ScopeId,
    /// What it is.
    pub kind: ScopeKind,
    /// Its name.
    pub label: Name,
    /// The lane that it belongs to: its own, or that of what stands around it.
    pub lane: u32,
    /// The lanes it spans.
    pub lanes: (u32, u32),
    /// Whether it spans a group of lanes rather than a stretch of its task's own lane.
    pub group: bool,
    /// When it was entered.
    pub start: Time,
    /// When it was left; the run's end if it was not.
    pub end: Time,
    /// The deadline that held last.
    pub deadline: Option<Time>,
    /// Deadlines that were moved away from.
    pub moved: Vec<Time>,
    /// Whether the deadline struck.
    pub fired: bool,
}

/// A stretch during which a task held the loop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Blocked {
    /// From when.
    pub start: Time,
    /// To when.
    pub end: Time,
    /// Who.
    pub task: TaskId,
    /// Its lane.
    pub lane: u32,
    /// Where in the text.
    pub span: Option<Span>,
}

/// An instant on a lane, as the end of a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Anchor {
    /// Which lane.
    pub lane: u32,
    /// When.
    pub at: Time,
}

/// From the cause of a cancellation to what was cancelled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Link {
    /// Where it came from.
    pub cause: Anchor,
    /// Where it struck.
    pub victim: Anchor,
    /// Its number in [`Facts::cancels`].
    pub cancel: u32,
}

impl Layout {
    /// Lays a run out. Takes n log n for n events.
    pub fn new(trace: &Trace) -> Layout {
        build::layout(trace)
    }

    /// The instant of the last event.
    pub fn end(&self) -> Time {
        self.facts.end
    }

    /// The last instant of interest: the run's end, or a deadline after it.
    pub fn horizon(&self) -> Time {
        let deadlines = self.brackets.iter().filter_map(|bracket| bracket.deadline);
        deadlines.fold(self.end(), Time::max)
    }

    /// The lane of a task.
    pub fn lane_of_task(&self, task: TaskId) -> Option<u32> {
        let at = self.facts.tasks.binary_search_by_key(&task, |task| task.id).ok()?;
        self.of_task.get(at).copied()
    }

    /// The lane of a scope; for a block without children that of the group or task around it.
    pub fn lane_of_scope(&self, scope: ScopeId) -> Option<u32> {
        let at = self.facts.scopes.binary_search_by_key(&scope, |scope| scope.id).ok()?;
        self.of_scope.get(at).copied()
    }

    /// The cancellation that ended a task, if one did.
    pub fn cancel_of(&self, task: TaskId) -> Option<&Cancelled> {
        let number = self.struck.cancel_of(&self.facts, task)?;
        self.facts.cancels.get(number as usize)
    }

    /// The bars of a lane.
    pub fn bars_of(&self, lane: u32) -> Range<usize> {
        self.lanes.get(lane as usize).map_or(0..0, |lane| lane.bars.0 as usize..lane.bars.1 as usize)
    }

    /// The marks of a lane with this rank, in order of time.
    pub fn marks_of(&self, lane: u32, rank: Rank) -> Range<usize> {
        let rank = rank as usize;
        self.lanes
            .get(lane as usize)
            .map_or(0..0, |lane| lane.marks[rank] as usize..lane.marks[rank + 1] as usize)
    }

    /// The brackets of a lane, sorted by start.
    pub fn brackets_of(&self, lane: u32) -> &[Bracket] {
        let range = self
            .lanes
            .get(lane as usize)
            .map_or(0..0, |lane| lane.brackets.0 as usize..lane.brackets.1 as usize);
        self.brackets.get(range).unwrap_or_default()
    }

    /// What to write inside of a bar; may be empty.
    pub fn bar_label(&self, bar: usize) -> String {
        match (self.bars.state.get(bar), self.bars.wait.get(bar)) {
            (Some(state), Some(wait)) => short(&self.facts, *state, wait.as_ref()),
            _ => String::new(),
        }
    }

    /// The lane that a bar stands on.
    pub fn lane_of_bar(&self, bar: usize) -> u32 {
        self.lanes.partition_point(|lane| lane.bars.1 as usize <= bar) as u32
    }

    /// The bars whose place in the text holds this byte: what to light up beside a cursor.
    pub fn bars_at_offset(&self, offset: u32) -> Vec<u32> {
        let holds = |span: &Option<Span>| span.is_some_and(|span| span.contains(offset));
        (0..).zip(&self.bars.span).filter(|(_, span)| holds(span)).map(|(bar, _)| bar).collect()
    }

    /// The lanes whose place in the text holds this byte.
    pub fn lanes_at_offset(&self, offset: u32) -> Vec<u32> {
        let holds = |lane: &Lane| lane.span.is_some_and(|span| span.contains(offset));
        (0..).zip(&self.lanes).filter(|(_, lane)| holds(lane)).map(|(number, _)| number).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::{Event, Wait};
    use crate::timeline::State;
    use crate::trace::script::{Script, order_dashboard};

    fn bars(layout: &Layout, lane: u32) -> Vec<(u64, u64, State)> {
        let bars = &layout.bars;
        layout.bars_of(lane).map(|n| (bars.start[n] / 1000, bars.end[n] / 1000, bars.state[n])).collect()
    }

    #[test]
    fn the_dashboard_laid_out() {
        let layout = Layout::new(&order_dashboard());
        assert_eq!(bars(&layout, 0), [(0, 250, State::Tasks)]);
        assert_eq!(bars(&layout, 1), [], "a scope has no bars of its own");
        assert_eq!(bars(&layout, 2), [(0, 250, State::Timer)]);
        let failed: Vec<&str> =
            layout.marks_of(4, Rank::Failed).map(|mark| &*layout.marks[mark].text).collect();
        assert_eq!(failed, ["ValueError", "ValueError"], "the error and the end");
        let links: Vec<(u32, u32)> =
            layout.links.iter().map(|link| (link.cause.lane, link.victim.lane)).collect();
        assert_eq!(links, [(4, 2), (4, 3)], "from prefs to user and orders");
        let timeout = layout.brackets.iter().find(|bracket| bracket.kind == ScopeKind::Timeout);
        let timeout = timeout.map(|bracket| (bracket.lanes, bracket.deadline, bracket.fired));
        assert_eq!(timeout, Some(((1, 5), Some(Time::from_us(3_000_000)), false)), "around its scope");
        assert_eq!(layout.horizon(), Time::from_us(3_000_000));
    }

    #[test]
    fn work_blocks_the_loop_and_turns_without_length_leave_nothing() {
        let main = TaskId::ROOT;
        let mut run = Script::new("");
        let child = run.spawn(main, None, "child");
        run.sleep(child, 10).work(main, 50).wake(child).sleep(child, 90).at_ms(90).wake(child);
        run.finish(child, End::Ok);
        let layout = Layout::new(&run.end());
        assert_eq!(bars(&layout, 0), [(0, 50, State::Working), (50, 90, State::Running)]);
        let child_bars = bars(&layout, 1);
        assert_eq!(child_bars, [(0, 50, State::Timer), (50, 90, State::Timer)], "two waits, no turn between");
        let band = layout.blocked[0];
        assert_eq!((band.start.as_us(), band.end.as_us(), band.lane), (0, 50_000, 0));
        assert_eq!(layout.blocked.len(), 1);
    }

    #[test]
    fn cleaning_up_shows_over_what_it_waits_for() {
        let main = TaskId::ROOT;
        let mut run = Script::new("");
        run.sleep(main, 100).at_ms(10).wake(main).push(Event::CleanupStart { task: main });
        run.wait(main, Wait::Other("close".into()))
            .at_ms(30)
            .wake(main)
            .push(Event::CleanupEnd { task: main });
        let layout = Layout::new(&run.end());
        assert_eq!(bars(&layout, 0), [(0, 10, State::Timer), (10, 30, State::Cleaning)]);
        assert_eq!(layout.bars.wait[1], Some(Wait::Other("close".into())));
    }

    #[test]
    fn a_run_that_goes_on_is_drawn_up_to_now() {
        let mut run = Script::new("");
        run.sleep(TaskId::ROOT, 100).at_ms(40).log(TaskId::ROOT, "still here");
        let layout = Layout::new(&run.so_far());
        assert_eq!(bars(&layout, 0), [(0, 40, State::Timer)]);
        assert_eq!((layout.lanes[0].result, layout.facts.outcome), (None, None));
        assert_eq!(Layout::new(&Trace { events: vec![], ..order_dashboard() }).lanes, []);
    }
}
