//! The pauses between attempts: growing, capped, spread by chance.

use std::time::Duration;

use crate::runtime::clock::sleep::random;
use crate::time::whole_us;

/// The pauses between attempts.
///
/// ```
/// use std::time::Duration;
/// use taskscope::runtime::Backoff;
///
/// let ms = Duration::from_millis;
/// let backoff = Backoff::exponential(ms(100)).cap(ms(500)).jitter();
/// assert_eq!(backoff, Backoff { first: ms(100), cap: ms(500), jitter: true });
/// let longest: Vec<Duration> = (1..=4).map(|attempt| backoff.longest(attempt)).collect();
/// assert_eq!(longest, [ms(100), ms(200), ms(400), ms(500)]);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Backoff {
    /// Before the second attempt; each later pause is twice the one before.
    pub first: Duration,
    /// No pause is longer.
    pub cap: Duration,
    /// Draws each pause evenly between nothing and its length ("full jitter",
    /// Brooker, *Exponential Backoff And Jitter*, 2015), from the run's seed.
    pub jitter: bool,
}

impl Backoff {
    /// Pauses that double each time, without a cap and without jitter.
    pub fn exponential(first: Duration) -> Backoff {
        Backoff { first, cap: Duration::MAX, jitter: false }
    }

    /// Pauses of one length, without jitter.
    pub fn constant(pause: Duration) -> Backoff {
        Backoff { first: pause, cap: pause, jitter: false }
    }

    /// With no pause longer than `longest`.
    pub fn cap(self, longest: Duration) -> Backoff {
        Backoff { cap: longest, ..self }
    }

    /// With each pause drawn evenly between nothing and its length, so that
    /// those who failed together do not come back together.
    pub fn jitter(self) -> Backoff {
        Backoff { jitter: true, ..self }
    }

    /// The pause after the attempt with this number, from 1, before any jitter.
    pub fn longest(&self, attempt: u32) -> Duration {
        let doubled =
            1u32.checked_shl(attempt.saturating_sub(1)).and_then(|times| self.first.checked_mul(times));
        doubled.unwrap_or(self.cap).min(self.cap)
    }

    /// The pause after the attempt with this number, from 1.
    ///
    /// # Panics
    /// Outside a run, if it has jitter.
    pub(crate) fn pause(&self, attempt: u32) -> Duration {
        let pause = self.longest(attempt);
        if !self.jitter || pause.is_zero() {
            return pause;
        }
        Duration::from_micros(random() % whole_us(pause).saturating_add(1))
    }
}
