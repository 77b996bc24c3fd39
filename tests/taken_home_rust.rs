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
#[path = "oracle/scenarios.rs"]
mod scenarios;

use std::collections::BTreeMap;

use taskscope::export;
use taskscope::export::rust::Pieces;
use taskscope::pipeline::{compile, simulate};

use generate::Program;
use scenarios::{LEAST, SEEDS, by_hand, seeds};

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
