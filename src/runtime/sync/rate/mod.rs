//! A rate limiter admits so many starts in a length of time.

mod fixed_window;
mod gcra;
pub(crate) mod keyed;
mod pace;
mod sliding_window;
mod token_bucket;

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use crate::event::{Name, ResourceKind, Wait};
use crate::time::Time;

use self::fixed_window::FixedWindow;
use self::gcra::Gcra;
use self::pace::Pace;
use self::sliding_window::SlidingWindow;
use self::token_bucket::TokenBucket;
use super::above::AboveCapacity;
use super::identity::Identity;
use super::ticket::{Owner, Ticket};
use super::waitlist::Line;
use crate::runtime::clock::sleep::Timer;
use crate::runtime::executor::core::Core;
use crate::runtime::executor::timers::Class;
use crate::runtime::explain::wait::Waiting;

/// Admits so many starts in a length of time, first come, first served, by an
/// algorithm of your choice. Cloning gives another handle to the same limiter.
///
/// | constructor | in any length of time `per` | remembers |
/// | --- | --- | --- |
/// | [`sliding_window`](RateLimiter::sliding_window) | at most `starts`: exact | each recent start |
/// | [`token_bucket`](RateLimiter::token_bucket) | at most `burst` + `starts` | two numbers |
/// | [`gcra`](RateLimiter::gcra) | as the token bucket | one number |
/// | [`fixed_window`](RateLimiter::fixed_window) | at most 2 × `starts`, around the end of a window | two numbers |
///
/// Whoever waits counts as started when it is admitted, not before. A request
/// for many starts at once is not overtaken by smaller ones. Lengths of time
/// are rounded up to whole microseconds. In each run it counts anew.
///
/// ```
/// use std::time::Duration;
/// use taskscope::runtime::{RateLimiter, block_on_virtual, now};
///
/// block_on_virtual(async {
///     let quota = RateLimiter::sliding_window("quota", 2, Duration::from_secs(1));
///     for _ in 0..3 {
///         quota.admit().await;
///     }
///     assert_eq!(now().as_us(), 1_000_000, "the third start is a second after the first");
///     Ok(())
/// })
/// .unwrap();
/// ```
#[derive(Clone)]
pub struct RateLimiter {
    inner: Rc<Inner>,
}

struct Inner {
    identity: Rc<Identity>,
    pace: RefCell<Box<dyn Pace>>,
    admitted: Cell<u64>,
    /// Whoever is first waits for its instant; the others wait in line.
    has_first: Cell<bool>,
    line: Line<(), First>,
}

/// A rate limiter's numbers at one instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RateStatistics {
    /// The most starts that can happen at one instant.
    pub capacity: u64,
    /// How many starts were admitted so far, in all runs.
    pub admitted: u64,
    /// How many requests wait.
    pub waiting: usize,
}

impl RateLimiter {
    /// At most `starts` in any window of `per`, wherever it begins: a start counts for exactly `per`.
    ///
    /// With zero starts nobody is ever admitted. It remembers up to `starts` instants.
    pub fn sliding_window(name: impl Into<Name>, starts: u64, per: Duration) -> RateLimiter {
        RateLimiter::of(name.into(), starts, SlidingWindow::new(starts, per))
    }

    /// A bucket of `burst` tokens, of which `starts` drip in each `per`; a start takes one out.
    ///
    /// The bucket begins full: after a time of silence, and at the very
    /// beginning, `burst` starts happen at once, and the steady drip comes on top.
    /// For at most one start at a time, evenly spaced, use a `burst` of 1.
    ///
    /// ```
    /// use std::time::Duration;
    /// use taskscope::runtime::{RateLimiter, block_on_virtual, now};
    ///
    /// block_on_virtual(async {
    ///     let quota = RateLimiter::token_bucket("quota", 2, Duration::from_secs(1), 5);
    ///     for _ in 0..7 {
    ///         quota.admit().await;
    ///     }
    ///     assert_eq!(now().as_us(), 1_000_000, "five at once, then one every half second");
    ///     Ok(())
    /// })
    /// .unwrap();
    /// ```
    pub fn token_bucket(name: impl Into<Name>, starts: u64, per: Duration, burst: u64) -> RateLimiter {
        RateLimiter::of(name.into(), burst, TokenBucket::new(starts, per, burst))
    }

    /// The generic cell rate algorithm: `starts` in each `per`, evenly spaced, up to `burst` of them ahead of time.
    ///
    /// As the token bucket with the same numbers, the first burst included.
    pub fn gcra(name: impl Into<Name>, starts: u64, per: Duration, burst: u64) -> RateLimiter {
        RateLimiter::of(name.into(), burst, Gcra::new(starts, per, burst))
    }

    /// At most `starts` in each window of `per`. Windows begin at the multiples
    /// of `per` since the run began, whoever comes when.
    ///
    /// Twice as many may happen in a short time: at the end of one window and at the beginning of the next.
    pub fn fixed_window(name: impl Into<Name>, starts: u64, per: Duration) -> RateLimiter {
        RateLimiter::of(name.into(), starts, FixedWindow::new(starts, per))
    }

    fn of(name: Name, capacity: u64, pace: impl Pace + 'static) -> RateLimiter {
        let identity = Identity::new(ResourceKind::RateLimiter, name, Some(capacity));
        RateLimiter::with_pace(identity, Box::new(pace))
    }

