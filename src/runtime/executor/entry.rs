//! One task as the executor knows it.
//!
//! An entry is small, because a million tasks may wait at once: what few tasks
//! need is kept apart, in [`Rare`], and made when it is first needed.

use std::collections::VecDeque;
use std::future::Future;
use std::pin::Pin;
use std::rc::{Rc, Weak};
use std::task::Waker;

use crate::event::End;
use crate::ids::TaskId;
use crate::runtime::cancel::cleanup::Cleanup;
use crate::runtime::errors::error::Error;
use crate::runtime::errors::raised::Raised;
use crate::runtime::explain::cause::Cause;
use crate::runtime::explain::wait::Waited;
use crate::runtime::scope::block::PathNode;
use crate::runtime::scope::state::ScopeCore;
use crate::runtime::scope::task_path::TaskPath;

use super::wake::Wakeup;

/// A task's body with its result stored away: only the error is left to report.
pub(crate) type Body<'env> = Pin<Box<dyn Future<Output = Result<(), Error>> + 'env>>;

/// Where a task is in the table. The number tells a task from a later one in the same slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TaskRef {
    pub(crate) slot: u32,
    pub(crate) id: TaskId,
}

/// No slot: the end of a list.
pub(crate) const NONE: u32 = u32::MAX;

/// What the first who awaits a task is known by; numbers are given to the others.
pub(crate) const FIRST: u32 = 0;

/// Where a task's body is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// In the table.
    Owned,
    /// In the future of the scope it was spawned into, because it borrows: under this index.
    Borrowed(u32),
    /// In the future that the caller of the executor polls: the root.
    Root,
}

/// What is known of a task when it is made.
pub(crate) struct NewTask {
    pub(crate) place: Place,
    pub(crate) body: Option<Body<'static>>,
    pub(crate) scope: Option<Rc<ScopeCore>>,
    pub(crate) path: TaskPath,
    /// Its error does not fail its scope: it belongs to whoever awaits it.
    pub(crate) quiet: bool,
    /// The caller puts it into the run queue.
    pub(crate) queued: bool,
}

/// A task: until it has ended, and then as long as there are handles.
pub(crate) struct Entry {
    pub(crate) id: TaskId,
    pub(crate) place: Place,
    /// In the run queue already: a second wake-up adds nothing.
    pub(crate) queued: bool,
    /// Had its first turn.
    pub(crate) started: bool,
    /// Being polled: somewhere on the stack.
    pub(crate) polling: bool,
    /// The body is over, cleanups are left.
    pub(crate) cleaning: bool,
    /// Its error does not fail its scope.
    pub(crate) quiet: bool,
    /// How it ended, cleanups and all.
    pub(crate) end: Option<End>,
    /// Handles that may ask for its end. The slot is free when it has ended and none is left.
    pub(crate) handles: u32,
    pub(super) previous: u32,
    pub(super) next: u32,
    /// Why it was cancelled; the first reason is kept.
    pub(crate) cancel: Option<Rc<Cause>>,
    /// The body, or once that is over the cleaning up. None while it is being
    /// polled, and for a body that is kept elsewhere.
    pub(crate) body: Option<Body<'static>>,
    /// None once it has ended.
    pub(crate) scope: Option<Rc<ScopeCore>>,
    pub(crate) path: TaskPath,
    /// What it waits for, if that is one thing; others are with the rare.
    wait: Option<Waited>,
    /// The first task that awaits its end; others, and combinators, are with the rare.
    joiner: Option<TaskRef>,
    rare: Option<Box<Rare>>,
}

/// What few tasks need.
#[derive(Default)]
pub(crate) struct Rare {
    /// What it left to be cleaned up, innermost first.
    pub(crate) cleanups: VecDeque<Cleanup>,
    /// What it failed with: its body's error first, then those of its cleanups.
    pub(crate) errors: Raised,
    /// Once it has ended: its error, for those who await it.
    pub(crate) error: Option<Error>,
    /// Somebody was given that.
    pub(crate) read: bool,
    /// The scope that keeps its error until somebody is given it.
    pub(crate) keeper: Weak<ScopeCore>,
    /// Further waits, where a combinator waits for several things.
    waits: Vec<Waited>,
    /// Who else awaits its end.
    joiners: Vec<(u32, Wakeup)>,
    /// A waker of its own, once somebody kept one; lent out while it is polled.
    waker: Option<Waker>,
    /// Its place in paths, made when first needed.
    pub(crate) node: Option<Rc<PathNode>>,
}

impl Entry {
    #[inline]
    pub(super) fn new(id: TaskId, new: NewTask, previous: u32) -> Entry {
        Entry {
            id,
            place: new.place,
            queued: new.queued,
            started: false,
            polling: false,
            cleaning: false,
            quiet: new.quiet,
            end: None,
            handles: 1,
            previous,
            next: NONE,
            cancel: None,
            body: new.body,
            scope: new.scope,
            path: new.path,
            wait: None,
            joiner: None,
            rare: None,
        }
    }

    /// What few tasks have; made if it is not there.
    pub(crate) fn rare(&mut self) -> &mut Rare {
        self.rare.get_or_insert_default()
    }

