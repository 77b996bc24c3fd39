//! What is measured. A workload is one file: what it does, what must come out, and the same thing for each peer.

use crate::peers::Peer;

mod alone;
mod errors;
mod limiter;
mod queue;
mod spawn;
mod switch;
mod tally;
mod timers;
mod tree;

/// A number of items must be a multiple of this: some workloads have it as the number of items in a task.
pub const STEP: u64 = 100;

/// One thing that a runtime is measured at.
pub struct Workload {
    /// What the command line calls it.
    pub name: &'static str,
    /// What it does, and what one item is.
    pub about: &'static str,
    /// What every peer must come to for so many items. A count, a sum, or an order folded into a number.
    pub expected: fn(u64) -> u64,
    /// What ours should reach.
    pub aims: Aims,
    /// Who does it, in the order of the table.
    pub rows: &'static [Row],
}

/// The most that each ratio should be.
#[derive(Clone, Copy)]
pub struct Aims {
    /// Ours to `FuturesUnordered`, which has no scopes, no reasons and no cleanup.
    pub unordered: f64,
    /// Ours to tokio.
    pub tokio: f64,
    /// With a recorder to without.
    pub traced: f64,
    /// The cost of an item at a million to that at a thousand.
    pub growth: f64,
}

/// What most workloads should reach.
const AIMS: Aims = Aims { unordered: 1.0, tokio: 0.5, traced: 2.0, growth: 1.5 };

/// How one peer does it.
pub struct Row {
    /// Who.
    pub peer: Peer,
    /// Does so many items and says what it came to. Panics where a check inside fails.
    pub run: fn(u64) -> u64,
}

const fn row(peer: Peer, run: fn(u64) -> u64) -> Row {
    Row { peer, run }
}

/// All of them.
pub const WORKLOADS: [Workload; 8] = [
    spawn::WORKLOAD,
    switch::WORKLOAD,
    alone::WORKLOAD,
    timers::WORKLOAD,
    limiter::WORKLOAD,
    queue::WORKLOAD,
    tree::WORKLOAD,
    errors::WORKLOAD,
];

/// Folds `item` into `order`, so that two sequences come to the same number only if they are the same.
const fn fold(order: u64, item: u64) -> u64 {
    order.wrapping_mul(31).wrapping_add(item)
}
