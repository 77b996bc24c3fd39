//! How a task gets into the run queue: its waker, and the inbox for wake-ups from outside a turn.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Wake, Waker};

use crate::ids::TaskId;

use super::core::{Core, current};
use super::tasks::TaskRef;

/// A wake-up that arrives while the executor is not running, or from another
/// thread, waits here; the executor's own waker is called to fetch it.
#[derive(Default)]
pub(crate) struct Inbox {
    woken: Mutex<VecDeque<TaskRef>>,
    /// Something may be in `woken`: spares a lock in every turn.
    any: AtomicBool,
    driver: Mutex<Option<Waker>>,
}

impl Inbox {
    /// Says whom to wake when something arrives.
    pub(crate) fn listen(&self, waker: &Waker) {
        let mut driver = self.driver.lock().unwrap_or_else(PoisonError::into_inner);
        if !driver.as_ref().is_some_and(|known| known.will_wake(waker)) {
            *driver = Some(waker.clone());
        }
    }

    /// Takes what has arrived, the oldest first.
    pub(crate) fn take(&self) -> VecDeque<TaskRef> {
        // Cleared before the list is taken: what arrives in between is taken now, and the next look finds nothing.
        if !self.any.load(Ordering::Acquire) || !self.any.swap(false, Ordering::AcqRel) {
            return VecDeque::new();
        }
        std::mem::take(&mut *self.woken.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn put(&self, task: TaskRef) {
        self.woken.lock().unwrap_or_else(PoisonError::into_inner).push_back(task);
        self.any.store(true, Ordering::Release);
        self.kick();
    }

    /// Wakes whoever drives the executor.
    pub(crate) fn kick(&self) {
        let driver = self.driver.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(driver) = driver {
            driver.wake();
        }
    }
}

/// What a task's [`Waker`] points at. Kept with the slot and used again by the
/// slot's next task unless somebody still holds the waker.
pub(crate) struct TaskWaker {
    slot: u32,
    id: AtomicU32,
    /// In the run queue already: a second wake-up adds nothing.
    queued: AtomicBool,
    inbox: Arc<Inbox>,
}

impl TaskWaker {
    pub(crate) fn new(task: TaskRef, inbox: Arc<Inbox>) -> TaskWaker {
        let id = AtomicU32::new(task.id.0);
        TaskWaker { slot: task.slot, id, queued: AtomicBool::new(false), inbox }
    }

    /// Points it at the slot's next task. Only when nobody else holds it.
    pub(crate) fn renew(&self, id: TaskId) {
        self.id.store(id.0, Ordering::Relaxed);
        self.queued.store(false, Ordering::Relaxed);
    }

    /// Says that it is in the run queue or is not, and whether it was. An exchange: a turn that begins sees what
    /// another thread did before a wake-up that found the task queued.
    pub(crate) fn set_queued(&self, queued: bool) -> bool {
        self.queued.swap(queued, Ordering::AcqRel)
    }
}

impl Wake for TaskWaker {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        if self.set_queued(true) {
            return;
        }
        let task = TaskRef { slot: self.slot, id: TaskId(self.id.load(Ordering::Relaxed)) };
        let core = current().filter(|core| Arc::ptr_eq(core.inbox(), &self.inbox));
        match core {
            Some(core) => core.push_ready(task),
            None => self.inbox.put(task),
        }
    }
}

/// Whom to wake: a task of this executor by its number, which costs nothing to
/// keep, or, where a combinator put its own waker in between, that waker.
#[derive(Clone, Debug)]
pub(crate) enum Wakeup {
    Task(TaskRef),
    Waker(Waker),
}

impl Wakeup {
    /// Whoever polls with `cx` in the current turn.
    pub(crate) fn new(core: &Core, cx: &Context<'_>) -> Wakeup {
        match core.task_of(cx.waker()) {
            Some(task) => Wakeup::Task(task),
            None => Wakeup::Waker(cx.waker().clone()),
        }
    }

    /// Changes to whoever polls with `cx` now.
    pub(crate) fn update(&mut self, core: &Core, cx: &Context<'_>) {
        match self {
            Wakeup::Waker(known) if known.will_wake(cx.waker()) => {}
            _ => *self = Wakeup::new(core, cx),
        }
    }

    pub(crate) fn wake(self, core: &Core) {
        match self {
            Wakeup::Task(task) => core.wake(task),
            Wakeup::Waker(waker) => waker.wake(),
        }
    }
}
