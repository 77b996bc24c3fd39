//! Structured concurrency for Rust in the browser, and a playground that shows what it does.
//!
//! Three faces, one engine:
//!
//! - [`runtime`], the library: an executor for one thread, scopes whose children may borrow, cancelling with cleanup
//!   that awaits, timeouts, limiters, queues, error groups. It asks the world for everything through [`host::Host`]: in
//!   tests a clock that jumps, in the browser real timers, requests and workers, natively the machine's clock and
//!   threads. [`testing`] has what tests of code on it need, and [`guide`] says what differs from asyncio, Trio and tokio.
//! - The scenario language and its playground: text is parsed, checked and lowered to a plan, the runtime runs it, and
//!   every event ([`event::Event`]) is recorded ([`trace`]), laid out ([`timeline`]) and drawn ([`render`]).
//! - The command `taskscope`, which runs and checks scenarios natively.
//!
//! A crate that wants the library alone turns the rest off: `taskscope = { …, default-features = false }`, with the
//! feature `web` for the browser's host.
//!
//! ```
//! use std::time::Duration;
//! use taskscope::runtime::{block_on_virtual, now, scope, sleep, timeout};
//!
//! let names = ["user", "orders"]; // children borrow it
//! let answer = block_on_virtual(async {
//!     let both = scope(async |s| {
//!         let tasks = names.each_ref().map(|name| {
//!             s.spawn_named(*name, async move {
//!                 sleep(Duration::from_millis(100)).await;
//!                 Ok(name.len())
//!             })
//!         });
//!         let [user, orders] = tasks;
//!         Ok(user.await? + orders.await?)
//!     });
//!     Ok(timeout(Duration::from_secs(1), both).await??)
//! });
//! assert_eq!(answer.unwrap(), 10);
//! ```
//!
//! **Invariant:** data moves from left to right, imports point the other way: a phase does not know who consumes it.
//! `tests/tidy.rs` holds the `use` lines to that.
//! **Invariant:** plans, traces, layouts and scenes are inert values, comparable and printable, without handles.
//! **Invariant:** same text, seed and host script, same trace, byte for byte, on every platform.
//! **Invariant:** no task outlives its scope, no browser handle its owner, and every loop, nesting and queue has a named
//! limit.

// Vocabulary: what every module may use.
pub mod geom;
pub mod ids;
mod order;
pub mod span;
pub mod time;

// Inert values that travel between the phases.
pub mod diag;
pub mod event;
pub mod trace;

// The library: the outside world behind one trait, and the runtime on it.
pub mod guide;
pub mod host;
pub mod runtime;
pub mod testing;

// The picture.
pub mod render;
pub mod timeline;

// Runs written down, and programs that print theirs.
pub mod export;
pub mod program;

// The scenario language.
#[cfg(feature = "lang")]
pub mod interp;
#[cfg(feature = "lang")]
pub mod lang;
#[cfg(feature = "lang")]
pub mod pipeline;

// Other languages' programs as scenarios.
#[cfg(feature = "import")]
pub mod import;

// The faces.
#[cfg(feature = "app")]
pub mod app;
#[cfg(all(feature = "cli", not(target_arch = "wasm32")))]
pub mod cli;
#[cfg(feature = "playground")]
pub mod embed;
#[cfg(feature = "playground")]
pub mod ui;
