//! Cleanup that awaits and is guaranteed all the same.
//!
//! Cancelling drops a future, and a drop cannot wait. So a guard's drop hands
//! the cleanup, as a future of its own, to the nearest boundary around it (a
//! timeout, race, scope, or the task), and the boundary runs what it was
//! handed, innermost first and one after the other, before it reports.
//! Whoever runs cleanups and is dropped in turn hands on what is left.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use crate::event::{End, Event};

use crate::runtime::errors::error::Error;
use crate::runtime::errors::panic::contain;
use crate::runtime::executor::core::{Core, current};
use crate::runtime::scope::block::Block;

/// A piece of cleaning up. It owns what it needs.
pub(crate) type Cleanup = Pin<Box<dyn Future<Output = Result<(), Error>>>>;

/// Runs `cleanup` when the guard is dropped, on every way out: return, error,
/// cancellation.
///
/// The cleanup runs at the end of the nearest boundary around the guard: the
/// task, or a scope, timeout or race inside it, which reports only when all its
/// cleanups are done, innermost first. An error of a cleanup becomes an error of
/// the boundary.
///
/// # Cancellation
/// A cleanup that runs cannot be cancelled. Dropping the whole run drops cleanups unfinished.
///
/// # Panics
/// Outside a run, when the guard is made.
///
/// ```
/// use std::time::Duration;
/// use taskscope::runtime::{block_on_virtual, defer, now, sleep, timeout};
///
/// block_on_virtual(async {
///     let result = timeout(Duration::from_secs(1), async {
///         let _guard = defer(async {
///             sleep(Duration::from_millis(500)).await; // say goodbye properly
///             Ok(())
///         });
///         sleep(Duration::from_secs(60)).await;
///     })
///     .await;
///     assert!(result.is_err());
///     assert_eq!(now().as_us(), 1_500_000, "the timeout waited for the cleanup");
///     Ok(())
/// })
/// .unwrap();
/// ```
pub fn defer(cleanup: impl Future<Output = Result<(), Error>> + 'static) -> Deferred {
    Core::expect_current("defer");
    Deferred { cleanup: Some(Box::pin(cleanup)) }
}

/// The guard that [`defer`] makes. Awaiting it runs the cleanup now; if that is
/// cancelled half way, the rest runs as if the guard had been dropped.
#[must_use = "dropping it hands the cleanup to the block around it"]
pub struct Deferred {
    cleanup: Option<Cleanup>,
}

impl Deferred {
    /// Takes the cleanup back: it will not run.
    pub fn disarm(mut self) {
        self.cleanup = None;
    }
}

impl Future for Deferred {
    type Output = Result<(), Error>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<(), Error>> {
        let Some(cleanup) = &mut self.cleanup else { return Poll::Ready(Ok(())) };
        let poll = cleanup.as_mut().poll(cx);
        if poll.is_ready() {
            self.cleanup = None;
        }
        poll
    }
}

impl Drop for Deferred {
    fn drop(&mut self) {
        if let (Some(cleanup), Some(core)) = (self.cleanup.take(), current()) {
            core.hand_over(cleanup);
        }
    }
}

/// Runs the cleanups of one boundary, the oldest first. What a cleanup itself
/// leaves behind is done before the next one.
#[derive(Default)]
pub(crate) struct Drain {
    running: Option<Cleanup>,
    errors: Vec<Error>,
    /// It was said that a block cleans up.
    begun: bool,
}

