//! Sharing the thread with the page: when to give it up, and getting it back.
//!
//! Wake-ups run in microtasks, and a page paints only between tasks, so an
//! executor that always finds something to do would starve it. After
//! [`SLICE_MS`] the executor yields: it posts itself a message and goes on when
//! the message arrives, which is a task of its own. Browsers put a frame that
//! is due between two messages. The other ways were worse: a timeout of zero is
//! held back by 4 ms once timeouts set each other (and by a second in a hidden
//! tab), an animation frame does not come at all in a hidden tab, and
//! `scheduler.yield` is not in every browser yet.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::task::Waker;

use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{MessageChannel, MessagePort};

use crate::host::browser::clock;

/// How long the executor holds the thread at a stretch: half a frame at 60 Hz,
/// which leaves the other half to input, layout and paint.
pub const SLICE_MS: f64 = 8.0;

/// Asking the clock costs about as much as a short turn, so it is asked once
/// in this many questions.
const CLOCK_EVERY: u32 = 8;

/// The thread as held by one executor. Dropping it closes the channel.
pub(super) struct Turns {
    held: Rc<Held>,
    there: MessagePort,
    here: MessagePort,
    _on_message: Closure<dyn FnMut()>,
}

/// From the first question after a task began until the next task.
#[derive(Default)]
struct Held {
    since_ms: Cell<Option<f64>>,
    /// A message is on its way, so the end of this task will be noticed.
    posted: Cell<bool>,
    /// Questions since the clock was asked.
    questions: Cell<u32>,
    waker: RefCell<Option<Waker>>,
}

impl Turns {
    /// Opens the channel.
    pub(super) fn new() -> Result<Turns, JsValue> {
        let channel = MessageChannel::new()?;
        let held = Rc::new(Held::default());
        let on_message = {
            let held = Rc::clone(&held);
            Closure::<dyn FnMut()>::new(move || {
                held.posted.set(false);
                held.since_ms.set(None);
                if let Some(waker) = held.waker.take() {
                    waker.wake();
                }
            })
        };
        let (here, there) = (channel.port1(), channel.port2());
        here.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        Ok(Turns { held, there, here, _on_message: on_message })
    }

    /// As `Host::must_yield`, but counting for itself.
    ///
    /// The stretch is measured from task to task, not from poll to poll: one
    /// promise that resolves another keeps an executor in microtasks for ever
    /// although each poll is a single turn.
    pub(super) fn must_yield(&self) -> bool {
        let questions = self.held.questions.get() + 1;
        if questions < CLOCK_EVERY && self.held.since_ms.get().is_some() {
            self.held.questions.set(questions);
            return false;
        }
        self.held.questions.set(0);
        let now_ms = clock::now_ms();
        now_ms - self.begin(now_ms) >= SLICE_MS
    }

    /// Notes that the thread is about to be held by `work`: the next question
    /// asks the clock.
    pub(super) fn begin_work(&self) {
        self.begin(clock::now_ms());
        self.held.questions.set(CLOCK_EVERY);
    }

    /// As `Host::yield_thread`. There is one executor, so one waker.
    pub(super) fn yield_thread(&self, waker: &Waker) {
        self.held.waker.replace(Some(waker.clone()));
        if !self.post() {
            // The browser would not take the message. Going on at once is the
            // lesser evil: the page stutters, but the run does not hang.
            self.held.since_ms.set(None);
            if let Some(waker) = self.held.waker.take() {
                waker.wake();
            }
        }
    }

    /// When the present stretch began.
    fn begin(&self, now_ms: f64) -> f64 {
        if let Some(since_ms) = self.held.since_ms.get() {
            return since_ms;
        }
        if self.post() {
            self.held.since_ms.set(Some(now_ms));
        }
        now_ms
    }

    /// Sees to it that a message arrives in a task after this one.
    fn post(&self) -> bool {
        let posted = self.held.posted.get() || self.there.post_message(&JsValue::NULL).is_ok();
        self.held.posted.set(posted);
        posted
    }
}

impl Drop for Turns {
    fn drop(&mut self) {
        self.here.set_onmessage(None);
        self.here.close();
        self.there.close();
    }
}
