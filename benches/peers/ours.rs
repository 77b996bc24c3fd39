//! Taskscope: one run of virtual time for each measurement.

use std::future::Future;
use std::rc::Rc;

use taskscope::event::Observer;
use taskscope::host::sim::SimHost;
use taskscope::runtime::{Result, Run, block_on};
use taskscope::trace::Recorder;

/// Who listens to the run.
#[derive(Clone, Copy)]
pub enum Watch {
    /// Nobody: tracing is off.
    Nobody,
    /// The crate's recorder, which keeps every event.
    Recorder,
}

/// Events that the recorder has room for: more than any workload of the size that it is given has.
const EVENTS: usize = 10_000_000;

/// Runs `main` to its end.
pub fn drive<'main, T: 'main>(watch: Watch, main: impl Future<Output = Result<T>> + 'main) -> T {
    let host = Rc::new(SimHost::new(0));
    match watch {
        Watch::Nobody => block_on(Run::new(host, main)).expect("the run ends well"),
        Watch::Recorder => {
            let recorder = Rc::new(Recorder::new(EVENTS));
            let observer: Rc<dyn Observer> = recorder.clone();
            let value = block_on(Run::with_observer(host, Some(observer), main)).expect("the run ends well");
            assert!(!recorder.is_empty() && !recorder.is_full(), "every event is recorded");
            value
        }
    }
}
