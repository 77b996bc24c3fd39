//! The table of tasks: one entry for each that has not ended, and the list of each scope's children.

use std::collections::VecDeque;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;
use std::task::Waker;

use crate::event::{Reason, Wait};
use crate::ids::TaskId;

use super::wake::{Inbox, TaskWaker};
use crate::runtime::cancel::cleanup::Cleanup;
use crate::runtime::errors::error::Error;
use crate::runtime::errors::raised::Raised;
use crate::runtime::scope::block::PathNode;
use crate::runtime::scope::handle::ScopeCore;
use crate::runtime::scope::task::TaskState;

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

/// A task that has not ended.
pub(crate) struct Entry {
    pub(crate) id: TaskId,
    pub(crate) place: Place,
    /// The body, or once that is over the cleaning up. None while it is being
    /// polled, and for a body that is kept elsewhere.
    pub(crate) body: Option<Body<'static>>,
    /// Had its first turn.
    pub(crate) started: bool,
    /// Being polled: somewhere on the stack.
    pub(crate) polling: bool,
    /// The body is over, cleanups are left.
    pub(crate) cleaning: bool,
    /// Why it was cancelled; the first reason is kept.
    pub(crate) cancel: Option<Reason>,
    /// What it left to be cleaned up, innermost first.
    pub(crate) cleanups: VecDeque<Cleanup>,
    /// What it failed with: its body's error first, then those of its cleanups.
    pub(crate) errors: Raised,
    /// What it waits for, each wait with its number; several where a combinator waits.
    pub(crate) waits: Vec<(u64, Wait)>,
    /// Its place in paths, made when first needed.
    pub(crate) node: Option<Rc<PathNode>>,
    pub(crate) scope: Option<Rc<ScopeCore>>,
    pub(crate) state: Option<Rc<TaskState>>,
    pub(crate) waker: Arc<TaskWaker>,
    /// The same as a `Waker`; lent out while the body is being polled.
    pub(crate) handle: Waker,
    previous: u32,
    next: u32,
}

/// First and last of a scope's children, in the order in which they were spawned.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Children {
    first: u32,
    last: u32,
    pub(crate) count: u32,
}

impl Children {
    pub(crate) const fn none() -> Children {
        Children { first: NONE, last: NONE, count: 0 }
    }
}

/// All tasks of one executor.
#[derive(Default)]
pub(crate) struct Tasks {
    entries: Vec<Entry>,
    free: Vec<u32>,
    next_id: u32,
    live: usize,
}

/// What is known of a task when it is made.
pub(crate) struct NewTask {
    pub(crate) place: Place,
    pub(crate) body: Option<Body<'static>>,
    pub(crate) scope: Option<Rc<ScopeCore>>,
    pub(crate) state: Rc<TaskState>,
}

impl Tasks {
    pub(crate) fn get(&self, task: TaskRef) -> Option<&Entry> {
        self.entries.get(task.slot as usize).filter(|entry| entry.id == task.id && entry.state.is_some())
    }

    pub(crate) fn get_mut(&mut self, task: TaskRef) -> Option<&mut Entry> {
        let entry = self.entries.get_mut(task.slot as usize)?;
        (entry.id == task.id && entry.state.is_some()).then_some(entry)
    }

    /// Where the task with this number is.
    pub(crate) fn find(&self, id: TaskId) -> Option<TaskRef> {
        let slot = self.entries.iter().position(|entry| entry.id == id && entry.state.is_some())?;
        Some(TaskRef { slot: slot as u32, id })
    }

    /// Everything that holds a future, when the run itself is dropped.
    pub(crate) fn take_bodies(&mut self) -> Vec<(Option<Body<'static>>, VecDeque<Cleanup>)> {
        self.entries
            .iter_mut()
            .map(|entry| (entry.body.take(), std::mem::take(&mut entry.cleanups)))
            .collect()
    }

