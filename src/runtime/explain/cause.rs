//! What led to a cancellation: a chain that is made while the cancellation travels, and read when somebody asks.

use std::rc::Rc;

use crate::event::Reason;
use crate::event::words::{self, Names};
use crate::ids::{ScopeId, TaskId};
use crate::time::Time;

use crate::runtime::errors::leaf::Leaf;
use crate::runtime::executor::core::Core;
use crate::runtime::executor::entry::TaskRef;
use crate::runtime::scope::block::PathNode;
use crate::runtime::scope::task_path::TaskPath;

/// No longer chain is told: ten thousand nested scopes may be left at once.
const MAX_CHAIN: usize = 100;

/// One decision to cancel. Everything that it strikes shares it.
pub(crate) struct Cause {
    pub(crate) reason: Reason,
    at: Time,
    about: About,
    /// What this followed from, where a scope was left because its task or a block around it was cancelled.
    before: Option<Rc<Cause>>,
}

/// Whom and what the reason speaks of.
#[derive(Default)]
pub(crate) struct About {
    /// The scope whose body failed, or that was left.
    pub(crate) scope: Option<Rc<PathNode>>,
    /// The task that asked for it, failed or won.
    pub(crate) task: Option<TaskPath>,
    /// What it failed with.
    pub(crate) error: Option<Leaf>,
    /// The deadline that came.
    pub(crate) deadline: Option<Time>,
}

impl Core {
    /// A decision to cancel, as of now.
    pub(crate) fn cause(&self, reason: Reason, about: About) -> Rc<Cause> {
        let before = match reason {
            Reason::ScopeDropped(_) => self.what_strikes(),
            _ => None,
        };
        Rc::new(Cause { reason, at: self.now(), about, before })
    }

    /// The same where it is the doing of the task whose turn it is, if it is any's.
    pub(crate) fn cause_by_turn(&self, reason: Reason) -> Rc<Cause> {
        let task = self.whose_turn().and_then(|_| self.path(self.task()));
        self.cause(reason, About { task, ..About::default() })
    }

    /// Drops `what`, a part of the current task, because of `cause`.
    pub(crate) fn drop_struck<T>(&self, cause: Rc<Cause>, what: T) {
        let before = self.striking.replace(Some((self.task(), cause)));
        self.drop_cancelled(what);
        self.striking.replace(before);
    }

    /// Because of what something is being dropped in the current task; none if that is somebody's own doing.
    fn what_strikes(&self) -> Option<Rc<Cause>> {
        let task = self.task();
        let here = |(struck, cause): &(TaskRef, Rc<Cause>)| (*struck == task).then(|| cause.clone());
        let striking = self.striking.borrow().as_ref().and_then(here);
        striking.or_else(|| {
            let tasks = self.tasks.borrow();
            tasks.get(task).filter(|entry| entry.is_doomed()).and_then(|entry| entry.cancel.clone())
        })
    }
}

impl Cause {
    /// The chain as sentences: that `name` was cancelled, then what that followed from, up to the first cause.
    pub(crate) fn told(&self, name: String) -> Vec<String> {
        let (mut chain, mut name, mut cause) = (Vec::new(), name, self);
        while chain.len() < MAX_CHAIN {
            chain.push(words::cancelled(&name, cause.at, &words::because(cause, cause.reason, cause.by())));
            if let Some(error) = &cause.about.error {
                chain.push(failed(&cause.whoever_failed(), error));
            }
            let Some(before) = &cause.before else { break };
            name = cause.scope_name();
            cause = before;
        }
        chain
    }

    fn by(&self) -> Option<TaskId> {
        // Which one is never asked: a cause knows one task, and its name.
        self.about.task.as_ref().map(|_| TaskId::ROOT)
    }

    fn whoever_failed(&self) -> String {
        match (&self.about.scope, &self.about.task, &self.about.error) {
            (Some(scope), None, _) => format!("the body of {}", scope.path()),
            (_, Some(task), _) => task.path(),
            (None, None, Some(error)) => error.path(),
            (None, None, None) => String::new(),
        }
    }

    fn scope_name(&self) -> String {
        self.about.scope.as_ref().map_or_else(|| "a scope".to_owned(), |scope| scope.path())
    }
}

/// `main/prefs failed at 0.25 s: ValueError: prefs are corrupt`.
pub(crate) fn failed(who: &str, error: &Leaf) -> String {
    words::failed(who, error.at(), Some(&error.title()))
}

impl Names for Cause {
    fn task(&self, _: TaskId) -> String {
        self.whoever_failed()
    }

    fn scope(&self, _: ScopeId) -> String {
        match self.reason {
            Reason::Timeout(_) => TIMEOUT.to_owned(),
            _ => self.scope_name(),
        }
    }

    fn deadline(&self, _: ScopeId) -> Option<Time> {
        self.about.deadline
    }
}

/// What every timeout is called.
const TIMEOUT: &str = "timeout";

impl Drop for Cause {
    /// One after the other: ten thousand nested scopes must not nest ten thousand drops.
    fn drop(&mut self) {
        let mut next = self.before.take();
        while let Some(mut cause) = next.and_then(Rc::into_inner) {
            next = cause.before.take();
        }
    }
}
