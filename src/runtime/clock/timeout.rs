//! Timeouts: a block that is cancelled at a deadline.

use std::cell::{Cell, RefCell};
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::rc::{Rc, Weak};
use std::task::{Context, Poll};
use std::time::Duration;

use crate::event::{End, Event, Reason, ScopeKind, Target};
use crate::time::Time;

use super::sleep::Timer;
use crate::runtime::cancel::cleanup::Drain;
use crate::runtime::errors::error::Error;
use crate::runtime::executor::core::{Core, current};
use crate::runtime::executor::timers::Class;
use crate::runtime::executor::wake::Wakeup;
use crate::runtime::explain::cause::About;
use crate::runtime::scope::block::Block;

/// Runs `body` and cancels it once `length` has passed since the first poll.
///
/// The deadline wins over a completion at the same instant, an outer deadline
/// over an inner one. A zero timeout runs to the first suspension. The clock is
/// looked at where the body suspends; a body that holds the loop past its
/// deadline and ends without another suspension has ended.
///
/// # Errors
/// [`Elapsed`], when the body was cancelled and its cleanups are done; it carries their errors.
///
/// # Cancellation
/// Dropping it cancels the body; cleanups go to the block around it.
///
/// # Panics
/// Outside a run, when polled.
///
/// ```
/// use std::time::Duration;
/// use taskscope::runtime::{block_on_virtual, now, sleep, timeout};
///
/// block_on_virtual(async {
///     let slow = timeout(Duration::from_millis(10), sleep(Duration::from_secs(10))).await;
///     assert_eq!(slow.unwrap_err().to_string(), "timed out after 10ms");
///     assert_eq!(now().as_us(), 10_000);
///     Ok(())
/// })
/// .unwrap();
/// ```
pub fn timeout<F: Future>(length: Duration, body: F) -> Timeout<F> {
    TimeoutHandle::new(length).run(body)
}

/// Runs `body` and cancels it at `instant`, on the run's clock ([`now`](crate::runtime::now)).
///
/// For several steps under one limit: fix the instant once and give it to each.
/// One that is past already behaves as a zero [`timeout`]: the body runs to its first suspension.
///
/// # Errors
/// As [`timeout`]; the length that it tells counts from the first poll.
///
/// # Cancellation
/// As [`timeout`].
///
/// # Panics
/// Outside a run, when polled.
///
/// ```
/// use std::time::Duration;
/// use taskscope::runtime::{block_on_virtual, now, sleep, timeout_at};
///
/// block_on_virtual(async {
///     let end = now() + Duration::from_secs(3);
///     let mut steps = 0;
///     while timeout_at(end, sleep(Duration::from_secs(2))).await.is_ok() {
///         steps += 1;
///     }
///     assert_eq!((steps, now()), (1, end));
///     Ok(())
/// })
/// .unwrap();
/// ```
pub fn timeout_at<F: Future>(instant: Time, body: F) -> Timeout<F> {
    TimeoutHandle::at(instant).run(body)
}

/// A deadline that can be moved while its block is active, from inside or outside.
///
/// Make one, keep a clone, and [run](TimeoutHandle::run) a block with it. The
/// deadline counts from the block's first poll; from then until it has fired or
/// the body has ended it can be extended, moved, or disabled, and enabled again
/// after that. Moving it wakes nobody but the timeout itself. Dropping the
/// handle changes nothing.
///
/// ```
/// use std::time::Duration;
/// use taskscope::runtime::{TimeoutHandle, block_on_virtual, now, sleep};
///
/// block_on_virtual(async {
///     let limit = TimeoutHandle::new(Duration::from_secs(1));
///     let more = limit.clone();
///     let result = limit.run(async {
///         more.extend(Duration::from_secs(1));
///         sleep(Duration::from_secs(5)).await;
///     });
///     assert_eq!(result.await.unwrap_err().to_string(), "timed out after 2s");
///     assert_eq!(now().as_us(), 2_000_000);
///     Ok(())
/// })
/// .unwrap();
/// ```
#[derive(Clone)]
pub struct TimeoutHandle {
    shared: Rc<Shared>,
}

struct Shared {
    /// The instant at which it fires, where that was said and not a length.
    instant: Option<Time>,
    length: Cell<Duration>,
    entered: Cell<Option<Time>>,
    /// None: disabled.
    deadline: Cell<Option<Time>>,
    moved: Cell<bool>,
    /// It fired, or its body ended in time: it cannot be moved any more.
    over: Cell<bool>,
    block: RefCell<Option<Rc<Block>>>,
    /// The run, and how its future was last polled.
    polled_by: RefCell<Option<(Weak<Core>, Wakeup)>>,
}

