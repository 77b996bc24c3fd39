//! What a task's path is put together from, when somebody reads it.

use std::rc::Rc;

use crate::event::Name;

use super::block::{PathNode, numbered};

/// The end of a path: what a task is called, and what it stands below. Kept by the task and by the errors that came
/// up in it, because most paths are never read.
#[derive(Clone, Default)]
pub(crate) struct TaskPath {
    /// None for the root.
    below: Option<Rc<PathNode>>,
    label: Label,
}

/// What a task is called.
#[derive(Clone)]
enum Label {
    /// A name of its own, unique among what stands beside it.
    Named(Name),
    /// Without one: which of its scope's. 0: the root.
    Number(u32),
}

impl Default for Label {
    fn default() -> Label {
        Label::Number(0)
    }
}

impl TaskPath {
    /// Of a task with a name of its own.
    pub(crate) fn named(below: Rc<PathNode>, name: Name) -> TaskPath {
        TaskPath { below: Some(below), label: Label::Named(name) }
    }

    /// Of the task with this number, from 1, among those without a name.
    pub(crate) fn unnamed(below: Rc<PathNode>, number: u32) -> TaskPath {
        TaskPath { below: Some(below), label: Label::Number(number) }
    }

    /// What the task is called among what stands beside it.
    pub(crate) fn label(&self) -> Name {
        match &self.label {
            Label::Named(name) => name.clone(),
            Label::Number(0) => "main".into(),
            Label::Number(number) => numbered("task", *number),
        }
    }

    /// A place in paths for what will stand below the task.
    pub(crate) fn node(&self) -> Rc<PathNode> {
        PathNode::new(self.below.clone(), self.label())
    }

    /// The whole path, `main/dashboard/user`.
    pub(crate) fn path(&self) -> String {
        self.node().path()
    }
}
