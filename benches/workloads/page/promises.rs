//! The workloads with plain promises: the functions of `promises.js`.

use wasm_bindgen::prelude::{JsValue, wasm_bindgen};

#[wasm_bindgen(module = "/workloads/page/promises.js")]
extern "C" {
    #[wasm_bindgen(catch, js_name = spawn)]
    async fn js_spawn(n: f64) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch, js_name = switching)]
    async fn js_switch(n: f64) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch, js_name = alone)]
    async fn js_alone(n: f64) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch, js_name = limiter)]
    async fn js_limiter(n: f64) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch, js_name = queue)]
    async fn js_queue(n: f64) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch, js_name = tree)]
    async fn js_tree(n: f64) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch, js_name = errors)]
    async fn js_errors(n: f64) -> Result<JsValue, JsValue>;
}

/// The number that a function came to. All of them are below 2^53, where JavaScript's numbers are exact.
fn number(result: Result<JsValue, JsValue>) -> u64 {
    let value = result.unwrap_or_else(|thrown| panic!("{thrown:?}"));
    value.as_f64().expect("a number") as u64
}

pub(super) async fn spawn(n: u64) -> u64 {
    number(js_spawn(n as f64).await)
}

pub(super) async fn switch(n: u64) -> u64 {
    number(js_switch(n as f64).await)
}

pub(super) async fn alone(n: u64) -> u64 {
    number(js_alone(n as f64).await)
}

pub(super) async fn limiter(n: u64) -> u64 {
    number(js_limiter(n as f64).await)
}

pub(super) async fn queue(n: u64) -> u64 {
    number(js_queue(n as f64).await)
}

pub(super) async fn tree(n: u64) -> u64 {
    number(js_tree(n as f64).await)
}

pub(super) async fn errors(n: u64) -> u64 {
    number(js_errors(n as f64).await)
}
