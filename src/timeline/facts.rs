//! Who took part in a run, and what is known of each at its end.

use std::rc::Rc;

use crate::event::{End, Event, Name, Outcome, Reason, ResourceKind, ScopeKind, Target};
use crate::ids::{ErrorId, ResourceId, ScopeId, TaskId};
use crate::order;
use crate::span::Span;
use crate::time::Time;
use crate::trace::{Stamped, Trace};

/// The cast of a run: tasks, scopes, resources, errors, each sorted by number, and its cancellations in order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Facts {
    /// Every task.
    pub tasks: Vec<Task>,
    /// Every block.
    pub scopes: Vec<Scope>,
    /// Every limiter, lock, queue …
    pub resources: Vec<Resource>,
    /// Every error.
    pub errors: Vec<Raised>,
    /// Every cancellation, in the order in which they came.
    pub cancels: Vec<Cancelled>,
    /// The instant of the last event.
    pub end: Time,
    /// How the run ended; none while it goes on.
    pub outcome: Option<Outcome>,
}

/// What is known of a task.
#[derive(Clone, Debug, PartialEq)]
pub struct Task {
    /// Its number.
    pub id: TaskId,
    /// Its name.
    pub name: Name,
    /// Who spawned it.
    pub by: Option<TaskId>,
    /// The scope that waits for it.
    pub scope: Option<ScopeId>,
    /// Where it stands in the text.
    pub span: Option<Span>,
    /// When it was made.
    pub spawned: Time,
    /// When it had its first turn.
    pub started: Option<Time>,
    /// When and how it ended.
    pub ended: Option<(Time, End)>,
    /// The last error that came up in it.
    pub error: Option<ErrorId>,
    /// Its place among the spawns and openings of the run, to put siblings in order.
    pub order: u32,
}

/// What is known of a block.
#[derive(Clone, Debug, PartialEq)]
pub struct Scope {
    /// Its number.
    pub id: ScopeId,
    /// What it is.
    pub kind: ScopeKind,
    /// Its name.
    pub name: Name,
    /// The task that entered it.
    pub task: TaskId,
    /// The block around it.
    pub parent: Option<ScopeId>,
    /// Where it stands in the text.
    pub span: Option<Span>,
    /// When it was entered.
    pub opened: Time,
    /// When and how it was left.
    pub closed: Option<(Time, End)>,
    /// Its deadlines: when each was set, and to what.
    pub deadlines: Vec<(Time, Option<Time>)>,
    /// When its deadline struck.
    pub fired: Option<Time>,
    /// Its place among the spawns and openings of the run.
    pub order: u32,
}

/// What is known of a limiter, lock, queue …
#[derive(Clone, Debug, PartialEq)]
pub struct Resource {
    /// Its number.
    pub id: ResourceId,
    /// What it is.
    pub kind: ResourceKind,
    /// Its name.
    pub name: Name,
    /// How many it admits.
    pub capacity: Option<u64>,
}

/// An error that came up.
#[derive(Clone, Debug, PartialEq)]
pub struct Raised {
    /// Its number.
    pub id: ErrorId,
    /// Where it came up.
    pub task: TaskId,
    /// Its kind.
    pub kind: Name,
    /// Its message; may be empty.
    pub message: Rc<str>,
    /// Where in the text.
    pub span: Option<Span>,
    /// When.
    pub at: Time,
    /// When a handler took it, and whose.
    pub caught: Option<(Time, TaskId)>,
}

/// A cancellation that was asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct Cancelled {
    /// When.
    pub at: Time,
    /// What.
    pub target: Target,
    /// Why.
    pub reason: Reason,
    /// In whose turn.
    pub by: Option<TaskId>,
}

impl Raised {
    /// `Kind: message`, or the kind alone.
    pub fn title(&self) -> String {
        match self.message.is_empty() {
            true => self.kind.to_string(),
            false => format!("{}: {}", self.kind, self.message),
        }
    }
}

impl Scope {
    /// Whether it heads a group of lanes. The root's own scope has no name and needs no head: the root is it.
    pub fn groups(&self) -> bool {
        self.kind.has_children() && !self.name.is_empty()
    }

    /// The deadline that held last.
    pub fn deadline(&self) -> Option<Time> {
        self.deadlines.last().and_then(|(_, at)| *at)
    }
}

impl Facts {
    /// Reads a trace; what refers to numbers never given out is left aside.
    pub fn new(trace: &Trace) -> Facts {
        let mut facts =
            Facts { end: trace.events.last().map_or(Time::ZERO, |last| last.at), ..Facts::default() };
        facts.gather(&trace.events);
        // Numbers are given in order, so this moves nothing but for a damaged trace.
        order::by_key(&mut facts.tasks, |task| task.id);
        order::by_key(&mut facts.scopes, |scope| scope.id);
        order::by_key(&mut facts.resources, |resource| resource.id);
        order::by_key(&mut facts.errors, |error| error.id);
        for stamped in &trace.events {
            facts.learn(stamped.at, &stamped.event);
        }
        facts
    }

