//! Bars, and how few rectangles are enough for them.
//!
//! Bars narrower than a pixel share one, which shows what took most of its
//! time; finding it costs the same however many there are, so a frame costs
//! what is drawn and not what there is.

use std::ops::Range;

use crate::geom::Rect;
use crate::order;
use crate::timeline::{Bars, Class, Geometry, LaneKind, Layout, Occupancy, Row, State};

use super::scene::{Anchor, Command, Fill, Glyph, Layer};
use super::text;
use super::theme::{Ink, class_ink, size};

/// More rectangles than this take a canvas longer than a frame; then pixels are shared by more bars.
const MOST_RECTS: usize = 15_000;

/// Narrower than this a bar has no pattern, only its ink.
const PATTERN_PX: f64 = 4.0;

/// From this height of a lane on bars have patterns, edges and signs.
pub const DETAIL_PX: f64 = 12.0;

/// From this height on waits are hollow and work is solid, without patterns and signs.
const EDGED_PX: f64 = 5.0;

/// The least number of characters that is worth a label.
const LEAST_LABEL: usize = 5;

/// Where the bars of a row lie between its top and its bottom.
pub fn bar_span(lane_px: f64) -> (f64, f64) {
    match lane_px {
        px if px >= 20.0 => (5.0, px - 10.0),
        px if px >= DETAIL_PX => (2.0, px - 4.0),
        px if px >= 4.0 => (0.5, px - 1.0),
        px => (0.0, px),
    }
}

/// The bars of every row in view.
pub fn lanes(layer: &mut Layer, layout: &Layout, geometry: &Geometry) {
    let bucket_px = bucket_px(layout, geometry);
    // What stands inside of the bars is drawn after all of them: so the bars
    // can be put in order of their fills, which a canvas paints much faster.
    let (mut bars_below, mut inside) = (Layer::default(), Layer::default());
    for number in geometry.visible() {
        let Some(row) = geometry.rows.rows.get(number).copied() else { continue };
        let Some(lane) = layout.lanes.get(row.lane as usize) else { continue };
        let top = geometry.row_top(number);
        if let LaneKind::Resource(_, number) = lane.kind {
            if let Some(of) = layout.occupancy.get(number as usize) {
                occupancy(&mut inside, geometry, of, top);
            }
            continue;
        }
        let (bars, range) = bars_of(layout, geometry, row);
        let label = row.summary.is_none();
        let (layer, inside) = (&mut bars_below, &mut inside);
        Painter { layer, inside, layout, geometry, top, label }.bars(bars, range, bucket_px);
    }
    order::by_key(&mut bars_below.commands, |command| match command {
        Command::Rect { fill, .. } => Some(*fill),
        _ => None,
    });
    layer.commands.append(&mut bars_below.commands);
    layer.commands.append(&mut inside.commands);
}

/// The bars that stand on a row: its lane's own, or the summary of what is folded.
fn bars_of<'a>(layout: &'a Layout, geometry: &Geometry<'a>, row: Row) -> (&'a Bars, Range<usize>) {
    match geometry.rows.summary(row) {
        Some(summary) => (&summary.bars, 0..summary.bars.len()),
        None => (&layout.bars, layout.bars_of(row.lane)),
    }
}

/// How many pixels narrow bars share, so that all rows together stay within what a frame can paint.
fn bucket_px(layout: &Layout, geometry: &Geometry) -> f64 {
    let (from, to) = geometry.window();
    let rows = geometry.rows.rows.get(geometry.visible()).unwrap_or_default();
    let counts: Vec<usize> = rows
        .iter()
        .map(|row| {
            let (bars, range) = bars_of(layout, geometry, *row);
            bars.window(range, from, to).len()
        })
        .collect();
    let mut bucket = 1.0;
    while bucket < 64.0 {
        let most = (geometry.plot().width / bucket).ceil() as usize;
        if counts.iter().map(|count| (*count).min(most)).sum::<usize>() <= MOST_RECTS {
            break;
        }
        bucket *= 2.0;
    }
    bucket
}

