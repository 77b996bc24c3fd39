//! Several attempts or several tasks as one value.

pub(crate) mod gather;
pub(crate) mod join;
pub(crate) mod race;
pub(crate) mod retry;
pub(crate) mod start;
