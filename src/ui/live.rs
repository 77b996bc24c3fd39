//! A live run on the browser's clock, owned by the page: dropping it ends it.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use futures::future::{AbortHandle, abortable};
use wasm_bindgen_futures::spawn_local;
use yew::Callback;

use crate::app::{Action, Recorder, State, is_over, live_run};
use crate::host::browser::{BrowserHost, BrowserOptions, WORKERS_LIMIT};

use super::frame::Frame;

/// A live run. Dropping it drops every task of it, and with them timers, requests and workers.
#[must_use = "dropping a live run ends it"]
pub struct LiveRun {
    abort: AbortHandle,
    cancel: Box<dyn Fn()>,
    _watch: Rc<Watch>,
}

impl LiveRun {
    /// Starts the run of the text that `state` holds. `send` hears what happens, once a frame.
    pub fn start(state: &State, number: u64, send: Callback<Action>) -> Option<LiveRun> {
        let plan = state.plan.as_ref()?;
        let options = BrowserOptions {
            seed: state.seed_in_use(),
            // The run itself admits as many as its text says.
            workers: WORKERS_LIMIT,
            allow_other_origins: state.fetch_answer == Some(true),
            ..BrowserOptions::default()
        };
        let host = match BrowserHost::new(options) {
            Ok(host) => Rc::new(host),
            Err(error) => {
                send.emit(Action::LiveFailed { run: number, reason: error.to_string() });
                return None;
            }
        };
        let (execution, recorder) = live_run(plan, host);
        let handle = execution.handle();
        let (execution, abort) = abortable(execution);
        spawn_local(async move {
            // Aborted or over: either way the recorder holds all there is to know.
            let _ = execution.await;
        });
        let watch = Rc::new(Watch { recorder, number, send, seen: Cell::new(0), frame: RefCell::new(None) });
        watch.wait();
        // False: the run is over already.
        let cancel = Box::new(move || {
            let _ = handle.cancel();
        });
        Some(LiveRun { abort, cancel, _watch: watch })
    }

    /// Asks the run to end: its tasks clean up first.
    pub fn cancel(&self) {
        (self.cancel)();
    }
}

impl Drop for LiveRun {
    fn drop(&mut self) {
        self.abort.abort();
    }
}

/// Reads what was recorded once a frame, however much happened between two.
struct Watch {
    recorder: Rc<Recorder>,
    number: u64,
    send: Callback<Action>,
    seen: Cell<usize>,
    frame: RefCell<Option<Frame>>,
}

impl Watch {
    fn wait(self: &Rc<Watch>) {
        // Weak: a frame in flight must not keep a run that was dropped.
        let watch = Rc::downgrade(self);
        let frame = Frame::request(move |_| {
            if let Some(watch) = watch.upgrade() {
                watch.look();
            }
        });
        drop(self.frame.replace(frame));
    }

    fn look(self: &Rc<Watch>) {
        let events = self.recorder.since(self.seen.get());
        self.seen.set(self.seen.get() + events.len());
        let over = events.last().is_some_and(is_over);
        if !events.is_empty() {
            self.send.emit(Action::LiveEvents { run: self.number, events });
        }
        if !over {
            self.wait();
        }
    }
}
