//! Items of a stream by the batch: so many, or what comes within a while.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use futures::Stream;
use pin_project_lite::pin_project;

use crate::runtime::clock::sleep::Timer;
use crate::runtime::executor::core::Core;
use crate::runtime::executor::timers::Class;

pin_project! {
    /// See [`ScopeStreamExt::batches`](crate::runtime::ScopeStreamExt::batches).
    #[must_use = "a stream does nothing unless it is read"]
    pub struct Batches<S: Stream> {
        #[pin]
        items: S,
        most: usize,
        within: Duration,
        batch: Vec<S::Item>,
        timer: Option<Timer>,
        over: bool,
    }
}

impl<S: Stream> Batches<S> {
    pub(super) fn new(items: S, most: usize, within: Duration) -> Batches<S> {
        Batches { items, most: most.max(1), within, batch: Vec::new(), timer: None, over: false }
    }
}

impl<S: Stream> Stream for Batches<S> {
    type Item = Vec<S::Item>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Vec<S::Item>>> {
        let mut this = self.project();
        while this.batch.len() < *this.most && !*this.over {
            match this.items.as_mut().poll_next(cx) {
                Poll::Ready(Some(item)) => this.batch.push(item),
                Poll::Ready(None) => *this.over = true,
                Poll::Pending if this.batch.is_empty() => return Poll::Pending,
                Poll::Pending => {
                    let timer = this.timer.get_or_insert_with(|| {
                        let core = Core::expect_current("batches");
                        let at = core.now() + *this.within;
                        Timer::new(core, at, Class::Timer, cx)
                    });
                    std::task::ready!(timer.poll(cx));
                    break;
                }
            }
        }
        *this.timer = None;
        let batch = std::mem::take(this.batch);
        Poll::Ready((!batch.is_empty()).then_some(batch))
    }
}
