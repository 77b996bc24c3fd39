//! Random operations against slow and simple models that say what must happen, step by step.
#![cfg(not(target_arch = "wasm32"))]

mod model {
    mod keyed;
    mod limiter;
    mod lock;
    mod pool;
    mod queue;
    mod rate;
    mod trial;
}
