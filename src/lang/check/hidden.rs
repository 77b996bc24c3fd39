//! The warning about a catch-all behind which a timeout disappears.
//!
//! Meant is `catch *` that neither names what it took nor raises anything, around a `timeout` that raises: whether the
//! time was up or something broke, nobody can tell.

use crate::lang::check::known::tasks;
use crate::lang::message::Message;
use crate::lang::syntax::{Block, Catch, Clauses, File, Stmt, StmtKind, each_statement};
use crate::span::Span;

/// The built-in kind of what a timeout raises.
const TIMEOUT: &str = "Timeout";

/// Every such clause.
pub fn hidden_timeouts(file: &File) -> Vec<(Span, Message)> {
    let mut found = Vec::new();
    each_statement(&file.statements, &mut |stmt| {
        let Some(catch) = hiding(&stmt.clauses) else { return };
        let (kind, head) = stmt.action();
        let timeout = match kind {
            // The clauses of these stand inside, behind the body.
            StmtKind::Task(_, body) | StmtKind::Detach(_, body) | StmtKind::At(_, body) => {
                raised(&body.statements)
            }
            kind => raised_by(kind, head),
        };
        if let Some(timeout) = timeout {
            found.push((catch.head, Message::Hidden { timeout }));
        }
    });
    found
}

/// The clause that takes a timeout and tells nobody.
fn hiding(clauses: &Clauses) -> Option<&Catch> {
    let takes = |catch: &&Catch| catch.kind.as_ref().is_none_or(|kind| &*kind.text == TIMEOUT);
    let catch = clauses.catches.iter().find(takes)?;
    let tells = catch.kind.is_some() || catch.name.is_some() || raises(&catch.body);
    (!tells).then_some(catch)
}

fn raises(block: &Block) -> bool {
    let mut raises = false;
    each_statement(&block.statements, &mut |stmt| {
        raises |= matches!(stmt.kind, StmtKind::Raise(_) | StmtKind::Fail(..));
    });
    raises
}

/// The first timeout that leaves these statements as an error.
fn raised(statements: &[Stmt]) -> Option<Span> {
    statements.iter().find_map(|stmt| {
        let (kind, head) = stmt.action();
        let takes = |catch: &Catch| catch.kind.as_ref().is_none_or(|kind| &*kind.text == TIMEOUT);
        if stmt.clauses.catches.iter().any(takes) { None } else { raised_by(kind, head) }
    })
}

fn raised_by(kind: &StmtKind, head: Span) -> Option<Span> {
    match kind {
        StmtKind::Timeout { otherwise: None, .. } => Some(head),
        // They belong to the scope outside.
        StmtKind::Task(..) | StmtKind::Detach(..) | StmtKind::Fn { .. } | StmtKind::Resource { .. } => None,
        StmtKind::Scope { body, .. } | StmtKind::Race { body, .. } | StmtKind::Gather { body, .. } => {
            raised(&body.statements).or_else(|| tasks(&body.statements).into_iter().find_map(raised_by_task))
        }
        kind => kind.blocks().into_iter().find_map(|block| raised(&block.statements)),
    }
}

/// What a task of a scope raises comes out of the scope.
fn raised_by_task(stmt: &Stmt) -> Option<Span> {
    let takes = |catch: &Catch| catch.kind.as_ref().is_none_or(|kind| &*kind.text == TIMEOUT);
    match stmt.action().0 {
        StmtKind::Task(_, body) if !stmt.clauses.catches.iter().any(takes) => raised(&body.statements),
        _ => None,
    }
}
