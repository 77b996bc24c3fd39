//! One animation frame as an owned value: dropping it cancels it.

use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;

/// A callback that waits for the next frame.
#[must_use = "dropping a frame cancels it"]
pub struct Frame {
    id: i32,
    _callback: Closure<dyn FnMut(f64)>,
}

impl Frame {
    /// Calls `callback` before the next painting, with the frame's instant in milliseconds.
    /// None: there is no window to paint.
    pub fn request(callback: impl FnMut(f64) + 'static) -> Option<Frame> {
        let callback = Closure::new(callback);
        let function = AsRef::<wasm_bindgen::JsValue>::as_ref(&callback).unchecked_ref();
        let id = web_sys::window()?.request_animation_frame(function).ok()?;
        Some(Frame { id, _callback: callback })
    }
}

impl Drop for Frame {
    fn drop(&mut self) {
        if let Some(window) = web_sys::window() {
            // Fails only where there was no frame to cancel.
            let _ = window.cancel_animation_frame(self.id);
        }
    }
}
