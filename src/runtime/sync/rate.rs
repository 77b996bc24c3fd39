//! A rate limiter admits so many starts in a length of time.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;
use std::time::Duration;

use crate::event::{Name, ResourceKind, Wait};
use crate::time::Time;

use super::identity::Identity;
use super::ticket::{Owner, Ticket};
use super::waitlist::Line;
use crate::runtime::clock::sleep::Timer;
use crate::runtime::executor::core::Core;
use crate::runtime::executor::timers::Class;
use crate::runtime::explain::wait::Waiting;

/// Admits at most so many starts in any half-open window of a length of time,
/// first come, first served: a sliding window, exact. Cloning gives another
/// handle to the same limiter.
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
    starts: u64,
    per: Duration,
    /// The last so many starts, the oldest first.
    recent: RefCell<VecDeque<Time>>,
    /// Whoever is first waits for the window; the others wait in line.
    has_first: Cell<bool>,
    line: Line<(), First>,
}

impl RateLimiter {
    /// At most `starts` in any window of `per`. With zero starts nobody is ever admitted.
    pub fn sliding_window(name: impl Into<Name>, starts: u64, per: Duration) -> RateLimiter {
        let inner = Inner {
            identity: Identity::new(ResourceKind::RateLimiter, name.into(), Some(starts)),
            starts,
            per,
            recent: RefCell::default(),
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
        let core = Core::expect_current("RateLimiter::admit");
        let resource = self.inner.identity.number(&core);
        let first = Ticket::new(self, ()).await;
        if self.inner.starts == 0 {
            let _waiting = Waiting::start(&core, Wait::Resource { resource, ahead: 0 });
            std::future::pending::<()>().await;
        }
        if let Some(at) = self.free_at(core.now()) {
            let _waiting = Waiting::start(&core, Wait::Resource { resource, ahead: 0 });
            let mut timer = None;
            std::future::poll_fn(|cx| {
                timer.get_or_insert_with(|| Timer::new(core.clone(), at, Class::Timer, cx)).poll(cx)
            })
            .await;
        }
        self.count(core.now());
        drop(first);
    }

    /// Makes the limiter known to the run's observer; its first use does it otherwise.
    ///
    /// # Panics
    /// Outside a run.
    pub fn announce(&self) {
        self.inner.identity.announce("RateLimiter::announce");
    }

    /// When the next start is admitted; none: now.
    fn free_at(&self, now: Time) -> Option<Time> {
        let recent = self.inner.recent.borrow();
        let oldest = recent.front().filter(|_| recent.len() as u64 >= self.inner.starts)?;
        Some(*oldest + self.inner.per).filter(|at| *at > now)
    }

    fn count(&self, at: Time) {
        let mut recent = self.inner.recent.borrow_mut();
        recent.push_back(at);
        while recent.len() as u64 > self.inner.starts {
            recent.pop_front();
        }
    }
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
