//! Holds scenarios against the Rust programs that they are exported as: each must print what `taskscope run` prints.
//!
//! The scenarios are those of the gallery, those of `tests/suite`, and many made by chance. All their programs are
//! compiled in one go, as modules of a few crates beside the library without its features; each crate then runs its
//! programs one after the other. `TASKSCOPE_SEEDS=5000..9000` takes others by chance than the usual ones.
#![cfg(all(feature = "lang", not(target_arch = "wasm32")))]

#[path = "oracle/crates.rs"]
mod crates;
#[path = "generate/mod.rs"]
mod generate;

use std::collections::BTreeMap;
use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};

use taskscope::export;
use taskscope::export::rust::Pieces;
use taskscope::pipeline::{compile, simulate};

use generate::Program;

/// The scenarios by chance that are compared in every run of the tests.
const SEEDS: Range<u64> = 0..2_400;
/// So many of them at least must be valid, end before a limit, and have a form in Rust.
const LEAST: usize = 2_000;
/// So many wrong ones are shown.
const SHOWN: usize = 2;
/// A wrong one is made smaller in so many steps at most, each of which tries so many: each step compiles.
const MOST_STEPS: usize = 12;
const MOST_TRIED: usize = 60;

/// A scenario as a Rust program, and what the program has to print.
struct Export {
    name: String,
    program: Pieces,
    expected: String,
    /// Where it was made by chance.
    made: Option<Program>,
}

/// Why there is nothing to compare.
enum Nothing {
    /// It has errors, or ends at a limit: programs at home have none.
    NoRun,
    Refused(String),
}

fn export(name: &str, text: &str) -> Result<Export, Nothing> {
    let plan = compile(text).plan.ok_or(Nothing::NoRun)?;
    let expected = export::text::write(&simulate(&plan, None), None);
    if expected.contains("outcome: limit\n") {
        return Err(Nothing::NoRun);
    }
    let program = export::rust::pieces(&plan).map_err(|refusal| Nothing::Refused(refusal.reason))?;
    Ok(Export { name: name.to_owned(), program, expected, made: None })
}

fn files(folder: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let entries = fs::read_dir(folder).expect("a folder").flatten().map(|entry| entry.path());
    let mut files: Vec<_> = entries.filter(|path| path.extension().is_some_and(|it| it == "scope")).collect();
    files.sort();
    files
}

/// The scenarios written by hand, with what they are called.
fn by_hand() -> Vec<(String, String)> {
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

fn seeds() -> Range<u64> {
    let Ok(said) = std::env::var("TASKSCOPE_SEEDS") else { return SEEDS };
    let (from, to) = said.split_once("..").expect("TASKSCOPE_SEEDS=FROM..TO");
    from.parse().expect("a number")..to.parse().expect("a number")
}

#[test]
fn exported_programs_print_the_same_in_rust() {
    let mut exports = Vec::new();
    let mut refused: BTreeMap<String, usize> = BTreeMap::new();
    let mut take = |made: Option<Program>, export: Result<Export, Nothing>| match export {
        Ok(export) => exports.push(Export { made, ..export }),
        Err(Nothing::NoRun) => {}
        Err(Nothing::Refused(reason)) => *refused.entry(reason).or_default() += 1,
    };
    for (name, text) in by_hand() {
        let export = export(&name, &text);
        let refused = matches!(export, Err(Nothing::Refused(_)));
        assert!(!(refused && name.contains("gallery")), "{name} has no form in Rust");
        take(None, export);
    }
    for seed in seeds() {
        let made = generate::scenario(seed);
        let export = export(&format!("seed {seed}"), &made.text());
        take(Some(made), export);
    }
    let wrong = wrong(exports.iter());
    let by_chance = exports.iter().filter(|export| export.made.is_some()).count();
    println!("{} by hand, {by_chance} by chance compared; refused: {refused:#?}", exports.len() - by_chance);
    let names: Vec<&str> = wrong.iter().map(|(export, _)| export.name.as_str()).collect();
    if !names.is_empty() {
        // At once: making one smaller takes its time.
        println!("wrong: {names:?}");
    }
    let shown: String = wrong.iter().take(SHOWN).map(|(export, printed)| show(export, printed)).collect();
    assert!(wrong.is_empty(), "{} are wrong: {names:?}\n{shown}", names.len());
    assert!(by_chance >= LEAST || seeds() != SEEDS, "only {by_chance} by chance");
}

/// Those whose program prints something else, with that.
fn wrong<'e>(exports: impl Iterator<Item = &'e Export>) -> Vec<(&'e Export, String)> {
    let exports: Vec<&Export> = exports.collect();
    let programs: Vec<&Pieces> = exports.iter().map(|export| &export.program).collect();
    let printed = crates::run(&programs);
    let pairs = exports.into_iter().zip(printed);
    pairs.filter(|(export, printed)| export.expected != *printed).collect()
}

/// What is printed here and there; one that was made by chance is made smaller first, as long as it stays wrong.
fn show(export: &Export, printed: &str) -> String {
    let compared = |export: &Export, printed: &str| {
        format!("\n=== {}\n--- taskscope\n{}--- rust\n{printed}", export.name, export.expected)
    };
    let Some(mut program) = export.made.clone() else { return compared(export, printed) };
    let mut shown = format!("{}{}", compared(export, printed), program.text());
    for _ in 0..MOST_STEPS {
        let smaller = generate::smaller(&program).into_iter().take(MOST_TRIED);
        let smaller = smaller.filter_map(|it| {
            Some(Export { made: Some(it.clone()), ..self::export("smaller", &it.text()).ok()? })
        });
        let smaller: Vec<Export> = smaller.collect();
        let wrong = wrong(smaller.iter());
        let made = |export: &Export| export.made.as_ref().map_or(usize::MAX, Program::len);
        let Some((smallest, printed)) = wrong.into_iter().min_by_key(|(export, _)| made(export)) else {
            break;
        };
        let Some(made) = smallest.made.clone() else { break };
        program = made;
        shown = format!("{}--- the scenario\n{}", compared(smallest, &printed), program.text());
    }
    shown
}
