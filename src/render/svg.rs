//! Writes a scene as a standalone SVG document.

use super::scene::Scene;

/// The scene as SVG text.
pub fn write(scene: &Scene) -> String {
    let Scene { width_px, height_px, .. } = scene;
    format!("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width_px}\" height=\"{height_px}\"></svg>\n")
}
