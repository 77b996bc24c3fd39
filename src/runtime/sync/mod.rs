//! What tasks share: limiters, queues, events, and the lines in which tasks wait for them.
//!
//! Everything that waits here waits with a `Ticket` in a `Line`, whose order is that of arrival; what is named and
//! held has an `Identity`. The rest are rules about when the first in a line is served, and what it gets.

pub(crate) mod above;
pub(crate) mod barrier;
mod chain;
pub(crate) mod condition;
pub(crate) mod event;
mod identity;
pub(crate) mod limiter;
pub(crate) mod lock;
pub(crate) mod permit;
pub(crate) mod pool;
pub(crate) mod queue;
pub(crate) mod rate;
mod ticket;
mod waitlist;
