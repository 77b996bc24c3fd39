//! Plan to tree: places become variables, temporaries go back into the expressions they were taken from.

use crate::lang::plan::{self, BinaryOp, Plan, Stimulus, UnaryOp};

use super::walk::heads;
use super::{
    Arm, Block, BlockId, Expr, ExprKind, Fact, Handler, Job, Length, Op, Part, Stmt, Task, Tree, Var, VarId,
};

/// Makes the tree.
pub fn lift(plan: &Plan) -> Tree<'_> {
    let mut lifter = Lifter { vars: Vec::new(), blocks: 1, frames: Vec::new(), pending: Vec::new() };
    // The frame of the top level is the parent of all others, so it stays.
    let top = lifter.enter(&plan.body);
    let mut body = Block { vars: top, ..Block::default() };
    body.stmts = lifter.steps(&plan.body.steps);
    let functions = plan.functions.iter().map(|function| lifter.block(&function.body)).collect();
    let resources = plan.declarations.resources.iter();
    let resources = resources.map(|it| (lifter.block(&it.open), lifter.block(&it.close))).collect();
    let stimuli = plan.stimuli.iter();
    let stimuli = stimuli.map(|stimulus| match stimulus {
        Stimulus::At { body, .. } => Some(lifter.block(body)),
        Stimulus::Shutdown { .. } => None,
    });
    let stimuli = stimuli.collect();
    let expectations = plan.expectations.iter();
    let expectations = expectations
        .map(|it| (lifter.expr(&it.condition), it.message.as_ref().map(|message| lifter.expr(message))))
        .collect();
    Tree { plan, vars: lifter.vars, functions, resources, stimuli, body, expectations }
}

/// An expression that reads no variables.
pub fn constant(expr: &plan::Expr) -> Expr {
    let mut lifter = Lifter { vars: Vec::new(), blocks: 0, frames: Vec::new(), pending: Vec::new() };
    lifter.expr(expr)
}

struct Lifter {
    vars: Vec<Var>,
    /// The number of the next block; the top level has 0.
    blocks: u32,
    /// The variables of the blocks around, outermost first.
    frames: Vec<Vec<VarId>>,
    /// Temporaries that were computed and not used yet, in order.
    pending: Vec<(VarId, Expr)>,
}

impl Lifter {
    fn enter(&mut self, block: &plan::Block) -> Vec<VarId> {
        let first = self.vars.len() as u32;
        self.vars.extend(block.slots.iter().map(|name| Var { name: name.clone() }));
        let vars: Vec<VarId> = (first..self.vars.len() as u32).map(VarId).collect();
        self.frames.push(vars.clone());
        vars
    }

    fn block(&mut self, block: &plan::Block) -> Block {
        let pending = std::mem::take(&mut self.pending);
        let vars = self.enter(block);
        let stmts = self.steps(&block.steps);
        self.frames.pop();
        self.pending = pending;
        let inputs = vars.iter().take(block.inputs as usize).copied().collect();
        let id = BlockId(self.blocks);
        self.blocks += 1;
        Block { id, inputs, vars, stmts }
    }

    fn var(&self, place: plan::Place) -> VarId {
        let frame = self.frames.len().checked_sub(place.hops as usize + 1).and_then(|at| self.frames.get(at));
        frame.and_then(|frame| frame.get(place.slot as usize)).copied().unwrap_or(VarId(0))
    }

    /// Statements; what is left pending at the end is written out.
    fn steps(&mut self, steps: &[plan::Step]) -> Vec<Stmt> {
        let mut stmts = self.steps_kept(steps);
        self.flush(&mut stmts);
        stmts
    }

    /// Statements; what is pending at the end stays so.
    fn steps_kept(&mut self, steps: &[plan::Step]) -> Vec<Stmt> {
        let mut stmts = Vec::new();
        for step in steps {
            if self.short_circuit(step) {
                continue;
            }
            let into = step.into.map(|target| (self.var(target.place), target.declares));
            let temporary =
                into.filter(|(var, declares)| *declares && self.vars[var.index()].name.is_empty());
            self.settle(&heads(&step.op), temporary.is_some(), &mut stmts);
            let op = self.op(&step.op);
            match temporary {
                Some((var, _)) => self.keep(var, op, &mut stmts),
                None => stmts.push(Stmt { op, into }),
            }
        }
        stmts
    }

