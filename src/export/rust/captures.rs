//! Which variables and declared things the pieces of a program use that run on their own: tasks, functions, cleanups,
//! shields. Those own what they use, so a variable that several of them share and change is kept in a cell.

use std::collections::{BTreeMap, BTreeSet};

use crate::export::tree::{
    Block, BlockId, Expr, ExprKind, Fact, Op, Stmt, Task, Tree, VarId, Visit, walk_block, walk_expr, walk_op,
};
use crate::lang::plan::{Held, Literal};

/// Something that is declared for the whole program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Global {
    Limiter(u32),
    Lock(u32),
    Event(u32),
    Barrier(u32),
    Queue(u32),
    Pool(u32),
    /// The limiter of the blocking pool.
    Workers,
    /// A variable of the top level that functions see.
    Var(VarId),
}

/// What is known of one variable.
#[derive(Clone, Copy, Debug, Default)]
pub struct Use {
    /// The piece that declares it.
    home: BlockId,
    /// Other pieces than that use it.
    pub captured: bool,
    /// It is assigned after its declaration.
    pub assigned: bool,
    /// It is read somewhere.
    pub read: bool,
    /// It is a variable of the top level that functions, resources or stimuli use, or the expectations.
    pub shared: bool,
}

/// Who uses what.
pub struct Captures {
    vars: Vec<Use>,
    /// The variables that each piece uses but does not declare.
    free: BTreeMap<BlockId, BTreeSet<VarId>>,
    /// The declared things that each piece uses, calls included.
    globals: BTreeMap<BlockId, BTreeSet<Global>>,
    /// The pieces that spawn into a scope that is not their own.
    spawns: BTreeSet<BlockId>,
    /// The functions that call themselves, if in a roundabout way.
    recursive: BTreeSet<u32>,
    /// Variables of the top level that are plain constants.
    pub constants: BTreeSet<VarId>,
    /// Something must own all it uses for as long as the program lasts: a cleanup, a shield, a resource.
    pub lasts: bool,
}

impl Captures {
    /// Looks through `tree`.
    pub fn of(tree: &Tree<'_>) -> Captures {
        let captures = Captures {
            vars: vec![Use::default(); tree.vars.len()],
            free: BTreeMap::new(),
            globals: BTreeMap::new(),
            spawns: BTreeSet::new(),
            recursive: BTreeSet::new(),
            constants: BTreeSet::new(),
            lasts: !tree.resources.is_empty() || tree.stimuli.iter().any(Option::is_some),
        };
        let mut finder =
            Finder { tree, found: captures, pieces: Vec::new(), scopes: 0, calls: BTreeSet::new() };
        let mut before = (usize::MAX, usize::MAX);
        // Once more for what is only known of functions whose turn comes later.
        loop {
            finder.everything();
            let found = &finder.found;
            let now = (found.spawns.len(), found.globals.values().map(BTreeSet::len).sum());
            if now == before {
                break;
            }
            before = now;
        }
        finder.roots();
        finder.constants();
        finder.recursion();
        finder.found
    }

    /// What is known of a variable.
    pub fn var(&self, var: VarId) -> Use {
        self.vars.get(var.index()).copied().unwrap_or_default()
    }

    /// Whether a variable is a cell that tasks share.
    pub fn is_cell(&self, var: VarId) -> bool {
        let known = self.var(var);
        known.captured && known.assigned
    }

    /// The variables that a piece uses but does not declare, without those that all can see.
    pub fn free(&self, piece: BlockId) -> Vec<VarId> {
        let free = self.free.get(&piece).into_iter().flatten();
        free.copied().filter(|var| !self.var(*var).shared).collect()
    }

    /// The declared things that a piece uses.
    pub fn globals(&self, piece: BlockId) -> BTreeSet<Global> {
        let known = self.globals.get(&piece).cloned().unwrap_or_default();
        let is_shared = |var: VarId| self.var(var).shared && !self.constants.contains(&var);
        known.into_iter().filter(|global| !matches!(global, Global::Var(var) if !is_shared(*var))).collect()
    }

