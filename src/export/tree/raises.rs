//! Which errors may leave what, and whether they come in groups. Errs on the side of more.

use std::collections::{BTreeMap, BTreeSet};

use crate::lang::plan::{BinaryOp, Builtin, Held, Literal, Name, UnaryOp};

use super::infer::Types;
use super::types::{Kind, Size, Type, compares, fits};
use super::{Arm, Block, BlockId, Expr, ExprKind, Handler, Job, Length, Op, Part, Task, Tree, VarId};

/// The errors that may leave something.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Raises {
    /// Their kinds.
    pub kinds: BTreeSet<Name>,
    /// Whether they may come as a group.
    pub grouped: bool,
}

impl Raises {
    fn one(kind: &str) -> Raises {
        Raises { kinds: BTreeSet::from([kind.into()]), grouped: false }
    }

    fn when(holds: bool, kind: &str) -> Raises {
        if holds { Raises::one(kind) } else { Raises::default() }
    }

    fn and(mut self, other: Raises) -> Raises {
        self.kinds.extend(other.kinds);
        self.grouped |= other.grouped;
        self
    }

    fn grouped_if(mut self, grouped: bool) -> Raises {
        self.grouped |= grouped && !self.kinds.is_empty();
        self
    }

    /// Whether none leaves.
    pub fn is_none(&self) -> bool {
        self.kinds.is_empty()
    }
}

/// What may be raised where in a program.
pub struct Errors<'t> {
    tree: &'t Tree<'t>,
    /// What leaves each block.
    blocks: BTreeMap<BlockId, Raises>,
    /// What each function raises, and what the tasks fail with that it spawns into its caller's scope.
    functions: Vec<(Raises, Raises)>,
    /// What each resource raises when it opens and when it closes.
    resources: Vec<(Raises, Raises)>,
    /// What an awaited task may raise, whichever it is.
    tasks: Raises,
    /// What the variable of a handler holds.
    taken: BTreeMap<VarId, Raises>,
    /// Whether something that is done on the way out may fail.
    cleanups_fail: bool,
    /// Everything that is raised anywhere.
    all: Raises,
    /// What the tasks fail with that were spawned into the scope around.
    spawned: Raises,
}

impl<'t> Errors<'t> {
    /// Finds out what may be raised where.
    pub fn of(tree: &'t Tree<'t>, types: &mut Types<'t>) -> Errors<'t> {
        let mut errors = Errors {
            tree,
            blocks: BTreeMap::new(),
            functions: vec![Default::default(); tree.functions.len()],
            resources: vec![Default::default(); tree.resources.len()],
            tasks: Raises::default(),
            taken: BTreeMap::new(),
            cleanups_fail: false,
            all: Raises::default(),
            spawned: Raises::default(),
        };
        loop {
            let before =
                (errors.blocks.clone(), errors.functions.clone(), errors.tasks.clone(), errors.cleanups_fail);
            errors.round(types);
            if before
                == (
                    errors.blocks.clone(),
                    errors.functions.clone(),
                    errors.tasks.clone(),
                    errors.cleanups_fail,
                )
            {
                return errors;
            }
        }
    }

    /// What leaves a block.
    pub fn block_raises(&self, block: &Block) -> Raises {
        self.blocks.get(&block.id).cloned().unwrap_or_default()
    }

    /// What leaves the program, tasks of the root scope included.
    pub fn at_the_end(&self) -> Raises {
        self.block_raises(&self.tree.body).and(self.spawned.clone())
    }

    /// What a task may fail with, whichever it is.
    pub fn of_tasks(&self) -> Raises {
        self.tasks.clone()
    }

    /// Every kind that is raised or caught anywhere.
    pub fn all(&self) -> &BTreeSet<Name> {
        &self.all.kinds
    }

    fn round(&mut self, types: &mut Types<'_>) {
        let tree = self.tree;
        for (at, function) in tree.functions.iter().enumerate() {
            let (raises, spawned) = self.unit(function, types);
            self.functions[at] = (raises, spawned);
        }
        for (at, (open, close)) in tree.resources.iter().enumerate() {
            let (open, close) = (self.unit(open, types).0, self.unit(close, types).0);
            self.cleanups_fail |= !close.is_none();
            self.resources[at] = (open, close);
        }
        self.spawned = Raises::default();
        self.block(&tree.body, types);
        for body in tree.stimuli.iter().flatten() {
            let (raises, spawned) = self.unit(body, types);
            self.spawned = std::mem::take(&mut self.spawned).and(raises).and(spawned);
        }
    }

    /// The body of a function or task: what leaves it, and what it spawns.
    fn unit(&mut self, body: &Block, types: &mut Types<'_>) -> (Raises, Raises) {
        let outer = std::mem::take(&mut self.spawned);
        let raises = self.block(body, types);
        (raises, std::mem::replace(&mut self.spawned, outer))
    }

    fn block(&mut self, block: &Block, types: &mut Types<'_>) -> Raises {
        let raises =
            block.stmts.iter().fold(Raises::default(), |all, stmt| all.and(self.op(&stmt.op, types)));
        self.all.kinds.extend(raises.kinds.iter().cloned());
        self.blocks.insert(block.id, raises.clone());
        raises
    }

    fn some_block(&mut self, block: Option<&Block>, types: &mut Types<'_>) -> Raises {
        block.map_or_else(Raises::default, |block| self.block(block, types))
    }

    fn exprs<'e>(&mut self, exprs: impl IntoIterator<Item = &'e Expr>, types: &mut Types<'_>) -> Raises {
        exprs.into_iter().fold(Raises::default(), |all, expr| all.and(self.expr(expr, types)))
    }

