//! The sliding window, exact: every start is remembered for as long as it counts.
//!
//! Known as the moving window mechanism in E. P. Rathgeb, "Modeling and
//! performance comparison of policing mechanisms for ATM networks", IEEE
//! Journal on Selected Areas in Communications 9(3), April 1991, and today as the sliding window log.

use std::collections::VecDeque;
use std::time::Duration;

use crate::time::{Time, whole_us};

use super::pace::Pace;

/// At most `starts` in any half-open window of `per_us`.
pub(super) struct SlidingWindow {
    starts: u64,
    per_us: u64,
    /// The starts that may still count, the oldest first, those of one instant together: at most `starts` entries.
    recent: VecDeque<(Time, u64)>,
    /// Their sum.
    counted: u64,
}

impl SlidingWindow {
    pub(super) fn new(starts: u64, per: Duration) -> SlidingWindow {
        SlidingWindow { starts, per_us: whole_us(per), recent: VecDeque::new(), counted: 0 }
    }

    fn leaves_at(&self, at: Time) -> Time {
        Time::from_us(at.as_us().saturating_add(self.per_us))
    }
}

impl Pace for SlidingWindow {
    fn capacity(&self) -> u64 {
        self.starts
    }

    fn free_at(&self, now: Time, amount: u64) -> Option<Time> {
        let mut too_many = amount.saturating_sub(self.starts.saturating_sub(self.counted));
        let mut free_at = now;
        let mut recent = self.recent.iter();
        while too_many > 0 {
            let (at, amount) = recent.next()?;
            too_many = too_many.saturating_sub(*amount);
            free_at = now.max(self.leaves_at(*at));
        }
        Some(free_at)
    }

    fn count(&mut self, now: Time, amount: u64) {
        while let Some((at, amount)) = self.recent.front().copied() {
            if self.leaves_at(at) > now {
                break;
            }
            self.recent.pop_front();
            self.counted -= amount;
        }
        self.counted += amount;
        match self.recent.back_mut() {
            Some((at, counted)) if *at == now => *counted += amount,
            _ => self.recent.push_back((now, amount)),
        }
    }

    fn idle_at(&self) -> Time {
        self.recent.back().map_or(Time::ZERO, |(at, _)| self.leaves_at(*at))
    }

    fn fresh(&self) -> Box<dyn Pace> {
        Box::new(SlidingWindow { recent: VecDeque::new(), counted: 0, ..*self })
    }
}
