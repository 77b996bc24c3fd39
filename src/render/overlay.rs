//! What the person points at: the lane, the bar, the links to its causes and victims, the playhead.

use crate::geom::{Point, Rect};
use crate::timeline::{Geometry, Hit, Layout, Link, instant, lane_of};

use super::compose::Options;
use super::lanes::bar_span;
use super::ruler::crisp;
use super::scene::{Anchor, Command, Fill, Layer, Path};
use super::text;
use super::theme::{Ink, size};

/// Up to this many links are drawn without being asked for.
const FEW_LINKS: usize = 12;

/// At most so many links are drawn for one thing that is pointed at.
const MOST_LINKS: usize = 64;

/// All links, where they are few.
pub fn few_links(layer: &mut Layer, layout: &Layout, geometry: &Geometry) {
    if layout.links.len() <= FEW_LINKS && geometry.viewport.lane_px >= super::lanes::DETAIL_PX {
        for link in &layout.links {
            self::link(layer, geometry, link, Ink::Cancelled, 1.0);
        }
    }
}

/// Hover, selection and playhead.
pub fn draw(layer: &mut Layer, layout: &Layout, geometry: &Geometry, options: &Options) {
    if options.hover.is_some() || options.selected.is_some() {
        pointed(layer, layout, geometry, options);
    }
    if let Some(at) = options.playhead {
        playhead(layer, geometry, geometry.scale().x(at), &instant(at));
    }
}

fn pointed(layer: &mut Layer, layout: &Layout, geometry: &Geometry, options: &Options) {
    let whole =
        Rect { x: 0.0, y: geometry.ruler_px, width: geometry.width_px, height: geometry.plot().height };
    layer.commands.push(Command::Clip(whole));
    for (hit, ink) in [(options.selected, Ink::Selected), (options.hover, Ink::Hover)] {
        let Some(hit) = hit else { continue };
        let row = lane_of(layout, hit).and_then(|lane| geometry.rows.row_of(lane));
        if let Some(row) = row {
            let y = geometry.row_top(row);
            let rect = Rect { x: 0.0, y, width: geometry.width_px, height: geometry.viewport.lane_px };
            layer.rect(rect, Fill::Solid(ink));
        }
    }
    layer.commands.push(Command::Unclip);
    layer.commands.push(Command::Clip(geometry.plot()));
    for (hit, strong) in [(options.hover, false), (options.selected, true)] {
        let Some(hit) = hit else { continue };
        outline(layer, layout, geometry, hit, if strong { 2.0 } else { 1.5 });
        let links = layout.links.iter().filter(|link| concerns(layout, link, hit));
        for link in links.take(MOST_LINKS) {
            self::link(layer, geometry, link, Ink::Accent, 1.5);
        }
    }
    layer.commands.push(Command::Unclip);
}

fn concerns(layout: &Layout, link: &Link, hit: Hit) -> bool {
    let Some(lane) = lane_of(layout, hit) else { return false };
    // What stands for a group stands for all that is inside it.
    let inside = layout.lanes.get(lane as usize).map_or(lane..lane, |of| lane..of.until.max(lane + 1));
    match hit {
        Hit::Name(_) | Hit::Fold(_) => {
            inside.contains(&link.cause.lane) || inside.contains(&link.victim.lane)
        }
        _ => link.cause.lane == lane || link.victim.lane == lane,
    }
}

/// A thin curve to the left of both ends, where bars and not signs are.
fn link(layer: &mut Layer, geometry: &Geometry, link: &Link, ink: Ink, width: f64) {
    let rows = (geometry.rows.row_of(link.cause.lane), geometry.rows.row_of(link.victim.lane));
    let (Some(from), Some(to)) = rows else { return };
    if from == to {
        return;
    }
    let (scale, half) = (geometry.scale(), geometry.viewport.lane_px / 2.0);
    let end = |row: usize, at| Point { x: scale.x(at) - 6.0, y: geometry.row_top(row) + half };
    let (from, to) = (end(from, link.cause.at), end(to, link.victim.at));
    let plot = geometry.plot();
    let outside = |p: Point| p.x < plot.x || p.x > plot.right();
    if outside(from) && outside(to) {
        return;
    }
    let bow = (8.0 + (to.y - from.y).abs() * 0.12).min(36.0);
    let bend = Point { x: from.x - bow, y: from.y };
    let back = Point { x: to.x - bow, y: to.y };
    let path = Path::curve(from, bend, back, to);
    layer.commands.push(Command::Path { path, fill: None, stroke: Some((ink, width)) });
    // The head points into the victim, along the curve's end.
    let head = Path::through(&[(to.x, to.y), (to.x - 5.5, to.y - 3.0), (to.x - 5.5, to.y + 3.0)]).closed();
    layer.commands.push(Command::Path { path: head, fill: Some(ink), stroke: None });
}

fn outline(layer: &mut Layer, layout: &Layout, geometry: &Geometry, hit: Hit, width: f64) {
    let Hit::Bar(bar) = hit else { return };
    let Some((start, end)) = layout.bars.times(bar as usize) else { return };
    let Some(row) = geometry.rows.row_of(layout.lane_of_bar(bar as usize)) else { return };
    let (scale, plot) = (geometry.scale(), geometry.plot());
    let (left, right) = (scale.x(start).max(plot.x - 8.0), scale.x(end).min(plot.right() + 8.0));
    let (offset, height) = bar_span(geometry.viewport.lane_px);
    let (top, bottom) = (geometry.row_top(row) + offset - 1.0, geometry.row_top(row) + offset + height + 1.0);
    let (left, right) = (left - 1.0, right.max(left + 1.0));
    let path = Path::through(&[(left, top), (right, top), (right, bottom), (left, bottom)]).closed();
    layer.commands.push(Command::Path { path, fill: None, stroke: Some((Ink::Accent, width)) });
}

fn playhead(layer: &mut Layer, geometry: &Geometry, x: f64, words: &str) {
    let plot = geometry.plot();
    if x < plot.x - 0.5 || x > plot.right() {
        return;
    }
    layer.stroke(
        (crisp(x), geometry.ruler_px - 4.0),
        (crisp(x), geometry.height_px),
        Ink::Accent,
        1.0,
        false,
    );
    let wide = text::width(words, size::SMALL) + 12.0;
    let left = (x - wide / 2.0).clamp(plot.x, (plot.right() - wide).max(plot.x));
    let flag = Rect { x: left, y: 4.0, width: wide, height: geometry.ruler_px - 10.0 };
    layer.round(flag, Fill::Solid(Ink::Accent), 4.0);
    layer.text(
        left + wide / 2.0,
        flag.y + flag.height / 2.0 + 4.3,
        words,
        Ink::OnAccent,
        size::SMALL,
        Anchor::Middle,
    );
}
