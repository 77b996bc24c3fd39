//! Reads a trace once and writes its layout.

use std::rc::Rc;

use crate::event::{End, Event, Target, Wait};
use crate::ids::{ResourceId, ScopeId, TaskId};
use crate::order;
use crate::span::Span;
use crate::time::Time;
use crate::trace::{Paths, Stamped, Trace};

use super::bars::{Bars, State};
use super::facts::{Facts, Scope};
use super::lanes::{Lanes, arrange};
use super::layout::{Blocked, Bracket, Layout, Mark, MarkKind};
use super::links::{Struck, links};
use super::occupancy::occupancy;

/// Lays `trace` out.
pub fn layout(trace: &Trace) -> Layout {
    let facts = Facts::new(trace);
    let occupancy = occupancy(&facts, &trace.events);
    let used: Vec<ResourceId> = occupancy.iter().map(|of| of.resource).collect();
    let Lanes { mut lanes, of_task, of_scope } = arrange(&facts, &used);
    let mut walk = Walk::new(&facts, &of_task, &of_scope);
    for (number, stamped) in (0..).zip(&trace.events) {
        walk.event(number, stamped);
    }
    walk.finish();
    let Walk { drafts, mut marks, mut blocked, .. } = walk;

    let mut bars = Bars::default();
    let mut by_lane: Vec<Vec<Draft>> = vec![Vec::new(); lanes.len()];
    for (task, list) in drafts.into_iter().enumerate() {
        by_lane[of_task[task] as usize] = list;
    }
    for (lane, list) in lanes.iter_mut().zip(by_lane) {
        let first = bars.len() as u32;
        for draft in list {
            bars.push(draft.start, draft.end, draft.state, draft.wait, draft.span);
        }
        lane.bars = (first, bars.len() as u32);
    }

    order::by_key(&mut marks, |mark| (mark.lane, mark.kind.rank(), mark.at, mark.event));
    let mut brackets =
        brackets(&facts, &of_task, &of_scope, &lanes.iter().map(|lane| lane.until).collect::<Vec<_>>());
    // Where a deadline's flag stands, and so where its links begin.
    let first_lanes: Vec<u32> = brackets.iter().map(|bracket| bracket.lanes.0).collect();
    order::by_key(&mut brackets, |bracket| (bracket.lane, bracket.start, bracket.scope));
    order::by_key(&mut blocked, |band| (band.start, band.end));
    let (mut mark, mut bracket) = (0, 0);
    for (number, lane) in (0..).zip(&mut lanes) {
        for (rank, at) in lane.marks.iter_mut().enumerate() {
            let before = |m: &Mark| m.lane < number || (m.lane == number && (m.kind.rank() as usize) < rank);
            mark += marks[mark..].partition_point(before);
            *at = mark as u32;
        }
        let first = bracket;
        bracket += brackets[first..].partition_point(|b| b.lane <= number);
        lane.brackets = (first as u32, bracket as u32);
    }
    let struck = Struck::new(&facts);
    let task_lane = |id: TaskId| place(&facts, id).map(|at| of_task[at]);
    let scope_lane =
        |id: ScopeId| facts.scopes.binary_search_by_key(&id, |s| s.id).ok().map(|at| first_lanes[at]);
    let links = links(&facts, &struck, task_lane, scope_lane);
    let title = trace.header.scenario.clone();
    let paths = Paths::new(trace);
    Layout {
        title,
        paths,
        lanes,
        bars,
        marks,
        brackets,
        blocked,
        links,
        occupancy,
        of_task,
        of_scope,
        struck,
        facts,
    }
}

fn place(facts: &Facts, task: TaskId) -> Option<usize> {
    facts.tasks.binary_search_by_key(&task, |task| task.id).ok()
}

/// A bar before the bars are put in order.
#[derive(Clone)]
struct Draft {
    start: Time,
    end: Time,
    state: State,
    wait: Option<Wait>,
    span: Option<Span>,
}

/// What a task is doing while the events go by.
#[derive(Clone, Default)]
struct Doing {
    since: Time,
    state: Option<State>,
    wait: Option<Wait>,
    span: Option<Span>,
    cleanups: u32,
}

