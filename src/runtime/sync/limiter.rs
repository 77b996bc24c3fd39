//! A limiter admits so many holders at a time.

use std::cell::{Cell, RefCell};
use std::future::Future;
use std::pin::Pin;
use std::rc::{Rc, Weak};
use std::task::{Context, Poll};

use crate::event::{Event, Name, ResourceKind, Wait};
use crate::ids::{ResourceId, TaskId};

use super::waitlist::{WaitList, WaiterKey};
use crate::runtime::executor::core::{Core, current};
use crate::runtime::executor::wake::Wakeup;
use crate::runtime::explain::deadlock::Explain;
use crate::runtime::explain::wait::Waiting;

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
    name: Name,
    kind: ResourceKind,
    capacity: u64,
    /// The run it is used in, and its number there.
    home: RefCell<Option<(ResourceId, Weak<Core>)>>,
    free: Cell<u64>,
    peak: Cell<u64>,
    waiters: RefCell<WaitList<Rc<Cell<Grant>>>>,
    holders: RefCell<Vec<TaskId>>,
}

impl Inner {
    /// The run it is used in, if that is still there.
    fn run(&self) -> Option<(ResourceId, Rc<Core>)> {
        let home = self.home.borrow();
        let (resource, core) = home.as_ref()?;
        Some((*resource, core.upgrade()?))
    }
}

/// What a waiter has got.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Grant {
    Waiting(TaskId),
    Given,
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
            name,
            kind,
            capacity: permits,
            home: RefCell::default(),
            free: Cell::new(permits),
            peak: Cell::new(0),
            waiters: RefCell::default(),
            holders: RefCell::default(),
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
        Acquire { limiter: self.clone(), ticket: None }
    }

    /// A permit, if one is free and nobody waits. Never waits.
    ///
    /// # Panics
    /// Outside a run.
    pub fn try_acquire(&self) -> Option<Permit> {
        let core = Core::expect_current("Limiter::try_acquire");
        self.register(&core);
        let free = self.inner.free.get();
        if free == 0 || self.inner.waiters.borrow().len() > 0 {
            return None;
        }
        self.inner.free.set(free - 1);
        Some(self.admit(&core))
    }

    /// Makes the limiter known to the run's observer; its first use does it otherwise.
    ///
    /// # Panics
    /// Outside a run.
    pub fn announce(&self) {
        self.register(&Core::expect_current("Limiter::announce"));
    }

    /// How many permits are free.
    pub fn available(&self) -> u64 {
        self.inner.free.get()
    }

    /// The most that were held at one time.
    pub fn peak(&self) -> u64 {
        self.inner.peak.get()
    }

    /// How many wait.
    pub fn waiting(&self) -> usize {
        self.inner.waiters.borrow().len()
    }

    fn register(&self, core: &Rc<Core>) -> ResourceId {
        if let Some((resource, home)) = &*self.inner.home.borrow()
            && std::ptr::eq(home.as_ptr(), Rc::as_ptr(core))
        {
            return *resource;
        }
        let resource = core.new_resource_id();
        self.inner.home.replace(Some((resource, Rc::downgrade(core))));
        let explained: Rc<dyn Explain> = self.inner.clone();
        core.explainable(&explained);
        let (kind, name, capacity) = (self.inner.kind, self.inner.name.clone(), Some(self.inner.capacity));
        core.emit(|| Event::ResourceNew { resource, kind, name, capacity });
        resource
    }

    /// The permit is taken already; this says so.
    fn admit(&self, core: &Rc<Core>) -> Permit {
        let (resource, task) = (self.register(core), core.task().id);
        core.emit(|| Event::Acquire { task, resource, amount: 1 });
        let mut holders = self.inner.holders.borrow_mut();
        holders.push(task);
        self.inner.peak.set(self.inner.peak.get().max(holders.len() as u64));
        Permit { limiter: self.clone(), task }
    }

    /// A permit is free: the first waiter gets it, in hand.
    fn pass_on(&self) {
        let next = self.inner.waiters.borrow_mut().pop();
        match (next, self.inner.run()) {
            (Some((grant, wakeup)), Some((_, core))) => {
                let _visit = core.visit();
                grant.set(Grant::Given);
                wakeup.wake(&core);
            }
            _ => self.inner.free.set(self.inner.free.get() + 1),
        }
    }
}

