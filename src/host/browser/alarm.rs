//! The one browser timeout of a run.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use gloo_timers::callback::Timeout;

use crate::time::Time;

/// Browsers keep a delay in 31 bits and fire at once beyond; 24.8 days.
const TIMEOUT_LIMIT_MS: u32 = i32::MAX as u32;

/// The delay to ask of the browser for a wait of `length`: whole milliseconds,
/// rounded up so as not to fire early, and no more than a browser can take.
/// A longer wait is asked for again when this much of it has passed.
pub fn timeout_ms(length: Duration) -> u32 {
    let ms = length.as_micros().div_ceil(1000);
    u32::try_from(ms).unwrap_or(u32::MAX).min(TIMEOUT_LIMIT_MS)
}

/// Wakes its waiter at one instant, never before. Dropping it, or asking for
/// another instant, takes the browser's timeout away.
#[derive(Default)]
pub(super) struct Alarm {
    timeout: RefCell<Option<Timeout>>,
    set: Rc<Set>,
}

#[derive(Default)]
struct Set {
    /// What the outstanding timeout is for; `None` once it fired.
    at: Cell<Option<Time>>,
    waker: RefCell<Option<Waker>>,
}

impl Alarm {
    /// As `Host::poll_alarm`, at `now`.
    ///
    /// A timeout that fires early (some browsers round), or that was one part
    /// of a long wait, wakes the waiter, who asks again and is set again.
    pub(super) fn poll(&self, at: Option<Time>, now: Time, cx: &mut Context<'_>) -> Poll<()> {
        let Some(at) = at else {
            self.clear();
            return Poll::Pending;
        };
        if now >= at {
            self.clear();
            return Poll::Ready(());
        }
        self.set.waker.replace(Some(cx.waker().clone()));
        if self.set.at.get() != Some(at) {
            self.set.at.set(Some(at));
            let set = Rc::clone(&self.set);
            let timeout = Timeout::new(timeout_ms(at.since(now)), move || {
                set.at.set(None);
                if let Some(waker) = set.waker.take() {
                    waker.wake();
                }
            });
            self.timeout.replace(Some(timeout));
        }
        Poll::Pending
    }

    fn clear(&self) {
        self.timeout.replace(None);
        self.set.at.set(None);
        self.set.waker.replace(None);
    }
}
