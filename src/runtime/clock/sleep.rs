//! Waiting for an instant.

use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};
use std::time::Duration;

use crate::event::{Event, Wait};
use crate::ids::TaskId;
use crate::span::Span;
use crate::time::Time;

use crate::runtime::executor::core::Core;
use crate::runtime::executor::timers::{Class, TimerKey};
use crate::runtime::executor::wake::Wakeup;
use crate::runtime::explain::wait::Waiting;

/// The current run's time: since it began.
///
/// # Panics
/// Outside a run.
pub fn now() -> Time {
    Core::expect_current("now").now()
}

/// The number of the current task.
///
/// # Panics
/// Outside a run.
pub fn current_task() -> TaskId {
    Core::expect_current("current_task").task().id
}

/// The next random number of the run, evenly spread over all of `u64`; the
/// same for the same seed and the same draws before.
///
/// # Panics
/// Outside a run.
pub fn random() -> u64 {
    Core::expect_current("random").host.random()
}

/// Waits for `length`. Zero lets every other ready task have a turn first.
///
/// # Cancellation
/// Dropping it takes the timer back; nothing else happens.
///
/// # Panics
/// Outside a run, when polled.
///
/// ```
/// use std::time::Duration;
/// use taskscope::runtime::{block_on_virtual, now, sleep};
///
/// block_on_virtual(async {
///     sleep(Duration::from_millis(250)).await;
///     assert_eq!(now().as_us(), 250_000);
///     Ok(())
/// })
/// .unwrap();
/// ```
pub fn sleep(length: Duration) -> Sleep {
    Sleep { target: SleepTarget::For(length), timer: None }
}

/// Waits until `instant`; at once if that is past, after a turn for the others.
///
/// # Cancellation
/// As [`sleep`].
pub fn sleep_until(instant: Time) -> Sleep {
    Sleep { target: SleepTarget::Until(instant), timer: None }
}

/// As [`sleep`], for what happens outside the tasks: nobody counts as waiting,
/// and at one instant it comes before every deadline and timer.
///
/// # Cancellation
/// As [`sleep`].
pub fn outside_sleep(length: Duration) -> impl Future<Output = ()> {
    let mut timer = None;
    std::future::poll_fn(move |cx| {
        let timer = timer.get_or_insert_with(|| {
            let core = Core::expect_current("sleep");
            let at = core.now() + length;
            Timer::new(core, at, Class::Outside, cx)
        });
        timer.poll(cx)
    })
}

#[derive(Clone, Copy)]
enum SleepTarget {
    For(Duration),
    Until(Time),
}

/// The future of [`sleep`].
#[must_use = "a sleep does nothing unless it is awaited"]
pub struct Sleep {
    target: SleepTarget,
    timer: Option<Timer>,
}

impl Future for Sleep {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let target = self.target;
        let timer = self.timer.get_or_insert_with(|| {
            let core = Core::expect_current("sleep");
            let at = match target {
                SleepTarget::For(length) => core.now() + length,
                SleepTarget::Until(instant) => instant,
            };
            let mut timer = Timer::new(core, at, Class::Timer, cx);
            timer.waiting = Some(Waiting::start(&timer.core, Wait::Timer { until: at }));
            timer
        });
        let poll = timer.poll(cx);
        if poll.is_ready() {
            self.timer = None;
        }
        poll
    }
}

/// One entry of the deadline heap as an owned value: dropping it takes it back.
pub(crate) struct Timer {
    core: Rc<Core>,
    key: TimerKey,
    waiting: Option<Waiting>,
}

impl Timer {
    pub(crate) fn new(core: Rc<Core>, at: Time, class: Class, cx: &Context<'_>) -> Timer {
        let wakeup = Wakeup::new(&core, cx);
        let key = core.set_timer(at, class, wakeup);
        Timer { core, key, waiting: None }
    }

    /// Ready once it has come up.
    pub(crate) fn poll(&mut self, cx: &Context<'_>) -> Poll<()> {
        match self.core.timers.borrow_mut().wakeup(self.key) {
            None => Poll::Ready(()),
            Some(wakeup) => {
                wakeup.update(&self.core, cx);
                Poll::Pending
            }
        }
    }
}

impl Drop for Timer {
    fn drop(&mut self) {
        self.core.timers.borrow_mut().remove(self.key);
    }
}

/// Holds the loop for `length`, as a long computation would: nothing else runs.
/// In virtual time the clock moves on by so much.
///
/// # Panics
/// Outside a run.
pub fn work(length: Duration) {
    let core = Core::expect_current("work");
    let task = core.task().id;
    core.emit(|| Event::WorkStart { task, span: core.span() });
    core.host.work(length);
    core.emit(|| Event::WorkEnd { task });
}

/// Says where in a source text the current task is; the events of this turn carry it from now on.
///
/// # Panics
/// Outside a run.
pub fn at_span(span: Span) {
    Core::expect_current("at_span").set_span(Some(span));
}
