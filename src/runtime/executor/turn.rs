//! One turn: finding the body of the task whose turn it is, and polling it as that task.
//!
//! A task's body is kept in one of three places. In the table: it is taken
//! out, polled and put back. In the future of its scope, because it borrows:
//! then the way to it is written down, and the body that holds the outermost
//! of these scopes is polled; each scope on the way passes the turn on. In the
//! caller's future: the root.

use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use crate::runtime::errors::error::Result;
use crate::runtime::errors::panic::contain;
use crate::runtime::scope::state::{ScopeCore, ScopeState};

use super::core::{Core, Step, Turn};
use super::entry::{Body, Place, TaskRef};
use super::row::{InRun, InTable};
use super::wake::Wakeup;

/// A task is dropped as its own turn, but nobody can be woken with what points here.
const NO_WAKER: *const () = std::ptr::dangling::<u8>().cast();

impl Core {
    /// Gives one entry of the run queue its turn. `root` is the root's body.
    pub(crate) fn take_turn(self: &Rc<Self>, turn: Turn, root: &mut Option<Body<'_>>) {
        self.unwinding.set(false);
        let top = match &turn {
            Turn::Poll(task) => {
                let mut tasks = self.tasks.borrow_mut();
                let Some(entry) = tasks.get_mut(*task) else { return };
                entry.queued = false;
                let place = entry.place;
                drop(tasks);
                match place {
                    Place::Borrowed(_) => self.route_to(*task),
                    Place::Owned | Place::Root => *task,
                }
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
        let mut route = self.route.borrow_mut();
        if let Some(step) = route.last() {
            step.scope.missed.borrow_mut().push(turn);
            route.clear();
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
        let waker = match &*scope.polled_by.borrow() {
            Some(Wakeup::Waker(waker)) => waker.clone(),
            _ => return,
        };
        let set_queued = |queued| {
            let mut tasks = self.tasks.borrow_mut();
            let entry = tasks.get_mut(scope.block.task.get());
            entry.is_some_and(|entry| std::mem::replace(&mut entry.queued, queued))
        };
        let before = set_queued(true);
        waker.wake();
        set_queued(before);
    }

    fn poll_top(self: &Rc<Self>, task: TaskRef, root: &mut Option<Body<'_>>) {
        let place = self.tasks.borrow().get(task).map(|entry| entry.place);
        match place {
            Some(Place::Root) => self.poll_row(task, &mut InRun(root)),
            Some(Place::Owned) => self.poll_row(task, &mut InTable),
            Some(Place::Borrowed(_)) | None => {}
        }
    }

    /// A body ended by itself: that of the task, or its cleaning up.
    pub(super) fn finish_body(self: &Rc<Self>, task: TaskRef, result: Result<()>) {
        let cleaning = self.tasks.borrow().get(task).is_some_and(|entry| entry.cleaning);
        if cleaning {
            self.cleanups_over(task);
        } else {
            self.body_over(task, result);
        }
    }

    /// Polls the body of the task whose turn it is. If it is over, it is dropped within its turn. A panic is its result.
    pub(super) fn poll_or_drop<'body>(
        &self,
        waker: &Waker,
        body: Body<'body>,
    ) -> std::result::Result<Body<'body>, Result<()>> {
        let mut over = None;
        let mut body = Some(body);
        let dropping = self.dropping.get();
        // One for both, because each costs a call that cannot be seen through.
        let contained = contain(|| {
            let poll = body.as_mut().map(|body| body.as_mut().poll(&mut Context::from_waker(waker)));
            if let Some(Poll::Ready(result)) = poll {
                over = Some(result);
                self.dropping.set(true);
                body = None;
            }
        });
        self.dropping.set(dropping);
        match (contained, over, body) {
            (Ok(()), None, Some(body)) => Ok(body),
            (Ok(()), result, _) => Err(result.unwrap_or(Ok(()))),
            (Err(panicked), None, body) => {
                self.drop_cancelled(body);
                Err(Err(panicked))
            }
            (Err(panicked), Some(result), _) => {
                self.add_error(panicked);
                Err(result)
            }
        }
    }

    /// The body of a cancelled task is at hand: drops it, and goes on with its end.
    pub(crate) fn drop_cancelled_body(self: &Rc<Self>, task: TaskRef, body: Body<'_>) {
        self.drop_in_task(task, body);
        self.body_cancelled(task);
    }

    /// Drops `what` as part of `task`: cleanups inside are handed to it.
    pub(crate) fn drop_in_task<T>(&self, task: TaskRef, what: T) {
        let _inherited = self.inherit_locals(task);
        let entered = self.enter_task(task, NO_WAKER);
        self.drop_cancelled(what);
        drop(entered);
    }
}
