//! The handle of a call, on the thread that made it.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread, ThreadId};

use futures::channel::oneshot;

use super::error::PortalError;

/// Work that was given through a [`Portal`](super::Portal). Dropping it leaves the work alone; if that fails then and
/// nobody looks, the run tells of it as a [`Lint`](crate::runtime::Lint).
///
/// It can be awaited too, in any executor, for instance by a task of another run.
#[derive(Debug)]
pub struct PortalTask<T> {
    answer: oneshot::Receiver<Result<T, PortalError>>,
    cancel: Option<oneshot::Sender<()>>,
    thread: ThreadId,
}

impl<T> PortalTask<T> {
    pub(super) fn new(
        answer: oneshot::Receiver<Result<T, PortalError>>,
        cancel: oneshot::Sender<()>,
        thread: ThreadId,
    ) -> PortalTask<T> {
        PortalTask { answer, cancel: Some(cancel), thread }
    }

    /// Blocks this thread until the work has ended, with its cleanups, and gives its value.
    ///
    /// # Errors
    /// [`PortalError`]; [`PortalError::SameThread`] if the work has not ended and this is the run's thread, which would
    /// wait for itself. The work goes on then.
    pub fn wait(mut self) -> Result<T, PortalError> {
        match self.answer.try_recv() {
            Ok(None) if thread::current().id() == self.thread => Err(PortalError::SameThread),
            Ok(None) => block_until(&mut self),
            Ok(Some(result)) => result,
            Err(oneshot::Canceled) => Err(PortalError::Closed),
        }
    }

    /// Cancels the work; its value is then [`PortalError::Cancelled`], after its cleanups. No effect on work that has
    /// ended.
    ///
    /// ```
    /// use taskscope::runtime::{PortalError, block_on_virtual, portal};
    ///
    /// block_on_virtual(async {
    ///     portal((), async |portal| {
    ///         let mut endless = portal.spawn(async |()| Ok(std::future::pending::<()>().await)).unwrap();
    ///         endless.cancel();
    ///         assert!(matches!(endless.await, Err(PortalError::Cancelled)));
    ///         Ok(())
    ///     })
    ///     .await?;
    ///     Ok(())
    /// })
    /// .unwrap();
    /// ```
    pub fn cancel(&mut self) {
        if let Some(cancel) = self.cancel.take() {
            // An error: it has ended.
            let _ = cancel.send(());
        }
    }
}

impl<T> Future for PortalTask<T> {
    type Output = Result<T, PortalError>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        Pin::new(&mut self.answer).poll(cx).map(|answer| answer.unwrap_or(Err(PortalError::Closed)))
    }
}

/// Unlike an executor's own call for it, this one may be made from inside of any.
fn block_until<F: Future + Unpin>(future: &mut F) -> F::Output {
    let waker = Waker::from(Arc::new(Unpark(thread::current())));
    loop {
        if let Poll::Ready(value) = Pin::new(&mut *future).poll(&mut Context::from_waker(&waker)) {
            return value;
        }
        // It may return for other reasons, too.
        thread::park();
    }
}

struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}
