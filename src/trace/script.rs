//! Runs written by hand, for the tests of what reads a trace.

use std::time::Duration;

use crate::event::{End, Event, Outcome, Reason, ResourceKind, ScopeKind, Target, Wait};
use crate::ids::{ErrorId, ResourceId, ScopeId, TaskId};
use crate::span::Span;
use crate::time::Time;

use super::{Clock, Header, Stamped, Trace};

/// Writes events one after the other and gives the numbers that a run would give.
pub struct Script {
    now: Time,
    events: Vec<Stamped>,
    scenario: String,
    tasks: u32,
    scopes: u32,
    resources: u32,
    errors: u32,
}

impl Script {
    /// A run at 0 s whose root has had its first turn.
    pub fn new(scenario: &str) -> Script {
        let (now, events, scenario) = (Time::ZERO, Vec::new(), scenario.to_owned());
        let mut script = Script { now, events, scenario, tasks: 1, scopes: 0, resources: 0, errors: 0 };
        let (task, name) = (TaskId::ROOT, "main".into());
        script.push(Event::TaskSpawn { task, by: None, scope: None, name, span: None });
        script.push(Event::TaskStart { task });
        script
    }

    /// What follows happens `ms` after the beginning.
    pub fn at_ms(&mut self, ms: u64) -> &mut Script {
        self.at_us(ms * 1000)
    }

    /// What follows happens `us` after the beginning.
    pub fn at_us(&mut self, us: u64) -> &mut Script {
        self.now = Time::from_us(us);
        self
    }

    /// Writes any event.
    pub fn push(&mut self, event: Event) -> &mut Script {
        self.events.push(Stamped { at: self.now, event });
        self
    }

    /// A block is entered.
    pub fn open(&mut self, task: TaskId, parent: Option<ScopeId>, kind: ScopeKind, name: &str) -> ScopeId {
        let scope = ScopeId(self.scopes);
        self.scopes += 1;
        self.push(Event::ScopeOpen { scope, kind, task, parent, name: name.into(), span: None });
        scope
    }

    /// A block gets a deadline `ms` after the beginning.
    pub fn deadline(&mut self, scope: ScopeId, ms: u64) -> &mut Script {
        self.push(Event::DeadlineSet { scope, at: Some(Time::from_us(ms * 1000)) })
    }

    /// A block is left.
    pub fn close(&mut self, scope: ScopeId, result: End) -> &mut Script {
        self.push(Event::ScopeClose { scope, result })
    }

    /// A task is spawned and has its first turn at once.
    pub fn spawn(&mut self, by: TaskId, scope: Option<ScopeId>, name: &str) -> TaskId {
        let task = TaskId(self.tasks);
        self.tasks += 1;
        let span = Some(line(self.tasks));
        self.push(Event::TaskSpawn { task, by: Some(by), scope, name: name.into(), span });
        self.push(Event::TaskStart { task });
        task
    }

    /// A task begins to wait.
    pub fn wait(&mut self, task: TaskId, on: Wait) -> &mut Script {
        self.push(Event::WaitStart { task, on, span: Some(line(task.0)) })
    }

    /// A task waits for a timer that rings `ms` after the beginning.
    pub fn sleep(&mut self, task: TaskId, ms: u64) -> &mut Script {
        self.wait(task, Wait::Timer { until: Time::from_us(ms * 1000) })
    }

    /// A wait is over.
    pub fn wake(&mut self, task: TaskId) -> &mut Script {
        self.push(Event::WaitEnd { task })
    }

    /// A limiter, lock or the like comes into being.
    pub fn resource(&mut self, kind: ResourceKind, name: &str, capacity: u64) -> ResourceId {
        let resource = ResourceId(self.resources);
        self.resources += 1;
        self.push(Event::ResourceNew { resource, kind, name: name.into(), capacity: Some(capacity) });
        resource
    }

    /// A task takes one of a resource.
    pub fn acquire(&mut self, task: TaskId, resource: ResourceId) -> &mut Script {
        self.push(Event::Acquire { task, resource, amount: 1 })
    }

