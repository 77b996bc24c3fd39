//! What a shared thing is called, its number in the run that uses it, and who holds it.

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

use crate::event::{Event, Name, ResourceKind, Wait};
use crate::ids::{ResourceId, TaskId};

use super::chain::{Chain, Place};
use crate::runtime::executor::core::Core;
use crate::runtime::explain::resource::Explain;

/// What traces and explanations know of a limiter, a queue, …
///
/// A thing may be used in one run after the other: in each it gets a number at
/// its first use and is said to exist.
pub(crate) struct Identity {
    name: Name,
    kind: ResourceKind,
    pub(crate) capacity: Cell<Option<u64>>,
    number: Cell<ResourceId>,
    home: RefCell<Weak<Core>>,
    /// Who holds how much of it, in order of arrival.
    holders: RefCell<Chain<(TaskId, u64)>>,
}

impl Identity {
    pub(crate) fn new(kind: ResourceKind, name: Name, capacity: Option<u64>) -> Rc<Identity> {
        Rc::new(Identity {
            name,
            kind,
            capacity: Cell::new(capacity),
            number: Cell::new(ResourceId(u32::MAX)),
            home: RefCell::default(),
            holders: RefCell::default(),
        })
    }

    /// Its number in the run of `core`.
    pub(crate) fn number(self: &Rc<Self>, core: &Rc<Core>) -> ResourceId {
        if !self.is_known_to(core) {
            self.enter(core);
        }
        self.number.get()
    }

    /// What a task waits for that stands behind `ahead` others.
    pub(crate) fn wait(self: &Rc<Self>, core: &Rc<Core>, ahead: u32) -> Wait {
        Wait::Resource { resource: self.number(core), ahead }
    }

    /// Makes it known to the run's observer; its first use does it otherwise.
    pub(crate) fn announce(self: &Rc<Self>, called: &str) {
        self.number(&Core::expect_current(called));
    }

    /// The current task has got hold of `amount`.
    pub(crate) fn acquired(self: &Rc<Self>, core: &Rc<Core>, amount: u64) -> Place {
        let (resource, task) = (self.number(core), core.task().id);
        core.emit(|| Event::Acquire { task, resource, amount });
        self.holders.borrow_mut().push((task, amount))
    }

    /// What was acquired is given back; `core` is the run that has the thread.
    pub(crate) fn released(&self, core: Option<&Rc<Core>>, holder: Place) -> u64 {
        let held = self.holders.borrow_mut().remove(holder);
        let Some((task, amount)) = held else { return 0 };
        let release = || Event::Release { task, resource: self.number.get(), amount };
        match core.filter(|core| self.is_known_to(core)) {
            Some(core) => core.emit(release),
            None => {
                let home = self.home.borrow().upgrade();
                home.iter().for_each(|core| core.emit(release));
            }
        }
        amount
    }

    /// The run that it was used in need not know it any more.
    fn leave(&self) {
        let home = self.home.take();
        if let Some(core) = home.upgrade() {
            core.forget(self.number.get());
        }
    }

    /// Whether it has a number in the run of `core`.
    pub(crate) fn is_known_to(&self, core: &Rc<Core>) -> bool {
        std::ptr::eq(self.home.borrow().as_ptr(), Rc::as_ptr(core))
    }

    fn enter(self: &Rc<Self>, core: &Rc<Core>) {
        self.leave();
        let resource = core.new_resource_id();
        self.number.set(resource);
        self.home.replace(Rc::downgrade(core));
        let explained: Rc<dyn Explain> = self.clone();
        core.explainable(resource, &explained);
        core.emit(|| {
            let (kind, name, capacity) = (self.kind, self.name.clone(), self.capacity.get());
            Event::ResourceNew { resource, kind, name, capacity }
        });
    }
}

impl Drop for Identity {
    fn drop(&mut self) {
        self.leave();
    }
}

impl Explain for Identity {
    fn kind(&self) -> ResourceKind {
        self.kind
    }

    fn title(&self) -> String {
        let kind = match self.kind {
            ResourceKind::Limiter => "limiter",
            ResourceKind::RateLimiter => "rate limiter",
            ResourceKind::Lock => "lock",
            ResourceKind::Event => "event",
            ResourceKind::Condition => "condition",
            ResourceKind::Barrier => "barrier",
            ResourceKind::Queue => "queue",
            ResourceKind::Pool => "pool",
            ResourceKind::Workers => return "a free worker".to_string(),
        };
        format!("{kind} `{}`", self.name)
    }

    fn holders(&self) -> Vec<TaskId> {
        self.holders.borrow().iter().map(|(task, _)| *task).collect()
    }
}
