//! Python's idioms, brought in: each block of the documents that the project began with, held against CPython.
//!
//! `tests/import/NN-name.py` holds a block, below its section's title, and below it the call that runs it. A block whose
//! every line has its counterpart must log what CPython logs, at the same instants; of any other, the table says which
//! line has none and why. `TASKSCOPE_BLESS=1 cargo test --test importing` writes the table anew: read the difference.
#![cfg(all(feature = "import", feature = "lang", not(target_arch = "wasm32")))]

#[path = "oracle/ours.rs"]
mod ours;
#[path = "oracle/python.rs"]
mod python;

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use taskscope::import::{Imported, Sort, import};
use taskscope::pipeline::compile;

/// How many blocks there are: 41 from the documents, and four more programs.
const BLOCKS: usize = 45;

#[test]
fn every_block_runs_as_under_cpython_or_says_which_line_cannot() {
    let (mut table, mut wrong, mut whole) = (String::new(), String::new(), Vec::new());
    for path in blocks() {
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let text = fs::read_to_string(&path).expect("a readable file");
        let section = text.lines().next().unwrap_or_default().trim_start_matches("# ");
        let imported = import(&text);
        let compiled = compile(&imported.scenario);
        let errors: Vec<_> = compiled
            .diagnostics
            .iter()
            .filter(|it| compiled.plan.is_none() && it.code.starts_with('E'))
            .collect();
        if !errors.is_empty() {
            let _ = write!(wrong, "\n{name}: {errors:?}\n{}", imported.scenario);
            continue;
        }
        let ours = ours::run(&imported.scenario);
        let _ = writeln!(table, "{}", row(&name, section, &imported, &ours));
        if imported.is_whole() {
            whole.push((path, imported.scenario, ours));
        }
    }
    wrong += &against_cpython(&whole);
    let head = "What became of each block of Python, written by `tests/importing.rs`.\n\n\
        | block | section | scenario | harm that is flagged |\n| --- | --- | --- | --- |\n";
    let table = format!("{head}{table}");
    let file = folder().join("TABLE.md");
    let written = fs::read_to_string(&file).unwrap_or_default();
    if std::env::var_os("TASKSCOPE_BLESS").is_some() {
        fs::write(&file, &table).expect("a writable tree");
    } else {
        assert_eq!(table, written, "the table is not what the importer does");
    }
    assert!(wrong.is_empty(), "{wrong}");
}

/// Those of the blocks that CPython runs otherwise.
fn against_cpython(whole: &[(PathBuf, String, String)]) -> String {
    if !python::is_there() {
        println!("nothing compared: there is no python3 of 3.11 or newer");
        return String::new();
    }
    let programs: Vec<PathBuf> = whole.iter().map(|(path, ..)| path.clone()).collect();
    let mut wrong = String::new();
    for ((path, scenario, ours), theirs) in
        whole.iter().zip(python::asyncio(&folder().join("run.py"), &programs))
    {
        if *ours != theirs {
            let _ = write!(wrong, "\n{}\n{scenario}--- ours\n{ours}--- CPython's\n{theirs}", path.display());
        }
    }
    println!("{} blocks compared with CPython", whole.len());
    wrong
}

/// A row of the table: that the block runs, or what has no counterpart; and the harms.
fn row(name: &str, section: &str, imported: &Imported, ours: &str) -> String {
    let of = |sort: Sort| {
        let found = imported.findings.iter().filter(|it| it.sort == sort);
        found.map(|it| format!("line {}: {}", it.line, it.text)).collect::<Vec<_>>().join("; ")
    };
    let lines = ours.lines().filter(|line| line.starts_with(char::is_numeric)).count();
    let result = match imported.is_whole() {
        true => {
            format!(
                "the same log as CPython, log lines: {lines}, {}",
                ours.lines().last().unwrap_or_default()
            )
        }
        false => [of(Sort::Broken), of(Sort::NoCounterpart)].concat(),
    };
    format!("| {name} | {section} | {result} | {} |", of(Sort::Harm)).replace(" |  |", " | |")
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/import")
}

fn blocks() -> Vec<PathBuf> {
    let entries = fs::read_dir(folder()).expect("a folder");
    let mut blocks: Vec<_> = entries.flatten().map(|entry| entry.path()).collect();
    blocks.retain(|path| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        name.ends_with(".py") && name.starts_with(char::is_numeric)
    });
    blocks.sort();
    assert_eq!(blocks.len(), BLOCKS);
    blocks
}
