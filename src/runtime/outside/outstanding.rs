//! Counts what the host was asked for and has not answered, so that a run that waits for it is not taken for stuck.

use std::rc::Rc;

use crate::runtime::executor::core::Core;

/// One thing that something outside the run may still answer.
pub(crate) struct Outstanding(Rc<Core>);

impl Outstanding {
    pub(crate) fn new(core: &Rc<Core>) -> Outstanding {
        core.outstanding.set(core.outstanding.get() + 1);
        Outstanding(core.clone())
    }
}

impl Drop for Outstanding {
    fn drop(&mut self) {
        self.0.outstanding.set(self.0.outstanding.get().saturating_sub(1));
    }
}
