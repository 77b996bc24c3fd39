//! The tree that a text is parsed to: what was written, nothing resolved.
//!
//! A tree of a broken text has [`ExprKind::Broken`] and [`StmtKind::Broken`] where nothing better is known; it
//! never comes without a diagnostic, so that later phases keep quiet about it.

use crate::lang::plan::{BinaryOp, Literal, Name, UnaryOp};
use crate::span::Span;

mod walk;

pub use walk::each_statement;

/// A whole text.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct File {
    /// Declarations and statements, in order.
    pub statements: Vec<Stmt>,
    /// Every comment, in order.
    pub comments: Vec<Span>,
}

/// A word that names something.
#[derive(Clone, Debug, PartialEq)]
pub struct Ident {
    /// The word.
    pub text: Name,
    /// Where.
    pub span: Span,
}

/// Statements in braces.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Block {
    /// In order.
    pub statements: Vec<Stmt>,
    /// The braces and what is between.
    pub span: Span,
}

/// A declaration or statement.
#[derive(Clone, Debug, PartialEq)]
pub struct Stmt {
    /// What it is.
    pub kind: StmtKind,
    /// `catch` and `finally` after its last block.
    pub clauses: Clauses,
    /// From its first word to what stands before its first block.
    pub head: Span,
    /// All of it.
    pub span: Span,
}

/// `catch … { } finally { }`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Clauses {
    /// In order.
    pub catches: Vec<Catch>,
    /// The last.
    pub finally: Option<Block>,
}

impl Clauses {
    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.catches.is_empty() && self.finally.is_none()
    }
}

/// `catch Kind as e { }` · `catch * { }`.
#[derive(Clone, Debug, PartialEq)]
pub struct Catch {
    /// None: `*`.
    pub kind: Option<Ident>,
    /// `as e`.
    pub name: Option<Ident>,
    /// What is done.
    pub body: Block,
    /// The head.
    pub head: Span,
}

/// `200ms` · `100ms..300ms`.
#[derive(Clone, Debug, PartialEq)]
pub struct Length {
    /// The length, or the shortest.
    pub from: Expr,
    /// The longest.
    pub to: Option<Expr>,
}

/// What the worker does.
#[derive(Clone, Debug, PartialEq)]
pub enum Job {
    /// `800ms`.
    Block(Length),
    /// `primes(200000)`.
    Call(Ident, Vec<Expr>),
}

/// Every declaration and statement.
#[derive(Clone, Debug, PartialEq)]
pub enum StmtKind {
    /// Not understood; blocks that were found on the way.
    Broken(Vec<Block>),

    /// `scenario "name"`.
    Scenario(Expr),
    /// `seed 7`.
    Seed(Expr),
    /// `workers = 2`.
    Workers(Expr),
    /// `limiter name = 3, 5 per 1s`.
    Limiter {
        /// Its name.
        name: Ident,
        /// `3`.
        permits: Option<Expr>,
        /// `5 per 1s`.
        rate: Option<(Expr, Expr)>,
    },
    /// `lock name`.
    Lock(Ident),
    /// `event name`.
    Event(Ident),
    /// `barrier name = 3`.
    Barrier(Ident, Expr),
    /// `queue name = 5`.
    Queue(Ident, Option<Expr>),
    /// `resource name { open { } close { } }`.
    Resource {
        /// Its name.
        name: Ident,
        /// `open { }` with its clauses.
        open: Option<Body>,
        /// `close { }` with its clauses.
        close: Option<Body>,
    },
    /// `pool name = 2 of db, overflow 1`.
    Pool {
        /// Its name.
        name: Ident,
        /// `2`.
        size: Expr,
        /// `db`.
        of: Ident,
        /// `1`.
        overflow: Option<Expr>,
    },
    /// `fn name(params) { }`.
    Fn {
        /// Its name.
        name: Ident,
        /// Its parameters.
        params: Vec<Ident>,
        /// Its body.
        body: Block,
    },

    /// `let x = …`; the value is an expression or an action.
    Let(Ident, Box<Stmt>),
    /// `x = …`.
    Assign(Ident, Box<Stmt>),
    /// `x + 1` · `f(1)`.
    Expr(Expr),

    /// `if a { } else if b { } else { }`.
    If {
        /// Conditions and their blocks.
        arms: Vec<(Expr, Block)>,
        /// `else { }`.
        otherwise: Option<Block>,
    },
    /// `while cond { }`.
    While(Expr, Block),
    /// `repeat 3 { }`.
    Repeat(Expr, Block),
    /// `for x in list { }`: a list or a queue.
    ForIn(Ident, Expr, Block),
    /// `for i in 1 to 5 every 100ms { }`.
    ForRange {
        /// The variable.
        name: Ident,
        /// The first.
        from: Expr,
        /// The last.
        to: Expr,
        /// The pace.
        every: Option<Expr>,
        /// What is repeated.
        body: Block,
    },
    /// `break`.
    Break,
    /// `continue`.
    Continue,
    /// `return …`.
    Return(Option<Box<Stmt>>),

