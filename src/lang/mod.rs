//! The scenario language: text to tree, diagnostics and an inert plan.

pub mod explain;
pub mod plan;
pub mod syntax;
pub mod token;

mod around;
mod check;
mod complete;
mod construct;
mod format;
mod habit;
mod highlight;
mod hover;
mod lexer;
mod lower;
mod message;
mod names;
mod near;
mod parser;
mod suspend;

#[cfg(test)]
mod tests;

pub use check::check;
pub use complete::{Completion, CompletionKind, Completions, complete};
pub use format::{WIDTH, format};
pub use highlight::{Class, highlight};
pub use hover::{Hover, hover};
pub use lower::lower;
pub use parser::{MAX_DEPTH, MAX_DIAGNOSTICS, MAX_NESTING, MAX_TEXT, parse};
pub use suspend::suspension_points;
