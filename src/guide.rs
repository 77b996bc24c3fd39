//! For those who come from asyncio, from Trio, or from tokio.
#![doc = ""]
#![doc = include_str!("runtime/GUIDE.md")]
// Compiled and run by `tests/web_library.rs`, since it needs a page.
#![doc = "```ignore"]
#![doc = include_str!("../tests/web/downloads.rs")]
#![doc = "```"]
