//! Blocks: the stretches of a task that begin and end, and the names they give to paths.

use std::cell::{Cell, RefCell};
use std::collections::{HashMap, VecDeque};
use std::rc::Rc;

use crate::event::{Name, ScopeKind};
use crate::ids::ScopeId;
use crate::time::Time;

use super::local::Binding;
use crate::runtime::cancel::cleanup::Cleanup;
use crate::runtime::executor::entry::TaskRef;

/// A scope, timeout, race or shield while it is active.
///
/// Whatever runs inside finds it as the innermost block of the current turn:
/// cleanups are handed to it, and names are formed below it.
pub(crate) struct Block {
    pub(crate) id: ScopeId,
    pub(crate) kind: ScopeKind,
    /// The task whose body it is in: the one that entered it, unless the
    /// future was moved to another task afterwards.
    pub(crate) task: Cell<TaskRef>,
    /// The block around it: in the same task, or the scope the task was spawned into.
    pub(crate) parent: Option<Rc<Block>>,
    pub(crate) node: Rc<PathNode>,
    pub(crate) deadline: Cell<Option<Time>>,
    /// Its cleanups have begun: no deadline around it reaches inside any more.
    pub(crate) cleaning: Cell<bool>,
    /// The innermost local value around it, for children that are polled by themselves.
    pub(crate) locals: Option<Rc<Binding>>,
    /// What was left to be cleaned up before the block may report, innermost first.
    pub(crate) cleanups: RefCell<VecDeque<Cleanup>>,
}

/// One step of a path. A parent is shared by all below it; a path is put
/// together only when somebody reads it.
pub(crate) struct PathNode {
    parent: Option<Rc<PathNode>>,
    name: Name,
    used: RefCell<HashMap<Name, u32>>,
    unnamed: Cell<u32>,
}

impl PathNode {
    pub(crate) fn new(parent: Option<Rc<PathNode>>, name: Name) -> Rc<PathNode> {
        Rc::new(PathNode { parent, name, used: RefCell::default(), unnamed: Cell::new(0) })
    }

    /// A name that nothing else directly below this node has: the second
    /// `user` is `user#2`. Numbers are never used again.
    pub(crate) fn unique(&self, name: &Name) -> Name {
        let mut used = self.used.borrow_mut();
        let Some(count) = used.get_mut(name) else {
            used.insert(name.clone(), 1);
            return name.clone();
        };
        *count += 1;
        numbered(name, *count)
    }

    /// The number of the next child without a name, from 1.
    pub(crate) fn next_unnamed(&self) -> u32 {
        self.unnamed.set(self.unnamed.get() + 1);
        self.unnamed.get()
    }

    /// Whether nothing has ever stood below it.
    pub(crate) fn is_bare(&self) -> bool {
        self.unnamed.get() == 0 && self.used.borrow().is_empty()
    }

    /// The whole path, `main/dashboard/user`.
    pub(crate) fn path(&self) -> String {
        let mut names = vec![&self.name];
        let mut node = &self.parent;
        while let Some(parent) = node {
            names.push(&parent.name);
            node = &parent.parent;
        }
        let names: Vec<&str> =
            names.iter().rev().map(|name| &***name).filter(|name| !name.is_empty()).collect();
        names.join("/")
    }
}

impl Drop for PathNode {
    /// One after the other: ten thousand nested scopes must not nest ten thousand drops.
    fn drop(&mut self) {
        let mut next = self.parent.take();
        while let Some(mut node) = next.and_then(|node| Rc::try_unwrap(node).ok()) {
            next = node.parent.take();
        }
    }
}

/// `name` for the first, `name#2` for the second.
pub(crate) fn numbered(name: &str, number: u32) -> Name {
    if number == 1 { name.into() } else { format!("{name}#{number}").into() }
}

impl Drop for Block {
    /// As for paths: the chain of enclosing blocks is let go step by step.
    fn drop(&mut self) {
        let mut next = self.parent.take();
        while let Some(mut block) = next.and_then(|block| Rc::try_unwrap(block).ok()) {
            next = block.parent.take();
        }
    }
}
