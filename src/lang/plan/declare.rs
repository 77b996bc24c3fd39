//! What a plan declares: shared things and functions, and the indices that name them.

use crate::lang::plan::{Block, Expr, Name};
use crate::span::Span;

macro_rules! index {
    ($(#[$doc:meta] $name:ident)*) => {$(
        #[$doc]
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub u32);

        impl $name {
            /// As an index; lowering makes none that is out of bounds.
            pub fn index(self) -> usize {
                self.0 as usize
            }
        }
    )*};
}

index! {
    /// Into [`Plan::functions`](super::Plan::functions).
    FunctionIndex
    /// Into [`Declarations::limiters`].
    LimiterIndex
    /// Into [`Declarations::locks`].
    LockIndex
    /// Into [`Declarations::events`].
    EventIndex
    /// Into [`Declarations::barriers`].
    BarrierIndex
    /// Into [`Declarations::queues`].
    QueueIndex
    /// Into [`Declarations::resources`].
    ResourceIndex
    /// Into [`Declarations::pools`].
    PoolIndex
}

/// Everything that is declared to be shared, by kind; within a kind in the order of the text.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Declarations {
    /// `limiter`.
    pub limiters: Vec<Limiter>,
    /// `lock`.
    pub locks: Vec<Lock>,
    /// `event`.
    pub events: Vec<Event>,
    /// `barrier`.
    pub barriers: Vec<Barrier>,
    /// `queue`.
    pub queues: Vec<Queue>,
    /// `resource`.
    pub resources: Vec<Resource>,
    /// `pool`.
    pub pools: Vec<Pool>,
}

/// `limiter api = 3` · `limiter quota = 5 per 1s` · `limiter both = 3, 5 per 1s`: one of the two, or both.
#[derive(Clone, Debug, PartialEq)]
pub struct Limiter {
    /// Its name.
    pub name: Name,
    /// How many may hold it at once.
    pub permits: Option<Expr>,
    /// How many may start in a length of time.
    pub rate: Option<Rate>,
    /// The declaration.
    pub span: Span,
}

/// `5 per 1s`.
#[derive(Clone, Debug, PartialEq)]
pub struct Rate {
    /// How many starts.
    pub starts: Expr,
    /// In how long.
    pub per: Expr,
}

/// `lock ledger`.
#[derive(Clone, Debug, PartialEq)]
pub struct Lock {
    /// Its name.
    pub name: Name,
    /// The declaration.
    pub span: Span,
}

/// `event ready`.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// Its name.
    pub name: Name,
    /// The declaration.
    pub span: Span,
}

/// `barrier line = 3`.
#[derive(Clone, Debug, PartialEq)]
pub struct Barrier {
    /// Its name.
    pub name: Name,
    /// How many it lets go at once.
    pub parties: Expr,
    /// The declaration.
    pub span: Span,
}

/// `queue jobs = 5` · `queue jobs`.
#[derive(Clone, Debug, PartialEq)]
pub struct Queue {
    /// Its name.
    pub name: Name,
    /// How many items it holds; None: without bound.
    pub capacity: Option<Expr>,
    /// The declaration.
    pub span: Span,
}

/// `resource db { open { sleep 120ms } close { sleep 40ms } }`.
#[derive(Clone, Debug, PartialEq)]
pub struct Resource {
    /// Its name.
    pub name: Name,
    /// Opens it; its value is what `with … as` names. Empty where it is not given.
    pub open: Block,
    /// Closes it. Empty where it is not given.
    pub close: Block,
    /// The declaration's head.
    pub span: Span,
}

/// `pool conns = 2 of db, overflow 1`.
#[derive(Clone, Debug, PartialEq)]
pub struct Pool {
    /// Its name.
    pub name: Name,
    /// How many connections it keeps.
    pub size: Expr,
    /// What a connection is.
    pub of: ResourceIndex,
    /// How many more it opens under load; none where it is not said.
    pub overflow: Option<Expr>,
    /// The declaration.
    pub span: Span,
}

/// `fn name(params) { }`. The parameters are the first slots of the body.
#[derive(Clone, Debug, PartialEq)]
pub struct Function {
    /// Its name.
    pub name: Name,
    /// Its body; `body.inputs` is how many arguments it takes.
    pub body: Block,
    /// The declaration's head.
    pub span: Span,
}
