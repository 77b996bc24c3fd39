//! The scenarios that exported programs are held against: those written by hand, and many made by chance.
//!
//! `TASKSCOPE_SEEDS=5000..9000` takes others by chance than the usual ones.

use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};

/// The scenarios by chance that are compared in every run of the tests.
pub const SEEDS: Range<u64> = 0..2_400;
/// So many of them at least must be valid, end before a limit, and have a form in the other language.
pub const LEAST: usize = 2_000;

fn files(folder: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let entries = fs::read_dir(folder).expect("a folder").flatten().map(|entry| entry.path());
    let mut files: Vec<_> = entries.filter(|path| path.extension().is_some_and(|it| it == "scope")).collect();
    files.sort();
    files
}

/// The scenarios written by hand, with what they are called.
pub fn by_hand() -> Vec<(String, String)> {
    let mut scenarios = Vec::new();
    for path in files("www/gallery") {
        scenarios.push((path.display().to_string(), fs::read_to_string(&path).expect("a readable file")));
    }
    for path in files("tests/suite") {
        let content = fs::read_to_string(&path).expect("a readable file");
        for case in content.split("### ").skip(1) {
            let (name, rest) = case.split_once('\n').expect("a name");
            if let Some((text, _)) = rest.split_once("=== out\n") {
                scenarios.push((format!("{}: {name}", path.display()), text.to_owned()));
            }
        }
    }
    scenarios
}

/// Which scenarios by chance are compared.
pub fn seeds() -> Range<u64> {
    let Ok(said) = std::env::var("TASKSCOPE_SEEDS") else { return SEEDS };
    let (from, to) = said.split_once("..").expect("TASKSCOPE_SEEDS=FROM..TO");
    from.parse().expect("a number")..to.parse().expect("a number")
}
