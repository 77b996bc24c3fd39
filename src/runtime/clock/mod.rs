//! Waiting for an instant, and giving up at one.

pub(crate) mod effective;
pub(crate) mod sleep;
pub(crate) mod timeout;
