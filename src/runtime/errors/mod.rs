//! Errors and groups of errors.

pub(crate) mod catch;
pub(crate) mod error;
pub(crate) mod group;
pub(crate) mod leaf;
pub(crate) mod leaves;
pub(crate) mod panic;
pub(crate) mod part;
pub(crate) mod raised;
pub(crate) mod report;
pub(crate) mod show;
pub(crate) mod task_error;
