//! Error groups: what leaves a scope that failed, as a tree.

use std::cell::OnceCell;
use std::error::Error as StdError;
use std::fmt;
use std::rc::Rc;

use crate::event::{Name, Reason, Role};
use crate::ids::ScopeId;

use super::error::{Error, Leaf};
use crate::runtime::scope::block::PathNode;

/// The errors that left one scope, in the order in which they were raised.
/// An entry may itself be a group: that of a scope inside.
#[derive(Clone)]
pub struct ErrorGroup {
    /// None: errors put together by hand.
    scope: Option<ScopeId>,
    node: Option<Rc<PathNode>>,
    /// Put together when it is first read: below many scopes a path is long.
    path: OnceCell<Name>,
    entries: Entries,
    cancelled: Option<Reason>,
}

/// One error of a group and the part it played.
#[derive(Clone, Debug)]
pub struct GroupEntry {
    /// What part it played in the scope's failure.
    pub role: Role,
    /// The error.
    pub error: Error,
}

#[derive(Clone)]
struct Entries(Vec<GroupEntry>);

impl Drop for Entries {
    /// One group after the other: ten thousand nested scopes must not nest ten thousand drops.
    fn drop(&mut self) {
        let mut rest = std::mem::take(&mut self.0);
        while let Some(GroupEntry { error, .. }) = rest.pop() {
            if let Error::Group(group) = error
                && let Some(mut group) = Rc::into_inner(group)
            {
                rest.append(&mut group.entries.0);
            }
        }
    }
}

impl ErrorGroup {
    pub(crate) fn new(scope: ScopeId, node: Rc<PathNode>, entries: Vec<GroupEntry>) -> ErrorGroup {
        let (node, path) = (Some(node), OnceCell::new());
        ErrorGroup { scope: Some(scope), node, path, entries: Entries(entries), cancelled: None }
    }

    /// Errors that came up in one place one after the other.
    pub(crate) fn loose(errors: Vec<Error>) -> ErrorGroup {
        let entry = |error| GroupEntry { role: Role::Cause, error };
        let entries = Entries(errors.into_iter().map(entry).collect());
        ErrorGroup { scope: None, node: None, path: OnceCell::new(), entries, cancelled: None }
    }

    pub(crate) fn with_cancelled(mut self, reason: Option<Reason>) -> ErrorGroup {
        self.cancelled = reason;
        self
    }

    /// The scope that it left; none for errors that were put together without one.
    pub fn scope(&self) -> Option<ScopeId> {
        self.scope
    }

    /// The path of that scope.
    pub fn path(&self) -> &str {
        self.path.get_or_init(|| self.node.as_ref().map(|node| node.path()).unwrap_or_default().into())
    }

    /// Why the scope was cancelled, if that is why it gave no value. Its errors may be none then.
    pub fn cancelled(&self) -> Option<Reason> {
        self.cancelled
    }

    /// Its errors and inner groups.
    pub fn entries(&self) -> &[GroupEntry] {
        &self.entries.0
    }

    /// Every single error, in tree order.
    pub fn leaves(&self) -> Vec<&Leaf> {
        self.entries.0.iter().flat_map(|entry| entry.error.leaves()).map(|leaf| &**leaf).collect()
    }

    /// The single error, if there is just one in the whole tree.
    pub fn only(&self) -> Option<&Leaf> {
        let leaves = self.leaves();
        if let [leaf] = leaves[..] { Some(leaf) } else { None }
    }

    /// The part of the tree whose leaves `keep` says true of. Shape and order
    /// are kept, empty branches are not; `None` if nothing is left.
    pub fn filter(&self, keep: &mut dyn FnMut(&Leaf) -> bool) -> Option<ErrorGroup> {
        let part =
            |entry: &GroupEntry| entry.error.filter(keep).map(|error| GroupEntry { role: entry.role, error });
        let entries: Vec<GroupEntry> = self.entries.0.iter().filter_map(part).collect();
        let (scope, node, path) = (self.scope, self.node.clone(), self.path.clone());
        let entries = (!entries.is_empty()).then_some(Entries(entries))?;
        Some(ErrorGroup { scope, node, path, entries, cancelled: self.cancelled })
    }

    /// Parts the tree in two: the leaves that `matches` says true of, and the rest.
    ///
    /// ```
    /// use std::num::ParseIntError;
    /// use taskscope::runtime::{Error, block_on_virtual, collect};
    ///
    /// let result = block_on_virtual(async {
    ///     let group = collect(async |s| {
    ///         s.spawn(async { Ok("7 eggs".parse::<u32>()?) });
    ///         s.spawn(async { Err::<u32, _>(Error::msg("no milk")) });
    ///         Ok(())
    ///     })
    ///     .await
    ///     .unwrap_err();
    ///     let (eggs, rest) = group.split(|leaf| leaf.downcast_ref::<ParseIntError>().is_some());
    ///     Ok((eggs.unwrap().leaves().len(), rest.unwrap().to_string()))
    /// });
    /// assert_eq!(result.unwrap(), (1, "no milk".to_string()));
    /// ```
    pub fn split(&self, mut matches: impl FnMut(&Leaf) -> bool) -> (Option<ErrorGroup>, Option<ErrorGroup>) {
        let taken = self.filter(&mut |leaf| matches(leaf));
        let rest = self.filter(&mut |leaf| !matches(leaf));
        (taken, rest)
    }
}

impl fmt::Display for ErrorGroup {
    /// The leaves in tree order, with `; ` between them.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, leaf) in self.leaves().into_iter().enumerate() {
            let gap = if index == 0 { "" } else { "; " };
            write!(f, "{gap}{}", leaf.error())?;
        }
        if self.entries.0.is_empty() {
            write!(f, "scope {} was cancelled", self.path())?;
        }
        Ok(())
    }
}

impl fmt::Debug for ErrorGroup {
    /// The tree, a line for each scope and error.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "errors of {}", self.path())?;
        for GroupEntry { role, error } in &self.entries.0 {
            let text = format!("{error:?}").replace('\n', "\n  ");
            match error {
                Error::Leaf(_) => write!(f, "\n  {role:?}: {text}")?,
                Error::Group(_) => write!(f, "\n  {text}")?,
            }
        }
        Ok(())
    }
}

impl StdError for ErrorGroup {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match &self.entries.0.first()?.error {
            Error::Leaf(leaf) => Some(leaf.error()),
            Error::Group(group) => Some(&**group),
        }
    }
}
