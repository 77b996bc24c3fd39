//! Cancelling, and what is done all the same: cleanups that await, resources, and shields.

pub(crate) mod cleanup;
pub(crate) mod deliver;
pub(crate) mod shield;
pub(crate) mod stop;
pub(crate) mod stop_handle;
pub(crate) mod using;
