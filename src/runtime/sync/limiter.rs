//! A limiter admits so many holders at a time.

use std::cell::Cell;
use std::rc::Rc;

use crate::event::{Name, ResourceKind, Wait};

use super::above::AboveCapacity;
use super::chain::Place;
use super::identity::Identity;
use super::permit::{Acquire, AcquireMany, Permit};
use super::ticket::Owner;
use super::waitlist::Line;
use crate::runtime::executor::core::Core;

/// Admits at most so many holders at a time, strictly first come, first
/// served. Cloning gives another handle to the same limiter.
///
/// A permit that comes back is handed to the first who waits. A large request
/// at the head of the line is not overtaken by smaller ones behind it.
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
    /// What is given out, to holders and to waiters whose turn has not come yet. After the limiter was made
    /// smaller it may be more than the capacity.
    held: Cell<u64>,
    peak: Cell<u64>,
    waiters: Line<u64, Grant>,
}

/// The permits that a waiter was given, or that there can never be so many.
pub(super) type Grant = Result<u64, AboveCapacity>;

/// A limiter's numbers at one instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LimiterStatistics {
    /// How many permits there are.
    pub capacity: u64,
    /// How many are given out; more than the capacity where the limiter was made smaller meanwhile.
    pub held: u64,
    /// How many are free.
    pub available: u64,
    /// How many requests wait.
    pub waiting: usize,
    /// The most permits that were given out at one time.
    pub peak: u64,
}

impl Limiter {
    /// A limiter of `permits`. Zero admits nobody until [`Limiter::resize`] opens it.
    pub fn new(permits: u64) -> Limiter {
        Limiter::named("limiter", permits)
    }

    /// A limiter with a name for traces and explanations.
    pub fn named(name: impl Into<Name>, permits: u64) -> Limiter {
        Limiter::of_kind(ResourceKind::Limiter, name.into(), permits)
    }

    /// Stands for a pool of so many workers; shown as such.
    pub fn workers(size: u64) -> Limiter {
        Limiter::of_kind(ResourceKind::Workers, "workers".into(), size)
    }

    /// One that is shown as something else.
    pub(super) fn of_kind(kind: ResourceKind, name: Name, permits: u64) -> Limiter {
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
        Acquire::new(self.clone())
    }

    /// Waits for `amount` permits, which are given all together: nobody behind
    /// gets any before. With 1 it is [`Limiter::acquire`].
    ///
    /// # Errors
    /// [`AboveCapacity`] at once, if there are not so many permits at all; and
    /// while it waits, if the limiter is made too small for it.
    ///
    /// # Cancellation
    /// As [`Limiter::acquire`]; smaller requests behind it may then be served.
    ///
    /// # Panics
    /// Outside a run, when polled.
    ///
    /// ```
    /// use taskscope::runtime::{Limiter, block_on_virtual};
    ///
    /// block_on_virtual(async {
    ///     let memory_mb = Limiter::named("memory", 512);
    ///     let large = memory_mb.acquire_many(400).await?;
    ///     assert_eq!(memory_mb.available(), 112);
    ///     assert!(memory_mb.try_acquire_many(200)?.is_none());
    ///     drop(large);
    ///     assert!(memory_mb.acquire_many(513).await.is_err(), "that would never be free");
    ///     Ok(())
    /// })
    /// .unwrap();
    /// ```
    pub fn acquire_many(&self, amount: u64) -> AcquireMany {
        AcquireMany::new(self.clone(), amount)
    }

    /// A permit, if one is free and nobody waits. Never waits.
    ///
    /// # Panics
    /// Outside a run.
    pub fn try_acquire(&self) -> Option<Permit> {
        // One permit is never too much to ask for.
        self.try_acquire_many(1).unwrap_or_default()
    }

    /// `amount` permits, if so many are free and nobody waits. Never waits.
    ///
    /// # Errors
    /// [`AboveCapacity`], if there are not so many permits at all.
    ///
    /// # Panics
    /// Outside a run.
    pub fn try_acquire_many(&self, amount: u64) -> Result<Option<Permit>, AboveCapacity> {
        let core = Core::expect_current("Limiter::try_acquire");
        self.inner.identity.number(&core);
        match self.try_serve(amount) {
            Ok(grant) => grant.map(|amount| Some(self.admit(&core, amount))),
            Err(_) => Ok(None),
        }
    }