impl Drain {
    /// Ready when nothing is left, with the errors there were.
    pub(crate) fn poll(&mut self, list: &dyn Cleanups, cx: &mut Context<'_>) -> Poll<Vec<Error>> {
        loop {
            if self.running.is_none() {
                self.running = list.take_first();
            }
            let Some(running) = &mut self.running else {
                return Poll::Ready(std::mem::take(&mut self.errors));
            };
            let waiting = list.take_all();
            // One that panics does not keep the others from running.
            let poll = contain(|| running.as_mut().poll(cx));
            let mut poll = poll.unwrap_or_else(|panicked| Poll::Ready(Err(panicked)));
            if poll.is_ready() {
                // Dropped before the others are put back: it may leave something behind.
                let over = self.running.take();
                if let Err(panicked) = contain(|| drop(over)) {
                    poll = poll.map(|result| result.and(Err(panicked)));
                }
            }
            list.append(waiting);
            match poll {
                Poll::Pending => return Poll::Pending,
                Poll::Ready(result) => self.errors.extend(result.err()),
            }
        }
    }

    /// As [`Drain::poll`] for the cleanups of `block`, inside it.
    pub(crate) fn poll_block(
        &mut self,
        core: &Core,
        block: &Rc<Block>,
        cx: &mut Context<'_>,
    ) -> Poll<Vec<Error>> {
        if !self.begun && !block.cleanups.borrow().is_empty() {
            self.begun = true;
            block.cleaning.set(true);
            core.emit(|| Event::CleanupStart { task: block.task.get().id });
        }
        let entered = core.enter_block(block);
        let errors = std::task::ready!(self.poll(&block.cleanups, cx));
        drop(entered);
        if std::mem::take(&mut self.begun) {
            core.emit(|| Event::CleanupEnd { task: block.task.get().id });
        }
        Poll::Ready(errors)
    }

    /// `block` is left before its end: hands what it would have waited for to
    /// the block around it. Says whether there was anything.
    pub(crate) fn hand_on(&mut self, core: &Core, block: &Block) -> bool {
        let mut drain = std::mem::take(self);
        if std::mem::take(&mut drain.begun) {
            core.emit(|| Event::CleanupEnd { task: block.task.get().id });
        }
        let rest = drain.into_rest(&block.cleanups);
        let any = !rest.is_empty();
        rest.into_iter().for_each(|cleanup| core.hand_over(cleanup));
        any
    }

    /// As [`Drain::hand_on`]; says that the block is closed when it is.
    pub(crate) fn leave(&mut self, core: &Rc<Core>, block: &Rc<Block>) {
        let closing = Closing { core: core.clone(), block: block.clone() };
        if self.hand_on(core, block) {
            core.hand_over(Box::pin(async move {
                drop(closing);
                Ok(())
            }));
        }
    }

    /// Whether one is under way.
    pub(crate) fn is_running(&self) -> bool {
        self.running.is_some()
    }

    /// What is left when the boundary itself is dropped, in order.
    fn into_rest(mut self, list: &dyn Cleanups) -> Vec<Cleanup> {
        let mut rest: Vec<Cleanup> = self.running.take().into_iter().collect();
        rest.extend(list.take_all());
        let errors = std::mem::take(&mut self.errors);
        rest.extend(errors.into_iter().map(|error| -> Cleanup { Box::pin(async move { Err(error) }) }));
        rest
    }
}

/// Says that a block which was left early is closed, when what it left is cleaned up or cut.
struct Closing {
    core: Rc<Core>,
    block: Rc<Block>,
}

impl Drop for Closing {
    fn drop(&mut self) {
        let scope = self.block.id;
        self.core.emit(|| Event::ScopeClose { scope, result: End::Cancelled });
    }
}

/// A boundary's list of cleanups.
pub(crate) trait Cleanups {
    fn take_first(&self) -> Option<Cleanup>;
    fn take_all(&self) -> VecDeque<Cleanup>;
    fn append(&self, more: VecDeque<Cleanup>);
}

impl Cleanups for RefCell<VecDeque<Cleanup>> {
    fn take_first(&self) -> Option<Cleanup> {
        self.borrow_mut().pop_front()
    }

    fn take_all(&self) -> VecDeque<Cleanup> {
        self.take()
    }

    fn append(&self, more: VecDeque<Cleanup>) {
        self.borrow_mut().extend(more);
    }
}
