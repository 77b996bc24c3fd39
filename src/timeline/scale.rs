//! Instants to pixels and back, and the ticks of a ruler.

use crate::time::Time;

/// Turns instants into horizontal positions and back.
///
/// The origin is subtracted before anything is scaled, so that a microsecond
/// is exact however late in a run it lies.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TimeScale {
    /// The instant at the left edge, in microseconds; may lie before the run.
    pub from_us: f64,
    /// How much time a pixel holds; more than nothing.
    pub us_per_px: f64,
    /// Where the left edge is.
    pub left_px: f64,
}

impl TimeScale {
    /// The position of an instant.
    pub fn x(self, time: Time) -> f64 {
        self.x_us(time.as_us() as f64)
    }

    /// The position of an instant in microseconds.
    pub fn x_us(self, us: f64) -> f64 {
        self.left_px + (us - self.from_us) / self.us_per_px
    }

    /// The instant at a position, to the nearest microsecond; the beginning for what lies before it.
    pub fn time(self, x: f64) -> Time {
        Time::from_us(self.us(x).round().max(0.0) as u64)
    }

    /// The instant at a position, in microseconds.
    pub fn us(self, x: f64) -> f64 {
        self.from_us + (x - self.left_px) * self.us_per_px
    }
}

/// A mark on the ruler.
#[derive(Clone, Debug, PartialEq)]
pub struct Tick {
    /// When.
    pub at: Time,
    /// Where.
    pub x: f64,
    /// What to write; empty for the small ones between.
    pub label: String,
}

/// How many ticks a ruler has at most: more than any screen holds.
const MAX_TICKS: usize = 1000;

/// The ticks from `scale`'s left edge over `width_px`: labelled ones a step of 1, 2 or 5 apart and at
/// least `gap_px`, small ones between them.
pub fn ticks(scale: TimeScale, width_px: f64, gap_px: f64) -> Vec<Tick> {
    let (from, to) = (scale.from_us.max(0.0), scale.us(scale.left_px + width_px));
    if !(to > from && scale.us_per_px > 0.0) {
        return Vec::new();
    }
    let step = step_at_least(scale.us_per_px * gap_px.max(1.0));
    let small = small_step(step);
    let unit = Unit::for_range(to);
    let first = (from / small as f64).ceil() as u64;
    let mut ticks = Vec::new();
    for number in 0..MAX_TICKS as u64 {
        let us = first.saturating_add(number).saturating_mul(small);
        if us as f64 > to {
            break;
        }
        let label = if us.is_multiple_of(step) { unit.write(us) } else { String::new() };
        ticks.push(Tick { at: Time::from_us(us), x: scale.x_us(us as f64), label });
    }
    ticks
}

/// The smallest of 1, 2, 5, 10, 20 … microseconds that is not below `us`.
fn step_at_least(us: f64) -> u64 {
    let mut power = 1u64;
    loop {
        for factor in [1, 2, 5] {
            let step = power.saturating_mul(factor);
            if step as f64 >= us || step == u64::MAX {
                return step;
            }
        }
        power = power.saturating_mul(10);
    }
}

/// How far apart the small ticks are: a fifth of 1 and 5, a fourth of 2.
fn small_step(step: u64) -> u64 {
    let leading = step / 10u64.pow(step.ilog10());
    let parts = if leading == 2 { 4 } else { 5 };
    if step.is_multiple_of(parts) { step / parts } else { step }
}

/// In what a ruler counts: one unit for all of its labels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Unit {
    Micro,
    Milli,
    Second,
}

impl Unit {
    fn for_range(to_us: f64) -> Unit {
        match to_us {
            us if us <= 1_000.0 => Unit::Micro,
            us if us <= 50_000.0 => Unit::Milli,
            _ => Unit::Second,
        }
    }

    fn write(self, us: u64) -> String {
        match self {
            _ if us == 0 => "0".to_owned(),
            Unit::Micro => format!("{us} µs"),
            Unit::Milli => format!("{} ms", decimal(us, 3)),
            Unit::Second => format!("{} s", decimal(us, 6)),
        }
    }
}

/// `us` with the point `places` digits from the right, without needless zeros.
pub fn decimal(us: u64, places: u32) -> String {
    let unit = 10u64.pow(places);
    let text = format!("{}.{:0width$}", us / unit, us % unit, width = places as usize);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(from_us: f64, to_us: f64) -> Vec<String> {
        let scale = TimeScale { from_us, us_per_px: (to_us - from_us) / 600.0, left_px: 0.0 };
        ticks(scale, 600.0, 90.0)
            .into_iter()
            .map(|tick| tick.label)
            .filter(|label| !label.is_empty())
            .collect()
    }

    #[test]
    fn ticks_are_one_two_or_five_apart() {
        assert_eq!(labels(0.0, 2e6), ["0", "0.5 s", "1 s", "1.5 s", "2 s"]);
        assert_eq!(labels(0.0, 260_000.0), ["0", "0.05 s", "0.1 s", "0.15 s", "0.2 s", "0.25 s"]);
        assert_eq!(labels(0.0, 30_000.0), ["0", "5 ms", "10 ms", "15 ms", "20 ms", "25 ms", "30 ms"]);
        assert_eq!(labels(0.0, 10.0), ["0", "2 µs", "4 µs", "6 µs", "8 µs", "10 µs"]);
        assert_eq!(labels(1_234_560.0, 1_234_570.0)[..2], ["1.23456 s", "1.234562 s"]);
        assert_eq!(labels(0.0, 600e6), ["0", "100 s", "200 s", "300 s", "400 s", "500 s", "600 s"]);
        assert_eq!(labels(-1e6, 1e6), ["0", "0.5 s", "1 s"], "nothing before the run");
    }

    #[test]
    fn a_scale_gives_back_what_it_took() {
        let day = 86_400_000_000;
        for (from_us, us_per_px) in [(0.0, 0.01), (-500.0, 3.7), (day as f64, 0.02), (day as f64, 1e6)] {
            let scale = TimeScale { from_us, us_per_px, left_px: 173.0 };
            for us in [day, day + 1, day + 12_345_678] {
                let time = Time::from_us(us);
                assert_eq!(scale.time(scale.x(time)), time, "{from_us} {us_per_px}");
            }
        }
    }

    #[test]
    fn nonsense_gives_no_ticks() {
        let scale = TimeScale { from_us: 0.0, us_per_px: f64::NAN, left_px: 0.0 };
        assert_eq!(ticks(scale, 600.0, 90.0), []);
        let scale = TimeScale { from_us: f64::MAX, us_per_px: 1e300, left_px: 0.0 };
        assert!(ticks(scale, 600.0, 90.0).len() <= MAX_TICKS);
    }
}
