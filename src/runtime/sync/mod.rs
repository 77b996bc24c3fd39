//! What tasks share: limiters, queues, events, and the lines in which tasks wait for them.

pub(crate) mod event;
pub(crate) mod limiter;
pub(crate) mod pool;
pub(crate) mod queue;
pub(crate) mod rate;
pub(crate) mod ticket;
pub(crate) mod waitlist;
