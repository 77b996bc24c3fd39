//! What the warnings know of a text: its functions by name, its constants, the tasks of a scope.

use std::collections::BTreeMap;

use crate::lang::names::Names;
use crate::lang::plan::{Literal, Name};
use crate::lang::syntax::{Expr, ExprKind, File, Stmt, StmtKind};

/// How many calls inside each other are followed. Each may stand in as many blocks as the parser lets it, and the stack
/// of a page is one megabyte.
pub const MAX_CALLS: usize = 8;

/// Every function, the one that counts where a name is declared twice.
pub struct Functions<'a> {
    by_name: BTreeMap<&'a Name, &'a Stmt>,
}

impl<'a> Functions<'a> {
    /// Those of `file`.
    pub fn of(file: &'a File, names: &Names<'_>) -> Functions<'a> {
        let functions = file.statements.iter().filter_map(|stmt| match &stmt.kind {
            StmtKind::Fn { name, .. } if names.is_first(name) => Some((&name.text, stmt)),
            _ => None,
        });
        Functions { by_name: functions.collect() }
    }

    /// The function of this name.
    pub fn get(&self, name: &Name) -> Option<&'a Stmt> {
        self.by_name.get(name).copied()
    }
}

/// The names of the functions that a statement calls, in order.
pub fn called(kind: &StmtKind) -> Vec<&Name> {
    let mut names = Vec::new();
    kind.exprs().into_iter().for_each(|expr| expr.each_call(&mut |name| names.push(&name.text)));
    names
}

/// The tasks that these statements spawn into the scope around them.
pub fn tasks(statements: &[Stmt]) -> Vec<&Stmt> {
    let mut found = Vec::new();
    for stmt in statements {
        match stmt.action().0 {
            StmtKind::Task(..) => found.push(stmt),
            StmtKind::Detach(..)
            | StmtKind::Scope { .. }
            | StmtKind::Race { .. }
            | StmtKind::Gather { .. } => {}
            _ => stmt.all_blocks().into_iter().for_each(|block| found.extend(tasks(&block.statements))),
        }
    }
    found
}

/// The length that `expr` certainly has, in microseconds.
pub fn micros(expr: &Expr, names: &Names<'_>) -> Option<i64> {
    match constant(expr, names)? {
        Literal::Duration(us) => Some(*us),
        _ => None,
    }
}

/// The whole number that `expr` certainly is.
pub fn whole(expr: &Expr, names: &Names<'_>) -> Option<i64> {
    match constant(expr, names)? {
        Literal::Int(it) => Some(*it),
        _ => None,
    }
}

/// How many items a list certainly has.
pub fn items(list: &Expr, names: &Names<'_>) -> Option<i64> {
    match &named(list, names).kind {
        ExprKind::List(items) => i64::try_from(items.len()).ok(),
        _ => None,
    }
}

fn constant<'e>(expr: &'e Expr, names: &Names<'e>) -> Option<&'e Literal> {
    match &named(expr, names).kind {
        ExprKind::Literal(literal) => Some(literal),
        _ => None,
    }
}

/// What a constant stands for. One that is made of another is not looked into.
fn named<'e>(expr: &'e Expr, names: &Names<'e>) -> &'e Expr {
    match &expr.kind {
        ExprKind::Name(name) => names.constant(name, expr.span.start).unwrap_or(expr),
        _ => expr,
    }
}
