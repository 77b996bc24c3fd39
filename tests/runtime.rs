//! What the runtime promises, held against it: each test tells one story in virtual time, natively and in the browser.

#[cfg(target_arch = "wasm32")]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);

mod runtime {
    // What `#[test]` means in the modules below, which import it.
    #[cfg(not(target_arch = "wasm32"))]
    use std::prelude::v1::test;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    mod pools;
    mod queues;
    mod rates;

    mod awaiting;
    mod cancelling;
    mod catching;
    mod cleaning;
    mod clocks;
    mod combining;
    mod deadlines;
    mod errors;
    mod everywhere;
    mod explaining;
    mod generators;
    mod instants;
    mod interrupt;
    mod interrupting;
    mod intervals;
    mod joining;
    mod limits;
    mod lints;
    mod locals;
    mod locks;
    #[cfg(not(target_arch = "wasm32"))]
    mod native;
    mod offloading;
    mod orders;
    mod outside;
    mod panicking;
    #[cfg(not(target_arch = "wasm32"))]
    mod portals;
    #[cfg(not(target_arch = "wasm32"))]
    mod promises;
    mod racing;
    mod rows;
    mod scale;
    mod scopes;
    mod sharing;
    mod shields;
    mod showing;
    mod starting;
    mod steps;
    mod stopping;
    mod stories;
    mod story;
    mod streams;
    #[cfg(not(target_arch = "wasm32"))]
    mod threads;
    mod using;
}
