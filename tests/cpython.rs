//! Holds gallery scenarios against the same program in Python's asyncio, run by CPython in virtual time.
//!
//! `www/gallery/NAME.py` stands beside `NAME.scope`. Both must log the same lines at the same instants, in the same
//! order, and end in the same way at the same one. Without a Python of 3.11 or newer nothing is compared, and the test
//! says so.
#![cfg(all(feature = "lang", not(target_arch = "wasm32")))]

#[path = "oracle/ours.rs"]
mod ours;
#[path = "oracle/python.rs"]
mod python;

use std::fs;
use std::path::{Path, PathBuf};

#[test]
fn asyncio_logs_the_same_lines_at_the_same_instants() {
    if !python::is_there() {
        println!("nothing compared: there is no python3 of 3.11 or newer");
        return;
    }
    let scenarios = scenarios();
    let programs: Vec<PathBuf> = scenarios.iter().map(|scenario| scenario.with_extension("py")).collect();
    let runner = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/oracle/each.py");
    let mut wrong = String::new();
    for (scenario, theirs) in scenarios.iter().zip(python::asyncio(&runner, &programs)) {
        let text = fs::read_to_string(scenario).expect("a readable file");
        let ours = ours::run(&text);
        if ours != theirs {
            let name = scenario.display();
            wrong += &format!("\n{name}\n--- taskscope\n{ours}--- asyncio\n{theirs}");
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
    println!("{} programs compared", scenarios.len());
}

/// Every scenario of the gallery.
fn scenarios() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("www/gallery");
    let entries = fs::read_dir(folder).expect("a folder");
    let mut scenarios: Vec<_> = entries.flatten().map(|entry| entry.path()).collect();
    scenarios.retain(|path| path.extension().is_some_and(|ending| ending == "scope"));
    scenarios.sort();
    assert!(scenarios.len() >= 57, "only {} scenarios", scenarios.len());
    scenarios
}
