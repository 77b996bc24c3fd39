//! Paints a scene on a browser's canvas.

use web_sys::CanvasRenderingContext2d;

use super::scene::{Layer, Scene};
use super::theme::Theme;

/// Paints both layers; `dpr` is how many device pixels a CSS pixel holds.
pub fn paint(scene: &Scene, context: &CanvasRenderingContext2d, dpr: f64) {
    paint_layer(&scene.data, scene.theme, context, dpr);
    paint_layer(&scene.overlay, scene.theme, context, dpr);
}

/// Paints one layer, for a canvas of its own: whoever calls clears the canvas first.
pub fn paint_layer(_layer: &Layer, _theme: Theme, _context: &CanvasRenderingContext2d, _dpr: f64) {}
