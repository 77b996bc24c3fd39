//! A task's wait as a value: said when it begins, taken back when it is dropped.
//!
//! A combinator such as `join!` lets a task wait for several things at once.
//! All are known, for explanations; a trace tells of the first, and of the end
//! of the last: in it a task waits or it does not.

use std::rc::Rc;

use crate::event::{Event, Wait};

use crate::runtime::executor::core::Core;
use crate::runtime::executor::entry::TaskRef;
use crate::runtime::scope::block::Block;

/// What a task waits for, and where.
pub(crate) struct Waited {
    pub(crate) on: Wait,
    /// Tells it from the task's other waits, and says which of two began first.
    pub(crate) number: u32,
    /// The innermost block of the task around the place where it waits; none outside of any.
    pub(crate) inside: Option<Rc<Block>>,
}

/// While it lives, its task counts as waiting. Every suspension of the
/// library holds one, so that at any instant it is known who waits for what.
pub(crate) struct Waiting {
    core: Rc<Core>,
    task: TaskRef,
    number: u32,
}

impl Waiting {
    /// The current task begins to wait.
    pub(crate) fn start(core: &Rc<Core>, on: Wait) -> Waiting {
        let (task, number) = (core.task(), core.new_number());
        let waited = Waited { on: on.clone(), number, inside: core.block() };
        let first = core.tasks.borrow_mut().get_mut(task).is_some_and(|entry| entry.begin_wait(waited));
        if first {
            core.emit(|| Event::WaitStart { task: task.id, on, span: core.span() });
        }
        Waiting { core: core.clone(), task, number }
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        let (last, waited) = match self.core.tasks.borrow_mut().get_mut(self.task) {
            Some(entry) => entry.end_wait(self.number),
            None => (false, None),
        };
        drop(waited);
        if last {
            self.core.emit(|| Event::WaitEnd { task: self.task.id });
        }
    }
}
