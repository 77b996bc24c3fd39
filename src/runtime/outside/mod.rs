//! What happens outside the loop: requests and blocking work.

pub(crate) mod host;
pub(crate) mod offload;
pub(crate) mod outstanding;
