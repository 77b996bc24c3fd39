//! From a point of the picture to what stands there: by binary search, never by reading pixels.

use std::ops::Range;

use crate::geom::{Point, Rect};
use crate::ids::ScopeId;
use crate::time::Time;

use super::layout::{Layout, Rank};
use super::rows::{Row, Rows};
use super::scale::TimeScale;
use super::viewport::Viewport;

/// How far beside a mark or a deadline a point may lie to mean it.
pub const REACH_PX: f64 = 5.0;

/// How far beside a bar a point may lie to mean it: narrow bars are drawn wider than they are.
const BAR_REACH_PX: f64 = 2.0;

/// How wide one level of the gutter's tree is.
pub const INDENT_PX: f64 = 12.0;

/// How deep the gutter indents; what stands deeper is not moved further.
pub const MAX_INDENT: u32 = 8;

/// Where everything is: the picture's size, its gutter and ruler, the rows and the view.
#[derive(Clone, Copy, Debug)]
pub struct Geometry<'a> {
    /// The rows.
    pub rows: &'a Rows,
    /// What is in view.
    pub viewport: Viewport,
    /// The picture's width.
    pub width_px: f64,
    /// The picture's height.
    pub height_px: f64,
    /// How much of the width the names take.
    pub gutter_px: f64,
    /// How much of the height the ruler takes.
    pub ruler_px: f64,
}

/// What stands at a point.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Hit {
    /// The ruler, at this instant.
    Ruler(Time),
    /// A lane's name.
    Name(u32),
    /// The triangle that folds and unfolds a lane.
    Fold(u32),
    /// A mark, by its number in the layout.
    Mark(u32),
    /// A bar, by its number in the layout.
    Bar(u32),
    /// The deadline of a timeout.
    Deadline(ScopeId),
    /// A lane where nothing stands, at this instant.
    Lane(u32, Time),
}

impl Geometry<'_> {
    /// The part of the picture that shows the lanes.
    pub fn plot(&self) -> Rect {
        Rect {
            x: self.gutter_px,
            y: self.ruler_px,
            width: (self.width_px - self.gutter_px).max(0.0),
            height: (self.height_px - self.ruler_px).max(0.0),
        }
    }

    /// Instants to positions.
    pub fn scale(&self) -> TimeScale {
        let plot = self.plot();
        self.viewport.scale(plot.x, plot.width)
    }

    /// The instants at the left and the right edge, in microseconds.
    pub fn window(&self) -> (f64, f64) {
        (self.viewport.from_us, self.viewport.from_us + self.viewport.span_us)
    }

    /// The top edge of a row.
    pub fn row_top(&self, row: usize) -> f64 {
        self.ruler_px + row as f64 * self.viewport.lane_px - self.viewport.top_px
    }

    /// The row at a height, if there is one.
    pub fn row_at(&self, y: f64) -> Option<usize> {
        let row = ((y - self.ruler_px + self.viewport.top_px) / self.viewport.lane_px).floor();
        (row >= 0.0 && row < self.rows.len() as f64).then_some(row as usize)
    }

    /// The rows of which something is in view.
    pub fn visible(&self) -> Range<usize> {
        let (top, lane) = (self.viewport.top_px, self.viewport.lane_px);
        let first = (top / lane).floor().max(0.0) as usize;
        let last = ((top + self.plot().height) / lane).ceil().max(0.0) as usize;
        first.min(self.rows.len())..last.min(self.rows.len())
    }

    /// Where the name of a lane begins in the gutter, after its triangle.
    pub fn indent(&self, depth: u32) -> f64 {
        // A narrow picture has little room for names, so less of it goes to their depth.
        let step = if self.gutter_px < 112.0 { INDENT_PX / 2.0 } else { INDENT_PX };
        8.0 + f64::from(depth.min(MAX_INDENT)) * step
    }
}

