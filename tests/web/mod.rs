//! What the browser tests share: JavaScript by the line, frames, a worker's script.
#![allow(dead_code)] // each test file uses a part of this

use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

/// Runs JavaScript and gives its last value.
pub fn js(code: &str) -> JsValue {
    js_sys::eval(code).expect(code)
}

/// Runs JavaScript that ends in a promise, and waits for that.
pub async fn promise(code: &str) -> JsValue {
    JsFuture::from(js(code).unchecked_into::<js_sys::Promise>()).await.expect(code)
}

/// Waits without the host under test.
pub async fn browser_sleep(ms: u32) {
    promise(&format!("new Promise(done => setTimeout(done, {ms}))")).await;
}

/// Counts the frames that the page paints.
pub struct Frames;

impl Frames {
    pub fn count() -> Frames {
        js("globalThis.frames_seen = 0;
            const tick = () => { globalThis.frames_seen += 1; globalThis.frame = requestAnimationFrame(tick) };
            globalThis.frame = requestAnimationFrame(tick)");
        Frames
    }

    pub fn seen(&self) -> f64 {
        js("globalThis.frames_seen").as_f64().expect("a count")
    }
}

impl Drop for Frames {
    fn drop(&mut self) {
        js("cancelAnimationFrame(globalThis.frame)");
    }
}

/// A worker in JavaScript that speaks the protocol of ours, which these tests
/// have no build of. Its functions show what the pool does with it.
pub const WORKER: &str = "
    const born = Math.floor(Math.random() * 2 ** 50);
    onmessage = ({ data: { id, function: name, args } }) => {
        if (name === 'endless') for (;;) {}
        if (name === 'crash') throw new Error('boom');
        if (name === 'reject') return postMessage({ id, error: 'will not' });
        if (name === 'nonsense') return postMessage({ id, value: 'seven' });
        if (name === 'born') return postMessage({ id, value: born });
        if (name === 'slow') for (const end = performance.now() + Number(args[0]); performance.now() < end;);
        postMessage({ id, value: args.reduce((a, b) => a + b, 0n) });
    };
    postMessage({ ready: 1 });";

/// The address of a worker that runs `script`.
pub fn worker_url(script: &str) -> String {
    let parts = js_sys::Array::of1(&script.into());
    let make = js("(parts) => URL.createObjectURL(new Blob(parts, { type: 'text/javascript' }))");
    let url = make.unchecked_into::<js_sys::Function>().call1(&JsValue::NULL, &parts);
    url.expect("an address").as_string().expect("text")
}
