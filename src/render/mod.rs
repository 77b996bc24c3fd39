//! From a layout to a picture: a list of drawing commands, and the two places it is painted.
//!
//! [`scene`] says what to draw, in CSS pixels and inks; [`svg`] writes it as
//! text and `canvas` paints it. Neither knows what a task is, and the scene
//! does not know where it ends up.

#[cfg(feature = "web")]
pub mod canvas;
mod compose;
mod glyph;
mod gutter;
mod lanes;
mod marks;
mod minimap;
mod overlay;
mod ruler;
mod scene;
mod scopes;
pub mod svg;
#[cfg(test)]
mod tests;
pub mod text;
mod theme;

pub use compose::{Options, overlay, scene};
pub use gutter::gutter_px;
pub use minimap::{MINIMAP_PX, minimap, minimap_time};
pub use ruler::RULER_PX;
pub use scene::{Anchor, Command, Fill, Glyph, Layer, Path, Scene, Weight};
pub use theme::{Color, Ink, SANS, Theme, class_ink, size};
