//! A small timeline of a scenario's own run, as a picture.

use yew::{AttrValue, Html};

use crate::app::thumbnail_run;
use crate::render::svg;
use crate::render::{Theme, minimap};

/// Size of the drawing; the style sheet scales it to the card.
const WIDTH: f64 = 244.0;

/// The run of `text` in virtual time, drawn small. Empty for a text that cannot run.
pub fn thumbnail(text: &str, dark: bool) -> Html {
    let Some((layout, viewport)) = thumbnail_run(text) else { return Html::default() };
    let theme = if dark { Theme::dark() } else { Theme::light() };
    let mut scene = minimap(&layout, viewport, WIDTH, theme);
    scene.overlay.commands.clear();
    // Our own drawing: the writer escapes every text in it.
    Html::from_html_unchecked(AttrValue::from(svg::write(&scene)))
}
