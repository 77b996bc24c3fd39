//! A barrier lets go of so many at once.

use std::cell::Cell;
use std::rc::Rc;

use crate::event::{Name, ResourceKind, Wait};

use super::identity::Identity;
use super::ticket::{Owner, Ticket};
use super::waitlist::Line;
use crate::runtime::executor::core::Core;

/// Lets go of its waiters when so many have come, then starts again.
///
/// Only those count that wait: one that is cancelled makes room for another.
/// Indices are given when it lets go, in the order of arrival.
///
/// ```
/// use taskscope::runtime::{Barrier, block_on_virtual, scope};
///
/// let indices = block_on_virtual(async {
///     let line = Barrier::new("line", 2);
///     let indices = scope(async |s| {
///         let first = s.spawn(async { Ok(line.wait().await) });
///         let second = s.spawn(async { Ok(line.wait().await) });
///         Ok((first.await?, second.await?))
///     })
///     .await?;
///     Ok(indices)
/// });
/// assert_eq!(indices.unwrap(), (0, 1));
/// ```
#[derive(Clone)]
pub struct Barrier {
    inner: Rc<Inner>,
}

struct Inner {
    identity: Rc<Identity>,
    parties: u64,
    releases: Cell<u64>,
    waiters: Line<(), u64>,
}

/// A barrier's numbers at one instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BarrierStatistics {
    /// How many it waits for.
    pub parties: u64,
    /// How many wait now.
    pub waiting: usize,
    /// How often it has let go.
    pub releases: u64,
}

impl Barrier {
    /// A barrier for `parties`; 0 and 1 never wait.
    pub fn new(name: impl Into<Name>, parties: u64) -> Barrier {
        let identity = Identity::new(ResourceKind::Barrier, name.into(), Some(parties));
        let inner = Inner { identity, parties, releases: Cell::new(0), waiters: Line::default() };
        Barrier { inner: Rc::new(inner) }
    }

    /// Waits until so many wait, and gives the index in order of arrival.
    ///
    /// # Cancellation
    /// Dropping it before the barrier lets go takes the waiter out of the count.
    pub async fn wait(&self) -> u64 {
        Ticket::new(self, ()).await
    }

    /// How many wait now.
    pub fn waiting(&self) -> usize {
        self.inner.waiters.len()
    }

    /// Its numbers at this instant.
    pub fn statistics(&self) -> BarrierStatistics {
        let inner = &self.inner;
        BarrierStatistics { parties: inner.parties, waiting: self.waiting(), releases: inner.releases.get() }
    }

    /// Makes the barrier known to the run's observer; its first wait does it otherwise.
    ///
    /// # Panics
    /// Outside a run.
    pub fn announce(&self) {
        self.inner.identity.announce("Barrier::announce");
    }
}

impl Owner for Barrier {
    type Asks = ();
    type Grant = u64;

    fn line(&self) -> &Line<(), u64> {
        &self.inner.waiters
    }

    fn wait(&self, core: &Rc<Core>, ahead: u32) -> Wait {
        self.inner.identity.wait(core, ahead)
    }

    fn try_serve(&self, (): ()) -> Result<u64, ()> {
        let waiting = self.waiting() as u64;
        if waiting + 1 < self.inner.parties {
            return Err(());
        }
        self.inner.releases.set(self.inner.releases.get() + 1);
        let mut index = 0;
        while self.inner.waiters.serve(|()| index) {
            index += 1;
        }
        Ok(index)
    }

    /// The others have gone on: the index is not used again.
    fn give_back(&self, _: u64) {}
}