/// The future of [`Limiter::acquire`].
#[must_use = "it waits only when awaited"]
pub struct Acquire {
    limiter: Limiter,
    ticket: Option<Ticket>,
}

struct Ticket {
    key: WaiterKey,
    grant: Rc<Cell<Grant>>,
    _waiting: Waiting,
}

impl Future for Acquire {
    type Output = Permit;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Permit> {
        let core = Core::expect_current("Limiter::acquire");
        if let Some(ticket) = &self.ticket {
            if ticket.grant.get() != Grant::Given {
                self.limiter.inner.waiters.borrow_mut().update(ticket.key, &core, cx);
                return Poll::Pending;
            }
            self.ticket = None;
            return Poll::Ready(self.limiter.admit(&core));
        }
        if let Some(permit) = self.limiter.try_acquire() {
            return Poll::Ready(permit);
        }
        let resource = self.limiter.register(&core);
        let grant = Rc::new(Cell::new(Grant::Waiting(core.task().id)));
        let mut waiters = self.limiter.inner.waiters.borrow_mut();
        let ahead = waiters.len() as u32;
        let key = waiters.push(&core, grant.clone(), Wakeup::new(&core, cx));
        drop(waiters);
        let _waiting = Waiting::start(&core, Wait::Resource { resource, ahead });
        self.ticket = Some(Ticket { key, grant, _waiting });
        Poll::Pending
    }
}

impl Drop for Acquire {
    fn drop(&mut self) {
        let Some(ticket) = self.ticket.take() else { return };
        if ticket.grant.get() == Grant::Given {
            self.limiter.pass_on();
        } else {
            self.limiter.inner.waiters.borrow_mut().remove(ticket.key);
        }
    }
}

/// A held permit. Dropping it gives it to the first who waits.
///
/// Where a cancellation drops it together with guards further inside whose
/// cleanup awaits, it is given back after those cleanups: inside out.
#[must_use = "dropping it gives the permit back at once"]
pub struct Permit {
    limiter: Limiter,
    task: TaskId,
}

impl Drop for Permit {
    fn drop(&mut self) {
        let release = Release { limiter: self.limiter.clone(), task: self.task };
        if let Some(core) = current().filter(|core| core.must_queue_release()) {
            core.hand_over(Box::pin(async move {
                drop(release);
                Ok(())
            }));
        }
    }
}

/// Gives a permit back when dropped.
struct Release {
    limiter: Limiter,
    task: TaskId,
}

impl Drop for Release {
    fn drop(&mut self) {
        let mut holders = self.limiter.inner.holders.borrow_mut();
        if let Some(index) = holders.iter().position(|holder| *holder == self.task) {
            holders.remove(index);
        }
        drop(holders);
        if let Some((resource, core)) = self.limiter.inner.run() {
            core.emit(|| Event::Release { task: self.task, resource, amount: 1 });
        }
        self.limiter.pass_on();
    }
}

impl Explain for Inner {
    fn id(&self) -> ResourceId {
        self.home.borrow().as_ref().map_or(ResourceId(u32::MAX), |(resource, _)| *resource)
    }

    fn title(&self) -> String {
        match self.kind {
            ResourceKind::Lock => format!("lock `{}`", self.name),
            ResourceKind::Pool => format!("pool `{}`", self.name),
            ResourceKind::Workers => "a free worker".to_string(),
            _ => format!("limiter `{}`", self.name),
        }
    }

    fn holders(&self) -> Vec<TaskId> {
        self.holders.borrow().clone()
    }
}
