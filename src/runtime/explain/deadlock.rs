//! Answers to "why does it wait?": who waits for what, and who holds it.

use std::fmt;
use std::rc::{Rc, Weak};

use crate::event::Wait;
use crate::ids::{ResourceId, ScopeId, TaskId};

use crate::runtime::executor::core::Core;
use crate::runtime::executor::entry::Entry;

/// A shared thing that can say who holds it.
pub(crate) trait Explain {
    fn id(&self) -> ResourceId;
    /// What it is called, with its kind: "limiter `api`".
    fn title(&self) -> String;
    fn holders(&self) -> Vec<TaskId>;
}

/// A deadlock: everyone who waits, and for what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stuck {
    /// A sentence for each task that waits.
    pub waits: Vec<String>,
}

impl fmt::Display for Stuck {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "deadlock: {}", self.waits.join("; "))
    }
}

impl Core {
    /// Makes a resource known for explanations.
    pub(crate) fn explainable(&self, resource: &Rc<dyn Explain>) {
        let mut explainers = self.explainers.borrow_mut();
        // Those that are gone are forgotten before the list grows: it is at most twice as long as what there is.
        if explainers.len() == explainers.capacity() {
            explainers.retain(|known| known.strong_count() > 0);
            let live = explainers.len();
            explainers.reserve(live + 1);
        }
        explainers.push(Rc::downgrade(resource));
    }

    /// Who waits for what, at this instant, in the order in which the tasks were spawned.
    pub(crate) fn stuck(&self) -> Stuck {
        let tasks = self.tasks.borrow();
        let waits = |entry: &Entry| {
            let known: Vec<Wait> = entry.waits().cloned().collect();
            if known.is_empty() { vec![Wait::Other("something outside the run".into())] } else { known }
        };
        let mut waiting: Vec<(TaskId, Vec<Wait>)> =
            tasks.iter().map(|entry| (entry.id, waits(entry))).collect();
        drop(tasks);
        waiting.sort_by_key(|(task, _)| *task);
        let sentence = |(task, waits): &(TaskId, Vec<Wait>)| {
            let waits: Vec<String> = waits.iter().map(|wait| self.say(wait)).collect();
            format!("{} waits for {}", self.path_of(*task), waits.join(" and for "))
        };
        Stuck { waits: waiting.iter().map(sentence).collect() }
    }

    fn say(&self, wait: &Wait) -> String {
        match wait {
            Wait::Timer { until } => format!("the instant {until}"),
            Wait::Task(task) => format!("the end of {}", self.path_of(*task)),
            Wait::Children(scope) => format!("the children of {}", self.scope_path(*scope)),
            Wait::Resource { resource, .. } => self.say_resource(*resource),
            Wait::Fetch { url } => format!("an answer from {url}"),
            Wait::Worker { what } => format!("the worker that computes {what}"),
            Wait::Other(what) => what.to_string(),
        }
    }

    fn say_resource(&self, resource: ResourceId) -> String {
        let explainers = self.explainers.borrow();
        let found = explainers.iter().filter_map(Weak::upgrade).find(|known| known.id() == resource);
        let Some(found) = found else { return "something that is gone".to_string() };
        let mut holders: Vec<String> = found.holders().iter().map(|task| self.path_of(*task)).collect();
        holders.dedup();
        match holders.is_empty() {
            true => found.title(),
            false => format!("{}, held by {}", found.title(), holders.join(", ")),
        }
    }

    pub(crate) fn path_of(&self, task: TaskId) -> String {
        let found = self.tasks.borrow().find(task);
        found.map(|task| self.node(task).path()).unwrap_or_else(|| format!("{task:?}, which has ended"))
    }

    fn scope_path(&self, scope: ScopeId) -> String {
        let tasks = self.tasks.borrow();
        let children = tasks.iter().filter_map(|entry| entry.scope.as_ref());
        let found = children.map(|known| &known.block).find(|block| block.id == scope);
        found.map(|block| block.node.path()).unwrap_or_else(|| "its scope".to_string())
    }
}