impl TimeoutHandle {
    /// A timeout of `length`, counted from the first poll of its block.
    pub fn new(length: Duration) -> TimeoutHandle {
        TimeoutHandle::with(length, None)
    }

    /// A timeout that fires at `instant`; see [`timeout_at`].
    pub fn at(instant: Time) -> TimeoutHandle {
        TimeoutHandle::with(Duration::ZERO, Some(instant))
    }

    fn with(length: Duration, instant: Option<Time>) -> TimeoutHandle {
        let shared = Shared {
            instant,
            length: Cell::new(length),
            entered: Cell::new(None),
            deadline: Cell::new(None),
            moved: Cell::new(false),
            over: Cell::new(false),
            block: RefCell::default(),
            polled_by: RefCell::default(),
        };
        TimeoutHandle { shared: Rc::new(shared) }
    }

    /// The block with this timeout; see [`timeout`]. For one block only.
    pub fn run<F: Future>(&self, body: F) -> Timeout<F> {
        let drain = Drain::default();
        Timeout {
            shared: self.shared.clone(),
            body: Some(Box::pin(body)),
            value: None,
            timer: None,
            fired: false,
            drain,
        }
    }

    /// Adds `length` to the deadline. Says false, and does nothing, before the
    /// block runs, while it is disabled, and once it has fired or the body has ended.
    pub fn extend(&self, length: Duration) -> bool {
        let Some(deadline) = self.shared.deadline.get() else { return false };
        let moved = self.move_to(Some(deadline + length));
        if moved {
            self.shared.length.set(self.shared.length.get().saturating_add(length));
        }
        moved
    }

    /// Moves the deadline to `instant`; into the past, it fires at the next
    /// turn. `None` disables it. Says false, and does nothing, before the block
    /// runs and once it has fired or the body has ended.
    pub fn reschedule(&self, instant: Option<Time>) -> bool {
        let moved = self.move_to(instant);
        if let (true, Some(entered), Some(instant)) = (moved, self.shared.entered.get(), instant) {
            self.shared.length.set(instant.since(entered));
        }
        moved
    }

    /// When it will fire, if its block is active and it is not disabled.
    pub fn deadline(&self) -> Option<Time> {
        self.shared.deadline.get()
    }

    fn move_to(&self, instant: Option<Time>) -> bool {
        let block = self.shared.block.borrow().clone().filter(|_| !self.shared.over.get());
        let polled_by = self.shared.polled_by.borrow().clone();
        let core = polled_by.as_ref().and_then(|(core, _)| core.upgrade()).or_else(current);
        let (Some(block), Some(core)) = (block, core) else { return false };
        let _visit = core.visit();
        self.shared.deadline.set(instant);
        self.shared.moved.set(true);
        block.deadline.set(instant);
        core.emit(|| Event::DeadlineSet { scope: block.id, at: instant });
        if let Some((_, wakeup)) = polled_by {
            wakeup.wake(&core);
        }
        true
    }
}

/// The future of [`timeout`].
#[must_use = "a timeout does nothing unless it is awaited"]
pub struct Timeout<F: Future> {
    shared: Rc<Shared>,
    body: Option<Pin<Box<F>>>,
    value: Option<F::Output>,
    timer: Option<Timer>,
    fired: bool,
    drain: Drain,
}

impl<F: Future> Unpin for Timeout<F> {}

impl<F: Future> Timeout<F> {
    fn enter(&mut self, core: &Core) -> Rc<Block> {
        let known = self.shared.block.borrow().clone();
        known.unwrap_or_else(|| {
            let block = core.open_block(ScopeKind::Timeout, &"timeout".into());
            let now = core.now();
            if let Some(instant) = self.shared.instant {
                self.shared.length.set(instant.since(now));
            }
            let deadline = Some(self.shared.instant.unwrap_or(now + self.shared.length.get()));
            self.shared.entered.set(Some(now));
            self.shared.deadline.set(deadline);
            self.shared.moved.set(true);
            block.deadline.set(deadline);
            self.shared.block.replace(Some(block.clone()));
            core.emit(|| Event::DeadlineSet { scope: block.id, at: deadline });
            block
        })
    }

    /// Whether the deadline has come; sets the timer anew where it was moved.
    fn is_due(&mut self, core: &Rc<Core>, block: &Block, cx: &Context<'_>) -> bool {
        if self.shared.moved.replace(false) {
            let class = Class::Deadline(depth(block));
            let timer = |at| Timer::new(core.clone(), at, class, cx);
            self.timer = self.shared.deadline.get().map(timer);
        }
        self.timer.as_mut().is_some_and(|timer| timer.poll(cx).is_ready())
    }

