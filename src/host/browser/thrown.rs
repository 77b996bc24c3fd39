//! What JavaScript threw, in words.

use wasm_bindgen::{JsCast, JsValue};

/// A description of any thrown value: an error's name and message, a string
/// as it is, anything else as the console would print it.
pub(super) fn describe(thrown: &JsValue) -> String {
    if let Some(text) = thrown.as_string() {
        return text;
    }
    match thrown.dyn_ref::<js_sys::Error>() {
        Some(error) => {
            let part =
                |name: &str| js_sys::Reflect::get(error, &name.into()).ok().and_then(|v| v.as_string());
            let name = part("name").unwrap_or_else(|| "Error".to_owned());
            match part("message").filter(|message| !message.is_empty()) {
                Some(message) => format!("{name}: {message}"),
                None => name,
            }
        }
        None => format!("{thrown:?}"),
    }
}
