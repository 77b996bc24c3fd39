//! A queue passes items from those who put to those who take.

mod ends;
mod errors;
mod items;
mod stream;

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use crate::event::{Name, ResourceKind};

pub use errors::{DoneTooMany, QueueClosed, TryPutError, TryTakeError};
pub use stream::QueueStream;

use self::ends::{Joining, Putting, Taking};
use self::items::{Items, Numbered};
use super::identity::Identity;
use super::ticket::{Owner, Ticket};
use super::waitlist::Line;
use crate::runtime::executor::core::current;
use crate::runtime::explain::lint::Lint;
use crate::runtime::explain::resource::Explain;

/// Passes items on, with or without a bound: first in first out, last in first
/// out, or the largest first. Those who wait are served first come, first
/// served. Cloning gives another handle to the same queue.
///
/// An item is with who puts it, in the queue, or with who took it: it is never
/// lost by a cancellation, and never there twice.
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

/// **Invariant:** takers wait only while nothing is inside, and putters only while there is no room.
struct Inner<T> {
    identity: Rc<Identity>,
    capacity: Option<u64>,
    items: RefCell<Items<T>>,
    closed: Cell<bool>,
    /// Items taken whose `done` is missing, and those still inside.
    unfinished: Cell<u64>,
    peak: Cell<usize>,
    putters: Line<T, Result<(), QueueClosed<T>>>,
    takers: Line<(), Option<Numbered<T>>>,
    joiners: Line<(), ()>,
}

impl<T> Drop for Inner<T> {
    /// Items that nobody took are told of, unless a cancellation took the queue from those who would have.
    fn drop(&mut self) {
        let (items, closed) = (self.items.get_mut().len(), self.closed.get());
        if items > 0
            && let Some(core) = current()
        {
            core.lint_unless_dropping(|| Lint::ItemsLeft { queue: self.identity.title(), items, closed });
        }
    }
}

/// A queue's numbers at one instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QueueStatistics {
    /// How many items there is room for. None: any number.
    pub capacity: Option<u64>,
    /// How many items are inside.
    pub len: usize,
    /// The most that were inside at one time.
    pub peak: usize,
    /// How many wait to put.
    pub putting: usize,
    /// How many wait to take.
    pub taking: usize,
    /// How many wait in [`Queue::join`].
    pub joining: usize,
    /// How many items were put and are not done, whether they were taken or not.
    pub unfinished: u64,
    /// Whether it was closed or aborted.
    pub closed: bool,
}

impl<T> Queue<T> {
    /// A queue that holds at most `capacity` items; a put waits while it is
    /// full. One of 0 has no room: items pass from hand to hand, and a put waits for who takes.
    pub fn bounded(name: impl Into<Name>, capacity: u64) -> Queue<T> {
        Queue::new(name.into(), Some(capacity), Items::first_in_first_out())
    }

    /// A queue without bound: a put never waits.
    pub fn unbounded(name: impl Into<Name>) -> Queue<T> {
        Queue::new(name.into(), None, Items::first_in_first_out())
    }

    /// A queue whose last item is taken first, like a stack. `None`: without bound.
    ///
    /// ```
    /// use taskscope::runtime::Queue;
    ///
    /// let pages = Queue::lifo("pages", None);
    /// pages.try_put("front page").unwrap();
    /// pages.try_put("article").unwrap();
    /// assert_eq!(pages.try_take(), Ok("article"));
    /// ```
    pub fn lifo(name: impl Into<Name>, capacity: impl Into<Option<u64>>) -> Queue<T> {
        Queue::new(name.into(), capacity.into(), Items::last_in_first_out())
    }

    /// A queue whose largest item is taken first; of equal ones the one that
    /// was put first. `None`: without bound. For the smallest first, put [`std::cmp::Reverse`].
    ///
    /// Comparing two items must not use the queue.
    ///
    /// ```
    /// use taskscope::runtime::Queue;
    ///
    /// let calls = Queue::priority("calls", 10);
    /// for call in [(1, "question"), (9, "fire"), (1, "answer")] {
    ///     calls.try_put(call).unwrap();
    /// }
    /// assert_eq!(calls.try_take(), Ok((9, "fire")));
    /// ```
    pub fn priority(name: impl Into<Name>, capacity: impl Into<Option<u64>>) -> Queue<T>
    where
        T: Ord,
    {
        Queue::new(name.into(), capacity.into(), Items::largest_first())
    }

