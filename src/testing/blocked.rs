//! Waiting until everybody else waits.

use std::time::Duration;

use crate::runtime::all_blocked;

/// Waits until every other task of the run is blocked: none is ready, and only the clock or the world outside could
/// make one so. The clock has not moved on then.
///
/// Several tasks may wait for this at once; they do not count as ready for each other, and go on together. It is a
/// good way to say "now the other task has come to its wait" without a pause of some guessed length.
///
/// # Cancellation
/// Dropping it changes nothing.
///
/// # Panics
/// Outside a run, when polled.
///
/// ```
/// use taskscope::runtime::{Limiter, block_on_virtual, scope};
/// use taskscope::testing::wait_all_blocked;
///
/// block_on_virtual(async {
///     let door = Limiter::new(1);
///     scope(async |s| {
///         let inside = door.acquire().await;
///         s.spawn(async {
///             let _permit = door.acquire().await;
///             Ok(())
///         });
///         assert_eq!(door.waiting(), 0, "the child has not had its turn");
///         wait_all_blocked().await;
///         assert_eq!(door.waiting(), 1);
///         drop(inside);
///         Ok(())
///     })
///     .await?;
///     Ok(())
/// })
/// .unwrap();
/// ```
pub async fn wait_all_blocked() {
    all_blocked(Duration::ZERO).await;
}

/// As [`wait_all_blocked`], but waits until nobody has been ready for the length of `cushion`, on the run's clock: for
/// a world in which answers come from outside. Of several who wait, those with the shortest cushion go on first.
///
/// # Cancellation
/// Dropping it changes nothing.
///
/// # Panics
/// Outside a run, when polled.
///
/// ```
/// use std::time::Duration;
/// use taskscope::runtime::{block_on_virtual, now, scope, sleep};
/// use taskscope::testing::wait_all_blocked_for;
///
/// block_on_virtual(async {
///     scope(async |s| {
///         s.spawn(async {
///             for _ in 0..3 {
///                 sleep(Duration::from_millis(40)).await;
///             }
///             sleep(Duration::from_secs(60)).await;
///             Ok(())
///         });
///         wait_all_blocked_for(Duration::from_millis(50)).await;
///         assert_eq!(now().as_us(), 170_000, "the last turn was at 120 ms");
///         Ok(())
///     })
///     .await?;
///     Ok(())
/// })
/// .unwrap();
/// ```
pub async fn wait_all_blocked_for(cushion: Duration) {
    all_blocked(cushion).await;
}
