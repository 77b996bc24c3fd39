//! The one clock of the benchmarks.

/// Nanoseconds that this thread has been running for. Not those of the wall: no workload ever sleeps, and on a machine
/// that others use as well the wall's clock mostly measures the others.
#[cfg(unix)]
pub fn now_ns() -> f64 {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    time.tv_sec as f64 * 1e9 + time.tv_nsec as f64
}

/// Nanoseconds since the first call.
#[cfg(not(any(unix, target_arch = "wasm32")))]
// The clock is banned for runs, which must be the same twice; here it is what measures them.
#[allow(clippy::disallowed_methods)]
pub fn now_ns() -> f64 {
    use std::sync::LazyLock;
    use std::time::Instant;

    static BEGAN: LazyLock<Instant> = LazyLock::new(Instant::now);
    BEGAN.elapsed().as_secs_f64() * 1e9
}

/// Nanoseconds since the page was opened. A browser has no clock of a thread.
#[cfg(target_arch = "wasm32")]
pub fn now_ns() -> f64 {
    use wasm_bindgen::prelude::wasm_bindgen;

    #[wasm_bindgen]
    extern "C" {
        #[wasm_bindgen(js_namespace = performance, js_name = now)]
        fn now_ms() -> f64;
    }
    now_ms() * 1e6
}