    /// The task with this number.
    pub fn task(&self, id: TaskId) -> Option<&Task> {
        self.tasks.get(place(&self.tasks, id.index(), |task| task.id.cmp(&id))?)
    }

    /// The block with this number.
    pub fn scope(&self, id: ScopeId) -> Option<&Scope> {
        self.scopes.get(place(&self.scopes, id.index(), |scope| scope.id.cmp(&id))?)
    }

    /// The resource with this number.
    pub fn resource(&self, id: ResourceId) -> Option<&Resource> {
        self.resources.get(place(&self.resources, id.index(), |resource| resource.id.cmp(&id))?)
    }

    /// The error with this number.
    pub fn error(&self, id: ErrorId) -> Option<&Raised> {
        self.errors.get(place(&self.errors, id.index(), |error| error.id.cmp(&id))?)
    }

    /// The name of a task, `?` if there is none.
    pub fn task_name(&self, id: TaskId) -> Name {
        self.task(id).map_or_else(|| "?".into(), |task| task.name.clone())
    }

    /// The name of a scope, `?` if there is none.
    pub fn scope_name(&self, id: ScopeId) -> Name {
        self.scope(id).map_or_else(|| "?".into(), |scope| scope.name.clone())
    }

    /// What stands around a block in its own task; none for the first of a task.
    pub fn around(&self, scope: &Scope) -> Option<&Scope> {
        scope.parent.and_then(|parent| self.scope(parent)).filter(|around| around.task == scope.task)
    }

    fn gather(&mut self, events: &[Stamped]) {
        for (number, Stamped { at, event }) in events.iter().enumerate() {
            let order = number as u32;
            match event.clone() {
                Event::TaskSpawn { task: id, by, scope, name, span } => self.tasks.push(Task {
                    id,
                    name,
                    by,
                    scope,
                    span,
                    spawned: *at,
                    started: None,
                    ended: None,
                    error: None,
                    order,
                }),
                Event::ScopeOpen { scope: id, kind, task, parent, name, span } => self.scopes.push(Scope {
                    id,
                    kind,
                    name,
                    task,
                    parent,
                    span,
                    opened: *at,
                    closed: None,
                    deadlines: Vec::new(),
                    fired: None,
                    order,
                }),
                Event::ResourceNew { resource: id, kind, name, capacity } => {
                    self.resources.push(Resource { id, kind, name, capacity })
                }
                Event::ErrorRaised { error: id, task, kind, message, span } => {
                    self.errors.push(Raised { id, task, kind, message, span, at: *at, caught: None })
                }
                _ => {}
            }
        }
    }

    fn learn(&mut self, at: Time, event: &Event) {
        match event {
            Event::TaskStart { task } => self.with_task(*task, |task| task.started = Some(at)),
            Event::TaskEnd { task, result } => self.with_task(*task, |task| task.ended = Some((at, *result))),
            Event::ErrorRaised { task, error, .. } => self.with_task(*task, |task| task.error = Some(*error)),
            Event::ErrorCaught { error, task, .. } => {
                let at_place = place(&self.errors, error.index(), |raised| raised.id.cmp(error));
                if let Some(raised) = at_place.and_then(|place| self.errors.get_mut(place)) {
                    raised.caught = Some((at, *task));
                }
            }
            Event::DeadlineSet { scope, at: deadline } => {
                self.with_scope(*scope, |scope| scope.deadlines.push((at, *deadline)))
            }
            Event::ScopeClose { scope, result } => {
                self.with_scope(*scope, |scope| scope.closed = Some((at, *result)))
            }
            Event::Cancel { target, reason, by } => {
                if let Reason::Timeout(scope) = reason {
                    self.with_scope(*scope, |scope| scope.fired = scope.fired.or(Some(at)));
                }
                self.cancels.push(Cancelled { at, target: *target, reason: *reason, by: *by });
            }
            Event::RunEnd { outcome, .. } => self.outcome = Some(*outcome),
            _ => {}
        }
    }

    fn with_task(&mut self, id: TaskId, change: impl FnOnce(&mut Task)) {
        let at = place(&self.tasks, id.index(), |task| task.id.cmp(&id));
        if let Some(task) = at.and_then(|at| self.tasks.get_mut(at)) {
            change(task);
        }
    }

    fn with_scope(&mut self, id: ScopeId, change: impl FnOnce(&mut Scope)) {
        let at = place(&self.scopes, id.index(), |scope| scope.id.cmp(&id));
        if let Some(scope) = at.and_then(|at| self.scopes.get_mut(at)) {
            change(scope);
        }
    }
}

/// Where an id stands in a sorted list: in a whole trace at its own number, in a cut one wherever it is.
fn place<T>(list: &[T], guess: usize, order: impl Fn(&T) -> std::cmp::Ordering) -> Option<usize> {
    match list.get(guess).map(&order) {
        Some(std::cmp::Ordering::Equal) => Some(guess),
        _ => list.binary_search_by(order).ok(),
    }
}
