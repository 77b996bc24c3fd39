//! The runtime: one executor, one thread, scopes whose children may borrow.
//!
//! A task lives through these states; the numbers are the transitions:
//!
//! ```text
//!   spawn ─1▶ ready ─2▶ polled ─3▶ waiting ─4▶ ready …
//!                          │           │
//!                          5           6 cancelled: the body is dropped where it waits
//!                          ▼           ▼
//!                        over ──7──▶ cleaning up ──8──▶ ended
//!                          └───────────9 nothing to clean up ──▶ ended
//! ```
//!
//! 1 `NewChild::spawn`; 2 `Core::take_turn`; 3 the body returns pending; 4 a
//! waker, a timer, a hand-off; 5 the body is ready; 6 `Core::cancel`; 7
//! `Core::body_gone` with cleanups left; 8 `Core::cleanups_over`; 9 `Core::body_gone` without.
//!
//! A scope is `Open`, then `Stopping` after a failure or a cancel, then `Closed`; see `ScopeState`.
//!
//! **Invariant:** while user code runs (a poll, a drop, a wake-up) no table of the executor is borrowed.
//! **Invariant:** nothing here reads a clock, knows the scenario language, or recurses over tasks.

mod block;
mod cancel;
mod cleanup;
mod core;
mod detach;
mod error;
mod event;
mod explain;
mod failures;
mod gather;
mod group;
mod idle;
mod limiter;
mod outside;
mod pool;
mod queue;
mod rate;
mod retry;
mod run;
mod scope;
mod scope_future;
mod shield;
mod sleep;
mod task;
mod tasks;
mod ticket;
mod timeout;
mod timers;
mod turn;
mod wait;
mod waitlist;
mod wake;

pub use cleanup::{Deferred, defer};
pub use detach::detach;
pub use error::{Error, Leaf, Result, TaskError, after_cleanup};
pub use event::{Barrier, Event};
pub use explain::Stuck;
pub use gather::{gather, gather_all};
pub use group::{ErrorGroup, GroupEntry};
pub use limiter::{Acquire, Limiter, Permit};
pub use outside::{fetch, offload};
pub use pool::{Connect, Pool};
pub use queue::{DoneTooMany, Queue, QueueClosed};
pub use rate::RateLimiter;
pub use retry::{Backoff, retry};
pub use run::{Run, RunError, RunHandle, block_on, block_on_virtual};
pub use scope::{NewChild, Scope, ScopeOptions, SpawnError, collect, scope};
pub use shield::shield;
pub use sleep::{Sleep, at_span, current_task, now, outside_sleep, random, sleep, sleep_until, work};
pub use task::Task;
pub use timeout::{Elapsed, Length, Timeout, TimeoutHandle, timeout};
