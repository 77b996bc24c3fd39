//! Which limiters are no more than `asyncio.Semaphore`.
//!
//! That one makes a newcomer wait as long as a permit is on its way to somebody who waited, even if another is free;
//! Taskscope lets the newcomer in at once (decision 19). It cannot be seen where there is one permit, nor where nobody
//! comes late: every task that takes a permit does so in its first turn, and the tasks of a scope are spawned in one go.

use std::collections::BTreeMap;

use crate::export::tree::{Block, Expr, ExprKind, Finds, Op, Task, Tree, Visit, walk_op};
use crate::lang::plan::{self, FunctionIndex, Held, LimiterIndex, Literal};

use super::waits::Waits;

/// Whether asyncio's semaphore does the same as this limiter, in a program on asyncio's own.
pub fn suffices(tree: &Tree<'_>, waits: &Waits, limiter: LimiterIndex) -> bool {
    let permits = tree.plan.declarations.limiters.get(limiter.index()).and_then(|it| it.permits.as_ref());
    let one = permits.is_some_and(|it| matches!(it.kind, plan::ExprKind::Literal(Literal::Int(1))));
    one || nobody_comes_late(tree, waits, Held::Limiter(limiter))
}

fn nobody_comes_late(tree: &Tree<'_>, waits: &Waits, held: Held) -> bool {
    let mut look =
        Look { tree, waits, held, alone: 0, calls: BTreeMap::new(), spawns: false, in_one_go: true };
    look.spawner(&tree.body);
    let mut all = Count { held, withs: 0, calls: BTreeMap::new() };
    tree.every_block().for_each(|block| all.block(block));
    let called_first = look.calls.iter().all(|(function, calls)| all.calls.get(function) == Some(calls));
    look.in_one_go && called_first && all.withs == look.alone + look.calls.len()
}

/// Where a task takes its permit, in its first turn.
enum Entry {
    Itself,
    In(FunctionIndex),
}

struct Look<'a, 't> {
    tree: &'t Tree<'t>,
    waits: &'a Waits,
    held: Held,
    /// Places in tasks themselves where a permit is taken in the first turn.
    alone: usize,
    /// Functions that take one first, with the tasks that begin with a call of them.
    calls: BTreeMap<FunctionIndex, usize>,
    /// Whether the block that is looked at spawns such a task.
    spawns: bool,
    /// Whether every block that does spawns all its tasks without a wait between them.
    in_one_go: bool,
}

impl Look<'_, '_> {
    /// The top level, or the body of a scope.
    fn spawner(&mut self, block: &Block) {
        let outer = std::mem::take(&mut self.spawns);
        self.block(block);
        self.in_one_go &= !(self.spawns && self.waits.block(block));
        self.spawns = outer;
    }

    fn entry(&self, block: &Block, in_function: bool) -> Option<Entry> {
        for stmt in &block.stmts {
            match &stmt.op {
                Op::With { held, .. } if *held == self.held => return Some(Entry::Itself),
                Op::Try { body, .. } | Op::Timeout { body, .. } => return self.entry(body, in_function),
                Op::Log(it) | Op::Mark(it) | Op::Value(it) if is_instant(it) => {}
                op => {
                    let function = called(op).filter(|_| !in_function)?;
                    let body = &self.tree.functions[function.index()];
                    return self.entry(body, true).map(|_| Entry::In(function));
                }
            }
        }
        None
    }
}

impl Visit for Look<'_, '_> {
    fn op(&mut self, op: &Op) {
        match op {
            Op::Scope { body, .. } => self.spawner(body),
            _ => walk_op(self, op),
        }
    }

    fn task(&mut self, task: &Task) {
        match self.entry(&task.body, false) {
            Some(Entry::Itself) => self.alone += 1,
            Some(Entry::In(function)) => *self.calls.entry(function).or_default() += 1,
            None => return,
        }
        self.spawns = true;
    }
}

/// The function that an action calls, if it does nothing before that could wait.
fn called(op: &Op) -> Option<FunctionIndex> {
    match op {
        Op::Call(function, args) => args.iter().all(is_instant).then_some(*function),
        Op::Value(Expr { kind: ExprKind::Do(inner) })
        | Op::Return(Some(Expr { kind: ExprKind::Do(inner) })) => called(inner),
        _ => None,
    }
}

/// Whether an expression holds no action.
fn is_instant(expr: &Expr) -> bool {
    let mut found = Finds(false, |_: &Op| true);
    found.expr(expr);
    !found.0
}

/// How often a thing is held in a program, and each function called.
struct Count {
    held: Held,
    withs: usize,
    calls: BTreeMap<FunctionIndex, usize>,
}

impl Visit for Count {
    fn op(&mut self, op: &Op) {
        match op {
            Op::With { held, .. } if *held == self.held => self.withs += 1,
            Op::Call(function, _) => *self.calls.entry(*function).or_default() += 1,
            _ => {}
        }
        walk_op(self, op);
    }
}