    /// An expression that has to be of one kind.
    fn wants(&mut self, expr: &Expr, kind: Kind, types: &mut Types<'_>) -> Raises {
        let raises = self.expr(expr, types);
        raises.and(Raises::when(!types.expr(expr).is(kind), "TypeError"))
    }

    /// A length of time that can be waited for.
    fn span(&mut self, expr: &Expr, types: &mut Types<'_>) -> Raises {
        let raises = self.wants(expr, Kind::Duration, types);
        raises.and(Raises::when(types.expr(expr).negative, "ValueError"))
    }

    fn length(&mut self, length: &Length, types: &mut Types<'_>) -> Raises {
        let from = self.span(&length.from, types);
        let Some(to) = &length.to else { return from };
        let ordered = matches!((literal(&length.from), literal(to)), (Some(a), Some(b)) if a <= b);
        from.and(self.span(to, types)).and(Raises::when(!ordered, "ValueError"))
    }

    fn some_length(&mut self, length: Option<&Length>, types: &mut Types<'_>) -> Raises {
        length.map_or_else(Raises::default, |length| self.length(length, types))
    }

    fn arm(&mut self, arm: &Arm, types: &mut Types<'_>) -> Raises {
        let before = arm.before.iter().fold(Raises::default(), |all, stmt| all.and(self.op(&stmt.op, types)));
        before.and(self.wants(&arm.condition, Kind::Bool, types)).and(self.block(&arm.body, types))
    }

    /// A task that is spawned: its errors, which reach its scope, or whoever joins it.
    fn task(&mut self, task: &Task, types: &mut Types<'_>) -> Raises {
        let (raises, spawned) = self.unit(&task.body, types);
        self.tasks = std::mem::take(&mut self.tasks).and(raises.clone());
        self.spawned = std::mem::take(&mut self.spawned).and(spawned);
        raises
    }

    fn tasks(&mut self, tasks: &[Task], types: &mut Types<'_>) -> Raises {
        tasks.iter().fold(Raises::default(), |all, task| {
            let name = self.expr(&task.name, types);
            all.and(name).and(self.task(task, types))
        })
    }

