//! What is measured. A workload is one file: what it does, what must come out, and the same thing for each peer.

#[cfg(target_arch = "wasm32")]
use futures::future::LocalBoxFuture;

use crate::peers::Peer;

mod alone;
mod errors;
mod limiter;
#[cfg(target_arch = "wasm32")]
mod page;
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
    /// Who does it, wherever it runs.
    rows: &'static [Row],
}

impl Workload {
    /// Who does it, in the order of the table.
    pub fn rows(&self) -> impl Iterator<Item = &'static Row> {
        #[cfg(target_arch = "wasm32")]
        let page = page::rows(self.name);
        #[cfg(not(target_arch = "wasm32"))]
        let page = &[];
        self.rows.iter().chain(page)
    }
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
    /// How.
    pub run: Run,
}

/// Does so many items and says what it came to. Panics where a check inside fails.
#[derive(Clone, Copy)]
pub enum Run {
    /// At one go.
    Here(fn(u64) -> u64),
    /// In turns that the page gives.
    #[cfg(target_arch = "wasm32")]
    Page(fn(u64) -> LocalBoxFuture<'static, u64>),
}

impl Run {
    /// Does it.
    pub async fn run(self, n: u64) -> u64 {
        match self {
            Run::Here(run) => run(n),
            #[cfg(target_arch = "wasm32")]
            Run::Page(run) => run(n).await,
        }
    }
}

const fn row(peer: Peer, run: fn(u64) -> u64) -> Row {
    Row { peer, run: Run::Here(run) }
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

/// Folds `item` into `order`: sequences that differ come to different numbers. In 32 bits, for JavaScript's sake.
const fn fold(order: u64, item: u64) -> u64 {
    (order as u32).wrapping_mul(31).wrapping_add(item as u32) as u64
}
