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
            let teeth = (0..6).map(|tooth| {
                let angle = f64::from(tooth) * std::f64::consts::FRAC_PI_3;
                let (sin, cos) = angle.sin_cos();
                line(&[(0.55 * cos, 0.55 * sin), (0.95 * cos, 0.95 * sin)])
            });
            (teeth.chain([circle(0.5)]).collect(), vec![])
        }
        Glyph::Cleaning => {
            // Most of a circle, so that the arrow's head has room.
            let arc: Vec<(f64, f64)> = (0..=10)
                .map(|step| (-150.0 + f64::from(step) * 29.0f64).to_radians().sin_cos())
                .map(|(sin, cos)| (0.8 * cos, 0.8 * sin))
                .collect();
            (vec![line(&arc)], vec![area(&[(-1.05, -0.75), (-0.2, -0.85), (-0.75, -0.05)])])
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
