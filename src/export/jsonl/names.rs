//! How the lines of a trace file name tasks: by path, as long as a path says which task is meant.

use std::collections::BTreeMap;
use std::rc::Rc;

use crate::ids::TaskId;

use super::wire::Task;

/// Which task each path names. Writer and reader learn the same from the same spawns, so that they agree.
#[derive(Default)]
pub struct Names {
    tasks: BTreeMap<Rc<str>, TaskId>,
}

impl Names {
    /// A task was spawned. Of two tasks with one path, the path names the later.
    pub fn learn(&mut self, path: Rc<str>, task: TaskId) {
        self.tasks.insert(path, task);
    }

    /// The task with this path.
    pub fn find(&self, path: &str) -> Option<TaskId> {
        self.tasks.get(path).copied()
    }

    /// The number that must be said beside `path`, because the path alone does not name `task`.
    pub fn extra(&self, path: &str, task: TaskId) -> Option<u32> {
        (self.find(path) != Some(task)).then_some(task.0)
    }

    /// The task that a line means.
    pub fn resolve(&self, task: &Task) -> Result<TaskId, String> {
        match task {
            Task::Id(id) => Ok(TaskId(*id)),
            Task::Path(path) => self.find(path).ok_or_else(|| unknown(path)),
        }
    }
}

/// What is said of a path that nobody spawned.
pub fn unknown(path: &str) -> String {
    format!("no task `{path}` was spawned before this line")
}
