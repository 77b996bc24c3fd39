//! The shapes of the small signs, as lines and areas.

use crate::geom::Point;

use super::scene::{Glyph, Path, Piece};

/// A sign ready to be painted.
pub struct Shape {
    /// What is drawn along.
    pub strokes: Vec<Path>,
    /// What is filled.
    pub fills: Vec<Path>,
    /// How wide the strokes are.
    pub width: f64,
}

/// How far the handles of a curve lie that looks like a quarter of a circle.
const QUARTER: f64 = 0.5523;

/// The lines and areas of `glyph`, its middle at `at`.
pub fn shape(glyph: Glyph, at: Point, size: f64) -> Shape {
    let (strokes, fills) = unit(glyph);
    let scale = size / 2.0;
    let place = |path: Path| path.map(|point| Point { x: at.x + point.x * scale, y: at.y + point.y * scale });
    let place_all = |paths: Vec<Path>| paths.into_iter().map(place).collect();
    Shape { strokes: place_all(strokes), fills: place_all(fills), width: (size * 0.15).max(1.25) }
}

/// Strokes and fills between -1 and 1, y downwards.
fn unit(glyph: Glyph) -> (Vec<Path>, Vec<Path>) {
    let line = Path::through;
    let area = |points: &[(f64, f64)]| Path::through(points).closed();
    match glyph {
        Glyph::Timer => (vec![circle(0.85), line(&[(0.0, -0.45), (0.0, 0.05), (0.35, 0.3)])], vec![]),
        Glyph::Pause => (
            vec![],
            vec![
                area(&[(-0.65, -0.75), (-0.2, -0.75), (-0.2, 0.75), (-0.65, 0.75)]),
                area(&[(0.2, -0.75), (0.65, -0.75), (0.65, 0.75), (0.2, 0.75)]),
            ],
        ),
        Glyph::Fetch => (
            vec![
                line(&[(-0.45, 0.8), (-0.45, -0.75)]),
                line(&[(-0.9, -0.3), (-0.45, -0.8), (0.0, -0.3)]),
                line(&[(0.45, -0.8), (0.45, 0.75)]),
                line(&[(0.0, 0.3), (0.45, 0.8), (0.9, 0.3)]),
            ],
            vec![],
        ),
        Glyph::Worker => {
            let teeth = arc((1.0, 0.0), SIXTH, 6)
                .into_iter()
                .map(|(cos, sin)| line(&[(0.55 * cos, 0.55 * sin), (0.95 * cos, 0.95 * sin)]));
            (teeth.chain([circle(0.5)]).collect(), vec![])
        }
        Glyph::Cleaning => {
            // Most of a circle, so that the arrow's head has room.
            let most: Vec<(f64, f64)> = arc((-SIXTH.1, -0.5), STEP, 11)
                .into_iter()
                .map(|(cos, sin)| (0.8 * cos, 0.8 * sin))
                .collect();
            (vec![line(&most)], vec![area(&[(-1.05, -0.75), (-0.2, -0.85), (-0.75, -0.05)])])
        }
        Glyph::Done => (vec![line(&[(-0.75, 0.05), (-0.2, 0.6), (0.8, -0.6)])], vec![]),
        Glyph::Failed => {
            (vec![line(&[(-0.65, -0.65), (0.65, 0.65)]), line(&[(-0.65, 0.65), (0.65, -0.65)])], vec![])
        }
        Glyph::Cancelled => (vec![circle(0.8), line(&[(-0.55, 0.55), (0.55, -0.55)])], vec![]),
        Glyph::Blocked => (vec![], vec![area(&[(-0.75, -0.75), (0.75, -0.75), (0.75, 0.75), (-0.75, 0.75)])]),
        Glyph::Flag => (
            vec![line(&[(-0.6, 1.0), (-0.6, -0.9)])],
            vec![area(&[(-0.6, -0.9), (0.9, -0.45), (-0.6, 0.05)])],
        ),
        Glyph::Mark => (vec![], vec![area(&[(0.0, -0.95), (0.75, 0.0), (0.0, 0.95), (-0.75, 0.0)])]),
        Glyph::Log => (vec![], vec![circle(0.5)]),
        Glyph::Caught => (vec![circle(0.6)], vec![]),
        Glyph::Folded => (vec![], vec![area(&[(-0.4, -0.7), (0.5, 0.0), (-0.4, 0.7)])]),
        Glyph::Unfolded => (vec![], vec![area(&[(-0.7, -0.4), (0.7, -0.4), (0.0, 0.5)])]),
    }
}

/// The cosine and the sine of 60 degrees, and of 29: those of any angle would be much code for two signs.
const SIXTH: (f64, f64) = (0.5, 0.866_025_403_784_438_6);
const STEP: (f64, f64) = (0.874_619_707_139_395_7, 0.484_809_620_246_337_06);

/// `count` points around the middle, from `first` on, each turned by `step` from the one before.
fn arc(first: (f64, f64), step: (f64, f64), count: usize) -> Vec<(f64, f64)> {
    let turned = |(x, y): &(f64, f64)| Some((x * step.0 - y * step.1, x * step.1 + y * step.0));
    std::iter::successors(Some(first), turned).take(count).collect()
}

/// A circle around the middle.
fn circle(r: f64) -> Path {
    let point = |x: f64, y: f64| Point { x: x * r, y: y * r };
    let k = QUARTER;
    Path {
        pieces: vec![
            Piece::Move(point(1.0, 0.0)),
            Piece::Curve(point(1.0, k), point(k, 1.0), point(0.0, 1.0)),
            Piece::Curve(point(-k, 1.0), point(-1.0, k), point(-1.0, 0.0)),
            Piece::Curve(point(-1.0, -k), point(-k, -1.0), point(0.0, -1.0)),
            Piece::Curve(point(k, -1.0), point(1.0, -k), point(1.0, 0.0)),
            Piece::Close,
        ],
    }
}
