//! The errors of one scope while it runs: in the order in which they came up, each leaf once.

use std::collections::BTreeMap;

use crate::event::Role;
use crate::ids::ErrorId;

use crate::runtime::errors::error::Error;
use crate::runtime::errors::group::GroupEntry;

/// Found by leaf, because a hundred thousand children may fail and each may be awaited.
#[derive(Default)]
pub(crate) struct Failures {
    entries: BTreeMap<u64, GroupEntry>,
    by_leaf: BTreeMap<ErrorId, u64>,
    next: u64,
}

impl Failures {
    /// Keeps `error` but for the leaves that are known: one that was awaited and raised on counts once.
    pub(crate) fn add(&mut self, role: Role, error: Error) {
        let known = |id| self.by_leaf.contains_key(&id);
        let new = match error.leaves().iter().any(|leaf| known(leaf.id())) {
            true => error.without(&known),
            false => Some(error),
        };
        let Some(error) = new else { return };
        self.by_leaf.extend(error.leaves().iter().map(|leaf| (leaf.id(), self.next)));
        self.entries.insert(self.next, GroupEntry { role, error });
        self.next += 1;
    }

    /// Keeps the leaves of `error` no longer: they were given to somebody, who may raise them on.
    pub(crate) fn give_up(&mut self, error: &Error) {
        for leaf in error.leaves() {
            let Some(number) = self.by_leaf.remove(&leaf.id()) else { continue };
            let Some(entry) = self.entries.remove(&number) else { continue };
            if let Some(error) = entry.error.without(&|id| id == leaf.id()) {
                self.entries.insert(number, GroupEntry { error, ..entry });
            }
        }
    }

    /// Forgets what failed of itself: a race was won by somebody else.
    pub(crate) fn forget_causes(&mut self) {
        self.entries.retain(|_, entry| entry.role != Role::Cause);
    }

    /// Everything, in order.
    pub(crate) fn into_entries(self) -> Vec<GroupEntry> {
        self.entries.into_values().collect()
    }
}
