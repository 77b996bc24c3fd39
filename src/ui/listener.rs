//! A listener on an event target as an owned value: dropping it takes it away.

use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{AddEventListenerOptions, Event, EventTarget};

/// A listener.
#[must_use = "dropping a listener takes it away"]
pub struct Listener {
    target: EventTarget,
    kind: &'static str,
    callback: Closure<dyn FnMut(Event)>,
}

impl Listener {
    /// Listens for `kind` on `target`. The listener may prevent what the browser would do, which a wheel
    /// listener may not unless that was said when it was added.
    pub fn new(target: &EventTarget, kind: &'static str, callback: impl FnMut(Event) + 'static) -> Listener {
        let callback = Closure::new(callback);
        let options = AddEventListenerOptions::new();
        options.set_passive(false);
        let function = AsRef::<wasm_bindgen::JsValue>::as_ref(&callback).unchecked_ref();
        // Fails for no target that the browser itself handed out.
        let _ =
            target.add_event_listener_with_callback_and_add_event_listener_options(kind, function, &options);
        Listener { target: target.clone(), kind, callback }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        let function = AsRef::<wasm_bindgen::JsValue>::as_ref(&self.callback).unchecked_ref();
        let _ = self.target.remove_event_listener_with_callback(self.kind, function);
    }
}
