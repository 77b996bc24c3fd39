//! The browser's steady clock, in windows and workers alike.

use std::time::Duration;

use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen]
extern "C" {
    /// Milliseconds since the page or worker began. Steady; rounded by the
    /// browser to between 5 µs and 1 ms.
    #[wasm_bindgen(js_namespace = performance, js_name = now)]
    pub(super) fn now_ms() -> f64;
}

/// Holds the thread for `length`.
pub(super) fn hold(length: Duration) {
    let until_ms = now_ms() + length.as_secs_f64() * 1e3;
    while now_ms() < until_ms {
        std::hint::spin_loop();
    }
}
