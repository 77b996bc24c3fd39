//! A small timeline of a scenario's own run, as a picture.

use yew::{Html, html};

use crate::app::{Frame, small_picture};
use crate::render::{Options, Theme, scene, svg};

/// Size of the drawing; the style sheet scales it to the card.
const FRAME: Frame = Frame { width: 440.0, height: 88.0, gutter: 0.0, ruler: 0.0 };

/// The run of `text` in virtual time, drawn small. Empty for a text that cannot run.
pub fn thumbnail(text: &str, dark: bool) -> Html {
    let theme = if dark { Theme::dark() } else { Theme::light() };
    let Some(picture) = small_picture(text, FRAME.height) else { return Html::default() };
    let (Some(run), Some(geometry)) = (&picture.run, picture.geometry(FRAME)) else { return Html::default() };
    let drawing = svg::write(&scene(&run.layout, &geometry, &Options::plain(theme)));
    // A picture of its own, because the names inside of several drawings on one page would collide.
    let address = format!("data:image/svg+xml,{}", String::from(js_sys::encode_uri_component(&drawing)));
    html! { <img src={address} alt="" /> }
}
