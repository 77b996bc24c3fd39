//! Errors and groups of errors.

pub(crate) mod error;
pub(crate) mod group;
