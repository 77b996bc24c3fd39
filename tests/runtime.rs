//! What the runtime promises, held against it: each test tells one story in virtual time.
#![cfg(not(target_arch = "wasm32"))]

mod runtime {
    mod awaiting;
    mod cancelling;
    mod cleaning;
    mod deadlines;
    mod limits;
    mod scopes;
    mod story;
}
