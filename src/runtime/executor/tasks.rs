//! The table of tasks, and the list of each scope's children.

use std::collections::VecDeque;
use std::rc::Rc;

use crate::event::End;
use crate::ids::TaskId;
use crate::runtime::cancel::cleanup::Cleanup;
use crate::runtime::errors::error::Error;
use crate::runtime::errors::raised::Raised;
use crate::runtime::explain::cause::Cause;
use crate::runtime::scope::state::ScopeCore;
use crate::runtime::scope::task_path::TaskPath;

use super::entry::{Body, Entry, NONE, NewTask, Rare, TaskRef};
use super::wake::Wakeup;

/// Entries in one chunk.
const CHUNK: usize = 128;

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

/// All tasks of one executor: those that have not ended, and those that a handle may ask about.
pub(crate) struct Tasks {
    /// In chunks, so that a table that grows moves nobody.
    chunks: Vec<Vec<Entry>>,
    /// The first free slot; each knows the next.
    free: u32,
    /// Slots there are, in use or free.
    slots: u32,
    next_id: u32,
    live: usize,
}

impl Default for Tasks {
    fn default() -> Tasks {
        Tasks { chunks: Vec::new(), free: NONE, slots: 0, next_id: 0, live: 0 }
    }
}

impl Tasks {
    /// A task that has not ended.
    pub(crate) fn get(&self, task: TaskRef) -> Option<&Entry> {
        self.known(task).filter(|entry| entry.end.is_none())
    }

    #[inline(always)]
    pub(crate) fn get_mut(&mut self, task: TaskRef) -> Option<&mut Entry> {
        self.known_mut(task).filter(|entry| entry.end.is_none())
    }

    /// A task, ended or not. One that has ended is there for its handles.
    pub(crate) fn known(&self, task: TaskRef) -> Option<&Entry> {
        self.slot(task.slot).filter(|entry| entry.id == task.id)
    }

    #[inline(always)]
    pub(crate) fn known_mut(&mut self, task: TaskRef) -> Option<&mut Entry> {
        self.slot_mut(task.slot).filter(|entry| entry.id == task.id)
    }

    fn slot(&self, slot: u32) -> Option<&Entry> {
        self.chunks.get(slot as usize / CHUNK)?.get(slot as usize % CHUNK)
    }

    #[inline(always)]
    fn slot_mut(&mut self, slot: u32) -> Option<&mut Entry> {
        self.chunks.get_mut(slot as usize / CHUNK)?.get_mut(slot as usize % CHUNK)
    }

    /// Where the task with this number is, unless it has ended.
    pub(crate) fn find(&self, id: TaskId) -> Option<TaskRef> {
        self.iter().map(|(task, _)| task).find(|task| task.id == id)
    }

    /// What the path of the task with this number is put together from, ended or not, unless its slot is another's by now.
    pub(crate) fn last_path(&self, id: TaskId) -> Option<TaskPath> {
        self.chunks.iter().flatten().find(|entry| entry.id == id).map(|entry| entry.path.clone())
    }

    /// Everything that holds a future or a scope, when the run itself is dropped. A scope holds its run: a ring
    /// that must be opened. The ends of tasks stay, for handles that are still about.
    pub(crate) fn take_contents(&mut self) -> Vec<Contents> {
        let contents = |entry: &mut Entry| {
            let cleanups = entry.rare_mut().map(|rare| std::mem::take(&mut rare.cleanups));
            (entry.body.take(), cleanups, entry.scope.take())
        };
        let left = |entry: &&mut Entry| entry.end.is_none() || entry.body.is_some();
        self.chunks.iter_mut().flatten().filter(left).map(contents).collect()
    }

