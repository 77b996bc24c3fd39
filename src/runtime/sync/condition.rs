//! A condition lets a task that has a lock wait for a change of what the lock guards.

use std::future::poll_fn;
use std::pin::Pin;
use std::rc::Rc;

use crate::event::{Name, ResourceKind, Wait};

use super::identity::Identity;
use super::limiter::Limiter;
use super::lock::LockGuard;
use super::permit::Acquire;
use super::ticket::{Owner, Ticket};
use super::waitlist::Line;
use crate::runtime::executor::core::Core;

/// Where tasks wait until what a [`Lock`] guards has changed. Cloning gives
/// another handle to the same condition.
///
/// To wait one gives the guard away and gets it back when one was notified and
/// has the lock again; so nobody waits without the lock, or uses the value
/// meanwhile. Notifying needs no lock: without a guard nobody could have
/// changed anything. A condition may serve several locks; each waiter gets its own back.
///
/// Those who waited longest are notified first. From then on they stand in the
/// line of the lock, ahead of who comes later. A notified task that is
/// cancelled before it has the lock again passes the notification on.
///
/// ```
/// use taskscope::runtime::{Condition, Lock, block_on_virtual, scope};
///
/// let (stock, arrived) = (Lock::new(0), Condition::new("arrived"));
/// block_on_virtual(async {
///     scope(async |s| {
///         s.spawn(async {
///             let mut stock = arrived.wait_while(stock.lock().await, |stock| *stock < 3).await;
///             *stock -= 3;
///             Ok(())
///         });
///         for _ in 0..4 {
///             *stock.lock().await += 1;
///             arrived.notify(1);
///         }
///         Ok(())
///     })
///     .await?;
///     Ok(())
/// })
/// .unwrap();
/// assert_eq!(stock.into_inner(), 1);
/// ```
///
/// [`Lock`]: super::lock::Lock
#[derive(Clone)]
pub struct Condition {
    inner: Rc<Inner>,
}

struct Inner {
    identity: Rc<Identity>,
    /// Each with the limiter of its lock.
    waiters: Line<Limiter, Notified>,
}

/// A condition's numbers at one instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ConditionStatistics {
    /// How many wait to be notified. Those who were wait for their lock instead.
    pub waiting: usize,
}

impl Condition {
    /// A condition for which nobody waits.
    pub fn new(name: impl Into<Name>) -> Condition {
        let identity = Identity::new(ResourceKind::Condition, name.into(), None);
        Condition { inner: Rc::new(Inner { identity, waiters: Line::default() }) }
    }

    /// Gives the lock back, waits to be notified, then for the lock.
    ///
    /// What was waited for need not be so any more when the lock is there
    /// again: somebody else may have been first. [`Condition::wait_while`] looks.
    ///
    /// # Cancellation
    /// The lock is not held while it waits and not after it is dropped. A
    /// notification that was meant for it alone goes to the next.
    ///
    /// # Panics
    /// Outside a run, when polled.
    pub async fn wait<'lock, T>(&self, guard: LockGuard<'lock, T>) -> LockGuard<'lock, T> {
        let lock = guard.source();
        let mut ticket = Ticket::new(self, lock.limiter().clone());
        let mut guard = Some(guard);
        let mut notified = poll_fn(|cx| {
            let poll = Pin::new(&mut ticket).poll(cx);
            // In the line by now: whoever gets the lock may notify at once.
            guard = None;
            poll
        })
        .await;
        let guard = lock.lock_at(notified.place.take()).await;
        notified.pass_on = None;
        guard
    }

    /// Waits, with the lock given back, as long as `condition` holds for the value.
    ///
    /// # Cancellation
    /// As [`Condition::wait`].
    ///
    /// # Panics
    /// As [`Condition::wait`].
    pub async fn wait_while<'lock, T>(
        &self,
        mut guard: LockGuard<'lock, T>,
        mut condition: impl FnMut(&mut T) -> bool,
    ) -> LockGuard<'lock, T> {
        while condition(&mut guard) {
            guard = self.wait(guard).await;
        }
        guard
    }

    /// Notifies the first `most` of those who wait.
    pub fn notify(&self, most: usize) {
        for _ in 0..most.min(self.inner.waiters.len()) {
            self.notify_first(Some(self));
        }
    }

    /// Notifies everybody who waits.
    pub fn notify_all(&self) {
        for _ in 0..self.inner.waiters.len() {
            self.notify_first(None);
        }
    }

    /// Its numbers at this instant.
    pub fn statistics(&self) -> ConditionStatistics {
        ConditionStatistics { waiting: self.inner.waiters.len() }
    }

    /// Makes the condition known to the run's observer; its first wait does it otherwise.
    ///
    /// # Panics
    /// Outside a run.
    pub fn announce(&self) {
        self.inner.identity.announce("Condition::announce");
    }

    fn notify_first(&self, pass_on: Option<&Condition>) {
        let Some(home) = self.inner.waiters.home() else { return };
        self.inner.waiters.serve_knowing(|limiter, wakeup| {
            let place = Acquire::placed(limiter, &home, wakeup.clone());
            Notified { place, pass_on: pass_on.cloned() }
        });
    }
}

impl Owner for Condition {
    type Asks = Limiter;
    type Grant = Notified;

    fn line(&self) -> &Line<Limiter, Notified> {
        &self.inner.waiters
    }

    fn wait(&self, core: &Rc<Core>, ahead: u32) -> Wait {
        self.inner.identity.wait(core, ahead)
    }

    /// A notification from before is none.
    fn try_serve(&self, limiter: Limiter) -> Result<Notified, Limiter> {
        Err(limiter)
    }

    fn give_back(&self, notified: Notified) {
        drop(notified);
    }
}

/// What a notified waiter has until it has the lock again.
pub(crate) struct Notified {
    /// Its place in the lock's line; none where that line is another run's.
    place: Option<Acquire>,
    /// Who hears of it instead if the waiter does not. None: everybody was notified.
    pass_on: Option<Condition>,
}

impl Drop for Notified {
    fn drop(&mut self) {
        drop(self.place.take());
        if let Some(condition) = self.pass_on.take() {
            condition.notify(1);
        }
    }
}
