//! Assertions about where a call suspends.

use std::future::Future;
use std::panic::Location;
use std::pin::{Pin, pin};
use std::task::Context;

/// Awaits `future`, and asserts that it suspended at least once: that others had a turn, and that a cancellation could
/// have struck there. In this runtime every suspension is a point of cancellation, and nothing else is.
///
/// # Panics
/// When `future` is ready at its first poll.
///
/// ```
/// use std::time::Duration;
/// use taskscope::runtime::{block_on_virtual, scope, sleep};
/// use taskscope::testing::assert_suspends;
///
/// block_on_virtual(async {
///     assert_suspends(sleep(Duration::ZERO)).await; // lets the others have a turn
///     assert_suspends(scope(async |_| Ok(()))).await?; // and so does an empty scope
///     Ok(())
/// })
/// .unwrap();
/// ```
#[track_caller]
pub fn assert_suspends<F: Future>(future: F) -> impl Future<Output = F::Output> {
    let at = Location::caller();
    async move {
        let (value, suspended) = watched(future, |_| {}).await;
        assert!(suspended, "the call at {at} did not suspend: it was over at its first poll");
        value
    }
}

/// Awaits `future`, and asserts that it does not suspend: that nobody else has a turn and no cancellation can strike
/// before it is over.
///
/// # Panics
/// When `future` suspends.
///
/// ```
/// use taskscope::runtime::{Limiter, block_on_virtual};
/// use taskscope::testing::assert_does_not_suspend;
///
/// block_on_virtual(async {
///     let door = Limiter::new(1);
///     let _permit = assert_does_not_suspend(door.acquire()).await; // it is free
///     Ok(())
/// })
/// .unwrap();
/// ```
#[track_caller]
pub fn assert_does_not_suspend<F: Future>(future: F) -> impl Future<Output = F::Output> {
    let at = Location::caller();
    async move {
        let never = |_: &mut Context<'_>| panic!("the call at {at} suspended");
        watched(future, never).await.0
    }
}

/// The value of `future`, and whether it suspended; calls `suspends` at each suspension.
async fn watched<F: Future>(future: F, mut suspends: impl FnMut(&mut Context<'_>)) -> (F::Output, bool) {
    let mut future = pin!(future);
    let mut suspended = false;
    let value = std::future::poll_fn(|cx| {
        let poll = Pin::as_mut(&mut future).poll(cx);
        if poll.is_pending() {
            suspended = true;
            suspends(cx);
        }
        poll
    })
    .await;
    (value, suspended)
}
