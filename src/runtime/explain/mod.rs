//! Why a task waits, and who holds what it waits for.

pub(crate) mod census;
pub(crate) mod deadlock;
pub(crate) mod wait;
