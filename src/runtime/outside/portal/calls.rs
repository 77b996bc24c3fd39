//! The calls on their way into a run, between two threads.

use std::collections::VecDeque;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Waker};

use super::error::PortalError;
use crate::runtime::scope::handle::Scope;

/// So many calls of a portal may be under way, begun or not. It is there for a
/// thread that goes on spawning while the run cannot keep up; one that waits
/// for its calls never comes near.
pub const MAX_CALLS: usize = 10_000;

/// A call: where it arrives it spawns its task into the scope, and gives what watches that.
pub(super) type Call<C> =
    Box<dyn FnOnce(&Scope<'static>, Rc<C>, Counted) -> Pin<Box<dyn Future<Output = ()>>> + Send>;

/// The calls that nobody has served yet.
pub(super) struct Calls<C> {
    waiting: Mutex<Waiting<C>>,
    /// As many owners more than one as there are calls under way.
    under_way: Arc<()>,
}

struct Waiting<C> {
    calls: VecDeque<(Call<C>, Counted)>,
    server: Option<Waker>,
    closed: bool,
}

/// A call under way, until it is dropped.
pub(super) struct Counted {
    _one: Arc<()>,
}

/// What has come since the last look.
pub(super) struct Arrived<C> {
    pub(super) calls: VecDeque<(Call<C>, Counted)>,
    /// More may come.
    pub(super) open: bool,
}

impl<C> Calls<C> {
    pub(super) fn new() -> Calls<C> {
        let waiting = Waiting { calls: VecDeque::new(), server: None, closed: false };
        Calls { waiting: Mutex::new(waiting), under_way: Arc::default() }
    }

    fn lock(&self) -> MutexGuard<'_, Waiting<C>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn put(&self, call: Call<C>) -> Result<(), PortalError> {
        let mut waiting = self.lock();
        let refused = match () {
            () if waiting.closed => PortalError::Closed,
            // Counted under the lock, so that no two take the last place.
            () if Arc::strong_count(&self.under_way) > MAX_CALLS => PortalError::Full,
            () => {
                waiting.calls.push_back((call, Counted { _one: self.under_way.clone() }));
                wake(waiting);
                return Ok(());
            }
        };
        // Not while it is locked: dropping what a call brings along may run anything.
        drop(waiting);
        Err(refused)
    }

    /// What has come; whoever polls with `cx` is woken when there is more.
    pub(super) fn take(&self, cx: &Context<'_>) -> Arrived<C> {
        let mut waiting = self.lock();
        if !waiting.server.as_ref().is_some_and(|known| known.will_wake(cx.waker())) {
            waiting.server = Some(cx.waker().clone());
        }
        Arrived { calls: std::mem::take(&mut waiting.calls), open: !waiting.closed }
    }

    /// Takes no more; what has come is served.
    pub(super) fn close(&self) {
        let mut waiting = self.lock();
        waiting.closed = true;
        wake(waiting);
    }

    pub(super) fn is_closed(&self) -> bool {
        self.lock().closed
    }

    /// Nobody serves any more: whoever waits for what has come is let go. Says whether there could have been more to do.
    pub(super) fn abandon(&self) -> bool {
        let mut waiting = self.lock();
        let open = !std::mem::replace(&mut waiting.closed, true);
        let left = open || Arc::strong_count(&self.under_way) > 1;
        let calls = std::mem::take(&mut waiting.calls);
        let server = waiting.server.take();
        drop(waiting);
        drop(calls);
        drop(server);
        left
    }
}

/// Wakes the server once it is not locked out any more.
fn wake<C>(waiting: MutexGuard<'_, Waiting<C>>) {
    let server = waiting.server.clone();
    drop(waiting);
    if let Some(server) = server {
        server.wake();
    }
}

/// Closes when it is dropped.
pub(super) struct Closing<C>(pub(super) Arc<Calls<C>>);

impl<C> Drop for Closing<C> {
    fn drop(&mut self) {
        self.0.close();
    }
}
