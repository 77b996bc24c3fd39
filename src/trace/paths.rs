//! Where each task and scope of a run stands: its path, `main/dashboard/user`.

use crate::event::{Event, Name, ScopeKind};
use crate::ids::{ScopeId, TaskId};

use super::{Stamped, Trace};

/// Under which name tasks stand that no scope waits for.
const DETACHED: &str = "detached";

/// The paths of a run's tasks and scopes, kept as a tree so that deep nesting costs no more than its names.
///
/// A child's path is that of its scope and its own name; a scope's path is
/// that of the block around it and its name, where only blocks that can have
/// children count. Names carry their `#2` already.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Paths {
    nodes: Vec<Node>,
    tasks: Vec<(TaskId, u32)>,
    scopes: Vec<(ScopeId, TaskId, u32)>,
}

#[derive(Clone, Debug, PartialEq)]
struct Node {
    parent: Option<u32>,
    name: Name,
}

impl Paths {
    /// Reads the paths of a whole run.
    pub fn new(trace: &Trace) -> Paths {
        Paths::of(&trace.events)
    }

    /// Reads the paths of these events, from the first of a run on.
    pub fn of(events: &[Stamped]) -> Paths {
        let mut paths = Paths::default();
        for stamped in events {
            paths.hear(&stamped.event);
        }
        paths
    }

    /// Learns from the next event; others than openings and spawns say nothing.
    pub fn hear(&mut self, event: &Event) {
        match event {
            Event::TaskSpawn { task, scope, name, .. } => self.add_task(*task, *scope, name),
            Event::ScopeOpen { scope, kind, task, parent, name, .. } => {
                self.add_scope(*scope, *kind, *task, *parent, name)
            }
            _ => {}
        }
    }

    /// The path of a task; `?` for one that was never spawned.
    pub fn task(&self, task: TaskId) -> String {
        self.task_node(task).map_or_else(|| "?".to_owned(), |node| self.spell(node))
    }

    /// The path of a scope; `?` for one that was never opened. A block without children has the path around it.
    pub fn scope(&self, scope: ScopeId) -> String {
        self.scope_entry(scope).map_or_else(|| "?".to_owned(), |(_, node)| self.spell(node))
    }

    /// The task with this path.
    pub fn find(&self, path: &str) -> Option<TaskId> {
        self.tasks.iter().find(|(_, node)| self.spell(*node) == path).map(|(task, _)| *task)
    }

    fn add_task(&mut self, task: TaskId, scope: Option<ScopeId>, name: &Name) {
        let parent = match scope {
            Some(scope) => self.scope_entry(scope).map(|(_, node)| node),
            None if task == TaskId::ROOT => None,
            None => Some(self.push(None, DETACHED.into())),
        };
        let node = self.push(parent, name.clone());
        insert(&mut self.tasks, (task, node), |(task, _)| *task);
    }

    fn add_scope(
        &mut self,
        scope: ScopeId,
        kind: ScopeKind,
        task: TaskId,
        parent: Option<ScopeId>,
        name: &Name,
    ) {
        // The first scope of a task names the scope that the task was spawned
        // into as its parent; the task's own name stands between the two.
        let around = parent.and_then(|parent| self.scope_entry(parent));
        let around = match around {
            Some((opener, node)) if opener == task => Some(node),
            _ => self.task_node(task),
        };
        let node = match around {
            Some(node) if !kind.has_children() => node,
            _ => self.push(around, name.clone()),
        };
        insert(&mut self.scopes, (scope, task, node), |(scope, _, _)| *scope);
    }

    fn push(&mut self, parent: Option<u32>, name: Name) -> u32 {
        self.nodes.push(Node { parent, name });
        self.nodes.len() as u32 - 1
    }

    fn task_node(&self, task: TaskId) -> Option<u32> {
        let at = self.tasks.binary_search_by_key(&task, |(task, _)| *task).ok()?;
        self.tasks.get(at).map(|(_, node)| *node)
    }

    fn scope_entry(&self, scope: ScopeId) -> Option<(TaskId, u32)> {
        let at = self.scopes.binary_search_by_key(&scope, |(scope, _, _)| *scope).ok()?;
        self.scopes.get(at).map(|(_, task, node)| (*task, *node))
    }

    fn spell(&self, node: u32) -> String {
        let mut names = Vec::new();
        let mut next = Some(node);
        while let Some(node) = next.and_then(|node| self.nodes.get(node as usize)) {
            if !node.name.is_empty() {
                names.push(&*node.name);
            }
            next = node.parent;
        }
        names.reverse();
        names.join("/")
    }
}

/// Keeps `list` sorted by id. Numbers are given in order, so this is a push but for a damaged trace.
fn insert<T, K: Ord>(list: &mut Vec<T>, item: T, key: impl Fn(&T) -> K) {
    let wanted = key(&item);
    match list.last() {
        Some(last) if key(last) >= wanted => {
            let at = list.partition_point(|other| key(other) < wanted);
            list.insert(at, item);
        }
        _ => list.push(item),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trace::script::{Script, order_dashboard};

    #[test]
    fn a_child_of_a_timeout_stands_under_the_scope() {
        let trace = order_dashboard();
        let paths = Paths::new(&trace);
        let all: Vec<String> = (0..4).map(|n| paths.task(TaskId(n))).collect();
        assert_eq!(
            all,
            ["main", "main/dashboard/user", "main/dashboard/orders", "main/dashboard/prefs"],
            "the timeout around the scope does not count"
        );
        assert_eq!(paths.find("main/dashboard/prefs"), Some(TaskId(3)));
        assert_eq!(paths.find("main/user"), None);
        assert_eq!(paths.task(TaskId(99)), "?");
    }

    #[test]
    fn the_first_scope_of_a_child_stands_under_the_child() {
        let mut run = Script::new("nested");
        let a = run.open(TaskId::ROOT, None, ScopeKind::Scope, "a");
        let child = run.spawn(TaskId::ROOT, Some(a), "child");
        let shield = run.open(child, Some(a), ScopeKind::Shield, "shield");
        let b = run.open(child, Some(shield), ScopeKind::Race, "race#2");
        let leaf = run.spawn(child, Some(b), "leaf");
        let leaked = run.spawn(child, None, "poll");
        let paths = Paths::new(&run.end());
        assert_eq!(paths.task(leaf), "main/a/child/race#2/leaf");
        assert_eq!(paths.scope(shield), "main/a/child", "only what can have children counts");
        assert_eq!(paths.task(leaked), "detached/poll");
    }
}
