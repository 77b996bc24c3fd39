//! A run written down for others: as text, as a file of events, for the viewers of other tools.

pub mod chrome;
pub mod jsonl;
pub mod text;
