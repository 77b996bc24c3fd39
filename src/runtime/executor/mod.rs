//! The executor: one thread, one run queue, one table of tasks, one heap of deadlines.

pub(crate) mod blocked;
pub(crate) mod core;
pub(crate) mod entry;
pub(crate) mod idle;
pub(crate) mod row;
pub(crate) mod run;
pub(crate) mod schedule;
pub(crate) mod tasks;
pub(crate) mod timers;
#[cfg(test)]
mod timers_tests;
pub(crate) mod turn;
pub(crate) mod wake;
