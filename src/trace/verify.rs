//! Holds a trace against the promises that every run keeps.
//!
//! It reads a trace as a sceptic would: every number that is used was given
//! out, every wait ends, nothing outlives what it lives in. It knows nothing
//! of the runtime, so that a fault there cannot hide here.

use std::collections::BTreeMap;
use std::fmt;

use crate::event::{Event, Outcome, ResourceKind, Target, Wait};
use crate::ids::{ErrorId, ResourceId, ScopeId, TaskId};
use crate::time::Time;

use super::Trace;

/// One promise that a trace does not keep.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The number of the event that shows it, from 0; the number of events for what is missing at the end.
    pub number: usize,
    /// When.
    pub at: Time,
    /// What is wrong.
    pub problem: Problem,
}

/// What is wrong with an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// It happened before the event ahead of it.
    TimeWentBack,
    /// It comes after the run's end.
    AfterTheEnd,
    /// The trace does not end with the run's end.
    NoEnd,
    /// This number was never given out.
    Unknown(String),
    /// This number was given out twice.
    Twice(String),
    /// Something happened to a task that had ended.
    TaskIsOver(TaskId),
    /// Something happened in a task before its first turn.
    TaskNotStarted(TaskId),
    /// Something happened to a scope that was closed.
    ScopeIsClosed(ScopeId),
    /// A task began to wait while it was waiting.
    WaitsTwice(TaskId),
    /// A task woke that was not waiting.
    WasNotWaiting(TaskId),
    /// The task ended, or the run did, before the wait.
    WaitNeverEnds(TaskId),
    /// A task began or ended work or cleanup that was, or was not, under way.
    Unbalanced(TaskId),
    /// The scope was closed while this child was alive.
    OutlivesScope(TaskId, ScopeId),
    /// The task ended, or an outer scope was closed, before this scope.
    LeftOpen(ScopeId),
    /// The run ended well while this task was alive.
    NeverEnds(TaskId),
    /// A task gave back more than it held.
    ReleasedTooMuch(TaskId, ResourceId),
    /// A task ended with something in hand.
    NeverReleased(TaskId, ResourceId),
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "event {} at {}: {:?}", self.number, self.at, self.problem)
    }
}

/// Every fault of a trace, in order; none for a trace that keeps the promises.
///
/// A run that ended in a deadlock or at a limit may leave waits, tasks and
/// scopes as they stood: nothing more runs then.
pub fn verify(trace: &Trace) -> Vec<Fault> {
    let mut check = Check::default();
    for (number, stamped) in trace.events.iter().enumerate() {
        check.number = number;
        if stamped.at < check.at {
            check.fault(Problem::TimeWentBack);
        }
        check.at = check.at.max(stamped.at);
        match check.over {
            true => check.fault(Problem::AfterTheEnd),
            false => check.event(&stamped.event),
        }
    }
    if !check.over {
        check.number = trace.events.len();
        check.fault(Problem::NoEnd);
    }
    check.faults
}

#[derive(Default)]
struct Check {
    faults: Vec<Fault>,
    number: usize,
    at: Time,
    over: bool,
    tasks: BTreeMap<TaskId, TaskState>,
    scopes: BTreeMap<ScopeId, ScopeState>,
    resources: BTreeMap<ResourceId, ResourceKind>,
    errors: BTreeMap<ErrorId, ()>,
}

#[derive(Default)]
struct TaskState {
    scope: Option<ScopeId>,
    started: bool,
    ended: bool,
    cancelled: bool,
    waiting: bool,
    working: bool,
    cleanups: u32,
    open: Vec<ScopeId>,
    held: BTreeMap<ResourceId, u64>,
}

#[derive(Default)]
struct ScopeState {
    opener: Option<TaskId>,
    closed: bool,
    alive: BTreeMap<TaskId, ()>,
}

impl Check {
    fn fault(&mut self, problem: Problem) {
        self.faults.push(Fault { number: self.number, at: self.at, problem });
    }

