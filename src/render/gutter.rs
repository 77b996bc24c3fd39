//! The names of the lanes as a tree, to the left of them.

use crate::geom::Rect;
use crate::timeline::End;
use crate::timeline::{Geometry, Lane, LaneKind, Layout, Rank, Row, Rows};

use super::ruler::crisp;
use super::scene::{Anchor, Command, Fill, Glyph, Layer, Weight};
use super::text;
use super::theme::{Ink, size};

/// From this height on each lane has its name.
const NAMED_PX: f64 = 12.0;

/// The least height that a group needs for its name where lanes have none.
const GROUP_NAME_PX: f64 = 16.0;

/// How wide the gutter should be for these rows: as wide as the longest name, within bounds.
pub fn gutter_px(layout: &Layout, rows: &Rows, width_px: f64) -> f64 {
    // Beyond this many rows a longer name further down is not worth a look.
    let names = rows.rows.iter().take(2000).filter_map(|row| layout.lanes.get(row.lane as usize));
    let indent = |depth: u32| 56.0 + f64::from(depth.min(8)) * 12.0;
    let widest =
        names.map(|lane| indent(lane.depth) + text::width(&lane.label, size::BASE)).fold(0.0, f64::max);
    let most = if width_px < 560.0 { width_px * 0.3 } else { 280.0 };
    widest.clamp(96.0, most.max(96.0)).round()
}

/// Draws the gutter over whatever reached into it.
pub fn gutter(layer: &mut Layer, layout: &Layout, geometry: &Geometry) {
    let width = geometry.gutter_px;
    if width <= 0.0 {
        return;
    }
    let area = Rect { x: 0.0, y: geometry.ruler_px, width, height: geometry.plot().height };
    layer.rect(area, Fill::Solid(Ink::Panel));
    layer.commands.push(Command::Clip(area));
    if geometry.viewport.lane_px < NAMED_PX {
        extents(layer, layout, geometry);
    }
    let mut free_from = f64::MIN;
    for number in geometry.visible() {
        let Some(row) = geometry.rows.rows.get(number) else { continue };
        let Some(lane) = layout.lanes.get(row.lane as usize) else { continue };
        let top = geometry.row_top(number);
        guides(layer, layout, geometry, number, lane);
        if geometry.viewport.lane_px >= NAMED_PX {
            name(layer, layout, geometry, *row, lane, top);
        } else if row.foldable && top >= free_from {
            let rows = geometry.rows.row_of(lane.until.saturating_sub(1)).unwrap_or(number) + 1 - number;
            if rows as f64 * geometry.viewport.lane_px >= GROUP_NAME_PX {
                let room = width - geometry.indent(lane.depth) - 8.0;
                if let Some(label) = text::fit(&lane.label, size::SMALL, room, 3) {
                    let x = geometry.indent(lane.depth);
                    layer.text(x, top + 12.0, label, Ink::Quiet, size::SMALL, Anchor::Start);
                    free_from = top + GROUP_NAME_PX;
                }
            }
        }
    }
    layer.commands.push(Command::Unclip);
    let x = width - 0.5;
    layer.line((x, 0.0), (x, geometry.height_px), Ink::Border);
}

/// Where lanes are too low for names: a line along each group, so that the tree can still be seen.
fn extents(layer: &mut Layer, layout: &Layout, geometry: &Geometry) {
    let visible = geometry.visible();
    let rows = geometry.rows.rows.get(visible.clone()).unwrap_or_default();
    let mut groups: Vec<u32> = rows.iter().filter(|row| row.foldable).map(|row| row.lane).collect();
    let mut around =
        rows.first().and_then(|row| layout.lanes.get(row.lane as usize)).and_then(|lane| lane.parent);
    while let Some(lane) = around {
        groups.push(lane);
        around = layout.lanes.get(lane as usize).and_then(|lane| lane.parent);
    }
    for number in groups {
        let Some(lane) = layout.lanes.get(number as usize) else { continue };
        let first = geometry.rows.row_of(number);
        let last = geometry.rows.row_of(lane.until.saturating_sub(1));
        let (Some(first), Some(last)) = (first, last) else { continue };
        let (top, bottom) = (geometry.row_top(first), geometry.row_top(last + 1));
        if bottom - top >= GROUP_NAME_PX {
            let x = crisp(geometry.indent(lane.depth) - 4.0);
            layer.line((x, top + 1.0), (x, bottom - 1.0), Ink::Guide);
        }
    }
}

