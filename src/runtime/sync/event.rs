//! An event wakes who waits for it.

use std::cell::Cell;
use std::rc::Rc;

use crate::event::{Name, ResourceKind, Wait};

use super::identity::Identity;
use super::ticket::{Owner, Ticket};
use super::waitlist::Line;
use crate::runtime::executor::core::Core;

/// Something that has happened or has not. Cloning gives another handle to the same event.
///
/// A task that waits when the event is set is woken, even if the event is cleared before its turn.
///
/// ```
/// use taskscope::runtime::{Event, block_on_virtual, scope};
///
/// block_on_virtual(async {
///     let ready = Event::new("ready");
///     scope(async |s| {
///         s.spawn(async {
///             ready.wait().await;
///             Ok(())
///         });
///         ready.set();
///         Ok(())
///     })
///     .await?;
///     Ok(())
/// })
/// .unwrap();
/// ```
#[derive(Clone)]
pub struct Event {
    inner: Rc<EventInner>,
}

struct EventInner {
    identity: Rc<Identity>,
    set: Cell<bool>,
    waiters: Line<(), ()>,
}

/// An event's numbers at one instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EventStatistics {
    /// Whether it has happened.
    pub set: bool,
    /// How many wait for it.
    pub waiting: usize,
}

impl Event {
    /// An event that has not happened.
    pub fn new(name: impl Into<Name>) -> Event {
        let inner = EventInner {
            identity: Identity::new(ResourceKind::Event, name.into(), None),
            set: Cell::new(false),
            waiters: Line::default(),
        };
        Event { inner: Rc::new(inner) }
    }

    /// It has happened: everyone who waits goes on, in the order in which they came.
    pub fn set(&self) {
        self.inner.set.set(true);
        while self.inner.waiters.serve(|()| ()) {}
    }

    /// It has not happened any more.
    pub fn clear(&self) {
        self.inner.set.set(false);
    }

    /// Whether it has happened.
    pub fn is_set(&self) -> bool {
        self.inner.set.get()
    }

    /// Waits until it has happened; at once if it has.
    ///
    /// # Cancellation
    /// Nothing is changed.
    pub async fn wait(&self) {
        Ticket::new(self, ()).await;
    }

    /// Its numbers at this instant.
    pub fn statistics(&self) -> EventStatistics {
        EventStatistics { set: self.is_set(), waiting: self.inner.waiters.len() }
    }

    /// Makes the event known to the run's observer; its first wait does it otherwise.
    ///
    /// # Panics
    /// Outside a run.
    pub fn announce(&self) {
        self.inner.identity.announce("Event::announce");
    }
}

impl Owner for Event {
    type Asks = ();
    type Grant = ();

    fn line(&self) -> &Line<(), ()> {
        &self.inner.waiters
    }

    fn wait(&self, core: &Rc<Core>, ahead: u32) -> Wait {
        self.inner.identity.wait(core, ahead)
    }

    fn try_serve(&self, (): ()) -> Result<(), ()> {
        if self.is_set() { Ok(()) } else { Err(()) }
    }

    fn give_back(&self, (): ()) {}
}
