//! A plan as a tree to be written out in another language: its variables have numbers of their own, and calls stand
//! in the expressions again that they were taken from.
//!
//! **Invariant:** evaluating the tree from left to right does what the plan does, in the same order.

use crate::lang::plan::{
    self, BarrierIndex, BinaryOp, Builtin, EventIndex, Field, FunctionIndex, Held, Literal, Name, Plan,
    QueueIndex, UnaryOp,
};

pub mod infer;
mod lift;
pub mod raises;
pub mod types;
pub mod usage;
mod walk;

pub use walk::{Visit, walk_block, walk_expr, walk_op};

/// A variable of the whole program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct VarId(pub u32);

impl VarId {
    /// As an index into [`Tree::vars`].
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// What is known of a variable.
#[derive(Clone, Debug)]
pub struct Var {
    /// Empty where the text gives none.
    pub name: Name,
}

/// A whole scenario.
pub struct Tree<'p> {
    /// What it was made from.
    pub plan: &'p Plan,
    /// Every variable.
    pub vars: Vec<Var>,
    /// Every function, as in the plan.
    pub functions: Vec<Block>,
    /// `open` and `close` of every resource, as in the plan.
    pub resources: Vec<(Block, Block)>,
    /// The body of each `at`; none for a `shutdown`.
    pub stimuli: Vec<Option<Block>>,
    /// The top level.
    pub body: Block,
    /// Conditions over the whole run, with what to say.
    pub expectations: Vec<(Expr, Option<Expr>)>,
}

/// Which block of a tree.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BlockId(pub u32);

/// Statements with variables of their own.
#[derive(Clone, Debug, Default)]
pub struct Block {
    /// Its number.
    pub id: BlockId,
    /// The variables that whoever enters it fills.
    pub inputs: Vec<VarId>,
    /// Every variable that is declared in it, inputs first.
    pub vars: Vec<VarId>,
    /// In order.
    pub stmts: Vec<Stmt>,
}

/// One action, and where its value goes.
#[derive(Clone, Debug)]
pub struct Stmt {
    /// What is done.
    pub op: Op,
    /// The variable, and whether this is its `let`.
    pub into: Option<(VarId, bool)>,
}

/// An expression; unlike a plan's it may wait.
#[derive(Clone, Debug)]
pub struct Expr {
    /// What it is.
    pub kind: ExprKind,
}

/// See [`crate::lang::plan::ExprKind`].
#[derive(Clone, Debug)]
pub enum ExprKind {
    Literal(Literal),
    Text(Vec<Part>),
    List(Vec<Expr>),
    Var(VarId),
    Unary(UnaryOp, Box<Expr>),
    Binary(BinaryOp, Box<Expr>, Box<Expr>),
    Index(Box<Expr>, Box<Expr>),
    Field(Box<Expr>, Field),
    Builtin(Builtin, Vec<Expr>),
    Fact(Fact),
    /// An action whose value is used: a call, `await h`, `take jobs`.
    Do(Box<Op>),
}

/// See [`crate::lang::plan::Fact`].
#[derive(Clone, Debug)]
pub enum Fact {
    Elapsed,
    Outcome,
    Peak(Held),
    Logged(Box<Expr>),
    Cancelled(Box<Expr>),
}

/// A piece of a text.
#[derive(Clone, Debug)]
pub enum Part {
    Text(Name),
    Hole(Expr),
}

/// `200ms` · `100ms..300ms`.
#[derive(Clone, Debug)]
pub struct Length {
    pub from: Expr,
    pub to: Option<Expr>,
}

/// A condition and what it guards.
#[derive(Clone, Debug)]
pub struct Arm {
    /// What has to be done before each look at the condition; empty unless it could not stand in it.
    pub before: Vec<Stmt>,
    pub condition: Expr,
    pub body: Block,
}

/// `task name { }`.
#[derive(Clone, Debug)]
pub struct Task {
    pub name: Expr,
    pub body: Block,
}

/// `catch Kind as e { }`.
#[derive(Clone, Debug)]
pub struct Handler {
    pub kind: Option<Name>,
    pub body: Block,
}

/// What a worker is asked to do.
#[derive(Clone, Debug)]
pub enum Job {
    Block(Length),
    Call(Name, Vec<Expr>),
}

