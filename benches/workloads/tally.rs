//! Counting that every peer can share: a `Cell` for those whose tasks must be `Send`.

use std::sync::atomic::{AtomicU64, Ordering};

/// A number that one thread changes. Atomic only by its type: adding is a load and a store, which cost what a `Cell`
/// costs, so that no peer pays for the checks with a locked instruction.
#[derive(Default)]
pub struct Tally(AtomicU64);

impl Tally {
    /// What it stands at.
    pub fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }

    /// Sets it.
    pub fn set(&self, value: u64) {
        self.0.store(value, Ordering::Relaxed);
    }

    /// Adds, and says what it stands at then.
    pub fn add(&self, more: u64) -> u64 {
        let sum = self.get().wrapping_add(more);
        self.set(sum);
        sum
    }
}
