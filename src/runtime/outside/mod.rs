//! What happens outside the loop: requests, blocking work, and calls into it.

pub(crate) mod host;
#[cfg(not(target_arch = "wasm32"))]
pub(crate) mod native;
pub(crate) mod offload;
pub(crate) mod outstanding;
pub(crate) mod portal;
