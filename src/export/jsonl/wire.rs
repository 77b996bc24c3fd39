//! The lines of a trace file, version 1, as they are written.
//!
//! These are types of their own, so that the file stays the same when the inner events change. Numbers name
//! scopes, resources and errors; tasks go by their paths.

use std::rc::Rc;

use serde::{Deserialize, Serialize};

use crate::event;
use crate::trace;

/// What the first line says the file is.
pub const FORMAT: &str = "taskscope-trace";
/// Rises when a reader of the last version would misread the file.
pub const VERSION: u32 = 1;

/// The first line.
#[derive(Serialize, Deserialize)]
pub struct Header {
    pub format: String,
    pub version: u32,
    pub scenario: String,
    pub seed: u64,
    #[serde(with = "Clock")]
    pub clock: trace::Clock,
}

/// What of the first line has to be understood before the rest of it.
#[derive(Deserialize)]
pub struct Preamble {
    pub format: String,
    pub version: u32,
}

/// Every other line.
#[derive(Serialize, Deserialize)]
pub struct Line {
    pub t_us: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub task: Option<Rc<str>>,
    #[serde(flatten)]
    pub what: What,
    /// The task's number: where it is spawned, and where its path says another number, because two tasks have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<u32>,
}

/// First and last byte.
pub type Bytes = Option<(u32, u32)>;

/// What happened.
///
/// `log`, `task_end` and `run_end` are fixed to the byte by the language, so that anything can compare them as
/// text. What the trace knows beyond that stands in `details`, the line before the end.
#[derive(Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum What {
    ScopeOpen {
        scope: u32,
        #[serde(with = "ScopeKind")]
        kind: event::ScopeKind,
        name: Rc<str>,
        parent: Option<u32>,
        span: Bytes,
    },
    DeadlineSet {
        scope: u32,
        at_us: Option<u64>,
    },
    ScopeClose {
        scope: u32,
        #[serde(with = "End")]
        result: event::End,
    },
    TaskSpawn {
        name: Rc<str>,
        by: Option<Task>,
        scope: Option<u32>,
        span: Bytes,
    },
    TaskStart {},
    WaitStart {
        on: Wait,
        span: Bytes,
    },
    WaitEnd {},
    WorkStart {
        span: Bytes,
    },
    WorkEnd {},
    Cancel {
        target: Target,
        reason: Reason,
        by: Option<Task>,
    },
    CleanupStart {},
    CleanupEnd {},
    TaskEnd {
        #[serde(with = "End")]
        result: event::End,
    },
    ResourceNew {
        resource: u32,
        #[serde(with = "ResourceKind")]
        kind: event::ResourceKind,
        name: Rc<str>,
        capacity: Option<u64>,
    },
    Acquire {
        resource: u32,
        amount: u64,
    },
    Release {
        resource: u32,
        amount: u64,
    },
    ErrorRaised {
        error: u32,
        kind: Rc<str>,
        message: Rc<str>,
        span: Bytes,
    },
    ErrorCaught {
        error: u32,
        span: Bytes,
    },
    Log {
        text: Rc<str>,
    },
    Mark {
        text: Rc<str>,
        span: Bytes,
    },
    Expect {
        held: bool,
        text: Rc<str>,
        span: Bytes,
    },
    Details {
        /// Where each `log` so far stands in the text.
        logs: Vec<Bytes>,
        /// More of each of the errors that left the root.
        errors: Vec<Detail>,
        /// Of a deadlock, who waits for what; of a limit, which one.
        notes: Vec<String>,
    },
    RunEnd {
        #[serde(with = "Outcome")]
        outcome: event::Outcome,
        /// What left the root, then the expectations that did not hold.
        errors: Vec<Error>,
    },
}

/// An error of a run that failed.
#[derive(Serialize, Deserialize)]
pub struct Error {
    pub kind: Rc<str>,
    pub message: Rc<str>,
    pub task: Rc<str>,
}

/// The kind of an [`Error`] that is an expectation that did not hold.
pub const EXPECTATION: &str = "ExpectationFailed";

/// What else is known of an [`Error`].
#[derive(Serialize, Deserialize)]
pub struct Detail {
    pub error: u32,
    pub at_us: u64,
    #[serde(with = "Role")]
    pub role: event::Role,
    /// The scopes it left, outermost first.
    pub groups: Vec<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<u32>,
}

/// A task: its path, or its number where the path would say another.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
pub enum Task {
    Path(Rc<str>),
    Id(u32),
}

/// What a task waits for.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Wait {
    TimerUs(u64),
    Task(Task),
    Children(u32),
    Resource { resource: u32, ahead: u32 },
    Fetch(Rc<str>),
    Worker(Rc<str>),
    Other(Rc<str>),
}

/// What is cancelled.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Target {
    Task(Task),
    Scope(u32),
}

/// Why.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    Explicit,
    Timeout { scope: u32 },
    SiblingFailed { scope: u32, task: Task },
    BodyFailed { scope: u32 },
    ScopeDropped { scope: u32 },
    ParentCancelled { task: Task },
    LostRace { scope: u32, task: Task },
    Shutdown,
    RunEnded,
    GraceSpent { scope: u32 },
}

/// The words of the file for the variants of an inner enum.
macro_rules! words {
    ($($name:ident of $inner:literal: $($variant:ident)*;)*) => {$(
        #[derive(Serialize, Deserialize)]
        #[serde(remote = $inner, rename_all = "snake_case")]
        pub enum $name { $($variant),* }
    )*};
}

words! {
    Clock of "trace::Clock": Virtual Live;
    End of "event::End": Ok Failed Cancelled;
    Outcome of "event::Outcome": Ok Failed Cancelled Deadlock Limit;
    Role of "event::Role": Cause Body DuringCancellation;
    ScopeKind of "event::ScopeKind": Scope Collect Race Gather Timeout Shield Retry;
    ResourceKind of "event::ResourceKind": Limiter RateLimiter Lock Event Condition Barrier Queue Pool Workers;
}
