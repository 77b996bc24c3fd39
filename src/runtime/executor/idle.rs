//! What the executor does between turns: firing timers, and waiting when nothing is ready.

use std::rc::Rc;
use std::task::{Context, Poll};

use crate::event::Event;
use crate::ids::TaskId;
use crate::time::Time;

use super::core::Core;
use super::schedule::Idle;
use super::timers::{Class, TimerKey};
use super::wake::Wakeup;
use crate::runtime::explain::deadlock::Stuck;

/// The next instant at which somebody is to be woken, in the current run.
pub(crate) fn next_instant() -> Option<Time> {
    Core::expect_current("next_instant").timers.borrow_mut().next()
}

/// Whether what is polled is only on the way to a child's turn, in the current run.
pub(crate) fn is_passing() -> bool {
    Core::expect_current("is_passing").is_passing()
}

impl Core {
    /// Puts everybody who is due into the run queue.
    pub(crate) fn fire_due(self: &Rc<Self>) {
        if !self.is_somebody_due() {
            return;
        }
        if self.cut_at.get().is_some_and(|cut| cut <= self.now()) {
            self.stop();
        }
        self.stop_request.enforce(self);
        let mut due = self.due.take();
        let mut timers = self.timers.borrow_mut();
        timers.take_due(self.now(), &mut due);
        let first = self.first_instant(timers.next());
        drop(timers);
        self.first_due.set(Time::MAX);
        first.into_iter().for_each(|first| self.expect_due(first));
        for ((is_timer, ..), wakeup) in due.drain(..) {
            wakeup.wake(self);
            if !is_timer {
                self.keep_order();
            }
        }
        self.due.replace(due);
    }

    /// Whether [`Core::fire_due`] may find somebody. Without a deadline or timer the clock is not looked at.
    pub(crate) fn is_somebody_due(&self) -> bool {
        let first = self.first_due.get();
        first != Time::MAX && first <= self.now()
    }

    /// Somebody is to be woken at `at`.
    pub(crate) fn expect_due(&self, at: Time) {
        // An instant that is never reached still has to be told from nobody waiting.
        let last = Time::from_us(u64::MAX - 1);
        self.first_due.set(self.first_due.get().min(at).min(last));
    }

    /// Sets an entry of the deadline heap.
    pub(crate) fn set_timer(&self, at: Time, class: Class, wakeup: Wakeup) -> TimerKey {
        self.expect_due(at);
        self.timers.borrow_mut().insert(at, class, wakeup)
    }

    /// Of the first timer and the ends of graces, the first.
    fn first_instant(&self, timer: Option<Time>) -> Option<Time> {
        [timer, self.cut_at.get(), self.stop_request.due_at()].into_iter().flatten().min()
    }

    /// Nothing is ready: waits for the next instant or for the host.
    pub(crate) fn poll_idle(
        self: &Rc<Self>,
        cx: &mut Context<'_>,
        open_world: bool,
    ) -> Poll<Result<(), Stuck>> {
        let timer = self.timers.borrow_mut().next();
        let idlers = self.tested().map_or(Idle::Nobody, |schedule| schedule.idle(self));
        let blocked = match idlers {
            Idle::Woken => return Poll::Ready(Ok(())),
            Idle::At(instant) => Some(instant),
            Idle::Nobody => None,
        };
        let next = self.first_instant(timer).into_iter().chain(blocked).min();
        if next.is_none() && self.outstanding.get() == 0 && !open_world {
            return Poll::Ready(Err(self.everybody_stuck()));
        }
        // With a real answer outstanding virtual time must not run ahead of it: only a real host has such.
        self.host.poll_alarm(next, cx).map(Ok)
    }

    pub(crate) fn emit_root(&self, task: TaskId) {
        let (by, scope, span) = (None, None, None);
        self.emit(|| Event::TaskSpawn { task, by, scope, name: "main".into(), span });
    }

    /// Makes whoever drives the run look again.
    pub(crate) fn kick(&self) {
        self.inbox().kick();
    }
}
