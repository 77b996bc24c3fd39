//! Why a task gave no value to whoever awaited it.

use std::error::Error as StdError;
use std::fmt;

use crate::event::{Name, Reason};

use super::error::Error;

/// Why a task gave no value to whoever awaited it.
#[derive(Clone, Debug)]
pub enum TaskError {
    /// It failed.
    Failed(Error),
    /// It was cancelled.
    Cancelled {
        /// The path of the task.
        path: Name,
        /// Why.
        reason: Reason,
    },
    /// Its value was taken before.
    Taken,
}

impl fmt::Display for TaskError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            TaskError::Failed(error) => write!(f, "{error}"),
            TaskError::Cancelled { path, .. } => write!(f, "task {path} was cancelled"),
            TaskError::Taken => write!(f, "the task's value was taken before"),
        }
    }
}

impl StdError for TaskError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match self {
            TaskError::Failed(error) => error.source(),
            TaskError::Cancelled { .. } | TaskError::Taken => None,
        }
    }
}
