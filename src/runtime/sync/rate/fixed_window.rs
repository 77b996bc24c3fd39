//! The fixed window: starts are counted anew in each window, and the windows stand still.
//!
//! Known as the jumping window mechanism in E. P. Rathgeb, "Modeling and
//! performance comparison of policing mechanisms for ATM networks", IEEE
//! Journal on Selected Areas in Communications 9(3), April 1991, and today as the fixed window counter.

use std::time::Duration;

use crate::time::{Time, whole_us};

use super::pace::Pace;

/// At most `starts` in each window; windows begin at the multiples of `per_us`.
pub(super) struct FixedWindow {
    starts: u64,
    per_us: u64,
    /// The end of the window that was counted last; that instant is the next one's.
    ends: Time,
    counted: u64,
}

impl FixedWindow {
    pub(super) fn new(starts: u64, per: Duration) -> FixedWindow {
        FixedWindow { starts, per_us: whole_us(per), ends: Time::ZERO, counted: 0 }
    }

    /// Of the window around `now`.
    fn counted_at(&self, now: Time) -> u64 {
        if now < self.ends { self.counted } else { 0 }
    }
}

impl Pace for FixedWindow {
    fn capacity(&self) -> u64 {
        self.starts
    }

    fn free_at(&self, now: Time, amount: u64) -> Option<Time> {
        let left = self.starts.saturating_sub(self.counted_at(now));
        if amount <= left {
            return Some(now);
        }
        (amount <= self.starts).then_some(self.ends)
    }

    fn count(&mut self, now: Time, amount: u64) {
        self.counted = self.counted_at(now) + amount;
        // A window without length is over at once.
        let number = now.as_us().checked_div(self.per_us);
        self.ends = match number {
            Some(number) => Time::from_us(number.saturating_add(1).saturating_mul(self.per_us)),
            None => now,
        };
    }

    fn idle_at(&self) -> Time {
        self.ends
    }

    fn fresh(&self) -> Box<dyn Pace> {
        Box::new(FixedWindow { ends: Time::ZERO, counted: 0, ..*self })
    }
}