    /// Those that have not ended, by slot.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (TaskRef, &Entry)> {
        let live = |(_, entry): &(u32, &Entry)| entry.end.is_none();
        let entries = (0..).zip(self.chunks.iter().flatten()).filter(live);
        entries.map(|(slot, entry)| (TaskRef { slot, id: entry.id }, entry))
    }

    /// How many have not ended.
    pub(crate) fn live(&self) -> usize {
        self.live
    }

    /// Makes an entry, at the end of its scope's list, with one handle.
    pub(crate) fn insert(&mut self, new: NewTask) -> TaskRef {
        let id = TaskId(self.next_id);
        self.next_id += 1;
        self.live += 1;
        let slot = if self.free == NONE { self.slots } else { self.free };
        let mut previous = NONE;
        if let Some(scope) = &new.scope {
            let mut children = scope.children.get();
            previous = children.last;
            match self.slot_mut(previous) {
                Some(last) => last.next = slot,
                None => children.first = slot,
            }
            children.last = slot;
            children.count += 1;
            scope.children.set(children);
        }
        if let Some(free) = self.slot_mut(slot) {
            let next = std::mem::replace(free, Entry::new(id, new, previous)).next;
            self.free = next;
        } else {
            self.chunk_with_room().push(Entry::new(id, new, previous));
            self.slots += 1;
        }
        TaskRef { slot, id }
    }

    fn chunk_with_room(&mut self) -> &mut Vec<Entry> {
        if (self.slots as usize).is_multiple_of(CHUNK) {
            self.chunks.push(Vec::with_capacity(CHUNK));
        }
        let last = self.chunks.len() - 1;
        &mut self.chunks[last]
    }

    /// The task has ended. Takes out what is to be told or dropped; the caller does that outside the table.
    pub(crate) fn end(&mut self, task: TaskRef, error: Option<Error>) -> Option<Ended> {
        let entry = self.get_mut(task)?;
        let (mut errors, joiners) = entry.take_rest();
        errors.extend(error);
        let cancelled = entry.cancel.is_some();
        let end = match (errors.is_empty(), cancelled) {
            (false, _) => End::Failed,
            (true, true) => End::Cancelled,
            (true, false) => End::Ok,
        };
        let leaving = self.leave(task, end)?;
        Some(Ended { leaving, end, errors, cancelled, joiners })
    }

    /// What most tasks come to: it has ended by itself, or was cancelled, and left nothing to be told but that. None for
    /// any other, of which nothing has changed then.
    #[inline]
    pub(crate) fn end_plain(&mut self, task: TaskRef, end: End) -> Option<Leaving> {
        let entry = self.get_mut(task).filter(|entry| entry.is_plain())?;
        if (end == End::Cancelled) != entry.cancel.is_some() {
            return None;
        }
        self.leave(task, end)
    }

    /// It has ended, and counts no more.
    #[inline]
    fn leave(&mut self, task: TaskRef, end: End) -> Option<Leaving> {
        let entry = self.get_mut(task)?;
        entry.polling = false;
        entry.end = Some(end);
        let kept = entry.handles > 0;
        let (previous, next) = (entry.previous, entry.next);
        let leaving = Leaving {
            quiet: entry.quiet,
            kept,
            joiner: entry.take_joiner(),
            scope: entry.scope.take(),
            _cause: if kept { None } else { entry.cancel.take() },
        };
        if let Some(scope) = &leaving.scope {
            self.unlink(scope, previous, next);
        }
        if !kept {
            self.let_go(task.slot);
        }
        self.live -= 1;
        Some(leaving)
    }

    /// There is one more handle.
    pub(crate) fn retain(&mut self, task: TaskRef) {
        if let Some(entry) = self.known_mut(task) {
            entry.handles += 1;
        }
    }

    /// There is one handle less. Gives back what an ended task leaves with its last; the caller drops it outside the table.
    #[inline]
    pub(crate) fn release(&mut self, task: TaskRef) -> Option<Left> {
        let entry = self.known_mut(task)?;
        entry.handles -= 1;
        if entry.handles > 0 || entry.end.is_none() {
            return None;
        }
        let nothing = entry.is_plain() && entry.cancel.is_none();
        if nothing {
            self.let_go(task.slot);
            return None;
        }
        self.release_last(task)
    }

    fn release_last(&mut self, task: TaskRef) -> Option<Left> {
        let entry = self.known_mut(task)?;
        let (rare, _cause) = (entry.take_rare(), entry.cancel.take());
        let unread = rare.as_deref().filter(|rare| entry.quiet && !rare.read);
        let unread = unread.and_then(|rare| Some((entry.path.clone(), rare.error.clone()?)));
        let unread = unread.map(Box::new);
        self.let_go(task.slot);
        Some(Left { unread, _rare: rare, _cause })
    }

    /// The slot is free.
    fn let_go(&mut self, slot: u32) {
        let next = std::mem::replace(&mut self.free, slot);
        if let Some(entry) = self.slot_mut(slot) {
            entry.next = next;
        }
    }

    /// The children of `scope` that have not ended, in spawn order.
    pub(crate) fn children(&self, scope: &ScopeCore) -> Vec<TaskRef> {
        let mut found = Vec::with_capacity(scope.children.get().count as usize);
        let mut slot = scope.children.get().first;
        while let Some(entry) = self.slot(slot) {
            found.push(TaskRef { slot, id: entry.id });
            slot = entry.next;
        }
        found
    }

    fn unlink(&mut self, scope: &ScopeCore, previous: u32, next: u32) {
        let mut children = scope.children.get();
        match self.slot_mut(previous) {
            Some(entry) => entry.next = next,
            None => children.first = next,
        }
        match self.slot_mut(next) {
            Some(entry) => entry.previous = previous,
            None => children.last = previous,
        }
        children.count -= 1;
        scope.children.set(children);
    }
}

/// What one entry held.
pub(crate) type Contents = (Option<Body<'static>>, Option<VecDeque<Cleanup>>, Option<Rc<ScopeCore>>);

/// What an ended task leaves with its last handle.
pub(crate) struct Left {
    /// The error that belongs to whoever awaits the task, if nobody did.
    pub(crate) unread: Option<Box<(TaskPath, Error)>>,
    _rare: Option<Box<Rare>>,
    _cause: Option<Rc<Cause>>,
}

/// What every task leaves when it has ended.
pub(crate) struct Leaving {
    pub(crate) quiet: bool,
    /// There are handles that may ask for its error.
    pub(crate) kept: bool,
    /// Who awaited it first.
    pub(crate) joiner: Option<TaskRef>,
    pub(crate) scope: Option<Rc<ScopeCore>>,
    /// Dropped outside the table, as everything that may be another's.
    _cause: Option<Rc<Cause>>,
}

/// What is left of a task that ended.
pub(crate) struct Ended {
    pub(crate) leaving: Leaving,
    pub(crate) end: End,
    /// What it failed with: its body's error first, then those of its cleanups.
    pub(crate) errors: Raised,
    pub(crate) cancelled: bool,
    /// Who else awaited it.
    pub(crate) joiners: Vec<(u32, Wakeup)>,
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
            Ok((tasks.slots, tasks.live()))
        });
        assert_eq!(block_on(run).unwrap(), (2, 1));
    }
}