    /// Whether a piece spawns into the scope that it runs in.
    pub fn spawns(&self, piece: BlockId) -> bool {
        self.spawns.contains(&piece)
    }

    /// Whether a function calls itself.
    pub fn is_recursive(&self, function: u32) -> bool {
        self.recursive.contains(&function)
    }
}

struct Finder<'t> {
    tree: &'t Tree<'t>,
    found: Captures,
    /// The pieces around, outermost first.
    pieces: Vec<BlockId>,
    /// Scopes around, in the same piece.
    scopes: u32,
    /// Who calls whom.
    calls: BTreeSet<(BlockId, u32)>,
}

impl Finder<'_> {
    fn everything(&mut self) {
        let tree = self.tree;
        for block in tree.every_block() {
            self.piece(block);
        }
        for (condition, message) in &tree.expectations {
            self.expr(condition);
            message.iter().for_each(|message| self.expr(message));
        }
    }

    /// What others than the top level itself use of its variables.
    fn roots(&mut self) {
        let tree = self.tree;
        let others = tree.every_block().skip(1).map(|block| block.id);
        let mut elsewhere: BTreeSet<VarId> =
            others.filter_map(|id| self.found.free.get(&id)).flatten().copied().collect();
        let mut at_end = Reads(BTreeSet::new());
        for (condition, message) in &tree.expectations {
            at_end.expr(condition);
            message.iter().for_each(|message| at_end.expr(message));
        }
        elsewhere.extend(at_end.0);
        for var in &tree.body.vars {
            self.found.vars[var.index()].shared = elsewhere.contains(var);
        }
    }

    /// What has one value from its declaration on, and can be seen by all.
    fn constants(&mut self) {
        for Stmt { op, into } in &self.tree.body.stmts {
            let Op::Value(Expr { kind: ExprKind::Literal(literal) }) = op else { continue };
            let plain = match literal {
                Literal::None => false,
                Literal::Duration(us) => *us >= 0,
                _ => true,
            };
            if let Some((var, true)) = into
                && plain
            {
                let known = self.found.var(*var);
                if known.shared && !known.assigned {
                    self.found.constants.insert(*var);
                }
            }
        }
    }

    fn recursion(&mut self) {
        let functions: Vec<BlockId> = self.tree.functions.iter().map(|function| function.id).collect();
        for (at, _) in functions.iter().enumerate() {
            let (mut reached, mut rest) = (BTreeSet::new(), vec![at as u32]);
            while let Some(function) = rest.pop() {
                let Some(id) = functions.get(function as usize) else { continue };
                for (_, callee) in self.calls.iter().filter(|(caller, _)| caller == id) {
                    if reached.insert(*callee) {
                        rest.push(*callee);
                    }
                }
            }
            if reached.contains(&(at as u32)) {
                self.found.recursive.insert(at as u32);
            }
        }
    }

    fn piece(&mut self, body: &Block) {
        let scopes = std::mem::take(&mut self.scopes);
        self.pieces.push(body.id);
        self.block(body);
        self.pieces.pop();
        self.scopes = scopes;
        // What it spawns goes into the scope that it runs in.
        if self.found.spawns.contains(&body.id) {
            self.spawn();
        }
    }

    fn touch(&mut self, var: VarId) {
        let home = self.found.vars[var.index()].home;
        // In every piece between here and where it is declared it comes from outside.
        for piece in self.pieces.iter().rev().take_while(|piece| **piece != home) {
            self.found.free.entry(*piece).or_default().insert(var);
            self.found.vars[var.index()].captured = true;
        }
        if self.tree.body.vars.contains(&var) {
            self.global(Global::Var(var));
        }
    }

    fn global(&mut self, global: Global) {
        for piece in &self.pieces {
            self.found.globals.entry(*piece).or_default().insert(global);
        }
    }

    fn spawn(&mut self) {
        if let (0, Some(piece)) = (self.scopes, self.pieces.last()) {
            self.found.spawns.insert(*piece);
        }
    }

    /// What a call uses, its piece included.
    fn calls(&mut self, function: u32) {
        self.calls.extend(self.pieces.iter().map(|piece| (*piece, function)));
        let Some(body) = self.tree.functions.get(function as usize) else { return };
        self.found
            .globals
            .get(&body.id)
            .cloned()
            .unwrap_or_default()
            .into_iter()
            .for_each(|it| self.global(it));
        if self.found.spawns.contains(&body.id) {
            self.spawn();
        }
    }

    /// Opening and closing happen in the holder.
    fn holds(&mut self, resource: usize) {
        let Some((open, close)) = self.tree.resources.get(resource) else { return };
        for id in [open.id, close.id] {
            self.found
                .globals
                .get(&id)
                .cloned()
                .unwrap_or_default()
                .into_iter()
                .for_each(|it| self.global(it));
            if self.found.spawns.contains(&id) {
                self.spawn();
            }
        }
    }

    fn held(&mut self, held: Held) {
        match held {
            Held::Limiter(limiter) => self.global(Global::Limiter(limiter.0)),
            Held::Lock(lock) => self.global(Global::Lock(lock.0)),
            Held::Resource(resource) => self.holds(resource.index()),
            Held::Pool(pool) => self.global(Global::Pool(pool.0)),
        }
    }

    fn uses(&mut self, op: &Op) {
        match op {
            Op::With { held, .. } => self.held(*held),
            Op::ForQueue { queue, .. }
            | Op::Put { queue, .. }
            | Op::Take(queue)
            | Op::Done(queue)
            | Op::Join(queue)
            | Op::Close(queue) => self.global(Global::Queue(queue.0)),
            Op::Set(event) | Op::Clear(event) | Op::WaitEvent(event) => self.global(Global::Event(event.0)),
            Op::WaitBarrier(barrier) => self.global(Global::Barrier(barrier.0)),
            Op::Offload { .. } => self.global(Global::Workers),
            Op::Call(function, _) => self.calls(function.0),
            _ => {}
        }
    }
}

