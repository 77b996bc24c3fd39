//! A row of turns: tasks whose bodies are kept in one place and that follow each other in the run queue.
//!
//! Children that borrow are polled through the futures around them. A scope
//! that has given one its turn gives the next one its own, as long as the run
//! queue goes on with its children and nothing has to be looked at before:
//! the order is the same, and the way is gone only once. Tasks in the table
//! have no way to go, but take their turns in a row as well, which spares the
//! steps between two turns.

use std::rc::Rc;
use std::task::Waker;

use crate::event::Event;
use crate::ids::TaskId;
use crate::runtime::errors::error::Result;

use super::core::{Core, NOBODY, Turn};
use super::entry::{Body, Entry, Place, TaskRef};
use super::wake::LentWaker;

/// Where bodies are kept between their turns.
pub(crate) trait Shelf<'body> {
    /// Whether the body of this task is kept here.
    fn holds(&self, entry: &Entry) -> bool;

    /// Takes a body out; none if it is out already.
    fn take(&mut self, task: TaskRef, entry: &mut Entry) -> Option<Body<'body>>;

    /// Puts a body back after its turn.
    fn put_back(&mut self, task: TaskRef, entry: &mut Entry, body: Body<'body>);

    /// What was taken from `place` does not come back.
    fn free(&mut self, _place: Place) {}
}

/// The table: tasks that own what they use.
pub(super) struct InTable;

impl Shelf<'static> for InTable {
    fn holds(&self, entry: &Entry) -> bool {
        entry.place == Place::Owned
    }

    fn take(&mut self, _: TaskRef, entry: &mut Entry) -> Option<Body<'static>> {
        entry.body.take()
    }

    fn put_back(&mut self, _: TaskRef, entry: &mut Entry, body: Body<'static>) {
        entry.body = Some(body);
    }
}

/// The future that the caller of the executor polls: the root.
pub(super) struct InRun<'run, 'body>(pub(super) &'run mut Option<Body<'body>>);

impl<'body> Shelf<'body> for InRun<'_, 'body> {
    fn holds(&self, entry: &Entry) -> bool {
        entry.place == Place::Root
    }

    fn take(&mut self, _: TaskRef, _: &mut Entry) -> Option<Body<'body>> {
        self.0.take()
    }

    fn put_back(&mut self, _: TaskRef, _: &mut Entry, body: Body<'body>) {
        *self.0 = Some(body);
    }
}

/// A task whose body is out of its place for its turn.
struct Out<'body> {
    task: TaskRef,
    place: Place,
    body: Body<'body>,
    /// Its own waker, if it has one, and whether the turn is its first; none if it was cancelled before.
    begun: Option<(Option<Waker>, bool)>,
}

/// What a turn came to.
enum Turned<'body> {
    Waits,
    /// The task was cancelled, before or by this turn.
    Cancelled(Body<'body>),
    /// The body is over and was dropped.
    Over(Result<()>),
}

impl<'body> Out<'body> {
    fn new(task: TaskRef, entry: &mut Entry, shelf: &mut impl Shelf<'body>) -> Option<Out<'body>> {
        let body = shelf.take(task, entry)?;
        Some(Out { task, place: entry.place, body, begun: entry.begin_turn() })
    }
}

impl Core {
    /// Gives `first` its turn, and then those on the same shelf that come next in the run queue.
    pub(crate) fn poll_row<'body>(self: &Rc<Self>, first: TaskRef, shelf: &mut impl Shelf<'body>) {
        let mut lent = None;
        let outside = self.turn();
        let _entered = self.enter_task(outside.0, outside.1);
        let mut tasks = self.tasks.borrow_mut();
        let mut next = tasks.get_mut(first).and_then(|entry| Out::new(first, entry, shelf));
        drop(tasks);
        while let Some(out) = next {
            let (task, place) = (out.task, out.place);
            let _inherited = self.inherit_locals(task);
            let turned = self.give_turn(out, shelf, &mut lent);
            self.pass_turn(outside);
            match turned {
                Turned::Waits => {}
                Turned::Over(result) => {
                    shelf.free(place);
                    self.finish_body(task, result);
                    if task.id == TaskId::ROOT {
                        break; // the run may be over
                    }
                }
                Turned::Cancelled(body) => {
                    self.drop_in_task(task, body);
                    shelf.free(place);
                    self.body_cancelled(task);
                }
            }
            next = self.next_in_row(shelf);
        }
        if let Some(lent) = lent {
            self.put_back(lent);
        }
    }

