//! The `taskscope` command.

/// The browser's tests build every program of the package; there is no command line there.
#[cfg(target_arch = "wasm32")]
fn main() {}

#[cfg(not(target_arch = "wasm32"))]
fn main() -> std::process::ExitCode {
    taskscope::cli::main()
}
