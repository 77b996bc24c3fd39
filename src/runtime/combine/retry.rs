//! Trying again, with pauses that double.

use std::time::Duration;

use crate::runtime::clock::sleep::{random, sleep};
use crate::runtime::errors::error::{Error, Result};
use crate::runtime::executor::core::Core;

/// The pauses between attempts.
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
    /// The pause after the attempt with this number, from 1.
    fn pause(&self, attempt: u32) -> Duration {
        let doubled = 1u32.checked_shl(attempt - 1).and_then(|times| self.first.checked_mul(times));
        let pause = doubled.unwrap_or(self.cap).min(self.cap);
        if !self.jitter || pause.is_zero() {
            return pause;
        }
        let us = u64::try_from(pause.as_micros()).unwrap_or(u64::MAX);
        Duration::from_micros(random() % us.saturating_add(1))
    }
}

/// Runs `body` until it succeeds, at most `attempts` times (at least once); it
/// is told the number of the attempt, from 1.
///
/// # Errors
/// The last attempt's. A cancellation is never retried.
///
/// # Cancellation
/// Dropping it cancels the attempt or the pause that is under way.
///
/// # Panics
/// Outside a run.
///
/// ```
/// use std::time::Duration;
/// use taskscope::runtime::{Backoff, Error, block_on_virtual, now, retry};
///
/// block_on_virtual(async {
///     let backoff = Backoff { first: Duration::from_millis(100), cap: Duration::from_secs(2), jitter: false };
///     let answer = retry(5, Some(backoff), async |attempt| {
///         if attempt < 4 { Err(Error::msg("busy")) } else { Ok(attempt) }
///     })
///     .await?;
///     assert_eq!(answer, 4);
///     assert_eq!(now().as_us(), 700_000, "100 + 200 + 400 ms");
///     Ok(())
/// })
/// .unwrap();
/// ```
pub async fn retry<T>(
    attempts: u32,
    backoff: Option<Backoff>,
    mut body: impl AsyncFnMut(u32) -> Result<T>,
) -> std::result::Result<T, Error> {
    Core::expect_current("retry");
    let mut attempt = 1;
    loop {
        match body(attempt).await {
            Err(_) if attempt < attempts => {
                if let Some(backoff) = &backoff {
                    sleep(backoff.pause(attempt)).await;
                }
                attempt += 1;
            }
            result => return result,
        }
    }
}
