//! Structured concurrency for Rust in the browser, and a playground that shows what it does.

// Vocabulary: what every module may use.
pub mod geom;
pub mod ids;
pub mod span;
pub mod time;

// Inert values that travel between the phases.
pub mod diag;
pub mod event;
pub mod trace;

// The library: the outside world behind one trait, and the runtime on it.
pub mod host;
pub mod runtime;

// The picture.
pub mod render;
pub mod timeline;

// The scenario language.
#[cfg(feature = "lang")]
pub mod export;
#[cfg(feature = "lang")]
pub mod interp;
#[cfg(feature = "lang")]
pub mod lang;
#[cfg(feature = "lang")]
pub mod pipeline;

// The faces.
#[cfg(feature = "app")]
pub mod app;
#[cfg(all(feature = "cli", not(target_arch = "wasm32")))]
pub mod cli;
#[cfg(feature = "playground")]
pub mod embed;
#[cfg(feature = "playground")]
pub mod ui;