impl Visit for Finder<'_> {
    fn block(&mut self, block: &Block) {
        let home = self.pieces.last().copied().unwrap_or_default();
        for var in &block.vars {
            self.found.vars[var.index()].home = home;
        }
        walk_block(self, block);
    }

    fn stmt(&mut self, stmt: &Stmt) {
        self.op(&stmt.op);
        if let Some((var, declares)) = stmt.into {
            self.found.vars[var.index()].assigned |= !declares;
            self.touch(var);
        }
    }

    fn task(&mut self, task: &Task) {
        self.expr(&task.name);
        self.piece(&task.body);
    }

    fn op(&mut self, op: &Op) {
        self.uses(op);
        match op {
            Op::Task(_) | Op::Gather { .. } => self.spawn(),
            _ => {}
        }
        let is_scope = matches!(op, Op::Scope { .. } | Op::Race { .. } | Op::Detach(_));
        self.scopes += u32::from(is_scope);
        match op {
            Op::Shield { budget, body } => {
                self.found.lasts = true;
                budget.iter().for_each(|budget| self.expr(budget));
                self.piece(body);
            }
            Op::Try { body, handlers, finally } => {
                self.block(body);
                handlers.iter().for_each(|handler| self.block(&handler.body));
                if let Some(finally) = finally {
                    self.found.lasts = true;
                    self.piece(finally);
                }
            }
            op => walk_op(self, op),
        }
        self.found.lasts |= matches!(op, Op::Detach(_));
        self.scopes -= u32::from(is_scope);
    }

    fn expr(&mut self, expr: &Expr) {
        match &expr.kind {
            ExprKind::Var(var) => {
                self.found.vars[var.index()].read = true;
                self.touch(*var);
            }
            ExprKind::Fact(Fact::Peak(held)) => self.held(*held),
            _ => {}
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
