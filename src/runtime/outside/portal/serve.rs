//! The task that serves a portal's calls, and who watches each of them.

use std::future::Future;
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::sync::Arc;
use std::task::Poll;

use futures::channel::oneshot;
use futures::stream::{FuturesUnordered, StreamExt};

use super::calls::{Calls, Counted};
use super::error::PortalError;
use crate::event::Wait;
use crate::runtime::errors::error::Result;
use crate::runtime::errors::report::Report;
use crate::runtime::errors::task_error::TaskError;
use crate::runtime::executor::core::Core;
use crate::runtime::explain::wait::Waiting;
use crate::runtime::outside::outstanding::Outstanding;
use crate::runtime::scope::handle::Scope;
use crate::runtime::scope::task::Task;

/// Lets those go whose calls were not served to their end. The calls themselves end with the scope; if the task that
/// serves was cancelled alone, as a test does that interrupts everywhere, it takes the scope along.
struct Serving<C> {
    calls: Arc<Calls<C>>,
    scope: Scope<'static>,
    core: Rc<Core>,
}

impl<C> Drop for Serving<C> {
    fn drop(&mut self) {
        // Without calls that are under way it has come to its end. In a run that is gone there is nothing to cancel.
        if self.calls.abandon() && !self.core.stopped.get() {
            self.scope.cancel();
        }
    }
}

/// Begins each call that comes, and ends when no more can come and all have ended.
pub(super) async fn serve<C: 'static>(
    calls: Arc<Calls<C>>,
    scope: Scope<'static>,
    context: Rc<C>,
) -> Result<()> {
    let core = Core::expect_current("portal");
    // Dropped last: whoever is in it counts as under way.
    let mut watched: FuturesUnordered<Pin<Box<dyn Future<Output = ()>>>> = FuturesUnordered::new();
    let serving = Serving { calls, scope, core: core.clone() };
    // As long as somebody may call, the run is not stuck.
    let mut callable = Some((Outstanding::new(&core), Waiting::start(&core, Wait::Other("calls".into()))));
    std::future::poll_fn(|cx| {
        let arrived = serving.calls.take(cx);
        watched.extend(
            arrived.calls.into_iter().map(|(call, counted)| call(&serving.scope, context.clone(), counted)),
        );
        if !arrived.open {
            callable = None;
        }
        while let Poll::Ready(Some(())) = watched.poll_next_unpin(cx) {}
        if arrived.open || !watched.is_empty() { Poll::Pending } else { Poll::Ready(Ok(())) }
    })
    .await
}

/// Waits for the end of a call's task and answers its caller; cancels it where the caller asks.
pub(super) async fn watch<T>(
    task: Task<T>,
    answer: oneshot::Sender<std::result::Result<T, PortalError>>,
    cancelled: oneshot::Receiver<()>,
    _counted: Counted,
) {
    let mut cancelled = Some(cancelled);
    let mut ended = task.clone();
    let mut cancelled_by_caller = false;
    std::future::poll_fn(|cx| {
        // An error: the caller dropped its handle, and lets the work go on.
        if let Some(asked) = &mut cancelled
            && let Poll::Ready(asked) = pin!(asked).poll(cx)
        {
            cancelled = None;
            cancelled_by_caller = asked.is_ok() && task.cancel();
        }
        ended.poll_settled(cx)
    })
    .await;
    // Where nobody listens the error stays unread, and the run tells of it as a lint.
    if answer.is_canceled() {
        return;
    }
    let result = match task.try_take() {
        Some(Ok(value)) => Ok(value),
        Some(Err(TaskError::Failed(error))) => Err(PortalError::Failed(Report::from(error))),
        _ if cancelled_by_caller => Err(PortalError::Cancelled),
        _ => Err(PortalError::Closed),
    };
    // The caller may have gone meanwhile.
    let _ = answer.send(result);
}
