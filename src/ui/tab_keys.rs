//! Arrow keys among the tabs of a tab list, as the WAI-ARIA pattern has them: what gets the focus is opened.

use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, KeyboardEvent};

/// Where a tab stands in the order of the Tab key: a list is one stop, at its open tab.
pub fn stop(open: bool) -> &'static str {
    if open { "0" } else { "-1" }
}

/// Moves the focus in the tab list that a key press came to, and opens the tab there.
pub fn move_focus(event: KeyboardEvent) {
    // The event's own current target is the root of the page, where yew listens.
    let pressed = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let Some(list) = pressed.and_then(|tab| tab.closest("[role='tablist']").ok().flatten()) else { return };
    let Ok(nodes) = list.query_selector_all("[role='tab']") else { return };
    let tabs: Vec<HtmlElement> =
        (0..nodes.length()).filter_map(|index| nodes.item(index)?.dyn_into().ok()).collect();
    let Some(here) = tabs.iter().position(|tab| event.target().as_ref() == Some(tab.as_ref())) else {
        return;
    };
    let modified = event.ctrl_key() || event.meta_key() || event.alt_key() || event.shift_key();
    let next = next(&event.key(), here, tabs.len()).filter(|_| !modified);
    let Some(tab) = next.and_then(|index| tabs.get(index)) else { return };
    event.prevent_default();
    // Fails for nothing that is in the document.
    let _ = tab.focus();
    tab.click();
}

/// The tab that a key leads to from `here` among `count`, around the ends; none if it is no key of a tab list.
fn next(key: &str, here: usize, count: usize) -> Option<usize> {
    match key {
        "ArrowRight" => (here + 1).checked_rem(count),
        "ArrowLeft" => (here + count).checked_sub(1)?.checked_rem(count),
        "Home" => Some(0),
        "End" => count.checked_sub(1),
        _ => None,
    }
}
