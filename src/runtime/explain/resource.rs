//! What explanations know of shared things: their names, and who holds them.

use std::rc::{Rc, Weak};

use crate::event::ResourceKind;
use crate::ids::{ResourceId, TaskId};

use crate::runtime::executor::core::Core;

/// A shared thing that can say who holds it.
pub(crate) trait Explain {
    fn kind(&self) -> ResourceKind;
    /// What it is called, with its kind: "limiter `api`".
    fn title(&self) -> String;
    /// Who holds it, once for each hold, in order of arrival.
    fn holders(&self) -> Vec<TaskId>;
}

impl Core {
    /// Makes a resource known for explanations, until it is forgotten.
    pub(crate) fn explainable(&self, resource: ResourceId, known: &Rc<dyn Explain>) {
        self.explainers.borrow_mut().insert(resource, Rc::downgrade(known));
    }

    /// The resource is gone, or is used in another run from now on.
    pub(crate) fn forget(&self, resource: ResourceId) {
        self.explainers.borrow_mut().remove(&resource);
    }

    /// The resource with this number, if it is still there.
    pub(crate) fn resource(&self, resource: ResourceId) -> Option<Rc<dyn Explain>> {
        self.explainers.borrow().get(&resource).and_then(Weak::upgrade)
    }
}
