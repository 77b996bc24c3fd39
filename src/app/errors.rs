//! The errors that a run ended with, as the tree of the scopes that they left through.

use std::collections::BTreeSet;

use crate::event::{Event, Leaf, Role};
use crate::ids::ScopeId;
use crate::span::Span;
use crate::time::Time;
use crate::timeline::Layout;
use crate::trace::Trace;

/// A node: a scope's group, or an error.
#[derive(Clone, Debug, PartialEq)]
pub enum Node {
    /// What left a scope together.
    Group {
        /// The scope's name.
        name: String,
        /// What is in it, in the order in which it was raised.
        inside: Vec<Node>,
    },
    /// An error.
    Error {
        /// `Kind: message`.
        title: String,
        /// The path of the task in which it came up.
        path: String,
        /// When it came up.
        at: Time,
        /// Where in the text.
        span: Option<Span>,
        /// What part it played, where that needs words.
        role: Option<&'static str>,
    },
}

/// The tree of a run; empty for a run that ended well.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ErrorTree {
    /// What left the root.
    pub roots: Vec<Node>,
    /// What the run's end says besides: who waited for whom, which limit was reached.
    pub notes: Vec<String>,
}

impl ErrorTree {
    /// The errors of a run.
    pub fn new(trace: &Trace, layout: &Layout) -> ErrorTree {
        let Some(Event::RunEnd { errors, notes, .. }) = trace.events.last().map(|last| &last.event) else {
            return ErrorTree::default();
        };
        ErrorTree { roots: level(&errors.iter().collect::<Vec<_>>(), 0, layout), notes: notes.clone() }
    }

    /// How many errors and notes there are.
    pub fn count(&self) -> usize {
        self.roots.iter().map(leaves).sum::<usize>() + self.notes.len()
    }
}

fn leaves(node: &Node) -> usize {
    match node {
        Node::Group { inside, .. } => inside.iter().map(leaves).sum(),
        Node::Error { .. } => 1,
    }
}

/// Deepest nesting that is drawn; deeper groups stand side by side there.
const MAX_DEPTH: usize = 40;

fn level(leaves: &[&Leaf], depth: usize, layout: &Layout) -> Vec<Node> {
    let mut nodes = Vec::new();
    let mut seen = BTreeSet::new();
    for leaf in leaves {
        match group_at(leaf, depth) {
            None => nodes.push(error(leaf, layout)),
            // A group's leaves need not stand together: others may have been raised in between.
            Some(scope) if seen.insert(scope) => {
                let inside: Vec<&Leaf> =
                    leaves.iter().copied().filter(|leaf| group_at(leaf, depth) == Some(scope)).collect();
                let name = layout.facts.scope_name(scope).to_string();
                nodes.push(Node::Group { name, inside: level(&inside, depth + 1, layout) });
            }
            Some(_) => {}
        }
    }
    nodes
}

fn group_at(leaf: &Leaf, depth: usize) -> Option<ScopeId> {
    leaf.groups.get(depth).copied().filter(|_| depth < MAX_DEPTH)
}

fn error(leaf: &Leaf, layout: &Layout) -> Node {
    let raised = layout.facts.error(leaf.error);
    let title = match leaf.message.is_empty() {
        true => leaf.kind.to_string(),
        false => format!("{}: {}", leaf.kind, leaf.message),
    };
    let role = match leaf.role {
        Role::Cause => None,
        Role::Body => Some("raised by the scope's own body"),
        Role::DuringCancellation => Some("raised while being cancelled"),
    };
    let path = layout.paths.task(leaf.task).to_string();
    Node::Error { title, path, at: leaf.at, span: raised.and_then(|raised| raised.span), role }
}
