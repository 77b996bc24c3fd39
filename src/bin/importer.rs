//! The program of the worker that brings Python programs in: a text comes, its scenario goes back.

use taskscope::import::import;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};

fn main() {
    let Ok(scope) = js_sys::global().dyn_into::<DedicatedWorkerGlobalScope>() else { return };
    let page = scope.clone();
    let hear = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        // Only the page writes here, and it writes texts.
        let text = event.data().as_string().unwrap_or_default();
        // Text can always be posted.
        let _ = page.post_message(&import(&text).annotated().into());
    });
    scope.set_onmessage(Some(hear.as_ref().unchecked_ref()));
    // It lives as long as the worker, and the page ends that.
    hear.forget();
    // Messages posted before this would be lost.
    let _ = scope.post_message(&JsValue::NULL);
}
