//! What the runtime promises, held against it: each test tells one story in virtual time.
#![cfg(not(target_arch = "wasm32"))]

mod runtime {
    mod awaiting;
    mod cancelling;
    mod cleaning;
    mod combining;
    mod deadlines;
    mod errors;
    mod everywhere;
    mod limits;
    mod outside;
    mod scale;
    mod scopes;
    mod sharing;
    mod shields;
    mod story;
}
