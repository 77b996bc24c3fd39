//! What a scope knows, whatever its children borrow, and what it decides.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::task::{Context, Poll};

use crate::event::{End, Event, Reason, Role, ScopeKind, Target};
use crate::ids::TaskId;
use crate::runtime::errors::error::{Error, Result};
use crate::runtime::errors::group::{ErrorGroup, GroupEntry};
use crate::runtime::errors::raised::Raised;
use crate::runtime::executor::core::{Core, Turn};
use crate::runtime::executor::entry::TaskRef;
use crate::runtime::executor::tasks::Children;
use crate::runtime::executor::wake::Wakeup;
use crate::runtime::explain::cause::{About, Cause};

use super::block::Block;
use super::failures::Failures;

/// What a scope knows, whatever its children borrow.
pub(crate) struct ScopeCore {
    pub(crate) core: Rc<Core>,
    pub(crate) block: Rc<Block>,
    pub(crate) children: Cell<Children>,
    pub(crate) state: Cell<ScopeState>,
    /// In the run queue already.
    pub(crate) act_queued: Cell<bool>,
    pub(crate) failures: RefCell<Failures>,
    /// The child that decided a race.
    pub(crate) winner: Cell<Option<TaskId>>,
    pub(crate) first_ok: bool,
    /// Children that borrow and were cancelled: to be dropped by the scope's future.
    pub(crate) doomed: RefCell<Vec<(u32, TaskRef)>>,
    /// Its future is about to drop them: no turn needs to be asked for.
    pub(crate) burying: Cell<bool>,
    /// Turns that ended before they came to this scope; it asks for them again.
    pub(crate) missed: RefCell<Vec<Turn>>,
    /// Whose doing it is that the scope is cancelled, if it is some task's.
    pub(super) asked_by: Cell<Option<TaskId>>,
    /// What led to that.
    pub(super) cause: RefCell<Option<Rc<Cause>>>,
    /// How the scope's future was last polled: a combinator in between must hear that it has to poll again.
    pub(crate) polled_by: RefCell<Option<Wakeup>>,
    /// Waits for the last child of a scope whose future is gone.
    pub(crate) orphaned: Cell<bool>,
    pub(crate) orphan_waiter: RefCell<Option<Wakeup>>,
}

/// The life of a scope. `Open` → `Stopping` (a failure, a cancel, a won race) → `Closed`; or `Open` → `Closed`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ScopeState {
    /// Children may be spawned.
    Open,
    /// It was decided to cancel body and children; the scope's own turn will do it.
    Deciding(Reason),
    /// Body and children were cancelled; new children end without a poll.
    Stopping(Reason),
    /// Nothing of it is left.
    Closed,
}

impl ScopeCore {
    /// Decides to cancel everything inside, at the scope's next turn. The first reason is kept.
    pub(crate) fn decide(self: &Rc<Self>, reason: Reason, about: impl FnOnce() -> About) {
        if self.state.get() == ScopeState::Open {
            let _visit = self.core.visit();
            self.begin_stop(self.core.cause(reason, about()));
            self.core.push_act(self);
        }
    }

    pub(super) fn begin_stop(&self, cause: Rc<Cause>) {
        let reason = cause.reason;
        self.cause.replace(Some(cause));
        self.state.set(ScopeState::Deciding(reason));
        self.asked_by.set(match reason {
            Reason::SiblingFailed(_, task) | Reason::LostRace(_, task) => Some(task),
            _ => self.core.whose_turn(),
        });
    }

    /// Puts the turns that went past this scope into the run queue again.
    pub(crate) fn ask_for_missed(&self) {
        for turn in self.missed.take() {
            match turn {
                Turn::Poll(task) => self.core.wake(task),
                Turn::Act(scope) => self.core.push_act(&scope),
            }
        }
    }

    /// What led to the cancelling of what is inside, for which `reason` was given.
    pub(super) fn cause(&self, reason: Reason) -> Rc<Cause> {
        let known = self.cause.borrow().clone().filter(|cause| cause.reason == reason);
        known.unwrap_or_else(|| {
            let scope = Some(self.block.node.clone());
            let cause = self.core.cause(reason, About { scope, ..About::default() });
            self.cause.replace(Some(cause.clone()));
            cause
        })
    }

    /// Cancels all children now, in the order in which they were spawned.
    pub(crate) fn cancel_children(&self, reason: Reason) {
        if self.children.get().count == 0 {
            return;
        }
        let cause = self.cause(reason);
        let children = self.core.tasks.borrow().children(self);
        for child in children {
            self.core.strike(child, cause.clone());
        }
    }

    /// Says that everything inside is cancelled, once.
    pub(crate) fn announce_cancel(&self, reason: Reason) {
        let (target, by) = (Target::Scope(self.block.id), self.asked_by.get());
        self.core.emit(|| Event::Cancel { target, reason, by });
    }

