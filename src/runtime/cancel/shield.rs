//! A shield: its block is not cancelled from outside.

use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};
use std::time::Duration;

use crate::event::{End, Event, ScopeKind};

use super::cleanup::Drain;
use crate::runtime::clock::timeout::timeout_at;
use crate::runtime::errors::error::{Error, Result};
use crate::runtime::executor::core::{Core, current};
use crate::runtime::scope::block::Block;

/// Runs `body`, and goes on running it when what awaits it is cancelled: then
/// the rest of the body is finished as a cleanup, before the task, timeout or
/// race around it reports, and nothing after the shield runs.
///
/// With a `budget` the rest is cut when so much time has passed since the
/// cancellation. Timeouts inside still fire. The body owns what it uses, since
/// it may outlive the future around it.
///
/// # Errors
/// As the body, and those of its cleanups.
///
/// # Panics
/// Outside a run, when polled.
///
/// ```
/// use std::time::Duration;
/// use taskscope::runtime::{block_on_virtual, now, shield, sleep, timeout};
///
/// block_on_virtual(async {
///     let saving = shield(None, async {
///         sleep(Duration::from_secs(2)).await;
///         Ok(())
///     });
///     assert!(timeout(Duration::from_secs(1), saving).await.is_err());
///     assert_eq!(now().as_us(), 2_000_000, "the timeout fired at 1 s and waited for the shield");
///     Ok(())
/// })
/// .unwrap();
/// ```
pub fn shield<T: 'static>(
    budget: Option<Duration>,
    body: impl Future<Output = Result<T>> + 'static,
) -> impl Future<Output = Result<T>> {
    let inner = Shielded { body: Some(Box::pin(body)), block: None, drain: Drain::default(), value: None };
    Shield { inner: Some(Box::pin(inner)), budget }
}

struct Shield<T: 'static> {
    inner: Option<Pin<Box<Shielded<T>>>>,
    budget: Option<Duration>,
}

impl<T> Future for Shield<T> {
    type Output = Result<T>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<T>> {
        let Some(inner) = &mut self.inner else { return Poll::Pending };
        let poll = inner.as_mut().poll(cx);
        if poll.is_ready() {
            self.inner = None;
        }
        poll
    }
}

impl<T> Drop for Shield<T> {
    /// What has begun is finished elsewhere; what has not is dropped.
    fn drop(&mut self) {
        let Some(inner) = self.inner.take().filter(|inner| inner.block.is_some()) else { return };
        let Some(core) = current() else { return };
        let cut_at = self.budget.map(|budget| core.now() + budget);
        if let Some(block) = &inner.block {
            block.deadline.set(cut_at);
        }
        core.hand_over(Box::pin(async move {
            match cut_at {
                None => inner.await.map(drop),
                Some(instant) => match timeout_at(instant, inner).await {
                    Ok(result) => result.map(drop),
                    // A spent budget is not an error: it is what was asked for.
                    Err(elapsed) => Error::all(elapsed.cleanup_errors).map_or(Ok(()), Err),
                },
            }
        }));
    }
}

/// The block inside a shield; it may move from its place to a boundary's list.
struct Shielded<T> {
    body: Option<Pin<Box<dyn Future<Output = Result<T>>>>>,
    block: Option<Rc<Block>>,
    drain: Drain,
    value: Option<Result<T>>,
}

impl<T> Unpin for Shielded<T> {}

impl<T> Future for Shielded<T> {
    type Output = Result<T>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<T>> {
        let this = &mut *self;
        let core = Core::expect_current("shield");
        let open = || core.open_block(ScopeKind::Shield, &"shield".into());
        let block = this.block.get_or_insert_with(open).clone();
        if let Some(body) = &mut this.body {
            let entered = core.enter_block(&block);
            this.value = Some(std::task::ready!(body.as_mut().poll(cx)));
            this.body = None;
            drop(entered);
        }
        let errors = std::task::ready!(this.drain.poll_block(&core, &block, cx));
        this.block = None;
        let (value, failed) = match this.value.take() {
            Some(Ok(value)) => (Some(value), None),
            Some(Err(error)) => (None, Some(error)),
            None => return Poll::Pending,
        };
        let error = Error::all(failed.into_iter().chain(errors).collect());
        let end = if error.is_none() { End::Ok } else { End::Failed };
        core.emit(|| Event::ScopeClose { scope: block.id, result: end });
        match (error, value) {
            (Some(error), _) => Poll::Ready(Err(error)),
            (None, Some(value)) => Poll::Ready(Ok(value)),
            (None, None) => Poll::Pending,
        }
    }
}

impl<T> Drop for Shielded<T> {
    /// Cut by a budget: its own cleanups go to whoever cut it.
    fn drop(&mut self) {
        let (Some(block), Some(core)) = (self.block.take(), current()) else { return };
        let entered = core.enter_block(&block);
        core.drop_cancelled(self.body.take());
        drop(entered);
        self.drain.leave(&core, &block);
        if let Some(Err(error)) = self.value.take() {
            core.hand_over(Box::pin(async move { Err(error) }));
        }
    }
}
