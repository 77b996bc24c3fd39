//! Scopes as quiet brackets behind their lanes, deadlines as dashed lines with a flag, and the bands of a held loop.

use crate::geom::Rect;
use crate::order;
use crate::timeline::ScopeKind;
use crate::timeline::{Bracket, Geometry, Layout, instant};

use super::ruler::crisp;
use super::scene::{Anchor, Command, Fill, Glyph, Layer};
use super::text;
use super::theme::{Ink, size};

/// Below this height of a lane brackets have no names and deadlines no flags.
const NAMED_PX: f64 = 16.0;

/// Narrower than this a bracket is not seen as one.
const LEAST_PX: f64 = 3.0;

/// Deadlines nearer to each other than this on one lane are drawn as one.
const DEADLINE_GAP_PX: f64 = 6.0;

/// Room between what points at a deadline beyond the edge and what else stands on its lane.
const APART_PX: f64 = 8.0;

/// The brackets that reach into view, outermost first.
pub fn brackets(layer: &mut Layer, layout: &Layout, geometry: &Geometry) {
    each(layout, geometry, |bracket| {
        if bracket.group {
            group(layer, geometry, bracket);
        }
    });
}

/// The deadlines that reach into view, over the bars.
pub fn deadlines(layer: &mut Layer, layout: &Layout, geometry: &Geometry) {
    let mut last: Option<(u32, f64)> = None;
    each(layout, geometry, |bracket| {
        let Some(at) = bracket.deadline else { return };
        let x = geometry.scale().x(at);
        let near = |(lane, other): (u32, f64)| lane == bracket.lane && (x - other).abs() < DEADLINE_GAP_PX;
        if !last.is_some_and(near) {
            deadline(layer, geometry, bracket, x);
            last = Some((bracket.lane, x));
        }
    });
}

/// What points at the deadlines beyond the right edge, between all that is drawn on their lanes by now.
pub fn deadlines_beyond(layer: &mut Layer, layout: &Layout, geometry: &Geometry) {
    each(layout, geometry, |bracket| {
        let Some(words) = beyond(geometry, bracket) else { return };
        let Some((top, _)) = extent(geometry, bracket) else { return };
        let middle = top + geometry.viewport.lane_px / 2.0;
        let Some(right) = free_end(layer, geometry, bracket, middle, beyond_px(&words)) else { return };
        let ink = if bracket.fired { Ink::Failed } else { Ink::Quiet };
        let wide = text::width(&words, size::SMALL);
        layer.text(right - 12.0, middle + 4.5, words, ink, size::SMALL, Anchor::End);
        layer.glyph(right - 6.0, middle, Glyph::Folded, ink, 7.0);
        layer.glyph(right - wide - 20.0, middle, Glyph::Flag, ink, 10.0);
    });
}

/// Where the loop was held: a tint across all lanes below a band of hazard stripes.
pub fn blocked(layer: &mut Layer, layout: &Layout, geometry: &Geometry) {
    let (plot, scale) = (geometry.plot(), geometry.scale());
    let (from, to) = geometry.window();
    let first = layout.blocked.partition_point(|band| band.end.as_us() as f64 <= from);
    let last = layout.blocked.partition_point(|band| (band.start.as_us() as f64) < to);
    let mut right = f64::MIN;
    for band in layout.blocked.get(first..last).unwrap_or_default() {
        let start = scale.x(band.start).max(plot.x).max(right);
        let end = scale.x(band.end).min(plot.right());
        // What ends within a pixel that is already drawn adds nothing.
        if end <= right {
            continue;
        }
        let width = (end - start).max(1.0);
        right = start + width;
        layer.rect(Rect { x: start, width, ..plot }, Fill::Solid(Ink::BlockedTint));
        let strip = Rect { x: start, y: plot.y, width, height: 4.0 };
        layer.rect(
            strip,
            if width < 4.0 { Fill::Solid(Ink::Blocked) } else { Fill::Hazard(Ink::Blocked, Ink::Ground) },
        );
    }
}

/// Calls for each bracket that belongs to a lane in view or to one around it.
fn each(layout: &Layout, geometry: &Geometry, mut draw: impl FnMut(&Bracket)) {
    let visible = geometry.visible();
    let (from, to) = geometry.window();
    let mut outer = Vec::new();
    let first = geometry.rows.rows.get(visible.start).and_then(|row| layout.lanes.get(row.lane as usize));
    let mut around = first.and_then(|lane| lane.parent);
    while let Some(lane) = around {
        outer.push(lane);
        around = layout.lanes.get(lane as usize).and_then(|lane| lane.parent);
    }
    let inside = geometry.rows.rows.get(visible).unwrap_or_default().iter().map(|row| row.lane);
    for lane in outer.into_iter().rev().chain(inside) {
        for bracket in layout.brackets_of(lane) {
            let end = bracket.deadline.map_or(bracket.end, |at| at.max(bracket.end));
            // A deadline beyond the right edge is still pointed at from there.
            if end.as_us() as f64 >= from && (bracket.start.as_us() as f64) < to {
                draw(bracket);
            }
        }
    }
}

/// From the top of a bracket's first row to the bottom of its last, as far as they are shown.
fn extent(geometry: &Geometry, bracket: &Bracket) -> Option<(f64, f64)> {
    let first = geometry.rows.row_of(bracket.lanes.0)?;
    let last = geometry.rows.row_of(bracket.lanes.1.checked_sub(1)?)?;
    Some((geometry.row_top(first), geometry.row_top(last + 1)))
}

