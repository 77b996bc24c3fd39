//! What the executor does between turns: firing timers, and waiting when nothing is ready.

use std::rc::Rc;
use std::task::{Context, Poll};

use crate::event::Event;
use crate::ids::TaskId;

use super::core::Core;
use crate::runtime::explain::deadlock::Stuck;

impl Core {
    /// Puts everybody who is due into the run queue.
    pub(crate) fn fire_due(&self) {
        if self.cut_at.get().is_some_and(|cut| cut <= self.now()) {
            self.stop();
        }
        let due = {
            let mut timers = self.timers.borrow_mut();
            if timers.is_empty() {
                return;
            }
            timers.take_due(self.now())
        };
        for wakeup in due {
            wakeup.wake(self);
        }
    }

    /// Nothing is ready: waits for the next instant or for the host.
    pub(crate) fn poll_idle(
        self: &Rc<Self>,
        cx: &mut Context<'_>,
        open_world: bool,
    ) -> Poll<Result<(), Stuck>> {
        let timer = self.timers.borrow_mut().next();
        let next = timer.into_iter().chain(self.cut_at.get()).min();
        if next.is_none() && self.outstanding.get() == 0 && !open_world {
            return Poll::Ready(Err(self.stuck()));
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
