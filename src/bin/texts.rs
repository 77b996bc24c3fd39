//! How a part of the page that is a worker of its own talks with it: texts come, texts go back.

use js_sys::Array;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};

/// Answers every message for as long as the worker lives.
pub fn serve(answer: impl Fn(Vec<String>) -> Vec<String> + 'static) {
    let Ok(scope) = js_sys::global().dyn_into::<DedicatedWorkerGlobalScope>() else { return };
    let page = scope.clone();
    let hear = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        // Only the page writes here, and it writes lists of texts.
        let given = Array::from(&event.data()).iter().filter_map(|text| text.as_string()).collect();
        let texts: Array = answer(given).into_iter().map(JsValue::from).collect();
        // Text can always be posted.
        let _ = page.post_message(&texts);
    });
    scope.set_onmessage(Some(hear.as_ref().unchecked_ref()));
    // It lives as long as the worker, and the page ends that.
    hear.forget();
    // Messages posted before this would be lost.
    let _ = scope.post_message(&JsValue::NULL);
}
