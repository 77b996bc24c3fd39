//! A task's wait as a value: said when it begins, taken back when it is dropped.

use std::rc::Rc;

use crate::event::{Event, Wait};

use super::core::Core;
use super::tasks::TaskRef;

/// While it lives, its task counts as waiting. Every suspension of the
/// library holds one, so that at any instant it is known who waits for what.
pub(crate) struct Waiting {
    core: Rc<Core>,
    task: TaskRef,
}

impl Waiting {
    /// The current task begins to wait.
    pub(crate) fn start(core: &Rc<Core>, on: Wait) -> Waiting {
        let task = core.task();
        core.emit(|| Event::WaitStart { task: task.id, on: on.clone(), span: core.span() });
        core.set_wait(task, Some(on));
        Waiting { core: core.clone(), task }
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        self.core.set_wait(self.task, None);
        self.core.emit(|| Event::WaitEnd { task: self.task.id });
    }
}
