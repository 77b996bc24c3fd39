//! The part of a plan that never waits: expressions.

use crate::lang::plan::{Held, Name, Place};
use crate::span::Span;

/// A value that can be computed at once.
#[derive(Clone, Debug, PartialEq)]
pub struct Expr {
    /// What it is.
    pub kind: ExprKind,
    /// Its text.
    pub span: Span,
}

/// Everything that can be computed at once. Operands are evaluated from left to right.
#[derive(Clone, Debug, PartialEq)]
pub enum ExprKind {
    /// `7` · `"text"` · `250ms` · `none`.
    Literal(Literal),
    /// `"{name} ready"`: the parts as `str` prints them, joined.
    Text(Vec<Part>),
    /// `[a, b]`.
    List(Vec<Expr>),
    /// `x`.
    Var(Place),
    /// `-x` · `not x`.
    Unary(UnaryOp, Box<Expr>),
    /// `a + b`. `and` and `or` do not look right where the left decides.
    Binary(BinaryOp, Box<Expr>, Box<Expr>),
    /// `xs[0]`.
    Index(Box<Expr>, Box<Expr>),
    /// `e.message` · `response.status`.
    Field(Box<Expr>, Field),
    /// `len(xs)`; the arguments are counted.
    Builtin(Builtin, Vec<Expr>),
    /// `elapsed` · `peak(api)`: only in [`Plan::expectations`](super::Plan::expectations).
    Fact(Fact),
}

/// A value that stands in the text.
#[derive(Clone, Debug, PartialEq)]
pub enum Literal {
    /// `none`.
    None,
    /// `true` · `false`.
    Bool(bool),
    /// `42`.
    Int(i64),
    /// `1.5`.
    Float(f64),
    /// `250ms`, in microseconds.
    Duration(i64),
    /// `"text"`, escapes resolved.
    Str(Name),
}

/// A piece of a text with holes.
#[derive(Clone, Debug, PartialEq)]
pub enum Part {
    /// What stands there, escapes resolved.
    Text(Name),
    /// `{x}`.
    Hole(Expr),
}

/// An operator before its operand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnaryOp {
    /// `-`.
    Neg,
    /// `not`.
    Not,
}

/// An operator between its operands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BinaryOp {
    /// `+`.
    Add,
    /// `-`.
    Sub,
    /// `*`.
    Mul,
    /// `/`: always a float, or a duration.
    Div,
    /// `//`: floors.
    FloorDiv,
    /// `%`: the sign of the divisor.
    Rem,
    /// `==`.
    Eq,
    /// `!=`.
    Ne,
    /// `<`.
    Lt,
    /// `<=`.
    Le,
    /// `>`.
    Gt,
    /// `>=`.
    Ge,
    /// `and`.
    And,
    /// `or`.
    Or,
}

impl BinaryOp {
    /// As it is written.
    pub fn text(self) -> &'static str {
        match self {
            BinaryOp::Add => "+",
            BinaryOp::Sub => "-",
            BinaryOp::Mul => "*",
            BinaryOp::Div => "/",
            BinaryOp::FloorDiv => "//",
            BinaryOp::Rem => "%",
            BinaryOp::Eq => "==",
            BinaryOp::Ne => "!=",
            BinaryOp::Lt => "<",
            BinaryOp::Le => "<=",
            BinaryOp::Gt => ">",
            BinaryOp::Ge => ">=",
            BinaryOp::And => "and",
            BinaryOp::Or => "or",
        }
    }
}

/// What can be read of an error, a group or a response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// `e.kind`.
    Kind,
    /// `e.message`.
    Message,
    /// `e.task`: the path of the task it came from.
    Task,
    /// `e.count`: how many leaves.
    Count,
    /// `e.leaves`: a list.
    Leaves,
    /// `response.status`.
    Status,
    /// `response.body`.
    Body,
}

/// The calls that are built in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Builtin {
    /// `len(x)`: items of a list, characters of a text.
    Len,
    /// `now()`: time since the run began.
    Now,
    /// `random(a, b)`: from the seed.
    Random,
    /// `sum(list)`.
    Sum,
    /// `min(list)` · `min(a, b, …)`.
    Min,
    /// `max(list)` · `max(a, b, …)`.
    Max,
    /// `str(x)`.
    Str,
}

/// What is known when a run has ended.
#[derive(Clone, Debug, PartialEq)]
pub enum Fact {
    /// `elapsed`: a duration.
    Elapsed,
    /// `outcome`: `"ok"`, `"failed"`, `"cancelled"`, `"deadlock"` or `"limit"`.
    Outcome,
    /// `peak(api)`: the most holders at one instant.
    Peak(Held),
    /// `logged "user ready"`: whether a line of the log is this text.
    Logged(Box<Expr>),
    /// `cancelled("dashboard/orders")`: whether the task of this path was cancelled; `main/` may be left out.
    Cancelled(Box<Expr>),
}
