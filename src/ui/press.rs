//! Keys between the browser and the table of commands.

use wasm_bindgen::JsCast;
use web_sys::{Element, KeyboardEvent};
use yew::{Html, html};

use crate::app::commands::{Command, entry};
use crate::app::keys::{Chord, Press};

/// The key press of an event.
pub fn press(event: &KeyboardEvent) -> Press {
    Press {
        code: event.code(),
        key: event.key(),
        command: event.ctrl_key() || event.meta_key(),
        shift: event.shift_key(),
        alt: event.alt_key(),
    }
}

/// Whether a key press would write into something.
pub fn in_field(event: &KeyboardEvent) -> bool {
    target(event).is_some_and(|element| {
        element
            .closest("input, textarea, select, [contenteditable]:not([contenteditable='false'])")
            .ok()
            .flatten()
            .is_some()
    })
}

/// Whether a key press is meant for the timeline.
pub fn on_timeline(event: &KeyboardEvent) -> bool {
    target(event).is_some_and(|element| element.closest(".timeline").ok().flatten().is_some())
}

fn target(event: &KeyboardEvent) -> Option<Element> {
    event.composed_path().get(0).dyn_into().ok()
}

/// Whether the keyboard is a Mac's.
pub fn is_mac() -> bool {
    let platform = web_sys::window().and_then(|window| window.navigator().platform().ok());
    platform.is_some_and(|platform| platform.starts_with("Mac") || platform.starts_with("iP"))
}

/// A command's title with its first key, for a tooltip.
pub fn hint(command: Command) -> String {
    let Some(entry) = entry(command) else { return String::new() };
    match entry.keys.first() {
        Some(chord) => format!("{} ({})", entry.title, chord.caps(is_mac()).join(" ")),
        None => entry.title.to_string(),
    }
}

/// A chord as key caps.
pub fn caps(chord: Chord) -> Html {
    let caps = chord.caps(is_mac()).into_iter().map(|cap| html! { <><kbd>{ cap }</kbd>{ " " }</> });
    html! { <span class="caps">{ for caps }</span> }
}
