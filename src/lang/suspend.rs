//! Where a task may wait: the points at which others run and a cancellation arrives. For marks in the gutter.

use std::collections::{BTreeMap, BTreeSet};

use crate::lang::names::Names;
use crate::lang::plan::Name;
use crate::lang::syntax::{Block, File, Stmt, StmtKind};
use crate::span::Span;

/// The places where a task may wait, in order: the first word of such a statement, the name in a call of a
/// function that waits, and the closing brace of a block that waits at its end.
pub fn suspension_points(file: &File) -> Vec<Span> {
    let names = Names::of(file);
    let waiting = waiting_functions(file, &names);
    let mut points = Vec::new();
    in_statements(&file.statements, &names, &waiting, &mut points);
    points.sort_unstable();
    points.dedup();
    points
}

/// The places at which the function `name` itself may wait, in order: the heads of such statements, and the calls of
/// functions that wait.
pub fn waits_of(file: &File, name: &str) -> Vec<Span> {
    let names = Names::of(file);
    let waiting = waiting_functions(file, &names);
    let mut places = Vec::new();
    for stmt in &file.statements {
        if matches!(&stmt.kind, StmtKind::Fn { name: ident, .. } if &*ident.text == name) {
            stmt.all_blocks().into_iter().for_each(|block| own_places(block, &names, &waiting, &mut places));
        }
    }
    places
}

fn own_places(block: &Block, names: &Names<'_>, waiting: &BTreeSet<Name>, places: &mut Vec<Span>) {
    for stmt in &block.statements {
        let (kind, head) = stmt.action();
        if suspends(kind, names) {
            places.push(head);
        }
        kind.exprs().into_iter().for_each(|expr| {
            expr.each_call(&mut |name| {
                if waiting.contains(&name.text) {
                    places.push(name.span);
                }
            });
        });
        if !matches!(kind, StmtKind::Task(..) | StmtKind::Detach(..)) {
            stmt.all_blocks().into_iter().for_each(|block| own_places(block, names, waiting, places));
        }
    }
}

/// The functions in which something waits, whoever they call for it.
fn waiting_functions(file: &File, names: &Names<'_>) -> BTreeSet<Name> {
    let bodies: BTreeMap<Name, &Stmt> = file
        .statements
        .iter()
        .filter_map(|stmt| match &stmt.kind {
            StmtKind::Fn { name, .. } => Some((name.text.clone(), stmt)),
            _ => None,
        })
        .collect();
    // Who calls whom, backwards; then from those that wait to those that call them.
    let mut callers: BTreeMap<&Name, Vec<&Name>> = BTreeMap::new();
    let mut next = Vec::new();
    for (name, stmt) in &bodies {
        let (mut waits, mut calls) = (false, BTreeSet::new());
        stmt.all_blocks().into_iter().for_each(|block| own(block, names, &mut waits, &mut calls));
        if waits {
            next.push(name);
        }
        for called in calls {
            callers.entry(called).or_default().push(name);
        }
    }
    let mut waiting = BTreeSet::new();
    while let Some(name) = next.pop() {
        if waiting.insert(name.clone()) {
            next.extend(callers.get(name).into_iter().flatten());
        }
    }
    waiting
}

/// Whether a body waits by itself, and whom it calls; what its tasks do is their business.
fn own<'a>(block: &'a Block, names: &Names<'_>, waits: &mut bool, calls: &mut BTreeSet<&'a Name>) {
    for stmt in &block.statements {
        *waits |= suspends(&stmt.kind, names);
        stmt.kind.exprs().into_iter().for_each(|expr| {
            expr.each_call(&mut |name| {
                calls.insert(&name.text);
            });
        });
        let task = matches!(stmt.action().0, StmtKind::Task(..) | StmtKind::Detach(..));
        if !task {
            stmt.all_blocks().into_iter().for_each(|block| own(block, names, waits, calls));
        }
    }
}

/// Whether the statement itself may wait.
fn suspends(kind: &StmtKind, names: &Names<'_>) -> bool {
    kind.suspends() || matches!(kind, StmtKind::ForIn(_, list, _) if names.is_queue(list))
}

fn in_statements(statements: &[Stmt], names: &Names<'_>, waiting: &BTreeSet<Name>, points: &mut Vec<Span>) {
    for stmt in statements {
        let (kind, head) = stmt.action();
        match kind {
            // They wait for their tasks at the brace.
            StmtKind::Scope { body, .. } | StmtKind::Race { body, .. } | StmtKind::Gather { body, .. } => {
                points.push(Span::new(body.span.end.saturating_sub(1), body.span.end));
            }
            kind if suspends(kind, names) => {
                points.push(Span::new(head.start, head.start + word_length(kind)))
            }
            _ => {}
        }
        kind.exprs().into_iter().for_each(|expr| {
            expr.each_call(&mut |name| {
                if waiting.contains(&name.text) {
                    points.push(name.span);
                }
            });
        });
        stmt.all_blocks()
            .into_iter()
            .for_each(|block| in_statements(&block.statements, names, waiting, points));
    }
}

/// How long the first word of a waiting statement is.
fn word_length(kind: &StmtKind) -> u32 {
    let word = match kind {
        StmtKind::Sleep(_) => "sleep",
        StmtKind::Offload { .. } => "offload",
        StmtKind::Fetch { .. } => "fetch",
        StmtKind::Query { .. } => "query",
        StmtKind::Await(_) => "await",
        StmtKind::With { .. } => "with",
        StmtKind::Put(..) => "put",
        StmtKind::Take(_) => "take",
        StmtKind::Join(_) => "join",
        StmtKind::Wait(_) => "wait",
        StmtKind::Retry { .. } => "retry",
        _ => "for",
    };
    word.len() as u32
}
