//! What happens outside the loop: requests and blocking work.

pub(crate) mod host;
