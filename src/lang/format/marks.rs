//! What the tokens of a text do not say by themselves, read off its tree.

use std::collections::{BTreeMap, BTreeSet};

use crate::lang::plan::BinaryOp;
use crate::lang::syntax::{Expr, ExprKind, File, Job, Part, Stmt, StmtKind};

/// Places in the text, in bytes.
#[derive(Default)]
pub struct Marks {
    /// Where statements begin.
    pub statements: BTreeSet<u32>,
    /// Where the blocks of `open` and `close` begin, one word into such a part of a resource.
    pub parts: BTreeSet<u32>,
    /// Where an operand ends that a binary operator follows; how loosely that binds, 0 the loosest.
    pub operators: BTreeMap<u32, u8>,
    /// Where something ends that is called or indexed: the bracket after it stands close.
    pub close: BTreeSet<u32>,
}

/// The marks of a sound tree.
pub fn of(file: &File) -> Marks {
    let mut marks = Marks::default();
    marks.list(&file.statements);
    marks
}

impl Marks {
    fn list(&mut self, statements: &[Stmt]) {
        for stmt in statements {
            self.statements.insert(stmt.span.start);
            self.statement(stmt);
        }
    }

    fn statement(&mut self, stmt: &Stmt) {
        let (kind, _) = stmt.action();
        match kind {
            StmtKind::Fn { name, .. } | StmtKind::Offload { job: Job::Call(name, _), .. } => {
                self.close.insert(name.span.end);
            }
            StmtKind::Resource { open, close, .. } => {
                self.parts.extend(open.iter().chain(close).map(|body| body.block.span.start));
            }
            _ => {}
        }
        kind.exprs().into_iter().for_each(|expr| self.expr(expr));
        stmt.all_blocks().into_iter().for_each(|block| self.list(&block.statements));
    }

    fn expr(&mut self, expr: &Expr) {
        match &expr.kind {
            ExprKind::Broken | ExprKind::Literal(_) | ExprKind::Name(_) => {}
            ExprKind::Text(parts) => parts.iter().filter_map(Part::hole).for_each(|it| self.expr(it)),
            ExprKind::List(items) => items.iter().for_each(|it| self.expr(it)),
            ExprKind::Unary(_, operand) | ExprKind::Field(operand, _) => self.expr(operand),
            ExprKind::Binary(op, left, right) => {
                self.operators.insert(left.span.end, looseness(*op));
                self.expr(left);
                self.expr(right);
            }
            ExprKind::Index(list, index) => {
                self.close.insert(list.span.end);
                self.expr(list);
                self.expr(index);
            }
            ExprKind::Call(name, args) => {
                self.close.insert(name.span.end);
                args.iter().for_each(|it| self.expr(it));
            }
        }
    }
}

fn looseness(op: BinaryOp) -> u8 {
    use BinaryOp::{Add, And, Div, Eq, FloorDiv, Ge, Gt, Le, Lt, Mul, Ne, Or, Rem, Sub};
    match op {
        Or => 0,
        And => 1,
        Eq | Ne | Lt | Le | Gt | Ge => 2,
        Add | Sub => 3,
        Mul | Div | FloorDiv | Rem => 4,
    }
}
