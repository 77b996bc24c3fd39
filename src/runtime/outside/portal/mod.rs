//! A portal: other threads, and callbacks that cannot wait, get work done in a run.
//!
//! A run and all that belongs to it stay on one thread. What crosses is a
//! closure on the way in, which makes its future where it arrives, and its
//! result on the way out.

mod calls;
mod error;
mod serve;
mod task;

use std::future::Future;
use std::rc::Rc;
use std::sync::Arc;
use std::thread::{self, ThreadId};

use futures::channel::oneshot;

pub use calls::MAX_CALLS;
pub use error::PortalError;
pub use task::PortalTask;

use self::calls::{Call, Calls, Closing, Counted};
use self::serve::{serve, watch};
use crate::runtime::errors::error::Result;
use crate::runtime::errors::group::ErrorGroup;
use crate::runtime::scope::handle::{Scope, ScopeOptions};

/// Opens a scope that others can call into, from threads that know nothing of the run: `body` is given the [`Portal`]
/// to hand to them, and calls are served until it ends.
///
/// A run's queues, limiters and locks belong to its thread, and no closure that crosses to it can bring one along. So
/// the portal has a `context`: whatever the calls are to work with. Each is given a reference to it.
///
/// When `body` has ended the portal is closed: calls that came before are served to their end, later ones get
/// [`PortalError::Closed`], and the scope ends after the last.
///
/// # Errors
/// As [`scope`](crate::runtime::scope): those of `body`. An error or panic of a call is its caller's, and leaves the
/// portal and the other calls alone: who calls from a thread of its own can handle it there, and a failure of one
/// request is no reason to turn the next away.
///
/// # Cancellation
/// When it is cancelled or dropped, every call is cancelled where it waits, and its caller gets [`PortalError::Closed`]
/// at once; the block around waits for the calls' cleanups.
///
/// # Panics
/// Outside a run.
///
/// # Examples
/// A thread puts its findings into a queue of the run, and waits while that is full.
///
/// ```ignore-wasm32
/// use taskscope::runtime::{Queue, block_on_native, offload, portal, scope};
///
/// /// A plain function, perhaps a library's, that calls back.
/// fn walk(tree: &[u32], mut found: impl FnMut(u32)) {
///     tree.iter().for_each(|leaf| found(*leaf));
/// }
///
/// let sum = block_on_native(async {
///     let leaves = Queue::bounded("leaves", 1);
///     let sum = scope(async |s| {
///         s.spawn(async {
///             portal(leaves.clone(), async |portal| {
///                 let put = move |leaf| portal.call(async move |leaves| Ok(leaves.put(leaf).await?)).unwrap();
///                 offload(move || walk(&[1, 2, 3], put)).await?;
///                 leaves.close();
///                 Ok(())
///             })
///             .await?;
///             Ok(())
///         });
///         let mut sum = 0;
///         while let Some(leaf) = leaves.take().await {
///             sum += leaf;
///         }
///         Ok(sum)
///     })
///     .await?;
///     Ok(sum)
/// });
/// assert_eq!(sum.unwrap(), 6);
/// ```
pub async fn portal<C: 'static, T>(
    context: C,
    body: impl AsyncFnOnce(Portal<C>) -> Result<T>,
) -> std::result::Result<T, ErrorGroup> {
    let run = ScopeOptions::named("portal").run(async |s: Scope<'static>| {
        let calls = Arc::new(Calls::new());
        let _closes = Closing(calls.clone());
        let callers = Arc::new(Callers { calls: calls.clone(), thread: thread::current().id() });
        s.task(Some("calls".into())).spawn_owned(serve(calls, s.clone(), Rc::new(context)));
        body(Portal { callers }).await
    });
    run.await
}

/// The way into a [`portal`]. Send it to other threads, clone it.
///
/// When the last one is dropped nobody can call any more. Until then a run in which everybody waits is not stuck, since
/// a call may come.
///
/// In a browser there is one thread. There [`Portal::spawn`] serves callbacks, a button's for instance; [`Portal::call`]
/// always gives [`PortalError::SameThread`].
pub struct Portal<C = ()> {
    callers: Arc<Callers<C>>,
}