    /// From here on the deadline means nothing.
    fn is_over(&mut self, block: &Block) {
        self.shared.over.set(true);
        self.shared.deadline.set(None);
        self.shared.polled_by.take();
        block.deadline.set(None);
        self.timer = None;
    }

    /// The deadline has come: the body is dropped where it waits.
    fn fire(&mut self, core: &Rc<Core>, block: &Rc<Block>) {
        self.fired = true;
        let deadline = self.shared.deadline.get();
        self.is_over(block);
        let (target, reason) = (Target::Scope(block.id), Reason::Timeout(block.id));
        core.emit(|| Event::Cancel { target, reason, by: None });
        let cause = core.cause(reason, About { deadline, ..About::default() });
        let entered = core.enter_block(block);
        core.drop_struck(cause, self.body.take());
        drop(entered);
    }
}

impl<F: Future> Future for Timeout<F> {
    type Output = Result<F::Output, Elapsed>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = &mut *self;
        let core = Core::expect_current("timeout");
        let first = this.shared.entered.get().is_none();
        let block = this.enter(&core);
        // On the way to a child's turn nothing is decided: the deadline has a place of its own in the run queue.
        let passing = core.is_passing();
        if this.body.is_some() && !first && !passing && this.is_due(&core, &block, cx) {
            this.fire(&core, &block);
        }
        if let Some(body) = &mut this.body {
            let entered = core.enter_block(&block);
            let poll = body.as_mut().poll(cx);
            drop(entered);
            match poll {
                Poll::Ready(value) => {
                    this.body = None;
                    this.is_over(&block);
                    this.value = Some(value);
                }
                Poll::Pending => {
                    let wakeup = Wakeup::new(&core, cx);
                    this.shared.polled_by.replace(Some((Rc::downgrade(&core), wakeup)));
                    // Sets the timer on the first suspension, and anew where the body moved it.
                    if this.is_due(&core, &block, cx) {
                        cx.waker().wake_by_ref();
                    }
                    return Poll::Pending;
                }
            }
        }
        let errors = std::task::ready!(this.drain.poll_block(&core, &block, cx));
        this.shared.block.replace(None);
        Poll::Ready(this.report(&core, &block, errors))
    }
}

impl<F: Future> Timeout<F> {
    fn report(
        &mut self,
        core: &Core,
        block: &Block,
        cleanup_errors: Vec<Error>,
    ) -> Result<F::Output, Elapsed> {
        let length = self.shared.length.get();
        let result = if self.fired { End::Cancelled } else { End::Ok };
        core.emit(|| Event::ScopeClose { scope: block.id, result });
        match self.value.take() {
            Some(value) if cleanup_errors.is_empty() => Ok(value),
            value => Err(Elapsed { length: value.is_none().then_some(length), cleanup_errors }),
        }
    }
}

impl<F: Future> Drop for Timeout<F> {
    fn drop(&mut self) {
        let Some(block) = self.shared.block.take() else { return };
        self.is_over(&block);
        let Some(core) = current() else { return };
        let entered = core.enter_block(&block);
        core.drop_cancelled(self.body.take());
        drop(entered);
        self.drain.leave(&core, &block);
    }
}

/// How many blocks are around this one, in its task and in those above.
fn depth(block: &Block) -> u32 {
    let mut depth = 0;
    let mut around = &block.parent;
    while let Some(block) = around {
        depth += 1;
        around = &block.parent;
    }
    depth
}

/// A timeout's deadline came, or cleanups of its block failed.
#[derive(Clone, Debug)]
pub struct Elapsed {
    /// The length that passed, extensions included. None: the body ended in time, only cleanups failed.
    pub length: Option<Duration>,
    /// What went wrong while cleaning up.
    pub cleanup_errors: Vec<Error>,
}

impl fmt::Display for Elapsed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.length {
            Some(length) => write!(f, "timed out after {}", Length(length))?,
            None => f.write_str("cleaning up failed")?,
        }
        for error in &self.cleanup_errors {
            write!(f, "; {error}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Elapsed {}

/// A length of time as a person reads it: `250ms`, `1.5s`, `90s`, `40us`, `0s`;
/// the largest of the three units in which it is at least 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Length(pub Duration);

impl fmt::Display for Length {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let us = self.0.as_micros();
        let (unit_us, unit) = match us {
            0 => (1_000_000, "s"),
            1..1_000 => (1, "us"),
            1_000..1_000_000 => (1_000, "ms"),
            _ => (1_000_000, "s"),
        };
        write!(f, "{}", us / unit_us)?;
        let fraction = us % unit_us;
        if fraction > 0 {
            let digits = format!("{fraction:0width$}", width = (unit_us.ilog10()) as usize);
            write!(f, ".{}", digits.trim_end_matches('0'))?;
        }
        f.write_str(unit)
    }
}
