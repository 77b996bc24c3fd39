//! What tasks do, in a few words each.

use crate::event::{End, Event, Reason, Target};
use crate::trace::Paths;

/// The line that a story tells of `event`, if it tells of it at all.
pub(crate) fn line(event: &Event, paths: &Paths) -> Option<String> {
    Some(match event {
        Event::TaskStart { task } => format!("{} starts", paths.task(*task)),
        Event::TaskEnd { task, result } => {
            let how = match result {
                End::Ok => "ends",
                End::Failed => "fails",
                End::Cancelled => "is gone",
            };
            format!("{} {how}", paths.task(*task))
        }
        Event::Cancel { target, reason, .. } => {
            let what = match target {
                Target::Task(task) => paths.task(*task),
                Target::Scope(scope) => format!("all in {}", paths.scope(*scope)),
            };
            format!("{what} is cancelled: {}", because(*reason, paths))
        }
        Event::CleanupStart { task } => format!("{} cleans up", paths.task(*task)),
        Event::ErrorRaised { task, kind, message, .. } => match message.is_empty() {
            true => format!("{} raises {kind}", paths.task(*task)),
            false => format!("{} raises {kind}: {message}", paths.task(*task)),
        },
        Event::Log { text, .. } | Event::Mark { text, .. } => text.to_string(),
        _ => return None,
    })
}

fn because(reason: Reason, paths: &Paths) -> String {
    match reason {
        Reason::Explicit => "it was asked for".to_owned(),
        Reason::Timeout(_) => "its time was up".to_owned(),
        Reason::SiblingFailed(_, task) => format!("{} failed", paths.task(task)),
        Reason::BodyFailed(_) => "the body failed".to_owned(),
        Reason::ScopeDropped(_) => "its scope was left".to_owned(),
        Reason::ParentCancelled(task) => format!("{} was cancelled", paths.task(task)),
        Reason::LostRace(_, task) => format!("{} won", paths.task(task)),
        Reason::Shutdown => "the run was shut down".to_owned(),
        Reason::RunEnded => "the run is over".to_owned(),
        Reason::GraceSpent(_) => "its grace was spent".to_owned(),
    }
}