    /// What leaves an action.
    fn op(&mut self, op: &Op, types: &mut Types<'_>) -> Raises {
        match op {
            Op::Value(it) | Op::Log(it) | Op::Mark(it) => self.expr(it, types),
            Op::Return(it) => self.exprs(it, types),
            Op::Call(function, args) => {
                let (raises, spawned) = self.functions[function.index()].clone();
                self.spawned = std::mem::take(&mut self.spawned).and(spawned);
                self.exprs(args, types).and(raises)
            }
            Op::Expect { condition, message, .. } => {
                self.wants(condition, Kind::Bool, types).and(self.exprs(message, types))
            }
            Op::Fail { kind, message } => self.exprs(message, types).and(Raises::one(kind)),
            Op::Raise(error) => {
                let raises = self.wants(error, Kind::Error, types);
                let taken = match error.kind {
                    ExprKind::Var(var) => self.taken.get(&var).cloned(),
                    _ => None,
                };
                let anything = || Raises { grouped: true, ..self.all.clone() };
                raises.and(taken.unwrap_or_else(anything))
            }
            Op::Task(task) => {
                let name = self.expr(&task.name, types);
                let raises = self.task(task, types);
                self.spawned = std::mem::take(&mut self.spawned).and(raises);
                name
            }
            Op::Detach(task) => {
                let outer = std::mem::take(&mut self.spawned);
                let raises = self.task(task, types);
                let spawned = std::mem::replace(&mut self.spawned, outer).grouped_if(true);
                self.tasks = std::mem::take(&mut self.tasks).and(raises).and(spawned);
                self.expr(&task.name, types)
            }
            Op::Await(task) => {
                let raises = self.wants(task, Kind::Task, types);
                raises.and(self.tasks.clone()).and(Raises::one("TaskCancelled"))
            }
            Op::Cancel(task) => self.wants(task, Kind::Task, types),
            Op::Sleep(length) | Op::Work(length) => self.length(length, types),
            Op::Extend { deadline, by } => {
                self.wants(deadline, Kind::Deadline, types).and(self.span(by, types))
            }
            Op::Put { queue, item } => {
                self.expr(item, types).and(Raises::when(self.tree.closes(*queue), "QueueClosed"))
            }
            Op::Take(queue) => Raises::when(self.tree.closes(*queue), "QueueClosed"),
            Op::Done(_) => Raises::one("QueueError"),
            Op::Offload { .. } | Op::Fetch { .. } | Op::Query { .. } => self.outside(op, types),
            _ => self.block_op(op, types),
        }
    }

    fn outside(&mut self, op: &Op, types: &mut Types<'_>) -> Raises {
        match op {
            Op::Offload { job: Job::Block(length), .. } => {
                let short =
                    literal(&length.from).is_some() && length.to.iter().all(|to| literal(to).is_some());
                self.length(length, types).and(Raises::when(!short, "WorkerCrashed"))
            }
            Op::Offload { job: Job::Call(_, args), takes } => {
                let args = args
                    .iter()
                    .fold(Raises::default(), |all, arg| all.and(self.wants(arg, Kind::Int, types)));
                args.and(self.some_length(takes.as_ref(), types)).and(Raises::one("WorkerCrashed"))
            }
            Op::Fetch { url, takes, status, gives } => {
                let fails = match status.as_ref().map(literal) {
                    None | Some(Some(100..400)) => Raises::default(),
                    Some(Some(400..600)) => Raises::one("HttpError"),
                    _ => Raises::one("HttpError").and(Raises::one("ValueError")),
                };
                self.exprs([url].into_iter().chain(status).chain(gives), types)
                    .and(self.some_length(takes.as_ref(), types))
                    .and(fails)
            }
            Op::Query { sql, takes, gives } => {
                let sql = self.wants(sql, Kind::Str, types);
                let rows =
                    gives.as_ref().map_or_else(Raises::default, |gives| self.wants(gives, Kind::List, types));
                sql.and(self.some_length(takes.as_ref(), types)).and(rows)
            }
            _ => Raises::default(),
        }
    }

