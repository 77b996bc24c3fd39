//! tokio: one runtime on the current thread.

use std::future::Future;

use tokio::runtime::{Builder, Runtime};

thread_local! {
    /// Kept from one measurement to the next, in favour of tokio: building one takes as long as hundreds of tasks.
    static RUNTIME: Runtime = Builder::new_current_thread().build().expect("a runtime without drivers");
}

/// Runs `main` to its end.
pub fn drive<T>(main: impl Future<Output = T>) -> T {
    RUNTIME.with(|runtime| runtime.block_on(main))
}

/// Runs `main` on a clock of its own that jumps to the next deadline when nothing is ready.
#[cfg(not(target_arch = "wasm32"))]
pub fn drive_virtual<T>(main: impl Future<Output = T>) -> T {
    let runtime = Builder::new_current_thread().enable_time().start_paused(true).build();
    runtime.expect("a runtime with a clock").block_on(main)
}
