//! Ways through the tree that do not care what a statement means.

use crate::lang::syntax::{Block, Expr, ExprKind, Ident, Job, Length, Part, Stmt, StmtKind};
use crate::span::Span;

/// Every statement of `statements`, however deep, in order.
pub fn each_statement<'a>(statements: &'a [Stmt], found: &mut dyn FnMut(&'a Stmt)) {
    for stmt in statements {
        found(stmt);
        stmt.all_blocks().into_iter().for_each(|block: &Block| each_statement(&block.statements, found));
    }
}

impl Stmt {
    /// What is done, with its head: the statement itself, or what stands right of `let x =`, `x =` and `return`.
    pub fn action(&self) -> (&StmtKind, Span) {
        match &self.kind {
            StmtKind::Let(_, value) | StmtKind::Assign(_, value) | StmtKind::Return(Some(value)) => {
                (&value.kind, value.head)
            }
            kind => (kind, self.head),
        }
    }
}

impl Expr {
    /// Every call in the expression, from left to right, those in its arguments included.
    pub fn each_call<'a>(&'a self, found: &mut dyn FnMut(&'a Ident)) {
        match &self.kind {
            ExprKind::Broken | ExprKind::Literal(_) | ExprKind::Name(_) => {}
            ExprKind::Text(parts) => parts.iter().filter_map(Part::hole).for_each(|it| it.each_call(found)),
            ExprKind::List(items) => items.iter().for_each(|it| it.each_call(found)),
            ExprKind::Unary(_, operand) | ExprKind::Field(operand, _) => operand.each_call(found),
            ExprKind::Binary(_, left, right) | ExprKind::Index(left, right) => {
                left.each_call(found);
                right.each_call(found);
            }
            ExprKind::Call(name, args) => {
                found(name);
                args.iter().for_each(|it| it.each_call(found));
            }
        }
    }
}

impl Part {
    /// The expression in a hole.
    pub fn hole(&self) -> Option<&Expr> {
        match self {
            Part::Hole(hole) => Some(hole),
            Part::Text(_) => None,
        }
    }
}

impl StmtKind {
    /// Every block that stands directly in this statement, in order. Those of `catch` and `finally` are its
    /// statement's.
    pub fn blocks(&self) -> Vec<&Block> {
        match self {
            StmtKind::Broken(blocks) => blocks.iter().collect(),
            StmtKind::Resource { open, close, .. } => {
                open.iter().chain(close).map(|body| &body.block).collect()
            }
            StmtKind::Let(_, value) | StmtKind::Assign(_, value) | StmtKind::Return(Some(value)) => {
                value.kind.blocks()
            }
            StmtKind::If { arms, otherwise } => arms.iter().map(|arm| &arm.1).chain(otherwise).collect(),
            StmtKind::Timeout { body, otherwise, .. } => std::iter::once(body).chain(otherwise).collect(),
            StmtKind::Fn { body, .. }
            | StmtKind::While(_, body)
            | StmtKind::Repeat(_, body)
            | StmtKind::ForIn(_, _, body)
            | StmtKind::ForRange { body, .. }
            | StmtKind::Try(body)
            | StmtKind::Task(_, body)
            | StmtKind::Detach(_, body)
            | StmtKind::Scope { body, .. }
            | StmtKind::Race { body, .. }
            | StmtKind::Gather { body, .. }
            | StmtKind::Shield(_, body)
            | StmtKind::Retry { body, .. }
            | StmtKind::With { body, .. }
            | StmtKind::At(_, body) => vec![body],
            _ => Vec::new(),
        }
    }

    /// Where the `else` of this statement stands; None where it takes none.
    pub fn otherwise_mut(&mut self) -> Option<&mut Option<Block>> {
        match self {
            StmtKind::If { otherwise, .. } | StmtKind::Timeout { otherwise, .. } => Some(otherwise),
            StmtKind::Let(_, value) | StmtKind::Assign(_, value) | StmtKind::Return(Some(value)) => {
                value.kind.otherwise_mut()
            }
            _ => None,
        }
    }

