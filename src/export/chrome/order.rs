//! The order in which tasks stand below each other: each after the task that opened its scope, in spawn order.

use std::collections::BTreeMap;

use crate::event::Event;
use crate::ids::{ScopeId, TaskId};
use crate::trace::Trace;

/// Every task once, as a tree read from the top.
pub fn tree(trace: &Trace) -> Vec<TaskId> {
    let mut opener: BTreeMap<ScopeId, TaskId> = BTreeMap::new();
    let mut children: BTreeMap<Option<TaskId>, Vec<TaskId>> = BTreeMap::new();
    let mut seen: BTreeMap<TaskId, ()> = BTreeMap::new();
    for stamped in &trace.events {
        match &stamped.event {
            Event::ScopeOpen { scope, task, .. } => {
                opener.insert(*scope, *task);
            }
            Event::TaskSpawn { task, scope, .. } if seen.insert(*task, ()).is_none() => {
                let parent = scope.and_then(|scope| opener.get(&scope)).copied();
                // Only a damaged trace has a task below one that does not stand yet.
                let parent = parent.filter(|parent| seen.contains_key(parent) && parent != task);
                children.entry(parent).or_default().push(*task);
            }
            _ => {}
        }
    }
    let mut order = Vec::new();
    let mut rest: Vec<TaskId> = children.remove(&None).unwrap_or_default();
    rest.reverse();
    while let Some(task) = rest.pop() {
        order.push(task);
        rest.extend(children.remove(&Some(task)).unwrap_or_default().into_iter().rev());
    }
    order
}
