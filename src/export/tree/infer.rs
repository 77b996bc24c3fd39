//! What kind of value stands where, as far as a program's text tells: found by going round until nothing changes.

use std::collections::BTreeMap;

use crate::lang::plan::{Field, FunctionIndex, Held, QueueIndex, ResourceIndex, UnaryOp};

use super::types::{COUNT, Kind, Type, binary, builtin_type, count, literal_type};
use super::{Block, BlockId, Expr, ExprKind, Fact, Handler, Job, Length, Op, Part, Stmt, Task, Tree, VarId};

/// Rounds before what still grows is taken to grow for ever.
const EXACT_ROUNDS: u32 = 6;

/// The types of a program.
pub struct Types<'t> {
    tree: &'t Tree<'t>,
    vars: Vec<Type>,
    returns: Vec<Type>,
    queues: Vec<Type>,
    opens: Vec<Type>,
    /// What the task with this body gives.
    tasks: BTreeMap<BlockId, Type>,
    changed: bool,
    rounds: u32,
    /// What the function or task that is being looked at returns early.
    returned: Type,
}

impl<'t> Types<'t> {
    /// Finds the types of `tree`.
    pub fn of(tree: &'t Tree<'t>) -> Types<'t> {
        let declared = &tree.plan.declarations;
        let mut types = Types {
            tree,
            vars: vec![Type::never(); tree.vars.len()],
            returns: vec![Type::never(); tree.functions.len()],
            queues: vec![Type::never(); declared.queues.len()],
            opens: vec![Type::never(); declared.resources.len()],
            tasks: BTreeMap::new(),
            changed: true,
            rounds: 0,
            returned: Type::never(),
        };
        // Each round makes some type larger, and none has more than a few steps to go.
        while std::mem::take(&mut types.changed) {
            types.round();
            types.rounds += 1;
        }
        types
    }

    fn round(&mut self) {
        let tree = self.tree;
        self.unit(&tree.body);
        for (at, function) in tree.functions.iter().enumerate() {
            let returned = self.unit(function);
            let known = std::mem::take(&mut self.returns[at]);
            self.returns[at] = self.grown(known, returned);
        }
        for (at, (open, close)) in tree.resources.iter().enumerate() {
            let opened = self.unit(open);
            let known = std::mem::take(&mut self.opens[at]);
            self.opens[at] = self.grown(known, opened);
            self.unit(close);
        }
        tree.stimuli.iter().flatten().for_each(|body| drop(self.unit(body)));
    }

    fn grown(&mut self, known: Type, more: Type) -> Type {
        let mut joined = known.clone().join(more);
        if self.rounds > EXACT_ROUNDS {
            joined.widened(&known);
        }
        self.changed |= joined != known;
        joined
    }

    fn set(&mut self, var: VarId, value: Type) {
        let known = std::mem::take(&mut self.vars[var.index()]);
        self.vars[var.index()] = self.grown(known, value);
    }

    /// The type of a variable.
    pub fn var(&self, var: VarId) -> Type {
        self.vars[var.index()].clone()
    }

    /// What a function returns.
    pub fn returned(&self, function: FunctionIndex) -> Type {
        self.returns[function.index()].clone()
    }

    /// What is put into a queue.
    pub fn queued(&self, queue: QueueIndex) -> Type {
        self.queues[queue.index()].clone()
    }

    /// What opening a resource gives.
    pub fn opened(&self, resource: ResourceIndex) -> Type {
        self.opens[resource.index()].clone()
    }

    /// Whether some length of time is mixed with other values, so that only the value itself can tell.
    pub fn mixes_durations(&self) -> bool {
        let places = self.vars.iter().chain(&self.returns).chain(&self.queues).chain(self.tasks.values());
        places.into_iter().any(Type::hides_duration)
    }

    /// The body of a function or task: what it gives.
    fn unit(&mut self, body: &Block) -> Type {
        let outer = std::mem::take(&mut self.returned);
        let value = self.block(body);
        std::mem::replace(&mut self.returned, outer).join(value)
    }

    /// What a block gives.
    pub fn block(&mut self, block: &Block) -> Type {
        let mut value: Type = Kind::None.into();
        for Stmt { op, into, .. } in &block.stmts {
            value = self.op(op);
            if let Some((var, _)) = into {
                self.set(*var, value.clone());
            }
        }
        value
    }

    fn loop_body(&mut self, body: &Block, item: Type) -> Type {
        body.inputs.iter().for_each(|input| self.set(*input, item.clone()));
        self.block(body);
        Kind::None.into()
    }

    fn task(&mut self, task: &Task) -> Type {
        self.expr(&task.name);
        let given = self.unit(&task.body);
        let known = self.tasks.remove(&task.body.id).unwrap_or_default();
        let given = self.grown(known, given);
        self.tasks.insert(task.body.id, given.clone());
        given
    }

    fn length(&mut self, length: &Length) {
        self.expr(&length.from);
        length.to.iter().for_each(|to| drop(self.expr(to)));
    }

    fn some(&mut self, exprs: &[&Option<Expr>]) {
        exprs.iter().copied().flatten().for_each(|expr| drop(self.expr(expr)));
    }

    /// What an action gives.
    pub fn op(&mut self, op: &Op) -> Type {
        match op {
            Op::Value(value) => self.expr(value),
            Op::Call(function, args) => {
                let args: Vec<Type> = args.iter().map(|arg| self.expr(arg)).collect();
                let inputs = self.tree.functions[function.index()].inputs.iter().copied();
                inputs.zip(args).for_each(|(input, arg)| self.set(input, arg));
                self.returns[function.index()].clone()
            }
            Op::Return(value) => {
                let value = value.as_ref().map_or(Kind::None.into(), |value| self.expr(value));
                self.returned = std::mem::take(&mut self.returned).join(value);
                Type::never()
            }
            Op::Break | Op::Continue => Type::never(),
            Op::Fail { message, .. } => {
                self.some(&[message]);
                Type::never()
            }
            Op::Raise(error) => {
                self.expr(error);
                Type::never()
            }
            Op::Log(it) | Op::Mark(it) | Op::Cancel(it) => {
                self.expr(it);
                Kind::None.into()
            }
            Op::Expect { condition, message, .. } => {
                self.expr(condition);
                self.some(&[message]);
                Kind::None.into()
            }
            Op::Extend { deadline, by } => {
                self.expr(deadline);
                self.expr(by);
                Kind::None.into()
            }
            Op::Sleep(length) | Op::Work(length) => {
                self.length(length);
                Kind::None.into()
            }
            Op::Put { queue, item } => {
                let item = self.expr(item);
                let known = std::mem::take(&mut self.queues[queue.index()]);
                self.queues[queue.index()] = self.grown(known, item);
                Kind::None.into()
            }
            Op::Take(queue) => self.queues[queue.index()].clone(),
            Op::WaitBarrier(_) => count(),
            Op::Done(_) | Op::Join(_) | Op::Close(_) | Op::Set(_) | Op::Clear(_) | Op::WaitEvent(_) => {
                Kind::None.into()
            }
            op => self.action(op),
        }
    }

    fn action(&mut self, op: &Op) -> Type {
        match op {
            Op::Offload { job, takes } => {
                takes.iter().for_each(|takes| self.length(takes));
                match job {
                    Job::Block(length) => {
                        self.length(length);
                        Kind::None.into()
                    }
                    Job::Call(_, args) => {
                        args.iter().for_each(|arg| drop(self.expr(arg)));
                        count()
                    }
                }
            }
            Op::Fetch { url, takes, status, gives } => {
                self.expr(url);
                takes.iter().for_each(|takes| self.length(takes));
                self.some(&[status, gives]);
                Kind::Response.into()
            }
            Op::Query { sql, takes, gives } => {
                self.expr(sql);
                takes.iter().for_each(|takes| self.length(takes));
                // A query that gives no list fails.
                let rows = gives.as_ref().map_or_else(Type::never, |gives| self.expr(gives).item());
                Type::list(rows)
            }
            Op::Task(task) | Op::Detach(task) => Type::task(self.task(task)),
            Op::Await(task) => self.expr(task).given(),
            Op::Race { name, tasks, .. } => {
                self.expr(name);
                tasks.iter().fold(Type::never(), |joined, task| joined.join(self.task(task)))
            }
            Op::Gather { name, keep, tasks } => {
                self.expr(name);
                let error = if *keep { Kind::Error.into() } else { Type::never() };
                Type::list(tasks.iter().fold(error, |joined, task| joined.join(self.task(task))))
            }
            op => self.block_op(op),
        }
    }

    fn block_op(&mut self, op: &Op) -> Type {
        match op {
            Op::If { arms, otherwise } => {
                let mut value = otherwise.as_ref().map_or(Kind::None.into(), |block| self.block(block));
                for arm in arms {
                    arm.before.iter().for_each(|stmt| drop(self.block_of_one(stmt)));
                    self.expr(&arm.condition);
                    value = value.join(self.block(&arm.body));
                }
                value
            }
            Op::While(arm) => {
                arm.before.iter().for_each(|stmt| drop(self.block_of_one(stmt)));
                self.expr(&arm.condition);
                self.loop_body(&arm.body, Type::never())
            }
            Op::Repeat { times, body } => {
                self.expr(times);
                self.loop_body(body, Type::never())
            }
            Op::ForList { list, body } => {
                let item = self.expr(list).item();
                self.loop_body(body, item)
            }
            Op::ForRange { from, to, every, body } => {
                let (from, to) = (self.expr(from), self.expr(to));
                self.some(&[every]);
                let number = Type::from(Kind::Int).sized(from.size.max(to.size), from.negative);
                self.loop_body(body, number)
            }
            Op::ForQueue { queue, body } => {
                let item = self.queues[queue.index()].clone();
                self.loop_body(body, item)
            }
            Op::Try { body, handlers, finally } => self.guarded(body, handlers, finally.as_ref()),
            Op::Timeout { length, body, otherwise } => {
                self.expr(length);
                body.inputs.iter().for_each(|input| self.set(*input, Kind::Deadline.into()));
                let value = self.block(body);
                otherwise.as_ref().map_or(Type::never(), |block| self.block(block)).join(value)
            }
            Op::Scope { name, body, .. } => {
                self.expr(name);
                self.block(body)
            }
            Op::Shield { budget, body } => {
                self.some(&[budget]);
                self.block(body)
            }
            Op::Retry { attempts, backoff, body, .. } => {
                self.expr(attempts);
                backoff.iter().for_each(|backoff| self.length(backoff));
                self.block(body)
            }
            Op::With { held, body } => {
                let opened = self.held(*held);
                body.inputs.iter().for_each(|input| self.set(*input, opened.clone()));
                self.block(body)
            }
            _ => Kind::None.into(),
        }
    }

    /// A body or the handler that took its error; what the cleanup gives is lost.
    fn guarded(&mut self, body: &Block, handlers: &[Handler], finally: Option<&Block>) -> Type {
        let mut value = self.block(body);
        for handler in handlers {
            handler.body.inputs.iter().for_each(|input| self.set(*input, Kind::Error.into()));
            value = value.join(self.block(&handler.body));
        }
        finally.iter().for_each(|block| drop(self.block(block)));
        value
    }

    fn block_of_one(&mut self, stmt: &Stmt) -> Type {
        let value = self.op(&stmt.op);
        if let Some((var, _)) = stmt.into {
            self.set(var, value.clone());
        }
        value
    }

    fn held(&self, held: Held) -> Type {
        let resource = match held {
            Held::Resource(resource) => resource,
            Held::Pool(pool) => self.tree.plan.declarations.pools[pool.index()].of,
            Held::Limiter(_) | Held::Lock(_) => return Kind::None.into(),
        };
        self.opens[resource.index()].clone()
    }

    /// What an expression gives.
    pub fn expr(&mut self, expr: &Expr) -> Type {
        match &expr.kind {
            ExprKind::Literal(literal) => literal_type(literal),
            ExprKind::Text(parts) => {
                for part in parts {
                    if let Part::Hole(hole) = part {
                        self.expr(hole);
                    }
                }
                Kind::Str.into()
            }
            ExprKind::List(items) => {
                Type::list(items.iter().fold(Type::never(), |joined, item| joined.join(self.expr(item))))
            }
            ExprKind::Var(var) => self.var(*var),
            ExprKind::Unary(UnaryOp::Not, operand) => {
                self.expr(operand);
                Kind::Bool.into()
            }
            ExprKind::Unary(UnaryOp::Neg, operand) => {
                let operand = self.expr(operand);
                let size = operand.size;
                operand.sized(size, true)
            }
            ExprKind::Binary(op, left, right) => {
                let (left, right) = (self.expr(left), self.expr(right));
                binary(*op, &left, &right)
            }
            ExprKind::Index(of, at) => {
                self.expr(at);
                let of = self.expr(of);
                let letter = if of.may_be(Kind::Str) { Kind::Str.into() } else { Type::never() };
                of.item().join(letter)
            }
            ExprKind::Field(of, field) => {
                self.expr(of);
                match field {
                    Field::Count | Field::Status => count(),
                    Field::Leaves => Type::list(Kind::Error.into()),
                    Field::Kind | Field::Message | Field::Task | Field::Body => Kind::Str.into(),
                }
            }
            ExprKind::Builtin(builtin, args) => {
                let args: Vec<Type> = args.iter().map(|arg| self.expr(arg)).collect();
                builtin_type(*builtin, &args)
            }
            ExprKind::Fact(fact) => match fact {
                Fact::Elapsed => Type::from(Kind::Duration).sized(COUNT, false),
                Fact::Outcome => Kind::Str.into(),
                Fact::Peak(_) => count(),
                Fact::Logged(_) | Fact::Cancelled(_) => Kind::Bool.into(),
            },
            ExprKind::Do(op) => self.op(op),
        }
    }
}
