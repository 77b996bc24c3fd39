//! Error groups: what leaves a scope that failed, as a tree.

use std::cell::OnceCell;
use std::error::Error as StdError;
use std::fmt;
use std::rc::Rc;

use crate::event::{Name, Reason, Role};
use crate::ids::{ErrorId, ScopeId};

use super::catch::Catch;
use super::error::Error;
use super::leaf::Leaf;
use super::leaves::Leaves;
use super::part::part;
use super::show;
use crate::runtime::scope::block::PathNode;

/// The errors that left one scope, in the order in which they were raised.
/// An entry may itself be a group: that of a scope inside. Cloning gives another handle to the same errors.
///
/// It is taken apart by [`split`](Self::split) and [`subgroup`](Self::subgroup), handled kind by kind by
/// [`catch`](Self::catch), and read by [`leaves`](Self::leaves). Nothing of that recurses: a scope may be nested as
/// deep as memory allows, and its errors come out.
///
/// ```
/// use std::time::Duration;
/// use taskscope::runtime::{Error, block_on_virtual, scope, sleep};
///
/// block_on_virtual(async {
///     let group = scope(async |s| {
///         s.spawn_named("prefs", async {
///             sleep(Duration::from_millis(250)).await;
///             Err::<(), _>(Error::msg("prefs are corrupt"))
///         });
///         s.spawn_named("eggs", async {
///             sleep(Duration::from_millis(250)).await;
///             Ok("7 eggs".parse::<u32>()?)
///         });
///         Ok(())
///     })
///     .await
///     .unwrap_err();
///     assert_eq!(group.to_string(), "prefs are corrupt, in main/scope/prefs at 0.25 s; and 1 more error");
///     assert_eq!(
///         format!("{group:?}"),
///         "scope main/scope failed
/// ├─ cause: Error: prefs are corrupt, in main/scope/prefs at 0.25 s
/// └─ cause: ParseIntError: invalid digit found in string, in main/scope/eggs at 0.25 s"
///     );
///     Ok(())
/// })
/// .unwrap();
/// ```
#[derive(Clone)]
pub struct ErrorGroup(Rc<Inner>);

struct Inner {
    /// None: errors put together by hand.
    scope: Option<(ScopeId, Rc<PathNode>)>,
    /// Put together when it is first read: below many scopes a path is long.
    path: OnceCell<Name>,
    entries: Vec<GroupEntry>,
    /// The lowest and the highest number of any leaf, however deep: known without going down to it.
    numbers: Option<(ErrorId, ErrorId)>,
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

fn numbers(entries: &[GroupEntry]) -> Option<(ErrorId, ErrorId)> {
    let each = entries.iter().filter_map(|entry| entry.error.numbers());
    each.reduce(|(lowest, highest), (low, high)| (lowest.min(low), highest.max(high)))
}

impl Drop for Inner {
    /// One group after the other: ten thousand nested scopes must not nest ten thousand drops.
    fn drop(&mut self) {
        let mut rest = std::mem::take(&mut self.entries);
        while let Some(GroupEntry { error, .. }) = rest.pop() {
            if let Error::Group(group) = error
                && let Some(mut group) = Rc::into_inner(group.0)
            {
                rest.append(&mut group.entries);
            }
        }
    }
}

impl ErrorGroup {
    pub(crate) fn new(scope: ScopeId, node: Rc<PathNode>, entries: Vec<GroupEntry>) -> ErrorGroup {
        ErrorGroup::of(Some((scope, node)), entries, None)
    }

    /// What a cancelled scope without errors ends with.
    pub(crate) fn cancelled_scope(scope: ScopeId, node: Rc<PathNode>, reason: Option<Reason>) -> ErrorGroup {
        ErrorGroup::of(Some((scope, node)), Vec::new(), reason)
    }

    /// Errors that came up in one place one after the other.
    pub(crate) fn loose(errors: Vec<Error>) -> ErrorGroup {
        let entry = |error| GroupEntry { role: Role::Cause, error };
        ErrorGroup::of(None, errors.into_iter().map(entry).collect(), None)
    }

