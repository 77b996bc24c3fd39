//! Getting permits of a limiter, holding them, and giving them back.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use super::above::AboveCapacity;
use super::chain::Place;
use super::limiter::Limiter;
use super::ticket::Ticket;
use crate::runtime::executor::core::{Core, current};
use crate::runtime::executor::wake::Wakeup;

/// The future of [`Limiter::acquire`].
#[must_use = "it waits only when awaited"]
pub struct Acquire(AcquireMany);

impl Acquire {
    pub(super) fn new(limiter: Limiter) -> Acquire {
        Acquire(AcquireMany::new(limiter, 1))
    }

    /// One that stands in the line already, for a task of `home` that `wakeup` wakes; none where the line is another run's.
    pub(super) fn placed(limiter: Limiter, home: &Rc<Core>, wakeup: Wakeup) -> Option<Acquire> {
        let ticket = Ticket::placed(limiter, home, wakeup, 1).ok()?;
        ticket.owner().serve();
        Some(Acquire(AcquireMany { ticket }))
    }
}

impl Future for Acquire {
    type Output = Permit;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Permit> {
        match Pin::new(&mut self.0).poll(cx) {
            Poll::Ready(Ok(permit)) => Poll::Ready(permit),
            // A single permit is never refused: it waits for a limiter of zero to grow.
            Poll::Ready(Err(_)) | Poll::Pending => Poll::Pending,
        }
    }
}

/// The future of [`Limiter::acquire_many`].
#[must_use = "it waits only when awaited"]
pub struct AcquireMany {
    ticket: Ticket<Limiter>,
}

impl AcquireMany {
    pub(super) fn new(limiter: Limiter, amount: u64) -> AcquireMany {
        AcquireMany { ticket: Ticket::new(limiter, amount) }
    }
}

impl Future for AcquireMany {
    type Output = Result<Permit, AboveCapacity>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let core = Core::expect_current("Limiter::acquire");
        let grant = std::task::ready!(self.ticket.poll_in(&core, cx));
        Poll::Ready(grant.map(|amount| self.ticket.owner().admit(&core, amount)))
    }
}

/// A held permit, or several that were acquired together. Dropping it gives
/// them to the first who waits.
///
/// Where a cancellation drops it together with guards further inside whose
/// cleanup awaits, it is given back after those cleanups: inside out.
#[must_use = "dropping it gives the permit back at once"]
pub struct Permit {
    limiter: Limiter,
    holder: Place,
    amount: u64,
}

impl Permit {
    pub(super) fn new(limiter: Limiter, holder: Place, amount: u64) -> Permit {
        Permit { limiter, holder, amount }
    }

    /// How many permits it stands for.
    pub fn amount(&self) -> u64 {
        self.amount
    }
}

impl fmt::Debug for Permit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Permit").field("amount", &self.amount).finish_non_exhaustive()
    }
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
