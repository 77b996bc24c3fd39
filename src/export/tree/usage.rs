//! Who declares, reads and assigns each variable, and which functions and tasks spawn into a scope around them.

use std::collections::{BTreeMap, BTreeSet};

use super::walk::{Visit, walk_block, walk_expr, walk_op};
use super::{Block, BlockId, Expr, ExprKind, Fact, Op, Stmt, Task, Tree, VarId};
use crate::lang::plan::Held;

/// What runs as a whole: the top level, a function, a task, a block of a resource. Named by its body.
pub type Unit = BlockId;

/// What is known of one variable.
#[derive(Clone, Debug, Default)]
pub struct Use {
    /// Where it is declared.
    pub unit: Unit,
    /// Whether it is declared in a loop of its unit, so that there is one for each turn.
    pub in_loop: bool,
    /// Whether it is assigned after its declaration.
    pub assigned: bool,
    /// Whether it is a variable of the top level that others than the top level use.
    pub shared: bool,
    /// Whether tasks use it that are inside of its unit, and it is not shared.
    pub captured: bool,
}

/// Who uses what.
pub struct Usage {
    vars: Vec<Use>,
    /// The variables that each unit uses but does not declare.
    free: BTreeMap<Unit, BTreeSet<VarId>>,
    /// The units that spawn into a scope that is not their own.
    spawns: BTreeSet<Unit>,
}

impl Usage {
    /// Looks through `tree`.
    pub fn of(tree: &Tree<'_>) -> Usage {
        let usage = Usage {
            vars: vec![Use::default(); tree.vars.len()],
            free: BTreeMap::new(),
            spawns: BTreeSet::new(),
        };
        let functions = tree.functions.iter().map(|function| function.id).collect();
        let mut finder = Finder { usage, functions, units: Vec::new(), loops: 0, scopes: 0 };
        finder.unit(&tree.body);
        // Once more for the calls of functions whose turn came later.
        let mut before = usize::MAX;
        while finder.usage.spawns.len() != before {
            before = finder.usage.spawns.len();
            tree.functions.iter().for_each(|function| finder.unit(function));
        }
        for (open, close) in &tree.resources {
            finder.unit(open);
            finder.unit(close);
        }
        tree.stimuli.iter().flatten().for_each(|body| finder.unit(body));
        finder.unit(&tree.body);
        let mut usage = finder.usage;
        let elsewhere: BTreeSet<VarId> = usage.free.values().flatten().copied().collect();
        let mut read_at_end = Reads(BTreeSet::new());
        for (condition, message) in &tree.expectations {
            read_at_end.expr(condition);
            message.iter().for_each(|message| read_at_end.expr(message));
        }
        for var in &tree.body.vars {
            usage.vars[var.index()].shared = elsewhere.contains(var) || read_at_end.0.contains(var);
        }
        for var in elsewhere {
            let known = &mut usage.vars[var.index()];
            known.captured = !known.shared;
        }
        usage
    }

    /// What is known of a variable.
    pub fn var(&self, var: VarId) -> &Use {
        &self.vars[var.index()]
    }

    /// The variables that a unit uses but does not declare, without those of the top level that all can see.
    pub fn free(&self, unit: Unit) -> Vec<VarId> {
        let free = self.free.get(&unit).into_iter().flatten();
        free.copied().filter(|var| !self.var(*var).shared).collect()
    }

    /// Whether there is one of this variable for each turn of a loop, which tasks share and change.
    pub fn is_cell(&self, var: VarId) -> bool {
        let known = self.var(var);
        known.captured && known.assigned && known.in_loop
    }

    /// Whether a unit spawns into the scope that it runs in.
    pub fn spawns(&self, unit: Unit) -> bool {
        self.spawns.contains(&unit)
    }
}

struct Finder {
    usage: Usage,
    functions: Vec<Unit>,
    /// The units around, outermost first.
    units: Vec<Unit>,
    /// Loops around, in the same unit.
    loops: u32,
    /// Scopes around, in the same unit.
    scopes: u32,
}

impl Finder {
    fn unit(&mut self, body: &Block) {
        let (loops, scopes) = (std::mem::take(&mut self.loops), std::mem::take(&mut self.scopes));
        self.units.push(body.id);
        self.block(body);
        self.units.pop();
        (self.loops, self.scopes) = (loops, scopes);
    }

    fn touch(&mut self, var: VarId) {
        let home = self.usage.vars[var.index()].unit;
        // In every unit between here and where it is declared it comes from outside.
        for unit in self.units.iter().rev().take_while(|unit| **unit != home) {
            self.usage.free.entry(*unit).or_default().insert(var);
        }
    }

    fn spawn(&mut self) {
        if let (0, Some(unit)) = (self.scopes, self.units.last()) {
            self.usage.spawns.insert(*unit);
        }
    }
}

impl Visit for Finder {
    fn block(&mut self, block: &Block) {
        let (unit, in_loop) = (self.units.last().copied().unwrap_or_default(), self.loops > 0);
        for var in &block.vars {
            let known = &mut self.usage.vars[var.index()];
            (known.unit, known.in_loop) = (unit, in_loop);
        }
        walk_block(self, block);
    }

    fn stmt(&mut self, stmt: &Stmt) {
        self.op(&stmt.op);
        if let Some((var, declares)) = stmt.into {
            self.usage.vars[var.index()].assigned |= !declares;
            self.touch(var);
        }
    }

    fn task(&mut self, task: &Task) {
        self.expr(&task.name);
        self.unit(&task.body);
        // What it spawns goes into the scope that it was spawned into.
        if self.usage.spawns.contains(&task.body.id) {
            self.spawn();
        }
    }

    fn op(&mut self, op: &Op) {
        let is_loop = matches!(
            op,
            Op::While(_)
                | Op::Repeat { .. }
                | Op::ForList { .. }
                | Op::ForRange { .. }
                | Op::ForQueue { .. }
                | Op::Retry { .. }
        );
        let is_scope = matches!(op, Op::Scope { .. } | Op::Race { .. } | Op::Detach(_));
        let spawns = match op {
            Op::Task(_) | Op::Gather { .. } => true,
            Op::Call(function, _) => self.usage.spawns.contains(&self.functions[function.index()]),
            _ => false,
        };
        if spawns {
            self.spawn();
        }
        self.loops += u32::from(is_loop);
        self.scopes += u32::from(is_scope);
        walk_op(self, op);
        self.loops -= u32::from(is_loop);
        self.scopes -= u32::from(is_scope);
    }

    fn expr(&mut self, expr: &Expr) {
        if let ExprKind::Var(var) = expr.kind {
            self.touch(var);
        }
        walk_expr(self, expr);
    }
}

/// Every variable that is read.
struct Reads(BTreeSet<VarId>);

impl Visit for Reads {
    fn expr(&mut self, expr: &Expr) {
        if let ExprKind::Var(var) = expr.kind {
            self.0.insert(var);
        }
        walk_expr(self, expr);
    }
}

/// Whether an expectation asks how many had a thing at one time.
pub fn asks_peak(tree: &Tree<'_>, held: Held) -> bool {
    let mut peaks = Peaks(held, false);
    tree.expectations.iter().for_each(|(condition, _)| peaks.expr(condition));
    peaks.1
}

struct Peaks(Held, bool);

impl Visit for Peaks {
    fn expr(&mut self, expr: &Expr) {
        self.1 |= matches!(expr.kind, ExprKind::Fact(Fact::Peak(held)) if held == self.0);
        walk_expr(self, expr);
    }
}
