//! What an algorithm for limiting a rate has to say.

use crate::time::Time;

/// One algorithm with its state. It knows no tasks: it is asked, in order of
/// time, when so many starts are admitted, and told when they happen.
pub(super) trait Pace {
    /// The most starts that can ever happen at one instant.
    fn capacity(&self) -> u64;

    /// The first instant, not before `now`, at which `amount` starts are admitted if none happens meanwhile. None: never.
    /// `amount` is at most the capacity.
    fn free_at(&self, now: Time, amount: u64) -> Option<Time>;

    /// `amount` starts happen, at an instant at which they are admitted.
    fn count(&mut self, now: Time, amount: u64);

    /// From when on it is as if nothing had ever happened.
    fn idle_at(&self) -> Time;

    /// The same algorithm with the same numbers, to which nothing has happened.
    fn fresh(&self) -> Box<dyn Pace>;
}

/// Microseconds as an instant; none beyond the end of time.
pub(super) fn instant(us: u128) -> Option<Time> {
    u64::try_from(us).ok().map(Time::from_us)
}
