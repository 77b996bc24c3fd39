//! Whether CPython is there to be asked.

use std::process::Command;

/// Whether there is a Python that has task groups.
pub fn is_there() -> bool {
    let new_enough = "import sys; sys.exit(sys.version_info < (3, 11))";
    Command::new("python3").args(["-c", new_enough]).status().is_ok_and(|status| status.success())
}
