//! Writes a scene as a standalone SVG document.
//!
//! No script, no font file, nothing fetched: it can stand in any page, and
//! the same scene gives the same bytes.

use std::collections::BTreeSet;
use std::fmt::Write;

use crate::geom::{Point, Rect};

use super::glyph;
use super::scene::{Anchor, Command, Fill, Layer, Path, Piece, Scene, Weight};
use super::theme::{Ink, SANS, Theme};

/// The scene as SVG text, both layers.
pub fn write(scene: &Scene) -> String {
    let mut out = String::new();
    let (width, height) = (number(scene.width_px), number(scene.height_px));
    // Writing into a string cannot fail; the results are dropped throughout.
    let _ = writeln!(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\" \
         role=\"img\" aria-labelledby=\"{ID}title {ID}desc\" font-family=\"{SANS}\" style=\"font-variant-numeric: tabular-nums\">"
    );
    let _ = writeln!(out, "<title id=\"{ID}title\">{}</title>", escape(&scene.title));
    let _ = writeln!(out, "<desc id=\"{ID}desc\">{}</desc>", escape(&scene.desc));
    patterns(&mut out, scene);
    let mut writer = Writer { out, theme: scene.theme, clips: 0, open: 0 };
    for layer in [&scene.data, &scene.overlay] {
        writer.layer(layer);
    }
    writer.out.push_str("</svg>\n");
    let id = format!("s{:08x}-", hash(&writer.out));
    writer.out.replace(ID, &id)
}

/// Stands for the beginning of each id until the whole text is known. What a user typed cannot hold it: see [`escape`].
const ID: char = '\u{1}';

