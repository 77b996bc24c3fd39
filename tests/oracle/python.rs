//! Asks CPython what a program prints.

use std::path::{Path, PathBuf};
use std::process::Command;

#[path = "cpython.rs"]
mod cpython;

pub use cpython::is_there;

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
