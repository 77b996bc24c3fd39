//! The worker's side of blocking work: answers orders until it is terminated.

use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};

use crate::host::browser::clock;
use crate::host::browser::wire::{Order, Reply, VERSION};
use crate::host::jobs;

/// Listens for orders and says so. Called once, first thing, in a worker;
/// elsewhere it does nothing.
pub fn serve() {
    let Ok(scope) = js_sys::global().dyn_into::<DedicatedWorkerGlobalScope>() else {
        return;
    };
    let answer = {
        let scope = scope.clone();
        Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            // Only the page of the same build writes here: a message that is no
            // order has nobody who waits for a reply.
            if let Some(order) = Order::from_js(&event.data()) {
                let result = jobs::toil(&order.function, &order.args, clock::hold);
                post(&scope, &Reply::Done { id: order.id, result });
            }
        })
    };
    scope.set_onmessage(Some(answer.as_ref().unchecked_ref()));
    // It lives as long as the worker, and a worker ends by being terminated.
    answer.forget();
    post(&scope, &Reply::Ready { version: VERSION });
}

fn post(scope: &DedicatedWorkerGlobalScope, reply: &Reply) {
    let message: JsValue = reply.to_js();
    // Numbers and text can always be posted; if not, the page hears of the
    // uncaught error and takes the worker for crashed.
    if let Err(thrown) = scope.post_message(&message) {
        wasm_bindgen::throw_val(thrown);
    }
}
