//! Which stretch of time and which rows are in view. Immutable: each change gives a new one.

use crate::time::Time;

use super::scale::TimeScale;

/// The least time that a picture shows: at this width a microsecond is plainly seen.
pub const MIN_SPAN_US: f64 = 10.0;

/// The most: no run is longer, and the arithmetic stays exact.
const MAX_SPAN_US: f64 = 1e15;

/// Part of the width that a fitted view leaves free after the run's end, for glyphs and labels.
const ROOM: f64 = 0.12;

/// How tall a lane is, in CSS pixels.
pub mod lane_px {
    /// As a rule.
    pub const NORMAL: f64 = 24.0;
    /// Where there are many.
    pub const DENSE: f64 = 16.0;
    /// Where there are so many that only their shape counts.
    pub const LEAST: f64 = 2.0;
}

/// Which stretch of time and which rows are in view.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Viewport {
    /// The instant at the left edge, in microseconds; may lie a little before the run.
    pub from_us: f64,
    /// How much time is in view.
    pub span_us: f64,
    /// How far the rows are scrolled.
    pub top_px: f64,
    /// How tall a lane is.
    pub lane_px: f64,
}

impl Viewport {
    /// All of a run that ends at `end`, from the top, with lanes of the usual height.
    pub fn fit(end: Time) -> Viewport {
        let span_us = (end.as_us() as f64 / (1.0 - ROOM)).clamp(MIN_SPAN_US, MAX_SPAN_US);
        Viewport { from_us: 0.0, span_us, top_px: 0.0, lane_px: lane_px::NORMAL }
    }

    /// The same rows over the time from `start` to `end`, with a little room on both sides.
    pub fn show(self, start: Time, end: Time) -> Viewport {
        let length = end.as_us().saturating_sub(start.as_us()) as f64;
        let span_us = (length * 1.2).clamp(MIN_SPAN_US, MAX_SPAN_US);
        let from_us = start.as_us() as f64 - (span_us - length) / 2.0;
        Viewport { from_us, span_us, ..self }
    }

    /// Shows `factor` times as much time; what lies at `about_us` stays where it is.
    pub fn zoom(self, factor: f64, about_us: f64) -> Viewport {
        if !(factor.is_finite() && factor > 0.0 && about_us.is_finite()) {
            return self;
        }
        let span_us = (self.span_us * factor).clamp(MIN_SPAN_US, MAX_SPAN_US);
        let from_us = about_us - (about_us - self.from_us) * (span_us / self.span_us);
        Viewport { from_us, span_us, ..self }
    }

    /// Moves by a part of its own width; to the right for a positive part.
    pub fn pan(self, part: f64) -> Viewport {
        Viewport { from_us: self.from_us + part * self.span_us, ..self }
    }

    /// Moves the rows up by `px`.
    pub fn scroll(self, px: f64) -> Viewport {
        Viewport { top_px: self.top_px + px, ..self }
    }

    /// The same view with lanes of this height; the row at the top stays there.
    pub fn with_lanes(self, lane_px: f64) -> Viewport {
        let lane_px = lane_px.clamp(lane_px::LEAST, lane_px::NORMAL);
        Viewport { top_px: self.top_px / self.lane_px * lane_px, lane_px, ..self }
    }

    /// Lanes as tall as fit `rows` of them into `height_px`: the usual height, dense, or an overview.
    pub fn fit_lanes(self, rows: usize, height_px: f64) -> Viewport {
        let room = height_px / rows.max(1) as f64;
        let lane_px = match room {
            room if room >= lane_px::NORMAL => lane_px::NORMAL,
            room if room >= lane_px::DENSE => lane_px::DENSE,
            room => room.floor().max(lane_px::LEAST),
        };
        Viewport { top_px: 0.0, ..self.with_lanes(lane_px) }
    }

    /// Brings the view back to where there is something: time from the run's start to `horizon` and
    /// as much again, rows within `rows`.
    pub fn clamp(self, horizon: Time, rows: usize, height_px: f64) -> Viewport {
        let whole = Viewport::fit(horizon).span_us;
        let span_us = finite(self.span_us, whole).clamp(MIN_SPAN_US, whole.max(MIN_SPAN_US) * 2.0);
        let spare = span_us * 0.5;
        let from_us = finite(self.from_us, 0.0).clamp(-spare, (whole - spare).max(-spare));
        let lane_px = finite(self.lane_px, lane_px::NORMAL).clamp(lane_px::LEAST, lane_px::NORMAL);
        let top_px = finite(self.top_px, 0.0).clamp(0.0, (rows as f64 * lane_px - height_px).max(0.0));
        Viewport { from_us, span_us, top_px, lane_px }
    }

