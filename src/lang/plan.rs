//! The inert program that a scenario is lowered to: every name resolved, every action one [`Step`].
//!
//! **Frames.** Each [`Block`] is one frame: whoever enters a block makes a frame of `block.slots.len()`
//! slots, all `none`, linked to the frame it is entered from, and puts the block's inputs into the first
//! `block.inputs` of them. A loop makes a new frame for each turn. Nothing else makes a frame. A variable is
//! a [`Place`]: `hops` frames outwards from the innermost, then `slot`. The frame of [`Plan::body`] is
//! outermost and has no parent; it is also the parent of every function body, every resource's `open` and
//! `close`, and every [`Stimulus`], whoever enters them. A task's body is entered by the task, from the frame
//! in which it was spawned, which both then share.
//!
//! **Values.** Every step has a value, which goes to `step.into` where there is one. The value of a block is
//! the value of its last step (`none` when it is empty); an [`Op`] that runs a block has the value of the
//! block that ran. So `task a { f(1) }` gives what `f` returned, and `return` ends the nearest function or
//! task early.
//!
//! **Waiting.** An [`Expr`] never waits: a call of a user's function inside an expression is lowered to an
//! [`Op::Call`] before it, its value kept in a slot without a name; operands left of it go to slots too where
//! the call could change them, and `a and f()` becomes a branch. Only an [`Op`] can wait.
//!
//! **Spans.** A step's span is its head, from its first word to what stands before its block; a block's span
//! has its braces; an expression's is exactly its text.

use std::rc::Rc;

use crate::span::Span;

mod declare;
mod expr;

pub use declare::{
    Barrier, BarrierIndex, Declarations, Event, EventIndex, Function, FunctionIndex, Limiter, LimiterIndex,
    Lock, LockIndex, Pool, PoolIndex, Queue, QueueIndex, Rate, Resource, ResourceIndex,
};
pub use expr::{BinaryOp, Builtin, Expr, ExprKind, Fact, Field, Literal, Part, UnaryOp};

/// A word or text of the scenario. Shared, because events carry it on.
pub type Name = Rc<str>;

/// A scenario, ready to run.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// `scenario "Order dashboard"`.
    pub scenario: Option<Name>,
    /// `seed 7`.
    pub seed: Option<u64>,
    /// `workers = 2`: constant. Four where it is not said.
    pub workers: Option<Expr>,
    /// What is shared. Made before the first step; its expressions are constant, so no frame is needed.
    pub declarations: Declarations,
    /// Every `fn`, in the order of the text.
    pub functions: Vec<Function>,
    /// The statements of the top level: the body of the root task `main`.
    pub body: Block,
    /// `at` and `shutdown`, in the order of the text; known before the first step.
    pub stimuli: Vec<Stimulus>,
    /// `expect` over the whole run, held against it when it has ended.
    pub expectations: Vec<Expectation>,
}

/// Something that happens at an instant of the run, from outside. The expressions are constant.
#[derive(Clone, Debug, PartialEq)]
pub enum Stimulus {
    /// `at 2s { }`: runs as a child `at` of the root scope.
    At {
        /// When.
        at: Expr,
        /// What is done.
        body: Block,
        /// The statement's head.
        span: Span,
    },
    /// `shutdown at 2s grace 500ms`.
    Shutdown {
        /// When.
        at: Expr,
        /// How long cleanup may take; None: as long as it takes.
        grace: Option<Expr>,
        /// The statement.
        span: Span,
    },
}

/// `expect elapsed == 1.2s`, at the top level: a condition with a [`Fact`] in it. It may read top-level
/// variables as they are at the end (`hops` is 0).
#[derive(Clone, Debug, PartialEq)]
pub struct Expectation {
    /// What must hold.
    pub condition: Expr,
    /// What to say if it does not.
    pub message: Option<Expr>,
    /// The condition as it was written.
    pub text: Name,
    /// The statement.
    pub span: Span,
}

/// Statements in braces: one frame.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Block {
    /// The variables by name; temporaries have an empty one. Two slots may have the same name.
    pub slots: Rc<[Name]>,
    /// How many of the first slots are filled by whoever enters.
    pub inputs: u32,
    /// What is done, in order. Shared, so that a task can own its body without copying it.
    pub steps: Rc<[Step]>,
    /// The braces and what is between.
    pub span: Span,
}

/// One action, and where its value goes.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// What is done.
    pub op: Op,
    /// `let x = …` · `x = …`.
    pub into: Option<Target>,
    /// The head of the statement.
    pub span: Span,
}

/// Where a value goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Target {
    /// The variable.
    pub place: Place,
    /// Whether this is its `let` (for exporters; running it makes no difference).
    pub declares: bool,
}

