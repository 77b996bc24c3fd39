//! Walks through a tree, and through the expressions at the head of a plan's step.

use crate::lang::plan;

use super::{Arm, Block, Expr, ExprKind, Fact, Job, Length, Op, Part, Stmt, Task};

/// The expressions that a step evaluates before its blocks, in order.
pub(super) fn heads(op: &plan::Op) -> Vec<&plan::Expr> {
    fn length(length: &plan::Length) -> impl Iterator<Item = &plan::Expr> {
        std::iter::once(&length.from).chain(&length.to)
    }
    match op {
        plan::Op::Value(it)
        | plan::Op::Log(it)
        | plan::Op::Mark(it)
        | plan::Op::Raise(it)
        | plan::Op::Await(it)
        | plan::Op::Cancel(it)
        | plan::Op::Return(Some(it))
        | plan::Op::Put { item: it, .. }
        | plan::Op::Repeat { times: it, .. }
        | plan::Op::ForList { list: it, .. }
        | plan::Op::Scope { name: it, .. }
        | plan::Op::Timeout { length: it, .. }
        | plan::Op::Shield { budget: Some(it), .. }
        | plan::Op::Fail { message: Some(it), .. } => vec![it],
        plan::Op::Task(task) | plan::Op::Detach(task) => vec![&task.name],
        plan::Op::Call { args, .. } => args.iter().collect(),
        plan::Op::ForRange { from, to, every, .. } => [from, to].into_iter().chain(every).collect(),
        plan::Op::Sleep(it) | plan::Op::Work(it) => length(it).collect(),
        plan::Op::Offload { job, takes } => {
            let job: Vec<&plan::Expr> = match job {
                plan::Job::Block(it) => length(it).collect(),
                plan::Job::Call { args, .. } => args.iter().collect(),
            };
            job.into_iter().chain(takes.iter().flat_map(length)).collect()
        }
        plan::Op::Fetch { url, takes, status, gives } => {
            let takes = takes.iter().flat_map(length);
            std::iter::once(url).chain(takes).chain(status).chain(gives).collect()
        }
        plan::Op::Query { sql, takes, gives, .. } => {
            std::iter::once(sql).chain(takes.iter().flat_map(length)).chain(gives).collect()
        }
        plan::Op::Expect { condition, message, .. } => std::iter::once(condition).chain(message).collect(),
        plan::Op::Race { name, tasks, .. } | plan::Op::Gather { name, tasks, .. } => {
            std::iter::once(name).chain(tasks.iter().map(|task| &task.name)).collect()
        }
        plan::Op::Extend { deadline, by } => vec![deadline, by],
        plan::Op::Retry { attempts, backoff, .. } => {
            std::iter::once(attempts).chain(backoff.iter().flat_map(length)).collect()
        }
        _ => Vec::new(),
    }
}

/// The expressions inside of one, in the order in which they are evaluated.
pub(super) fn operands(expr: &plan::Expr) -> Vec<&plan::Expr> {
    match &expr.kind {
        plan::ExprKind::Text(parts) => parts
            .iter()
            .filter_map(|part| match part {
                plan::Part::Hole(hole) => Some(hole),
                plan::Part::Text(_) => None,
            })
            .collect(),
        plan::ExprKind::List(items) | plan::ExprKind::Builtin(_, items) => items.iter().collect(),
        plan::ExprKind::Unary(_, of) | plan::ExprKind::Field(of, _) => vec![of],
        plan::ExprKind::Binary(_, left, right) | plan::ExprKind::Index(left, right) => vec![left, right],
        plan::ExprKind::Literal(_) | plan::ExprKind::Var(_) | plan::ExprKind::Fact(_) => Vec::new(),
    }
}

/// Sees every part of a tree, the outer before the inner; each method may go deeper by the `walk` of its name.
pub trait Visit {
    /// A block, with its statements.
    fn block(&mut self, block: &Block) {
        walk_block(self, block);
    }

    /// A statement.
    fn stmt(&mut self, stmt: &Stmt) {
        self.op(&stmt.op);
    }

    /// An action, as a statement or in an expression.
    fn op(&mut self, op: &Op) {
        walk_op(self, op);
    }

    /// The body of a task, which runs elsewhere.
    fn task(&mut self, task: &Task) {
        self.expr(&task.name);
        self.block(&task.body);
    }

    /// An expression.
    fn expr(&mut self, expr: &Expr) {
        walk_expr(self, expr);
    }
}

/// Every statement of a block.
pub fn walk_block<V: Visit + ?Sized>(visit: &mut V, block: &Block) {
    block.stmts.iter().for_each(|stmt| visit.stmt(stmt));
}