    fn event(&mut self, event: &Event) {
        match event {
            Event::TaskSpawn { task, by, scope, .. } => self.spawn(*task, *by, *scope),
            Event::TaskStart { task } => self.start(*task),
            Event::TaskEnd { task, .. } => self.end(*task),
            Event::ScopeOpen { scope, task, parent, .. } => self.open(*scope, *task, *parent),
            Event::ScopeClose { scope, .. } => self.close(*scope),
            Event::DeadlineSet { scope, .. } => self.open_scope(*scope),
            Event::WaitStart { task, on, .. } => self.wait(*task, on),
            Event::WaitEnd { task } => self.toggle(*task, |t| &mut t.waiting, false, Problem::WasNotWaiting),
            Event::WorkStart { task, .. } => {
                self.toggle(*task, |t| &mut t.working, true, Problem::Unbalanced)
            }
            Event::WorkEnd { task } => self.toggle(*task, |t| &mut t.working, false, Problem::Unbalanced),
            Event::CleanupStart { task } => self.cleanup(*task, true),
            Event::CleanupEnd { task } => self.cleanup(*task, false),
            Event::Cancel { target, by, .. } => self.cancel(*target, *by),
            Event::ResourceNew { resource, kind, .. } => {
                if self.resources.insert(*resource, *kind).is_some() {
                    self.fault(Problem::Twice(format!("{resource:?}")));
                }
            }
            Event::Acquire { task, resource, amount } => self.hold(*task, *resource, *amount, true),
            Event::Release { task, resource, amount } => self.hold(*task, *resource, *amount, false),
            Event::ErrorRaised { error, task, .. } => {
                self.known_task(*task);
                if self.errors.insert(*error, ()).is_some() {
                    self.fault(Problem::Twice(format!("{error:?}")));
                }
            }
            Event::ErrorCaught { error, task, .. } => {
                self.known_task(*task);
                if !self.errors.contains_key(error) {
                    self.fault(Problem::Unknown(format!("{error:?}")));
                }
            }
            Event::Log { task, .. } | Event::Mark { task, .. } | Event::Expect { task, .. } => {
                self.known_task(*task)
            }
            Event::RunEnd { outcome, .. } => self.run_end(*outcome),
        }
    }

    /// The task's state, if it is alive; otherwise a fault.
    fn alive(&mut self, task: TaskId) -> Option<&mut TaskState> {
        let problem = match self.tasks.get(&task) {
            None => Problem::Unknown(format!("{task:?}")),
            Some(state) if state.ended => Problem::TaskIsOver(task),
            Some(_) => return self.tasks.get_mut(&task),
        };
        self.fault(problem);
        None
    }

    fn known_task(&mut self, task: TaskId) {
        if !self.tasks.contains_key(&task) {
            self.fault(Problem::Unknown(format!("{task:?}")));
        }
    }

    fn open_scope(&mut self, scope: ScopeId) {
        match self.scopes.get(&scope) {
            None => self.fault(Problem::Unknown(format!("{scope:?}"))),
            Some(state) if state.closed => self.fault(Problem::ScopeIsClosed(scope)),
            Some(_) => {}
        }
    }

    fn spawn(&mut self, task: TaskId, by: Option<TaskId>, scope: Option<ScopeId>) {
        if let Some(by) = by {
            self.known_task(by);
        }
        if let Some(scope) = scope {
            self.open_scope(scope);
            if let Some(state) = self.scopes.get_mut(&scope) {
                state.alive.insert(task, ());
            }
        }
        let state = TaskState { scope, ..TaskState::default() };
        if self.tasks.insert(task, state).is_some() {
            self.fault(Problem::Twice(format!("{task:?}")));
        }
    }

    fn start(&mut self, task: TaskId) {
        let Some(state) = self.alive(task) else { return };
        if std::mem::replace(&mut state.started, true) {
            self.fault(Problem::Twice(format!("{task:?}")));
        }
    }

    fn end(&mut self, task: TaskId) {
        let Some(state) = self.alive(task) else { return };
        state.ended = true;
        let (waiting, scope) = (state.waiting, state.scope);
        let unbalanced = state.working || state.cleanups > 0;
        let open = std::mem::take(&mut state.open);
        let held = std::mem::take(&mut state.held);
        if let Some(state) = scope.and_then(|scope| self.scopes.get_mut(&scope)) {
            state.alive.remove(&task);
        }
        if waiting {
            self.fault(Problem::WaitNeverEnds(task));
        }
        if unbalanced {
            self.fault(Problem::Unbalanced(task));
        }
        for scope in open {
            self.fault(Problem::LeftOpen(scope));
        }
        for (resource, _) in held.into_iter().filter(|(_, amount)| *amount > 0) {
            self.fault(Problem::NeverReleased(task, resource));
        }
    }