    /// What few tasks have, if this one has it.
    pub(crate) fn known_rare(&self) -> Option<&Rare> {
        self.rare.as_deref()
    }

    pub(crate) fn rare_mut(&mut self) -> Option<&mut Rare> {
        self.rare.as_deref_mut()
    }

    pub(super) fn take_rare(&mut self) -> Option<Box<Rare>> {
        self.rare.take()
    }

    /// It has nothing of what few tasks have.
    pub(super) fn is_plain(&self) -> bool {
        self.rare.is_none()
    }

    /// Cancelled, and its body is not gone yet.
    pub(crate) fn is_doomed(&self) -> bool {
        self.cancel.is_some() && !self.cleaning
    }

    /// It has its turn. Gives out its own waker, if it has one, and says whether the turn is its first. None if it was
    /// cancelled: then its body is to be dropped.
    #[inline(always)]
    pub(super) fn begin_turn(&mut self) -> Option<(Option<Waker>, bool)> {
        if self.is_doomed() {
            return None;
        }
        self.polling = true;
        let own = self.rare.as_mut().and_then(|rare| rare.waker.take());
        Some((own, !std::mem::replace(&mut self.started, true)))
    }

    /// Its turn is over, and it waits.
    #[inline(always)]
    pub(super) fn end_turn(&mut self, own: Option<Waker>) {
        self.polling = false;
        if own.is_some() {
            self.rare().waker = own;
        }
    }

    pub(crate) fn has_cleanups(&self) -> bool {
        self.rare.as_ref().is_some_and(|rare| !rare.cleanups.is_empty())
    }

    /// Its place in paths.
    pub(crate) fn node(&mut self) -> Rc<PathNode> {
        if let Some(node) = self.rare.as_ref().and_then(|rare| rare.node.clone()) {
            return node;
        }
        let node = self.path.node();
        self.rare().node = Some(node.clone());
        node
    }

    // Waits.

    /// What it waits for; several where a combinator waits.
    pub(crate) fn waits(&self) -> impl Iterator<Item = &Waited> {
        let further = self.rare.as_ref().map(|rare| &rare.waits[..]).unwrap_or_default();
        self.wait.iter().chain(further)
    }

    fn is_waiting(&self) -> bool {
        self.wait.is_some() || self.rare.as_ref().is_some_and(|rare| !rare.waits.is_empty())
    }

    /// Adds a wait; says whether it is the only one.
    pub(crate) fn begin_wait(&mut self, wait: Waited) -> bool {
        let only = !self.is_waiting();
        match only {
            true => self.wait = Some(wait),
            false => self.rare().waits.push(wait),
        }
        only
    }

    /// Takes a wait back; says whether none is left, and gives back what is to be dropped outside the table.
    pub(crate) fn end_wait(&mut self, number: u32) -> (bool, Option<Waited>) {
        let mut ended = self.wait.take_if(|wait| wait.number == number);
        if ended.is_none()
            && let Some(rare) = &mut self.rare
            && let Some(at) = rare.waits.iter().position(|wait| wait.number == number)
        {
            ended = Some(rare.waits.remove(at));
        }
        (ended.is_some() && !self.is_waiting(), ended)
    }

    // Those who await it.

    /// Adds somebody who awaits its end, and gives what they are known by.
    pub(crate) fn add_joiner(&mut self, number: impl FnOnce() -> u32, wakeup: Wakeup) -> u32 {
        let others = self.rare.as_ref().is_some_and(|rare| !rare.joiners.is_empty());
        if let Wakeup::Task(task) = wakeup
            && self.joiner.is_none()
            && !others
        {
            self.joiner = Some(task);
            return FIRST;
        }
        let number = number();
        self.rare().joiners.push((number, wakeup));
        number
    }

    /// Whoever awaits it under this number is woken by `wakeup` from now on, and is known by what is returned. Gives
    /// back whom it was before, to be dropped outside the table.
    pub(crate) fn update_joiner(
        &mut self,
        known: u32,
        number: impl FnOnce() -> u32,
        wakeup: Wakeup,
    ) -> (u32, Option<Wakeup>) {
        if known == FIRST {
            self.joiner = None;
            return (self.add_joiner(number, wakeup), None);
        }
        let joiners = &mut self.rare().joiners;
        let found = joiners.iter_mut().find(|(number, _)| *number == known);
        (known, found.map(|(_, found)| std::mem::replace(found, wakeup)))
    }

    pub(crate) fn remove_joiner(&mut self, number: u32) {
        if number == FIRST {
            self.joiner = None;
        } else if let Some(rare) = &mut self.rare {
            rare.joiners.retain(|(known, _)| *known != number);
        }
    }

    pub(super) fn take_joiner(&mut self) -> Option<TaskRef> {
        self.joiner.take()
    }

    /// What few tasks have to tell at their end: errors, and who else awaits it.
    pub(super) fn take_rest(&mut self) -> (Raised, Vec<(u32, Wakeup)>) {
        match &mut self.rare {
            Some(rare) => (std::mem::take(&mut rare.errors), std::mem::take(&mut rare.joiners)),
            None => (Raised::None, Vec::new()),
        }
    }
}
