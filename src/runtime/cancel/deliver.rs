//! Cancelling: a task's future is dropped where it waits, at once and with everything inside.
//!
//! A drop may cancel further tasks, those of the scopes that are dropped with
//! it. These go through a list, not through recursion: ten thousand nested
//! scopes end on a flat stack.

use std::rc::Rc;

use crate::event::{End, Event, Reason, Target};

use super::cleanup::{Cleanup, Cleanups, Drain};
use crate::runtime::errors::error::{Error, Result};
use crate::runtime::errors::panic::contain;
use crate::runtime::executor::core::Core;
use crate::runtime::executor::entry::{Body, Place, TaskRef};
use crate::runtime::executor::tasks::Ended;
use crate::runtime::explain::cause::Cause;
use crate::runtime::explain::lint::Lint;
use crate::runtime::scope::state::ScopeCore;

impl Core {
    /// Cancels `task`; false if it has ended or was cancelled before.
    pub(crate) fn cancel(self: &Rc<Self>, task: TaskRef, reason: Reason) -> bool {
        self.strike(task, self.cause_by_turn(reason))
    }

    /// As [`Core::cancel`], for a cause that strikes others as well.
    pub(crate) fn strike(self: &Rc<Self>, task: TaskRef, cause: Rc<Cause>) -> bool {
        let _visit = self.visit();
        let reason = cause.reason;
        {
            let mut tasks = self.tasks.borrow_mut();
            let Some(entry) = tasks.get_mut(task) else { return false };
            if entry.cancel.is_some() || entry.cleaning {
                return false;
            }
            entry.cancel = Some(cause);
        }
        let by = self.whose_turn().filter(|_| !matches!(reason, Reason::Shutdown | Reason::RunEnded));
        self.emit(|| Event::Cancel { target: Target::Task(task.id), reason, by });
        if self.cancelling.replace(true) {
            self.cancels.borrow_mut().push_back(task);
            return true;
        }
        let mut next = Some(task);
        while let Some(task) = next {
            self.drop_body(task);
            next = self.cancels.borrow_mut().pop_front();
        }
        self.cancelling.set(false);
        true
    }

    /// Drops the body of a cancelled task, if it can be reached from here. One
    /// that is being polled is dropped when the poll is over; one that borrows, by its scope.
    fn drop_body(self: &Rc<Self>, task: TaskRef) {
        let mut tasks = self.tasks.borrow_mut();
        let Some(entry) = tasks.get_mut(task).filter(|entry| !entry.cleaning) else { return };
        if entry.polling {
            self.unwinding.set(true);
            return;
        }
        match entry.place {
            Place::Owned => {
                let body = entry.body.take();
                drop(tasks);
                self.drop_in_task(task, body);
                self.body_cancelled(task);
            }
            Place::Borrowed(index) => {
                let scope = entry.scope.clone();
                drop(tasks);
                if let Some(scope) = scope.filter(|scope| !scope.orphaned.get()) {
                    let mut doomed = scope.doomed.borrow_mut();
                    doomed.push((index, task));
                    let first = doomed.len() == 1;
                    drop(doomed);
                    if first && !scope.burying.get() {
                        self.act_next(&scope);
                    }
                }
            }
            Place::Root => {
                drop(tasks);
                self.wake_next(task);
            }
        }
    }

    /// Drops `what`, a part of the current task, as cancelling does: guards inside hand over their cleanups, in order.
    /// A drop that panics makes the task fail.
    pub(crate) fn drop_cancelled<T>(&self, what: T) {
        let before = self.dropping.replace(true);
        let dropped = contain(|| drop(what));
        self.dropping.set(before);
        if let Err(panicked) = dropped {
            self.add_error(panicked);
        }
    }

    /// The current task fails with `error` as well.
    pub(crate) fn add_error(&self, error: Error) {
        if let Some(entry) = self.tasks.borrow_mut().get_mut(self.task()) {
            entry.rare().errors.push(error);
        }
    }

    /// The body of a cancelled task is gone: it ends now, or cleans up first.
    pub(crate) fn body_cancelled(self: &Rc<Self>, task: TaskRef) {
        if !self.end_plainly(task, End::Cancelled) {
            self.body_gone(task, None);
        }
    }

    /// A task's body came to its end by itself. A cancellation during its last
    /// turn came too late: nothing was left to be dropped.
    pub(crate) fn body_over(self: &Rc<Self>, task: TaskRef, result: Result<()>) {
        if result.is_err() || !self.end_plainly(task, End::Ok) {
            self.body_gone(task, Some(result));
        }
    }

