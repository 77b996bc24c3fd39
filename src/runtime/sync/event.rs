//! An event wakes who waits for it; a barrier lets go of so many at once.

use std::cell::{Cell, OnceCell};
use std::rc::Rc;

use crate::event::{Event as Happening, Name, ResourceKind, Wait};
use crate::ids::ResourceId;

use super::queue::Named;
use super::ticket::{Line, Owner, Ticket, serve};
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
    name: Name,
    id: OnceCell<ResourceId>,
    set: Cell<bool>,
    waiters: Line<(), ()>,
}

impl Event {
    /// An event that has not happened.
    pub fn new(name: impl Into<Name>) -> Event {
        let inner = EventInner {
            name: name.into(),
            id: OnceCell::new(),
            set: Cell::new(false),
            waiters: Line::default(),
        };
        Event { inner: Rc::new(inner) }
    }

    /// It has happened: everyone who waits goes on, in the order in which they came.
    pub fn set(&self) {
        self.inner.set.set(true);
        while serve(&self.inner.waiters, |()| ()) {}
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
        Ticket::new(self.clone(), ()).await;
    }

    /// Makes the event known to the run's observer; its first wait does it otherwise.
    ///
    /// # Panics
    /// Outside a run.
    pub fn announce(&self) {
        register(&self.inner.id, ResourceKind::Event, "event", &self.inner.name, None);
    }
}

impl Owner for Event {
    type Asks = ();
    type Grant = ();

    fn line(&self) -> &Line<(), ()> {
        &self.inner.waiters
    }

    fn wait(&self, ahead: u32) -> Wait {
        let resource = register(&self.inner.id, ResourceKind::Event, "event", &self.inner.name, None);
        Wait::Resource { resource, ahead }
    }

    fn try_serve(&self, (): ()) -> Result<(), ()> {
        if self.is_set() { Ok(()) } else { Err(()) }
    }

    fn give_back(&self, (): ()) {}
}

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
    inner: Rc<BarrierInner>,
}

struct BarrierInner {
    name: Name,
    parties: u64,
    id: OnceCell<ResourceId>,
    waiters: Line<(), u64>,
}

impl Barrier {
    /// A barrier for `parties`; 0 and 1 never wait.
    pub fn new(name: impl Into<Name>, parties: u64) -> Barrier {
        let inner =
            BarrierInner { name: name.into(), parties, id: OnceCell::new(), waiters: Line::default() };
        Barrier { inner: Rc::new(inner) }
    }

    /// Waits until so many wait, and gives the index in order of arrival.
    ///
    /// # Cancellation
    /// Dropping it before the barrier lets go takes the waiter out of the count.
    pub async fn wait(&self) -> u64 {
        Ticket::new(self.clone(), ()).await
    }

    /// How many wait now.
    pub fn waiting(&self) -> usize {
        self.inner.waiters.borrow().len()
    }

    /// Makes the barrier known to the run's observer; its first wait does it otherwise.
    ///
    /// # Panics
    /// Outside a run.
    pub fn announce(&self) {
        self.register();
    }

    fn register(&self) -> ResourceId {
        let inner = &self.inner;
        register(&inner.id, ResourceKind::Barrier, "barrier", &inner.name, Some(inner.parties))
    }
}

impl Owner for Barrier {
    type Asks = ();
    type Grant = u64;

    fn line(&self) -> &Line<(), u64> {
        &self.inner.waiters
    }

    fn wait(&self, ahead: u32) -> Wait {
        Wait::Resource { resource: self.register(), ahead }
    }

    fn try_serve(&self, (): ()) -> Result<u64, ()> {
        let waiting = self.waiting() as u64;
        if waiting + 1 < self.inner.parties {
            return Err(());
        }
        let mut index = 0;
        while serve(&self.inner.waiters, |()| index) {
            index += 1;
        }
        Ok(index)
    }

    /// The others have gone on: the index is not used again.
    fn give_back(&self, _: u64) {}
}

fn register(
    id: &OnceCell<ResourceId>,
    kind: ResourceKind,
    word: &str,
    name: &Name,
    capacity: Option<u64>,
) -> ResourceId {
    *id.get_or_init(|| {
        let core = Core::expect_current("a wait");
        let resource = core.new_resource_id();
        core.explain_as(Rc::new(Named { id: resource, title: format!("{word} `{name}`") }));
        core.emit(|| Happening::ResourceNew { resource, kind, name: name.clone(), capacity });
        resource
    })
}
