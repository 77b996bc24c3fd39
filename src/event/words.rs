//! How a cancellation and a failure are put into words: the same in a trace that is looked at and in a run that is asked.

use crate::ids::{ScopeId, TaskId};
use crate::time::Time;

use super::Reason;

/// What things are called by whoever speaks.
pub trait Names {
    /// A task.
    fn task(&self, task: TaskId) -> String;
    /// A scope, timeout, race …
    fn scope(&self, scope: ScopeId) -> String;
    /// When the deadline of this timeout came, if that is known.
    fn deadline(&self, scope: ScopeId) -> Option<Time>;
}

/// The reason of a cancellation as the end of a sentence: `because prefs failed`. `by`: whose doing it was.
pub fn because(names: &dyn Names, reason: Reason, by: Option<TaskId>) -> String {
    match (reason, by) {
        (Reason::Explicit, Some(by)) => format!("by {}", names.task(by)),
        (Reason::Explicit, None) => "from outside".to_owned(),
        (Reason::Timeout(scope), _) => {
            let timeout = names.scope(scope);
            match names.deadline(scope) {
                Some(at) => format!("because the deadline of {timeout} at {} came", at.readable()),
                None => format!("because the deadline of {timeout} came"),
            }
        }
        (Reason::SiblingFailed(_, task), _) => format!("because {} failed", names.task(task)),
        (Reason::BodyFailed(scope), _) => format!("because the body of {} failed", names.scope(scope)),
        (Reason::ScopeDropped(scope), _) => format!("because {} was left", names.scope(scope)),
        (Reason::ParentCancelled(task), _) => format!("because {} was cancelled", names.task(task)),
        (Reason::LostRace(_, task), _) => format!("because {} won the race", names.task(task)),
        (Reason::Shutdown, _) => "because the run was asked to stop".to_owned(),
        (Reason::RunEnded, _) => "because the run ended, and nothing waited for it".to_owned(),
        (Reason::GraceSpent(scope), _) => {
            format!("because the time to clean up in {} was spent", names.scope(scope))
        }
    }
}

/// `orders was cancelled at 0.25 s because prefs failed`.
pub fn cancelled(name: &str, at: Time, because: &str) -> String {
    format!("{name} was cancelled at {} {because}", at.readable())
}

/// `prefs failed at 0.25 s: ValueError: prefs are corrupt`; without an error, that it failed.
pub fn failed(name: &str, at: Time, error: Option<&str>) -> String {
    match error {
        Some(error) => format!("{name} failed at {}: {error}", at.readable()),
        None => format!("{name} failed at {}", at.readable()),
    }
}