    /// The same scope's group with other entries.
    pub(crate) fn with_entries(&self, entries: Vec<GroupEntry>) -> ErrorGroup {
        let Inner { scope, path, cancelled, .. } = &*self.0;
        let numbers = numbers(&entries);
        let (scope, path, cancelled) = (scope.clone(), path.clone(), *cancelled);
        ErrorGroup(Rc::new(Inner { scope, path, entries, numbers, cancelled }))
    }

    fn of(
        scope: Option<(ScopeId, Rc<PathNode>)>,
        entries: Vec<GroupEntry>,
        cancelled: Option<Reason>,
    ) -> ErrorGroup {
        let numbers = numbers(&entries);
        ErrorGroup(Rc::new(Inner { scope, path: OnceCell::new(), entries, numbers, cancelled }))
    }

    /// The lowest and the highest number of its leaves, if it has any. Takes no longer where it is deep.
    pub(super) fn numbers(&self) -> Option<(ErrorId, ErrorId)> {
        self.0.numbers
    }

    /// The scope that it left; none for errors that were put together without one.
    pub fn scope(&self) -> Option<ScopeId> {
        self.0.scope.as_ref().map(|(scope, _)| *scope)
    }

    /// The path of that scope.
    pub fn path(&self) -> &str {
        let path = || self.0.scope.as_ref().map(|(_, node)| node.path());
        self.0.path.get_or_init(|| path().unwrap_or_default().into())
    }

    /// Why the scope was cancelled, if that is why it gave no value. Its errors may be none then.
    pub fn cancelled(&self) -> Option<Reason> {
        self.0.cancelled
    }

    /// Its errors and inner groups.
    pub fn entries(&self) -> &[GroupEntry] {
        &self.0.entries
    }

    /// Every single error, in tree order.
    pub fn leaves(&self) -> Leaves<'_> {
        Leaves::of_entries(self.entries())
    }

    /// The single error, if there is just one in the whole tree; otherwise the group.
    ///
    /// ```
    /// use taskscope::runtime::{Error, ErrorGroup, block_on_virtual, scope};
    ///
    /// let result: Result<(), _> = block_on_virtual(async {
    ///     let eggs = scope(async |s| s.spawn(async { Err(Error::msg("no eggs")) }).await.map_err(Error::from));
    ///     eggs.await.map_err(ErrorGroup::only)
    /// });
    /// assert_eq!(result.unwrap_err().to_string(), "no eggs", "not a group with one error");
    /// ```
    pub fn only(self) -> Error {
        match self.single() {
            Some(leaf) => Error::Leaf(leaf.clone()),
            None => Error::Group(self),
        }
    }

    /// The single error, if there is just one in the whole tree, however deep it stands.
    pub fn single(&self) -> Option<&Leaf> {
        let mut leaves = self.leaves();
        leaves.next().filter(|_| leaves.next().is_none())
    }

    /// Begins to handle its errors by kind; see [`Catch`].
    pub fn catch(self) -> Catch {
        Catch::new(Error::Group(self))
    }

    /// The part of the tree whose leaves `keep` says true of. Shape and order
    /// are kept, empty branches are not; `None` if nothing is left.
    pub fn subgroup(&self, mut keep: impl FnMut(&Leaf) -> bool) -> Option<ErrorGroup> {
        part(self, &mut keep).0
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
    ///     Ok((eggs.unwrap().leaves().count(), rest.unwrap().to_string()))
    /// });
    /// assert_eq!(result.unwrap(), (1, "no milk, in main/scope/task#2 at 0 s".to_string()));
    /// ```
    pub fn split(&self, mut matches: impl FnMut(&Leaf) -> bool) -> (Option<ErrorGroup>, Option<ErrorGroup>) {
        part(self, &mut matches)
    }
}

impl fmt::Display for ErrorGroup {
    /// One line: the first error, its task and instant, and how many more there are.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        show::line(self, f)
    }
}

impl fmt::Debug for ErrorGroup {
    /// The tree, a line for each scope and error, with the part that it played.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        show::tree(self, f)
    }
}

impl StdError for ErrorGroup {
    /// The first of its errors, however deep it stands; that one's own sources follow.
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.leaves().next().map(Leaf::error)
    }
}