    /// The value of a temporary: waits for the expression that uses it, if it can stand there.
    fn keep(&mut self, var: VarId, op: Op, stmts: &mut Vec<Stmt>) {
        match op {
            Op::Value(value) => self.pending.push((var, value)),
            op if op.is_expression() => {
                self.pending.push((var, Expr { kind: ExprKind::Do(Box::new(op)) }));
            }
            op => {
                self.flush(stmts);
                stmts.push(Stmt { op, into: Some((var, true)) });
            }
        }
    }

    /// Before a statement that evaluates `heads`: what is pending is written out, unless they use it in its order, and
    /// all of it or, for the value of one more temporary, its last.
    fn settle(&mut self, heads: &[&plan::Expr], temporary: bool, stmts: &mut Vec<Stmt>) {
        let mut used = Vec::new();
        heads.iter().for_each(|head| self.temporaries(head, &mut used));
        used.retain(|var| self.pending.iter().any(|(known, _)| known == var));
        let from = if temporary { self.pending.len().saturating_sub(used.len()) } else { 0 };
        if !used.iter().eq(self.pending[from..].iter().map(|(var, _)| var)) {
            self.flush(stmts);
        }
    }

    fn flush(&mut self, stmts: &mut Vec<Stmt>) {
        for (var, value) in std::mem::take(&mut self.pending) {
            let op = match value.kind {
                ExprKind::Do(op) => *op,
                kind => Op::Value(Expr { kind }),
            };
            stmts.push(Stmt { op, into: Some((var, true)) });
        }
    }

    fn temporaries(&self, expr: &plan::Expr, used: &mut Vec<VarId>) {
        if let plan::ExprKind::Var(place) = &expr.kind {
            used.push(self.var(*place));
        }
        super::walk::operands(expr).into_iter().for_each(|operand| self.temporaries(operand, used));
    }

    /// `t = a` and `if t { t = f() }` were `a and f()`. Puts it back together, if `step` is such an `if`.
    fn short_circuit(&mut self, step: &plan::Step) -> bool {
        let plan::Op::If { arms, otherwise: None } = &step.op else { return false };
        let [arm] = &arms[..] else { return false };
        let (op, condition) = match &arm.condition.kind {
            plan::ExprKind::Unary(UnaryOp::Not, operand) => (BinaryOp::Or, &**operand),
            _ => (BinaryOp::And, &arm.condition),
        };
        let plan::ExprKind::Var(place) = condition.kind else { return false };
        let var = self.var(place);
        let Some((last, before)) = arm.body.steps.split_last() else { return false };
        let target = last.into.filter(|target| target.place.hops == place.hops + 1 && !target.declares);
        if !arm.before.is_empty() || target.is_none_or(|target| target.place.slot != place.slot) {
            return false;
        }
        if !self.vars[var.index()].name.is_empty() || self.pending.last().is_none_or(|(last, _)| *last != var)
        {
            return false;
        }
        let pending = std::mem::take(&mut self.pending);
        self.enter(&arm.body);
        let mut stmts = self.steps_kept(before);
        self.settle(&heads(&last.op), false, &mut stmts);
        let right = match &last.op {
            plan::Op::Value(value) if stmts.is_empty() => Some(self.expr(value)),
            _ => None,
        };
        self.frames.pop();
        self.pending = pending;
        let Some(right) = right else { return false };
        let Some((var, left)) = self.pending.pop() else { return false };
        let kind = ExprKind::Binary(op, Box::new(left), Box::new(right));
        self.pending.push((var, Expr { kind }));
        true
    }