/// A line down from each lane around this one, with a foot towards its name.
fn guides(layer: &mut Layer, layout: &Layout, geometry: &Geometry, number: usize, lane: &Lane) {
    let lane_px = geometry.viewport.lane_px;
    if lane_px < NAMED_PX || lane.depth == 0 || lane.parent.is_none() {
        return;
    }
    let (top, middle) = (geometry.row_top(number), crisp(geometry.row_top(number) + lane_px / 2.0));
    let mut around = lane.parent;
    let mut direct = true;
    let this = geometry.rows.rows.get(number).map_or(0, |row| row.lane);
    let mut child = this;
    while let Some(parent) = around.and_then(|parent| layout.lanes.get(parent as usize)) {
        let x = crisp(geometry.indent(parent.depth) + 5.0);
        let last = layout.lanes.get(child as usize).is_some_and(|child| child.until >= parent.until);
        // Below the last child there is nothing to lead to.
        if direct || !last {
            let bottom = if direct && last { middle } else { top + lane_px };
            layer.line((x, top), (x, bottom), Ink::Guide);
        }
        if direct {
            layer.line((x, middle), (geometry.indent(lane.depth) + 1.0, middle), Ink::Guide);
        }
        direct = false;
        child = around.unwrap_or(child);
        around = parent.parent;
    }
}

fn name(layer: &mut Layer, layout: &Layout, geometry: &Geometry, row: Row, lane: &Lane, top: f64) {
    let lane_px = geometry.viewport.lane_px;
    let middle = top + lane_px / 2.0;
    let left = geometry.indent(lane.depth);
    if row.foldable {
        let glyph = if row.summary.is_some() { Glyph::Folded } else { Glyph::Unfolded };
        // Over the guide that ends here.
        layer.rect(Rect { x: left, y: middle - 6.0, width: 11.0, height: 12.0 }, Fill::Solid(Ink::Panel));
        layer.glyph(left + 5.0, middle, glyph, Ink::Quiet, 9.0);
    }
    let mut right = geometry.gutter_px - 8.0;
    if let Some((glyph, ink)) = fate(geometry, row, lane) {
        layer.glyph(right - 5.0, middle, glyph, ink, 9.0);
        right -= 16.0;
    }
    let size = if lane_px >= 20.0 { size::BASE } else { size::SMALL };
    let baseline = middle + size * 0.35;
    if let Some(count) = count(layout, geometry, row, lane) {
        right -= text::width(&count, size::SMALL) + 6.0;
        layer.text(right + 6.0, baseline, count, Ink::Quiet, size::SMALL, Anchor::Start);
    }
    let x = left + 14.0;
    // Strong letters are a little wider.
    let room = if matches!(lane.kind, LaneKind::Scope(_)) { (right - x) * 0.93 } else { right - x };
    let Some(label) = text::fit(&lane.label, size, room, 1) else { return };
    let (ink, weight) = match lane.kind {
        LaneKind::Scope(_) => (Ink::Text, Weight::Strong),
        LaneKind::Task(_) => (Ink::Text, Weight::Normal),
        LaneKind::Resource(..) => (Ink::Quiet, Weight::Normal),
    };
    let at = crate::geom::Point { x, y: baseline };
    layer.commands.push(Command::Text { at, text: label.into(), ink, size, weight, anchor: Anchor::Start });
}

/// How a lane, or what is folded into it, ended where it did not end well.
fn fate(geometry: &Geometry, row: Row, lane: &Lane) -> Option<(Glyph, Ink)> {
    let inside = geometry.rows.summary(row);
    let any = |rank: Rank| inside.is_some_and(|inside| !inside.marks[rank as usize].is_empty());
    match lane.result {
        Some(End::Failed) => Some((Glyph::Failed, Ink::Failed)),
        _ if any(Rank::Failed) => Some((Glyph::Failed, Ink::Failed)),
        Some(End::Cancelled) => Some((Glyph::Cancelled, Ink::Cancelled)),
        _ if any(Rank::Cancelled) => Some((Glyph::Cancelled, Ink::Cancelled)),
        _ => None,
    }
}

/// What stands beside a name: how much of a resource was in use at most, how many lanes are folded.
fn count(layout: &Layout, geometry: &Geometry, row: Row, lane: &Lane) -> Option<String> {
    if let Some(inside) = geometry.rows.summary(row) {
        return Some(format!("+{}", inside.hidden));
    }
    let LaneKind::Resource(_, number) = lane.kind else { return None };
    let of = layout.occupancy.get(number as usize).filter(|of| of.peak > 0)?;
    Some(match of.capacity {
        Some(capacity) => format!("{}/{capacity}", of.peak),
        None => of.peak.to_string(),
    })
}