/// See [`crate::lang::plan::Op`].
#[derive(Clone, Debug)]
pub enum Op {
    Value(Expr),
    Call(FunctionIndex, Vec<Expr>),
    If { arms: Vec<Arm>, otherwise: Option<Block> },
    While(Arm),
    Repeat { times: Expr, body: Block },
    ForList { list: Expr, body: Block },
    ForRange { from: Expr, to: Expr, every: Option<Expr>, body: Block },
    ForQueue { queue: QueueIndex, body: Block },
    Break,
    Continue,
    Return(Option<Expr>),
    Sleep(Length),
    Work(Length),
    Offload { job: Job, takes: Option<Length> },
    Fetch { url: Expr, takes: Option<Length>, status: Option<Expr>, gives: Option<Expr> },
    Query { sql: Expr, takes: Option<Length>, gives: Option<Expr> },
    Log(Expr),
    Mark(Expr),
    Expect { condition: Expr, message: Option<Expr>, text: Name },
    Fail { kind: Name, message: Option<Expr> },
    Raise(Expr),
    Try { body: Block, handlers: Vec<Handler>, finally: Option<Block> },
    Task(Task),
    Detach(Task),
    Await(Expr),
    Cancel(Expr),
    Scope { name: Expr, collect: bool, body: Block },
    Race { name: Expr, ok: bool, tasks: Vec<Task> },
    Gather { name: Expr, keep: bool, tasks: Vec<Task> },
    Timeout { length: Expr, body: Block, otherwise: Option<Block> },
    Extend { deadline: Expr, by: Expr },
    Shield { budget: Option<Expr>, body: Block },
    Retry { attempts: Expr, backoff: Option<Length>, jitter: bool, body: Block },
    With { held: Held, body: Block },
    Put { queue: QueueIndex, item: Expr },
    Take(QueueIndex),
    Done(QueueIndex),
    Join(QueueIndex),
    Close(QueueIndex),
    Set(EventIndex),
    Clear(EventIndex),
    WaitEvent(EventIndex),
    WaitBarrier(BarrierIndex),
}

impl Op {
    /// Whether it can stand in an expression, for its value.
    pub fn is_expression(&self) -> bool {
        matches!(
            self,
            Op::Call(..)
                | Op::Await(_)
                | Op::Take(_)
                | Op::WaitBarrier(_)
                | Op::Fetch { .. }
                | Op::Offload { .. }
                | Op::Query { .. }
                | Op::Task(_)
                | Op::Detach(_)
                | Op::Race { .. }
                | Op::Gather { .. }
        )
    }
}

impl<'p> Tree<'p> {
    /// The tree of `plan`.
    pub fn of(plan: &'p Plan) -> Tree<'p> {
        lift::lift(plan)
    }

    /// A constant of a declaration.
    pub fn constant(expr: &plan::Expr) -> Expr {
        lift::constant(expr)
    }

    /// What is known of a variable.
    pub fn var(&self, var: VarId) -> &Var {
        &self.vars[var.index()]
    }

    /// Whether anything closes a queue.
    pub fn closes(&self, queue: QueueIndex) -> bool {
        self.any(|op| matches!(op, Op::Close(closed) if *closed == queue))
    }

    /// Whether some action of the program is like this.
    pub fn any(&self, wanted: impl Fn(&Op) -> bool) -> bool {
        let mut found = Finds(false, wanted);
        self.every_block().for_each(|block| found.block(block));
        found.0
    }

    /// The bodies of everything: the top level, functions, resources, stimuli.
    pub fn every_block(&self) -> impl Iterator<Item = &Block> {
        let resources = self.resources.iter().flat_map(|(open, close)| [open, close]);
        let others = self.functions.iter().chain(resources).chain(self.stimuli.iter().flatten());
        std::iter::once(&self.body).chain(others)
    }
}

/// Whether some action is as wanted.
pub struct Finds<F>(pub bool, pub F);

impl<F: Fn(&Op) -> bool> Visit for Finds<F> {
    fn op(&mut self, op: &Op) {
        self.0 |= (self.1)(op);
        walk_op(self, op);
    }
}
