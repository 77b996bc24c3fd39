//! How a task gets into the run queue: its waker, and the inbox for wake-ups from outside a turn.
//!
//! Whatever this library waits with names a task by its number, which costs
//! nothing to keep. A [`Waker`] is for others. It is made when a task is polled
//! and nobody kept the one of the task before: most tasks never own one.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Wake, Waker};
use std::time::Duration;

use crate::ids::TaskId;

use super::core::{Core, with_current};
use super::entry::TaskRef;

/// A wake-up that arrives while the executor is not running, or from another
/// thread, waits here; the executor's own waker is called to fetch it.
#[derive(Default)]
pub(crate) struct Inbox {
    woken: Mutex<VecDeque<Arc<TaskWaker>>>,
    /// The shortest grace of those who asked the run to stop; `Duration::MAX`: all the time it needs.
    stop: Mutex<Option<Duration>>,
    /// Something may be in `woken` or `stop`: spares a lock in every turn.
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

    /// Whether something may have arrived.
    pub(crate) fn has_any(&self) -> bool {
        self.any.load(Ordering::Acquire)
    }

    /// Takes what has arrived, the oldest first.
    pub(crate) fn take(&self) -> Vec<TaskRef> {
        // Cleared before the list is taken: what arrives in between is taken now, and the next look finds nothing.
        if !self.any.swap(false, Ordering::AcqRel) {
            return Vec::new();
        }
        let woken = std::mem::take(&mut *self.woken.lock().unwrap_or_else(PoisonError::into_inner));
        // The mark goes first: a wake-up that comes after it is listed again, one before it is served by this turn.
        let task = |waker: Arc<TaskWaker>| {
            waker.listed.swap(false, Ordering::AcqRel);
            waker.task()
        };
        woken.into_iter().map(task).collect()
    }

    /// Asks the run to stop; see [`StopHandle`](crate::runtime::StopHandle).
    pub(crate) fn ask_to_stop(&self, grace: Duration) {
        let mut stop = self.stop.lock().unwrap_or_else(PoisonError::into_inner);
        *stop = Some(stop.map_or(grace, |before| before.min(grace)));
        drop(stop);
        self.any.store(true, Ordering::Release);
        self.kick();
    }

    /// Whether the run was asked to stop. Look after [`Inbox::take`], which clears the mark for both.
    pub(crate) fn take_stop(&self) -> Option<Duration> {
        self.stop.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    fn put(&self, waker: &Arc<TaskWaker>) {
        if waker.listed.swap(true, Ordering::AcqRel) {
            return;
        }
        self.woken.lock().unwrap_or_else(PoisonError::into_inner).push_back(waker.clone());
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

/// What a [`Waker`] of this executor points at.
pub(crate) struct TaskWaker {
    slot: AtomicU32,
    id: AtomicU32,
    /// In the inbox already: a second wake-up adds nothing.
    listed: AtomicBool,
    inbox: Arc<Inbox>,
}

impl TaskWaker {
    fn task(&self) -> TaskRef {
        let (slot, id) = (self.slot.load(Ordering::Relaxed), self.id.load(Ordering::Relaxed));
        TaskRef { slot, id: TaskId(id) }
    }
}

impl Wake for TaskWaker {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        let here = with_current(|core| {
            let here = Arc::ptr_eq(core.inbox(), &self.inbox);
            if here {
                core.wake(self.task());
            }
            here
        });
        if here != Some(true) {
            self.inbox.put(self);
        }
    }
}

/// A waker that can be pointed at one task after the other, as long as nobody keeps a copy.
pub(crate) struct LentWaker {
    target: Arc<TaskWaker>,
    pub(crate) waker: Waker,
}

impl LentWaker {
    pub(crate) fn new(inbox: &Arc<Inbox>) -> LentWaker {
        let nobody = || AtomicU32::new(u32::MAX);
        let target = Arc::new(TaskWaker {
            slot: nobody(),
            id: nobody(),
            listed: AtomicBool::new(false),
            inbox: inbox.clone(),
        });
        LentWaker { waker: Waker::from(target.clone()), target }
    }

    pub(crate) fn point_at(&self, task: TaskRef) {
        self.target.slot.store(task.slot, Ordering::Relaxed);
        self.target.id.store(task.id.0, Ordering::Relaxed);
    }

    /// Whether somebody kept a copy: then it belongs to its task for good.
    pub(crate) fn is_kept(&self) -> bool {
        // Two owners: `target` and `waker`.
        Arc::strong_count(&self.target) > 2
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
