//! The warning about a clause for a kind that nothing raises, where one that is raised looks like it: a slip.

use std::collections::BTreeSet;

use crate::lang::construct::KINDS;
use crate::lang::message::Message;
use crate::lang::near::nearest;
use crate::lang::syntax::{Clauses, File, StmtKind, each_statement};
use crate::span::Span;

/// Every such clause, at its kind.
pub fn slips(file: &File) -> Vec<(Span, Message)> {
    let mut raised: BTreeSet<&str> = KINDS.iter().map(|kind| kind.0).collect();
    each_statement(&file.statements, &mut |stmt| {
        if let StmtKind::Fail(kind, _) = &stmt.kind {
            raised.insert(&kind.text);
        }
    });
    let mut found = Vec::new();
    each_statement(&file.statements, &mut |stmt| {
        let mut clauses = vec![&stmt.clauses];
        if let StmtKind::Resource { open, close, .. } = &stmt.kind {
            clauses.extend(open.iter().chain(close).map(|body| &body.clauses));
        }
        found.extend(clauses.into_iter().flat_map(|clauses| slips_of(clauses, &raised)));
    });
    found
}

fn slips_of(clauses: &Clauses, raised: &BTreeSet<&str>) -> Vec<(Span, Message)> {
    let kinds = clauses.catches.iter().filter_map(|catch| catch.kind.as_ref());
    let unknown = kinds.filter(|kind| !raised.contains(&*kind.text));
    let slips = unknown.filter_map(|kind| {
        let near = nearest(&kind.text, raised.iter().copied())?.to_owned();
        Some((kind.span, Message::CatchesNothing { kind: kind.text.to_string(), near }))
    });
    slips.collect()
}
