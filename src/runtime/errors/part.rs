//! Parting a tree of errors in two, without recursion.

use crate::event::Role;

use super::error::Error;
use super::group::{ErrorGroup, GroupEntry};
use super::leaf::Leaf;

/// A group on the way down, with what became of its entries so far.
struct Level<'tree> {
    group: &'tree ErrorGroup,
    /// The part it plays in the group around it.
    role: Role,
    rest: &'tree [GroupEntry],
    taken: Vec<GroupEntry>,
    left: Vec<GroupEntry>,
}

/// The leaves that `matches` says true of, and the rest; it is asked once for each, in tree order. Shape and order
/// are kept, empty branches are not. Where all goes to one side, that is the group itself.
pub(crate) fn part(
    group: &ErrorGroup,
    matches: &mut dyn FnMut(&Leaf) -> bool,
) -> (Option<ErrorGroup>, Option<ErrorGroup>) {
    let mut below: Vec<Level<'_>> = Vec::new();
    let mut level = Level::new(group, Role::Cause);
    loop {
        let Some((entry, rest)) = level.rest.split_first() else {
            let role = level.role;
            let (taken, left) = level.close();
            let Some(outer) = below.pop() else {
                // A group without any leaf is what a cancelled scope leaves: nothing in it was taken.
                let whole = || taken.is_none().then(|| group.clone());
                return (taken.clone(), left.or_else(whole));
            };
            level = outer;
            let entry = |part| GroupEntry { role, error: Error::Group(part) };
            level.taken.extend(taken.map(entry));
            level.left.extend(left.map(entry));
            continue;
        };
        level.rest = rest;
        match &entry.error {
            Error::Leaf(leaf) if matches(leaf) => level.taken.push(entry.clone()),
            Error::Leaf(_) => level.left.push(entry.clone()),
            Error::Group(inner) => below.push(std::mem::replace(&mut level, Level::new(inner, entry.role))),
        }
    }
}

impl<'tree> Level<'tree> {
    fn new(group: &'tree ErrorGroup, role: Role) -> Level<'tree> {
        Level { group, role, rest: group.entries(), taken: Vec::new(), left: Vec::new() }
    }

    fn close(self) -> (Option<ErrorGroup>, Option<ErrorGroup>) {
        match (self.taken.is_empty(), self.left.is_empty()) {
            (true, true) => (None, None),
            (false, true) => (Some(self.group.clone()), None),
            (true, false) => (None, Some(self.group.clone())),
            (false, false) => {
                (Some(self.group.with_entries(self.taken)), Some(self.group.with_entries(self.left)))
            }
        }
    }
}
