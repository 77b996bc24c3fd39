//! From a trace to the lines of a file.

use std::rc::Rc;

use crate::event::{Event, Leaf, Reason, Target, Wait};
use crate::ids::{ScopeId, TaskId};
use crate::span::Span;
use crate::time::Time;
use crate::trace::{Paths, Trace};

use super::names::Names;
use super::wire::{self, Bytes, Line, What};

/// Writes the lines of one trace.
#[derive(Default)]
pub struct Writer {
    out: String,
    paths: Paths,
    names: Names,
    /// The path of each task, spelled once: most events carry one.
    spelled: Vec<Option<Rc<str>>>,
    /// Where the logs stand that no `details` speak of yet.
    logs: Vec<Bytes>,
    broken: Vec<wire::Error>,
}

/// The whole file.
pub fn write(trace: &Trace) -> String {
    let mut writer = Writer::default();
    let header = &trace.header;
    writer.push(&wire::Header {
        format: wire::FORMAT.to_owned(),
        version: wire::VERSION,
        scenario: header.scenario.clone(),
        seed: header.seed,
        clock: header.clock,
    });
    for stamped in &trace.events {
        writer.event(stamped.at, &stamped.event);
    }
    let end = trace.events.last().map_or(Time::ZERO, |last| last.at);
    writer.details(end, &[], &[]);
    writer.out
}

impl Writer {
    fn push(&mut self, line: &impl serde::Serialize) {
        // Writing into memory cannot fail, and no map here has keys other than texts.
        self.out.push_str(&serde_json::to_string(line).unwrap_or_default());
        self.out.push('\n');
    }

    fn event(&mut self, at: Time, event: &Event) {
        self.learn(event);
        match event {
            Event::Log { span, .. } => self.logs.push(bytes(*span)),
            Event::Expect { task, held: false, text, .. } => {
                let (kind, message, task) = (wire::EXPECTATION.into(), text.clone(), self.path(*task));
                self.broken.push(wire::Error { kind, message, task });
            }
            Event::RunEnd { errors, notes, .. } => self.details(at, errors, notes),
            _ => {}
        }
        let what = self.what(event);
        let task = task_of(event);
        let path = task.map(|task| self.path(task));
        let id = match (task, &path, event) {
            (Some(task), _, Event::TaskSpawn { .. }) => Some(task.0),
            (Some(task), Some(path), _) => self.names.extra(path, task),
            _ => None,
        };
        self.push(&Line { t_us: at.as_us(), task: path, what, id });
    }

    /// Keeps up with who is called what.
    fn learn(&mut self, event: &Event) {
        self.paths.hear(event);
        if let Event::TaskSpawn { task, .. } = event {
            if let Some(spelled) = self.spelled.get_mut(task.index()) {
                *spelled = None;
            }
            let path = self.path(*task);
            self.names.learn(path, *task);
        }
    }

    fn path(&mut self, task: TaskId) -> Rc<str> {
        // A damaged trace may hold any number; a whole one gives them in order.
        let orderly = task.index() <= self.spelled.len();
        if let Some(Some(path)) = self.spelled.get(task.index()) {
            return path.clone();
        }
        let path: Rc<str> = self.paths.task(task).into();
        if orderly {
            self.spelled.resize(self.spelled.len().max(task.index() + 1), None);
            if let Some(spelled) = self.spelled.get_mut(task.index()) {
                *spelled = Some(path.clone());
            }
        }
        path
    }

    fn task(&mut self, task: TaskId) -> wire::Task {
        let path = self.path(task);
        match self.names.extra(&path, task) {
            Some(id) => wire::Task::Id(id),
            None => wire::Task::Path(path),
        }
    }

    /// What does not fit into the fixed lines, if there is anything.
    fn details(&mut self, at: Time, leaves: &[Leaf], notes: &[String]) {
        let errors: Vec<wire::Detail> = leaves.iter().map(|leaf| self.detail(leaf)).collect();
        let logs = std::mem::take(&mut self.logs);
        if logs.is_empty() && errors.is_empty() && notes.is_empty() {
            return;
        }
        let what = What::Details { logs, errors, notes: notes.to_vec() };
        self.push(&Line { t_us: at.as_us(), task: None, what, id: None });
    }

    fn detail(&mut self, leaf: &Leaf) -> wire::Detail {
        let path = self.path(leaf.task);
        wire::Detail {
            error: leaf.error.0,
            at_us: leaf.at.as_us(),
            role: leaf.role,
            groups: leaf.groups.iter().map(|scope| scope.0).collect(),
            id: self.names.extra(&path, leaf.task),
        }
    }

