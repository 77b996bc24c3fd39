//! The names of the lanes as a tree, to the left of them.

use crate::timeline::{Layout, Rows};

use super::text;
use super::theme::size;

/// How wide the gutter should be for these rows: as wide as the longest name, within bounds.
pub fn gutter_px(layout: &Layout, rows: &Rows, width_px: f64) -> f64 {
    // Beyond this many rows a longer name further down is not worth a look.
    let names = rows.rows.iter().take(2000).filter_map(|row| layout.lanes.get(row.lane as usize));
    let indent = |depth: u32| 32.0 + f64::from(depth.min(8)) * 12.0;
    let widest =
        names.map(|lane| indent(lane.depth) + text::width(&lane.label, size::BASE)).fold(0.0, f64::max);
    let most = if width_px < 560.0 { width_px * 0.3 } else { 280.0 };
    widest.clamp(96.0, most.max(96.0)).round()
}
