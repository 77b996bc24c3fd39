//! Walking over the single errors of a tree.

use super::error::Error;
use super::group::GroupEntry;
use super::leaf::Leaf;

/// The single errors of a tree, in tree order. Made by [`Error::leaves`] and
/// [`ErrorGroup::leaves`](super::group::ErrorGroup::leaves); goes down without recursion.
#[derive(Clone, Debug)]
pub struct Leaves<'tree> {
    /// An error that is no group's entry.
    alone: Option<&'tree Leaf>,
    /// What is left of the groups on the way down, the innermost last.
    rest: Vec<&'tree [GroupEntry]>,
}

impl<'tree> Leaves<'tree> {
    pub(crate) fn of(error: &'tree Error) -> Leaves<'tree> {
        match error {
            Error::Leaf(leaf) => Leaves { alone: Some(leaf), rest: Vec::new() },
            Error::Group(group) => Leaves::of_entries(group.entries()),
        }
    }

    pub(crate) fn of_entries(entries: &'tree [GroupEntry]) -> Leaves<'tree> {
        Leaves { alone: None, rest: vec![entries] }
    }
}

impl<'tree> Iterator for Leaves<'tree> {
    type Item = &'tree Leaf;

    fn next(&mut self) -> Option<&'tree Leaf> {
        if let Some(leaf) = self.alone.take() {
            return Some(leaf);
        }
        while let Some(entries) = self.rest.pop() {
            let Some((first, rest)) = entries.split_first() else { continue };
            if !rest.is_empty() {
                self.rest.push(rest);
            }
            match &first.error {
                Error::Leaf(leaf) => return Some(leaf),
                Error::Group(group) => self.rest.push(group.entries()),
            }
        }
        None
    }
}
