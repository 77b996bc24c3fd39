//! Asynchronous iterators: streams of the `futures` crate that know scopes and the run's clock.
//!
//! What they wait with is dropped with them, so that a stream is cancelled with whoever reads it.

pub(crate) mod as_completed;
pub(crate) mod batches;
pub(crate) mod ext;
pub(crate) mod generate;
pub(crate) mod interval;
pub(crate) mod map_concurrent;
pub(crate) mod timeout_each;
