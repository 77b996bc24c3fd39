//! A limiter admits so many holders at a time.

use std::cell::Cell;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use crate::event::{Name, ResourceKind, Wait};

use super::chain::Place;
use super::identity::Identity;
use super::ticket::{Owner, Ticket};
use super::waitlist::Line;
use crate::runtime::executor::core::{Core, current};

/// Admits at most so many holders at a time, strictly first come, first
/// served. Cloning gives another handle to the same limiter.
///
/// ```
/// use std::time::Duration;
/// use taskscope::runtime::{Limiter, block_on_virtual, now, scope, sleep};
///
/// block_on_virtual(async {
///     let api = Limiter::new(2);
///     scope(async |s| {
///         for _ in 0..4 {
///             s.spawn(async {
///                 let _permit = api.acquire().await;
///                 sleep(Duration::from_secs(1)).await;
///                 Ok(())
///             });
///         }
///         Ok(())
///     })
///     .await?;
///     assert_eq!(now().as_us(), 2_000_000, "two at a time");
///     assert_eq!(api.peak(), 2);
///     Ok(())
/// })
/// .unwrap();
/// ```
#[derive(Clone)]
pub struct Limiter {
    inner: Rc<Inner>,
}

struct Inner {
    identity: Rc<Identity>,
    capacity: Cell<u64>,
    /// What is given out, to holders and to waiters whose turn has not come yet.
    held: Cell<u64>,
    peak: Cell<u64>,
    waiters: Line<u64, u64>,
}

impl Limiter {
    /// A limiter of `permits`. Zero admits nobody.
    pub fn new(permits: u64) -> Limiter {
        Limiter::named("limiter", permits)
    }

    /// A limiter with a name for traces and explanations.
    pub fn named(name: impl Into<Name>, permits: u64) -> Limiter {
        Limiter::of_kind(ResourceKind::Limiter, name.into(), permits)
    }

    /// Admits one at a time; shown as a lock.
    pub fn lock(name: impl Into<Name>) -> Limiter {
        Limiter::of_kind(ResourceKind::Lock, name.into(), 1)
    }

    /// Stands for a pool of so many workers; shown as such.
    pub fn workers(size: u64) -> Limiter {
        Limiter::of_kind(ResourceKind::Workers, "workers".into(), size)
    }

    /// The places of a connection pool; shown as such.
    pub(crate) fn pool(name: Name, places: u64) -> Limiter {
        Limiter::of_kind(ResourceKind::Pool, name, places)
    }

    fn of_kind(kind: ResourceKind, name: Name, permits: u64) -> Limiter {
        let inner = Inner {
            identity: Identity::new(kind, name, Some(permits)),
            capacity: Cell::new(permits),
            held: Cell::new(0),
            peak: Cell::new(0),
            waiters: Line::default(),
        };
        Limiter { inner: Rc::new(inner) }
    }

    /// Waits for a permit.
    ///
    /// # Cancellation
    /// Dropping it while it waits gives up its place; a permit that was handed
    /// to it at the same instant is passed on to the next.
    ///
    /// # Panics
    /// Outside a run, when polled.
    pub fn acquire(&self) -> Acquire {
        Acquire { ticket: Ticket::new(self.clone(), 1) }
    }

    /// A permit, if one is free and nobody waits. Never waits.
    ///
    /// # Panics
    /// Outside a run.
    pub fn try_acquire(&self) -> Option<Permit> {
        let core = Core::expect_current("Limiter::try_acquire");
        self.inner.identity.number(&core);
        self.try_serve(1).ok().map(|amount| self.admit(&core, amount))
    }

    /// Makes the limiter known to the run's observer; its first use does it otherwise.
    ///
    /// # Panics
    /// Outside a run.
    pub fn announce(&self) {
        self.inner.identity.announce("Limiter::announce");
    }

    /// How many permits are free.
    pub fn available(&self) -> u64 {
        self.inner.capacity.get().saturating_sub(self.inner.held.get())
    }

    /// The most that were held at one time.
    pub fn peak(&self) -> u64 {
        self.inner.peak.get()
    }

    /// How many wait.
    pub fn waiting(&self) -> usize {
        self.inner.waiters.len()
    }

    fn fits(&self, amount: u64) -> bool {
        self.inner.capacity.get().checked_sub(self.inner.held.get()).is_some_and(|free| amount <= free)
    }

    /// Gives out `amount` permits.
    fn give_out(&self, amount: u64) -> u64 {
        let held = self.inner.held.get() + amount;
        self.inner.held.set(held);
        self.inner.peak.set(self.inner.peak.get().max(held));
        amount
    }

    /// `amount` permits are back, and go to those who wait, in hand: to the first, while there are enough for it.
    fn take_back(&self, amount: u64) {
        self.inner.held.set(self.inner.held.get() - amount);
        self.serve();
    }

    fn serve(&self) {
        while self.inner.waiters.serve_if(|amount| self.fits(*amount), |amount| self.give_out(amount)) {}
    }

    /// The permits are given out already; the current task holds them from now on.
    fn admit(&self, core: &Rc<Core>, amount: u64) -> Permit {
        let holder = self.inner.identity.acquired(core, amount);
        Permit { limiter: self.clone(), holder }
    }

    fn release(&self, core: Option<&Rc<Core>>, holder: Place) {
        let amount = self.inner.identity.released(core, holder);
        self.take_back(amount);
    }
}

impl Owner for Limiter {
    type Asks = u64;
    type Grant = u64;

    fn line(&self) -> &Line<u64, u64> {
        &self.inner.waiters
    }

    fn wait(&self, core: &Rc<Core>, ahead: u32) -> Wait {
        self.inner.identity.wait(core, ahead)
    }

    fn try_serve(&self, amount: u64) -> Result<u64, u64> {
        // Whoever waits was here first.
        if self.inner.waiters.len() > 0 || !self.fits(amount) {
            return Err(amount);
        }
        Ok(self.give_out(amount))
    }

    fn give_back(&self, amount: u64) {
        self.take_back(amount);
    }

    /// The next may ask for less than the one that is gone.
    fn left(&self, _: u64) {
        self.serve();
    }
}

/// The future of [`Limiter::acquire`].
#[must_use = "it waits only when awaited"]
pub struct Acquire {
    ticket: Ticket<Limiter>,
}

impl Future for Acquire {
    type Output = Permit;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Permit> {
        let core = Core::expect_current("Limiter::acquire");
        let amount = std::task::ready!(self.ticket.poll_in(&core, cx));
        Poll::Ready(self.ticket.owner().admit(&core, amount))
    }
}

/// A held permit. Dropping it gives it to the first who waits.
///
/// Where a cancellation drops it together with guards further inside whose
/// cleanup awaits, it is given back after those cleanups: inside out.
#[must_use = "dropping it gives the permit back at once"]
pub struct Permit {
    limiter: Limiter,
    holder: Place,
}

impl Drop for Permit {
    fn drop(&mut self) {
        let core = current();
        match core.as_ref().filter(|core| core.must_queue_release()) {
            None => self.limiter.release(core.as_ref(), self.holder),
            Some(core) => {
                let release = Release { limiter: self.limiter.clone(), holder: self.holder };
                core.hand_over(Box::pin(async move {
                    drop(release);
                    Ok(())
                }));
            }
        }
    }
}

/// Gives a permit back when dropped, whether its cleanup ran or was cut.
struct Release {
    limiter: Limiter,
    holder: Place,
}

impl Drop for Release {
    fn drop(&mut self) {
        self.limiter.release(current().as_ref(), self.holder);
    }
}
