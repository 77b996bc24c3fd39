//! The errors of one scope while it runs: in the order in which they came up, each leaf once.

use std::collections::{BTreeMap, BTreeSet};

use crate::event::Role;
use crate::ids::ErrorId;

use crate::runtime::errors::error::Error;
use crate::runtime::errors::group::GroupEntry;
use crate::runtime::errors::leaf::LeafKey;

/// Fewer empty places than this are not worth a sweep.
const SWEEP_MIN: usize = 64;

/// A hundred thousand children may fail, and each may be awaited. Most errors are only added: their numbers grow, so
/// that one above the highest is surely new. Only where an older one comes back, or is given up, is it looked for.
#[derive(Default)]
pub(crate) struct Failures {
    /// In order; one that was given up leaves its place empty until the next sweep.
    entries: Vec<Option<GroupEntry>>,
    empty: usize,
    /// The highest number of any leaf that was ever added.
    newest: Option<ErrorId>,
    /// In which entry each leaf is, once that was asked for.
    index: Option<BTreeMap<LeafKey, usize>>,
}

impl Failures {
    /// Keeps `error` but for the leaves that are known: one that was awaited and raised on counts once.
    pub(crate) fn add(&mut self, role: Role, error: Error) {
        let newest = self.newest;
        let is_new = |lowest| newest.is_none_or(|newest| lowest > newest);
        let error = if error.numbers().is_none_or(|(lowest, _)| is_new(lowest)) {
            error
        } else {
            let index = self.index();
            let Some(rest) = error.subgroup(|leaf| !index.contains_key(&leaf.key())) else { return };
            rest
        };
        self.newest = self.newest.max(error.numbers().map(|(_, highest)| highest));
        if let Some(index) = &mut self.index {
            index.extend(error.leaves().map(|leaf| (leaf.key(), self.entries.len())));
        }
        self.entries.push(Some(GroupEntry { role, error }));
    }

    /// Keeps the leaves of `error` no longer: they were given to somebody, who may raise them on.
    pub(crate) fn give_up(&mut self, error: &Error) {
        let index = self.index();
        let places: BTreeSet<usize> = error.leaves().filter_map(|leaf| index.remove(&leaf.key())).collect();
        for place in places {
            let Some(GroupEntry { role, error }) = self.entries[place].take() else { continue };
            let index = self.index();
            match error.subgroup(|leaf| index.contains_key(&leaf.key())) {
                Some(error) => self.entries[place] = Some(GroupEntry { role, error }),
                None => self.empty += 1,
            }
        }
        self.sweep();
    }

    /// Forgets what failed of itself: a race was won by somebody else.
    pub(crate) fn forget_causes(&mut self) {
        self.entries.retain(|entry| entry.as_ref().is_some_and(|entry| entry.role != Role::Cause));
        (self.empty, self.index) = (0, None);
    }

    /// Everything, in order.
    pub(crate) fn into_entries(self) -> Vec<GroupEntry> {
        self.entries.into_iter().flatten().collect()
    }

    fn index(&mut self) -> &mut BTreeMap<LeafKey, usize> {
        let entries = &self.entries;
        self.index.get_or_insert_with(|| {
            let full = entries.iter().enumerate().filter_map(|(place, entry)| Some((place, entry.as_ref()?)));
            full.flat_map(|(place, entry)| entry.error.leaves().map(move |leaf| (leaf.key(), place)))
                .collect()
        })
    }

    /// Lets go of empty places that outnumber the others; the index is made anew when it is next asked for.
    fn sweep(&mut self) {
        if self.empty > SWEEP_MIN && self.empty > self.entries.len() / 2 {
            self.entries.retain(Option::is_some);
            (self.empty, self.index) = (0, None);
        }
    }
}
