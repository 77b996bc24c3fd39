//! What an embed knows of the page around it: that it is one, and what its host says.

use web_sys::MessageEvent;

use crate::app::{Action, settings::Theme};

/// The version of what a host page may say.
const VERSION: f64 = 1.0;

/// Whether the address asks for the embed: its path ends in `/embed`, or its query says so.
pub fn is_embed() -> bool {
    let Some(location) = web_sys::window().map(|window| window.location()) else { return false };
    let path = location.pathname().unwrap_or_default();
    let query = location.search().unwrap_or_default();
    let asked = query.trim_start_matches('?').split('&').any(|key| key == "embed");
    path.trim_end_matches('/').ends_with("/embed") || asked
}

/// What a host page says: `{ taskscope: 1, theme: "dark" }`. Anything else is not for us.
pub fn hear(event: &MessageEvent) -> Option<Action> {
    let data = event.data();
    let field = |name: &str| js_sys::Reflect::get(&data, &name.into()).ok();
    if !data.is_object() || field("taskscope")?.as_f64() != Some(VERSION) {
        return None;
    }
    Theme::named(&field("theme")?.as_string()?).map(Action::Theme)
}