/// Follows the events and cuts each task's life into bars.
struct Walk<'a> {
    facts: &'a Facts,
    of_task: &'a [u32],
    of_scope: &'a [u32],
    doing: Vec<Doing>,
    drafts: Vec<Vec<Draft>>,
    marks: Vec<Mark>,
    blocked: Vec<Blocked>,
    /// How many cancellations went by: the number of the next in the facts.
    cancels: u32,
}

impl<'a> Walk<'a> {
    fn new(facts: &'a Facts, of_task: &'a [u32], of_scope: &'a [u32]) -> Walk<'a> {
        let tasks = facts.tasks.len();
        let (doing, drafts) = (vec![Doing::default(); tasks], vec![Vec::new(); tasks]);
        Walk { facts, of_task, of_scope, doing, drafts, marks: Vec::new(), blocked: Vec::new(), cancels: 0 }
    }

    fn event(&mut self, number: u32, Stamped { at, event }: &Stamped) {
        let at = *at;
        match event {
            Event::TaskSpawn { task, .. } => self.turn(*task, at, Some(State::Ready), None, None),
            Event::TaskStart { task } => self.turn(*task, at, Some(State::Running), None, None),
            Event::WaitStart { task, on, span } => {
                self.turn(*task, at, Some(State::waiting(on)), Some(on.clone()), *span)
            }
            Event::WaitEnd { task } => self.turn(*task, at, Some(State::Running), None, None),
            Event::WorkStart { task, span } => self.turn(*task, at, Some(State::Working), None, *span),
            Event::WorkEnd { task } => {
                self.block(*task, at);
                self.turn(*task, at, Some(State::Running), None, None);
            }
            Event::CleanupStart { task } => self.cleanup(*task, at, true),
            Event::CleanupEnd { task } => self.cleanup(*task, at, false),
            Event::TaskEnd { task, result } => {
                self.turn(*task, at, None, None, None);
                let span = self.facts.task(*task).and_then(|task| task.span);
                let text = self.end_text(*task, *result);
                self.mark(number, *task, at, MarkKind::End(*result), text, span);
            }
            Event::Cancel { target, .. } => self.cancel(number, at, *target),
            Event::ErrorRaised { error, task, kind, span, .. } => {
                self.mark(number, *task, at, MarkKind::Raised(*error), kind.clone(), *span)
            }
            Event::ErrorCaught { error, task, span } => {
                let kind = self.facts.error(*error).map_or_else(|| "".into(), |raised| raised.kind.clone());
                self.mark(number, *task, at, MarkKind::Caught(*error), kind, *span)
            }
            Event::Log { task, text, span } => {
                self.mark(number, *task, at, MarkKind::Log, text.clone(), *span)
            }
            Event::Mark { task, text, span } => {
                self.mark(number, *task, at, MarkKind::Mark, text.clone(), *span)
            }
            Event::Expect { task, held, text, span } => {
                self.mark(number, *task, at, MarkKind::Expect(*held), text.clone(), *span)
            }
            _ => {}
        }
    }

    /// Closes the bar under way and begins the next; an empty one leaves nothing behind.
    fn turn(&mut self, task: TaskId, at: Time, state: Option<State>, wait: Option<Wait>, span: Option<Span>) {
        let Some(slot) = place(self.facts, task) else { return };
        let doing = &mut self.doing[slot];
        let before =
            std::mem::replace(doing, Doing { since: at, state, wait, span, cleanups: doing.cleanups });
        let Some(state) = before.state.filter(|_| before.since < at) else { return };
        let state = match state {
            // What holds the loop holds it during a cleanup too.
            State::Working => State::Working,
            _ if before.cleanups > 0 => State::Cleaning,
            other => other,
        };
        let (wait, span) = (before.wait, before.span);
        let draft = Draft { start: before.since, end: at, state, wait, span };
        match self.drafts[slot].last_mut() {
            // A turn that takes no time does not cut a run or a wait in two.
            Some(last) if last.end == draft.start && joins(last, &draft) => last.end = draft.end,
            _ => self.drafts[slot].push(draft),
        }
    }

    fn cleanup(&mut self, task: TaskId, at: Time, begins: bool) {
        let Some(slot) = place(self.facts, task) else { return };
        let Doing { state, wait, span, .. } = self.doing[slot].clone();
        self.turn(task, at, state, wait, span);
        let cleanups = &mut self.doing[slot].cleanups;
        *cleanups = if begins { *cleanups + 1 } else { cleanups.saturating_sub(1) };
    }

    fn block(&mut self, task: TaskId, end: Time) {
        let Some(slot) = place(self.facts, task) else { return };
        let Doing { since: start, state, span, .. } = self.doing[slot].clone();
        if state == Some(State::Working) && start < end {
            self.blocked.push(Blocked { start, end, task, lane: self.of_task[slot], span });
        }
    }

    fn cancel(&mut self, number: u32, at: Time, target: Target) {
        let lane = match target {
            Target::Task(task) => place(self.facts, task).map(|at| self.of_task[at]),
            Target::Scope(id) => {
                let found = self.facts.scopes.binary_search_by_key(&id, |scope| scope.id);
                found.ok().map(|at| self.of_scope[at])
            }
        };
        let kind = MarkKind::Cancel(self.cancels);
        self.cancels += 1;
        if let Some(lane) = lane {
            self.marks.push(Mark { at, kind, lane, text: "".into(), span: None, event: number });
        }
    }

    fn mark(
        &mut self,
        number: u32,
        task: TaskId,
        at: Time,
        kind: MarkKind,
        text: Rc<str>,
        span: Option<Span>,
    ) {
        if let Some(slot) = place(self.facts, task) {
            self.marks.push(Mark { at, kind, lane: self.of_task[slot], text, span, event: number });
        }
    }

    fn end_text(&self, task: TaskId, result: End) -> Rc<str> {
        let error = self.facts.task(task).and_then(|task| task.error).filter(|_| result == End::Failed);
        error
            .and_then(|error| self.facts.error(error))
            .map_or_else(|| "".into(), |raised| raised.kind.clone())
    }

    /// What goes on at the end of the trace gets a bar up to there.
    fn finish(&mut self) {
        for slot in 0..self.doing.len() {
            self.turn(self.facts.tasks[slot].id, self.facts.end, None, None, None);
        }
    }
}

fn joins(last: &Draft, next: &Draft) -> bool {
    last.state == next.state && last.wait == next.wait && last.span == next.span
}

fn brackets(facts: &Facts, of_task: &[u32], of_scope: &[u32], until: &[u32]) -> Vec<Bracket> {
    // A block without children spans the groups that were opened right inside it; if there are none, its task's lane.
    let mut spans: Vec<Option<(u32, u32)>> = vec![None; facts.scopes.len()];
    for (at, scope) in facts.scopes.iter().enumerate().rev() {
        let own = match scope.groups() {
            true => Some((of_scope[at], until[of_scope[at] as usize])),
            false => spans[at],
        };
        let (Some(own), Some(parent)) = (own, scope.parent) else { continue };
        let outer = facts.scopes.binary_search_by_key(&parent, |scope| scope.id).ok();
        if let Some(outer) = outer.filter(|outer| *outer < at && facts.scopes[*outer].task == scope.task) {
            let (first, last) = spans[outer].unwrap_or(own);
            spans[outer] = Some((first.min(own.0), last.max(own.1)));
        }
    }
    let bracket = |(at, scope): (usize, &Scope)| {
        let group = scope.groups();
        let lane = match (group, spans[at]) {
            (false, None) => place(facts, scope.task).map_or(of_scope[at], |task| of_task[task]),
            _ => of_scope[at],
        };
        let lanes = match (group, spans[at]) {
            (true, _) => (lane, until.get(lane as usize).copied().unwrap_or(lane + 1)),
            (false, Some(inside)) => inside,
            (false, None) => (lane, lane + 1),
        };
        let moved = scope.deadlines.iter().rev().skip(1).filter_map(|(_, at)| *at).collect();
        Bracket {
            scope: scope.id,
            kind: scope.kind,
            label: scope.name.clone(),
            lane,
            lanes,
            group,
            start: scope.opened,
            end: scope.closed.map_or(facts.end, |(end, _)| end),
            deadline: scope.deadline(),
            moved,
            fired: scope.fired.is_some(),
        }
    };
    facts.scopes.iter().enumerate().map(bracket).collect()
}
