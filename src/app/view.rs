//! The window on the timeline: which time and rows are on screen, and how it moves.

use std::rc::Rc;

use crate::time::Time;
use crate::timeline::{Collapsed, Layout, Rows, Viewport};

/// The window on the timeline.
#[derive(Clone, Debug, Default)]
pub struct View {
    /// Which stretch of time and which rows. None: nothing has run yet.
    pub port: Option<Viewport>,
    /// Lanes whose insides are hidden, by their number in the layout on screen.
    pub collapsed: Collapsed,
    /// The rows that result.
    pub rows: Rc<Rows>,
    /// Size of the lanes' part of the picture, CSS pixels.
    pub size: (f64, f64),
    /// The stretch of time to show as soon as there is a run; from a link.
    pub wanted: Option<(Time, Time)>,
    /// What a fitted window of the layout on screen looks like.
    pub(super) fitted: Option<Viewport>,
}

/// A movement of the window.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Motion {
    /// Show `factor` times as much time.
    Zoom {
        /// Less than one: closer.
        factor: f64,
        /// The instant that stays where it is, in microseconds. None: the middle.
        about_us: Option<f64>,
    },
    /// Move in time by a part of the width.
    Pan(f64),
    /// Move the rows up by so many pixels.
    Scroll(f64),
    /// Show this stretch.
    Show(Time, Time),
    /// Begin at this instant, in microseconds.
    Begin(f64),
    /// Show the whole run.
    Fit,
}

impl View {
    /// Applies a movement.
    pub fn apply(&mut self, motion: Motion, layout: &Layout) {
        let Some(port) = self.port else { return };
        let moved = match motion {
            Motion::Zoom { factor, about_us } => {
                port.zoom(factor, about_us.unwrap_or(port.from_us + port.span_us / 2.0))
            }
            Motion::Pan(part) => port.pan(part),
            Motion::Scroll(px) => port.scroll(px),
            Motion::Show(from, to) => port.show(from, to),
            Motion::Begin(us) => Viewport { from_us: us, ..port },
            Motion::Fit => fitted(layout, &self.rows, self.size.1),
        };
        self.port = Some(self.clamped(moved, layout));
    }

    /// The window on a run that was not on screen before.
    pub fn enter(&mut self, layout: &Layout) {
        self.set_rows(layout);
        let whole = readable(fitted(layout, &self.rows, self.size.1));
        let port = match self.wanted.take() {
            Some((from, to)) => {
                Viewport { from_us: from.as_us() as f64, span_us: to.since(from).as_micros() as f64, ..whole }
            }
            None => whole,
        };
        self.port = Some(self.clamped(port, layout));
    }

    /// The window on a run that takes the place of another: a view of all stays one, any other its place.
    pub fn carry(&mut self, before: &Layout, layout: &Layout) {
        let Some(port) = self.port.filter(|_| self.wanted.is_none()) else { return self.enter(layout) };
        let was_fitted = self.is_fitted();
        self.set_rows(layout);
        let whole = fitted(layout, &self.rows, self.size.1);
        let whole = if port.lane_px < READABLE_PX { whole } else { readable(whole) };
        let carried = if was_fitted { whole } else { port.carry(before.end(), layout.end()) };
        self.port = Some(self.clamped(carried, layout));
    }

    /// The picture's size changed.
    pub fn resize(&mut self, size: (f64, f64), layout: Option<&Layout>) {
        let was_fitted = self.is_fitted();
        self.size = size;
        let Some(layout) = layout else { return };
        self.fitted = Some(fitted(layout, &self.rows, size.1));
        let whole = self.fitted.map(readable);
        if let Some(port) = if was_fitted { whole } else { self.port } {
            self.port = Some(self.clamped(port, layout));
        }
    }

    /// Hides or shows what is inside `lane`.
    pub fn fold(&mut self, lane: u32, layout: &Layout) {
        if !self.collapsed.remove(&lane) {
            self.collapsed.insert(lane);
        }
        self.set_rows(layout);
        if let Some(port) = self.port {
            self.port = Some(self.clamped(port, layout));
        }
    }

    /// Shows the whole of the next run.
    pub fn fit_wanted(&mut self) {
        self.port = None;
        self.collapsed.clear();
    }

    /// Whether the whole run is on screen, as [`Motion::Fit`] shows it.
    pub fn is_fitted(&self) -> bool {
        let times = |port: Viewport| (port.from_us, port.span_us);
        self.port.map(times) == self.fitted.map(times)
    }

    /// Brings a lane into view, and an instant if there is one.
    pub fn reveal(&mut self, lane: u32, at: Option<Time>, layout: &Layout) {
        let (Some(port), Some(row)) = (self.port, self.rows.row_of(lane)) else { return };
        let port = port.reveal_row(row, self.size.1);
        self.port = Some(self.clamped(at.map_or(port, |at| port.reveal_time(at)), layout));
    }

    fn set_rows(&mut self, layout: &Layout) {
        self.rows = Rc::new(Rows::new(layout, &self.collapsed));
        self.fitted = Some(fitted(layout, &self.rows, self.size.1));
    }

    fn clamped(&self, port: Viewport, layout: &Layout) -> Viewport {
        port.clamp(layout.horizon(), self.rows.len(), self.size.1)
    }
}

/// Below this height a lane has no name, in CSS pixels.
const READABLE_PX: f64 = 10.0;

/// The same with lanes that have names: more of them than fit are scrolled, and [`Motion::Fit`] shows them all.
fn readable(port: Viewport) -> Viewport {
    if port.lane_px < READABLE_PX { port.with_lanes(DENSE_PX) } else { port }
}

/// A dense lane, in CSS pixels.
const DENSE_PX: f64 = 16.0;

/// The whole run, with lanes that fit.
fn fitted(layout: &Layout, rows: &Rows, height: f64) -> Viewport {
    // To the run's end, not to a deadline long after it: what happened is what there is to see.
    let port = Viewport::fit(layout.end());
    // Before the picture has a size there is nothing to fit into.
    let port = if height > 0.0 { port.fit_lanes(rows.len(), height) } else { port };
    port.clamp(layout.horizon(), rows.len(), height)
}

/// The instants at both edges of a window.
pub fn range(port: Viewport) -> (Time, Time) {
    let us = |us: f64| Time::from_us(us.max(0.0).round() as u64);
    (us(port.from_us), us(port.from_us + port.span_us))
}
