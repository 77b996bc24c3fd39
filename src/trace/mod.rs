//! What was recorded of a run: a header and its events in order.

mod paths;
mod record;
#[cfg(test)]
pub(crate) mod script;
mod verify;

pub use paths::Paths;
pub use record::Recorder;
pub use verify::{Fault, Problem, verify};

use crate::event::Event;
use crate::time::Time;

/// A whole run, inert: comparable, printable, without handles.
#[derive(Clone, Debug, PartialEq)]
pub struct Trace {
    /// What ran, and how.
    pub header: Header,
    /// What happened, in order. The last is [`Event::RunEnd`] for a run that is over.
    pub events: Vec<Stamped>,
}

/// What ran, and how.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    /// The scenario's name; empty if it has none.
    pub scenario: String,
    /// The seed of every random choice.
    pub seed: u64,
    /// Which clock it ran on.
    pub clock: Clock,
}

/// Which clock a run used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Clock {
    /// Time jumps to the next deadline when nothing is ready.
    Virtual,
    /// The wall's.
    Live,
}

/// An event and its instant.
#[derive(Clone, Debug, PartialEq)]
pub struct Stamped {
    /// When.
    pub at: Time,
    /// What.
    pub event: Event,
}