/// Shared by all handles of a portal.
struct Callers<C> {
    calls: Arc<Calls<C>>,
    /// Whoever blocks it waits for ever for what it has to do.
    thread: ThreadId,
}

impl<C> Drop for Callers<C> {
    fn drop(&mut self) {
        self.calls.close();
    }
}

impl<C> Clone for Portal<C> {
    fn clone(&self) -> Self {
        Portal { callers: self.callers.clone() }
    }
}

impl<C: 'static> Portal<C> {
    /// Has `work` done in the run and blocks this thread until its value is there. `work` becomes a task in the
    /// portal's scope; its future need not be `Send`.
    ///
    /// Nothing limits how long that takes: put a [`timeout`](crate::runtime::timeout) inside.
    ///
    /// # Errors
    /// [`PortalError`]. An error of `work` comes as a [`Report`](crate::runtime::Report), since errors of a run belong to
    /// its thread; one that the caller has to tell from others can be a part of the value.
    ///
    /// # Examples
    /// ```ignore-wasm32
    /// use std::time::Duration;
    /// use taskscope::runtime::{PortalError, block_on_native, offload, portal, sleep};
    ///
    /// let called = block_on_native(async {
    ///     let called = portal(20, async |portal| {
    ///         // Here, where the thread would wait for itself, it is refused.
    ///         assert!(matches!(portal.call(async |_| Ok(())), Err(PortalError::SameThread)));
    ///         let thread = move || {
    ///             portal.call(async |context| {
    ///                 sleep(Duration::from_millis(1)).await;
    ///                 Ok(context + 1)
    ///             })
    ///         };
    ///         Ok(offload(thread).await?)
    ///     });
    ///     Ok(called.await?)
    /// });
    /// assert_eq!(called.unwrap().unwrap(), 21);
    /// ```
    pub fn call<T: Send + 'static>(
        &self,
        work: impl AsyncFnOnce(&C) -> Result<T> + Send + 'static,
    ) -> std::result::Result<T, PortalError> {
        if thread::current().id() == self.callers.thread {
            return Err(PortalError::SameThread);
        }
        self.spawn(work)?.wait()
    }

    /// Has `work` done in the run, as [`Portal::call`] does, and does not wait: for callbacks, and for work whose end
    /// nobody waits for. It begins after what was asked for before.
    ///
    /// # Errors
    /// [`PortalError::Closed`], and [`PortalError::Full`].
    ///
    /// # Examples
    /// ```
    /// use taskscope::runtime::{Event, block_on_virtual, portal};
    ///
    /// block_on_virtual(async {
    ///     let clicked = Event::new("clicked");
    ///     portal(clicked.clone(), async |portal| {
    ///         let click = async |clicked: &Event| {
    ///             clicked.set();
    ///             Ok(())
    ///         };
    ///         let on_click = move || drop(portal.spawn(click));
    ///         on_click(); // from wherever callbacks come
    ///         clicked.wait().await;
    ///         Ok(())
    ///     })
    ///     .await?;
    ///     Ok(())
    /// })
    /// .unwrap();
    /// ```
    pub fn spawn<T: Send + 'static>(
        &self,
        work: impl AsyncFnOnce(&C) -> Result<T> + Send + 'static,
    ) -> std::result::Result<PortalTask<T>, PortalError> {
        let (answer, result) = oneshot::channel();
        let (cancel, cancelled) = oneshot::channel();
        let begin = move |scope: &Scope<'static>, context: Rc<C>, counted: Counted| {
            let working = async move { work(&context).await };
            let task = scope.task(Some("call".into())).quiet().spawn_owned(working);
            Box::pin(watch(task, answer, cancelled, counted)) as std::pin::Pin<Box<dyn Future<Output = ()>>>
        };
        let call: Call<C> = Box::new(begin);
        self.callers.calls.put(call)?;
        Ok(PortalTask::new(result, cancel, self.callers.thread))
    }

    /// Whether no further call is taken.
    pub fn is_closed(&self) -> bool {
        self.callers.calls.is_closed()
    }
}