    fn block_op(&mut self, op: &Op, types: &mut Types<'_>) -> Raises {
        match op {
            Op::If { arms, otherwise } => {
                let arms = arms.iter().fold(Raises::default(), |all, arm| all.and(self.arm(arm, types)));
                arms.and(self.some_block(otherwise.as_ref(), types))
            }
            Op::While(arm) => self.arm(arm, types),
            Op::Repeat { times, body } => self.wants(times, Kind::Int, types).and(self.block(body, types)),
            Op::ForList { list, body } => self.wants(list, Kind::List, types).and(self.block(body, types)),
            Op::ForRange { from, to, every, body } => {
                let ends = self.wants(from, Kind::Int, types).and(self.wants(to, Kind::Int, types));
                let every = every.as_ref().map_or_else(Raises::default, |every| self.span(every, types));
                ends.and(every).and(self.block(body, types))
            }
            Op::ForQueue { body, .. } => self.block(body, types),
            Op::Try { body, handlers, finally } => self.guarded(body, handlers, finally.as_ref(), types),
            Op::Scope { name, body, .. } => {
                let outer = std::mem::take(&mut self.spawned);
                let raises = self.block(body, types);
                let inside = std::mem::replace(&mut self.spawned, outer);
                self.expr(name, types).and(raises.and(inside).grouped_if(true))
            }
            Op::Race { name, ok, tasks } => {
                let outer = std::mem::take(&mut self.spawned);
                let raises = self.tasks(tasks, types).and(Raises::one("TaskCancelled"));
                let inside = std::mem::replace(&mut self.spawned, outer);
                let several = *ok || self.cleanups_fail || !inside.is_none();
                self.expr(name, types).and(raises.and(inside).grouped_if(several))
            }
            Op::Gather { name, keep, tasks } => {
                let raises = self.tasks(tasks, types).and(Raises::one("TaskCancelled"));
                self.expr(name, types).and(if *keep { Raises::default() } else { raises })
            }
            Op::Timeout { length, body, otherwise } => {
                let raises = self.span(length, types).and(self.block(body, types));
                let raises = raises.and(self.some_block(otherwise.as_ref(), types));
                let both = self.cleanups_fail;
                raises.and(Raises::when(otherwise.is_none() || both, "Timeout")).grouped_if(both)
            }
            Op::Shield { budget, body } => {
                let budget = budget.as_ref().map_or_else(Raises::default, |budget| self.span(budget, types));
                let raises = self.block(body, types);
                self.cleanups_fail |= !raises.is_none();
                budget.and(raises)
            }
            Op::Retry { attempts, backoff, body, .. } => {
                let at_least_one = literal(attempts).is_some_and(|attempts| attempts >= 1);
                let pauses = self.some_length(backoff.as_ref(), types);
                let raises = self.expr(attempts, types).and(Raises::when(!at_least_one, "ValueError"));
                raises.and(pauses).and(self.block(body, types))
            }
            Op::With { held, body } => {
                let raises = self.block(body, types);
                let resource = match held {
                    Held::Resource(resource) => *resource,
                    Held::Pool(pool) => self.tree.plan.declarations.pools[pool.index()].of,
                    Held::Limiter(_) | Held::Lock(_) => return raises,
                };
                let (open, close) = self.resources[resource.index()].clone();
                let both = !raises.is_none() && !close.is_none();
                open.and(raises).and(close).grouped_if(both)
            }
            _ => Raises::default(),
        }
    }

    fn guarded(
        &mut self,
        body: &Block,
        handlers: &[Handler],
        finally: Option<&Block>,
        types: &mut Types<'_>,
    ) -> Raises {
        let mut left = self.block(body, types);
        let mut raised = Raises::default();
        for handler in handlers {
            let taken: BTreeSet<Name> = match &handler.kind {
                Some(kind) => left.kinds.iter().filter(|known| *known == kind).cloned().collect(),
                None => left.kinds.clone(),
            };
            left.kinds.retain(|kind| !taken.contains(kind));
            self.all.kinds.extend(handler.kind.clone());
            let runs = !taken.is_empty();
            let taken = Raises { kinds: taken, grouped: left.grouped };
            handler.body.inputs.iter().for_each(|input| drop(self.taken.insert(*input, taken.clone())));
            let again = self.block(&handler.body, types);
            raised = raised.and(if runs { again } else { Raises::default() });
        }
        // Of a group several handlers may take their part, and each may raise.
        let both = left.grouped && !raised.is_none();
        let leaves = left.and(raised).grouped_if(both);
        let last = self.some_block(finally, types);
        self.cleanups_fail |= !last.is_none();
        let both = !leaves.is_none() && !last.is_none();
        leaves.and(last).grouped_if(both)
    }