fn group(layer: &mut Layer, geometry: &Geometry, bracket: &Bracket) {
    let (plot, scale) = (geometry.plot(), geometry.scale());
    let Some((top, bottom)) = extent(geometry, bracket) else { return };
    let (start, end) = (scale.x(bracket.start), scale.x(bracket.end));
    if end - start < LEAST_PX || bottom - top < 6.0 {
        return;
    }
    // Beyond the edges of the view nothing is seen of it; very long rectangles lose their corners in some browsers.
    let (left, right) = (start.max(plot.x - 8.0), end.min(plot.right() + 8.0));
    let rect = Rect { x: left, y: top + 2.0, width: right - left, height: bottom - top - 3.0 };
    layer.round(rect, Fill::Outline(Ink::Guide, Ink::ScopeTint), 4.0);
    if geometry.viewport.lane_px < NAMED_PX {
        return;
    }
    let words = match bracket.kind {
        ScopeKind::Race if !bracket.label.starts_with("race") => format!("race {}", bracket.label),
        ScopeKind::Gather if !bracket.label.starts_with("gather") => format!("gather {}", bracket.label),
        ScopeKind::Collect => format!("{}, collecting", bracket.label),
        _ => bracket.label.to_string(),
    };
    let x = left.max(plot.x) + 7.0;
    let pointer = beyond(geometry, bracket).map_or(0.0, |words| beyond_px(&words) + APART_PX);
    let room = right.min(plot.right()) - x - 22.0 - pointer;
    if let Some(words) = text::fit(&words, size::SMALL, room, 3) {
        let baseline = top + geometry.viewport.lane_px / 2.0 + 4.5;
        layer.text(x, baseline, words, Ink::Quiet, size::SMALL, Anchor::Start);
    }
}

/// Whether a scope has no lanes but that of its task.
fn on_own_lane(bracket: &Bracket) -> bool {
    bracket.lanes.1 - bracket.lanes.0 == 1 && !bracket.group
}

fn is_beyond(geometry: &Geometry, x: f64) -> bool {
    x > geometry.plot().right() - 2.0
}

/// The words for a deadline that lies beyond the right edge; none for each short timeout of a task.
fn beyond(geometry: &Geometry, bracket: &Bracket) -> Option<String> {
    let at = bracket.deadline.filter(|at| is_beyond(geometry, geometry.scale().x(*at)))?;
    (geometry.viewport.lane_px >= NAMED_PX && !on_own_lane(bracket)).then(|| instant(at))
}

/// How wide flag, words and arrow are.
fn beyond_px(words: &str) -> f64 {
    text::width(words, size::SMALL) + 25.0
}

/// Where on a bracket's first lane there is `wide` room for what points at its deadline, seen from the right
/// edge: its right end. None if signs and labels leave no room.
fn free_end(layer: &Layer, geometry: &Geometry, bracket: &Bracket, middle: f64, wide: f64) -> Option<f64> {
    let (plot, scale) = (geometry.plot(), geometry.scale());
    let half = geometry.viewport.lane_px / 2.0;
    let on_lane = |y: f64| (y - middle).abs() < half;
    let mut taken: Vec<(f64, f64)> = layer
        .commands
        .iter()
        .filter_map(|command| match command {
            Command::Glyph { at, size, .. } if on_lane(at.y) => Some((at.x - size / 2.0, at.x + size / 2.0)),
            Command::Text { at, text, size, anchor, .. } if on_lane(at.y) => {
                let wide = text::width(text, *size);
                let left = match anchor {
                    Anchor::Start => at.x,
                    Anchor::Middle => at.x - wide / 2.0,
                    Anchor::End => at.x - wide,
                };
                Some((left, left + wide))
            }
            _ => None,
        })
        .collect();
    taken.push((scale.x(bracket.end), scale.x(bracket.end)));
    order::by(&mut taken, |one, other| other.1.total_cmp(&one.1));
    let mut right = plot.right() - 4.0;
    for (from, to) in taken {
        if from < right + APART_PX && to > right - wide - APART_PX {
            right = from - APART_PX;
        }
    }
    (right - wide > plot.x.max(scale.x(bracket.start))).then_some(right)
}

fn deadline(layer: &mut Layer, geometry: &Geometry, bracket: &Bracket, x: f64) {
    let plot = geometry.plot();
    let Some((top, bottom)) = extent(geometry, bracket) else { return };
    let lane_px = geometry.viewport.lane_px;
    let ink = if bracket.fired { Ink::Failed } else { Ink::Quiet };
    let (named, words) = (lane_px >= NAMED_PX, bracket.deadline.map(instant).unwrap_or_default());
    let own_lane = on_own_lane(bracket);
    let middle = top + lane_px / 2.0;
    if is_beyond(geometry, x) {
        return;
    }
    if x < plot.x {
        return;
    }
    for moved in &bracket.moved {
        let x = crisp(geometry.scale().x(*moved));
        layer.stroke((x, top + 2.0), (x, bottom - 1.0), Ink::Guide, 1.0, true);
    }
    let x = crisp(x);
    layer.stroke((x, top + 2.0), (x, bottom - 1.0), ink, 1.0, true);
    if named && own_lane {
        layer.glyph(x + 2.0, top + 5.0, Glyph::Flag, ink, 7.0);
    } else if named {
        layer.glyph(x + 3.0, middle, Glyph::Flag, ink, 10.0);
        // Where the words would be cut off they stand before the line.
        let wide = text::width(&words, size::SMALL);
        let (x, anchor) = match x + 12.0 + wide < plot.right() {
            true => (x + 11.0, Anchor::Start),
            false => (x - 6.0, Anchor::End),
        };
        layer.text(x, middle + 4.5, words, ink, size::SMALL, anchor);
    }
}
