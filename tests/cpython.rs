//! Holds gallery scenarios against the same program in Python's asyncio, run by CPython in virtual time.
//!
//! `tests/python/NAME.py` stands beside `www/gallery/NAME.scope`. Both must log the same lines at the same
//! instants, in the same order, and end at the same one. Without a Python of 3.11 or newer nothing is
//! compared, and the test says so.
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
    let programs = programs();
    let (mut count, mut wrong) = (0, String::new());
    for program in &programs {
        let name = program.file_stem().unwrap_or_default().to_string_lossy();
        let scenario = root().join("www/gallery").join(format!("{name}.scope"));
        let Ok(text) = fs::read_to_string(&scenario) else { continue };
        let (ours, theirs) = (without_paths(&run(&text)), asyncio(program));
        count += 1;
        if ours != theirs {
            wrong += &format!("\n{name}\n--- taskscope\n{ours}--- asyncio\n{theirs}");
        }
    }
    assert!(count >= 25, "only {count} programs have their scenario in the gallery");
    assert!(wrong.is_empty(), "{wrong}");
    println!("{count} programs compared");
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn python_is_there() -> bool {
    let new_enough = "import sys; sys.exit(sys.version_info < (3, 11))";
    Command::new("python3").args(["-c", new_enough]).status().is_ok_and(|status| status.success())
}

/// The programs that are named like a scenario.
fn programs() -> Vec<PathBuf> {
    let entries = fs::read_dir(root().join("tests/python")).expect("a folder");
    let numbered =
        |path: &PathBuf| path.file_name().is_some_and(|n| n.to_string_lossy().starts_with(char::is_numeric));
    let mut programs: Vec<_> = entries.flatten().map(|entry| entry.path()).filter(numbered).collect();
    programs.sort();
    programs
}

/// What a program prints: a line per `log`, then when it ended.
fn asyncio(program: &Path) -> String {
    let output = Command::new("python3").arg("-B").arg(program).output().expect("python3 starts");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{}: {said}", program.display());
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// The lines of our log without the task, and when the run ended.
fn without_paths(printed: &str) -> String {
    let kept = |line: &str| {
        if line.starts_with("elapsed: ") {
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
