//! Puts a scene together: what the run is below, what the person points at above.

use crate::time::Time;
use crate::timeline::{Geometry, Hit, Layout};

use super::scene::{Layer, Scene};
use super::theme::Theme;

/// What a picture shows beside the run itself.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Options {
    /// With which colours.
    pub theme: Theme,
    /// Whether the run is that of a text that no longer holds.
    pub dimmed: bool,
    /// What is pointed at.
    pub hover: Option<Hit>,
    /// What is selected.
    pub selected: Option<Hit>,
    /// The instant that is looked at.
    pub playhead: Option<Time>,
}

impl Options {
    /// The run alone.
    pub fn plain(theme: Theme) -> Options {
        Options { theme, dimmed: false, hover: None, selected: None, playhead: None }
    }
}

/// The picture of what is in view.
pub fn scene(layout: &Layout, geometry: &Geometry, options: &Options) -> Scene {
    Scene {
        width_px: geometry.width_px,
        height_px: geometry.height_px,
        title: layout.title.clone(),
        desc: String::new(),
        theme: options.theme,
        data: Layer { commands: Vec::new(), dimmed: options.dimmed },
        overlay: overlay(layout, geometry, options),
    }
}

/// Hover, selection and playhead alone, for when only they have changed.
pub fn overlay(_layout: &Layout, _geometry: &Geometry, _options: &Options) -> Layer {
    Layer::default()
}
