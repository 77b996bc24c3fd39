//! Where a task may wait: the points at which others run and a cancellation arrives. For marks in the gutter.

use std::collections::{BTreeMap, BTreeSet};

use crate::lang::names::{Names, hole};
use crate::lang::plan::Name;
use crate::lang::syntax::{Block, Expr, ExprKind, File, Stmt, StmtKind};
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
            in_expr(expr, &mut |name, _| {
                calls.insert(name);
            });
        });
        let task = matches!(acts(stmt), StmtKind::Task(..) | StmtKind::Detach(..));
        if !task {
            stmt.all_blocks().into_iter().for_each(|block| own(block, names, waits, calls));
        }
    }
}

/// Whether the statement itself may wait.
fn suspends(kind: &StmtKind, names: &Names<'_>) -> bool {
    kind.suspends() || matches!(kind, StmtKind::ForIn(_, list, _) if names.is_queue(list))
}

/// The action that a statement is or takes its value from.
fn acts(stmt: &Stmt) -> &StmtKind {
    match &stmt.kind {
        StmtKind::Let(_, value) | StmtKind::Assign(_, value) | StmtKind::Return(Some(value)) => &value.kind,
        kind => kind,
    }
}

fn in_statements(statements: &[Stmt], names: &Names<'_>, waiting: &BTreeSet<Name>, points: &mut Vec<Span>) {
    for stmt in statements {
        let (kind, head) = match &stmt.kind {
            StmtKind::Let(_, value) | StmtKind::Assign(_, value) | StmtKind::Return(Some(value)) => {
                (&value.kind, value.head)
            }
            kind => (kind, stmt.head),
        };
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
            in_expr(expr, &mut |name, span| {
                if waiting.contains(name) {
                    points.push(span);
                }
            });
        });
        stmt.all_blocks()
            .into_iter()
            .for_each(|block| in_statements(&block.statements, names, waiting, points));
    }
}

/// Every call in `expr`.
fn in_expr<'a>(expr: &'a Expr, found: &mut dyn FnMut(&'a Name, Span)) {
    match &expr.kind {
        ExprKind::Broken | ExprKind::Literal(_) | ExprKind::Name(_) => {}
        ExprKind::Text(parts) => parts.iter().filter_map(hole).for_each(|it| in_expr(it, found)),
        ExprKind::List(items) => items.iter().for_each(|it| in_expr(it, found)),
        ExprKind::Unary(_, operand) | ExprKind::Field(operand, _) => in_expr(operand, found),
        ExprKind::Binary(_, left, right) | ExprKind::Index(left, right) => {
            in_expr(left, found);
            in_expr(right, found);
        }
        ExprKind::Call(name, args) => {
            found(&name.text, name.span);
            args.iter().for_each(|it| in_expr(it, found));
        }
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