    fn with_pace(identity: Rc<Identity>, pace: Box<dyn Pace>) -> RateLimiter {
        let inner = Inner {
            identity,
            pace: RefCell::new(pace),
            admitted: Cell::new(0),
            has_first: Cell::new(false),
            line: Line::default(),
        };
        RateLimiter { inner: Rc::new(inner) }
    }

    /// Waits until one more start is admitted.
    ///
    /// # Cancellation
    /// Dropping it gives up its place; no start is counted.
    ///
    /// # Panics
    /// Outside a run.
    pub async fn admit(&self) {
        self.start(1).await;
    }

    /// Waits until `amount` more starts are admitted at one instant.
    ///
    /// # Errors
    /// [`AboveCapacity`] at once, if so many are never admitted together.
    ///
    /// # Cancellation
    /// As [`RateLimiter::admit`].
    ///
    /// # Panics
    /// Outside a run.
    pub async fn admit_many(&self, amount: u64) -> Result<(), AboveCapacity> {
        self.check(amount)?;
        self.start(amount).await;
        Ok(())
    }

    /// Counts one more start, if it is admitted now and nobody waits. Never waits.
    ///
    /// # Panics
    /// Outside a run.
    pub fn try_admit(&self) -> bool {
        self.try_admit_many(1).unwrap_or(false)
    }

    /// Counts `amount` more starts, if they are admitted now and nobody waits. Never waits.
    ///
    /// # Errors
    /// [`AboveCapacity`], if so many are never admitted together.
    ///
    /// # Panics
    /// Outside a run.
    pub fn try_admit_many(&self, amount: u64) -> Result<bool, AboveCapacity> {
        self.check(amount)?;
        let core = Core::expect_current("RateLimiter::try_admit");
        self.enter(&core);
        if self.inner.has_first.get() || self.wait_until(core.now(), amount).is_some() {
            return Ok(false);
        }
        self.count(core.now(), amount);
        Ok(true)
    }

    /// Makes the limiter known to the run's observer; its first use does it otherwise.
    ///
    /// # Panics
    /// Outside a run.
    pub fn announce(&self) {
        self.enter(&Core::expect_current("RateLimiter::announce"));
    }

    /// Its numbers at this instant.
    pub fn statistics(&self) -> RateStatistics {
        let inner = &self.inner;
        RateStatistics {
            capacity: inner.pace.borrow().capacity(),
            admitted: inner.admitted.get(),
            waiting: inner.line.len() + usize::from(inner.has_first.get()),
        }
    }

    async fn start(&self, amount: u64) {
        let core = Core::expect_current("RateLimiter::admit");
        self.enter(&core);
        let first = Ticket::new(self, ()).await;
        if let Some(until) = self.wait_until(core.now(), amount) {
            let _waiting = Waiting::start(&core, self.inner.identity.wait(&core, 0));
            match until {
                Until::Instant(at) => reach(&core, at).await,
                Until::Never => std::future::pending().await,
            }
        }
        self.count(core.now(), amount);
        drop(first);
    }

    fn check(&self, amount: u64) -> Result<(), AboveCapacity> {
        let capacity = self.inner.pace.borrow().capacity();
        if amount > capacity { Err(AboveCapacity { asked: amount, capacity }) } else { Ok(()) }
    }

    /// Instants of one run mean nothing in another.
    fn enter(&self, core: &Rc<Core>) {
        if !self.inner.identity.is_known_to(core) {
            self.inner.identity.number(core);
            let fresh = self.inner.pace.borrow().fresh();
            self.inner.pace.replace(fresh);
        }
    }

    /// Until when so many starts have to wait; none: they happen now.
    fn wait_until(&self, now: Time, amount: u64) -> Option<Until> {
        let pace = self.inner.pace.borrow();
        // A single start of a limiter that admits none is the only one that is asked for and never comes.
        match pace.free_at(now, amount).filter(|_| amount <= pace.capacity()) {
            Some(at) => (at > now).then_some(Until::Instant(at)),
            None => Some(Until::Never),
        }
    }

    fn count(&self, now: Time, amount: u64) {
        self.inner.pace.borrow_mut().count(now, amount);
        self.inner.admitted.set(self.inner.admitted.get() + amount);
    }
}

enum Until {
    Instant(Time),
    Never,
}

/// Waits for an instant.
async fn reach(core: &Rc<Core>, at: Time) {
    let mut timer = None;
    std::future::poll_fn(|cx| {
        timer.get_or_insert_with(|| Timer::new(core.clone(), at, Class::Timer, cx)).poll(cx)
    })
    .await;
}

impl Owner for RateLimiter {
    type Asks = ();
    type Grant = First;

    fn line(&self) -> &Line<(), First> {
        &self.inner.line
    }

    /// The first is not in the line any more.
    fn wait(&self, core: &Rc<Core>, ahead: u32) -> Wait {
        self.inner.identity.wait(core, ahead + 1)
    }

    fn try_serve(&self, (): ()) -> Result<First, ()> {
        if self.inner.has_first.replace(true) { Err(()) } else { Ok(First(self.clone())) }
    }

    fn give_back(&self, first: First) {
        drop(first);
    }
}

/// The first place in line; dropping it lets the next one up.
pub(crate) struct First(RateLimiter);

impl Drop for First {
    fn drop(&mut self) {
        let limiter = &self.0;
        if !limiter.inner.line.serve(|()| First(limiter.clone())) {
            limiter.inner.has_first.set(false);
        }
    }
}
