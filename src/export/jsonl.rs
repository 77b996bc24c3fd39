//! A run as a file: a header, then one event a line, in JSON.
//!
//! The lines of `log`, `task_end` and `run_end` are fixed to the byte by the language. [`read`] gives back the
//! same trace that [`write()`] was given.

mod names;
mod reader;
mod wire;
mod writer;

pub use reader::{ReadError, read};
pub use writer::write;

#[cfg(test)]
mod tests;