    fn new(name: Name, capacity: Option<u64>, items: Items<T>) -> Queue<T> {
        let inner = Inner {
            identity: Identity::new(ResourceKind::Queue, name, capacity),
            capacity,
            items: RefCell::new(items),
            closed: Cell::new(false),
            unfinished: Cell::new(0),
            peak: Cell::new(0),
            putters: Line::default(),
            takers: Line::default(),
            joiners: Line::default(),
        };
        Queue { inner: Rc::new(inner) }
    }

    /// Puts an item; waits while the queue is full.
    ///
    /// # Errors
    /// [`QueueClosed`] with the item, if the queue is closed before there was room.
    ///
    /// # Cancellation
    /// Dropping it while it waits drops the item with it; it was not put.
    ///
    /// # Panics
    /// Outside a run, where it has to wait.
    pub async fn put(&self, item: T) -> Result<(), QueueClosed<T>> {
        Ticket::new(Putting(self), item).await
    }

    /// Puts an item if there is room for it now and nobody waits for that. Never waits.
    ///
    /// # Errors
    /// [`TryPutError`] with the item.
    pub fn try_put(&self, item: T) -> Result<(), TryPutError<T>> {
        match Putting(self).try_serve(item) {
            Ok(put) => put.map_err(|QueueClosed(item)| TryPutError::Closed(item)),
            Err(item) => Err(TryPutError::Full(item)),
        }
    }

    /// Takes an item; waits while the queue is empty. `None` once it is closed and empty.
    ///
    /// # Cancellation
    /// An item that was handed over at the same instant goes to the next taker,
    /// or back to where it stood in the queue, which may hold one more than its capacity then.
    ///
    /// # Panics
    /// Outside a run, where it has to wait.
    pub async fn take(&self) -> Option<T> {
        let taken = Ticket::new(Taking(self), ()).await;
        taken.map(|numbered| numbered.item)
    }

    /// Takes an item if there is one now. Never waits.
    ///
    /// # Errors
    /// [`TryTakeError`], if nothing is inside.
    pub fn try_take(&self) -> Result<T, TryTakeError> {
        match Taking(self).try_serve(()) {
            Ok(Some(numbered)) => Ok(numbered.item),
            Ok(None) => Err(TryTakeError::Ended),
            Err(()) => Err(TryTakeError::Empty),
        }
    }

