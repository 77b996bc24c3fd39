//! The cooperative stop: asked for first, enforced when the grace is spent.
//!
//! Cancelling drops a task where it waits: always safe, never polite. A server
//! would rather accept no more, finish what it has begun, and go. It looks for
//! the request; who does not look is cancelled when the grace is spent.

use std::cell::{Cell, OnceCell};
use std::rc::Rc;
use std::time::Duration;

use crate::event::Reason;
use crate::time::Time;

use crate::runtime::executor::core::Core;
use crate::runtime::executor::entry::TaskRef;
use crate::runtime::executor::run::RunHandle;
use crate::runtime::sync::event::Event;

/// Waits until the run is asked to stop by [`RunHandle::request_stop`]; at once if it was.
///
/// A run in which everybody waits for this and nothing else is stuck, unless it
/// is an [open](crate::runtime::Run::open_world) one, which the request may reach from outside.
///
/// # Cancellation
/// Nothing is changed.
///
/// # Panics
/// Outside a run, when polled.
///
/// ```
/// use std::time::Duration;
/// use taskscope::runtime::{Queue, RunHandle, block_on_virtual, now, scope, sleep, stop_requested};
///
/// let served = block_on_virtual(async {
///     let jobs = Queue::bounded("jobs", 2);
///     let served = scope(async |s| {
///         s.spawn(async {
///             stop_requested().await;
///             jobs.close(); // accept no more, finish what is there
///             Ok(())
///         });
///         s.spawn(async {
///             while jobs.put("job").await.is_ok() {}
///             Ok(())
///         });
///         s.spawn(async {
///             sleep(Duration::from_secs(3)).await; // somebody presses Ctrl-C
///             RunHandle::current().request_stop(Some(Duration::from_secs(10)));
///             Ok(())
///         });
///         let mut served = 0;
///         while let Some(_job) = jobs.take().await {
///             sleep(Duration::from_secs(2)).await;
///             served += 1;
///         }
///         Ok(served)
///     })
///     .await?;
///     assert_eq!(now().as_us(), 8_000_000, "the two in the queue were served");
///     Ok(served)
/// });
/// assert_eq!(served.unwrap(), 4);
/// ```
pub async fn stop_requested() {
    let signal = Core::expect_current("stop_requested").stop_request.signal().clone();
    signal.wait().await;
}

/// Whether the run was asked to stop by [`RunHandle::request_stop`]: for loops that hold no wait to break off.
///
/// # Panics
/// Outside a run.
pub fn is_stop_requested() -> bool {
    Core::expect_current("is_stop_requested").stop_request.requested.get()
}

impl RunHandle {
    /// Asks the run to stop by itself: whoever waits for [`stop_requested`] goes
    /// on and can finish in its own way. If the root has not ended when the
    /// `grace` is spent it is cancelled, as by [`RunHandle::cancel`]: with
    /// cleanups. Without a grace the run takes as long as it needs.
    ///
    /// Asked again, it only brings the end of the grace forward, so that a
    /// second Ctrl-C may pass zero. Says false, and does nothing, if the root
    /// has ended or was cancelled before.
    ///
    /// A signal is the program's business. Wait for one in a task, with any crate
    /// whose future for it needs no other runtime, and call this; a handler that
    /// has a thread of its own uses [`RunHandle::stop_handle`]. It counts in [`effective_deadline`](crate::runtime::effective_deadline).
    pub fn request_stop(&self, grace: Option<Duration>) -> bool {
        let core = &self.core;
        let asked = core.tasks.borrow().get(self.root).is_some_and(|root| root.cancel.is_none());
        if asked {
            let _visit = core.visit();
            let due = grace.map(|grace| core.now() + grace);
            due.into_iter().for_each(|at| core.expect_due(at));
            core.stop_request.ask(due, self.root);
        }
        asked
    }
}

/// What a run knows of the request.
#[derive(Default)]
pub(crate) struct StopRequest {
    requested: Cell<bool>,
    /// When the grace is spent, and who is cancelled then.
    due: Cell<Option<(Time, TaskRef)>>,
    signal: OnceCell<Event>,
}

impl StopRequest {
    /// Made when first needed: a run without a graceful stop does not show it.
    fn signal(&self) -> &Event {
        self.signal.get_or_init(|| {
            let signal = Event::new("stop requested");
            if self.requested.get() {
                signal.set();
            }
            signal
        })
    }

    fn ask(&self, due: Option<Time>, root: TaskRef) {
        let sooner = self.due_at().into_iter().chain(due).min();
        self.due.set(sooner.map(|at| (at, root)));
        self.requested.set(true);
        if let Some(signal) = self.signal.get() {
            signal.set();
        }
    }

    /// When the grace is spent.
    pub(crate) fn due_at(&self) -> Option<Time> {
        self.due.get().map(|(at, _)| at)
    }

    /// Cancels the root if the grace is spent.
    pub(crate) fn enforce(&self, core: &Rc<Core>) {
        if let Some((_, root)) = self.due.get().filter(|(at, _)| *at <= core.now()) {
            self.due.set(None);
            core.cancel(root, Reason::Shutdown);
        }
    }
}