    /// A task gives one back.
    pub fn release(&mut self, task: TaskId, resource: ResourceId) -> &mut Script {
        self.push(Event::Release { task, resource, amount: 1 })
    }

    /// An error comes up.
    pub fn raise(&mut self, task: TaskId, kind: &str, message: &str) -> ErrorId {
        let error = ErrorId(self.errors);
        self.errors += 1;
        let (kind, message, span) = (kind.into(), message.into(), Some(line(task.0)));
        self.push(Event::ErrorRaised { error, task, kind, message, span });
        error
    }

    /// Something is cancelled.
    pub fn cancel(&mut self, target: Target, reason: Reason, by: Option<TaskId>) -> &mut Script {
        self.push(Event::Cancel { target, reason, by })
    }

    /// A line for the log.
    pub fn log(&mut self, task: TaskId, text: &str) -> &mut Script {
        self.push(Event::Log { task, text: text.into(), span: Some(line(task.0)) })
    }

    /// The task holds the loop from now for `ms`.
    pub fn work(&mut self, task: TaskId, ms: u64) -> &mut Script {
        self.push(Event::WorkStart { task, span: Some(line(task.0)) });
        self.now = self.now + Duration::from_millis(ms);
        self.push(Event::WorkEnd { task })
    }

    /// A task ends.
    pub fn finish(&mut self, task: TaskId, result: End) -> &mut Script {
        self.push(Event::TaskEnd { task, result })
    }

    /// What was written, without an end: a run that goes on.
    pub fn so_far(self) -> Trace {
        let header = Header { scenario: self.scenario, seed: 7, clock: Clock::Virtual };
        Trace { header, events: self.events }
    }

    /// The root and the run end well.
    pub fn end(mut self) -> Trace {
        self.finish(TaskId::ROOT, End::Ok);
        self.push(Event::RunEnd { outcome: Outcome::Ok, errors: Vec::new(), notes: Vec::new() });
        self.so_far()
    }
}

/// The bytes of the `n`th line of a text whose lines hold ten bytes each.
fn line(n: u32) -> Span {
    Span::new(n * 10, n * 10 + 9)
}

/// The first scenario of the language: `prefs` fails at 0.25 s, `user` and `orders` are cancelled then.
pub fn order_dashboard() -> Trace {
    let mut run = Script::new("Order dashboard");
    let main = TaskId::ROOT;
    let api = run.resource(ResourceKind::Limiter, "api", 2);
    let timeout = run.open(main, None, ScopeKind::Timeout, "timeout");
    run.deadline(timeout, 3000);
    let scope = run.open(main, Some(timeout), ScopeKind::Scope, "dashboard");
    let names = ["user", "orders", "prefs"];
    let [user, orders, prefs] = names.map(|name| {
        let task = TaskId(run.tasks);
        run.tasks += 1;
        let (by, scope, name, span) = (Some(main), Some(scope), name.into(), Some(line(task.0)));
        run.push(Event::TaskSpawn { task, by, scope, name, span });
        task
    });
    run.wait(main, Wait::Children(scope));
    for (task, ms) in [(user, 400), (orders, 1200), (prefs, 250)] {
        run.push(Event::TaskStart { task });
        if task != prefs {
            run.acquire(task, api);
        }
        run.sleep(task, ms);
    }
    run.at_ms(250).wake(prefs);
    let error = run.raise(prefs, "ValueError", "prefs are corrupt");
    run.finish(prefs, End::Failed).wake(main);
    run.cancel(Target::Scope(scope), Reason::SiblingFailed(scope, prefs), Some(main));
    for task in [user, orders] {
        run.wake(task).release(task, api).finish(task, End::Cancelled);
    }
    run.close(scope, End::Failed).close(timeout, End::Failed);
    run.push(Event::ErrorCaught { error, task: main, span: Some(line(16)) });
    run.log(main, "lost: ValueError: prefs are corrupt");
    run.end()
}
