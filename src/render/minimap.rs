//! The whole run in a strip, and which part of it is in view.

use crate::geom::Rect;
use crate::time::Time;
use crate::timeline::{CLASSES, Class, Layout, Rank, Viewport};

use super::scene::{Fill, Layer, Scene};
use super::theme::{Ink, Theme, class_ink};

/// How tall the minimap is.
pub const MINIMAP_PX: f64 = 32.0;

/// Where the bars begin, and how much of the height they take.
const BARS: (f64, f64) = (4.0, 24.0);

/// How many lines the lanes share.
const LINES: usize = 8;

/// The whole run, `width_px` wide, with the part outside of `viewport` veiled by the overlay.
pub fn minimap(layout: &Layout, viewport: Viewport, width_px: f64, theme: Theme) -> Scene {
    let mut data = Layer::default();
    data.rect(Rect { x: 0.0, y: 0.0, width: width_px, height: MINIMAP_PX }, Fill::Solid(Ink::Panel));
    let columns = width_px.clamp(1.0, 8192.0) as usize;
    cells(&mut data, layout, columns);
    let scale = Viewport::fit(layout.end()).scale(0.0, width_px);
    for (rank, ink) in [(Rank::Cancelled, Ink::Cancelled), (Rank::Failed, Ink::Failed)] {
        let mut seen = vec![false; columns + 1];
        for mark in layout.marks.iter().filter(|mark| mark.kind.rank() == rank) {
            let x = scale.x(mark.at).floor();
            if let Some(seen) = seen.get_mut(x.max(0.0) as usize).filter(|seen| !**seen) {
                *seen = true;
                let y = if rank == Rank::Failed { 0.0 } else { MINIMAP_PX - 5.0 };
                data.rect(Rect { x, y, width: 2.0, height: 5.0 }, Fill::Solid(ink));
            }
        }
    }
    let bottom = MINIMAP_PX - 0.5;
    data.line((0.0, bottom), (width_px, bottom), Ink::Border);
    Scene {
        width_px,
        height_px: MINIMAP_PX,
        title: layout.title.clone(),
        desc: "The whole run; the part in view stands out.".to_owned(),
        theme,
        data,
        overlay: window(layout, viewport, width_px),
    }
}

/// The instant that a minimap of this width shows at `x`.
pub fn minimap_time(layout: &Layout, width_px: f64, x: f64) -> Time {
    Viewport::fit(layout.end()).scale(0.0, width_px).time(x)
}

/// A grid of pixel columns and a few lines, each cell with what took most time in it.
fn cells(layer: &mut Layer, layout: &Layout, columns: usize) {
    let scale = Viewport::fit(layout.end()).scale(0.0, columns as f64);
    let lines = layout.lanes.len().clamp(1, LINES);
    let mut spent = vec![[0f32; CLASSES]; columns * lines];
    for (number, lane) in layout.lanes.iter().enumerate() {
        let line = number * lines / layout.lanes.len().max(1);
        for bar in lane.bars.0 as usize..lane.bars.1 as usize {
            let class = layout.bars.state[bar].class() as usize;
            let (from, to) =
                (scale.x_us(layout.bars.start[bar] as f64), scale.x_us(layout.bars.end[bar] as f64));
            for column in from as usize..(to.ceil() as usize).min(columns) {
                let part = to.min(column as f64 + 1.0) - from.max(column as f64);
                spent[line * columns + column][class] += part as f32;
            }
        }
    }
    let tall = BARS.1 / lines as f64;
    for line in 0..lines {
        let class = |column: usize| dominant(&spent[line * columns + column]);
        let mut start = 0;
        while start < columns {
            let of = class(start);
            let end = (start + 1..columns).find(|column| class(*column) != of).unwrap_or(columns);
            if let Some(of) = of {
                let thin = of == Class::Tasks;
                let height = if thin { 1.0 } else { (tall - 1.0).max(1.0) };
                let y = BARS.0 + line as f64 * tall + (tall - 1.0 - height) / 2.0;
                let rect = Rect { x: start as f64, y, width: (end - start) as f64, height };
                layer.rect(rect, Fill::Solid(class_ink(of)));
            }
            start = end;
        }
    }
}

/// What took most time; tasks that only wait for others count where nobody did anything else.
fn dominant(spent: &[f32; CLASSES]) -> Option<Class> {
    let active = Class::ALL.into_iter().filter(|class| spent[*class as usize] > 0.0);
    let others = active.clone().filter(|class| *class != Class::Tasks);
    let most = |a: &Class, b: &Class| spent[*a as usize].total_cmp(&spent[*b as usize]);
    others.max_by(most).or_else(|| active.max_by(most))
}

fn window(layout: &Layout, viewport: Viewport, width_px: f64) -> Layer {
    let scale = Viewport::fit(layout.end()).scale(0.0, width_px);
    let left = scale.x_us(viewport.from_us).clamp(0.0, width_px);
    let right = scale.x_us(viewport.from_us + viewport.span_us).clamp(left, width_px);
    let mut layer = Layer::default();
    if left <= 0.5 && right >= width_px - 0.5 {
        return layer;
    }
    let part = |x: f64, width: f64| Rect { x, y: 0.0, width, height: MINIMAP_PX };
    layer.rect(part(0.0, left), Fill::Solid(Ink::Veil));
    layer.rect(part(right, width_px - right), Fill::Solid(Ink::Veil));
    for x in [left, right - 2.0] {
        layer.round(part(x.max(0.0), 2.0), Fill::Solid(Ink::Accent), 1.0);
    }
    layer
}
