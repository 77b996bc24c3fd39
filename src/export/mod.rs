//! A run written down for others (as text, as a file of events, for the viewers of other tools), and a scenario as a
//! program of another language.

#[cfg(feature = "lang")]
pub mod chrome;
#[cfg(feature = "lang")]
pub mod jsonl;
#[cfg(feature = "lang")]
pub mod mermaid;
#[cfg(feature = "lang")]
pub mod python;
#[cfg(feature = "lang")]
pub mod rust;
#[cfg(feature = "lang")]
mod target;
pub mod text;
#[cfg(feature = "lang")]
mod tree;

#[cfg(feature = "lang")]
pub use target::Target;
