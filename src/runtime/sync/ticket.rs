//! A place in a wait list as a future: what locks, queues, events and barriers wait with.
//!
//! Whoever serves the waiter puts the grant into the ticket and wakes it. A
//! ticket that is dropped after it was served hands the grant back to its
//! owner, so that nothing is lost between a grant and the turn that takes it.

use std::cell::RefCell;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use crate::event::Wait;

use super::waitlist::{WaitList, WaiterKey};
use crate::runtime::executor::core::Core;
use crate::runtime::executor::wake::Wakeup;
use crate::runtime::explain::wait::Waiting;

/// Where the grant of one waiter is put.
pub(crate) type Slot<G> = Rc<RefCell<Option<G>>>;

/// Waiters that ask for an `A` and are given a `G`.
pub(crate) type Line<A, G> = RefCell<WaitList<(A, Slot<G>)>>;

/// Serves the first waiter, if there is one; gives the grant back otherwise.
pub(crate) fn serve<A, G>(line: &Line<A, G>, grant: impl FnOnce(A) -> G) -> bool {
    let Some(core) = line.borrow().home() else { return false };
    let _visit = core.visit();
    let next = line.borrow_mut().pop();
    let Some(((asks, slot), wakeup)) = next else { return false };
    slot.replace(Some(grant(asks)));
    wakeup.wake(&core);
    true
}

/// A waiter of a line, while it waits.
pub(crate) struct Ticket<O: Owner> {
    owner: O,
    asks: Option<O::Asks>,
    place: Option<(WaiterKey, Slot<O::Grant>, Waiting)>,
}

/// Who keeps a line.
pub(crate) trait Owner: Clone {
    /// What a waiter brings.
    type Asks;
    /// What it is given.
    type Grant;

    fn line(&self) -> &Line<Self::Asks, Self::Grant>;

    /// What to show for the wait, with so many ahead.
    fn wait(&self, ahead: u32) -> Wait;

    /// Serves at once, or gives back what was asked.
    fn try_serve(&self, asks: Self::Asks) -> Result<Self::Grant, Self::Asks>;

    /// The waiter was served and is gone: the grant goes elsewhere.
    fn give_back(&self, grant: Self::Grant);

    /// The waiter is gone without having been served.
    fn left(&self, _asks: Self::Asks) {}
}

impl<O: Owner> Ticket<O> {
    pub(crate) fn new(owner: O, asks: O::Asks) -> Ticket<O> {
        Ticket { owner, asks: Some(asks), place: None }
    }
}

impl<O: Owner> Unpin for Ticket<O> {}

impl<O: Owner> Future for Ticket<O> {
    type Output = O::Grant;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<O::Grant> {
        let this = &mut *self;
        let core = Core::expect_current("a wait");
        if let Some((key, slot, _)) = &this.place {
            let granted = slot.take();
            if granted.is_none() {
                this.owner.line().borrow_mut().update(*key, &core, cx);
                return Poll::Pending;
            }
            this.place = None;
            return granted.map_or(Poll::Pending, Poll::Ready);
        }
        let Some(asks) = this.asks.take() else { return Poll::Pending };
        match this.owner.try_serve(asks) {
            Ok(grant) => Poll::Ready(grant),
            Err(asks) => {
                let slot: Slot<O::Grant> = Rc::default();
                let mut line = this.owner.line().borrow_mut();
                let ahead = line.len() as u32;
                let key = line.push(&core, (asks, slot.clone()), Wakeup::new(&core, cx));
                drop(line);
                let waiting = Waiting::start(&core, this.owner.wait(ahead));
                this.place = Some((key, slot, waiting));
                Poll::Pending
            }
        }
    }
}

impl<O: Owner> Drop for Ticket<O> {
    fn drop(&mut self) {
        let Some((key, slot, waiting)) = self.place.take() else { return };
        drop(waiting);
        if let Some(grant) = slot.take() {
            self.owner.give_back(grant);
            return;
        }
        let left = self.owner.line().borrow_mut().remove(key);
        if let Some((asks, _)) = left {
            self.owner.left(asks);
        }
    }
}
