//! The error of asking for more than there can ever be.

use std::fmt;

/// More was asked for at once than a limiter admits at all: waiting would never end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AboveCapacity {
    /// What was asked for.
    pub asked: u64,
    /// The most that there can be.
    pub capacity: u64,
}

impl fmt::Display for AboveCapacity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at once are more than the capacity of {}", self.asked, self.capacity)
    }
}

impl std::error::Error for AboveCapacity {}