    fn open(&mut self, scope: ScopeId, task: TaskId, parent: Option<ScopeId>) {
        if let Some(parent) = parent {
            self.open_scope(parent);
        }
        if let Some(state) = self.alive(task) {
            state.open.push(scope);
        }
        let state = ScopeState { opener: Some(task), ..ScopeState::default() };
        if self.scopes.insert(scope, state).is_some() {
            self.fault(Problem::Twice(format!("{scope:?}")));
        }
    }

    fn close(&mut self, scope: ScopeId) {
        self.open_scope(scope);
        let Some(state) = self.scopes.get_mut(&scope) else { return };
        state.closed = true;
        let alive = std::mem::take(&mut state.alive);
        let opener = state.opener.and_then(|task| self.tasks.get_mut(&task));
        let inner = opener.map_or_else(Vec::new, |task| {
            let at = task.open.iter().rposition(|open| *open == scope).unwrap_or(task.open.len());
            task.open.split_off(at)
        });
        for (task, ()) in alive {
            self.fault(Problem::OutlivesScope(task, scope));
        }
        for left in inner.into_iter().skip(1) {
            self.fault(Problem::LeftOpen(left));
        }
    }

    fn wait(&mut self, task: TaskId, on: &Wait) {
        match on {
            Wait::Task(other) => self.known_task(*other),
            Wait::Children(scope) => self.open_scope(*scope),
            Wait::Resource { resource, .. } => self.known_resource(*resource),
            Wait::Timer { .. } | Wait::Fetch { .. } | Wait::Worker { .. } | Wait::Other(_) => {}
        }
        self.toggle(task, |t| &mut t.waiting, true, Problem::WaitsTwice);
    }

    fn known_resource(&mut self, resource: ResourceId) {
        if !self.resources.contains_key(&resource) {
            self.fault(Problem::Unknown(format!("{resource:?}")));
        }
    }

    fn toggle(
        &mut self,
        task: TaskId,
        field: fn(&mut TaskState) -> &mut bool,
        to: bool,
        problem: fn(TaskId) -> Problem,
    ) {
        let Some(state) = self.alive(task) else { return };
        let started = state.started;
        if std::mem::replace(field(state), to) == to {
            self.fault(problem(task));
        }
        if !started {
            self.fault(Problem::TaskNotStarted(task));
        }
    }

    fn cleanup(&mut self, task: TaskId, start: bool) {
        let Some(state) = self.alive(task) else { return };
        match (start, state.cleanups) {
            (true, _) => state.cleanups += 1,
            (false, 0) => self.fault(Problem::Unbalanced(task)),
            (false, _) => state.cleanups -= 1,
        }
    }

    fn cancel(&mut self, target: Target, by: Option<TaskId>) {
        match target {
            Target::Task(task) => {
                self.known_task(task);
                if let Some(state) = self.tasks.get_mut(&task) {
                    state.cancelled = true;
                }
            }
            Target::Scope(scope) => self.open_scope(scope),
        }
        if let Some(by) = by {
            self.known_task(by);
        }
    }

    fn hold(&mut self, task: TaskId, resource: ResourceId, amount: u64, takes: bool) {
        let kind = self.resources.get(&resource).copied();
        self.known_resource(resource);
        let Some(state) = self.alive(task) else { return };
        // What goes into a queue comes out elsewhere; a rate counts starts, and nobody gives a start back.
        if !matches!(kind, Some(ResourceKind::Limiter | ResourceKind::Lock | ResourceKind::Pool)) {
            return;
        }
        let held = state.held.entry(resource).or_default();
        let after = if takes { held.checked_add(amount) } else { held.checked_sub(amount) };
        *held = after.unwrap_or(0);
        if after.is_none() {
            self.fault(Problem::ReleasedTooMuch(task, resource));
        }
    }