    /// Polls a body as its task. One that is over counts as being polled until it has been dropped: a cancellation
    /// from that drop comes too late.
    #[inline(always)]
    fn give_turn<'body>(
        &self,
        out: Out<'body>,
        shelf: &mut impl Shelf<'body>,
        lent: &mut Option<LentWaker>,
    ) -> Turned<'body> {
        let Out { task, body, begun, .. } = out;
        let Some((own, first)) = begun else { return Turned::Cancelled(body) };
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
        self.pass_turn((task, waker.data()));
        let body = match self.poll_or_drop(waker, body) {
            Ok(body) => body,
            Err(result) => return Turned::Over(result),
        };
        let own = own.or_else(|| lent.take_if(|lent| lent.is_kept()).map(|lent| lent.waker));
        let mut tasks = self.tasks.borrow_mut();
        let Some(entry) = tasks.get_mut(task) else { return Turned::Cancelled(body) };
        entry.end_turn(own);
        if entry.is_doomed() {
            return Turned::Cancelled(body);
        }
        shelf.put_back(task, entry, body);
        Turned::Waits
    }

    /// The next turn of the run queue, if it is that of a task on the same shelf and nothing comes before it. It is
    /// taken from the queue then.
    #[inline(always)]
    fn next_in_row<'body>(self: &Rc<Self>, shelf: &mut impl Shelf<'body>) -> Option<Out<'body>> {
        // Somebody on the way did not pass the turn on: that comes first.
        if !self.route.borrow().is_empty() {
            return None;
        }
        let mut ready = self.ready.borrow_mut();
        if ready.is_empty() {
            drop(ready);
            if !self.jump() {
                return None;
            }
            ready = self.ready.borrow_mut();
        }
        let Some(Turn::Poll(task)) = ready.front() else { return None };
        let task = *task;
        let mut tasks = self.tasks.borrow_mut();
        let entry = tasks.get_mut(task)?;
        if !shelf.holds(entry) || self.unwinding.get() || !self.may_go_on() {
            return None;
        }
        ready.pop_front();
        entry.queued = false;
        Out::new(task, entry, shelf)
    }

    /// Counts a turn. Says false where the executor has to look at something before the next.
    #[inline(always)]
    fn may_go_on(&self) -> bool {
        let turns = self.turns.get() + 1;
        // A test sees each turn, and may put another first. A turn may have stopped the run, and woken somebody after that.
        if self.tested().is_some()
            || self.stopped.get()
            || self.inbox().has_any()
            || self.is_somebody_due()
            || self.host.must_yield(turns)
        {
            return false;
        }
        self.turns.set(turns);
        true
    }

    /// Nobody is ready: fires the next timers where that is all there is to do, under a virtual clock. Says false where
    /// the executor has to look.
    fn jump(self: &Rc<Self>) -> bool {
        let others = self.tested().is_some()
            || self.unwinding.get()
            || self.stopped.get()
            || self.inbox().has_any()
            || self.outstanding.get() > 0
            || self.cut_at.get().is_some()
            || self.stop_request.due_at().is_some();
        let next = if others { None } else { self.timers.borrow_mut().next() };
        if !next.is_some_and(|next| self.host.jump(next)) {
            return false;
        }
        let inside = self.turn();
        self.pass_turn(NOBODY);
        self.fire_due();
        self.pass_turn(inside);
        true
    }
}
