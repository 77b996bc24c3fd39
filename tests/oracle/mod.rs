//! What the tests that ask CPython share: whether it is there, and our own runs in the form in which it prints.

use std::path::{Path, PathBuf};
use std::process::Command;

use taskscope::export;
use taskscope::pipeline::{compile, simulate};

/// Whether there is a Python that has task groups.
pub fn python_is_there() -> bool {
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

/// What `taskscope run` prints of it, without the tasks: the lines of the log, and how and when the run ended.
pub fn run(text: &str) -> String {
    let compiled = compile(text);
    let Some(plan) = compiled.plan else { return format!("{:?}\n", compiled.diagnostics) };
    without_paths(&export::text::write(&simulate(&plan, None), Some(text)))
}

fn without_paths(printed: &str) -> String {
    let kept = |line: &str| {
        if line.starts_with("outcome: ") || line.starts_with("elapsed: ") {
            return Some(format!("{line}\n"));
        }
        let (at, rest) = line.split_once("  ")?;
        let (_task, text) = rest.split_once("  ")?;
        at.starts_with(char::is_numeric).then(|| format!("{at}  {text}\n"))
    };
    printed.lines().filter_map(kept).collect()
}