    fn run_end(&mut self, outcome: Outcome) {
        self.over = true;
        if matches!(outcome, Outcome::Deadlock | Outcome::Limit) {
            return;
        }
        // A spent grace cuts cleanups short where they stand.
        let cut = |task: &TaskState| outcome == Outcome::Cancelled && task.cancelled;
        let alive = self.tasks.iter().filter(|(_, task)| !task.ended && !cut(task));
        let alive: Vec<_> = alive.map(|(id, task)| (*id, task.waiting)).collect();
        for (task, waiting) in alive {
            if waiting {
                self.fault(Problem::WaitNeverEnds(task));
            }
            self.fault(Problem::NeverEnds(task));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::{End, ScopeKind};
    use crate::trace::script::{Script, order_dashboard};

    const MAIN: TaskId = TaskId::ROOT;

    fn check(write: impl FnOnce(&mut Script), expected: &[Problem]) {
        let mut run = Script::new("");
        write(&mut run);
        let problems: Vec<Problem> = verify(&run.end()).into_iter().map(|fault| fault.problem).collect();
        assert_eq!(problems, expected);
    }

    #[test]
    fn a_whole_run_has_no_fault() {
        assert_eq!(verify(&order_dashboard()), []);
    }

    #[test]
    fn time_and_the_end() {
        check(
            |run| {
                run.at_ms(5).log(MAIN, "later").at_ms(4).log(MAIN, "earlier").at_ms(5);
            },
            &[Problem::TimeWentBack],
        );
        let mut trace = Script::new("").end();
        trace.events.push(trace.events[1].clone());
        let faults = verify(&trace);
        assert_eq!(faults.len(), 1);
        assert_eq!((faults[0].number, &faults[0].problem), (4, &Problem::AfterTheEnd));
        trace.events.truncate(3);
        assert_eq!(verify(&trace)[0].problem, Problem::NoEnd);
    }

    #[test]
    fn waits_pair_up_and_end() {
        check(
            |run| {
                run.sleep(MAIN, 5).sleep(MAIN, 6).wake(MAIN).wake(MAIN);
            },
            &[Problem::WaitsTwice(MAIN), Problem::WasNotWaiting(MAIN)],
        );
        check(
            |run| {
                run.sleep(MAIN, 5);
            },
            &[Problem::WaitNeverEnds(MAIN)],
        );
    }

    #[test]
    fn no_task_outlives_its_scope() {
        let child = TaskId(1);
        check(
            |run| {
                let scope = run.open(MAIN, None, ScopeKind::Scope, "s");
                run.spawn(MAIN, Some(scope), "child");
                run.close(scope, End::Ok).finish(child, End::Ok);
            },
            &[Problem::OutlivesScope(child, ScopeId(0))],
        );
        check(
            |run| {
                let outer = run.open(MAIN, None, ScopeKind::Timeout, "timeout");
                run.open(MAIN, Some(outer), ScopeKind::Scope, "s");
                run.close(outer, End::Ok);
            },
            &[Problem::LeftOpen(ScopeId(1))],
        );
    }

    #[test]
    fn numbers_are_given_before_they_are_used() {
        check(
            |run| {
                run.log(TaskId(9), "who").cancel(
                    Target::Scope(ScopeId(3)),
                    crate::event::Reason::Shutdown,
                    None,
                );
                run.wait(MAIN, Wait::Resource { resource: ResourceId(1), ahead: 0 }).wake(MAIN);
            },
            &[Problem::Unknown("t9".into()), Problem::Unknown("s3".into()), Problem::Unknown("r1".into())],
        );
    }

    #[test]
    fn permits_come_back() {
        let lock = ResourceId(0);
        check(
            |run| {
                run.resource(ResourceKind::Lock, "lock", 1);
                run.acquire(MAIN, lock);
            },
            &[Problem::NeverReleased(MAIN, lock)],
        );
        check(
            |run| {
                run.resource(ResourceKind::Lock, "lock", 1);
                run.release(MAIN, lock);
            },
            &[Problem::ReleasedTooMuch(MAIN, lock)],
        );
    }

    #[test]
    fn a_deadlock_leaves_things_as_they_stood() {
        let mut run = Script::new("");
        run.sleep(MAIN, 5);
        run.push(Event::RunEnd { outcome: Outcome::Deadlock, errors: vec![], notes: vec![] });
        assert_eq!(verify(&run.so_far()), []);
    }
}
