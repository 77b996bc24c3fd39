//! A picture as an inert list of drawing commands, in CSS pixels and inks.

use std::rc::Rc;

use crate::geom::{Point, Rect};

use super::theme::{Ink, Theme};

/// A picture in two layers: what the run is, and what the person points at.
#[derive(Clone, Debug, PartialEq)]
pub struct Scene {
    /// Its width.
    pub width_px: f64,
    /// Its height.
    pub height_px: f64,
    /// What it shows, in a few words; read out first.
    pub title: String,
    /// What there is to see, in a sentence or more.
    pub desc: String,
    /// With which colours it is painted.
    pub theme: Theme,
    /// What the run is: repainted when the view or the run changes.
    pub data: Layer,
    /// Hover, selection, playhead: repainted on its own, over the data.
    pub overlay: Layer,
}

/// Commands painted one after the other.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Layer {
    /// From back to front.
    pub commands: Vec<Command>,
    /// Painted at less than full strength: the run of a text that no longer holds.
    pub dimmed: bool,
}

/// One thing to paint.
#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    /// A rectangle.
    Rect {
        /// Where.
        rect: Rect,
        /// How it is filled.
        fill: Fill,
        /// How round its corners are.
        radius: f64,
    },
    /// A straight line, one CSS pixel wide unless `width` says otherwise.
    Line {
        /// From.
        from: Point,
        /// To.
        to: Point,
        /// In which ink.
        ink: Ink,
        /// How wide.
        width: f64,
        /// Dashed rather than drawn through.
        dashed: bool,
    },
    /// A line or area of straight and curved pieces.
    Path {
        /// Its pieces.
        path: Path,
        /// The ink inside, if it is filled.
        fill: Option<Ink>,
        /// The ink and width along it, if it is drawn.
        stroke: Option<(Ink, f64)>,
    },
    /// A line of text.
    Text {
        /// The left end, middle or right end of its baseline, as `anchor` says.
        at: Point,
        /// What it says.
        text: Rc<str>,
        /// In which ink.
        ink: Ink,
        /// How large.
        size: f64,
        /// How heavy.
        weight: Weight,
        /// What of it stands at `at`.
        anchor: Anchor,
    },
    /// A small sign.
    Glyph {
        /// Its middle.
        at: Point,
        /// Which.
        glyph: Glyph,
        /// In which ink.
        ink: Ink,
        /// How wide and high.
        size: f64,
    },
    /// What follows, up to the matching [`Command::Unclip`], is cut off outside of this rectangle.
    Clip(Rect),
    /// Ends a clip.
    Unclip,
}

/// How a rectangle is filled. State is never colour alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Fill {
    /// All over.
    Solid(Ink),
    /// An edge of the first ink inside of which is the second.
    Outline(Ink, Ink),
    /// Dots of the first ink on the second.
    Dotted(Ink, Ink),
    /// Diagonal stripes of the first ink on the second.
    Striped(Ink, Ink),
    /// Broad diagonal stripes of the first ink on the second.
    Hazard(Ink, Ink),
}

/// How heavy a text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weight {
    /// 400.
    Normal,
    /// 600.
    Strong,
}

/// What of a text stands at its point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Anchor {
    /// Its left end.
    Start,
    /// Its middle.
    Middle,
    /// Its right end.
    End,
}

/// A small sign; drawn, not taken from a font, so that it is the same everywhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Glyph {
    /// A clock: waiting on a timer.
    Timer,
    /// Two upright bars: waiting on a limiter, lock, queue, event.
    Pause,
    /// Two arrows: a request in flight.
    Fetch,
    /// A toothed wheel: on a worker.
    Worker,
    /// An arrow turning back: cleaning up.
    Cleaning,
    /// A tick: done.
    Done,
    /// A cross: failed.
    Failed,
    /// A crossed-out circle: cancelled.
    Cancelled,
    /// A square: the loop is held.
    Blocked,
    /// A flag: a deadline.
    Flag,
    /// A diamond: a named instant.
    Mark,
    /// A short line: a line of the log.
    Log,
    /// A ring: an error was caught.
    Caught,
    /// Pointing right: something is folded.
    Folded,
    /// Pointing down: something is unfolded.
    Unfolded,
}

/// Straight and curved pieces, one after the other.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Path {
    /// The pieces.
    pub pieces: Vec<Piece>,
}

/// A piece of a path.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Piece {
    /// Begin here.
    Move(Point),
    /// Straight to here.
    Line(Point),
    /// To the last point, bending towards the first two.
    Curve(Point, Point, Point),
    /// Back to where it began.
    Close,
}

impl Path {
    /// A line through these points.
    pub fn through(points: &[(f64, f64)]) -> Path {
        let mut path = Path::default();
        for (number, (x, y)) in points.iter().enumerate() {
            let at = Point { x: *x, y: *y };
            path.pieces.push(if number == 0 { Piece::Move(at) } else { Piece::Line(at) });
        }
        path
    }

    /// The same, closed.
    pub fn closed(mut self) -> Path {
        self.pieces.push(Piece::Close);
        self
    }

    /// The same with each of its points moved.
    pub fn map(mut self, change: impl Fn(Point) -> Point) -> Path {
        for piece in &mut self.pieces {
            *piece = match *piece {
                Piece::Move(to) => Piece::Move(change(to)),
                Piece::Line(to) => Piece::Line(change(to)),
                Piece::Curve(bend, back, to) => Piece::Curve(change(bend), change(back), change(to)),
                Piece::Close => Piece::Close,
            };
        }
        self
    }

    /// A curve from one point to another, bending towards the two between.
    pub fn curve(from: Point, bend: Point, bend_back: Point, to: Point) -> Path {
        Path { pieces: vec![Piece::Move(from), Piece::Curve(bend, bend_back, to)] }
    }
}

impl Layer {
    /// Paints a rectangle with square corners.
    pub fn rect(&mut self, rect: Rect, fill: Fill) {
        self.commands.push(Command::Rect { rect, fill, radius: 0.0 });
    }

    /// Paints a rectangle with round corners.
    pub fn round(&mut self, rect: Rect, fill: Fill, radius: f64) {
        self.commands.push(Command::Rect { rect, fill, radius });
    }

    /// Draws a hairline.
    pub fn line(&mut self, from: (f64, f64), to: (f64, f64), ink: Ink) {
        self.stroke(from, to, ink, 1.0, false);
    }

    /// Draws a line.
    pub fn stroke(&mut self, from: (f64, f64), to: (f64, f64), ink: Ink, width: f64, dashed: bool) {
        let (from, to) = (Point { x: from.0, y: from.1 }, Point { x: to.0, y: to.1 });
        self.commands.push(Command::Line { from, to, ink, width, dashed });
    }

    /// Writes a text of the usual weight.
    pub fn text(&mut self, x: f64, y: f64, text: impl Into<Rc<str>>, ink: Ink, size: f64, anchor: Anchor) {
        let (at, text, weight) = (Point { x, y }, text.into(), Weight::Normal);
        self.commands.push(Command::Text { at, text, ink, size, weight, anchor });
    }

    /// Draws a sign.
    pub fn glyph(&mut self, x: f64, y: f64, glyph: Glyph, ink: Ink, size: f64) {
        self.commands.push(Command::Glyph { at: Point { x, y }, glyph, ink, size });
    }

    /// How many rectangles it paints.
    pub fn rects(&self) -> usize {
        self.commands.iter().filter(|command| matches!(command, Command::Rect { .. })).count()
    }
}
