//! Cancelling: a task's future is dropped where it waits, at once and with everything inside.
//!
//! A drop may cancel further tasks, those of the scopes that are dropped with
//! it. These go through a list, not through recursion: ten thousand nested
//! scopes end on a flat stack.

use std::rc::Rc;

use crate::event::{End, Event, Reason, Target};

use super::cleanup::{Cleanup, Cleanups, Drain};
use crate::runtime::errors::error::Result;
use crate::runtime::errors::raised::Raised;
use crate::runtime::executor::core::Core;
use crate::runtime::executor::tasks::{Body, Place, TaskRef};

impl Core {
    /// Cancels `task`; false if it has ended or was cancelled before.
    pub(crate) fn cancel(self: &Rc<Self>, task: TaskRef, reason: Reason) -> bool {
        let _visit = self.visit();
        {
            let mut tasks = self.tasks.borrow_mut();
            let Some(entry) = tasks.get_mut(task) else { return false };
            if entry.cancel.is_some() || entry.cleaning {
                return false;
            }
            entry.cancel = Some(reason);
        }
        let by = self.whose_turn().filter(|_| !matches!(reason, Reason::Shutdown | Reason::RunEnded));
        self.emit(|| Event::Cancel { target: Target::Task(task.id), reason, by });
        self.cancels.borrow_mut().push_back(task);
        self.work_off_cancels();
        true
    }

    fn work_off_cancels(self: &Rc<Self>) {
        if self.cancelling.replace(true) {
            return;
        }
        loop {
            let next = self.cancels.borrow_mut().pop_front();
            let Some(task) = next else { break };
            self.drop_body(task);
        }
        self.cancelling.set(false);
    }

    /// Drops the body of a cancelled task, if it can be reached from here. One
    /// that is being polled is dropped when the poll is over; one that borrows, by its scope.
    fn drop_body(self: &Rc<Self>, task: TaskRef) {
        let (body, place, handle) = {
            let mut tasks = self.tasks.borrow_mut();
            let Some(entry) = tasks.get_mut(task) else { return };
            if entry.polling || entry.cleaning {
                return;
            }
            (entry.body.take(), entry.place, entry.handle.clone())
        };
        match place {
            Place::Owned => {
                let entered = self.enter_task(task, &handle);
                self.drop_cancelled(body);
                drop(entered);
                self.body_cancelled(task);
            }
            Place::Borrowed(index) => {
                let scope = self.tasks.borrow().get(task).and_then(|entry| entry.scope.clone());
                if let Some(scope) = scope.filter(|scope| !scope.orphaned.get()) {
                    let first = scope.doomed.borrow().is_empty();
                    scope.doomed.borrow_mut().push((index, task));
                    if first && !scope.burying.get() {
                        self.act_next(&scope);
                    }
                }
            }
            Place::Root => self.wake_next(task),
        }
    }

    /// Drops `what` as cancelling does: guards inside hand over their cleanups, in order.
    pub(crate) fn drop_cancelled<T>(&self, what: T) {
        let before = self.dropping.replace(true);
        drop(what);
        self.dropping.set(before);
    }

    /// The body of a cancelled task is gone: it ends now, or cleans up first.
    pub(crate) fn body_cancelled(self: &Rc<Self>, task: TaskRef) {
        self.body_gone(task, Ok(()));
    }

    /// A task's body came to its end by itself. A cancellation during its last
    /// turn came too late: nothing was left to be dropped.
    pub(crate) fn body_over(self: &Rc<Self>, task: TaskRef, result: Result<()>) {
        if let Some(entry) = self.tasks.borrow_mut().get_mut(task) {
            entry.cancel = None;
        }
        self.body_gone(task, result);
    }

    fn body_gone(self: &Rc<Self>, task: TaskRef, result: Result<()>) {
        let clean = {
            let mut tasks = self.tasks.borrow_mut();
            let Some(entry) = tasks.get_mut(task) else { return };
            entry.errors.extend(result.err());
            entry.body = None;
            entry.polling = false;
            let clean = !entry.cleanups.is_empty();
            if clean {
                entry.cleaning = true;
                entry.place = Place::Owned;
                entry.body = Some(clean_up(self.clone(), task));
            }
            clean
        };
        if clean {
            self.emit(|| Event::CleanupStart { task: task.id });
            self.wake(task);
        } else {
            self.end_task(task);
        }
    }

    /// The cleanups of a task are done.
    pub(crate) fn cleanups_over(self: &Rc<Self>, task: TaskRef) {
        self.emit(|| Event::CleanupEnd { task: task.id });
        self.end_task(task);
    }

    fn end_task(self: &Rc<Self>, task: TaskRef) {
        let ended = self.tasks.borrow_mut().remove(task);
        let Some(ended) = ended else { return };
        let end = match (ended.errors.is_empty(), ended.cancel) {
            (false, _) => End::Failed,
            (true, Some(_)) => End::Cancelled,
            (true, None) => End::Ok,
        };
        self.emit(|| Event::TaskEnd { task: task.id, result: end });
        let error = match ended.errors.as_slice() {
            [] => None,
            [error] => Some(error.clone()),
            errors => ended.scope.as_ref().map(|scope| scope.group_of(errors)),
        };
        // An awaiting task is woken before the scope: it has the error first.
        let quiet = ended.state.quiet.get();
        let was_cancelled = ended.cancel.is_some();
        ended.state.settle(self, end, error, ended.cancel);
        if let Some(scope) = ended.scope {
            if scope.collects() {
                ended.state.owe(&scope);
            }
            let errors = if quiet { Raised::None } else { ended.errors };
            let end = if quiet && end == End::Failed { End::Ok } else { end };
            scope.child_ended(task.id, end, errors, was_cancelled);
        }
    }
}

/// The cleaning up of a task as its new body.
fn clean_up(core: Rc<Core>, task: TaskRef) -> Body<'static> {
    struct TaskCleanups(Rc<Core>, TaskRef);

    impl TaskCleanups {
        fn with<T: Default>(&self, f: impl FnOnce(&mut std::collections::VecDeque<Cleanup>) -> T) -> T {
            let mut tasks = self.0.tasks.borrow_mut();
            tasks.get_mut(self.1).map(|entry| f(&mut entry.cleanups)).unwrap_or_default()
        }
    }

    impl Cleanups for TaskCleanups {
        fn take_first(&self) -> Option<Cleanup> {
            self.with(|list| list.pop_front())
        }

        fn take_all(&self) -> std::collections::VecDeque<Cleanup> {
            self.with(std::mem::take)
        }

        fn append(&self, more: std::collections::VecDeque<Cleanup>) {
            self.with(|list| list.extend(more));
        }
    }

    let list = TaskCleanups(core, task);
    let mut drain = Drain::default();
    Box::pin(std::future::poll_fn(move |cx| {
        drain.poll(&list, cx).map(|errors| {
            let mut tasks = list.0.tasks.borrow_mut();
            if let Some(entry) = tasks.get_mut(list.1) {
                entry.errors.extend(errors);
            }
            Ok(())
        })
    }))
}
