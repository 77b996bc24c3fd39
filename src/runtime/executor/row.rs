//! A row of turns: children of one scope that follow each other in the run queue.
//!
//! Children that borrow are polled through the futures around them. A scope
//! that has given one its turn gives the next one its own, as long as the run
//! queue goes on with its children and nothing has to be looked at before:
//! the order is the same, and the way is gone only once.

use std::cell::RefCell;
use std::rc::Rc;
use std::task::{Context, Poll};

use crate::event::Event;
use crate::runtime::errors::panic::contain;
use crate::runtime::scope::nursery::Nursery;
use crate::runtime::scope::state::ScopeCore;

use super::core::{Core, Turn};
use super::entry::{Body, Place, TaskRef};
use super::wake::LentWaker;

/// What a turn came to.
enum Turned<'env> {
    Waits,
    /// The context of the row was left.
    Cancelled(Body<'env>),
    Over(crate::runtime::errors::error::Result<()>),
}

impl Core {
    /// Gives the child under `first` its turn, and then those that come next in the run queue.
    pub(crate) fn poll_children(
        self: &Rc<Self>,
        scope: &Rc<ScopeCore>,
        nursery: &RefCell<Nursery<'_>>,
        first: u32,
    ) {
        let mut lent = None;
        let mut next = nursery.borrow_mut().take(first).map(|(task, body)| (first, task, body));
        while let Some((index, task, body)) = next {
            match self.give_turn(nursery, index, task, body, &mut lent) {
                Turned::Waits => {}
                Turned::Over(result) => {
                    nursery.borrow_mut().free(index);
                    self.body_over(task, result);
                }
                Turned::Cancelled(body) => self.bury(nursery, index, task, body),
            }
            next = match self.next_in_row(scope) {
                Some((index, task)) => {
                    nursery.borrow_mut().take_if(index, task).map(|body| (index, task, body))
                }
                None => None,
            };
        }
        if let Some(lent) = lent {
            self.put_back(lent);
        }
    }

    /// Drops a cancelled child, which was taken out of its place.
    pub(crate) fn bury(
        self: &Rc<Self>,
        nursery: &RefCell<Nursery<'_>>,
        index: u32,
        task: TaskRef,
        body: Body<'_>,
    ) {
        self.drop_in_task(task, body);
        nursery.borrow_mut().free(index);
        self.body_cancelled(task);
    }

    /// As [`Core::take_turn`] does for a body in the table; a child that waits goes back to its place.
    fn give_turn<'env>(
        &self,
        nursery: &RefCell<Nursery<'env>>,
        index: u32,
        task: TaskRef,
        mut body: Body<'env>,
        lent: &mut Option<LentWaker>,
    ) -> Turned<'env> {
        let (own, first) = match self.tasks.borrow_mut().get_mut(task) {
            Some(entry) if !entry.is_doomed() => entry.begin_turn(),
            _ => return Turned::Cancelled(body),
        };
        if first {
            self.emit(|| Event::TaskStart { task: task.id });
        }
        let waker = match &own {
            Some(waker) => waker,
            None => {
                let lent = lent.get_or_insert_with(|| self.lend_waker(task));
                lent.point_at(task);
                &lent.waker
            }
        };
        let entered = self.enter_task(task, waker.data());
        let poll = contain(|| body.as_mut().poll(&mut Context::from_waker(waker)));
        if let Poll::Ready(result) = poll.unwrap_or_else(|panicked| Poll::Ready(Err(panicked))) {
            self.drop_cancelled(body);
            drop(entered);
            return Turned::Over(result);
        }
        drop(entered);
        let own = own.or_else(|| lent.take_if(|lent| lent.is_kept()).map(|lent| lent.waker));
        let mut tasks = self.tasks.borrow_mut();
        let Some(entry) = tasks.get_mut(task) else { return Turned::Cancelled(body) };
        entry.end_turn(own);
        if entry.is_doomed() {
            return Turned::Cancelled(body);
        }
        nursery.borrow_mut().put_back(index, task, body);
        Turned::Waits
    }

    /// The next turn of the run queue, if it is that of a child in `scope`'s own future and nothing comes before it.
    /// It is taken from the queue then.
    fn next_in_row(&self, scope: &Rc<ScopeCore>) -> Option<(u32, TaskRef)> {
        let mut ready = self.ready.borrow_mut();
        let Some(Turn::Poll(task)) = ready.front() else { return None };
        let task = *task;
        let mut tasks = self.tasks.borrow_mut();
        let entry = tasks.get_mut(task)?;
        let Place::Borrowed(index) = entry.place else { return None };
        let here = entry.scope.as_ref().is_some_and(|known| Rc::ptr_eq(known, scope));
        if !here || self.unwinding.get() || !self.may_go_on() {
            return None;
        }
        ready.pop_front();
        entry.queued = false;
        Some((index, task))
    }

    /// Counts a turn. Says false where the executor has to look at something before the next.
    fn may_go_on(&self) -> bool {
        let turns = self.turns.get() + 1;
        // A test sees each turn, and may put another first.
        if self.tested().is_some()
            || self.inbox().has_any()
            || self.is_somebody_due()
            || self.host.must_yield(turns)
        {
            return false;
        }
        self.turns.set(turns);
        true
    }
}
