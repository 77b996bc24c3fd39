//! The rows of the picture and their order: the tree of scopes and tasks, then the resources.

use crate::ids::{ResourceId, ScopeId, TaskId};
use crate::order;
use crate::time::Time;

use super::facts::{Facts, Scope};
use super::layout::{Lane, LaneKind};

/// What stands in the tree, by its place in the facts.
#[derive(Clone, Copy, Debug)]
enum Node {
    Task(usize),
    Scope(usize),
}

/// The lanes in order, and on which lane each task and scope of the facts stands.
pub struct Lanes {
    /// From top to bottom.
    pub lanes: Vec<Lane>,
    /// For each task of the facts.
    pub of_task: Vec<u32>,
    /// For each scope of the facts; a block without children stands on its task's lane, or on that of the group around it.
    pub of_scope: Vec<u32>,
}

/// Puts the run's cast in order. `used` are the resources that anybody touched, in order of declaration.
///
/// A child stands below its scope, a scope below the group or task that opened
/// it, siblings in order of creation, so that an edit moves nothing that it
/// does not touch. Resources stand last, at the depth of the root's children.
pub fn arrange(facts: &Facts, used: &[ResourceId]) -> Lanes {
    let children = children(facts);
    let mut lanes = Vec::with_capacity(facts.tasks.len() + facts.scopes.len());
    let mut of_task = vec![0; facts.tasks.len()];
    let mut of_scope = vec![0; facts.scopes.len()];
    // A stack instead of recursion: nesting can be ten thousand deep.
    let mut stack: Vec<(Node, Option<u32>, u32)> =
        children.roots.iter().rev().map(|node| (*node, None, 0)).collect();
    while let Some((node, parent, depth)) = stack.pop() {
        let number = lanes.len() as u32;
        let inside = match node {
            Node::Task(at) => {
                of_task[at] = number;
                lanes.push(task_lane(facts, at, parent, depth));
                &children.of_task[at]
            }
            Node::Scope(at) => {
                of_scope[at] = number;
                lanes.push(scope_lane(facts, &facts.scopes[at], parent, depth));
                &children.of_scope[at]
            }
        };
        stack.extend(inside.iter().rev().map(|node| (*node, Some(number), depth + 1)));
    }
    for (place, scope) in facts.scopes.iter().enumerate().filter(|(_, scope)| !scope.groups()) {
        of_scope[place] = home(facts, scope).map_or(0, |node| match node {
            Node::Task(at) => of_task[at],
            Node::Scope(at) => of_scope[at],
        });
    }
    let depth = u32::from(!lanes.is_empty());
    for (number, resource) in used.iter().filter_map(|id| facts.resource(*id)).enumerate() {
        lanes.push(Lane {
            kind: LaneKind::Resource(resource.id, number as u32),
            label: resource.name.clone(),
            ..blank((Time::ZERO, facts.end), depth)
        });
    }
    close_subtrees(&mut lanes);
    Lanes { lanes, of_task, of_scope }
}

struct Children {
    roots: Vec<Node>,
    of_task: Vec<Vec<Node>>,
    of_scope: Vec<Vec<Node>>,
}

/// Who stands in whom. Tasks and scopes are sorted by number, which is the order of creation within
/// each kind; one sort by order of events merges the two.
fn children(facts: &Facts) -> Children {
    let mut nodes: Vec<(u32, Node)> = Vec::with_capacity(facts.tasks.len() + facts.scopes.len());
    nodes.extend(facts.tasks.iter().enumerate().map(|(at, task)| (task.order, Node::Task(at))));
    let groups = facts.scopes.iter().enumerate().filter(|(_, scope)| scope.groups());
    nodes.extend(groups.map(|(at, scope)| (scope.order, Node::Scope(at))));
    order::by_key(&mut nodes, |(order, _)| *order);
    let mut children = Children {
        roots: Vec::new(),
        of_task: vec![Vec::new(); facts.tasks.len()],
        of_scope: vec![Vec::new(); facts.scopes.len()],
    };
    for (order, node) in nodes {
        let parent = match node {
            Node::Task(at) => facts.tasks[at].scope.and_then(|scope| group_at_or_around(facts, scope)),
            Node::Scope(at) => home(facts, &facts.scopes[at]),
        };
        // Only what came before can be a parent: no damaged trace makes a circle.
        let earlier = parent.filter(|parent| order_of(facts, *parent) < order);
        match earlier {
            Some(Node::Task(at)) => children.of_task[at].push(node),
            Some(Node::Scope(at)) => children.of_scope[at].push(node),
            None => children.roots.push(node),
        }
    }
    children
}

fn order_of(facts: &Facts, node: Node) -> u32 {
    match node {
        Node::Task(at) => facts.tasks[at].order,
        Node::Scope(at) => facts.scopes[at].order,
    }
}

fn place_of_task(facts: &Facts, id: TaskId) -> Option<usize> {
    facts.tasks.binary_search_by_key(&id, |task| task.id).ok()
}

fn place_of_scope(facts: &Facts, id: ScopeId) -> Option<usize> {
    facts.scopes.binary_search_by_key(&id, |scope| scope.id).ok()
}

