//! The `taskscope` command.

use std::process::ExitCode;

fn main() -> ExitCode {
    taskscope::cli::main()
}
