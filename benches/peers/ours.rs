//! Taskscope: one run for each measurement.

use std::future::Future;
use std::rc::Rc;

use taskscope::event::Observer;
use taskscope::host::sim::SimHost;
use taskscope::runtime::{Result, Run, block_on};
use taskscope::trace::Recorder;

/// Events that the recorder has room for: more than any workload of the size that it is given has.
const EVENTS: usize = 10_000_000;

/// Runs `main` to its end in virtual time, with nobody listening.
pub fn drive<'main, T: 'main>(main: impl Future<Output = Result<T>> + 'main) -> T {
    block_on(Run::new(Rc::new(SimHost::new(0)), main)).expect("the run ends well")
}

/// The same with the crate's recorder, which keeps every event.
pub fn drive_recorded<'main, T: 'main>(main: impl Future<Output = Result<T>> + 'main) -> T {
    let recorder = Rc::new(Recorder::new(EVENTS));
    let observer: Rc<dyn Observer> = recorder.clone();
    let run = Run::with_observer(Rc::new(SimHost::new(0)), Some(observer), main);
    let value = block_on(run).expect("the run ends well");
    assert!(!recorder.is_empty() && !recorder.is_full(), "every event is recorded");
    value
}

/// The same on the browser's own clock and in its turns, where the page goes on living.
#[cfg(target_arch = "wasm32")]
pub async fn drive_in_page<T: 'static>(main: impl Future<Output = Result<T>> + 'static) -> T {
    use taskscope::host::browser::{BrowserHost, BrowserOptions};

    let host = BrowserHost::new(BrowserOptions::default()).expect("a browser");
    Run::new(Rc::new(host), main).await.expect("the run ends well")
}