struct Painter<'a> {
    layer: &'a mut Layer,
    inside: &'a mut Layer,
    layout: &'a Layout,
    geometry: &'a Geometry<'a>,
    top: f64,
    label: bool,
}

/// A narrow stretch that waits for more of its kind.
#[derive(Clone, Copy)]
struct Run {
    left: f64,
    right: f64,
    class: Class,
}

impl Painter<'_> {
    fn bars(&mut self, bars: &Bars, lane: Range<usize>, bucket_px: f64) {
        let scale = self.geometry.scale();
        let (from, to) = self.geometry.window();
        let window = bars.window(lane, from, to);
        let mut next = window.start;
        let mut run: Option<Run> = None;
        while next < window.end {
            let (left, right) = (scale.x_us(bars.start[next] as f64), scale.x_us(bars.end[next] as f64));
            if right - left >= bucket_px {
                self.flush(run.take());
                self.bar(bars, next, left, right);
                next += 1;
                continue;
            }
            let edge = (left / bucket_px).floor() * bucket_px + bucket_px;
            let last = self.narrow_until(bars, next..window.end, scale.us(edge), bucket_px);
            let class = bars.dominant(next..last);
            let left = edge - bucket_px;
            match &mut run {
                Some(run) if run.class == class && left - run.right < 0.5 => run.right = edge,
                _ => self.flush(run.replace(Run { left, right: edge, class })),
            }
            next = last;
        }
        self.flush(run);
    }

    /// One past the last bar that begins before `edge_us`, leaving out a last one that is broad enough to be seen itself.
    fn narrow_until(&self, bars: &Bars, rest: Range<usize>, edge_us: f64, bucket_px: f64) -> usize {
        let starts = &bars.start[rest.clone()];
        let last =
            (rest.start + starts.partition_point(|start| (*start as f64) < edge_us)).max(rest.start + 1);
        let long = (bars.end[last - 1] - bars.start[last - 1]) as f64 / self.geometry.scale().us_per_px;
        if last > rest.start + 1 && long >= bucket_px { last - 1 } else { last }
    }

    fn flush(&mut self, run: Option<Run>) {
        let Some(Run { left, right, class }) = run else { return };
        let (offset, height) = bar_span(self.geometry.viewport.lane_px);
        let mut rect = Rect { x: left, y: self.top + offset, width: right - left, height };
        if class == Class::Tasks {
            rect.y += (height / 2.0 - 1.0).max(0.0).floor();
            rect.height = height.min(2.0);
        }
        self.layer.rect(rect, Fill::Solid(class_ink(class)));
    }

    fn bar(&mut self, bars: &Bars, index: usize, left: f64, right: f64) {
        let (Some(state), Some(wait)) = (bars.state.get(index).copied(), bars.wait.get(index)) else {
            return;
        };
        let plot = self.geometry.plot();
        // Far outside of the view nothing is seen of a bar, and canvases lose precision there.
        let (left, right) = (left.max(plot.x - 20.0), right.min(plot.right() + 20.0));
        let (offset, height) = bar_span(self.geometry.viewport.lane_px);
        let rect = Rect { x: left, y: self.top + offset, width: right - left, height };
        let class = state.class();
        if class == Class::Tasks {
            return self.waits_for_tasks(rect);
        }
        let lane_px = self.geometry.viewport.lane_px;
        if rect.width < PATTERN_PX || lane_px < EDGED_PX {
            return self.layer.rect(rect, Fill::Solid(class_ink(class)));
        }
        if lane_px < DETAIL_PX {
            return self.layer.rect(rect, plain_fill(state));
        }
        // A pixel of ground between neighbours tells two bars of one kind from one.
        let rect = Rect { width: (rect.width - 1.0).max(1.0), ..rect };
        self.layer.round(rect, fill(state), 2.0);
        let timer = matches!(state, State::Timer | State::Other) && wait.is_some();
        self.inside(state, rect, timer.then_some(rect.y + rect.height / 2.0), index);
    }

    /// A thin line: the tasks that are waited for show themselves.
    fn waits_for_tasks(&mut self, rect: Rect) {
        let thick = if rect.height >= 8.0 { 2.0 } else { rect.height.min(1.0) };
        let y = (rect.y + (rect.height - thick) / 2.0).floor();
        self.layer.rect(Rect { y, height: thick, ..rect }, Fill::Solid(Ink::Timer));
    }

    /// What stands inside of a bar: its sign, its label, the centre line of a timer in what is left.
    fn inside(&mut self, state: State, rect: Rect, centre: Option<f64>, index: usize) {
        let plot = self.geometry.plot();
        let (left, right) = (rect.x.max(plot.x), rect.right().min(plot.right()));
        let middle = rect.y + rect.height / 2.0;
        let mut x = left + 6.0;
        let plate = match state {
            State::Resource => Some(Ink::ResourceTint),
            State::Cleaning => Some(Ink::CleaningTint),
            State::Ready => Some(Ink::TimerTint),
            _ => None,
        };
        if let Some((glyph, ink)) = sign(state).filter(|_| right - left >= 22.0) {
            if let Some(plate) = plate {
                let under = Rect { x: x - 3.0, y: rect.y + 1.0, width: 16.0, height: rect.height - 2.0 };
                self.inside.rect(under, Fill::Solid(plate));
            }
            self.inside.glyph(x + 5.0, middle, glyph, ink, 9.0);
            x += 14.0;
        }
        let label = if self.label { self.layout.bar_label(index) } else { String::new() };
        let fitted =
            text::fit(&label, size::SMALL, right - x - 6.0, LEAST_LABEL).filter(|text| !text.is_empty());
        if let Some(label) = fitted.filter(|_| rect.height >= 10.0) {
            let wide = text::width(&label, size::SMALL);
            if let Some(plate) = plate {
                let under =
                    Rect { x: x - 2.0, y: rect.y + 1.0, width: wide + 4.0, height: rect.height - 2.0 };
                self.inside.rect(under, Fill::Solid(plate));
            }
            self.inside.text(x, middle + 4.0, label, label_ink(state), size::SMALL, Anchor::Start);
            x += wide + 6.0;
        }
        if let Some(y) = centre.filter(|_| right - x >= 8.0) {
            self.inside.line((x, y.floor() + 0.5), (right - 5.0, y.floor() + 0.5), Ink::Guide);
        }
    }
}

