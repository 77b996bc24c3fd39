//! A scene painted on a real canvas.
#![cfg(target_arch = "wasm32")]

use taskscope::pipeline;
use taskscope::render::{Options, RULER_PX, Theme, canvas, gutter_px, scene};
use taskscope::timeline::{Collapsed, Geometry, Layout, Rows, Viewport};
use wasm_bindgen::JsCast;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement};

wasm_bindgen_test_configure!(run_in_browser);

const TEXT: &str = r#"
limiter api = 1
timeout 300ms {
  scope s {
    task a { with api { fetch "/a" in 200ms } }
    task b { with api { sleep 400ms } }
    task c { offload 250ms }
    task d { sleep 80ms work 60ms }
    task e { try { sleep 1s } finally { sleep 40ms } }
  }
}
else { log "late" }
"#;

/// The picture of `TEXT` as the browser encodes it.
fn painted(theme: Theme, dpr: f64) -> String {
    let plan = pipeline::compile(TEXT).plan.expect("a scenario");
    let layout = Layout::new(&pipeline::simulate(&plan, None));
    let rows = Rows::new(&layout, &Collapsed::new());
    let (width_px, height_px) = (800.0, 260.0);
    let gutter_px = gutter_px(&layout, &rows, width_px);
    let viewport = Viewport::fit(layout.end());
    let geometry = Geometry { rows: &rows, viewport, width_px, height_px, gutter_px, ruler_px: RULER_PX };
    let document = web_sys::window().and_then(|window| window.document()).expect("a page");
    let element = document.create_element("canvas").expect("an element");
    let element: HtmlCanvasElement = element.dyn_into().expect("a canvas");
    element.set_width((width_px * dpr) as u32);
    element.set_height((height_px * dpr) as u32);
    let context = element.get_context("2d").ok().flatten().expect("a context");
    let context: CanvasRenderingContext2d = context.dyn_into().expect("of two dimensions");
    canvas::paint(&scene(&layout, &geometry, &Options::plain(theme)), &context, dpr);
    element.to_data_url().expect("a picture")
}

#[wasm_bindgen_test]
fn a_scene_is_painted_the_same_twice() {
    let light = painted(Theme::light(), 2.0);
    assert_eq!(light, painted(Theme::light(), 2.0));
    assert_ne!(light, painted(Theme::dark(), 2.0));
    // An empty canvas of this size takes a tenth of that.
    assert!(light.len() > 20_000, "only {} bytes: hardly anything was painted", light.len());
}
