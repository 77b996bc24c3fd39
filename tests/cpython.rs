//! Holds gallery scenarios against the same program in Python's asyncio, run by CPython in virtual time.
//!
//! `www/gallery/NAME.py` stands beside `NAME.scope`. Both must log the same lines at the same instants, in the same
//! order, and end in the same way at the same one. Without a Python of 3.11 or newer nothing is compared, and the test
//! says so.
#![cfg(all(feature = "lang", not(target_arch = "wasm32")))]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use taskscope::export;
use taskscope::pipeline::{compile, simulate};

#[test]
fn asyncio_logs_the_same_lines_at_the_same_instants() {
    if !python_is_there() {
        println!("nothing compared: there is no python3 of 3.11 or newer");
        return;
    }
    let scenarios = scenarios();
    let mut wrong = String::new();
    for scenario in &scenarios {
        let text = fs::read_to_string(scenario).expect("a readable file");
        let (ours, theirs) = (without_paths(&run(&text)), asyncio(&scenario.with_extension("py")));
        if ours != theirs {
            let name = scenario.display();
            wrong += &format!("\n{name}\n--- taskscope\n{ours}--- asyncio\n{theirs}");
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
    println!("{} programs compared", scenarios.len());
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn python_is_there() -> bool {
    let new_enough = "import sys; sys.exit(sys.version_info < (3, 11))";
    Command::new("python3").args(["-c", new_enough]).status().is_ok_and(|status| status.success())
}

/// Every scenario of the gallery.
fn scenarios() -> Vec<PathBuf> {
    let entries = fs::read_dir(root().join("www/gallery")).expect("a folder");
    let mut scenarios: Vec<_> = entries.flatten().map(|entry| entry.path()).collect();
    scenarios.retain(|path| path.extension().is_some_and(|ending| ending == "scope"));
    scenarios.sort();
    assert!(scenarios.len() >= 55, "only {} scenarios", scenarios.len());
    scenarios
}

/// What a program prints: a line per `log`, then how and when it ended.
fn asyncio(program: &Path) -> String {
    let output = Command::new("python3").arg("-B").arg(program).output().expect("python3 starts");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{}: {said}", program.display());
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// The lines of our log without the task, and how and when the run ended.
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

/// What `taskscope run` prints.
fn run(text: &str) -> String {
    let compiled = compile(text);
    let Some(plan) = compiled.plan else { return format!("{:?}\n", compiled.diagnostics) };
    export::text::write(&simulate(&plan, None), Some(text))
}