    /// The view after the run has changed: a view of all stays one, any other keeps its place.
    pub fn carry(self, old_end: Time, new_end: Time) -> Viewport {
        let whole = Viewport::fit(old_end);
        match (self.from_us, self.span_us) == (whole.from_us, whole.span_us) {
            true => Viewport { top_px: self.top_px, lane_px: self.lane_px, ..Viewport::fit(new_end) },
            false => self,
        }
    }

    /// Scrolls as little as brings `row` into view.
    pub fn reveal_row(self, row: usize, height_px: f64) -> Viewport {
        let (top, bottom) = (row as f64 * self.lane_px, (row + 1) as f64 * self.lane_px);
        let top_px = self.top_px.max(bottom - height_px).min(top);
        Viewport { top_px, ..self }
    }

    /// Moves as little as brings `time` into view.
    pub fn reveal_time(self, time: Time) -> Viewport {
        let us = time.as_us() as f64;
        let edge = self.span_us * 0.1;
        let from_us = self.from_us.max(us + edge - self.span_us).min(us - edge);
        match (self.from_us..self.from_us + self.span_us).contains(&us) {
            true => self,
            false => Viewport { from_us, ..self },
        }
    }

    /// Its scale on a plot that begins at `left_px` and is `width_px` wide.
    pub fn scale(self, left_px: f64, width_px: f64) -> TimeScale {
        TimeScale { from_us: self.from_us, us_per_px: self.span_us / width_px.max(1.0), left_px }
    }
}

fn finite(value: f64, otherwise: f64) -> f64 {
    if value.is_finite() { value } else { otherwise }
}

#[cfg(test)]
mod tests {
    use super::*;

    const END: Time = Time::from_us(1_000_000);

    #[test]
    fn zooming_leaves_the_point_where_it_is() {
        let view = Viewport::fit(END);
        let about = 300_000.0;
        let place = |view: Viewport| (about - view.from_us) / view.span_us;
        let mut near = view;
        for _ in 0..40 {
            near = near.zoom(0.8, about);
            assert!((place(near) - place(view)).abs() < 1e-9);
        }
        for _ in 0..200 {
            near = near.zoom(0.5, about);
        }
        assert_eq!(near.span_us, MIN_SPAN_US, "no further than a microsecond can be told");
        assert_eq!(view.zoom(f64::NAN, about), view);
        assert_eq!(view.zoom(0.0, about), view);
    }

    #[test]
    fn a_view_never_gets_lost() {
        let lost = Viewport { from_us: 9e18, span_us: f64::NAN, top_px: -5.0, lane_px: 999.0 };
        let found = lost.clamp(END, 10, 100.0);
        assert!(found.from_us <= 1_000_000.0, "{found:?}");
        assert_eq!((found.top_px, found.lane_px), (0.0, 24.0));
        let below = Viewport { top_px: 1e9, ..Viewport::fit(END) }.clamp(END, 10, 100.0);
        assert_eq!(below.top_px, 140.0, "the last row stands at the bottom");
        let fitted = Viewport::fit(END);
        assert_eq!(fitted.clamp(END, 3, 500.0), fitted, "a fitted view is in its place");
    }

    #[test]
    fn an_edit_keeps_the_place() {
        let later = Time::from_us(5_000_000);
        assert_eq!(Viewport::fit(END).carry(END, later), Viewport::fit(later), "all stays all");
        let near = Viewport::fit(END).zoom(0.5, 200_000.0);
        assert_eq!(near.carry(END, later), near);
    }

    #[test]
    fn lanes_shrink_to_fit() {
        let view = Viewport::fit(END);
        let height = |rows| view.fit_lanes(rows, 480.0).lane_px;
        assert_eq!([3, 20, 21, 30, 31, 100, 1000].map(height), [24.0, 24.0, 16.0, 16.0, 15.0, 4.0, 2.0]);
    }

    #[test]
    fn revealing_moves_no_more_than_needed() {
        let view = Viewport { top_px: 48.0, ..Viewport::fit(END) };
        assert_eq!(view.reveal_row(3, 100.0), view);
        assert_eq!(view.reveal_row(0, 100.0).top_px, 0.0);
        assert_eq!(view.reveal_row(9, 100.0).top_px, 140.0);
        assert_eq!(view.reveal_time(END), view);
        let moved = view.reveal_time(Time::from_us(9_000_000));
        assert!(moved.from_us < 9e6 && 9e6 < moved.from_us + moved.span_us);
    }
}
