//! From what caused a cancellation to what it struck.

use crate::event::{End, Reason, Target};
use crate::ids::{ScopeId, TaskId};
use crate::time::Time;

use super::facts::{Cancelled, Facts, Task};
use super::layout::{Anchor, Link};

/// How far outwards a cancelled task looks for what struck it. Ten thousand
/// nested scopes are a test of the runtime; beyond them a picture has no room.
const MAX_DEPTH: usize = 20_000;

/// Which cancellation struck first, for each task and each scope of the facts.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Struck {
    tasks: Vec<Option<u32>>,
    scopes: Vec<Option<u32>>,
}

impl Struck {
    /// Reads the cancellations in order; the first at each target counts.
    pub fn new(facts: &Facts) -> Struck {
        let mut struck =
            Struck { tasks: vec![None; facts.tasks.len()], scopes: vec![None; facts.scopes.len()] };
        for (number, cancel) in (0..).zip(&facts.cancels) {
            let slot = match cancel.target {
                Target::Task(id) => {
                    slot(&facts.tasks, |task| task.id.cmp(&id)).and_then(|at| struck.tasks.get_mut(at))
                }
                Target::Scope(id) => {
                    slot(&facts.scopes, |scope| scope.id.cmp(&id)).and_then(|at| struck.scopes.get_mut(at))
                }
            };
            if let Some(slot) = slot {
                slot.get_or_insert(number);
            }
        }
        struck
    }

    /// The cancellation that ended `task`: the earliest at it or at anything around it; of two at one
    /// instant the one aimed nearest.
    pub fn cancel_of(&self, facts: &Facts, task: TaskId) -> Option<u32> {
        let mut best = None;
        self.consider_task(facts, task, &mut best);
        best.map(|(_, number)| number)
    }

    /// The cancellation that struck a scope or anything around it.
    fn cancel_around(&self, facts: &Facts, scope: ScopeId) -> Option<u32> {
        let mut best = None;
        if let Some(task) = self.consider_scopes(facts, Some(scope), &mut best) {
            self.consider_task(facts, task, &mut best);
        }
        best.map(|(_, number)| number)
    }

    /// What a cancellation followed from: whose end it was that left a scope or took a parent away.
    pub fn before(&self, facts: &Facts, number: u32) -> Option<u32> {
        let earlier = match facts.cancels.get(number as usize)?.reason {
            Reason::ScopeDropped(scope) => self.cancel_around(facts, scope),
            Reason::ParentCancelled(task) => self.cancel_of(facts, task),
            _ => None,
        };
        // Only what came before can be a cause: no damaged trace leads in a circle.
        earlier.filter(|earlier| *earlier < number)
    }

    /// The first of the cancellations that led to this one.
    pub fn origin(&self, facts: &Facts, number: u32) -> u32 {
        let mut origin = number;
        while let Some(earlier) = self.before(facts, origin) {
            origin = earlier;
        }
        origin
    }

    fn consider_task(&self, facts: &Facts, task: TaskId, best: &mut Option<(Time, u32)>) {
        let mut next = Some(task);
        for _ in 0..MAX_DEPTH {
            let Some(id) = next else { break };
            let Some(at) = slot(&facts.tasks, |task| task.id.cmp(&id)) else { break };
            consider(facts, self.tasks[at], best);
            next = self.consider_scopes(facts, facts.tasks[at].scope, best);
        }
    }

    /// Asks a scope and those around it in its task; gives the task.
    fn consider_scopes(
        &self,
        facts: &Facts,
        scope: Option<ScopeId>,
        best: &mut Option<(Time, u32)>,
    ) -> Option<TaskId> {
        let (mut next, mut task) = (scope, None);
        for _ in 0..MAX_DEPTH {
            let Some(id) = next else { break };
            let Some(at) = slot(&facts.scopes, |scope| scope.id.cmp(&id)) else { break };
            consider(facts, self.scopes[at], best);
            let scope = &facts.scopes[at];
            // The first block of a task names one of another task as its parent: there the task itself comes between.
            next = facts.around(scope).map(|outer| outer.id);
            task = Some(scope.task);
        }
        task
    }
}

/// Keeps the earlier of two cancellations, and of two at one instant the one that was found first.
fn consider(facts: &Facts, number: Option<u32>, best: &mut Option<(Time, u32)>) {
    let Some(number) = number else { return };
    let Some(cancel) = facts.cancels.get(number as usize) else { return };
    if best.is_none_or(|(at, _)| cancel.at < at) {
        *best = Some((cancel.at, number));
    }
}

fn slot<T>(list: &[T], order: impl Fn(&T) -> std::cmp::Ordering) -> Option<usize> {
    list.binary_search_by(order).ok()
}

/// A link for each task that ended cancelled, in order of the tasks.
pub fn links(
    facts: &Facts,
    struck: &Struck,
    lane_of_task: impl Fn(TaskId) -> Option<u32>,
    lane_of_scope: impl Fn(ScopeId) -> Option<u32>,
) -> Vec<Link> {
    let cancelled = facts.tasks.iter().filter(|task| matches!(task.ended, Some((_, End::Cancelled))));
    let link = |task: &Task| {
        let number = struck.cancel_of(facts, task.id)?;
        let cancel = facts.cancels.get(struck.origin(facts, number) as usize)?;
        let victim = Anchor { lane: lane_of_task(task.id)?, at: cancel.at.max(task.spawned) };
        let lane = match cause(facts, cancel) {
            Some(Target::Task(cause)) => lane_of_task(cause)?,
            Some(Target::Scope(cause)) => lane_of_scope(cause)?,
            None => return None,
        };
        let cause = Anchor { lane, at: cancel.at };
        (cause.lane != victim.lane).then_some(Link { cause, victim, cancel: number })
    };
    cancelled.filter_map(link).collect()
}

/// What stands at the beginning of a cancellation; none if it came from outside.
pub fn cause(facts: &Facts, cancel: &Cancelled) -> Option<Target> {
    match cancel.reason {
        Reason::SiblingFailed(_, task) | Reason::ParentCancelled(task) | Reason::LostRace(_, task) => {
            Some(Target::Task(task))
        }
        Reason::Timeout(scope) | Reason::GraceSpent(scope) => Some(Target::Scope(scope)),
        Reason::BodyFailed(scope) | Reason::ScopeDropped(scope) => {
            facts.scope(scope).map(|scope| Target::Task(scope.task))
        }
        Reason::Explicit => cancel.by.map(Target::Task),
        Reason::Shutdown | Reason::RunEnded => None,
    }
}
