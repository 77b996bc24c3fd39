//! Puts a scene together: what the run is below, what the person points at above.

use crate::time::Time;
use crate::timeline::{Geometry, Hit, Layout, summary_of};

use super::scene::{Command, Layer, Scene};
use super::theme::Theme;
use super::{gutter, lanes, marks, overlay as pointed, ruler, scopes};

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

/// The picture of what is in view. Costs what is seen, not what there is.
pub fn scene(layout: &Layout, geometry: &Geometry, options: &Options) -> Scene {
    let mut data = Layer { commands: Vec::new(), dimmed: options.dimmed };
    data.commands.push(Command::Clip(geometry.plot()));
    ruler::ground(&mut data, layout, geometry);
    scopes::brackets(&mut data, layout, geometry);
    scopes::blocked(&mut data, layout, geometry);
    lanes::lanes(&mut data, layout, geometry);
    pointed::few_links(&mut data, layout, geometry);
    scopes::deadlines(&mut data, layout, geometry);
    marks::marks(&mut data, layout, geometry);
    scopes::deadlines_beyond(&mut data, layout, geometry);
    data.commands.push(Command::Unclip);
    gutter::gutter(&mut data, layout, geometry);
    ruler::ruler(&mut data, layout, geometry);
    Scene {
        width_px: geometry.width_px,
        height_px: geometry.height_px,
        title: if layout.title.is_empty() { "A run".to_owned() } else { layout.title.clone() },
        desc: summary_of(layout),
        theme: options.theme,
        data,
        overlay: overlay(layout, geometry, options),
    }
}

/// Hover, selection and playhead alone, for when only they have changed.
pub fn overlay(layout: &Layout, geometry: &Geometry, options: &Options) -> Layer {
    let mut layer = Layer::default();
    pointed::draw(&mut layer, layout, geometry, options);
    layer
}
