//! The warning about a shared variable that is written from what was read before a wait.
//!
//! Looks only at what stands in one block: `let seen = total`, then a wait, then `total = seen + 1`, in a
//! function or task that does not declare `total` itself and holds nothing around the three.

use std::collections::BTreeSet;

use crate::lang::message::Message;
use crate::lang::names::Names;
use crate::lang::plan::Name;
use crate::lang::syntax::{Block, Expr, ExprKind, File, Ident, Part, Stmt, StmtKind};
use crate::span::Span;

/// Every such write, with the place where the old value was read.
pub fn stale_writes(file: &File, names: &Names<'_>) -> Vec<(Span, Message)> {
    let mut found = Vec::new();
    in_statements(&file.statements, None, names, &mut found);
    found
}

/// `own` are the names that the nearest function or task declares; None outside of them.
fn in_statements(
    statements: &[Stmt],
    own: Option<&BTreeSet<Name>>,
    names: &Names<'_>,
    found: &mut Vec<(Span, Message)>,
) {
    if let Some(own) = own {
        in_row(statements, own, names, found);
    }
    for stmt in statements {
        let (kind, _) = stmt.action();
        match kind {
            // Whoever holds something there has probably thought of it.
            StmtKind::With { .. } => {}
            StmtKind::Fn { .. } | StmtKind::Task(..) | StmtKind::Detach(..) => {
                let mut declared = BTreeSet::new();
                if let StmtKind::Fn { params, .. } = kind {
                    declared.extend(params.iter().map(|it| it.text.clone()));
                }
                stmt.all_blocks().into_iter().for_each(|it| declares(it, &mut declared));
                for block in stmt.all_blocks() {
                    in_statements(&block.statements, Some(&declared), names, found);
                }
            }
            _ => {
                for block in stmt.all_blocks() {
                    in_statements(&block.statements, own, names, found);
                }
            }
        }
    }
}

/// A value that was read of a shared variable.
struct Read<'a> {
    shared: &'a Name,
    kept_in: &'a Ident,
    waited: bool,
}

fn in_row(statements: &[Stmt], own: &BTreeSet<Name>, names: &Names<'_>, found: &mut Vec<(Span, Message)>) {
    let mut reads: Vec<Read<'_>> = Vec::new();
    for stmt in statements {
        match &stmt.kind {
            StmtKind::Let(kept_in, value) => {
                if let StmtKind::Expr(expr) = &value.kind {
                    let mut mentioned = Vec::new();
                    mentions(expr, &mut mentioned);
                    let shared =
                        mentioned.into_iter().filter(|it| !own.contains(*it) && names.is_assigned(it));
                    reads.extend(shared.map(|shared| Read { shared, kept_in, waited: false }));
                }
            }
            StmtKind::Assign(name, value) => {
                if let StmtKind::Expr(expr) = &value.kind {
                    let mut mentioned = Vec::new();
                    mentions(expr, &mut mentioned);
                    let stale = reads.iter().find(|read| {
                        let written = *read.shared == name.text && read.waited;
                        written && mentioned.contains(&&read.kept_in.text) && !mentioned.contains(&&name.text)
                    });
                    if let Some(read) = stale {
                        let message = Message::Stale { name: name.text.to_string(), read: read.kept_in.span };
                        found.push((name.span, message));
                    }
                }
            }
            _ => {}
        }
        if stmt.kind.suspends() {
            reads.iter_mut().for_each(|read| read.waited = true);
        }
    }
}

/// The names that a block declares, at any depth.
fn declares(block: &Block, out: &mut BTreeSet<Name>) {
    for stmt in &block.statements {
        match &stmt.kind {
            StmtKind::Let(name, _) | StmtKind::ForIn(name, ..) | StmtKind::ForRange { name, .. } => {
                out.insert(name.text.clone());
            }
            _ => {}
        }
        stmt.all_blocks().into_iter().for_each(|it| declares(it, out));
    }
}

/// The variables that an expression reads.
fn mentions<'a>(expr: &'a Expr, out: &mut Vec<&'a Name>) {
    match &expr.kind {
        ExprKind::Broken | ExprKind::Literal(_) => {}
        ExprKind::Name(name) => out.push(name),
        ExprKind::Text(parts) => parts.iter().filter_map(Part::hole).for_each(|it| mentions(it, out)),
        ExprKind::List(items) | ExprKind::Call(_, items) => items.iter().for_each(|it| mentions(it, out)),
        ExprKind::Unary(_, operand) | ExprKind::Field(operand, _) => mentions(operand, out),
        ExprKind::Binary(_, left, right) | ExprKind::Index(left, right) => {
            mentions(left, out);
            mentions(right, out);
        }
    }
}