    /// Items as a stream, which ends when the queue is closed and empty.
    ///
    /// ```
    /// use futures::StreamExt;
    /// use taskscope::runtime::{Queue, block_on_virtual};
    ///
    /// let sum = block_on_virtual(async {
    ///     let numbers = Queue::unbounded("numbers");
    ///     for number in 1..=4 {
    ///         numbers.put(number).await?;
    ///     }
    ///     numbers.close();
    ///     Ok(numbers.stream().fold(0, async |sum, number| sum + number).await)
    /// });
    /// assert_eq!(sum.unwrap(), 10);
    /// ```
    pub fn stream(&self) -> QueueStream<'_, T> {
        QueueStream::new(self)
    }

    /// Says that an item that was taken is dealt with.
    ///
    /// # Errors
    /// [`DoneTooMany`] when more were done than were put.
    pub fn done(&self) -> Result<(), DoneTooMany> {
        self.finish(1)
    }

    /// Waits until every item that was put is done.
    ///
    /// # Cancellation
    /// Nothing is changed.
    ///
    /// # Panics
    /// Outside a run, where it has to wait.
    pub async fn join(&self) {
        Ticket::new(Joining(self), ()).await;
    }

    /// Closes the queue: puts fail, those that wait too; what is inside can
    /// still be taken, then takers see the end.
    pub fn close(&self) {
        self.inner.closed.set(true);
        while self.inner.putters.serve(|item| Err(QueueClosed(item))) {}
        if self.is_empty() {
            self.end_takers();
        }
    }

    /// Closes the queue and empties it: gives back everything that was put and
    /// not taken, in the order in which it would have been. Puts fail, those
    /// that wait too, each with its own item; takers see the end.
    ///
    /// What is given back counts as done. [`Queue::join`] waits on for what was taken before.
    ///
    /// ```
    /// use taskscope::runtime::{Queue, block_on_virtual};
    ///
    /// block_on_virtual(async {
    ///     let jobs = Queue::unbounded("jobs");
    ///     jobs.put("a").await?;
    ///     jobs.put("b").await?;
    ///     assert_eq!(jobs.abort(), ["a", "b"]);
    ///     assert_eq!(jobs.take().await, None);
    ///     jobs.join().await;
    ///     Ok(())
    /// })
    /// .unwrap();
    /// ```
    #[must_use = "it holds what nobody has taken"]
    pub fn abort(&self) -> Vec<T> {
        self.close();
        let undelivered = {
            let mut items = self.inner.items.borrow_mut();
            // What was handed over to takers that have not had their turn is not taken yet.
            self.inner.takers.for_each_served(|handed| {
                if let Some(numbered) = handed.take() {
                    items.insert(numbered);
                }
            });
            std::iter::from_fn(|| items.pop()).map(|numbered| numbered.item).collect::<Vec<T>>()
        };
        self.end_takers();
        // As many were put: there cannot be too many.
        let _ = self.finish(undelivered.len() as u64);
        undelivered
    }

    /// How many items are inside.
    pub fn len(&self) -> usize {
        self.inner.items.borrow().len()
    }

    /// Whether no item is inside.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether it was closed or aborted.
    pub fn is_closed(&self) -> bool {
        self.inner.closed.get()
    }

    /// Its numbers at this instant.
    pub fn statistics(&self) -> QueueStatistics {
        let inner = &self.inner;
        QueueStatistics {
            capacity: inner.capacity,
            len: self.len(),
            peak: inner.peak.get(),
            putting: inner.putters.len(),
            taking: inner.takers.len(),
            joining: inner.joiners.len(),
            unfinished: inner.unfinished.get(),
            closed: self.is_closed(),
        }
    }

    /// Makes the queue known to the run's observer; its first wait does it otherwise.
    ///
    /// # Panics
    /// Outside a run.
    pub fn announce(&self) {
        self.inner.identity.announce("Queue::announce");
    }

    /// Whether an item can be put now. A taker that waits takes it from the hand.
    fn has_room(&self) -> bool {
        let inside = || self.len() as u64;
        self.inner.capacity.is_none_or(|capacity| inside() < capacity) || self.inner.takers.len() > 0
    }

    /// An item has left: whoever waits to put may, in order.
    fn admit(&self) {
        let putters = &self.inner.putters;
        while putters.len() > 0 && self.has_room() {
            putters.serve(|item| {
                self.accept(item);
                Ok(())
            });
        }
    }

    fn accept(&self, item: T) {
        let numbered = self.count(item);
        self.hand_on(numbered);
    }

    fn count(&self, item: T) -> Numbered<T> {
        self.inner.unfinished.set(self.inner.unfinished.get() + 1);
        self.inner.items.borrow_mut().number(item)
    }

    /// Hands an item to the first taker, or keeps it.
    fn hand_on(&self, numbered: Numbered<T>) {
        let mut numbered = Some(numbered);
        self.inner.takers.serve(|()| numbered.take());
        let Some(numbered) = numbered else { return };
        let mut items = self.inner.items.borrow_mut();
        items.insert(numbered);
        self.inner.peak.set(self.inner.peak.get().max(items.len()));
    }

    fn end_takers(&self) {
        while self.inner.takers.serve(|()| None) {}
    }

    fn finish(&self, items: u64) -> Result<(), DoneTooMany> {
        let unfinished = self.inner.unfinished.get().checked_sub(items).ok_or(DoneTooMany)?;
        self.inner.unfinished.set(unfinished);
        if unfinished == 0 {
            while self.inner.joiners.serve(|()| ()) {}
        }
        Ok(())
    }
}
