//! A queue as a stream.

use std::pin::Pin;
use std::task::{Context, Poll};

use futures::Stream;

use super::Queue;
use super::ends::Taking;
use crate::runtime::sync::ticket::Ticket;

/// The stream of [`Queue::stream`]: takes one item at a time.
///
/// # Cancellation
/// Dropping it gives up its place among the takers; an item that was handed to
/// it and not yielded goes back to the queue.
#[must_use = "a stream takes nothing unless it is polled"]
pub struct QueueStream<'q, T> {
    queue: &'q Queue<T>,
    taking: Option<Ticket<Taking<'q, T>>>,
}

impl<'q, T> QueueStream<'q, T> {
    pub(super) fn new(queue: &'q Queue<T>) -> Self {
        QueueStream { queue, taking: None }
    }
}

impl<T> Stream for QueueStream<'_, T> {
    type Item = T;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<T>> {
        let queue = self.queue;
        let taking = self.taking.get_or_insert_with(|| Ticket::new(Taking(queue), ()));
        let taken = std::task::ready!(Pin::new(taking).poll(cx));
        self.taking = None;
        Poll::Ready(taken.map(|numbered| numbered.item))
    }
}
