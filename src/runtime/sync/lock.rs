//! A lock guards a value: one task at a time has it.

use std::cell::{RefCell, RefMut};
use std::fmt;
use std::ops::{Deref, DerefMut};

use crate::event::{Name, ResourceKind};

use super::limiter::Limiter;
use super::permit::{Acquire, Permit};

/// A value that one task at a time may use, across its suspensions; strictly
/// first come, first served.
///
/// Between two suspensions a task has the thread for itself and needs no lock:
/// a `Cell` or `RefCell` does. A lock is for what must not change while its
/// holder waits. It is handed to the first who waits, and whoever gives it
/// back and wants it again queues behind the others. The value can only be
/// reached through the guard, and a scope's children may share the lock by
/// reference; a task that asks for a lock it holds waits for itself, which is
/// reported as a deadlock.
///
/// ```
/// use std::time::Duration;
/// use taskscope::runtime::{Lock, block_on_virtual, scope, sleep};
///
/// let balance = Lock::new(100);
/// block_on_virtual(async {
///     scope(async |s| {
///         for amount in [30, 50] {
///             let balance = &balance;
///             s.spawn(async move {
///                 let mut balance = balance.lock().await;
///                 let before = *balance;
///                 sleep(Duration::from_millis(10)).await; // nobody comes in between
///                 *balance = before - amount;
///                 Ok(())
///             });
///         }
///         Ok(())
///     })
///     .await?;
///     Ok(())
/// })
/// .unwrap();
/// assert_eq!(balance.into_inner(), 20);
/// ```
pub struct Lock<T> {
    /// Whoever has its only permit may borrow the value; nobody else does.
    limiter: Limiter,
    value: RefCell<T>,
}

/// A lock's numbers at one instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LockStatistics {
    /// Whether somebody has it, or was handed it and has not had its turn yet.
    pub locked: bool,
    /// How many wait for it.
    pub waiting: usize,
}

impl<T> Lock<T> {
    /// A lock that nobody has.
    pub fn new(value: T) -> Lock<T> {
        Lock::named("lock", value)
    }

    /// A lock with a name for traces and explanations.
    pub fn named(name: impl Into<Name>, value: T) -> Lock<T> {
        let limiter = Limiter::of_kind(ResourceKind::Lock, name.into(), 1);
        Lock { limiter, value: RefCell::new(value) }
    }

    /// Waits until the lock is free.
    ///
    /// # Cancellation
    /// Dropping it while it waits gives up its place; a lock that was handed
    /// to it at the same instant is passed on to the next.
    ///
    /// # Panics
    /// Outside a run, when polled.
    pub async fn lock(&self) -> LockGuard<'_, T> {
        self.guard(self.limiter.acquire().await)
    }

    /// The lock, if it is free and nobody waits. Never waits.
    ///
    /// # Panics
    /// Outside a run.
    pub fn try_lock(&self) -> Option<LockGuard<'_, T>> {
        self.limiter.try_acquire().map(|permit| self.guard(permit))
    }

    /// The value, without locking: nobody else has a reference to the lock.
    pub fn get_mut(&mut self) -> &mut T {
        self.value.get_mut()
    }

    /// The value, without locking.
    pub fn into_inner(self) -> T {
        self.value.into_inner()
    }

    /// Makes the lock known to the run's observer; its first use does it otherwise.
    ///
    /// # Panics
    /// Outside a run.
    pub fn announce(&self) {
        self.limiter.announce();
    }

    /// Its numbers at this instant.
    pub fn statistics(&self) -> LockStatistics {
        LockStatistics { locked: self.limiter.available() == 0, waiting: self.limiter.waiting() }
    }

    /// The most that had it at one time: one, if anybody ever did.
    pub fn peak(&self) -> u64 {
        self.limiter.peak()
    }

    /// Waits for the lock where `place` stands in its line; at the end without one.
    pub(super) async fn lock_at(&self, place: Option<Acquire>) -> LockGuard<'_, T> {
        let place = place.unwrap_or_else(|| self.limiter.acquire());
        self.guard(place.await)
    }

    /// What its waiters wait for.
    pub(super) fn limiter(&self) -> &Limiter {
        &self.limiter
    }

    /// The permit comes with the right to borrow: a guard gives the value back before its permit.
    fn guard(&self, permit: Permit) -> LockGuard<'_, T> {
        LockGuard { value: self.value.borrow_mut(), lock: self, _permit: permit }
    }
}

impl<T: Default> Default for Lock<T> {
    fn default() -> Self {
        Lock::new(T::default())
    }
}

impl<T: fmt::Debug> fmt::Debug for Lock<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Lock").field(&self.value).finish()
    }
}

/// A held lock, through which the value is reached. Dropping it hands the lock
/// to the first who waits.
///
/// Where a cancellation drops it together with guards further inside whose
/// cleanup awaits, it is given back after those cleanups: inside out.
#[must_use = "dropping it gives the lock back at once"]
pub struct LockGuard<'lock, T> {
    value: RefMut<'lock, T>,
    lock: &'lock Lock<T>,
    _permit: Permit,
}

impl<'lock, T> LockGuard<'lock, T> {
    /// What it holds.
    pub(super) fn source(&self) -> &'lock Lock<T> {
        self.lock
    }
}

impl<T> Deref for LockGuard<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T> DerefMut for LockGuard<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.value
    }
}

impl<T: fmt::Debug> fmt::Debug for LockGuard<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&*self.value, f)
    }
}
