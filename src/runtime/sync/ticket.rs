//! A place in a line as a future: what everything that is shared waits with.
//!
//! Whoever serves the waiter leaves the grant in its place and wakes it. A
//! ticket that is dropped after it was served hands the grant back to its
//! owner, so that nothing is lost between a grant and the turn that takes it.

use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use crate::event::Wait;

use super::waitlist::{Line, WaiterKey};
use crate::runtime::executor::core::Core;
use crate::runtime::executor::wake::Wakeup;
use crate::runtime::explain::wait::Waiting;

/// Who keeps a line. A reference to an owner is one too.
pub(crate) trait Owner {
    /// What a waiter brings.
    type Asks;
    /// What it is given.
    type Grant;

    fn line(&self) -> &Line<Self::Asks, Self::Grant>;

    /// What to show for the wait, with so many ahead.
    fn wait(&self, core: &Rc<Core>, ahead: u32) -> Wait;

    /// Serves at once, or gives back what was asked.
    fn try_serve(&self, asks: Self::Asks) -> Result<Self::Grant, Self::Asks>;

    /// The waiter was served and is gone: the grant goes elsewhere.
    fn give_back(&self, grant: Self::Grant);

    /// The waiter is gone without having been served.
    fn left(&self, _asks: Self::Asks) {}
}

impl<O: Owner> Owner for &O {
    type Asks = O::Asks;
    type Grant = O::Grant;

    fn line(&self) -> &Line<O::Asks, O::Grant> {
        (**self).line()
    }

    fn wait(&self, core: &Rc<Core>, ahead: u32) -> Wait {
        (**self).wait(core, ahead)
    }

    fn try_serve(&self, asks: O::Asks) -> Result<O::Grant, O::Asks> {
        (**self).try_serve(asks)
    }

    fn give_back(&self, grant: O::Grant) {
        (**self).give_back(grant);
    }

    fn left(&self, asks: O::Asks) {
        (**self).left(asks);
    }
}

/// A wait in the line of `owner`.
pub(crate) struct Ticket<O: Owner> {
    owner: O,
    stage: Stage<O::Asks>,
}

enum Stage<A> {
    /// Not polled yet.
    Asks(A),
    /// In the line, or served. Its task does not count as waiting before its first poll.
    Waits(WaiterKey, Option<Waiting>),
    Over,
}

impl<O: Owner> Ticket<O> {
    pub(crate) fn new(owner: O, asks: O::Asks) -> Ticket<O> {
        Ticket { owner, stage: Stage::Asks(asks) }
    }

    /// One that is in the line already, for a task of `home` that `wakeup` wakes.
    /// What was asked comes back where the line is another run's.
    pub(crate) fn placed(
        owner: O,
        home: &Rc<Core>,
        wakeup: Wakeup,
        asks: O::Asks,
    ) -> Result<Ticket<O>, O::Asks> {
        let key = owner.line().join_for(home, wakeup, asks)?;
        Ok(Ticket { owner, stage: Stage::Waits(key, None) })
    }

    pub(crate) fn owner(&self) -> &O {
        &self.owner
    }

    /// As the future's poll, for whoever knows the executor already.
    pub(crate) fn poll_in(&mut self, core: &Rc<Core>, cx: &Context<'_>) -> Poll<O::Grant> {
        match self.take_grant() {
            Some(grant) => Poll::Ready(grant),
            None => {
                self.suspend(core, cx);
                Poll::Pending
            }
        }
    }

    /// What is there without waiting any longer.
    fn take_grant(&mut self) -> Option<O::Grant> {
        if let Stage::Waits(key, _) = &self.stage {
            let grant = self.owner.line().fetch(*key)?;
            self.stage = Stage::Over;
            return Some(grant);
        }
        let Stage::Asks(asks) = std::mem::replace(&mut self.stage, Stage::Over) else { return None };
        match self.owner.try_serve(asks) {
            Ok(grant) => Some(grant),
            Err(asks) => {
                self.stage = Stage::Asks(asks);
                None
            }
        }
    }

    /// Joins the line, or stays in it as whoever polls now.
    fn suspend(&mut self, core: &Rc<Core>, cx: &Context<'_>) {
        let line = self.owner.line();
        match std::mem::replace(&mut self.stage, Stage::Over) {
            Stage::Asks(asks) => {
                let ahead = line.len() as u32;
                let key = line.join(core, cx, asks);
                let waiting = Waiting::start(core, self.owner.wait(core, ahead));
                self.stage = Stage::Waits(key, Some(waiting));
            }
            Stage::Waits(key, waiting) => {
                line.update(key, core, cx);
                let start = || Waiting::start(core, self.owner.wait(core, line.ahead(key) as u32));
                self.stage = Stage::Waits(key, Some(waiting.unwrap_or_else(start)));
            }
            Stage::Over => {}
        }
    }
}

impl<O: Owner> Unpin for Ticket<O> {}

impl<O: Owner> Future for Ticket<O> {
    type Output = O::Grant;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<O::Grant> {
        match self.take_grant() {
            Some(grant) => Poll::Ready(grant),
            None => {
                self.suspend(&Core::expect_current("a wait"), cx);
                Poll::Pending
            }
        }
    }
}

impl<O: Owner> Drop for Ticket<O> {
    fn drop(&mut self) {
        let Stage::Waits(key, waiting) = std::mem::replace(&mut self.stage, Stage::Over) else { return };
        drop(waiting);
        match self.owner.line().leave(key) {
            Some(Ok(grant)) => self.owner.give_back(grant),
            Some(Err(asks)) => self.owner.left(asks),
            None => {}
        }
    }
}