fn fill(state: State) -> Fill {
    match state {
        State::Running | State::Working => Fill::Solid(Ink::Running),
        State::Ready => Fill::Dotted(Ink::Timer, Ink::TimerTint),
        State::Timer | State::Tasks | State::Other => Fill::Outline(Ink::Timer, Ink::TimerTint),
        State::Resource => Fill::Dotted(Ink::Resource, Ink::ResourceTint),
        State::Fetch => Fill::Outline(Ink::Fetch, Ink::FetchTint),
        State::Worker => Fill::Solid(Ink::Worker),
        State::Cleaning => Fill::Striped(Ink::Cleaning, Ink::CleaningTint),
    }
}

/// The fill where a lane is too low for patterns: hollow for who waits, solid for who does something.
fn plain_fill(state: State) -> Fill {
    match fill(state) {
        Fill::Dotted(ink, tint) => Fill::Outline(ink, tint),
        Fill::Striped(ink, _) => Fill::Solid(ink),
        Fill::Outline(Ink::Fetch, _) => Fill::Solid(Ink::Fetch),
        other => other,
    }
}

fn sign(state: State) -> Option<(Glyph, Ink)> {
    match state {
        State::Timer => Some((Glyph::Timer, Ink::Quiet)),
        State::Resource => Some((Glyph::Pause, Ink::Resource)),
        State::Fetch => Some((Glyph::Fetch, Ink::Fetch)),
        State::Worker => Some((Glyph::Worker, Ink::OnWorker)),
        State::Cleaning => Some((Glyph::Cleaning, Ink::Cleaning)),
        _ => None,
    }
}

