//! Statements to steps, one arm each.

use crate::lang::lower::{Lowerer, literal};
use crate::lang::names::Thing;
use crate::lang::plan::{
    Arm, BarrierIndex, Database, EventIndex, Expr, ExprKind, Job, Length, Literal, Op, QueueIndex, Step, Task,
};
use crate::lang::syntax::{self, Block, Clauses, Ident, StmtKind};
use crate::span::Span;

impl Lowerer<'_> {
    /// The action that `kind` is. Calls in its expressions become steps at the end of `out`.
    pub(super) fn op(&mut self, kind: &StmtKind, clauses: &Clauses, span: Span, out: &mut Vec<Step>) -> Op {
        match kind {
            StmtKind::Expr(expr) => self.value_op(expr, out),
            StmtKind::If { .. }
            | StmtKind::While(..)
            | StmtKind::Repeat(..)
            | StmtKind::ForIn(..)
            | StmtKind::ForRange { .. } => self.flow_op(kind, out),
            StmtKind::Break => Op::Break,
            StmtKind::Continue => Op::Continue,
            StmtKind::Return(_) => Op::Return(None),
            StmtKind::Task(name, body) => Op::Task(self.task(name.as_ref(), body, clauses, span, out)),
            StmtKind::Detach(name, body) => Op::Detach(self.task(name.as_ref(), body, clauses, span, out)),
            StmtKind::Scope { .. }
            | StmtKind::Race { .. }
            | StmtKind::Gather { .. }
            | StmtKind::Timeout { .. }
            | StmtKind::Shield(..)
            | StmtKind::Retry { .. }
            | StmtKind::With { .. } => self.block_op(kind, span, out),
            StmtKind::Put(..)
            | StmtKind::Take(_)
            | StmtKind::Done(_)
            | StmtKind::Join(_)
            | StmtKind::Close(_)
            | StmtKind::Set(_)
            | StmtKind::Clear(_)
            | StmtKind::Wait(_) => self.shared_op(kind, out),
            StmtKind::Fail(kind, message) => {
                let message = message.as_ref().map(|it| self.expr(it, out));
                Op::Fail { kind: kind.text.clone(), message }
            }
            StmtKind::Raise(None) => Op::Raise(self.taken(span)),
            StmtKind::Raise(Some(error)) => Op::Raise(self.expr(error, out)),
            _ => self.action_op(kind, out),
        }
    }

    /// A statement that is an expression; a call needs no temporary there.
    fn value_op(&mut self, expr: &syntax::Expr, out: &mut Vec<Step>) -> Op {
        if let syntax::ExprKind::Call(name, args) = &expr.kind
            && let Some(function) = self.function_of(name)
        {
            return Op::Call { function, args: self.args(args, out) };
        }
        Op::Value(self.expr(expr, out))
    }

    fn flow_op(&mut self, kind: &StmtKind, out: &mut Vec<Step>) -> Op {
        match kind {
            StmtKind::If { arms, otherwise } => Op::If {
                arms: arms.iter().map(|(condition, body)| self.arm(condition, body)).collect(),
                otherwise: otherwise.as_ref().map(|block| self.block(block, &[])),
            },
            StmtKind::While(condition, body) => Op::While(self.arm(condition, body)),
            StmtKind::Repeat(times, body) => {
                Op::Repeat { times: self.expr(times, out), body: self.block(body, &[]) }
            }
            StmtKind::ForIn(name, list, body) => {
                let queue = match &list.kind {
                    syntax::ExprKind::Name(name) if self.resolve(name).is_none() => self.queue(name),
                    _ => None,
                };
                match queue {
                    Some(queue) => Op::ForQueue { queue, body: self.block(body, &[Some(name)]) },
                    None => Op::ForList { list: self.expr(list, out), body: self.block(body, &[Some(name)]) },
                }
            }
            StmtKind::ForRange { name, from, to, every, body } => {
                let parts = [Some(from), Some(to), every.as_ref()];
                let [from, to, every] = self.some_exprs(parts, out);
                let body = self.block(body, &[Some(name)]);
                match (from, to) {
                    (Some(from), Some(to)) => Op::ForRange { from, to, every, body },
                    _ => nothing(),
                }
            }
            _ => nothing(),
        }
    }

    fn arm(&mut self, condition: &syntax::Expr, body: &Block) -> Arm {
        let mut before = Vec::new();
        let condition = self.expr(condition, &mut before);
        Arm { before, condition, body: self.block(body, &[]) }
    }

    fn task(
        &mut self,
        name: Option<&syntax::Expr>,
        body: &Block,
        clauses: &Clauses,
        span: Span,
        out: &mut Vec<Step>,
    ) -> Task {
        let name = self.label(name, "task", span, out);
        Task { name, body: self.body(body, clauses, &[], span), span }
    }

    /// The tasks of a race or gather.
    fn tasks(&mut self, body: &Block, out: &mut Vec<Step>) -> Vec<Task> {
        let mut tasks = Vec::new();
        for stmt in &body.statements {
            if let StmtKind::Task(name, body) = &stmt.kind {
                tasks.push(self.task(name.as_ref(), body, &stmt.clauses, stmt.head, out));
            }
        }
        tasks
    }

    fn block_op(&mut self, kind: &StmtKind, span: Span, out: &mut Vec<Step>) -> Op {
        match kind {
            StmtKind::Scope { name, collect, body } => Op::Scope {
                name: self.label(name.as_ref(), "scope", span, out),
                collect: *collect,
                body: self.block(body, &[]),
            },
            StmtKind::Race { name, ok, body } => Op::Race {
                name: self.label(name.as_ref(), "race", span, out),
                ok: *ok,
                tasks: self.tasks(body, out),
            },
            StmtKind::Gather { name, keep, body } => Op::Gather {
                name: self.label(name.as_ref(), "gather", span, out),
                keep: *keep,
                tasks: self.tasks(body, out),
            },
            StmtKind::Timeout { length, name, body, otherwise } => {
                let length = self.expr(length, out);
                let inputs: Vec<Option<&Ident>> = name.iter().map(Some).collect();
                let body = self.block(body, &inputs);
                let otherwise = otherwise.as_ref().map(|block| self.block(block, &[]));
                Op::Timeout { length, body, otherwise }
            }
            StmtKind::Shield(budget, body) => {
                let budget = budget.as_ref().map(|it| self.expr(it, out));
                Op::Shield { budget, body: self.block(body, &[]) }
            }
            StmtKind::Retry { attempts, backoff, jitter, body } => {
                let [from, to] = ends(backoff.as_ref());
                let [attempts, from, to] = self.some_exprs([Some(attempts), from, to], out);
                let backoff = from.map(|from| Length { from, to });
                let body = self.block(body, &[]);
                match attempts {
                    Some(attempts) => Op::Retry { attempts, backoff, jitter: *jitter, body },
                    None => nothing(),
                }
            }
            StmtKind::With { held, name, body } => {
                let inputs: Vec<Option<&Ident>> = name.iter().map(Some).collect();
                let body = self.block(body, &inputs);
                self.held(&held.text).map_or_else(nothing, |held| Op::With { held, body })
            }
            _ => nothing(),
        }
    }

    fn shared_op(&mut self, kind: &StmtKind, out: &mut Vec<Step>) -> Op {
        let op = match kind {
            StmtKind::Put(name, item) => {
                let item = self.expr(item, out);
                self.queue(&name.text).map(|queue| Op::Put { queue, item })
            }
            StmtKind::Take(name) => self.queue(&name.text).map(Op::Take),
            StmtKind::Done(name) => self.queue(&name.text).map(Op::Done),
            StmtKind::Join(name) => self.queue(&name.text).map(Op::Join),
            StmtKind::Close(name) => self.queue(&name.text).map(Op::Close),
            StmtKind::Set(name) => self.event(&name.text).map(Op::Set),
            StmtKind::Clear(name) => self.event(&name.text).map(Op::Clear),
            StmtKind::Wait(name) => {
                let barrier = self.barrier(&name.text).map(Op::WaitBarrier);
                barrier.or_else(|| self.event(&name.text).map(Op::WaitEvent))
            }
            _ => None,
        };
        op.unwrap_or_else(nothing)
    }

    fn action_op(&mut self, kind: &StmtKind, out: &mut Vec<Step>) -> Op {
        match kind {
            StmtKind::Sleep(length) => Op::Sleep(self.length(length, out)),
            StmtKind::Work(length) => Op::Work(self.length(length, out)),
            StmtKind::Offload { job, takes } => {
                let job = match job {
                    syntax::Job::Block(length) => Job::Block(self.length(length, out)),
                    syntax::Job::Call(name, args) => {
                        Job::Call { function: name.text.clone(), args: self.args(args, out) }
                    }
                };

                Op::Offload { job, takes: takes.as_ref().map(|it| self.length(it, out)) }
            }
            StmtKind::Fetch { url, takes, status, gives } => {
                let [from, to] = ends(takes.as_ref());
                let parts = [Some(url), from, to, status.as_ref(), gives.as_ref()];
                let [url, from, to, status, gives] = self.some_exprs(parts, out);
                match url {
                    Some(url) => {
                        Op::Fetch { url, takes: from.map(|from| Length { from, to }), status, gives }
                    }
                    None => nothing(),
                }
            }
            StmtKind::Query { on, sql, takes, gives } => {
                let on = match (self.resolve(&on.text), self.names.get(&on.text).map(|it| it.thing)) {
                    (None, Some(Thing::Resource(index))) => Database::Resource(index),
                    (None, Some(Thing::Pool(index))) => Database::Pool(index),
                    (Some(place), _) => {
                        Database::Connection(Expr { kind: ExprKind::Var(place), span: on.span })
                    }
                    (None, _) => Database::Connection(literal(Literal::None, on.span)),
                };
                let [from, to] = ends(takes.as_ref());
                let [sql, from, to, gives] = self.some_exprs([Some(sql), from, to, gives.as_ref()], out);
                match sql {
                    Some(sql) => Op::Query { on, sql, takes: from.map(|from| Length { from, to }), gives },
                    None => nothing(),
                }
            }
            StmtKind::Log(text) => Op::Log(self.expr(text, out)),
            StmtKind::Mark(text) => Op::Mark(self.expr(text, out)),
            StmtKind::Expect { condition, message, text } => {
                let [condition, message] = self.some_exprs([Some(condition), message.as_ref()], out);
                match condition {
                    Some(condition) => Op::Expect { condition, message, text: text.clone() },
                    None => nothing(),
                }
            }
            StmtKind::Await(task) => Op::Await(self.expr(task, out)),
            StmtKind::Cancel(task) => Op::Cancel(self.expr(task, out)),
            StmtKind::Extend(name, by) => {
                let by = self.expr(by, out);
                let place = self.resolve(&name.text).map(ExprKind::Var);
                let kind = place.unwrap_or(ExprKind::Literal(Literal::None));
                Op::Extend { deadline: Expr { kind, span: name.span }, by }
            }
            _ => nothing(),
        }
    }

    fn length(&mut self, length: &syntax::Length, out: &mut Vec<Step>) -> Length {
        let [from, to] = self.some_exprs([Some(&length.from), length.to.as_ref()], out);
        Length { from: from.unwrap_or_else(|| literal(Literal::None, length.from.span)), to }
    }

    fn queue(&self, name: &str) -> Option<QueueIndex> {
        match self.names.get(name)?.thing {
            Thing::Queue(index) => Some(index),
            _ => None,
        }
    }

    fn event(&self, name: &str) -> Option<EventIndex> {
        match self.names.get(name)?.thing {
            Thing::Event(index) => Some(index),
            _ => None,
        }
    }

    fn barrier(&self, name: &str) -> Option<BarrierIndex> {
        match self.names.get(name)?.thing {
            Thing::Barrier(index) => Some(index),
            _ => None,
        }
    }
}

/// The two ends of a length that may be left out.
fn ends(length: Option<&syntax::Length>) -> [Option<&syntax::Expr>; 2] {
    [length.map(|it| &it.from), length.and_then(|it| it.to.as_ref())]
}

/// Stands for what the checker refused.
fn nothing() -> Op {
    Op::Value(literal(Literal::None, Span::default()))
}