    /// Changes how many permits there are.
    ///
    /// More admit those who wait, in order. Fewer take nothing from anybody:
    /// nobody is admitted until so many are back that the next fits. Requests
    /// that wait for more than there are now fail with [`AboveCapacity`]; those
    /// for a single permit wait on, of a limiter of zero too.
    ///
    /// ```
    /// use taskscope::runtime::{Limiter, block_on_virtual};
    ///
    /// block_on_virtual(async {
    ///     let api = Limiter::new(2);
    ///     let (a, b) = (api.acquire().await, api.acquire().await);
    ///     api.resize(1);
    ///     drop(a);
    ///     assert!(api.try_acquire().is_none(), "b holds the only permit that is left");
    ///     drop(b);
    ///     assert!(api.try_acquire().is_some());
    ///     Ok(())
    /// })
    /// .unwrap();
    /// ```
    pub fn resize(&self, permits: u64) {
        self.inner.capacity.set(permits);
        self.inner.identity.capacity.set(Some(permits));
        self.inner.waiters.serve_all(|amount| self.is_above(*amount), |amount| Err(self.above(amount)));
        self.serve();
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

    /// Its numbers at this instant.
    pub fn statistics(&self) -> LimiterStatistics {
        LimiterStatistics {
            capacity: self.inner.capacity.get(),
            held: self.inner.held.get(),
            available: self.available(),
            waiting: self.waiting(),
            peak: self.peak(),
        }
    }

    /// One permit waits even for a limiter of zero, since that is how a limiter is closed for a while.
    fn is_above(&self, amount: u64) -> bool {
        amount > self.inner.capacity.get().max(1)
    }

    fn above(&self, asked: u64) -> AboveCapacity {
        AboveCapacity { asked, capacity: self.inner.capacity.get() }
    }

    fn fits(&self, amount: u64) -> bool {
        self.inner.capacity.get().checked_sub(self.inner.held.get()).is_some_and(|free| amount <= free)
    }

    fn give_out(&self, amount: u64) -> u64 {
        let held = self.inner.held.get() + amount;
        self.inner.held.set(held);
        self.inner.peak.set(self.inner.peak.get().max(held));
        amount
    }

    fn take_back(&self, amount: u64) {
        self.inner.held.set(self.inner.held.get() - amount);
        self.serve();
    }

    /// What is free goes to those who wait, in hand: to the first, as long as there is enough for it.
    pub(super) fn serve(&self) {
        while self.inner.waiters.serve_if(|amount| self.fits(*amount), |amount| Ok(self.give_out(amount))) {}
    }

    /// The permits are given out already; the current task holds them from now on.
    pub(super) fn admit(&self, core: &Rc<Core>, amount: u64) -> Permit {
        let holder = self.inner.identity.acquired(core, amount);
        Permit::new(self.clone(), holder, amount)
    }

    /// What a holder had is back; `core` is the run that has the thread.
    pub(super) fn release(&self, core: Option<&Rc<Core>>, holder: Place) {
        let amount = self.inner.identity.released(core, holder);
        self.take_back(amount);
    }
}

impl Owner for Limiter {
    type Asks = u64;
    type Grant = Grant;

    fn line(&self) -> &Line<u64, Grant> {
        &self.inner.waiters
    }

    fn wait(&self, core: &Rc<Core>, ahead: u32) -> Wait {
        self.inner.identity.wait(core, ahead)
    }

    fn try_serve(&self, amount: u64) -> Result<Grant, u64> {
        if self.is_above(amount) {
            return Ok(Err(self.above(amount)));
        }
        // Whoever waits was here first.
        if self.inner.waiters.len() > 0 || !self.fits(amount) {
            return Err(amount);
        }
        Ok(Ok(self.give_out(amount)))
    }

    fn give_back(&self, grant: Grant) {
        if let Ok(amount) = grant {
            self.take_back(amount);
        }
    }

    /// The next may ask for less than the one that is gone.
    fn left(&self, _: u64) {
        self.serve();
    }
}
