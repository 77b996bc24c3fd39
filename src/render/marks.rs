//! Instants on the lanes: ends, errors, cancellations, logs. The loud ones are drawn at every zoom.

use crate::geom::Rect;
use crate::timeline::{End, Geometry, Lane, LaneKind, Layout, Mark, MarkKind, Rank, Row, State};

use super::lanes::{DETAIL_PX, bar_span};
use super::scene::{Anchor, Fill, Glyph, Layer, Path};
use super::text;
use super::theme::{Ink, size};

/// Signs nearer to each other than this on one lane would cover each other.
const SIGN_PX: f64 = 11.0;

/// How far right of an end its sign stands.
const BESIDE_PX: f64 = 9.0;

/// The marks of every row in view, quiet ones first.
pub fn marks(layer: &mut Layer, layout: &Layout, geometry: &Geometry) {
    for number in geometry.visible() {
        let Some(row) = geometry.rows.rows.get(number).copied() else { continue };
        let Some(lane) = layout.lanes.get(row.lane as usize) else { continue };
        let top = geometry.row_top(number);
        let mut painter = Painter { layer, layout, geometry, lane, top };
        for rank in [Rank::Plain, Rank::Cancelled, Rank::Failed] {
            painter.rank(row, rank);
        }
    }
}

struct Painter<'a> {
    layer: &'a mut Layer,
    layout: &'a Layout,
    geometry: &'a Geometry<'a>,
    lane: &'a Lane,
    top: f64,
}

