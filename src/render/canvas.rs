//! Paints a scene on a browser's canvas.
//!
//! The scene already stands in a good order: rectangles of one fill one after
//! the other. So the painter only has to notice that a fill stays the same,
//! and paints all of them as one path.

use std::collections::BTreeMap;

use js_sys::Array;
use wasm_bindgen::JsCast;
use web_sys::{CanvasPattern, CanvasRenderingContext2d, HtmlCanvasElement};

use crate::geom::{Point, Rect};

use super::glyph;
use super::scene::{Anchor, Command, Fill, Layer, Path, Piece, Scene, Weight};
use super::svg::inset;
use super::theme::{Ink, SANS, Theme};

/// How strongly a dimmed layer is painted.
const DIMMED: f64 = 0.45;

/// Paints both layers; `dpr` is how many device pixels a CSS pixel holds.
/// The canvas must be `dpr` times as large as the scene, and is not cleared.
pub fn paint(scene: &Scene, context: &CanvasRenderingContext2d, dpr: f64) {
    paint_layer(&scene.data, scene.theme, context, dpr);
    paint_layer(&scene.overlay, scene.theme, context, dpr);
}

/// Paints one layer, for a canvas of its own.
pub fn paint_layer(layer: &Layer, theme: Theme, context: &CanvasRenderingContext2d, dpr: f64) {
    context.save();
    let mut painter =
        Painter { context, theme, dpr, fill: None, font: None, tiles: BTreeMap::new(), clips: 0 };
    painter.usual_space();
    context.set_global_alpha(if layer.dimmed { DIMMED } else { 1.0 });
    let mut rest = &layer.commands[..];
    while let Some(first) = rest.first() {
        let alike = painter.command(first, rest);
        rest = &rest[alike..];
    }
    for _ in 0..painter.clips {
        context.restore();
    }
    context.restore();
}

struct Painter<'a> {
    context: &'a CanvasRenderingContext2d,
    theme: Theme,
    dpr: f64,
    /// The ink that the context fills with; setting it is the dearest part of painting a rectangle.
    fill: Option<Ink>,
    font: Option<(Weight, u32)>,
    /// The patterns made so far. Their number is that of the patterned fills: a handful.
    tiles: BTreeMap<Fill, Option<CanvasPattern>>,
    /// How many clips are open.
    clips: u32,
}

