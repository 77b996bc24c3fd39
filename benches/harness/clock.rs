//! The one clock of the benchmarks.

/// Nanoseconds that this thread has been running for. Not those of the wall: no workload ever sleeps, and on a machine
/// that others use as well the wall's clock mostly measures the others.
#[cfg(unix)]
pub async fn now_ns() -> f64 {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    time.tv_sec as f64 * 1e9 + time.tv_nsec as f64
}

/// Nanoseconds since the first call.
#[cfg(not(any(unix, target_arch = "wasm32")))]
// The clock is banned for runs, which must be the same twice; here it is what measures them.
#[allow(clippy::disallowed_methods)]
pub async fn now_ns() -> f64 {
    use std::sync::LazyLock;
    use std::time::Instant;

    static BEGAN: LazyLock<Instant> = LazyLock::new(Instant::now);
    BEGAN.elapsed().as_secs_f64() * 1e9
}

/// The same for the thread of a page, which only the browser can tell: `browser.mjs` asks it.
#[cfg(target_arch = "wasm32")]
pub async fn now_ns() -> f64 {
    use wasm_bindgen::prelude::{JsValue, wasm_bindgen};

    #[wasm_bindgen]
    extern "C" {
        #[wasm_bindgen(js_namespace = bench, js_name = now)]
        async fn now_s() -> JsValue;
    }
    now_s().await.as_f64().expect("a time") * 1e9
}
