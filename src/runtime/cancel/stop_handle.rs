//! A request to stop that comes from another thread.

use std::sync::Arc;
use std::time::Duration;

use crate::runtime::executor::run::RunHandle;
use crate::runtime::executor::wake::Inbox;

/// Asks a run to stop, from any thread: for whoever handles Ctrl-C or a service manager's signal. See
/// [`RunHandle::stop_handle`].
///
/// It keeps nothing of the run alive. After the run's end it has no effect.
#[derive(Clone)]
pub struct StopHandle {
    inbox: Arc<Inbox>,
}

impl StopHandle {
    /// What [`RunHandle::request_stop`] does, as soon as the run is given its thread again. The `grace` counts from then.
    /// Of several requests the shortest grace holds.
    pub fn request_stop(&self, grace: Option<Duration>) {
        self.inbox.ask_to_stop(grace.unwrap_or(Duration::MAX));
    }
}

impl RunHandle {
    /// A handle to ask for a graceful stop from another thread.
    ///
    /// A run in which everybody waits for [`stop_requested`](crate::runtime::stop_requested) and nothing else is stuck,
    /// unless it is an [open](crate::runtime::Run::open_world) one, as that of
    /// [`block_on_native`](crate::runtime::block_on_native) is.
    ///
    /// ```ignore-wasm32
    /// use std::time::Duration;
    /// use taskscope::runtime::{RunHandle, block_on_native, scope, sleep, stop_requested};
    ///
    /// # struct Ctrlc(std::sync::mpsc::Sender<Box<dyn Fn() + Send>>);
    /// # let (set, handler) = std::sync::mpsc::channel::<Box<dyn Fn() + Send>>();
    /// # let user = std::thread::spawn(move || handler.recv().unwrap()());
    /// # let ctrlc = Ctrlc(set);
    /// # impl Ctrlc { fn set_handler(&self, handler: impl Fn() + Send + 'static) { self.0.send(Box::new(handler)).unwrap() } }
    /// let served = block_on_native(async {
    ///     let stop = RunHandle::current().stop_handle();
    ///     // Called in a thread of its own, as the crate `ctrlc` does.
    ///     ctrlc.set_handler(move || stop.request_stop(Some(Duration::from_secs(10))));
    ///     stop_requested().await;
    ///     sleep(Duration::from_millis(1)).await; // finish what was begun
    ///     Ok("goodbye")
    /// });
    /// assert_eq!(served.unwrap(), "goodbye");
    /// # user.join().unwrap();
    /// ```
    pub fn stop_handle(&self) -> StopHandle {
        StopHandle { inbox: self.core.inbox().clone() }
    }

    /// Does what a [`StopHandle`] asked for meanwhile.
    pub(crate) fn stop_if_asked(&self) {
        if let Some(grace) = self.core.inbox().take_stop() {
            self.request_stop((grace < Duration::MAX).then_some(grace));
        }
    }
}