fn label_ink(state: State) -> Ink {
    match state {
        State::Running | State::Working => Ink::OnAccent,
        State::Worker => Ink::OnWorker,
        State::Timer | State::Other | State::Ready => Ink::Quiet,
        _ => Ink::Text,
    }
}

/// How full a resource was, as steps; amber and dotted while somebody waited for it.
fn occupancy(layer: &mut Layer, geometry: &Geometry, of: &Occupancy, top: f64) {
    let (scale, plot) = (geometry.scale(), geometry.plot());
    let (offset, height) = bar_span(geometry.viewport.lane_px);
    let (from, to) = geometry.window();
    let floor = top + offset + height;
    let begin = of.at.first().map_or(plot.x, |at| scale.x_us(*at as f64).max(plot.x));
    let line = floor.floor() + 0.5;
    layer.line((begin, line), (plot.right(), line), Ink::Guide);
    let window = of.window(from, to);
    let mut next = window.start;
    let mut stretch: Option<Stretch> = None;
    while next < window.end {
        let left = scale.x_us(of.at[next] as f64).max(plot.x);
        // Steps within one pixel show the fullest of them.
        let edge = scale.us(left.floor() + 1.0);
        let inside = of.at[next..window.end].partition_point(|at| (*at as f64) < edge).max(1);
        let last = next + inside;
        let end = of.at.get(last).map_or(to, |at| *at as f64);
        let right = scale.x_us(end).min(plot.right());
        let used = of.used[next..last].iter().copied().max().unwrap_or(0);
        let waiting = of.waiting[next..last].iter().copied().max().unwrap_or(0);
        next = last;
        match &mut stretch {
            Some(open) if open.used == used && (open.most > 0) == (waiting > 0) => {
                open.right = right;
                (open.least, open.most) = (open.least.min(waiting), open.most.max(waiting));
            }
            _ => {
                let begun = Stretch { left, right, used, least: waiting, most: waiting };
                let ended = stretch.replace(begun);
                ended.into_iter().for_each(|ended| ended.draw(layer, of, floor, height));
            }
        }
    }
    stretch.into_iter().for_each(|ended| ended.draw(layer, of, floor, height));
}

/// A time during which as much was in use, and somebody waited or nobody did.
struct Stretch {
    left: f64,
    right: f64,
    used: u64,
    least: u32,
    most: u32,
}

impl Stretch {
    fn draw(self, layer: &mut Layer, of: &Occupancy, floor: f64, height: f64) {
        let Stretch { left, right, used, least, most } = self;
        if used == 0 && most == 0 {
            return;
        }
        // An event, a barrier, a rate: they are waited for and never held.
        let full = if of.peak == 0 { 1.0 } else { of.fill(used) };
        let tall = (full * height).max(1.0);
        let rect = Rect { x: left, y: floor - tall, width: (right - left).max(1.0), height: tall };
        let fill = match most {
            0 => Fill::Solid(Ink::Used),
            _ if rect.width < PATTERN_PX || tall < 4.0 => Fill::Solid(Ink::Resource),
            _ => Fill::Dotted(Ink::Resource, Ink::ResourceTint),
        };
        layer.rect(rect, fill);
        if most == 0 && tall >= 3.0 {
            layer.rect(Rect { height: 2.0, ..rect }, Fill::Solid(Ink::Timer));
        }
        let words = if least == most { format!("{most} waiting") } else { format!("up to {most} waiting") };
        let wide = text::width(&words, size::SMALL);
        if most > 0 && rect.width >= wide + 12.0 && tall >= 12.0 {
            let under = Rect { x: rect.x + 4.0, y: rect.y + 1.0, width: wide + 4.0, height: tall - 2.0 };
            layer.rect(under, Fill::Solid(Ink::ResourceTint));
            layer.text(rect.x + 6.0, floor - tall / 2.0 + 4.0, words, Ink::Text, size::SMALL, Anchor::Start);
        }
    }
}