/// FNV-1a: two different pictures in one page must not share their ids, the same picture must keep its.
fn hash(text: &str) -> u32 {
    text.bytes().fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

/// The patterns that the scene uses, in a fixed order.
fn patterns(out: &mut String, scene: &Scene) {
    let commands = scene.data.commands.iter().chain(&scene.overlay.commands);
    let fills = commands.filter_map(|command| match command {
        Command::Rect { fill: fill @ (Fill::Dotted(..) | Fill::Striped(..) | Fill::Hazard(..)), .. } => {
            Some(*fill)
        }
        _ => None,
    });
    for fill in fills.collect::<BTreeSet<Fill>>() {
        let color = |ink| scene.theme.color(ink).css();
        let _ = match fill {
            Fill::Dotted(ink, below) => writeln!(
                out,
                "<pattern id=\"{}\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\">\
                 <rect width=\"6\" height=\"6\" fill=\"{}\"/><circle cx=\"1.5\" cy=\"1.5\" r=\"1.1\" fill=\"{2}\"/>\
                 <circle cx=\"4.5\" cy=\"4.5\" r=\"1.1\" fill=\"{2}\"/></pattern>",
                pattern_id(fill),
                color(below),
                color(ink)
            ),
            Fill::Striped(ink, below) => stripes(out, fill, 5, 1.5, color(ink), color(below)),
            Fill::Hazard(ink, below) => stripes(out, fill, 10, 5.0, color(ink), color(below)),
            Fill::Solid(_) | Fill::Outline(..) => Ok(()),
        };
    }
}

fn stripes(
    out: &mut String,
    fill: Fill,
    step: u32,
    width: f64,
    ink: String,
    below: String,
) -> std::fmt::Result {
    writeln!(
        out,
        "<pattern id=\"{}\" width=\"{step}\" height=\"{step}\" patternUnits=\"userSpaceOnUse\" \
         patternTransform=\"rotate(45)\"><rect width=\"{step}\" height=\"{step}\" fill=\"{below}\"/>\
         <rect width=\"{width}\" height=\"{step}\" fill=\"{ink}\"/></pattern>",
        pattern_id(fill)
    )
}

fn pattern_id(fill: Fill) -> String {
    match fill {
        Fill::Dotted(ink, _) => format!("{ID}dots-{}", ink.css_name()),
        Fill::Striped(ink, _) => format!("{ID}stripes-{}", ink.css_name()),
        Fill::Hazard(ink, _) => format!("{ID}hazard-{}", ink.css_name()),
        Fill::Solid(ink) | Fill::Outline(ink, _) => ink.css_name().to_owned(),
    }
}

struct Writer {
    out: String,
    theme: Theme,
    clips: u32,
    /// How many clips are open, so that a stray end closes nothing.
    open: u32,
}

impl Writer {
    fn layer(&mut self, layer: &Layer) {
        let opacity = if layer.dimmed { " opacity=\"0.45\"" } else { "" };
        let _ = writeln!(self.out, "<g{opacity}>");
        for command in &layer.commands {
            self.command(command);
        }
        for _ in 0..std::mem::take(&mut self.open) {
            self.out.push_str("</g>\n");
        }
        self.out.push_str("</g>\n");
    }

    fn command(&mut self, command: &Command) {
        match command {
            Command::Rect { rect, fill, radius } => self.rect(*rect, *fill, *radius),
            Command::Line { from, to, ink, width, dashed } => {
                let dashes = if *dashed { " stroke-dasharray=\"4 3\"" } else { "" };
                let (x1, y1, x2, y2) = (number(from.x), number(from.y), number(to.x), number(to.y));
                let (width, color) = (number(*width), self.color(*ink));
                let _ = writeln!(
                    self.out,
                    "<line x1=\"{x1}\" y1=\"{y1}\" x2=\"{x2}\" y2=\"{y2}\" stroke=\"{color}\" stroke-width=\"{width}\"{dashes}/>"
                );
            }
            Command::Path { path, fill, stroke } => self.path(path, *fill, *stroke),
            Command::Text { at, text, ink, size, weight, anchor } => {
                let anchor = match anchor {
                    Anchor::Start => "",
                    Anchor::Middle => " text-anchor=\"middle\"",
                    Anchor::End => " text-anchor=\"end\"",
                };
                let weight = if *weight == Weight::Strong { " font-weight=\"600\"" } else { "" };
                let (x, y, size, color) = (number(at.x), number(at.y), number(*size), self.color(*ink));
                let _ = writeln!(
                    self.out,
                    "<text x=\"{x}\" y=\"{y}\" font-size=\"{size}\" fill=\"{color}\"{anchor}{weight}>{}</text>",
                    escape(text)
                );
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
                let id = self.clips;
                self.clips += 1;
                self.open += 1;
                let _ = writeln!(
                    self.out,
                    "<clipPath id=\"{ID}clip{id}\"><rect {}/></clipPath>\n<g clip-path=\"url(#{ID}clip{id})\">",
                    place(*rect)
                );
            }
            Command::Unclip => {
                if let Some(open) = self.open.checked_sub(1) {
                    self.open = open;
                    self.out.push_str("</g>\n");
                }
            }
        }
    }

    fn rect(&mut self, rect: Rect, fill: Fill, radius: f64) {
        let round = if radius > 0.0 { format!(" rx=\"{}\"", number(radius)) } else { String::new() };
        let (rect, paint) = match fill {
            Fill::Solid(ink) => (rect, format!("fill=\"{}\"", self.color(ink))),
            Fill::Outline(edge, inside) => {
                (inset(rect), format!("fill=\"{}\" stroke=\"{}\"", self.color(inside), self.color(edge)))
            }
            Fill::Dotted(ink, _) | Fill::Striped(ink, _) => {
                (inset(rect), format!("fill=\"url(#{})\" stroke=\"{}\"", pattern_id(fill), self.color(ink)))
            }
            Fill::Hazard(..) => (rect, format!("fill=\"url(#{})\"", pattern_id(fill))),
        };
        let _ = writeln!(self.out, "<rect {}{round} {paint}/>", place(rect));
    }

    fn path(&mut self, path: &Path, fill: Option<Ink>, stroke: Option<(Ink, f64)>) {
        let mut d = String::new();
        for piece in &path.pieces {
            let point = |p: &Point| format!("{} {}", number(p.x), number(p.y));
            let _ = match piece {
                Piece::Move(to) => write!(d, "M{}", point(to)),
                Piece::Line(to) => write!(d, "L{}", point(to)),
                Piece::Curve(bend, back, to) => write!(d, "C{} {} {}", point(bend), point(back), point(to)),
                Piece::Close => write!(d, "Z"),
            };
        }
        let fill = fill.map_or_else(|| "none".to_owned(), |ink| self.color(ink));
        let stroke = stroke.map_or_else(String::new, |(ink, width)| {
            let (color, width) = (self.color(ink), number(width));
            format!(" stroke=\"{color}\" stroke-width=\"{width}\" stroke-linecap=\"round\" stroke-linejoin=\"round\"")
        });
        let _ = writeln!(self.out, "<path d=\"{d}\" fill=\"{fill}\"{stroke}/>");
    }

    fn color(&self, ink: Ink) -> String {
        self.theme.color(ink).css()
    }
}

/// Half a pixel in, so that an edge of one pixel lies inside of the rectangle.
pub fn inset(rect: Rect) -> Rect {
    let (width, height) = ((rect.width - 1.0).max(0.0), (rect.height - 1.0).max(0.0));
    Rect { x: rect.x + 0.5, y: rect.y + 0.5, width, height }
}

fn place(rect: Rect) -> String {
    let Rect { x, y, width, height } = rect;
    format!(
        "x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"",
        number(x),
        number(y),
        number(width),
        number(height)
    )
}

/// With at most two decimals: a hundredth of a pixel is seen by nobody.
fn number(value: f64) -> String {
    let rounded = (value * 100.0).round() / 100.0;
    // Minus nothing is written as nothing.
    format!("{}", if rounded == 0.0 { 0.0 } else { rounded })
}

/// As XML text or attribute; what XML cannot hold becomes the sign for it.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for char in text.chars() {
        match char {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\t' | '\n' | '\r' => out.push(' '),
            '\u{0}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_user_typed_stays_text() {
        assert_eq!(escape("a<b> & \"c\"\n\u{1}"), "a&lt;b&gt; &amp; &quot;c&quot; \u{fffd}");
    }

    #[test]
    fn numbers_are_short() {
        assert_eq!([1.0, 0.333333, -0.001, 1e7].map(number), ["1", "0.33", "0", "10000000"]);
    }
}
