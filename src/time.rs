//! Instants of a run, in whole microseconds since it began.

use std::fmt;
use std::time::Duration;

/// An instant, in microseconds since the run began.
///
/// Whole numbers, because the same run must give the same instants on every
/// platform. Arithmetic saturates: nobody waits 580,000 years.
///
/// ```
/// use std::time::Duration;
/// use taskscope::time::Time;
///
/// let t = Time::ZERO + Duration::from_millis(250);
/// assert_eq!(t.as_us(), 250_000);
/// assert_eq!(t.to_string(), "0.250000");
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Time(u64);

impl Time {
    /// The instant at which a run begins.
    pub const ZERO: Time = Time(0);
    /// Later than any instant that is waited for.
    pub const MAX: Time = Time(u64::MAX);

    /// The instant `us` microseconds after the beginning.
    pub const fn from_us(us: u64) -> Time {
        Time(us)
    }

    /// Microseconds since the beginning.
    pub const fn as_us(self) -> u64 {
        self.0
    }

    /// Seconds since the beginning.
    pub fn as_secs_f64(self) -> f64 {
        self.0 as f64 / 1e6
    }

    /// As people read it: `0.25 s`, below a millisecond `250 µs`.
    ///
    /// ```
    /// use taskscope::time::Time;
    ///
    /// let readable = [0, 40, 250_000, 90_000_000].map(|us| Time::from_us(us).readable().to_string());
    /// assert_eq!(readable, ["0 s", "40 µs", "0.25 s", "90 s"]);
    /// ```
    pub fn readable(self) -> impl fmt::Display {
        Readable(self)
    }

    /// How long after `earlier` this is; zero if it is not after it.
    pub fn since(self, earlier: Time) -> Duration {
        Duration::from_micros(self.0.saturating_sub(earlier.0))
    }
}

impl std::ops::Add<Duration> for Time {
    type Output = Time;

    /// Part of a microsecond counts as a whole one, so that a wait is never
    /// shorter than was asked for.
    fn add(self, length: Duration) -> Time {
        Time(self.0.saturating_add(whole_us(length)))
    }
}

impl fmt::Display for Time {
    /// Seconds with six decimals, as the command line prints them.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{:06}", self.0 / 1_000_000, self.0 % 1_000_000)
    }
}

struct Readable(Time);

impl fmt::Display for Readable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.as_us() {
            us @ 1..1_000 => write!(f, "{us} µs"),
            _ => {
                let text = self.0.to_string();
                write!(f, "{} s", text.trim_end_matches('0').trim_end_matches('.'))
            }
        }
    }
}

/// `length` in microseconds, rounded up, saturating.
pub fn whole_us(length: Duration) -> u64 {
    u64::try_from(length.as_nanos().div_ceil(1000)).unwrap_or(u64::MAX)
}