    /// `over`: what it came to by itself; none for one that was dropped.
    fn body_gone(self: &Rc<Self>, task: TaskRef, over: Option<Result<()>>) {
        let mut tasks = self.tasks.borrow_mut();
        let Some(entry) = tasks.get_mut(task) else { return };
        entry.polling = false;
        let late = if over.is_some() { entry.cancel.take() } else { None };
        let error = over.and_then(Result::err);
        if !entry.has_cleanups() {
            let ended = tasks.end(task, error);
            drop(tasks);
            drop(late);
            self.tell_end(task, ended);
            return;
        }
        entry.rare().errors.extend(error);
        entry.cleaning = true;
        entry.place = Place::Owned;
        entry.body = Some(clean_up(self.clone(), task));
        drop(tasks);
        drop(late);
        self.emit(|| Event::CleanupStart { task: task.id });
        self.wake(task);
    }

    /// The cleanups of a task are done.
    pub(crate) fn cleanups_over(self: &Rc<Self>, task: TaskRef) {
        self.emit(|| Event::CleanupEnd { task: task.id });
        let ended = self.tasks.borrow_mut().end(task, None);
        self.tell_end(task, ended);
    }

    /// Ends a task that leaves nothing to be cleaned up or told but its end; says false, and does nothing, for another.
    fn end_plainly(self: &Rc<Self>, task: TaskRef, end: End) -> bool {
        let leaving = self.tasks.borrow_mut().end_plain(task, end);
        let Some(leaving) = leaving else { return false };
        self.emit(|| Event::TaskEnd { task: task.id, result: end });
        if let Some(joiner) = leaving.joiner {
            self.wake(joiner);
        }
        if let Some(scope) = leaving.scope {
            scope.child_ended_plainly(task, end, leaving.quiet);
        }
        true
    }

    /// Tells those who wait for it that a task has ended.
    fn tell_end(self: &Rc<Self>, task: TaskRef, ended: Option<Ended>) {
        let Some(Ended { leaving, end, errors, cancelled, joiners }) = ended else { return };
        self.emit(|| Event::TaskEnd { task: task.id, result: end });
        if leaving.quiet && !leaving.kept {
            self.say_unread(task, errors.as_slice());
        }
        if leaving.kept && end == End::Failed {
            self.keep_error(task, errors.as_slice(), leaving.scope.as_ref());
        }
        // An awaiting task is woken before the scope: it has the error first.
        if let Some(joiner) = leaving.joiner {
            self.wake(joiner);
        }
        if !joiners.is_empty() {
            joiners.into_iter().for_each(|(_, joiner)| joiner.wake(self));
        }
        if let Some(scope) = leaving.scope {
            if leaving.quiet {
                scope.see_whether_over();
            } else {
                scope.child_ended(task, end, errors, cancelled);
            }
        }
    }

    /// Nobody can await a task whose errors belong to whoever does.
    fn say_unread(&self, task: TaskRef, errors: &[Error]) {
        if let [error, ..] = errors {
            let path = self.path(task).unwrap_or_default();
            self.lint(|| Lint::unread(&path, error));
        }
    }

    /// Keeps what a task failed with for those who await it, as long as there are handles.
    fn keep_error(&self, task: TaskRef, errors: &[Error], scope: Option<&Rc<ScopeCore>>) {
        let error = match errors {
            [] => return,
            [error] => Some(error.clone()),
            errors => match scope {
                Some(scope) => Some(scope.group_of(errors)),
                // The root and what is detached are in no scope.
                None => Error::all(errors.to_vec()),
            },
        };
        let mut tasks = self.tasks.borrow_mut();
        let Some(entry) = tasks.known_mut(task) else { return };
        let rare = entry.rare();
        rare.error = error;
        // A scope that only collects gives the error up to whoever awaits it.
        if let Some(scope) = scope.filter(|scope| scope.collects()) {
            rare.keeper = Rc::downgrade(scope);
        }
    }
}

/// The cleaning up of a task as its new body.
fn clean_up(core: Rc<Core>, task: TaskRef) -> Body<'static> {
    struct TaskCleanups(Rc<Core>, TaskRef);

    impl TaskCleanups {
        fn with<T: Default>(&self, f: impl FnOnce(&mut std::collections::VecDeque<Cleanup>) -> T) -> T {
            let mut tasks = self.0.tasks.borrow_mut();
            tasks.get_mut(self.1).map(|entry| f(&mut entry.rare().cleanups)).unwrap_or_default()
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
                entry.rare().errors.extend(errors);
            }
            Ok(())
        })
    }))
}