    /// `sleep 200ms`.
    Sleep(Length),
    /// `work 50ms`.
    Work(Length),
    /// `offload primes(200000) in 300ms`.
    Offload {
        /// What the worker does.
        job: Job,
        /// `in`.
        takes: Option<Length>,
    },
    /// `fetch "/api" in 300ms status 503 gives "text"`.
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
    /// `query db "select" in 40ms gives []`.
    Query {
        /// A resource, a pool, or a variable with a connection.
        on: Ident,
        /// What is asked.
        sql: Expr,
        /// `in`.
        takes: Option<Length>,
        /// `gives`.
        gives: Option<Expr>,
    },
    /// `log "text"`.
    Log(Expr),
    /// `mark "text"`.
    Mark(Expr),
    /// `expect cond "message"`.
    Expect {
        /// What must hold.
        condition: Expr,
        /// What to say if not.
        message: Option<Expr>,
        /// The condition as it was written.
        text: Name,
    },
    /// `fail Kind "message"`.
    Fail(Ident, Option<Expr>),
    /// `raise` · `raise e`.
    Raise(Option<Expr>),
    /// `try { } catch …`.
    Try(Block),

    /// `task name { }`.
    Task(Option<Expr>, Block),
    /// `detach name { }`.
    Detach(Option<Expr>, Block),
    /// `await h`.
    Await(Expr),
    /// `cancel h`.
    Cancel(Expr),
    /// `scope name collect { }`.
    Scope {
        /// Its name: text.
        name: Option<Expr>,
        /// `collect`.
        collect: bool,
        /// What is done inside.
        body: Block,
    },
    /// `race ok { task a { } }`. A sound one holds only tasks.
    Race {
        /// Its name: text.
        name: Option<Expr>,
        /// `ok`.
        ok: bool,
        /// The tasks.
        body: Block,
    },
    /// `gather keep { task a { } }`. A sound one holds only tasks.
    Gather {
        /// Its name: text.
        name: Option<Expr>,
        /// `keep`.
        keep: bool,
        /// The tasks.
        body: Block,
    },
    /// `timeout 2s as t { } else { }`.
    Timeout {
        /// From entry to deadline.
        length: Expr,
        /// `as t`.
        name: Option<Ident>,
        /// What is bounded.
        body: Block,
        /// `else { }`.
        otherwise: Option<Block>,
    },
    /// `extend t 1s`.
    Extend(Ident, Expr),
    /// `shield 1s { }`.
    Shield(Option<Expr>, Block),
    /// `retry 3 backoff 100ms..2s jitter { }`.
    Retry {
        /// How often in all.
        attempts: Expr,
        /// `backoff`.
        backoff: Option<Length>,
        /// `jitter`.
        jitter: bool,
        /// What is tried.
        body: Block,
    },
    /// `with db as conn { }`.
    With {
        /// What is held.
        held: Ident,
        /// `as conn`.
        name: Option<Ident>,
        /// Meanwhile.
        body: Block,
    },

    /// `put jobs x`.
    Put(Ident, Expr),
    /// `take jobs`.
    Take(Ident),
    /// `done jobs`.
    Done(Ident),
    /// `join jobs`.
    Join(Ident),
    /// `close jobs`.
    Close(Ident),
    /// `set ready`.
    Set(Ident),
    /// `clear ready`.
    Clear(Ident),
    /// `wait ready`.
    Wait(Ident),

    /// `at 2s { }`.
    At(Expr, Block),
    /// `shutdown at 2s grace 500ms`.
    Shutdown(Expr, Option<Expr>),
}

/// A block with clauses that guard it from inside: `open { } catch * { }`.
#[derive(Clone, Debug, PartialEq)]
pub struct Body {
    /// The block.
    pub block: Block,
    /// What follows it.
    pub clauses: Clauses,
}

/// An expression.
#[derive(Clone, Debug, PartialEq)]
pub struct Expr {
    /// What it is.
    pub kind: ExprKind,
    /// Its text.
    pub span: Span,
    /// How deep it is: 1 for a leaf. The parser keeps it small, so that everything may recurse.
    pub depth: u16,
}

/// Every expression.
#[derive(Clone, Debug, PartialEq)]
pub enum ExprKind {
    /// Not understood.
    Broken,
    /// `7` · `"text"` · `250ms`.
    Literal(Literal),
    /// `"{name} ready"`.
    Text(Vec<Part>),
    /// `[a, b]`.
    List(Vec<Expr>),
    /// `x`.
    Name(Name),
    /// `-x`.
    Unary(UnaryOp, Box<Expr>),
    /// `a + b`.
    Binary(BinaryOp, Box<Expr>, Box<Expr>),
    /// `xs[0]`.
    Index(Box<Expr>, Box<Expr>),
    /// `e.message`.
    Field(Box<Expr>, Ident),
    /// `f(a, b)`.
    Call(Ident, Vec<Expr>),
}

/// A piece of a text with holes.
#[derive(Clone, Debug, PartialEq)]
pub enum Part {
    /// Escapes resolved.
    Text(Name),
    /// `{x}`.
    Hole(Expr),
}
