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

mod cancel;
mod clock;
mod combine;
mod errors;
mod executor;
mod explain;
mod outside;
mod scope;
mod streams;
mod sync;

pub use cancel::cleanup::{Deferred, defer};
pub use cancel::shield::shield;
pub use cancel::stop::{is_stop_requested, stop_requested};
pub use cancel::stop_handle::StopHandle;
pub use cancel::using::{Resource, resource, using};
pub use clock::effective::effective_deadline;
pub use clock::sleep::{Sleep, at_span, current_task, now, outside_sleep, random, sleep, sleep_until, work};
pub use clock::timeout::{Elapsed, Length, Timeout, TimeoutHandle, timeout, timeout_at};
pub use combine::gather::{gather, gather_all};
pub use combine::join::{join, join_all};
pub use combine::race::{NoWinner, Race, race, race_ok};
pub use combine::retry::{Backoff, retry};
pub use combine::start::{NeverReady, Started};
pub use errors::catch::Catch;
pub use errors::error::{Error, Result, after_cleanup};
pub use errors::group::{ErrorGroup, GroupEntry};
pub use errors::leaf::{Kinded, Leaf};
pub use errors::leaves::Leaves;
pub use errors::panic::Panicked;
pub use errors::report::Report;
pub use errors::task_error::TaskError;
pub use executor::run::{Run, RunError, RunHandle, block_on, block_on_virtual};
pub use explain::census::Census;
pub use explain::deadlock::Stuck;
pub use explain::explanation::{Doing, EffectiveDeadline, Explanation, Holder, WaitsFor};
pub use explain::lint::Lint;
pub use outside::host::{fetch, offload_job, query};
#[cfg(not(target_arch = "wasm32"))]
pub use outside::native::block_on_native;
pub use outside::offload::{Offload, OnCancel, offload};
pub use outside::portal::{MAX_CALLS, Portal, PortalError, PortalTask, portal};
pub use scope::detach::detach;
pub use scope::handle::{NewChild, Scope, ScopeOptions, SpawnError, collect, scope};
pub use scope::local::{Local, LocalScope};
pub use scope::task::Task;
pub use streams::as_completed::{AsCompleted, as_completed};
pub use streams::batches::Batches;
pub use streams::ext::ScopeStreamExt;
pub use streams::generate::{Generator, Yielder, generate};
pub use streams::interval::{Interval, MissedTicks, interval, interval_at};
pub use streams::map_concurrent::{MapConcurrent, MapUnordered};
pub use streams::timeout_each::TimeoutEach;
pub use sync::above::AboveCapacity;
pub use sync::barrier::{Barrier, BarrierStatistics};
pub use sync::condition::{Condition, ConditionStatistics};
pub use sync::event::{Event, EventStatistics};
pub use sync::limiter::{Limiter, LimiterStatistics};
pub use sync::lock::{Lock, LockGuard, LockStatistics};
pub use sync::permit::{Acquire, AcquireMany, Permit};
pub use sync::pool::{Connect, Lent, Pool, PoolClosed, PoolOptions, PoolStatistics, PoolTimeout};
pub use sync::queue::{
    DoneTooMany, Queue, QueueClosed, QueueStatistics, QueueStream, TryPutError, TryTakeError,
};
pub use sync::rate::keyed::{KeyedRateError, KeyedRateLimiter, MAX_KEYS, TooManyKeys};
pub use sync::rate::{RateLimiter, RateStatistics};

// What `testing` and `program` stand on beside these.
pub(crate) use executor::blocked::all_blocked;
pub(crate) use executor::idle::{is_passing, next_instant};
pub(crate) use executor::schedule::Moment;