/// What is inside of an expression.
pub fn walk_expr<V: Visit + ?Sized>(visit: &mut V, expr: &Expr) {
    match &expr.kind {
        ExprKind::Literal(_) | ExprKind::Var(_) => {}
        ExprKind::Fact(Fact::Logged(inner) | Fact::Cancelled(inner)) => visit.expr(inner),
        ExprKind::Fact(Fact::Elapsed | Fact::Outcome | Fact::Peak(_)) => {}
        ExprKind::Text(parts) => parts.iter().for_each(|part| {
            if let Part::Hole(hole) = part {
                visit.expr(hole);
            }
        }),
        ExprKind::List(items) | ExprKind::Builtin(_, items) => items.iter().for_each(|it| visit.expr(it)),
        ExprKind::Unary(_, of) | ExprKind::Field(of, _) => visit.expr(of),
        ExprKind::Binary(_, left, right) | ExprKind::Index(left, right) => {
            visit.expr(left);
            visit.expr(right);
        }
        ExprKind::Do(op) => visit.op(op),
    }
}

fn length<V: Visit + ?Sized>(visit: &mut V, length: &Length) {
    visit.expr(&length.from);
    length.to.iter().for_each(|to| visit.expr(to));
}

fn arm<V: Visit + ?Sized>(visit: &mut V, arm: &Arm) {
    arm.before.iter().for_each(|stmt| visit.stmt(stmt));
    visit.expr(&arm.condition);
    visit.block(&arm.body);
}

/// What is inside of an action: its expressions, then its blocks.
pub fn walk_op<V: Visit + ?Sized>(visit: &mut V, op: &Op) {
    match op {
        Op::Value(it) | Op::Log(it) | Op::Mark(it) | Op::Raise(it) | Op::Await(it) | Op::Cancel(it) => {
            visit.expr(it);
        }
        Op::Return(it) | Op::Fail { message: it, .. } => it.iter().for_each(|it| visit.expr(it)),
        Op::Put { item, .. } => visit.expr(item),
        Op::Query { sql, takes, gives } => {
            visit.expr(sql);
            takes.iter().for_each(|it| length(visit, it));
            gives.iter().for_each(|it| visit.expr(it));
        }
        Op::Call(_, args) => args.iter().for_each(|arg| visit.expr(arg)),
        Op::Sleep(it) | Op::Work(it) => length(visit, it),
        Op::Offload { job, takes } => {
            match job {
                Job::Block(it) => length(visit, it),
                Job::Call(_, args) => args.iter().for_each(|arg| visit.expr(arg)),
            }
            takes.iter().for_each(|it| length(visit, it));
        }
        Op::Fetch { url, takes, status, gives } => {
            visit.expr(url);
            takes.iter().for_each(|it| length(visit, it));
            status.iter().chain(gives).for_each(|it| visit.expr(it));
        }
        Op::Expect { condition, message, .. } => {
            std::iter::once(condition).chain(message).for_each(|it| visit.expr(it));
        }
        Op::Extend { deadline, by } => {
            visit.expr(deadline);
            visit.expr(by);
        }
        Op::Task(task) | Op::Detach(task) => visit.task(task),
        Op::Race { name, tasks, .. } | Op::Gather { name, tasks, .. } => {
            visit.expr(name);
            tasks.iter().for_each(|task| visit.task(task));
        }
        _ => walk_blocks(visit, op),
    }
}

fn walk_blocks<V: Visit + ?Sized>(visit: &mut V, op: &Op) {
    match op {
        Op::If { arms, otherwise } => {
            arms.iter().for_each(|it| arm(visit, it));
            otherwise.iter().for_each(|it| visit.block(it));
        }
        Op::While(it) => arm(visit, it),
        Op::Repeat { times: head, body }
        | Op::ForList { list: head, body }
        | Op::Scope { name: head, body, .. } => {
            visit.expr(head);
            visit.block(body);
        }
        Op::ForRange { from, to, every, body } => {
            [from, to].into_iter().chain(every).for_each(|it| visit.expr(it));
            visit.block(body);
        }
        Op::ForQueue { body, .. } | Op::With { body, .. } => visit.block(body),
        Op::Try { body, handlers, finally } => {
            visit.block(body);
            handlers.iter().for_each(|it| visit.block(&it.body));
            finally.iter().for_each(|it| visit.block(it));
        }
        Op::Timeout { length, body, otherwise } => {
            visit.expr(length);
            visit.block(body);
            otherwise.iter().for_each(|it| visit.block(it));
        }
        Op::Shield { budget, body } => {
            budget.iter().for_each(|it| visit.expr(it));
            visit.block(body);
        }
        Op::Retry { attempts, backoff, body, .. } => {
            visit.expr(attempts);
            backoff.iter().for_each(|it| length(visit, it));
            visit.block(body);
        }
        _ => {}
    }
}
