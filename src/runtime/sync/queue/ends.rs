//! The three lines of a queue: to put, to take, and to see everything done.

use std::rc::Rc;

use crate::event::Wait;

use super::items::Numbered;
use super::{Queue, QueueClosed};
use crate::runtime::executor::core::Core;
use crate::runtime::sync::ticket::Owner;
use crate::runtime::sync::waitlist::Line;

pub(super) struct Putting<'q, T>(pub(super) &'q Queue<T>);
pub(super) struct Taking<'q, T>(pub(super) &'q Queue<T>);
pub(super) struct Joining<'q, T>(pub(super) &'q Queue<T>);

impl<T> Owner for Putting<'_, T> {
    type Asks = T;
    type Grant = Result<(), QueueClosed<T>>;

    fn line(&self) -> &Line<T, Self::Grant> {
        &self.0.inner.putters
    }

    fn wait(&self, core: &Rc<Core>, ahead: u32) -> Wait {
        self.0.inner.identity.wait(core, ahead)
    }

    fn try_serve(&self, item: T) -> Result<Self::Grant, T> {
        if self.0.is_closed() {
            return Ok(Err(QueueClosed(item)));
        }
        if self.0.inner.putters.len() > 0 || !self.0.has_room() {
            return Err(item);
        }
        self.0.accept(item);
        Ok(Ok(()))
    }

    /// The item is in the queue already, or the queue is closed: nothing to undo.
    fn give_back(&self, _: Self::Grant) {}
}

impl<T> Owner for Taking<'_, T> {
    type Asks = ();
    type Grant = Option<Numbered<T>>;

    fn line(&self) -> &Line<(), Self::Grant> {
        &self.0.inner.takers
    }

    fn wait(&self, core: &Rc<Core>, ahead: u32) -> Wait {
        self.0.inner.identity.wait(core, ahead)
    }

    fn try_serve(&self, (): ()) -> Result<Self::Grant, ()> {
        let queue = self.0;
        let inside = queue.inner.items.borrow_mut().pop();
        if inside.is_some() {
            queue.admit();
            return Ok(inside);
        }
        if queue.is_closed() {
            return Ok(None);
        }
        // Only a queue without room has putters that wait while nothing is inside.
        let mut from_hand = None;
        queue.inner.putters.serve(|item| {
            from_hand = Some(queue.count(item));
            Ok(())
        });
        if from_hand.is_some() { Ok(from_hand) } else { Err(()) }
    }

    fn give_back(&self, handed: Self::Grant) {
        if let Some(numbered) = handed {
            self.0.hand_on(numbered);
        }
    }
}

impl<T> Owner for Joining<'_, T> {
    type Asks = ();
    type Grant = ();

    fn line(&self) -> &Line<(), ()> {
        &self.0.inner.joiners
    }

    fn wait(&self, core: &Rc<Core>, ahead: u32) -> Wait {
        self.0.inner.identity.wait(core, ahead)
    }

    fn try_serve(&self, (): ()) -> Result<(), ()> {
        if self.0.inner.unfinished.get() == 0 { Ok(()) } else { Err(()) }
    }

    fn give_back(&self, (): ()) {}
}
