//! Why a task waits, who holds what it waits for, and why it was cancelled.

pub(crate) mod cause;
pub(crate) mod census;
pub(crate) mod deadlock;
pub(crate) mod explanation;
pub(crate) mod graph;
pub(crate) mod lint;
pub(crate) mod look;
pub(crate) mod resource;
pub(crate) mod wait;
