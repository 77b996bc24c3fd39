//! Everything that can happen in a run, and the one way to watch it.
//!
//! The runtime and the interpreter say what happens as [`Event`]s; an
//! [`Observer`] hears each one at the instant at which it happens, in order.
//! Nothing here knows who speaks or who listens.

pub mod words;

use std::rc::Rc;

use crate::ids::{ErrorId, ResourceId, ScopeId, TaskId};
use crate::span::Span;
use crate::time::Time;

/// A name as it stands in a path. Shared, because many events carry it.
pub type Name = Rc<str>;

/// Hears every event of a run.
pub trait Observer {
    /// Called at once, in order. It must not call back into the runtime.
    fn on_event(&self, at: Time, event: &Event);
}

/// One thing that happened. The instant is said beside it.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// A block was entered by `task`. Its `name` is unique among what stands beside it: `#2` is already part of it.
    ScopeOpen {
        /// The block.
        scope: ScopeId,
        /// What it is.
        kind: ScopeKind,
        /// The task whose body entered it.
        task: TaskId,
        /// The block around it in the same task; for the first of a task, the scope the task was spawned into.
        parent: Option<ScopeId>,
        /// Its name in paths, number included.
        name: Name,
        /// Where it stands in the text.
        span: Option<Span>,
    },
    /// A deadline was set, moved, or (`None`) taken away.
    DeadlineSet {
        /// The timeout.
        scope: ScopeId,
        /// When it will fire.
        at: Option<Time>,
    },
    /// A block was left: no child and no cleanup of it is left.
    ScopeClose {
        /// The block.
        scope: ScopeId,
        /// How.
        result: End,
    },
    /// A task was made; it runs when its turn comes.
    TaskSpawn {
        /// The task.
        task: TaskId,
        /// Who spawned it. None for the root.
        by: Option<TaskId>,
        /// The scope that waits for it. None for the root, and for what is detached: its path is `detached/` and its name.
        scope: Option<ScopeId>,
        /// Its name in paths, number included.
        name: Name,
        /// Where it stands in the text.
        span: Option<Span>,
    },
    /// A task had its first turn.
    TaskStart {
        /// The task.
        task: TaskId,
    },
    /// A task began to wait.
    WaitStart {
        /// The task.
        task: TaskId,
        /// What it waits for.
        on: Wait,
        /// Where it waits in the text.
        span: Option<Span>,
    },
    /// A task's wait is over and it has its turn: what it waited for came, or it was cancelled.
    WaitEnd {
        /// The task.
        task: TaskId,
    },
    /// A task began to hold the loop: nothing else runs until [`Event::WorkEnd`].
    WorkStart {
        /// The task.
        task: TaskId,
        /// Where in the text.
        span: Option<Span>,
    },
    /// The task let go of the loop.
    WorkEnd {
        /// The task.
        task: TaskId,
    },
    /// Somebody or something asked for a cancellation.
    Cancel {
        /// What is cancelled, with everything inside.
        target: Target,
        /// Why.
        reason: Reason,
        /// Whose doing it is: the task that asked for it or failed, or in whose turn it came about.
        /// None: from outside, or a deadline's.
        by: Option<TaskId>,
    },
    /// A cancelled task, or one that left a block early, began to clean up.
    CleanupStart {
        /// The task.
        task: TaskId,
    },
    /// It is done with cleaning up.
    CleanupEnd {
        /// The task.
        task: TaskId,
    },
    /// A task ended; nothing of it is left.
    TaskEnd {
        /// The task.
        task: TaskId,
        /// How.
        result: End,
    },
    /// A limiter, lock, queue … came into being.
    ResourceNew {
        /// The resource.
        resource: ResourceId,
        /// What it is.
        kind: ResourceKind,
        /// What it is called.
        name: Name,
        /// How many it admits. None: unbounded.
        capacity: Option<u64>,
    },
    /// A task got hold of a resource.
    Acquire {
        /// The holder.
        task: TaskId,
        /// What it holds.
        resource: ResourceId,
        /// How much of it.
        amount: u64,
    },
    /// A task gave it back.
    Release {
        /// Who held it.
        task: TaskId,
        /// What.
        resource: ResourceId,
        /// How much of it.
        amount: u64,
    },
    /// An error came up for the first time.
    ErrorRaised {
        /// The error.
        error: ErrorId,
        /// Where it came up.
        task: TaskId,
        /// Its kind, `ValueError` for instance.
        kind: Name,
        /// Its message; may be empty.
        message: Rc<str>,
        /// Where in the text.
        span: Option<Span>,
    },
    /// A handler took an error.
    ErrorCaught {
        /// The error.
        error: ErrorId,
        /// The task whose handler took it.
        task: TaskId,
        /// Where the handler stands in the text.
        span: Option<Span>,
    },
    /// A line for the log.
    Log {
        /// Who logs.
        task: TaskId,
        /// The line.
        text: Rc<str>,
        /// Where in the text.
        span: Option<Span>,
    },
    /// A named instant.
    Mark {
        /// Who set it.
        task: TaskId,
        /// What it is called.
        text: Rc<str>,
        /// Where in the text.
        span: Option<Span>,
    },
    /// An expectation was checked.
    Expect {
        /// Whose. The root's for an expectation over the whole run.
        task: TaskId,
        /// Whether it held.
        held: bool,
        /// What was expected.
        text: Rc<str>,
        /// Where in the text.
        span: Option<Span>,
    },
    /// The run is over. Always the last event.
    RunEnd {
        /// How it ended.
        outcome: Outcome,
        /// The errors that left the root, in the order in which they were raised.
        errors: Vec<Leaf>,
        /// For a deadlock or a limit: what happened, a sentence each.
        notes: Vec<String>,
    },
}