impl Painter<'_> {
    /// One unit is a CSS pixel.
    fn usual_space(&self) {
        // It fails for numbers that are none only, and then nothing can be painted anyway.
        let _ = self.context.set_transform(self.dpr, 0.0, 0.0, self.dpr, 0.0, 0.0);
    }

    /// Paints a command and those after it that can go with it; says how many.
    fn command(&mut self, command: &Command, rest: &[Command]) -> usize {
        match command {
            Command::Rect { fill, .. } => return self.rects(*fill, rest),
            Command::Line { from, to, ink, width, dashed } => {
                self.context.begin_path();
                self.context.move_to(from.x, from.y);
                self.context.line_to(to.x, to.y);
                if *dashed {
                    self.dash(&[4.0, 3.0]);
                }
                self.stroke(*ink, *width);
                if *dashed {
                    self.dash(&[]);
                }
            }
            Command::Path { path, fill, stroke } => self.path(path, *fill, *stroke),
            Command::Text { at, text, ink, size, weight, anchor } => {
                self.ink(*ink);
                self.font(*weight, *size);
                self.context.set_text_align(match anchor {
                    Anchor::Start => "left",
                    Anchor::Middle => "center",
                    Anchor::End => "right",
                });
                let _ = self.context.fill_text(text, at.x, at.y);
            }
            Command::Glyph { at, glyph, ink, size } => {
                let shape = glyph::shape(*glyph, *at, *size);
                for path in &shape.fills {
                    self.path(path, Some(*ink), None);
                }
                for path in &shape.strokes {
                    self.path(path, None, Some((*ink, shape.width)));
                }
            }
            Command::Clip(rect) => {
                self.context.save();
                self.clips += 1;
                self.context.begin_path();
                self.context.rect(rect.x, rect.y, rect.width, rect.height);
                self.context.clip();
            }
            Command::Unclip if self.clips > 0 => {
                self.clips -= 1;
                self.context.restore();
                // What was set inside of the clip is gone with it.
                (self.fill, self.font) = (None, None);
            }
            Command::Unclip => {}
        }
        1
    }

    /// Paints the rectangles at the front of `rest` that share this fill.
    fn rects(&mut self, fill: Fill, rest: &[Command]) -> usize {
        let same =
            |command: &&Command| matches!(command, Command::Rect { fill: other, .. } if *other == fill);
        let count = rest.iter().take_while(same).count();
        let rects: Vec<(Rect, f64)> = rest
            .iter()
            .take(count)
            .filter_map(|command| match command {
                Command::Rect { rect, radius, .. } => Some((*rect, *radius)),
                _ => None,
            })
            .collect();
        match fill {
            Fill::Solid(ink) => {
                self.ink(ink);
                self.trace(&rects, 1.0);
                self.context.fill();
            }
            Fill::Outline(edge, inside) => {
                self.ink(inside);
                self.edged(&rects);
                self.context.fill();
                self.stroke(edge, 1.0);
            }
            Fill::Dotted(edge, _) | Fill::Striped(edge, _) => {
                self.pattern(fill, &rects);
                self.edged(&rects);
                self.stroke(edge, 1.0);
            }
            Fill::Hazard(..) => self.pattern(fill, &rects),
        }
        count
    }

    /// Traces rectangles so that an edge of one pixel lies inside of them.
    fn edged(&self, rects: &[(Rect, f64)]) {
        let inside: Vec<(Rect, f64)> = rects.iter().map(|(rect, radius)| (inset(*rect), *radius)).collect();
        self.trace(&inside, 1.0);
    }

    fn trace(&self, rects: &[(Rect, f64)], scale: f64) {
        self.context.begin_path();
        for (rect, radius) in rects {
            let Rect { x, y, width, height } = Rect {
                x: rect.x * scale,
                y: rect.y * scale,
                width: rect.width * scale,
                height: rect.height * scale,
            };
            let radius = (radius * scale).min(width / 2.0).min(height / 2.0);
            if radius < 0.5 {
                self.context.rect(x, y, width, height);
                continue;
            }
            let (right, bottom) = (x + width, y + height);
            let corner = |x1, y1, x2, y2| {
                // It fails for a negative radius only.
                let _ = self.context.arc_to(x1, y1, x2, y2, radius);
            };
            self.context.move_to(x + radius, y);
            corner(right, y, right, bottom);
            corner(right, bottom, x, bottom);
            corner(x, bottom, x, y);
            corner(x, y, right, y);
            self.context.close_path();
        }
    }

    /// Fills rectangles with a pattern in device pixels, so that its dots stay sharp on any screen.
    fn pattern(&mut self, fill: Fill, rects: &[(Rect, f64)]) {
        if !self.tiles.contains_key(&fill) {
            let tile = tile(fill, self.theme, self.dpr, self.context);
            self.tiles.insert(fill, tile);
        }
        match self.tiles.get(&fill).and_then(Option::as_ref) {
            Some(tile) => {
                self.context.set_fill_style_canvas_pattern(tile);
                self.fill = None;
            }
            // Without a second canvas the ink alone must do.
            None => self.ink(inks(fill).0),
        }
        let _ = self.context.set_transform(1.0, 0.0, 0.0, 1.0, 0.0, 0.0);
        self.trace(rects, self.dpr);
        self.context.fill();
        self.usual_space();
    }

    fn path(&mut self, path: &Path, fill: Option<Ink>, stroke: Option<(Ink, f64)>) {
        self.context.begin_path();
        for piece in &path.pieces {
            match *piece {
                Piece::Move(Point { x, y }) => self.context.move_to(x, y),
                Piece::Line(Point { x, y }) => self.context.line_to(x, y),
                Piece::Curve(bend, back, to) => {
                    self.context.bezier_curve_to(bend.x, bend.y, back.x, back.y, to.x, to.y)
                }
                Piece::Close => self.context.close_path(),
            }
        }
        if let Some(ink) = fill {
            self.ink(ink);
            self.context.fill();
        }
        if let Some((ink, width)) = stroke {
            self.context.set_line_cap("round");
            self.context.set_line_join("round");
            self.stroke(ink, width);
            self.context.set_line_cap("butt");
        }
    }

    fn stroke(&self, ink: Ink, width: f64) {
        self.context.set_stroke_style_str(&self.theme.color(ink).css());
        self.context.set_line_width(width);
        self.context.stroke();
    }

    fn ink(&mut self, ink: Ink) {
        if self.fill.replace(ink) != Some(ink) {
            self.context.set_fill_style_str(&self.theme.color(ink).css());
        }
    }

    fn font(&mut self, weight: Weight, size: f64) {
        let wanted = (weight, (size * 100.0) as u32);
        if self.font.replace(wanted) != Some(wanted) {
            let weight = if weight == Weight::Strong { 600 } else { 400 };
            self.context.set_font(&format!("{weight} {size}px {SANS}"));
        }
    }

    fn dash(&self, lengths: &[f64]) {
        let lengths: Array = lengths.iter().map(|length| wasm_bindgen::JsValue::from_f64(*length)).collect();
        // It fails for what is no list only.
        let _ = self.context.set_line_dash(&lengths);
    }
}

