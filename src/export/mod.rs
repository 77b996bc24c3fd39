//! A run written down for others (as text, as a file of events, for the viewers of other tools), and a scenario as a
//! program of another language.

pub mod chrome;
pub mod jsonl;
pub mod mermaid;
pub mod python;
mod target;
pub mod text;
mod tree;

pub use target::Target;