    /// Every expression that stands directly in this statement, in order. For a loop that includes what is
    /// evaluated again in each turn.
    pub fn exprs(&self) -> Vec<&Expr> {
        match self {
            StmtKind::Let(_, value) | StmtKind::Assign(_, value) | StmtKind::Return(Some(value)) => {
                value.kind.exprs()
            }
            StmtKind::Expr(it)
            | StmtKind::While(it, _)
            | StmtKind::Repeat(it, _)
            | StmtKind::ForIn(_, it, _)
            | StmtKind::Log(it)
            | StmtKind::Mark(it)
            | StmtKind::Await(it)
            | StmtKind::Cancel(it)
            | StmtKind::Extend(_, it)
            | StmtKind::Put(_, it)
            | StmtKind::At(it, _)
            | StmtKind::Timeout { length: it, .. } => vec![it],
            StmtKind::If { arms, .. } => arms.iter().map(|arm| &arm.0).collect(),
            StmtKind::ForRange { from, to, every, .. } => [from, to].into_iter().chain(every).collect(),
            StmtKind::Sleep(length) | StmtKind::Work(length) => length.ends().collect(),
            StmtKind::Offload { job, takes } => {
                let takes = takes.iter().flat_map(Length::ends);
                match job {
                    Job::Block(length) => length.ends().chain(takes).collect(),
                    Job::Call(_, args) => args.iter().chain(takes).collect(),
                }
            }
            StmtKind::Fetch { url, takes, status, gives } => {
                let takes = takes.iter().flat_map(Length::ends);
                std::iter::once(url).chain(takes).chain(status).chain(gives).collect()
            }
            StmtKind::Query { sql, takes, gives, .. } => {
                let takes = takes.iter().flat_map(Length::ends);
                std::iter::once(sql).chain(takes).chain(gives).collect()
            }
            StmtKind::Expect { condition, message, .. } => {
                std::iter::once(condition).chain(message).collect()
            }
            StmtKind::Fail(_, it)
            | StmtKind::Raise(it)
            | StmtKind::Task(it, _)
            | StmtKind::Detach(it, _)
            | StmtKind::Scope { name: it, .. }
            | StmtKind::Race { name: it, .. }
            | StmtKind::Gather { name: it, .. }
            | StmtKind::Shield(it, _) => it.iter().collect(),
            StmtKind::Retry { attempts, backoff, .. } => {
                std::iter::once(attempts).chain(backoff.iter().flat_map(Length::ends)).collect()
            }
            StmtKind::Shutdown(at, grace) => std::iter::once(at).chain(grace).collect(),
            StmtKind::Scenario(it)
            | StmtKind::Seed(it)
            | StmtKind::Workers(it)
            | StmtKind::Barrier(_, it) => {
                vec![it]
            }
            StmtKind::Queue(_, it) => it.iter().collect(),
            StmtKind::Limiter { permits, rate, .. } => {
                permits.iter().chain(rate.iter().flat_map(|(starts, per)| [starts, per])).collect()
            }
            StmtKind::Pool { size, overflow, .. } => std::iter::once(size).chain(overflow).collect(),
            _ => Vec::new(),
        }
    }

    /// Whether the statement itself may wait: other tasks may run before it is done. Of a block this is said
    /// for its way in or out, not for what stands in it; calls are not looked into.
    pub fn suspends(&self) -> bool {
        match self {
            StmtKind::Let(_, value) | StmtKind::Assign(_, value) | StmtKind::Return(Some(value)) => {
                value.kind.suspends()
            }
            StmtKind::Sleep(_)
            | StmtKind::Offload { .. }
            | StmtKind::Fetch { .. }
            | StmtKind::Query { .. }
            | StmtKind::Await(_)
            | StmtKind::Scope { .. }
            | StmtKind::Race { .. }
            | StmtKind::Gather { .. }
            | StmtKind::With { .. }
            | StmtKind::Put(..)
            | StmtKind::Take(_)
            | StmtKind::Join(_)
            | StmtKind::Wait(_)
            | StmtKind::ForRange { every: Some(_), .. } => true,
            StmtKind::Retry { backoff, .. } => backoff.is_some(),
            _ => false,
        }
    }
}

impl Length {
    /// The length, or both of a range.
    pub fn ends(&self) -> impl Iterator<Item = &Expr> {
        std::iter::once(&self.from).chain(&self.to)
    }
}
