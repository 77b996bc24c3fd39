//! One turn: finding the body of the task whose turn it is, and polling it as that task.
//!
//! A task's body is kept in one of three places. In the table: it is taken
//! out, polled and put back. In the future of its scope, because it borrows:
//! then the way to it is written down, and the body that holds the outermost
//! of these scopes is polled; each scope on the way passes the turn on. In the
//! caller's future: the root.

use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use crate::event::Event;

use super::core::{Core, Step, Turn};
use super::tasks::{Body, Place, TaskRef};
use super::wake::Wakeup;
use crate::runtime::errors::error::Result;
use crate::runtime::scope::handle::{ScopeCore, ScopeState};

/// Whether a poll ended the body.
pub(crate) enum Polled {
    Pending,
    Over(Result<()>),
}

impl Core {
    /// Gives one entry of the run queue its turn. `root` is the root's body.
    pub(crate) fn take_turn(self: &Rc<Self>, turn: Turn, root: &mut Option<Body<'_>>) {
        let top = match &turn {
            Turn::Poll(task) => {
                let tasks = self.tasks.borrow();
                let Some(entry) = tasks.get(*task) else { return };
                entry.waker.set_queued(false);
                drop(tasks);
                self.route_to(*task)
            }
            Turn::Act(scope) => {
                scope.act_queued.set(false);
                if scope.orphaned.get() || scope.state.get() == ScopeState::Closed {
                    return;
                }
                self.route.borrow_mut().push(Step { scope: scope.clone(), child: None });
                self.tell_combinator(scope);
                self.route_to(scope.block.task.get())
            }
        };
        self.poll_top(top, root);
        // A combinator may hold on to a scope without polling it this time. The
        // turn is not lost: the scope asks for it again when it is polled.
        let left = self.route.take();
        if let Some(step) = left.last() {
            step.scope.missed.borrow_mut().push(turn);
        }
    }

    /// Writes down the way to `task`, and returns the task whose body is polled to go it.
    fn route_to(&self, mut task: TaskRef) -> TaskRef {
        loop {
            let scope = {
                let tasks = self.tasks.borrow();
                let Some(entry) = tasks.get(task) else { return task };
                let (Place::Borrowed(index), Some(scope)) = (entry.place, &entry.scope) else { return task };
                self.route.borrow_mut().push(Step { scope: scope.clone(), child: Some(index) });
                scope.clone()
            };
            self.tell_combinator(&scope);
            task = scope.block.task.get();
        }
    }

    /// A combinator that polls only what it heard from has to hear that the
    /// scope inside wants a poll. The scope's task is about to be polled
    /// anyway, so that its own wake-up adds no entry to the run queue.
    fn tell_combinator(&self, scope: &ScopeCore) {
        let Some(Wakeup::Waker(waker)) = scope.polled_by.borrow().clone() else { return };
        let queued = |queued| {
            let tasks = self.tasks.borrow();
            tasks.get(scope.block.task.get()).is_some_and(|entry| entry.waker.set_queued(queued))
        };
        let before = queued(true);
        waker.wake();
        queued(before);
    }

    fn poll_top(self: &Rc<Self>, task: TaskRef, root: &mut Option<Body<'_>>) {
        let (place, body) = {
            let mut tasks = self.tasks.borrow_mut();
            let Some(entry) = tasks.get_mut(task) else { return };
            (entry.place, entry.body.take())
        };
        if place == Place::Root {
            self.poll_root(task, root);
            return;
        }
        let Some(mut body) = body else { return };
        match self.poll_task(task, body.as_mut()) {
            Polled::Over(result) => {
                self.drop_in_task(task, body);
                self.finish_body(task, result);
            }
            Polled::Pending => self.put_back(task, body),
        }
    }

    fn poll_root(self: &Rc<Self>, task: TaskRef, root: &mut Option<Body<'_>>) {
        if let Some(body) = root.as_mut().filter(|_| !self.is_cancelled(task)) {
            match self.poll_task(task, body.as_mut()) {
                Polled::Over(result) => {
                    self.drop_in_task(task, root.take());
                    self.finish_body(task, result);
                }
                Polled::Pending => {}
            }
        }
        if self.is_cancelled(task) && root.is_some() {
            self.drop_in_task(task, root.take());
            self.body_cancelled(task);
        }
    }

    /// A body ended by itself: that of the task, or its cleaning up.
    fn finish_body(self: &Rc<Self>, task: TaskRef, result: Result<()>) {
        let cleaning = self.tasks.borrow().get(task).is_some_and(|entry| entry.cleaning);
        if cleaning {
            self.cleanups_over(task);
        } else {
            self.body_over(task, result);
        }
    }

    /// Keeps a body that waits; one that was cancelled during its own turn is dropped now.
    fn put_back(self: &Rc<Self>, task: TaskRef, body: Body<'static>) {
        let body = {
            let mut tasks = self.tasks.borrow_mut();
            let Some(entry) = tasks.get_mut(task) else { return };
            if entry.cancel.is_none() || entry.cleaning {
                entry.body = Some(body);
                return;
            }
            body
        };
        self.drop_in_task(task, body);
        self.body_cancelled(task);
    }

    pub(crate) fn is_cancelled(&self, task: TaskRef) -> bool {
        self.tasks.borrow().get(task).is_some_and(|entry| entry.cancel.is_some())
    }

    /// Polls `body` as `task`. One that is over counts as being polled until
    /// it has been dropped: a cancellation from that drop comes too late.
    pub(crate) fn poll_task(
        self: &Rc<Self>,
        task: TaskRef,
        body: Pin<&mut (dyn Future<Output = Result<()>> + '_)>,
    ) -> Polled {
        let (handle, first) = {
            let mut tasks = self.tasks.borrow_mut();
            let Some(entry) = tasks.get_mut(task) else { return Polled::Pending };
            entry.polling = true;
            (entry.handle.clone(), !std::mem::replace(&mut entry.started, true))
        };
        if first {
            self.emit(|| Event::TaskStart { task: task.id });
        }
        let poll = {
            let entered = self.enter_task(task, &handle);
            let poll = body.poll(&mut Context::from_waker(&handle));
            drop(entered);
            poll
        };
        match poll {
            Poll::Pending => {
                if let Some(entry) = self.tasks.borrow_mut().get_mut(task) {
                    entry.polling = false;
                }
                Polled::Pending
            }
            Poll::Ready(result) => Polled::Over(result),
        }
    }

    /// Drops `what` as part of `task`: cleanups inside are handed to it.
    pub(crate) fn drop_in_task<T>(self: &Rc<Self>, task: TaskRef, what: T) {
        let handle = self.tasks.borrow().get(task).map(|entry| entry.handle.clone());
        let Some(handle) = handle else { return drop(what) };
        let entered = self.enter_task(task, &handle);
        self.drop_cancelled(what);
        drop(entered);
    }
}
