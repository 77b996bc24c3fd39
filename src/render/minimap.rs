//! The whole run in a strip, and which part of it is in view.

use crate::time::Time;
use crate::timeline::{Layout, Viewport};

use super::scene::{Layer, Scene};
use super::theme::Theme;

/// How tall the minimap is.
pub const MINIMAP_PX: f64 = 32.0;

/// The whole run, `width_px` wide, with the part outside of `viewport` veiled by the overlay.
pub fn minimap(layout: &Layout, _viewport: Viewport, width_px: f64, theme: Theme) -> Scene {
    Scene {
        width_px,
        height_px: MINIMAP_PX,
        title: layout.title.clone(),
        desc: String::new(),
        theme,
        data: Layer::default(),
        overlay: Layer::default(),
    }
}

/// The instant that a minimap of this width shows at `x`.
pub fn minimap_time(layout: &Layout, width_px: f64, x: f64) -> Time {
    Viewport::fit(layout.end()).scale(0.0, width_px).time(x)
}
