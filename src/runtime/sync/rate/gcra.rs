//! The generic cell rate algorithm: one instant remembers all that there was.
//!
//! After ITU-T Recommendation I.371 (03/2004), annex A, in its form as a
//! virtual scheduling algorithm (A.1): a start that comes before its theoretical arrival
//! time by more than a tolerance has to wait. The increment is `per` / `starts`, the
//! tolerance as much as `burst` - 1 increments. It admits what a token bucket
//! of the same numbers admits, with less to remember.

use std::time::Duration;

use crate::time::{Time, whole_us};

use super::pace::{Pace, instant};

/// Instants are counted in parts: `starts` parts are a microsecond, so that
/// the increment is `per_us` parts and nothing is ever rounded away.
pub(super) struct Gcra {
    starts: u64,
    per_us: u64,
    burst: u64,
    /// The theoretical arrival time of the next start, in parts.
    next: u128,
}

impl Gcra {
    pub(super) fn new(starts: u64, per: Duration, burst: u64) -> Gcra {
        Gcra { starts, per_us: whole_us(per), burst, next: 0 }
    }

    fn parts(&self, at: Time) -> u128 {
        u128::from(at.as_us()) * u128::from(self.starts)
    }

    fn increments(&self, amount: u64) -> u128 {
        u128::from(amount) * u128::from(self.per_us)
    }

    /// The theoretical arrival time after `amount` starts at `now`.
    fn after(&self, now: Time, amount: u64) -> u128 {
        self.next.max(self.parts(now)).saturating_add(self.increments(amount))
    }
}

impl Pace for Gcra {
    fn capacity(&self) -> u64 {
        self.burst
    }

    fn free_at(&self, now: Time, amount: u64) -> Option<Time> {
        if self.starts == 0 {
            return None;
        }
        let earliest = self.after(now, amount).saturating_sub(self.increments(self.burst));
        instant(earliest.div_ceil(u128::from(self.starts))).map(|at| at.max(now))
    }

    fn count(&mut self, now: Time, amount: u64) {
        self.next = self.after(now, amount);
    }

    fn idle_at(&self) -> Time {
        instant(self.next.div_ceil(u128::from(self.starts.max(1)))).unwrap_or(Time::MAX)
    }

    fn fresh(&self) -> Box<dyn Pace> {
        Box::new(Gcra { next: 0, ..*self })
    }
}
