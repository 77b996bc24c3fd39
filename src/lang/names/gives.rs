//! Whether a function certainly gives no task, so that awaiting its call is a mistake.

use crate::lang::syntax::{Block, Expr, ExprKind, Stmt, StmtKind};

/// Whether no way out of a function with this body gives a task.
pub fn no_task(body: &Block) -> bool {
    let ends = body.statements.last().is_none_or(ends_without);
    ends && body.statements.iter().all(returns_without)
}

/// Whether the value of a block that ends with `stmt` is certainly no task.
fn ends_without(stmt: &Stmt) -> bool {
    let last = |block: &Block| block.statements.last().is_none_or(ends_without);
    if !stmt.clauses.is_empty() {
        return false;
    }
    match &stmt.kind {
        StmtKind::Expr(expr) => is_no_task(expr),
        // What it returns is looked at with all others.
        StmtKind::Return(_) => true,
        StmtKind::If { arms, otherwise } => arms.iter().map(|arm| &arm.1).chain(otherwise).all(last),
        StmtKind::With { body, .. } | StmtKind::Try(body) | StmtKind::Shield(_, body) => last(body),
        StmtKind::Scope { body, .. } | StmtKind::Timeout { body, otherwise: None, .. } => last(body),
        kind => is_no_task_action(kind),
    }
}

/// Whether no `return` in the statement, outside of its tasks, gives a task.
fn returns_without(stmt: &Stmt) -> bool {
    match &stmt.kind {
        StmtKind::Return(Some(value)) => match &value.kind {
            StmtKind::Expr(expr) => is_no_task(expr),
            kind => is_no_task_action(kind),
        },
        StmtKind::Task(..) | StmtKind::Detach(..) => true,
        _ => stmt.all_blocks().into_iter().all(|block| block.statements.iter().all(returns_without)),
    }
}

fn is_no_task(expr: &Expr) -> bool {
    matches!(
        expr.kind,
        ExprKind::Literal(_)
            | ExprKind::Text(_)
            | ExprKind::List(_)
            | ExprKind::Unary(..)
            | ExprKind::Binary(..)
    )
}

fn is_no_task_action(kind: &StmtKind) -> bool {
    matches!(
        kind,
        StmtKind::Let(..)
            | StmtKind::Assign(..)
            | StmtKind::While(..)
            | StmtKind::Repeat(..)
            | StmtKind::ForIn(..)
            | StmtKind::ForRange { .. }
            | StmtKind::Sleep(_)
            | StmtKind::Work(_)
            | StmtKind::Offload { .. }
            | StmtKind::Fetch { .. }
            | StmtKind::Query { .. }
            | StmtKind::Log(_)
            | StmtKind::Mark(_)
            | StmtKind::Expect { .. }
            | StmtKind::Fail(..)
            | StmtKind::Raise(_)
            | StmtKind::Cancel(_)
            | StmtKind::Put(..)
            | StmtKind::Done(_)
            | StmtKind::Join(_)
            | StmtKind::Close(_)
            | StmtKind::Set(_)
            | StmtKind::Clear(_)
            | StmtKind::Wait(_)
    )
}
