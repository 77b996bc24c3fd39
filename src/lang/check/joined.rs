//! The warning about a queue whose items are never said to be done, although something waits for that.

use std::collections::BTreeMap;

use crate::lang::message::Message;
use crate::lang::names::Names;
use crate::lang::plan::Name;
use crate::lang::syntax::{ExprKind, File, StmtKind, each_statement};
use crate::span::Span;

/// What happens to a queue, and where first.
#[derive(Default)]
struct Uses {
    put: Option<Span>,
    taken: Option<Span>,
    joined: Option<Span>,
    done: Option<Span>,
}

/// The first place of each such queue at which items are taken.
pub fn never_done(file: &File, names: &Names<'_>) -> Vec<(Span, Message)> {
    let mut queues: BTreeMap<&Name, Uses> = BTreeMap::new();
    each_statement(&file.statements, &mut |stmt| {
        let (kind, head) = stmt.action();
        let (queue, place): (_, fn(&mut Uses) -> &mut Option<Span>) = match kind {
            StmtKind::Put(queue, _) => (&queue.text, |uses| &mut uses.put),
            StmtKind::Take(queue) => (&queue.text, |uses| &mut uses.taken),
            StmtKind::Join(queue) => (&queue.text, |uses| &mut uses.joined),
            StmtKind::Done(queue) => (&queue.text, |uses| &mut uses.done),
            StmtKind::ForIn(_, list, _) if names.is_queue(list) => match &list.kind {
                ExprKind::Name(queue) => (queue, |uses| &mut uses.taken),
                _ => return,
            },
            _ => return,
        };
        place(queues.entry(queue).or_default()).get_or_insert(head);
    });
    let stuck = queues.into_iter().filter_map(|(queue, uses)| match uses {
        Uses { put: Some(_), taken: Some(taken), joined: Some(join), done: None } => {
            Some((taken, Message::NeverDone { queue: queue.to_string(), join }))
        }
        _ => None,
    });
    stuck.collect()
}
