//! The ruler above the lanes, and its hairlines through them.

use crate::geom::Rect;
use crate::timeline::{Geometry, Layout, Tick, ticks};

use super::scene::{Anchor, Fill, Glyph, Layer};
use super::text;
use super::theme::{Ink, size};

/// How tall the ruler is.
pub const RULER_PX: f64 = 28.0;

/// The least distance between labels.
const LABEL_GAP_PX: f64 = 88.0;

/// The hairlines below everything, and what lies outside of the run.
pub fn ground(layer: &mut Layer, layout: &Layout, geometry: &Geometry) {
    let plot = geometry.plot();
    let scale = geometry.scale();
    layer.rect(plot, Fill::Solid(Ink::Ground));
    let end = scale.x(layout.end()).clamp(plot.x, plot.right());
    let start = scale.x_us(0.0).clamp(plot.x, plot.right());
    layer.rect(Rect { width: start - plot.x, ..plot }, Fill::Solid(Ink::Panel));
    layer.rect(Rect { x: end, width: plot.right() - end, ..plot }, Fill::Solid(Ink::Panel));
    for tick in labelled(geometry) {
        let x = crisp(tick.x);
        layer.line((x, plot.y), (x, plot.bottom()), Ink::Grid);
    }
}

/// The ruler itself.
pub fn ruler(layer: &mut Layer, layout: &Layout, geometry: &Geometry) {
    let plot = geometry.plot();
    let (width, height) = (geometry.width_px, geometry.ruler_px);
    if height <= 0.0 {
        return;
    }
    layer.rect(Rect { x: 0.0, y: 0.0, width, height }, Fill::Solid(Ink::Panel));
    let bottom = height - 0.5;
    let scale = geometry.scale();
    for tick in ticks(scale, plot.width, gap(geometry)) {
        let x = crisp(tick.x);
        let long = if tick.label.is_empty() { 3.0 } else { 7.0 };
        let ink = if tick.label.is_empty() { Ink::Guide } else { Ink::Scope };
        layer.line((x, bottom - long), (x, bottom), ink);
        let wide = text::width(&tick.label, size::SMALL);
        // A label begins at its tick: so the first is not cut off, and none hides behind the gutter.
        if !tick.label.is_empty() && tick.x + wide < plot.right() {
            layer.text(tick.x + 4.0, height - 10.0, tick.label, Ink::Quiet, size::SMALL, Anchor::Start);
        }
    }
    for band in &layout.blocked {
        let (start, end) = (scale.x(band.start), scale.x(band.end));
        if end - start >= 10.0 && start < plot.right() && end > plot.x {
            let middle = (start.max(plot.x) + end.min(plot.right())) / 2.0;
            layer.glyph(middle, 5.0, Glyph::Blocked, Ink::Blocked, 7.0);
        }
    }
    layer.line((0.0, bottom), (width, bottom), Ink::Border);
}

fn labelled(geometry: &Geometry) -> impl Iterator<Item = Tick> {
    let all = ticks(geometry.scale(), geometry.plot().width, gap(geometry));
    all.into_iter().filter(|tick| !tick.label.is_empty())
}

/// Far enough apart for the longest label of this view: many digits when a late instant is seen closely.
fn gap(geometry: &Geometry) -> f64 {
    let all = ticks(geometry.scale(), geometry.plot().width, LABEL_GAP_PX);
    let widest = all.iter().map(|tick| text::width(&tick.label, size::SMALL)).fold(0.0, f64::max);
    LABEL_GAP_PX.max(widest + 20.0)
}

/// The middle of a device pixel where one is as large as a CSS pixel, so that a hairline is one pixel wide.
pub fn crisp(value: f64) -> f64 {
    value.floor() + 0.5
}
