//! A tick every so often, at a fixed rate.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use futures::Stream;

use crate::runtime::clock::sleep::{Sleep, now, sleep_until};
use crate::time::{Time, whole_us};

/// Ticks at once, counted from the first wait, and then every `period`: at
/// 0, 1, 2, … periods, however long the work between two ticks takes.
///
/// What becomes of ticks that came due while the reader was busy is said by
/// [`Interval::missed`]; without a word they are [skipped](MissedTicks::Skip).
/// Each tick lets every other ready task have a turn first. It never ends.
///
/// # Panics
/// If `period` is zero.
///
/// ```
/// use std::time::Duration;
/// use taskscope::runtime::{block_on_virtual, interval, now, sleep};
///
/// block_on_virtual(async {
///     let mut ticks = interval(Duration::from_secs(1));
///     let mut seen = Vec::new();
///     for _ in 0..3 {
///         seen.push(ticks.tick().await.as_us());
///         sleep(Duration::from_millis(300)).await; // does not shift the next tick
///     }
///     assert_eq!(seen, [0, 1_000_000, 2_000_000]);
///     Ok(())
/// })
/// .unwrap();
/// ```
#[track_caller]
pub fn interval(period: Duration) -> Interval {
    Interval::new(None, period)
}

/// As [`interval`], with the first tick at `start`; at once if that is past.
///
/// # Panics
/// If `period` is zero.
#[track_caller]
pub fn interval_at(start: Time, period: Duration) -> Interval {
    Interval::new(Some(start), period)
}

/// What becomes of ticks that came due while nobody waited for one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MissedTicks {
    /// They are left out, and the next tick is the next one of the original
    /// rate: a reader that is late once is in step again. As timers of browsers
    /// do; also the only one that is safe where a page in the background sleeps.
    #[default]
    Skip,
    /// They are made up for, one right after the other: as many ticks as time has passed.
    Burst,
    /// The rate begins anew at the late tick: at least a period between two ticks.
    Delay,
}

/// The ticks of [`interval`]: a stream of the instants at which they were due.
///
/// # Cancellation
/// A wait that is dropped takes no tick: the next wait gets it.
#[must_use = "an interval does nothing unless it is awaited"]
pub struct Interval {
    period: Duration,
    missed: MissedTicks,
    /// When the next tick is due; none before the first wait of one that begins at once.
    next: Option<Time>,
    sleep: Option<Sleep>,
}

impl Interval {
    #[track_caller]
    fn new(next: Option<Time>, period: Duration) -> Interval {
        assert!(!period.is_zero(), "an interval needs a period longer than zero");
        Interval { period, missed: MissedTicks::default(), next, sleep: None }
    }

    /// Says what becomes of missed ticks.
    pub fn missed(mut self, policy: MissedTicks) -> Interval {
        self.missed = policy;
        self
    }

    /// Waits for the next tick and gives the instant at which it was due.
    ///
    /// # Cancellation
    /// The tick is not taken.
    ///
    /// # Panics
    /// Outside a run.
    pub async fn tick(&mut self) -> Time {
        std::future::poll_fn(|cx| self.poll_tick(cx)).await
    }

    /// Begins anew: the next tick comes a period from now.
    ///
    /// # Panics
    /// Outside a run.
    pub fn reset(&mut self) {
        self.next = Some(now() + self.period);
        self.sleep = None;
    }

    fn poll_tick(&mut self, cx: &mut Context<'_>) -> Poll<Time> {
        let due = *self.next.get_or_insert_with(now);
        let sleep = self.sleep.get_or_insert_with(|| sleep_until(due));
        std::task::ready!(Pin::new(sleep).poll(cx));
        self.sleep = None;
        let now = now();
        self.next = Some(match self.missed {
            MissedTicks::Burst => due + self.period,
            MissedTicks::Delay => now + self.period,
            MissedTicks::Skip => {
                let period_us = whole_us(self.period);
                let passed = whole_us(now.since(due)) / period_us + 1;
                Time::from_us(due.as_us().saturating_add(passed.saturating_mul(period_us)))
            }
        });
        Poll::Ready(due)
    }
}

impl Stream for Interval {
    type Item = Time;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Time>> {
        self.poll_tick(cx).map(Some)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (usize::MAX, None)
    }
}
