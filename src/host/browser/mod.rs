//! The real world behind `Host`: the browser's clock, timers, requests and workers.
//!
//! Works in a window and in a worker. Every browser resource is an owned value
//! and dropping it releases it: the timeout, the message channel, a request in
//! flight, a worker. Whatever JavaScript throws comes out as an error in words.

mod clock;
#[cfg(feature = "worker")]
pub mod serve;
mod wire;

#[cfg(feature = "web")]
mod alarm;
#[cfg(feature = "web")]
mod fetch;
#[cfg(feature = "web")]
mod pool;
#[cfg(feature = "web")]
mod real;
#[cfg(feature = "web")]
mod thrown;
#[cfg(feature = "web")]
mod turns;
#[cfg(feature = "web")]
mod worker;

#[cfg(feature = "web")]
pub use alarm::timeout_ms;
#[cfg(feature = "web")]
pub use fetch::BODY_LIMIT_BYTES;
#[cfg(feature = "web")]
pub use pool::WORKERS_LIMIT;
#[cfg(feature = "web")]
pub use real::{BrowserHost, BrowserOptions, DATABASE_URL, StartError, WORK_LIMIT, WORKER_URL};
#[cfg(feature = "web")]
pub use turns::SLICE_MS;
