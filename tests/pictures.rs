//! Every scenario of the gallery keeps the promises of a trace and gives a picture.
//!
//! To look at them: `TASKSCOPE_PICTURES=DIR cargo test --test pictures` writes each as SVG into that folder.
#![cfg(not(target_arch = "wasm32"))]

use std::fs;
use std::path::Path;

use taskscope::render::{Options, RULER_PX, Theme, gutter_px, scene, svg};
use taskscope::timeline::{Collapsed, Geometry, Layout, Rows, Viewport, story};
use taskscope::{pipeline, trace};

#[test]
fn the_gallery_is_true_and_can_be_drawn() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("www/gallery");
    let mut names: Vec<_> =
        fs::read_dir(folder).expect("the gallery").map(|entry| entry.expect("an entry").path()).collect();
    names.retain(|path| path.extension().is_some_and(|extension| extension == "scope"));
    names.sort();
    assert!(names.len() >= 10, "{names:?}");
    for path in names {
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let text = fs::read_to_string(&path).expect("a scenario");
        let Some(plan) = pipeline::compile(&text).plan else { panic!("{name} does not compile") };
        let trace = pipeline::simulate(&plan, None);
        let faults: Vec<String> = trace::verify(&trace).iter().map(ToString::to_string).collect();
        assert_eq!(faults, Vec::<String>::new(), "{name}");
        let layout = Layout::new(&trace);
        assert!(!story(&trace).is_empty(), "{name}");
        let rows = Rows::new(&layout, &Collapsed::new());
        for (theme, suffix) in [(Theme::light(), ""), (Theme::dark(), "-dark")] {
            let height_px = (rows.len() as f64 * 24.0 + RULER_PX + 8.0).min(620.0);
            let viewport = Viewport::fit(layout.end()).fit_lanes(rows.len(), height_px - RULER_PX);
            let width_px = 1000.0;
            let gutter_px = gutter_px(&layout, &rows, width_px);
            let geometry =
                Geometry { rows: &rows, viewport, width_px, height_px, gutter_px, ruler_px: RULER_PX };
            let picture = svg::write(&scene(&layout, &geometry, &Options::plain(theme)));
            assert_eq!(picture.matches("<g").count(), picture.matches("</g>").count(), "{name}");
            if let Some(folder) = std::env::var_os("TASKSCOPE_PICTURES") {
                let file = Path::new(&folder).join(format!("{name}{suffix}.svg"));
                fs::write(file, picture).expect("the folder exists");
            }
        }
    }
}
