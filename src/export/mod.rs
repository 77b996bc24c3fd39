//! A run written down for others: as text, as a file of events.

pub mod jsonl;
pub mod text;
