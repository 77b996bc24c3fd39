//! The token bucket: a start takes a token out, tokens drip in steadily, and the bucket begins full.
//!
//! After RFC 2215, "General Characterization Parameters for Integrated Service
//! Network Elements", 1997 (its parameter TOKEN_BUCKET_TSPEC): in any length of
//! time T at most `burst` + T × rate.

use std::time::Duration;

use crate::time::{Time, whole_us};

use super::pace::{Pace, instant};

/// Tokens are counted in parts: `per_us` parts are one token, and each
/// microsecond brings `starts` parts, so that nothing is ever rounded away.
pub(super) struct TokenBucket {
    starts: u64,
    per_us: u64,
    burst: u64,
    /// What was in the bucket at `at`, in parts.
    parts: u128,
    at: Time,
}

impl TokenBucket {
    pub(super) fn new(starts: u64, per: Duration, burst: u64) -> TokenBucket {
        let mut bucket = TokenBucket { starts, per_us: whole_us(per), burst, parts: 0, at: Time::ZERO };
        bucket.parts = bucket.parts_of(burst);
        bucket
    }

    fn parts_of(&self, tokens: u64) -> u128 {
        u128::from(tokens) * u128::from(self.per_us)
    }

    fn parts_at(&self, now: Time) -> u128 {
        let passed = now.as_us().saturating_sub(self.at.as_us());
        let dripped = u128::from(passed) * u128::from(self.starts);
        self.parts.saturating_add(dripped).min(self.parts_of(self.burst))
    }

    /// When there are so many parts; none if nothing drips.
    fn filled_at(&self, parts: u128) -> Option<Time> {
        let missing = parts.saturating_sub(self.parts);
        if missing == 0 {
            return Some(self.at);
        }
        if self.starts == 0 {
            return None;
        }
        instant(u128::from(self.at.as_us()) + missing.div_ceil(u128::from(self.starts)))
    }
}

impl Pace for TokenBucket {
    fn capacity(&self) -> u64 {
        self.burst
    }

    fn free_at(&self, now: Time, amount: u64) -> Option<Time> {
        self.filled_at(self.parts_of(amount)).map(|at| at.max(now))
    }

    fn count(&mut self, now: Time, amount: u64) {
        self.parts = self.parts_at(now).saturating_sub(self.parts_of(amount));
        self.at = now;
    }

    fn idle_at(&self) -> Time {
        self.filled_at(self.parts_of(self.burst)).unwrap_or(Time::MAX)
    }

    fn fresh(&self) -> Box<dyn Pace> {
        Box::new(TokenBucket { parts: self.parts_of(self.burst), at: Time::ZERO, ..*self })
    }
}
