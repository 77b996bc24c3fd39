//! Asks CPython what a program prints.

use std::path::{Path, PathBuf};
use std::process::Command;

/// Whether there is a Python that has task groups.
pub fn is_there() -> bool {
    let new_enough = "import sys; sys.exit(sys.version_info < (3, 11))";
    Command::new("python3").args(["-c", new_enough]).status().is_ok_and(|status| status.success())
}

/// What each program prints: a line per `log`, then how and when it ended. `runner` is a Python program that runs
/// those that it is told, in one process, with a line `### NAME` before what each prints.
pub fn asyncio(runner: &Path, programs: &[PathBuf]) -> Vec<String> {
    let output =
        Command::new("python3").arg("-B").arg(runner).args(programs).output().expect("python3 starts");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    let printed = String::from_utf8_lossy(&output.stdout);
    let each =
        printed.split("### ").skip(1).map(|part| part.split_once('\n').unwrap_or_default().1.to_owned());
    let each: Vec<String> = each.collect();
    assert_eq!(each.len(), programs.len(), "{said}");
    each
}