fn inks(fill: Fill) -> (Ink, Ink) {
    match fill {
        Fill::Solid(ink) => (ink, ink),
        Fill::Outline(ink, below)
        | Fill::Dotted(ink, below)
        | Fill::Striped(ink, below)
        | Fill::Hazard(ink, below) => (ink, below),
    }
}

/// The tile of a pattern, drawn on a canvas of its own; none where the browser refuses one.
fn tile(fill: Fill, theme: Theme, dpr: f64, context: &CanvasRenderingContext2d) -> Option<CanvasPattern> {
    let step = match fill {
        Fill::Dotted(..) => 6.0,
        Fill::Striped(..) => 7.0,
        _ => 14.0,
    };
    let (ink, below) = inks(fill);
    let canvas: HtmlCanvasElement =
        context.canvas()?.owner_document()?.create_element("canvas").ok()?.dyn_into().ok()?;
    let pixels = (step * dpr).round().max(2.0);
    canvas.set_width(pixels as u32);
    canvas.set_height(pixels as u32);
    let tile: CanvasRenderingContext2d = canvas.get_context("2d").ok()??.dyn_into().ok()?;
    tile.set_fill_style_str(&theme.color(below).css());
    tile.fill_rect(0.0, 0.0, pixels, pixels);
    tile.set_fill_style_str(&theme.color(ink).css());
    tile.set_stroke_style_str(&theme.color(ink).css());
    if let Fill::Dotted(..) = fill {
        for part in [0.25, 0.75] {
            tile.begin_path();
            tile.arc(part * pixels, part * pixels, 1.1 * dpr, 0.0, std::f64::consts::TAU).ok()?;
            tile.fill();
        }
    } else {
        tile.set_line_width(if matches!(fill, Fill::Striped(..)) { 1.5 * dpr } else { 5.0 * dpr });
        // Three lines, so that the stripes go on from one tile to the next.
        for shift in [-1.0, 0.0, 1.0] {
            tile.begin_path();
            tile.move_to((shift - 0.5) * pixels, 1.5 * pixels);
            tile.line_to((shift + 1.5) * pixels, -0.5 * pixels);
            tile.stroke();
        }
    }
    context.create_pattern_with_html_canvas_element(&canvas, "repeat").ok().flatten()
}