    /// What evaluating an expression may raise.
    pub fn expr(&mut self, expr: &Expr, types: &mut Types<'_>) -> Raises {
        match &expr.kind {
            ExprKind::Literal(_) | ExprKind::Var(_) | ExprKind::Fact(_) => Raises::default(),
            ExprKind::Text(parts) => {
                let holes = parts.iter().filter_map(|part| match part {
                    Part::Hole(hole) => Some(hole),
                    Part::Text(_) => None,
                });
                self.exprs(holes, types)
            }
            ExprKind::List(items) => self.exprs(items, types),
            ExprKind::Unary(op, operand) => {
                let inner = self.expr(operand, types);
                let of = types.expr(operand);
                inner.and(match op {
                    UnaryOp::Not => Raises::when(!of.is(Kind::Bool), "TypeError"),
                    UnaryOp::Neg => {
                        let fits = of.is_number() || of.is(Kind::Duration);
                        Raises::when(!fits, "TypeError").and(Raises::when(of.size == Size::Wild, "Overflow"))
                    }
                })
            }
            ExprKind::Binary(op, left, right) => {
                let inner = self.expr(left, types).and(self.expr(right, types));
                let (a, b, result) = (types.expr(left), types.expr(right), types.expr(expr));
                inner.and(binary(*op, &a, &b, &result, right))
            }
            ExprKind::Index(of, at) => {
                let inner = self.expr(of, types).and(self.wants(at, Kind::Int, types));
                let of = types.expr(of);
                let fits = of.is(Kind::List) || of.is(Kind::Str);
                inner.and(Raises::one("IndexError")).and(Raises::when(!fits, "TypeError"))
            }
            ExprKind::Field(of, field) => {
                let inner = self.expr(of, types);
                inner.and(Raises::when(!types.expr(of).has(*field), "TypeError"))
            }
            ExprKind::Builtin(builtin, args) => {
                let inner = self.exprs(args, types);
                let kinds: Vec<Type> = args.iter().map(|arg| types.expr(arg)).collect();
                inner.and(call(*builtin, args, &kinds))
            }
            ExprKind::Do(op) => self.op(op, types),
        }
    }
}

/// A whole number or length of time that stands in the text.
pub fn literal(expr: &Expr) -> Option<i64> {
    match expr.kind {
        ExprKind::Literal(Literal::Int(value) | Literal::Duration(value)) => Some(value),
        _ => None,
    }
}

/// What an operator raises, its operands aside.
pub fn binary(op: BinaryOp, left: &Type, right: &Type, result: &Type, divisor: &Expr) -> Raises {
    use BinaryOp::{Div, FloorDiv, Rem};
    let type_error = Raises::when(!fits(op, left, right), "TypeError");
    if compares(op) || matches!(op, BinaryOp::And | BinaryOp::Or | BinaryOp::Eq | BinaryOp::Ne) {
        return type_error;
    }
    let counts = result.may_be(Kind::Int) || result.may_be(Kind::Duration) || result.may_be(Kind::Float);
    let large = counts && result.size == Size::Wild && !matches!(op, Rem);
    let zero = match &divisor.kind {
        ExprKind::Literal(Literal::Int(value) | Literal::Duration(value)) => *value == 0,
        ExprKind::Literal(Literal::Float(value)) => *value == 0.0,
        _ => true,
    };
    let divides = matches!(op, Div | FloorDiv | Rem);
    // A quotient of whole numbers is in bounds but for one.
    let large = large && !(divides && !zero && left.is(Kind::Int) && left.size < Size::Wild);
    let overflow = Raises::when(large, "Overflow");
    type_error.and(overflow).and(Raises::when(divides && zero, "ZeroDivision"))
}

/// What a built-in call raises, its arguments aside.
fn call(builtin: Builtin, args: &[Expr], kinds: &[Type]) -> Raises {
    let wrong = |fits: bool| Raises::when(!fits, "TypeError");
    match (builtin, kinds) {
        (Builtin::Len, [of]) => wrong(of.is(Kind::List) || of.is(Kind::Str)),
        (Builtin::Random, [a, b]) => {
            let ordered =
                args.iter().map(literal).collect::<Option<Vec<i64>>>().is_some_and(|ends| ends.is_sorted());
            let alike = a == b && (a.is(Kind::Int) || a.is(Kind::Duration)) || a.is_number() && b.is_number();
            wrong(alike || a.is(Kind::Int) && b.is(Kind::Int) || a.is(Kind::Duration) && b.is(Kind::Duration))
                .and(Raises::when(!ordered, "ValueError"))
        }
        (Builtin::Sum, [of]) => {
            wrong(of.is(Kind::List) && (of.item().is_number() || of.item().is(Kind::Duration)))
                .and(Raises::one("Overflow"))
        }
        (Builtin::Min | Builtin::Max, [of]) => {
            wrong(of.is(Kind::List) && fits(BinaryOp::Lt, &of.item(), &of.item()))
                .and(Raises::one("ValueError"))
        }
        (Builtin::Min | Builtin::Max, several) => {
            let joined = several.iter().cloned().fold(Type::never(), Type::join);
            wrong(fits(BinaryOp::Lt, &joined, &joined))
        }
        _ => Raises::default(),
    }
}
