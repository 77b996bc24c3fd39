//! A queue passes items from those who put to those who take.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::fmt;
use std::rc::Rc;

use crate::event::{Name, ResourceKind, Wait};

use super::identity::Identity;
use super::ticket::{Owner, Ticket};
use super::waitlist::Line;
use crate::runtime::executor::core::Core;

/// A queue with or without a bound: first in, first out, for items and for
/// those who wait. Cloning gives another handle to the same queue.
///
/// ```
/// use taskscope::runtime::{Queue, block_on_virtual, scope};
///
/// block_on_virtual(async {
///     let jobs = Queue::bounded("jobs", 1);
///     let done = scope(async |s| {
///         s.spawn(async {
///             for job in 1..=3 {
///                 jobs.put(job).await?;
///             }
///             jobs.close();
///             Ok(())
///         });
///         let mut done = Vec::new();
///         while let Some(job) = jobs.take().await {
///             done.push(job);
///         }
///         Ok(done)
///     })
///     .await?;
///     assert_eq!(done, [1, 2, 3]);
///     Ok(())
/// })
/// .unwrap();
/// ```
pub struct Queue<T> {
    inner: Rc<Inner<T>>,
}

impl<T> Clone for Queue<T> {
    fn clone(&self) -> Self {
        Queue { inner: self.inner.clone() }
    }
}

struct Inner<T> {
    identity: Rc<Identity>,
    capacity: Option<u64>,
    items: RefCell<VecDeque<T>>,
    closed: Cell<bool>,
    /// Items taken whose `done` is missing, and those still inside.
    unfinished: Cell<u64>,
    putters: Line<T, Result<(), QueueClosed<T>>>,
    takers: Line<(), Option<T>>,
    joiners: Line<(), ()>,
}

impl<T> Queue<T> {
    /// A queue that holds at most `capacity` items; a put waits while it is full.
    pub fn bounded(name: impl Into<Name>, capacity: u64) -> Queue<T> {
        Queue::new(name.into(), Some(capacity))
    }

    /// A queue without bound: a put never waits.
    pub fn unbounded(name: impl Into<Name>) -> Queue<T> {
        Queue::new(name.into(), None)
    }

    fn new(name: Name, capacity: Option<u64>) -> Queue<T> {
        let inner = Inner {
            identity: Identity::new(ResourceKind::Queue, name, capacity),
            capacity,
            items: RefCell::default(),
            closed: Cell::new(false),
            unfinished: Cell::new(0),
            putters: Line::default(),
            takers: Line::default(),
            joiners: Line::default(),
        };
        Queue { inner: Rc::new(inner) }
    }

    /// Puts an item at the end; waits while the queue is full.
    ///
    /// # Errors
    /// [`QueueClosed`] with the item, if the queue is closed before there was room.
    ///
    /// # Cancellation
    /// Dropping it while it waits drops the item with it; it was not put.
    pub async fn put(&self, item: T) -> Result<(), QueueClosed<T>> {
        Ticket::new(Putting(self), item).await
    }

    /// Takes the first item; waits while the queue is empty. `None` once it is closed and empty.
    ///
    /// # Cancellation
    /// An item that was handed over at the same instant goes to the next taker,
    /// or back to the head of the queue.
    pub async fn take(&self) -> Option<T> {
        Ticket::new(Taking(self), ()).await
    }

    /// Says that an item that was taken is dealt with.
    ///
    /// # Errors
    /// [`DoneTooMany`] when more were done than were put.
    pub fn done(&self) -> Result<(), DoneTooMany> {
        let unfinished = self.inner.unfinished.get().checked_sub(1).ok_or(DoneTooMany)?;
        self.inner.unfinished.set(unfinished);
        if unfinished == 0 {
            while self.inner.joiners.serve(|()| ()) {}
        }
        Ok(())
    }

    /// Waits until every item that was put is done.
    ///
    /// # Cancellation
    /// Nothing is changed.
    pub async fn join(&self) {
        Ticket::new(Joining(self), ()).await;
    }

    /// Closes the queue: puts fail, those that wait too; what is inside can
    /// still be taken, then takers see the end.
    pub fn close(&self) {
        self.inner.closed.set(true);
        while self.inner.putters.serve(|item| Err(QueueClosed(item))) {}
        if self.inner.items.borrow().is_empty() {
            while self.inner.takers.serve(|()| None) {}
        }
    }

    /// How many items are inside.
    pub fn len(&self) -> usize {
        self.inner.items.borrow().len()
    }

    /// Whether no item is inside.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Makes the queue known to the run's observer; its first wait does it otherwise.
    ///
    /// # Panics
    /// Outside a run.
    pub fn announce(&self) {
        self.inner.identity.announce("Queue::announce");
    }

    fn has_room(&self) -> bool {
        let room = |capacity| (self.inner.items.borrow().len() as u64) < capacity;
        self.inner.capacity.is_none_or(room)
    }

    /// An item has left: whoever waits to put may, in order.
    fn admit(&self) {
        while self.has_room() && self.inner.putters.len() > 0 {
            self.inner.putters.serve(|item| {
                self.accept(item);
                Ok(())
            });
        }
    }

    /// Hands an item to the first taker, or keeps it.
    fn accept(&self, item: T) {
        self.inner.unfinished.set(self.inner.unfinished.get() + 1);
        self.hand_on(item, false);
    }

    fn hand_on(&self, item: T, to_front: bool) {
        let mut item = Some(item);
        self.inner.takers.serve(|()| item.take());
        let Some(item) = item else { return };
        let mut items = self.inner.items.borrow_mut();
        if to_front { items.push_front(item) } else { items.push_back(item) }
    }
}

struct Putting<'a, T>(&'a Queue<T>);
struct Taking<'a, T>(&'a Queue<T>);
struct Joining<'a, T>(&'a Queue<T>);

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
        if self.0.inner.closed.get() {
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
    type Grant = Option<T>;

    fn line(&self) -> &Line<(), Option<T>> {
        &self.0.inner.takers
    }

    fn wait(&self, core: &Rc<Core>, ahead: u32) -> Wait {
        self.0.inner.identity.wait(core, ahead)
    }

    fn try_serve(&self, (): ()) -> Result<Option<T>, ()> {
        let item = self.0.inner.items.borrow_mut().pop_front();
        match item {
            Some(item) => {
                self.0.admit();
                Ok(Some(item))
            }
            None if self.0.inner.closed.get() => Ok(None),
            // A queue without room passes items from hand to hand.
            None => Err(()),
        }
    }

    fn give_back(&self, item: Option<T>) {
        if let Some(item) = item {
            self.0.hand_on(item, true);
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

/// The queue was closed; here is the item that could not be put.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct QueueClosed<T>(pub T);

impl<T> fmt::Debug for QueueClosed<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("QueueClosed(_)")
    }
}

impl<T> fmt::Display for QueueClosed<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the queue is closed")
    }
}

impl<T> std::error::Error for QueueClosed<T> {}

/// `done` was called more often than items were put.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DoneTooMany;

impl fmt::Display for DoneTooMany {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("done was called more often than items were put")
    }
}

impl std::error::Error for DoneTooMany {}