/// How a task or block ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// With a value.
    Ok,
    /// With an error.
    Failed,
    /// It was cancelled.
    Cancelled,
}

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// No error left the root.
    Ok,
    /// An error left it, or an expectation failed.
    Failed,
    /// It was shut down from outside.
    Cancelled,
    /// Everyone waited for someone.
    Deadlock,
    /// A named limit was reached.
    Limit,
}

impl Outcome {
    /// As scenarios, the command line and files spell it.
    pub fn name(self) -> &'static str {
        match self {
            Outcome::Ok => "ok",
            Outcome::Failed => "failed",
            Outcome::Cancelled => "cancelled",
            Outcome::Deadlock => "deadlock",
            Outcome::Limit => "limit",
        }
    }
}

/// One error of a run that failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leaf {
    /// The number it was raised with.
    pub error: ErrorId,
    /// Its kind.
    pub kind: Name,
    /// Its message; may be empty.
    pub message: Rc<str>,
    /// The task in which it came up.
    pub task: TaskId,
    /// When it came up.
    pub at: Time,
    /// What part it played.
    pub role: Role,
    /// The scopes whose groups it stands in, outermost first.
    pub groups: Vec<ScopeId>,
}

/// What part an error played in the failure of its scope.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// A child failed of itself.
    Cause,
    /// The scope's own body failed.
    Body,
    /// It came up while the task was being cancelled.
    DuringCancellation,
}

/// What kind of block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScopeKind {
    /// Waits for its children; the first failure cancels the rest.
    Scope,
    /// Waits for its children; failures do not cancel the others.
    Collect,
    /// The first child to finish wins.
    Race,
    /// The legacy join.
    Gather,
    /// Cancels its block at a deadline.
    Timeout,
    /// Protects its block from outside.
    Shield,
    /// Tries its block again.
    Retry,
}

impl ScopeKind {
    /// Whether it can have children and so stands in their paths.
    pub fn has_children(self) -> bool {
        matches!(self, ScopeKind::Scope | ScopeKind::Collect | ScopeKind::Race | ScopeKind::Gather)
    }
}

/// What kind of shared thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ResourceKind {
    /// Admits so many holders.
    Limiter,
    /// Admits so many starts in a length of time.
    RateLimiter,
    /// Admits one holder.
    Lock,
    /// Wakes who waits for it.
    Event,
    /// Wakes some of those who wait for a change of what a lock guards.
    Condition,
    /// Lets go of so many at once.
    Barrier,
    /// Passes items on.
    Queue,
    /// Keeps connections.
    Pool,
    /// The workers for blocking work.
    Workers,
}

/// What a task waits for.
#[derive(Clone, Debug, PartialEq)]
pub enum Wait {
    /// An instant.
    Timer {
        /// Which.
        until: Time,
    },
    /// Another task's end.
    Task(TaskId),
    /// The end of all children of a scope.
    Children(ScopeId),
    /// A permit, lock, item, …
    Resource {
        /// Of what.
        resource: ResourceId,
        /// How many are served before it.
        ahead: u32,
    },
    /// An HTTP answer.
    Fetch {
        /// From where.
        url: Rc<str>,
    },
    /// Blocking work on a worker.
    Worker {
        /// What it computes.
        what: Rc<str>,
    },
    /// Something the runtime knows no more about.
    Other(Rc<str>),
}

/// What a cancellation is aimed at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// A task.
    Task(TaskId),
    /// A block's body and all children.
    Scope(ScopeId),
}

/// Why something was cancelled. With [`Event::Cancel`]'s target this gives the chain from the first cause.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// Somebody asked for it.
    Explicit,
    /// The deadline of this timeout came.
    Timeout(ScopeId),
    /// In this scope, this task failed.
    SiblingFailed(ScopeId, TaskId),
    /// The body of this scope failed.
    BodyFailed(ScopeId),
    /// The task that waits for this scope was cancelled or left it.
    ScopeDropped(ScopeId),
    /// This task was cancelled, and what is cancelled now ran inside it.
    ParentCancelled(TaskId),
    /// Another won the race.
    LostRace(ScopeId, TaskId),
    /// The run was asked to stop.
    Shutdown,
    /// The run's root has ended, and with it what was detached.
    RunEnded,
    /// The grace or budget of this block was spent.
    GraceSpent(ScopeId),
}
