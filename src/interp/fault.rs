//! Errors as a scenario knows them: a kind and a message.

use std::error::Error as StdError;
use std::fmt;
use std::rc::Rc;

use crate::event::Name;
use crate::runtime::{Elapsed, Error, Kinded, Leaf, Length, TaskError};

/// The error kinds that the runtime itself raises.
pub mod kind {
    #![allow(missing_docs)]
    pub const TIMEOUT: &str = "Timeout";
    pub const TASK_CANCELLED: &str = "TaskCancelled";
    pub const HTTP_ERROR: &str = "HttpError";
    pub const QUERY_ERROR: &str = "QueryError";
    pub const QUEUE_CLOSED: &str = "QueueClosed";
    pub const QUEUE_ERROR: &str = "QueueError";
    pub const INDEX_ERROR: &str = "IndexError";
    pub const ZERO_DIVISION: &str = "ZeroDivision";
    pub const OVERFLOW: &str = "Overflow";
    pub const TYPE_ERROR: &str = "TypeError";
    pub const VALUE_ERROR: &str = "ValueError";
    pub const WORKER_CRASHED: &str = "WorkerCrashed";
}

/// An error of a scenario: what `fail Kind "message"` raises.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// `ValueError`, for instance.
    pub kind: Name,
    /// May be empty.
    pub message: Rc<str>,
}

impl Fault {
    /// A fault that is not raised yet.
    pub fn new(kind: &str, message: impl Into<Rc<str>>) -> Fault {
        Fault { kind: kind.into(), message: message.into() }
    }

    /// Raises it in the current task.
    pub fn raise(self) -> Error {
        Error::raise(self)
    }

    /// What a timeout raises.
    pub fn timeout(elapsed: &Elapsed) -> Option<Fault> {
        let length = elapsed.length?;
        Some(Fault::new(kind::TIMEOUT, format!("timed out after {}", Length(length))))
    }

    /// What awaiting a task raises that has no value: its own error, which counts once, or that it was cancelled.
    pub fn of_task(error: TaskError) -> Error {
        match error {
            TaskError::Failed(error) => error,
            TaskError::Cancelled { .. } | TaskError::Taken => {
                Fault::new(kind::TASK_CANCELLED, error.to_string()).raise()
            }
        }
    }

    /// Kind and message of a leaf.
    pub fn of(leaf: &Leaf) -> Fault {
        match leaf.downcast_ref::<Fault>() {
            Some(fault) => fault.clone(),
            None => Fault { kind: leaf.kind().into(), message: leaf.message().into() },
        }
    }

    /// An error or group as `str` prints it: the leaves in tree order, joined by `; `.
    pub fn describe(error: &Error) -> String {
        error.leaves().map(|leaf| Fault::of(leaf).to_string()).collect::<Vec<_>>().join("; ")
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.message.is_empty() {
            true => f.write_str(&self.kind),
            false => write!(f, "{}: {}", self.kind, self.message),
        }
    }
}

impl StdError for Fault {}

impl Kinded for Fault {
    fn kind(&self) -> &str {
        &self.kind
    }

    fn message(&self) -> String {
        self.message.to_string()
    }
}