/// A variable: so many frames outwards, then this slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Place {
    /// Frames outwards; 0 is the innermost block.
    pub hops: u32,
    /// Slot in that frame.
    pub slot: u32,
}

/// Everything a step can do. Its value is `none` where nothing else is said.
#[derive(Clone, Debug, PartialEq)]
pub enum Op {
    /// `x + 1` · right of `let` and `=`: the value of the expression.
    Value(Expr),
    /// `fetch_part("user", 400ms)`: what the function returns. The checker has counted the arguments.
    Call {
        /// Which.
        function: FunctionIndex,
        /// In order.
        args: Vec<Expr>,
    },

    /// `if a { } else if b { } else { }`.
    If {
        /// The first whose condition holds runs.
        arms: Vec<Arm>,
        /// `else { }`.
        otherwise: Option<Block>,
    },
    /// `while cond { }`.
    While(Arm),
    /// `repeat 3 { }`.
    Repeat {
        /// How often.
        times: Expr,
        /// Each time in a new frame.
        body: Block,
    },
    /// `for x in list { }`. Input of the body: the item.
    ForList {
        /// Evaluated once.
        list: Expr,
        /// Each time in a new frame.
        body: Block,
    },
    /// `for i in 1 to 5 { }` · `for i in 1 to 5 every 100ms { }`. Input of the body: the number.
    ForRange {
        /// The first.
        from: Expr,
        /// The last, included.
        to: Expr,
        /// The pace; the first item comes at once.
        every: Option<Expr>,
        /// Each time in a new frame.
        body: Block,
    },
    /// `for job in jobs { }`: until the queue is closed and empty. Input of the body: the item.
    ForQueue {
        /// From where.
        queue: QueueIndex,
        /// Each time in a new frame.
        body: Block,
    },
    /// `break`. The checker has seen a loop around it in the same function or task.
    Break,
    /// `continue`.
    Continue,
    /// `return` · `return value`: ends the nearest function or task.
    Return(Option<Expr>),

    /// `sleep 200ms` · `sleep 100ms..300ms`.
    Sleep(Length),
    /// `work 50ms`: holds the loop.
    Work(Length),
    /// `offload 800ms` · `offload primes(200000) in 300ms`: what the function returns.
    Offload {
        /// What the worker does.
        job: Job,
        /// `in`: what virtual time simulates for a call.
        takes: Option<Length>,
    },
    /// `fetch "/api" in 300ms status 503 gives "text"`: a response.
    Fetch {
        /// From where.
        url: Expr,
        /// `in`.
        takes: Option<Length>,
        /// `status`.
        status: Option<Expr>,
        /// `gives`.
        gives: Option<Expr>,
    },
    /// `query db "select …" in 40ms gives [..]`: the rows, a list.
    Query {
        /// Of what.
        on: Database,
        /// What is asked.
        sql: Expr,
        /// `in`.
        takes: Option<Length>,
        /// `gives`.
        gives: Option<Expr>,
    },

    /// `log "text {x}"`: prints `str` of the value.
    Log(Expr),
    /// `mark "text"`.
    Mark(Expr),
    /// `expect cond "message"`.
    Expect {
        /// What must hold.
        condition: Expr,
        /// What to say if it does not.
        message: Option<Expr>,
        /// The condition as it was written.
        text: Name,
    },

    /// `fail Kind "message"`.
    Fail {
        /// The error's kind.
        kind: Name,
        /// Its message; empty where it is not said.
        message: Option<Expr>,
    },
    /// `raise e`; a bare `raise` reads the input of the handler it stands in.
    Raise(Expr),
    /// `try { } catch Kind as e { } finally { }`, and every other block with such a clause: then the body
    /// holds the one step that the clause follows. (In a function, task, `at`, `open` or `close` the clause
    /// guards the body from inside.)
    Try(Box<Try>),