impl Painter<'_> {
    fn rank(&mut self, row: Row, rank: Rank) {
        let folded = self.geometry.rows.summary(row);
        let numbers: &[u32] = folded.map_or(&[], |summary| &summary.marks[rank as usize]);
        let own = self.layout.marks_of(row.lane, rank);
        let count = if folded.is_some() { numbers.len() } else { own.len() };
        let layout = self.layout;
        let mark = |at: usize| match folded {
            Some(_) => numbers.get(at).and_then(|number| layout.marks.get(*number as usize)),
            None => layout.marks.get(own.start + at),
        };
        let (from, to) = self.geometry.window();
        let scale = self.geometry.scale();
        // A sign stands beside its instant: what lies a little outside of the view can still reach into it.
        let reach = scale.us_per_px * 24.0;
        let before =
            |us: f64| partition(count, |at| mark(at).is_some_and(|mark| (mark.at.as_us() as f64) < us));
        let (mut next, end) = (before(from - reach), before(to + reach));
        let mut free_from = f64::MIN;
        while next < end {
            let Some(of) = mark(next) else { break };
            let x = scale.x(of.at);
            let signed = x >= free_from && self.geometry.viewport.lane_px >= DETAIL_PX;
            // Of one instant the task's end says most, otherwise what came last. The end is among the last.
            let same = before(of.at.as_us() as f64 + 1.0);
            let latest = (next..same).rev().take(16).filter_map(&mark);
            let end = latest.clone().find(|mark| matches!(mark.kind, MarkKind::End(_)));
            let of = end.or_else(|| latest.clone().next()).unwrap_or(of);
            if self.mark(of, x, signed, folded.is_some()) {
                free_from = x + SIGN_PX;
            }
            // Whatever else lies in this pixel is as loud as what was drawn there.
            next = before(scale.us(x.floor() + 1.0)).max(same).max(next + 1);
        }
    }

    /// Draws a mark; true if it took room for a sign.
    fn mark(&mut self, mark: &Mark, x: f64, signed: bool, folded: bool) -> bool {
        let rank = mark.kind.rank();
        if !signed {
            self.tick(rank, x);
            return false;
        }
        let y = self.top + self.geometry.viewport.lane_px / 2.0;
        match mark.kind {
            MarkKind::End(result) if !folded => self.end(mark, result, x, y),
            MarkKind::End(End::Ok) => return false,
            MarkKind::End(End::Failed) | MarkKind::Raised(_) => {
                self.halo(x, y);
                self.layer.glyph(x, y, Glyph::Failed, Ink::Failed, 9.0);
            }
            MarkKind::End(End::Cancelled) => {
                self.halo(x, y);
                self.layer.glyph(x, y, Glyph::Cancelled, Ink::Cancelled, 10.0);
            }
            MarkKind::Cancel(_) => match self.lane.kind {
                // A cancelled task shows it at its end; a scope has nothing else to show it with.
                LaneKind::Scope(_) => {
                    self.layer.glyph(x + BESIDE_PX, y, Glyph::Cancelled, Ink::Cancelled, 10.0)
                }
                _ => self.tick(rank, x),
            },
            MarkKind::Expect(held) => {
                self.halo(x, y);
                let (glyph, ink) = if held { (Glyph::Done, Ink::Done) } else { (Glyph::Failed, Ink::Failed) };
                self.layer.glyph(x, y, glyph, ink, 9.0);
            }
            MarkKind::Log => {
                // On the bar's lower edge, where it covers neither a label nor a cut between two bars;
                // on the thin line of who waits for others.
                let (offset, height) = bar_span(self.geometry.viewport.lane_px);
                let y = if self.thin_at(mark) { y } else { self.top + offset + height - 1.0 };
                let ring = Rect { x: x - 4.0, y: y - 4.0, width: 8.0, height: 8.0 };
                self.layer.round(ring, Fill::Solid(Ink::Ground), 4.0);
                self.layer.glyph(x, y, Glyph::Log, Ink::Quiet, 10.0);
            }
            MarkKind::Mark => {
                self.halo(x, y);
                self.layer.glyph(x, y, Glyph::Mark, Ink::Accent, 11.0);
            }
            MarkKind::Caught(_) => {
                self.halo(x, y);
                self.layer.glyph(x, y, Glyph::Caught, Ink::Failed, 9.0);
            }
        }
        true
    }

    /// Whether the lane shows a thin line at a mark's instant.
    fn thin_at(&self, mark: &Mark) -> bool {
        let us = mark.at.as_us() as f64;
        let near = self.layout.bars.window(self.layout.bars_of(mark.lane), us - 1.0, us + 1.0);
        !near.is_empty() && near.into_iter().all(|bar| self.layout.bars.state[bar] == State::Tasks)
    }

    /// A bit of ground around a sign, so that it stands out from the bar below it.
    fn halo(&mut self, x: f64, y: f64) {
        let rect = Rect { x: x - 7.0, y: y - 7.0, width: 14.0, height: 14.0 };
        self.layer.round(rect, Fill::Solid(Ink::Ground), 7.0);
    }

    /// A loud mark where there is no room for a sign: tall for a failure, short for a cancellation.
    fn tick(&mut self, rank: Rank, x: f64) {
        let lane_px = self.geometry.viewport.lane_px;
        let left = x.floor();
        let (ink, height) = match rank {
            Rank::Failed => (Ink::Failed, lane_px),
            Rank::Cancelled => (Ink::Cancelled, (lane_px / 2.0).max(1.0)),
            Rank::Plain => return,
        };
        let y = self.top + (lane_px - height) / 2.0;
        self.layer.rect(Rect { x: left, y, width: 2.0, height }, Fill::Solid(ink));
    }

    fn end(&mut self, mark: &Mark, result: End, x: f64, y: f64) {
        let lane_px = self.geometry.viewport.lane_px;
        let (offset, height) = bar_span(lane_px);
        let (top, plot) = (self.top + offset, self.geometry.plot());
        // Where the sign would lie beyond the edge it stands before the end instead.
        let beside = if x + BESIDE_PX + 6.0 <= plot.right() { x + BESIDE_PX } else { x - BESIDE_PX };
        match result {
            End::Ok => {
                self.layer.rect(Rect { x: x - 1.0, y: top, width: 2.0, height }, Fill::Solid(Ink::Done));
                self.layer.glyph(beside, y, Glyph::Done, Ink::Done, 9.0);
            }
            End::Failed => {
                let cap = Rect { x: x - 2.0, y: top - 2.0, width: 4.0, height: height + 4.0 };
                self.layer.round(cap, Fill::Solid(Ink::Failed), 1.0);
                self.layer.glyph(beside + 1.0, y, Glyph::Failed, Ink::Failed, 9.0);
                let left = beside + 10.0;
                if let Some(kind) = text::fit(&mark.text, size::SMALL, plot.right() - left - 4.0, 5) {
                    self.layer.text(left, y + 4.0, kind, Ink::Failed, size::SMALL, Anchor::Start);
                }
            }
            End::Cancelled => {
                self.torn(x, top, height);
                self.layer.glyph(beside + 1.0, y, Glyph::Cancelled, Ink::Cancelled, 10.0);
            }
        }
    }

    /// Tears the right edge of the bar that ends at `x`.
    fn torn(&mut self, x: f64, top: f64, height: f64) {
        let teeth = 4;
        let step = height / f64::from(teeth);
        let mut edge: Vec<(f64, f64)> = Vec::new();
        for tooth in 0..teeth {
            let y = top + f64::from(tooth) * step;
            edge.push((x - 1.0, y));
            edge.push((x - 5.0, y + step / 2.0));
        }
        edge.push((x - 1.0, top + height));
        let mut gap = edge.clone();
        gap.extend([(x + 1.0, top + height + 1.0), (x + 1.0, top - 1.0)]);
        let commands = [
            (Path::through(&gap).closed(), Some(Ink::Ground), None),
            (Path::through(&edge), None, Some((Ink::Cancelled, 1.25))),
        ];
        for (path, fill, stroke) in commands {
            self.layer.commands.push(super::scene::Command::Path { path, fill, stroke });
        }
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