    fn expr(&mut self, expr: &plan::Expr) -> Expr {
        let kind = match &expr.kind {
            plan::ExprKind::Literal(literal) => ExprKind::Literal(literal.clone()),
            plan::ExprKind::Text(parts) => ExprKind::Text(
                parts
                    .iter()
                    .map(|part| match part {
                        plan::Part::Text(text) => Part::Text(text.clone()),
                        plan::Part::Hole(hole) => Part::Hole(self.expr(hole)),
                    })
                    .collect(),
            ),
            plan::ExprKind::List(items) => ExprKind::List(self.exprs(items)),
            plan::ExprKind::Var(place) => {
                let var = self.var(*place);
                if let Some(at) = self.pending.iter().position(|(known, _)| *known == var) {
                    return self.pending.remove(at).1;
                }
                ExprKind::Var(var)
            }
            plan::ExprKind::Unary(op, operand) => ExprKind::Unary(*op, self.boxed(operand)),
            plan::ExprKind::Binary(op, left, right) => {
                ExprKind::Binary(*op, self.boxed(left), self.boxed(right))
            }
            plan::ExprKind::Index(of, at) => ExprKind::Index(self.boxed(of), self.boxed(at)),
            plan::ExprKind::Field(of, field) => ExprKind::Field(self.boxed(of), *field),
            plan::ExprKind::Builtin(builtin, args) => ExprKind::Builtin(*builtin, self.exprs(args)),
            plan::ExprKind::Fact(fact) => ExprKind::Fact(match fact {
                plan::Fact::Elapsed => Fact::Elapsed,
                plan::Fact::Outcome => Fact::Outcome,
                plan::Fact::Peak(held) => Fact::Peak(*held),
                plan::Fact::Logged(text) => Fact::Logged(self.boxed(text)),
                plan::Fact::Cancelled(path) => Fact::Cancelled(self.boxed(path)),
            }),
        };
        Expr { kind }
    }

    fn boxed(&mut self, expr: &plan::Expr) -> Box<Expr> {
        Box::new(self.expr(expr))
    }

    fn exprs(&mut self, exprs: &[plan::Expr]) -> Vec<Expr> {
        exprs.iter().map(|expr| self.expr(expr)).collect()
    }

    fn some(&mut self, expr: Option<&plan::Expr>) -> Option<Expr> {
        expr.map(|expr| self.expr(expr))
    }

    fn length(&mut self, length: &plan::Length) -> Length {
        Length { from: self.expr(&length.from), to: self.some(length.to.as_ref()) }
    }

    fn some_length(&mut self, length: Option<&plan::Length>) -> Option<Length> {
        length.map(|length| self.length(length))
    }

    fn arm(&mut self, arm: &plan::Arm) -> Arm {
        let pending = std::mem::take(&mut self.pending);
        let mut before = self.steps_kept(&arm.before);
        self.settle(&[&arm.condition], false, &mut before);
        let condition = self.expr(&arm.condition);
        self.pending = pending;
        Arm { before, condition, body: self.block(&arm.body) }
    }

    fn task(&mut self, task: &plan::Task) -> Task {
        Task { name: self.expr(&task.name), body: self.block(&task.body) }
    }

    fn tasks(&mut self, tasks: &[plan::Task]) -> Vec<Task> {
        tasks.iter().map(|task| self.task(task)).collect()
    }

    fn some_block(&mut self, block: Option<&plan::Block>) -> Option<Block> {
        block.map(|block| self.block(block))
    }

    fn op(&mut self, op: &plan::Op) -> Op {
        match op {
            plan::Op::Value(value) => Op::Value(self.expr(value)),
            plan::Op::Call { function, args } => Op::Call(*function, self.exprs(args)),
            plan::Op::Break => Op::Break,
            plan::Op::Continue => Op::Continue,
            plan::Op::Return(value) => Op::Return(self.some(value.as_ref())),
            plan::Op::Log(text) => Op::Log(self.expr(text)),
            plan::Op::Mark(text) => Op::Mark(self.expr(text)),
            plan::Op::Expect { condition, message, text } => Op::Expect {
                condition: self.expr(condition),
                message: self.some(message.as_ref()),
                text: text.clone(),
            },
            plan::Op::Fail { kind, message } => {
                Op::Fail { kind: kind.clone(), message: self.some(message.as_ref()) }
            }
            plan::Op::Raise(error) => Op::Raise(self.expr(error)),
            plan::Op::Await(task) => Op::Await(self.expr(task)),
            plan::Op::Cancel(task) => Op::Cancel(self.expr(task)),
            plan::Op::Extend { deadline, by } => {
                Op::Extend { deadline: self.expr(deadline), by: self.expr(by) }
            }
            plan::Op::Put { queue, item } => Op::Put { queue: *queue, item: self.expr(item) },
            plan::Op::Take(queue) => Op::Take(*queue),
            plan::Op::Done(queue) => Op::Done(*queue),
            plan::Op::Join(queue) => Op::Join(*queue),
            plan::Op::Close(queue) => Op::Close(*queue),
            plan::Op::Set(event) => Op::Set(*event),
            plan::Op::Clear(event) => Op::Clear(*event),
            plan::Op::WaitEvent(event) => Op::WaitEvent(*event),
            plan::Op::WaitBarrier(barrier) => Op::WaitBarrier(*barrier),
            op => self.waiting(op),
        }
    }

