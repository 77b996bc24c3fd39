//! What went by without an error and is probably a mistake all the same.

use std::cell::{Cell, RefCell};
use std::fmt;
use std::rc::{Rc, Weak};

use crate::runtime::errors::error::Error;
use crate::runtime::executor::core::Core;
use crate::runtime::scope::task_path::TaskPath;

/// Something that a run left undone. None is an error, each is probably a mistake.
///
/// [`Run::on_lint`](crate::runtime::Run::on_lint) hears of each when it comes up,
/// [`Run::deny_lints`](crate::runtime::Run::deny_lints) lets a run fail over them, and
/// [`RunHandle::lints`](crate::runtime::RunHandle::lints) gives those that came up so far. Without any of these nobody
/// is told.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Lint {
    /// The run has ended, and a permit, lock or connection was not given back: it was forgotten, or carried out of the run.
    Kept {
        /// What it is one of: "limiter `api`".
        resource: String,
        /// The path of the task that acquired it.
        holder: String,
    },
    /// A queue was dropped with items inside: nobody took them.
    ItemsLeft {
        /// Which: "queue `jobs`".
        queue: String,
        /// How many.
        items: usize,
        /// Whether it was closed; a queue that is closed tells its takers when to stop.
        closed: bool,
    },
    /// A task failed whose error belongs to whoever awaits it, and nobody did: a detached one, or one of a `gather`.
    ErrorUnread {
        /// The path of the task.
        task: String,
        /// What it failed with, as one line.
        error: String,
    },
    /// The root has ended, and with it a detached task that had not.
    DetachedCut {
        /// The path of the task.
        task: String,
    },
}

impl Lint {
    pub(crate) fn unread(task: &TaskPath, error: &Error) -> Lint {
        Lint::ErrorUnread { task: task.path(), error: error.to_string() }
    }
}

impl fmt::Display for Lint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Lint::Kept { resource, holder } => {
                write!(f, "{resource} was never given back by {holder}")
            }
            Lint::ItemsLeft { queue, items, closed } => {
                let items = if *items == 1 { "1 item".to_owned() } else { format!("{items} items") };
                let state = if *closed { "closed" } else { "never closed" };
                write!(f, "{queue} was dropped with {items} inside; it was {state}")
            }
            Lint::ErrorUnread { task, error } => write!(f, "{task} failed, and nobody looked: {error}"),
            Lint::DetachedCut { task } => write!(f, "{task} was still running when the run ended"),
        }
    }
}

/// No more lints are kept; whoever listens hears of every one.
const MOST_KEPT: usize = 1_000;

/// Who listens.
type Listener = Rc<dyn Fn(&Lint)>;

/// The lints of one run.
pub(crate) struct Lints {
    /// Somebody may want to know. Looking costs a little, so that a release build does it only when asked.
    wanted: Cell<bool>,
    pub(crate) denied: Cell<bool>,
    listener: RefCell<Option<Listener>>,
    found: RefCell<Vec<Lint>>,
}

impl Default for Lints {
    fn default() -> Lints {
        Lints {
            wanted: Cell::new(cfg!(debug_assertions)),
            denied: Cell::new(false),
            listener: RefCell::default(),
            found: RefCell::default(),
        }
    }
}

impl Lints {
    pub(crate) fn listen(&self, listener: Listener) {
        self.wanted.set(true);
        self.listener.replace(Some(listener));
    }

    pub(crate) fn deny(&self) {
        self.wanted.set(true);
        self.denied.set(true);
    }

    /// Those that came up so far.
    pub(crate) fn found(&self) -> Vec<Lint> {
        self.found.borrow().clone()
    }
}

impl Core {
    /// Something was left undone; `lint` says what, if somebody wants to know. It runs code of the user's: no table may
    /// be borrowed.
    pub(crate) fn lint(&self, lint: impl FnOnce() -> Lint) {
        if !self.lints.wanted.get() || self.stopped.get() {
            return;
        }
        let lint = lint();
        let listener = self.lints.listener.borrow().clone();
        listener.iter().for_each(|listener| listener(&lint));
        let mut found = self.lints.found.borrow_mut();
        if found.len() < MOST_KEPT {
            found.push(lint);
        }
    }

    /// As [`Core::lint`], but for what a cancellation drops.
    pub(crate) fn lint_unless_dropping(&self, lint: impl FnOnce() -> Lint) {
        if !self.dropping.get() {
            self.lint(lint);
        }
    }

    /// The run has ended: what is held now was not given back.
    pub(crate) fn look_for_kept(&self) {
        if !self.lints.wanted.get() {
            return;
        }
        let known: Vec<_> = self.explainers.borrow().values().filter_map(Weak::upgrade).collect();
        for resource in known {
            for holder in resource.holders() {
                self.lint(|| Lint::Kept { resource: resource.title(), holder: self.last_path(holder) });
            }
        }
    }
}