    /// What a line says besides the instant and the task.
    fn what(&mut self, event: &Event) -> What {
        match event {
            Event::ScopeOpen { scope, kind, parent, name, span, .. } => What::ScopeOpen {
                scope: scope.0,
                kind: *kind,
                name: name.clone(),
                parent: parent.map(|scope| scope.0),
                span: bytes(*span),
            },
            Event::DeadlineSet { scope, at } => {
                What::DeadlineSet { scope: scope.0, at_us: at.map(Time::as_us) }
            }
            Event::ScopeClose { scope, result } => What::ScopeClose { scope: scope.0, result: *result },
            Event::TaskSpawn { by, scope, name, span, .. } => {
                let (by, scope) = (by.map(|by| self.task(by)), scope.map(|scope| scope.0));
                What::TaskSpawn { name: name.clone(), by, scope, span: bytes(*span) }
            }
            Event::TaskStart { .. } => What::TaskStart {},
            Event::WaitStart { on, span, .. } => What::WaitStart { on: self.wait(on), span: bytes(*span) },
            Event::WaitEnd { .. } => What::WaitEnd {},
            Event::WorkStart { span, .. } => What::WorkStart { span: bytes(*span) },
            Event::WorkEnd { .. } => What::WorkEnd {},
            Event::Cancel { target, reason, by } => self.cancel(*target, *reason, *by),
            Event::CleanupStart { .. } => What::CleanupStart {},
            Event::CleanupEnd { .. } => What::CleanupEnd {},
            Event::TaskEnd { result, .. } => What::TaskEnd { result: *result },
            Event::ResourceNew { resource, kind, name, capacity } => {
                let (name, capacity) = (name.clone(), *capacity);
                What::ResourceNew { resource: resource.0, kind: *kind, name, capacity }
            }
            Event::Acquire { resource, amount, .. } => {
                What::Acquire { resource: resource.0, amount: *amount }
            }
            Event::Release { resource, amount, .. } => {
                What::Release { resource: resource.0, amount: *amount }
            }
            Event::ErrorRaised { error, kind, message, span, .. } => {
                let (kind, message, span) = (kind.clone(), message.clone(), bytes(*span));
                What::ErrorRaised { error: error.0, kind, message, span }
            }
            Event::ErrorCaught { error, span, .. } => {
                What::ErrorCaught { error: error.0, span: bytes(*span) }
            }
            Event::Log { text, .. } => What::Log { text: text.clone() },
            Event::Mark { text, span, .. } => What::Mark { text: text.clone(), span: bytes(*span) },
            Event::Expect { held, text, span, .. } => {
                What::Expect { held: *held, text: text.clone(), span: bytes(*span) }
            }
            Event::RunEnd { outcome, errors, .. } => {
                let mut said: Vec<wire::Error> = errors.iter().map(|leaf| self.error(leaf)).collect();
                said.append(&mut self.broken);
                What::RunEnd { outcome: *outcome, errors: said }
            }
        }
    }

    fn cancel(&mut self, target: Target, reason: Reason, by: Option<TaskId>) -> What {
        let target = match target {
            Target::Task(task) => wire::Target::Task(self.task(task)),
            Target::Scope(scope) => wire::Target::Scope(scope.0),
        };
        What::Cancel { target, reason: self.reason(reason), by: by.map(|by| self.task(by)) }
    }

    fn error(&mut self, leaf: &Leaf) -> wire::Error {
        let task = self.path(leaf.task);
        wire::Error { kind: leaf.kind.clone(), message: leaf.message.clone(), task }
    }

    fn wait(&mut self, on: &Wait) -> wire::Wait {
        match on {
            Wait::Timer { until } => wire::Wait::TimerUs(until.as_us()),
            Wait::Task(task) => wire::Wait::Task(self.task(*task)),
            Wait::Children(scope) => wire::Wait::Children(scope.0),
            Wait::Resource { resource, ahead } => {
                wire::Wait::Resource { resource: resource.0, ahead: *ahead }
            }
            Wait::Fetch { url } => wire::Wait::Fetch(url.clone()),
            Wait::Worker { what } => wire::Wait::Worker(what.clone()),
            Wait::Other(what) => wire::Wait::Other(what.clone()),
        }
    }

    fn reason(&mut self, reason: Reason) -> wire::Reason {
        match reason {
            Reason::Explicit => wire::Reason::Explicit,
            Reason::Timeout(ScopeId(scope)) => wire::Reason::Timeout { scope },
            Reason::SiblingFailed(ScopeId(scope), task) => {
                wire::Reason::SiblingFailed { scope, task: self.task(task) }
            }
            Reason::BodyFailed(ScopeId(scope)) => wire::Reason::BodyFailed { scope },
            Reason::ScopeDropped(ScopeId(scope)) => wire::Reason::ScopeDropped { scope },
            Reason::ParentCancelled(task) => wire::Reason::ParentCancelled { task: self.task(task) },
            Reason::LostRace(ScopeId(scope), task) => wire::Reason::LostRace { scope, task: self.task(task) },
            Reason::Shutdown => wire::Reason::Shutdown,
            Reason::RunEnded => wire::Reason::RunEnded,
            Reason::GraceSpent(ScopeId(scope)) => wire::Reason::GraceSpent { scope },
        }
    }
}

/// Whose line it is.
fn task_of(event: &Event) -> Option<TaskId> {
    match event {
        Event::ScopeOpen { task, .. }
        | Event::TaskSpawn { task, .. }
        | Event::TaskStart { task }
        | Event::WaitStart { task, .. }
        | Event::WaitEnd { task }
        | Event::WorkStart { task, .. }
        | Event::WorkEnd { task }
        | Event::CleanupStart { task }
        | Event::CleanupEnd { task }
        | Event::TaskEnd { task, .. }
        | Event::Acquire { task, .. }
        | Event::Release { task, .. }
        | Event::ErrorRaised { task, .. }
        | Event::ErrorCaught { task, .. }
        | Event::Log { task, .. }
        | Event::Mark { task, .. }
        | Event::Expect { task, .. } => Some(*task),
        Event::DeadlineSet { .. }
        | Event::ScopeClose { .. }
        | Event::Cancel { .. }
        | Event::ResourceNew { .. }
        | Event::RunEnd { .. } => None,
    }
}

fn bytes(span: Option<Span>) -> Bytes {
    span.map(|span| (span.start, span.end))
}