    /// Those that have not ended, by slot.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Entry> {
        self.entries.iter().filter(|entry| entry.state.is_some())
    }

    /// How many have not ended.
    pub(crate) fn live(&self) -> usize {
        self.live
    }

    /// Makes an entry, at the end of its scope's list.
    pub(crate) fn insert(&mut self, new: NewTask, inbox: &Arc<Inbox>) -> TaskRef {
        let id = TaskId(self.next_id);
        self.next_id += 1;
        self.live += 1;
        let slot = self.free.pop().unwrap_or(self.entries.len() as u32);
        let task = TaskRef { slot, id };
        let scope = new.scope.clone();
        match self.entries.get_mut(slot as usize) {
            Some(entry) => entry.reuse(task, new, inbox),
            None => self.entries.push(Entry::new(task, new, inbox)),
        }
        if let Some(scope) = scope {
            self.link(&scope, slot);
        }
        task
    }

    /// Takes out what an ended task leaves to be dropped or told. The caller drops it outside the table.
    pub(crate) fn remove(&mut self, task: TaskRef) -> Option<Ended> {
        let entry = self.get_mut(task)?;
        let state = entry.state.take()?;
        let errors = std::mem::take(&mut entry.errors);
        let scope = entry.scope.take();
        let ended = Ended { state, errors, scope, cancel: entry.cancel };
        entry.node = None;
        entry.waits.clear();
        let (previous, next) = (entry.previous, entry.next);
        if let Some(scope) = &ended.scope {
            self.unlink(scope, previous, next);
        }
        self.free.push(task.slot);
        self.live -= 1;
        Some(ended)
    }

    /// The children of `scope` that have not ended, in spawn order.
    pub(crate) fn children(&self, scope: &ScopeCore) -> Vec<TaskRef> {
        let mut found = Vec::with_capacity(scope.children.get().count as usize);
        let mut slot = scope.children.get().first;
        while let Some(entry) = self.entries.get(slot as usize) {
            found.push(TaskRef { slot, id: entry.id });
            slot = entry.next;
        }
        found
    }

    fn link(&mut self, scope: &ScopeCore, slot: u32) {
        let mut children = scope.children.get();
        self.entries[slot as usize].previous = children.last;
        match self.entries.get_mut(children.last as usize) {
            Some(last) => last.next = slot,
            None => children.first = slot,
        }
        children.last = slot;
        children.count += 1;
        scope.children.set(children);
    }

    fn unlink(&mut self, scope: &ScopeCore, previous: u32, next: u32) {
        let mut children = scope.children.get();
        match self.entries.get_mut(previous as usize) {
            Some(entry) => entry.next = next,
            None => children.first = next,
        }
        match self.entries.get_mut(next as usize) {
            Some(entry) => entry.previous = previous,
            None => children.last = previous,
        }
        children.count -= 1;
        scope.children.set(children);
    }
}

/// What is left of a task that ended.
pub(crate) struct Ended {
    pub(crate) state: Rc<TaskState>,
    pub(crate) errors: Raised,
    pub(crate) scope: Option<Rc<ScopeCore>>,
    pub(crate) cancel: Option<Reason>,
}

impl Entry {
    fn new(task: TaskRef, new: NewTask, inbox: &Arc<Inbox>) -> Entry {
        let waker = Arc::new(TaskWaker::new(task, inbox.clone()));
        let handle = Waker::from(waker.clone());
        Entry {
            id: task.id,
            place: new.place,
            body: new.body,
            started: false,
            polling: false,
            cleaning: false,
            cancel: None,
            cleanups: VecDeque::new(),
            errors: Raised::None,
            waits: Vec::new(),
            node: None,
            scope: new.scope,
            state: Some(new.state),
            waker,
            handle,
            previous: NONE,
            next: NONE,
        }
    }

    fn reuse(&mut self, task: TaskRef, new: NewTask, inbox: &Arc<Inbox>) {
        // Two owners: this entry's `waker` and its `handle`. Anybody else might
        // wake a task that has ended, which must not touch this one.
        if Arc::strong_count(&self.waker) > 2 {
            *self = Entry::new(task, new, inbox);
            return;
        }
        self.waker.renew(task.id);
        self.id = task.id;
        self.place = new.place;
        self.body = new.body;
        (self.started, self.polling, self.cleaning) = (false, false, false);
        self.cancel = None;
        self.scope = new.scope;
        self.state = Some(new.state);
        (self.previous, self.next) = (NONE, NONE);
    }
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use crate::host::sim::SimHost;
    use crate::runtime::executor::core::Core;
    use crate::runtime::{Run, block_on, scope};

    #[test]
    fn a_million_tasks_one_after_the_other_share_a_few_entries() {
        let run = Run::new(Rc::new(SimHost::new(0)), async {
            scope(async |s| {
                for number in 0..1_000_000_u32 {
                    let task = if number % 2 == 0 {
                        s.spawn(async move { Ok(number) })
                    } else {
                        s.spawn_owned(async move { Ok(number) })
                    };
                    task.await?;
                }
                Ok(())
            })
            .await?;
            let core = Core::expect_current("the test");
            let tasks = core.tasks.borrow();
            Ok((tasks.entries.len(), tasks.live()))
        });
        assert_eq!(block_on(run).unwrap(), (2, 1));
    }
}
