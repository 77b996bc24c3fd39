//! A limit for the wait for each item of a stream.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use futures::Stream;
use pin_project_lite::pin_project;

use crate::runtime::clock::sleep::Timer;
use crate::runtime::clock::timeout::Elapsed;
use crate::runtime::executor::core::Core;
use crate::runtime::executor::timers::Class;

/// The innermost of all deadlines: a timeout around the reader comes first at its instant.
const INNERMOST: Class = Class::Deadline(u32::MAX);

pin_project! {
    /// See [`ScopeStreamExt::timeout_each`](crate::runtime::ScopeStreamExt::timeout_each).
    #[must_use = "a stream does nothing unless it is read"]
    pub struct TimeoutEach<S> {
        #[pin]
        items: S,
        length: Duration,
        timer: Option<Timer>,
    }
}

impl<S> TimeoutEach<S> {
    pub(super) fn new(items: S, length: Duration) -> TimeoutEach<S> {
        TimeoutEach { items, length, timer: None }
    }
}

impl<S: Stream> Stream for TimeoutEach<S> {
    type Item = Result<S::Item, Elapsed>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = self.project();
        // Looked at before the items: at one instant the deadline wins.
        if this.timer.as_mut().is_some_and(|timer| timer.poll(cx).is_ready()) {
            *this.timer = None;
            let elapsed = Elapsed { length: Some(*this.length), cleanup_errors: Vec::new() };
            return Poll::Ready(Some(Err(elapsed)));
        }
        if let Poll::Ready(item) = this.items.poll_next(cx) {
            *this.timer = None;
            return Poll::Ready(item.map(Ok));
        }
        this.timer.get_or_insert_with(|| {
            let core = Core::expect_current("timeout_each");
            let at = core.now() + *this.length;
            Timer::new(core, at, INNERMOST, cx)
        });
        Poll::Pending
    }
}