    /// `task name { }`: a child of the nearest scope. Value: its handle.
    Task(Task),
    /// `detach name { }`: outlives its scope. Value: its handle.
    Detach(Task),
    /// `await h`: what the task gave.
    Await(Expr),
    /// `cancel h`.
    Cancel(Expr),
    /// `scope name { }` · `scope name collect { }`.
    Scope {
        /// In paths: text; `scope` where it is not said.
        name: Expr,
        /// Failures do not cancel siblings.
        collect: bool,
        /// What is done inside.
        body: Block,
    },
    /// `race { task a { } task b { } }` · `race ok { }`: the winner's value.
    Race {
        /// In paths: text; `race` where it is not said.
        name: Expr,
        /// The first to succeed wins, not the first to end.
        ok: bool,
        /// Spawned in order, from the frame that the race stands in.
        tasks: Vec<Task>,
    },
    /// `gather { task a { } task b { } }` · `gather keep { }`: a list in task order.
    Gather {
        /// In paths: text; `gather` where it is not said.
        name: Expr,
        /// Errors stand in the list.
        keep: bool,
        /// Spawned in order, from the frame that the gather stands in.
        tasks: Vec<Task>,
    },
    /// `timeout 2s { }` · `timeout 2s as t { } else { }`.
    Timeout {
        /// From entry to deadline.
        length: Expr,
        /// Input, where it has one: the deadline, for [`Op::Extend`].
        body: Block,
        /// Runs instead of raising `Timeout`.
        otherwise: Option<Block>,
    },
    /// `extend t 1s`.
    Extend {
        /// A deadline.
        deadline: Expr,
        /// By how much.
        by: Expr,
    },
    /// `shield { }` · `shield 1s { }`.
    Shield {
        /// How long it holds after a cancellation; None: without bound.
        budget: Option<Expr>,
        /// What is protected.
        body: Block,
    },
    /// `retry 3 backoff 100ms..2s jitter { }`.
    Retry {
        /// How often it is tried in all.
        attempts: Expr,
        /// The first pause, and the cap where there is one. No pauses where it is not said.
        backoff: Option<Length>,
        /// Pauses are drawn from the seed.
        jitter: bool,
        /// Each time in a new frame.
        body: Block,
    },
    /// `with api { }` · `with db as conn { }`.
    With {
        /// What is held.
        held: Held,
        /// Input, where it has one: the connection.
        body: Block,
    },

    /// `put jobs x`.
    Put {
        /// Where.
        queue: QueueIndex,
        /// What.
        item: Expr,
    },
    /// `take jobs`: the item.
    Take(QueueIndex),
    /// `done jobs`.
    Done(QueueIndex),
    /// `join jobs`.
    Join(QueueIndex),
    /// `close jobs`.
    Close(QueueIndex),
    /// `set ready`.
    Set(EventIndex),
    /// `clear ready`.
    Clear(EventIndex),
    /// `wait ready`.
    WaitEvent(EventIndex),
    /// `wait line`: the index that the barrier gave.
    WaitBarrier(BarrierIndex),
}

/// A condition and what it guards.
#[derive(Clone, Debug, PartialEq)]
pub struct Arm {
    /// Calls in the condition. Run before each look at it, in the frame that the statement stands in.
    pub before: Vec<Step>,
    /// `true` or `false`; anything else is a `TypeError`.
    pub condition: Expr,
    /// What it guards.
    pub body: Block,
}

/// `task name { }`.
#[derive(Clone, Debug, PartialEq)]
pub struct Task {
    /// In paths: text; `task` where it is not said.
    pub name: Expr,
    /// What it does.
    pub body: Block,
    /// The head.
    pub span: Span,
}

/// A body, what takes its errors, and what runs on every way out.
#[derive(Clone, Debug, PartialEq)]
pub struct Try {
    /// What is guarded.
    pub body: Block,
    /// Asked in order: each takes its leaves out of what is left.
    pub handlers: Rc<[Handler]>,
    /// Runs on every way out, after the handlers. Its value is dropped.
    pub finally: Option<Block>,
}

/// `catch Kind as e { }` · `catch * { }`.
#[derive(Clone, Debug, PartialEq)]
pub struct Handler {
    /// Which leaves it takes; None: all that are left.
    pub kind: Option<Name>,
    /// Input, always: what it took. Slot 0 has an empty name where the text gives none.
    pub body: Block,
    /// The head.
    pub span: Span,
}

/// A length of time, or two that the seed chooses between: `200ms` · `100ms..300ms`, both ends included.
#[derive(Clone, Debug, PartialEq)]
pub struct Length {
    /// The length, or the shortest.
    pub from: Expr,
    /// The longest.
    pub to: Option<Expr>,
}

/// What a worker is asked to do.
#[derive(Clone, Debug, PartialEq)]
pub enum Job {
    /// `800ms`: nothing, for so long.
    Block(Length),
    /// `primes(200000)`: one of [`BLOCKING`]; the arguments are counted.
    Call {
        /// Which.
        function: Name,
        /// In order.
        args: Vec<Expr>,
    },
}

/// The functions that a worker knows, and how many arguments each takes.
pub const BLOCKING: [(&str, usize); 3] = [("primes", 1), ("fib", 1), ("collatz", 1)];

/// What `with` holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Held {
    /// A limiter's permit.
    Limiter(LimiterIndex),
    /// A lock.
    Lock(LockIndex),
    /// A resource, opened for this block and closed after it.
    Resource(ResourceIndex),
    /// A pool's connection.
    Pool(PoolIndex),
}

/// What a query asks.
#[derive(Clone, Debug, PartialEq)]
pub enum Database {
    /// A declared resource.
    Resource(ResourceIndex),
    /// A declared pool.
    Pool(PoolIndex),
    /// A connection that `with … as` named.
    Connection(Expr),
}
