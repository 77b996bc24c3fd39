//! What tasks share: limiters, queues, events, and the lines in which tasks wait for them.

pub(crate) mod barrier;
mod chain;
pub(crate) mod event;
mod identity;
pub(crate) mod limiter;
pub(crate) mod pool;
pub(crate) mod queue;
pub(crate) mod rate;
mod ticket;
mod waitlist;
