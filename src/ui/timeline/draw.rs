//! Puts the picture on its canvases: the run on one, what is pointed at on another over it.

use wasm_bindgen::JsCast;
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement};
use yew::NodeRef;

use crate::app::{Frame, Picture};
use crate::render::canvas::paint_layer;
use crate::render::{MINIMAP_PX, Options, Theme, minimap, overlay, scene};

/// The canvases of a timeline.
#[derive(Default)]
pub struct Canvases {
    /// The whole run, small.
    pub minimap: NodeRef,
    /// The run.
    pub data: NodeRef,
    /// What is pointed at.
    pub overlay: NodeRef,
}

/// How a picture is painted.
pub fn options(picture: &Picture) -> Options {
    Options {
        theme: theme(picture),
        dimmed: picture.stale,
        hover: picture.hover.or(picture.beside),
        selected: picture.selected,
        playhead: picture.playhead,
    }
}

fn theme(picture: &Picture) -> Theme {
    if picture.dark { Theme::dark() } else { Theme::light() }
}

impl Canvases {
    /// Paints everything.
    pub fn paint_all(&self, picture: &Picture, frame: Frame) {
        let (Some(run), Some(geometry)) = (&picture.run, picture.geometry(frame)) else { return };
        let dpr = device_pixels();
        let scene = scene(&run.layout, &geometry, &options(picture));
        if let Some(context) = cleared(&self.data, frame.width, frame.height, dpr) {
            paint_layer(&scene.data, scene.theme, &context, dpr);
        }
        if let Some(context) = cleared(&self.overlay, frame.width, frame.height, dpr) {
            paint_layer(&scene.overlay, scene.theme, &context, dpr);
        }
        let small = minimap(&run.layout, geometry.viewport, frame.width, theme(picture));
        if let Some(context) = cleared(&self.minimap, frame.width, MINIMAP_PX, dpr) {
            crate::render::canvas::paint(&small, &context, dpr);
        }
    }

    /// Paints what is pointed at alone.
    pub fn paint_overlay(&self, picture: &Picture, frame: Frame) {
        let (Some(run), Some(geometry)) = (&picture.run, picture.geometry(frame)) else { return };
        let dpr = device_pixels();
        if let Some(context) = cleared(&self.overlay, frame.width, frame.height, dpr) {
            paint_layer(&overlay(&run.layout, &geometry, &options(picture)), theme(picture), &context, dpr);
        }
    }
}

fn device_pixels() -> f64 {
    web_sys::window().map_or(1.0, |window| window.device_pixel_ratio()).clamp(0.5, 4.0)
}

/// An empty canvas of this size in CSS pixels.
fn cleared(canvas: &NodeRef, width: f64, height: f64, dpr: f64) -> Option<CanvasRenderingContext2d> {
    let canvas: HtmlCanvasElement = canvas.cast()?;
    let (device_width, device_height) = ((width * dpr).round() as u32, (height * dpr).round() as u32);
    if (canvas.width(), canvas.height()) != (device_width, device_height) {
        canvas.set_width(device_width);
        canvas.set_height(device_height);
        // Fails for no length.
        let _ = canvas.set_attribute("style", &format!("width: {width}px; height: {height}px"));
    }
    let context: CanvasRenderingContext2d = canvas.get_context("2d").ok()??.dyn_into().ok()?;
    context.set_transform(1.0, 0.0, 0.0, 1.0, 0.0, 0.0).ok()?;
    context.clear_rect(0.0, 0.0, f64::from(device_width), f64::from(device_height));
    Some(context)
}
