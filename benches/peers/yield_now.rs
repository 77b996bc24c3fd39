//! The one way in which the tasks of every peer let the others have a turn.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

/// Wakes its own task and is ready at the next poll. tokio's own does more at each turn, so this is in its favour.
pub fn yield_now() -> YieldNow {
    YieldNow { polled: false }
}

/// See [`yield_now`].
#[must_use = "a future does nothing unless it is awaited"]
pub struct YieldNow {
    polled: bool,
}

impl Future for YieldNow {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        if self.polled {
            return Poll::Ready(());
        }
        self.polled = true;
        cx.waker().wake_by_ref();
        Poll::Pending
    }
}
