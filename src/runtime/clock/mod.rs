//! Waiting for an instant, and giving up at one.

pub(crate) mod sleep;
pub(crate) mod timeout;