/// What stands at `point`; none outside of the picture and below the last row.
pub fn pick(layout: &Layout, geometry: &Geometry, point: Point) -> Option<Hit> {
    let whole = Rect { x: 0.0, y: 0.0, width: geometry.width_px, height: geometry.height_px };
    if !whole.contains(point) {
        return None;
    }
    let scale = geometry.scale();
    if point.y < geometry.ruler_px {
        return (point.x >= geometry.gutter_px).then(|| Hit::Ruler(scale.time(point.x)));
    }
    let row = *geometry.rows.rows.get(geometry.row_at(point.y)?)?;
    let lane = layout.lanes.get(row.lane as usize)?;
    if point.x < geometry.gutter_px {
        let triangle = geometry.indent(lane.depth)..geometry.indent(lane.depth) + INDENT_PX;
        let folds = row.foldable && triangle.contains(&point.x);
        return Some(if folds { Hit::Fold(row.lane) } else { Hit::Name(row.lane) });
    }
    let hit = mark_at(layout, geometry.rows, row, scale, point.x)
        .or_else(|| deadline_at(layout, geometry, row.lane, scale, point.x))
        .or_else(|| bar_at(layout, row, scale, point.x));
    Some(hit.unwrap_or_else(|| Hit::Lane(row.lane, scale.time(point.x))))
}

/// The loudest mark in reach, of two alike the nearer one.
fn mark_at(layout: &Layout, rows: &Rows, row: Row, scale: TimeScale, x: f64) -> Option<Hit> {
    let (from, to) = (scale.us(x - REACH_PX), scale.us(x + REACH_PX));
    for rank in [Rank::Failed, Rank::Cancelled, Rank::Plain] {
        let found = match rows.summary(row) {
            Some(summary) => {
                let list = &summary.marks[rank as usize];
                nearest(list.len(), |at| layout.marks[list[at] as usize].at, from, to).map(|at| list[at])
            }
            None => {
                let range = layout.marks_of(row.lane, rank);
                let start = range.start;
                nearest(range.len(), |at| layout.marks[start + at].at, from, to).map(|at| (start + at) as u32)
            }
        };
        if let Some(mark) = found {
            return Some(Hit::Mark(mark));
        }
    }
    None
}

/// The one of `count` sorted instants that lies between `from` and `to`, nearest to the middle; the last of equals.
fn nearest(count: usize, at: impl Fn(usize) -> Time, from: f64, to: f64) -> Option<usize> {
    let middle = (from + to) / 2.0;
    let us = |index: usize| at(index).as_us() as f64;
    let after = partition(count, |index| us(index) <= middle);
    let before = after.checked_sub(1).filter(|index| us(*index) >= from);
    let after = (after < count).then_some(after).filter(|index| us(*index) <= to);
    match (before, after) {
        (Some(before), Some(after)) if us(after) - middle < middle - us(before) => Some(after),
        (before, after) => before.or(after),
    }
}

/// The number of indices below `count` for which `holds`, which must hold for the first ones only.
fn partition(count: usize, holds: impl Fn(usize) -> bool) -> usize {
    let (mut low, mut high) = (0, count);
    while low < high {
        let middle = low + (high - low) / 2;
        if holds(middle) { low = middle + 1 } else { high = middle }
    }
    low
}

fn deadline_at(layout: &Layout, geometry: &Geometry, lane: u32, scale: TimeScale, x: f64) -> Option<Hit> {
    if geometry.viewport.lane_px < super::viewport::lane_px::DENSE {
        return None;
    }
    let mut around = Some(lane);
    while let Some(home) = around {
        let brackets = layout.brackets_of(home).iter();
        let here = brackets.filter(|bracket| (bracket.lanes.0..bracket.lanes.1).contains(&lane));
        let mut hit =
            here.filter(|bracket| bracket.deadline.is_some_and(|at| (scale.x(at) - x).abs() <= REACH_PX));
        if let Some(bracket) = hit.next_back() {
            return Some(Hit::Deadline(bracket.scope));
        }
        around = layout.lanes.get(home as usize).and_then(|lane| lane.parent);
    }
    None
}