    /// A child has ended without anything to tell but that.
    #[inline]
    pub(crate) fn child_ended_plainly(self: &Rc<Self>, child: TaskRef, end: End, quiet: bool) {
        if self.block.kind == ScopeKind::Race && !quiet {
            self.child_ended(child, end, Raised::None, end == End::Cancelled);
        } else {
            self.see_whether_over();
        }
    }

    /// A child has ended, cleanups and all.
    pub(crate) fn child_ended(self: &Rc<Self>, child: TaskRef, end: End, errors: Raised, cancelled: bool) {
        let role = if cancelled { Role::DuringCancellation } else { Role::Cause };
        let (id, task) = (self.block.id, child.id);
        let decides = self.state.get() == ScopeState::Open && !self.collects();
        let error =
            errors.as_slice().first().filter(|_| decides).and_then(|error| error.leaves().next().cloned());
        let about = || About { task: self.core.path(child), error, ..About::default() };
        let decided = self.winner.get().is_some();
        // Whoever lost a race before it was cancelled has lost its error too.
        if !(decided && role == Role::Cause) {
            errors.into_iter().for_each(|error| self.add_failure(role, error));
        }
        match (self.block.kind, end) {
            (ScopeKind::Race, End::Ok) if !decided => {
                self.winner.set(Some(task));
                self.failures.borrow_mut().forget_causes();
                self.decide(Reason::LostRace(id, task), about);
            }
            (ScopeKind::Race, End::Failed) if !decided && !self.first_ok => {
                self.winner.set(Some(task));
                self.decide(Reason::LostRace(id, task), about);
            }
            (ScopeKind::Scope, End::Failed) => self.decide(Reason::SiblingFailed(id, task), about),
            _ => {}
        }
        self.see_whether_over();
    }

    /// A child has ended, and that decided nothing more. One that is quiet belongs to whoever awaits it.
    #[inline]
    pub(crate) fn see_whether_over(self: &Rc<Self>) {
        if self.children.get().count == 0 {
            if self.orphaned.get() {
                let waiter = self.orphan_waiter.take();
                waiter.into_iter().for_each(|waiter| waiter.wake(&self.core));
            } else {
                self.core.push_act(self);
            }
        }
    }

    /// Keeps `error`, each leaf once.
    pub(crate) fn add_failure(&self, role: Role, error: Error) {
        self.failures.borrow_mut().add(role, error);
    }

    /// Keeps `error` no longer: it was given to somebody, who may raise it on.
    pub(crate) fn give_up(&self, error: &Error) {
        self.failures.borrow_mut().give_up(error);
    }

    /// Whether failures are only collected.
    pub(crate) fn collects(&self) -> bool {
        self.block.kind == ScopeKind::Collect
    }

    /// What a child that failed and whose cleanup failed too gives to whoever awaits it.
    pub(crate) fn group_of(&self, errors: &[Error]) -> Error {
        let entry = |(index, error): (usize, &Error)| GroupEntry {
            role: if index == 0 { Role::Cause } else { Role::DuringCancellation },
            error: error.clone(),
        };
        let entries = errors.iter().enumerate().map(entry).collect();
        Error::Group(ErrorGroup::new(self.block.id, self.block.node.clone(), entries))
    }

    /// The group of all errors so far, if there are any.
    pub(crate) fn take_group(&self) -> Option<ErrorGroup> {
        let entries = self.failures.take().into_entries();
        let node = &self.block.node;
        (!entries.is_empty()).then(|| ErrorGroup::new(self.block.id, node.clone(), entries))
    }

    /// What a cancelled scope without errors ends with.
    pub(crate) fn empty_group(&self, reason: Option<Reason>) -> ErrorGroup {
        ErrorGroup::cancelled_scope(self.block.id, self.block.node.clone(), reason)
    }

    /// Ready when no child is left, for a scope whose future is gone.
    pub(crate) fn poll_orphaned(self: &Rc<Self>, cx: &mut Context<'_>) -> Poll<()> {
        if self.children.get().count == 0 {
            return Poll::Ready(());
        }
        self.orphan_waiter.replace(Some(Wakeup::new(&self.core, cx)));
        Poll::Pending
    }

    /// The end of a scope whose future is gone; its errors go where its cleanups went.
    pub(crate) fn close_orphan(&self) -> Result<()> {
        match self.take_group() {
            Some(group) => {
                self.close(End::Failed);
                Err(Error::Group(group))
            }
            None => {
                self.close(End::Cancelled);
                Ok(())
            }
        }
    }

    /// The run itself is gone: nothing is said.
    pub(crate) fn close_silently(&self) {
        self.state.set(ScopeState::Closed);
    }

    pub(crate) fn close(&self, result: End) {
        self.state.set(ScopeState::Closed);
        self.core.emit(|| Event::ScopeClose { scope: self.block.id, result });
    }
}
