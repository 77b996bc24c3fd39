//! Trying again, with pauses in between.

use std::time::Duration;

use super::backoff::Backoff;
use crate::runtime::clock::effective::effective_deadline;
use crate::runtime::clock::sleep::{now, sleep};
use crate::runtime::errors::error::{Error, Result};
use crate::runtime::errors::task_error::TaskError;
use crate::runtime::executor::core::Core;

/// Runs `body` until it succeeds, at most `attempts` times (at least once); it
/// is told the number of the attempt, from 1. [`Retry`] says which errors are
/// worth another attempt, and minds deadlines.
///
/// # Errors
/// The last attempt's.
///
/// # Cancellation
/// Dropping it cancels the attempt or the pause that is under way. A
/// cancellation is never retried, neither one from outside nor that of a task
/// for whose value an attempt waited.
///
/// # Panics
/// Outside a run.
///
/// ```
/// use std::time::Duration;
/// use taskscope::runtime::{Backoff, Error, block_on_virtual, now, retry};
///
/// block_on_virtual(async {
///     let backoff = Backoff::exponential(Duration::from_millis(100)).cap(Duration::from_secs(2));
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
    body: impl AsyncFnMut(u32) -> Result<T>,
) -> Result<T> {
    Retry { backoff, ..Retry::new(attempts) }.run(body).await
}

/// Which errors are worth another attempt.
type Wanted<'a> = Box<dyn FnMut(&Error) -> bool + 'a>;

/// How to try again: how often, with what pauses, after which errors.
///
/// ```
/// use std::time::Duration;
/// use taskscope::runtime::{Backoff, Error, Retry, block_on_virtual, now, sleep, timeout};
///
/// #[derive(Debug)]
/// struct Busy;
/// impl std::fmt::Display for Busy {
///     fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
///         f.write_str("busy")
///     }
/// }
/// impl std::error::Error for Busy {}
///
/// block_on_virtual(async {
///     let asking = Retry::new(10)
///         .backoff(Backoff::exponential(Duration::from_millis(400)))
///         .only_if(|error| error.downcast_ref::<Busy>().is_some())
///         .within_deadline()
///         .run(async |_| Err::<(), _>(Busy.into()));
///     let error = timeout(Duration::from_secs(2), asking).await?.unwrap_err();
///     assert!(error.downcast_ref::<Busy>().is_some(), "and not that the time is up");
///     assert_eq!(now().as_us(), 1_200_000, "another 1.6 s would not have fitted in");
///     Ok(())
/// })
/// .unwrap();
/// ```
#[must_use = "nothing is tried before `run`"]
pub struct Retry<'a> {
    attempts: u32,
    backoff: Option<Backoff>,
    wanted: Option<Wanted<'a>>,
    within_deadline: bool,
}

impl<'a> Retry<'a> {
    /// At most so many attempts (at least one), without pauses, after every error.
    pub fn new(attempts: u32) -> Retry<'a> {
        Retry { attempts, backoff: None, wanted: None, within_deadline: false }
    }

    /// With these pauses.
    pub fn backoff(self, backoff: Backoff) -> Retry<'a> {
        Retry { backoff: Some(backoff), ..self }
    }

    /// Only after errors of which `wanted` says true: others are given back at
    /// once. Not asked about the last attempt's, and never about a cancellation.
    pub fn only_if(self, wanted: impl FnMut(&Error) -> bool + 'a) -> Retry<'a> {
        Retry { wanted: Some(Box::new(wanted)), ..self }
    }

    /// Gives the last error back at once where a pause would last until the
    /// [effective deadline](effective_deadline): better the reason than a
    /// timeout. Has to be asked for, since a deadline may still be moved while
    /// the pause lasts.
    pub fn within_deadline(self) -> Retry<'a> {
        Retry { within_deadline: true, ..self }
    }

    /// Runs `body` until it succeeds or is not to be tried again; it is told
    /// the number of the attempt, from 1.
    ///
    /// # Errors
    /// The last attempt's.
    ///
    /// # Cancellation
    /// As [`retry`].
    ///
    /// # Panics
    /// Outside a run.
    pub async fn run<T>(mut self, mut body: impl AsyncFnMut(u32) -> Result<T>) -> Result<T> {
        Core::expect_current("retry");
        let mut attempt = 1;
        loop {
            let error = match body(attempt).await {
                Err(error) if attempt < self.attempts && self.is_wanted(&error) => error,
                result => return result,
            };
            let pause = self.backoff.map(|backoff| backoff.pause(attempt));
            if self.within_deadline && !fits_in(pause.unwrap_or_default()) {
                return Err(error);
            }
            // No longer than until the next attempt: it may hold what that one needs.
            drop(error);
            if let Some(pause) = pause {
                sleep(pause).await;
            }
            attempt += 1;
        }
    }

    fn is_wanted(&mut self, error: &Error) -> bool {
        !is_cancellation(error) && self.wanted.as_mut().is_none_or(|wanted| wanted(error))
    }
}

/// Whether a pause from here is over before the effective deadline.
fn fits_in(pause: Duration) -> bool {
    effective_deadline().is_none_or(|deadline| now() + pause < deadline)
}

/// Whether it says that something was cancelled, and nothing else.
fn is_cancellation(error: &Error) -> bool {
    let mut leaves = error.leaves().peekable();
    match (error, leaves.peek()) {
        (Error::Group(group), None) => group.cancelled().is_some(),
        _ => leaves.all(|leaf| matches!(leaf.downcast_ref(), Some(TaskError::Cancelled { .. }))),
    }
}