fn bar_at(layout: &Layout, row: Row, scale: TimeScale, x: f64) -> Option<Hit> {
    if row.summary.is_some() {
        return None;
    }
    let us = scale.us(x);
    let (from, to) = (scale.us(x - BAR_REACH_PX), scale.us(x + BAR_REACH_PX));
    let near = layout.bars.window(layout.bars_of(row.lane), from, to);
    // Of those in reach the one under the point, else the nearest; there may
    // be thousands in reach, so only the three around the point are asked.
    let at = layout.bars.first_after(near.clone(), us);
    let candidates = at.saturating_sub(1).max(near.start)..(at + 2).min(near.end);
    let distance = |bar: usize| {
        let (start, end) = (layout.bars.start[bar] as f64, layout.bars.end[bar] as f64);
        if us < start {
            start - us
        } else if us >= end {
            us - end
        } else {
            -1.0
        }
    };
    let best = candidates.min_by(|a, b| distance(*a).total_cmp(&distance(*b)));
    best.map(|bar| Hit::Bar(bar as u32))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::TaskId;
    use crate::timeline::{Collapsed, Viewport};
    use crate::trace::script::{Script, order_dashboard};

    fn geometry(rows: &Rows, viewport: Viewport) -> Geometry<'_> {
        Geometry { rows, viewport, width_px: 1160.0, height_px: 400.0, gutter_px: 160.0, ruler_px: 28.0 }
    }

    #[test]
    fn the_dashboard_under_the_pointer() {
        let layout = Layout::new(&order_dashboard());
        let rows = Rows::new(&layout, &Collapsed::new());
        // One pixel holds a millisecond.
        let viewport = Viewport { span_us: 1_000_000.0, ..Viewport::fit(layout.end()) };
        let geometry = geometry(&rows, viewport);
        let at = |x, y| pick(&layout, &geometry, Point { x, y });
        let y = |row: usize| geometry.row_top(row) + 12.0;
        assert_eq!(at(410.0, 10.0), Some(Hit::Ruler(Time::from_us(250_000))));
        assert_eq!(at(10.0, 10.0), None, "the corner");
        assert_eq!(at(100.0, y(1)), Some(Hit::Name(1)));
        assert_eq!(at(geometry.indent(1) + 3.0, y(1)), Some(Hit::Fold(1)));
        assert_eq!(at(260.0, y(2)), Some(Hit::Bar(1)), "user sleeps");
        assert_eq!(at(660.0, y(2)), Some(Hit::Lane(2, Time::from_us(500_000))));
        let Some(Hit::Mark(mark)) = at(412.0, y(4)) else { panic!("prefs failed there") };
        assert_eq!(layout.marks[mark as usize].kind.rank(), Rank::Failed);
        assert_eq!(at(500.0, 390.0), None, "below the last row");
        let all = Viewport { span_us: 4_000_000.0, ..viewport };
        let wide = Geometry { viewport: all, ..geometry };
        let x = wide.scale().x(Time::from_us(3_000_000));
        assert_eq!(pick(&layout, &wide, Point { x, y: y(3) }), Some(Hit::Deadline(ScopeId(0))));
    }

    #[test]
    fn picking_agrees_with_asking_every_bar() {
        let mut seed = 7u64;
        let mut random = move |below: u64| {
            seed = seed.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            (seed >> 33) % below
        };
        let mut run = Script::new("");
        let tasks: Vec<TaskId> = (0..20).map(|n| run.spawn(TaskId::ROOT, None, &format!("t{n}"))).collect();
        let mut now = 0;
        for _ in 0..2000 {
            now += random(400);
            let task = tasks[random(20) as usize];
            run.at_us(now).sleep(task, 0);
            now += random(400);
            run.at_us(now).wake(task);
        }
        let layout = Layout::new(&run.so_far());
        let rows = Rows::new(&layout, &Collapsed::new());
        for _ in 0..2000 {
            let viewport = Viewport {
                from_us: random(400_000) as f64,
                span_us: 20.0 + random(400_000) as f64,
                ..Viewport::fit(layout.end())
            };
            let geometry = geometry(&rows, viewport);
            let point = Point { x: 160.0 + random(1000) as f64, y: 28.0 + random(370) as f64 };
            let scale = geometry.scale();
            let us = scale.us(point.x);
            let row = geometry.row_at(point.y).expect("21 rows are taller than the picture");
            let inside = layout
                .bars_of(row as u32)
                .find(|bar| layout.bars.start[*bar] as f64 <= us && us < layout.bars.end[*bar] as f64);
            match (pick(&layout, &geometry, point), inside) {
                (Some(Hit::Bar(bar)), Some(expected)) => assert_eq!(bar as usize, expected),
                (Some(Hit::Bar(bar)), None) => {
                    let (start, end) = layout.bars.times(bar as usize).expect("a bar of the layout");
                    let (left, right) = (scale.x(start), scale.x(end));
                    assert!(left - BAR_REACH_PX <= point.x && point.x <= right + BAR_REACH_PX);
                }
                (Some(Hit::Lane(lane, _)), expected) => {
                    assert_eq!((lane as usize, expected), (row, None));
                }
                (Some(Hit::Mark(_)), _) => {}
                other => panic!("{other:?}"),
            }
        }
    }
}