/// The group of children nearest around `scope`, itself included, or the task that it runs in.
fn group_at_or_around(facts: &Facts, scope: ScopeId) -> Option<Node> {
    let at = place_of_scope(facts, scope)?;
    match facts.scopes[at].groups() {
        true => Some(Node::Scope(at)),
        false => home(facts, &facts.scopes[at]),
    }
}

/// What a block stands in: the nearest group around it in its own task, or the task.
fn home(facts: &Facts, scope: &Scope) -> Option<Node> {
    let mut around = facts.around(scope).filter(|around| around.order < scope.order);
    while let Some(block) = around {
        if block.groups() {
            return place_of_scope(facts, block.id).map(Node::Scope);
        }
        around = facts.around(block).filter(|outer| outer.order < block.order);
    }
    place_of_task(facts, scope.task).map(Node::Task)
}

fn blank(life: (Time, Time), depth: u32) -> Lane {
    Lane {
        kind: LaneKind::Task(TaskId::ROOT),
        label: "".into(),
        depth,
        parent: None,
        until: 0,
        bars: (0, 0),
        marks: [0; 4],
        brackets: (0, 0),
        span: None,
        life,
        result: None,
    }
}

fn task_lane(facts: &Facts, at: usize, parent: Option<u32>, depth: u32) -> Lane {
    let task = &facts.tasks[at];
    let end = task.ended.map_or(facts.end, |(end, _)| end);
    Lane {
        kind: LaneKind::Task(task.id),
        label: task.name.clone(),
        parent,
        span: task.span,
        result: task.ended.map(|(_, result)| result),
        ..blank((task.spawned, end), depth)
    }
}

fn scope_lane(facts: &Facts, scope: &Scope, parent: Option<u32>, depth: u32) -> Lane {
    let end = scope.closed.map_or(facts.end, |(end, _)| end);
    Lane {
        kind: LaneKind::Scope(scope.id),
        label: scope.name.clone(),
        parent,
        span: scope.span,
        result: scope.closed.map(|(_, result)| result),
        ..blank((scope.opened, end), depth)
    }
}

/// Writes down where each subtree ends: at the next lane that stands no deeper.
fn close_subtrees(lanes: &mut [Lane]) {
    let count = lanes.len() as u32;
    let mut open: Vec<usize> = Vec::new();
    for number in 0..lanes.len() {
        while let Some(&last) = open.last() {
            if lanes[last].depth < lanes[number].depth && lanes[number].parent.is_some() {
                break;
            }
            lanes[last].until = number as u32;
            open.pop();
        }
        open.push(number);
    }
    for last in open {
        lanes[last].until = count;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::{ResourceKind, ScopeKind};
    use crate::trace::Trace;
    use crate::trace::script::{Script, order_dashboard};

    fn check(trace: &Trace, expected: &[&str]) {
        let facts = Facts::new(trace);
        let used: Vec<ResourceId> = facts.resources.iter().map(|resource| resource.id).collect();
        let lanes = arrange(&facts, &used).lanes;
        let lines: Vec<String> = lanes
            .iter()
            .map(|lane| format!("{}{} {}", "  ".repeat(lane.depth as usize), lane.label, lane.until))
            .collect();
        assert_eq!(lines, expected);
    }

    #[test]
    fn the_dashboard() {
        check(
            &order_dashboard(),
            &["main 5", "  dashboard 5", "    user 3", "    orders 4", "    prefs 5", "  api 6"],
        );
    }

    #[test]
    fn siblings_stand_in_order_of_creation() {
        let main = TaskId::ROOT;
        let mut run = Script::new("");
        run.resource(ResourceKind::Lock, "lock", 1);
        let outer = run.open(main, None, ScopeKind::Scope, "outer");
        let a = run.spawn(main, Some(outer), "a");
        let inner = run.open(a, Some(outer), ScopeKind::Race, "race");
        run.spawn(main, Some(outer), "b");
        run.spawn(a, Some(inner), "leaf");
        let retry = run.open(main, Some(outer), ScopeKind::Retry, "retry");
        let second = run.open(main, Some(retry), ScopeKind::Scope, "inner");
        run.spawn(main, Some(second), "deep");
        run.spawn(main, None, "leak");
        check(
            &run.end(),
            &[
                "main 8",
                "  outer 8",
                "    a 5",
                "      race 5",
                "        leaf 5",
                "    b 6",
                "    inner 8",
                "      deep 8",
                "leak 9",
                "  lock 10",
            ],
        );
    }

    #[test]
    fn ten_thousand_deep_is_no_deeper_than_one() {
        let mut run = Script::new("");
        let mut scope = None;
        for _ in 0..10_000 {
            scope = Some(run.open(TaskId::ROOT, scope, ScopeKind::Scope, "s"));
        }
        let facts = Facts::new(&run.end());
        let lanes = arrange(&facts, &[]).lanes;
        assert_eq!(lanes.last().map(|lane| (lane.depth, lane.until)), Some((10_000, 10_001)));
    }
}