    fn waiting(&mut self, op: &plan::Op) -> Op {
        match op {
            plan::Op::Sleep(length) => Op::Sleep(self.length(length)),
            plan::Op::Work(length) => Op::Work(self.length(length)),
            plan::Op::Offload { job, takes } => {
                let job = match job {
                    plan::Job::Block(length) => Job::Block(self.length(length)),
                    plan::Job::Call { function, args } => Job::Call(function.clone(), self.exprs(args)),
                };
                Op::Offload { job, takes: self.some_length(takes.as_ref()) }
            }
            plan::Op::Fetch { url, takes, status, gives } => Op::Fetch {
                url: self.expr(url),
                takes: self.some_length(takes.as_ref()),
                status: self.some(status.as_ref()),
                gives: self.some(gives.as_ref()),
            },
            plan::Op::Query { sql, takes, gives, .. } => Op::Query {
                sql: self.expr(sql),
                takes: self.some_length(takes.as_ref()),
                gives: self.some(gives.as_ref()),
            },
            plan::Op::Task(task) => Op::Task(self.task(task)),
            plan::Op::Detach(task) => Op::Detach(self.task(task)),
            plan::Op::Race { name, ok, tasks } => {
                Op::Race { name: self.expr(name), ok: *ok, tasks: self.tasks(tasks) }
            }
            plan::Op::Gather { name, keep, tasks } => {
                Op::Gather { name: self.expr(name), keep: *keep, tasks: self.tasks(tasks) }
            }
            op => self.block_op(op),
        }
    }

    fn block_op(&mut self, op: &plan::Op) -> Op {
        match op {
            plan::Op::If { arms, otherwise } => Op::If {
                arms: arms.iter().map(|arm| self.arm(arm)).collect(),
                otherwise: self.some_block(otherwise.as_ref()),
            },
            plan::Op::While(arm) => Op::While(self.arm(arm)),
            plan::Op::Repeat { times, body } => {
                Op::Repeat { times: self.expr(times), body: self.block(body) }
            }
            plan::Op::ForList { list, body } => Op::ForList { list: self.expr(list), body: self.block(body) },
            plan::Op::ForRange { from, to, every, body } => Op::ForRange {
                from: self.expr(from),
                to: self.expr(to),
                every: self.some(every.as_ref()),
                body: self.block(body),
            },
            plan::Op::ForQueue { queue, body } => Op::ForQueue { queue: *queue, body: self.block(body) },
            plan::Op::Try(guarded) => Op::Try {
                body: self.block(&guarded.body),
                handlers: guarded
                    .handlers
                    .iter()
                    .map(|it| Handler { kind: it.kind.clone(), body: self.block(&it.body) })
                    .collect(),
                finally: self.some_block(guarded.finally.as_ref()),
            },
            plan::Op::Scope { name, collect, body } => {
                Op::Scope { name: self.expr(name), collect: *collect, body: self.block(body) }
            }
            plan::Op::Timeout { length, body, otherwise } => Op::Timeout {
                length: self.expr(length),
                body: self.block(body),
                otherwise: self.some_block(otherwise.as_ref()),
            },
            plan::Op::Shield { budget, body } => {
                Op::Shield { budget: self.some(budget.as_ref()), body: self.block(body) }
            }
            plan::Op::Retry { attempts, backoff, jitter, body } => Op::Retry {
                attempts: self.expr(attempts),
                backoff: self.some_length(backoff.as_ref()),
                jitter: *jitter,
                body: self.block(body),
            },
            plan::Op::With { held, body } => Op::With { held: *held, body: self.block(body) },
            _ => Op::Break,
        }
    }
}
