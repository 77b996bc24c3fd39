//! Holds exported programs against the scenarios that they were made from: each must print what `taskscope run` prints;
//! and exported charts against the grammar of what reads them.
//!
//! The scenarios are those of the gallery, those of `tests/suite`, and many made by chance. One that is wrong makes
//! itself smaller before it is shown. `TASKSCOPE_SEEDS=5000..9000` takes others by chance than the usual ones.
//! Without a Python of 3.11 or newer nothing is compared, and the tests say so.
#![cfg(all(feature = "lang", not(target_arch = "wasm32")))]

#[path = "oracle/cpython.rs"]
mod cpython;
#[path = "generate/mod.rs"]
mod generate;
#[path = "oracle/scenarios.rs"]
mod scenarios;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::ops::Range;
use std::path::Path;
use std::process::Command;

use taskscope::export;
use taskscope::pipeline::{Target, compile, simulate, take_home};

use generate::Program;
use scenarios::{LEAST, SEEDS, by_hand, seeds};

/// A wrong one is made smaller in so many steps at most.
const MOST_STEPS: usize = 200;

/// A scenario as a Python program, and what the program has to print.
struct Export {
    python: String,
    expected: String,
}

/// None for a scenario with errors, and for one that ends at a limit: programs at home have none.
fn export(text: &str) -> Option<Export> {
    let plan = compile(text).plan?;
    let printed = export::text::write(&simulate(&plan, None), None);
    // The account of a deadlock is not taken home.
    let expected = printed.split("waiting:\n").next().unwrap_or_default().to_owned();
    let ends = !expected.contains("outcome: limit\n");
    let python = take_home(&plan, None, Target::Python).ok()?;
    ends.then_some(Export { python, expected })
}

/// What the programs print, run in one process.
fn run_python<'a>(programs: impl Iterator<Item = &'a str>) -> Vec<String> {
    let programs: Vec<&str> = programs.collect();
    // A file: two who fill each other's pipes wait for ever. The thread of each test is named after it.
    let test = std::thread::current().name().unwrap_or("main").to_owned();
    let input = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{test}.json"));
    fs::write(&input, serde_json::to_vec(&programs).expect("texts")).expect("a writable folder");
    let output = Command::new("python3")
        .args(["-B", "-W", "error::SyntaxWarning"])
        .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/oracle/batch.py"))
        .stdin(fs::File::open(&input).expect("it was written"))
        .output()
        .expect("python3 starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let printed: Vec<String> = serde_json::from_slice(&output.stdout).expect("a list of texts");
    assert_eq!(printed.len(), programs.len());
    printed
}

/// A program as it is started by hand: its exit status, and what it prints.
fn start(program: &str, arguments: &[&str]) -> (Option<i32>, String) {
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join("alone.py");
    fs::write(&file, program).expect("a writable folder");
    let output =
        Command::new("python3").arg("-B").arg(&file).args(arguments).output().expect("python3 starts");
    let said = [output.stdout, output.stderr].map(|it| String::from_utf8_lossy(&it).into_owned());
    (output.status.code(), said.concat())
}

#[test]
fn a_program_runs_alone_in_virtual_time_and_for_real() {
    if !cpython::is_there() {
        return println!("nothing compared: there is no python3 of 3.11 or newer");
    }
    let flat = "scope s { task a { sleep 2ms  log \"a\" } task b { sleep 90ms  log \"b\" } }\n";
    let moving = "timeout 1s as t { extend t 9s  sleep 2ms  log \"a\" }\nlog \"b\"\nexpect elapsed == 2ms\n";
    for text in [flat, moving] {
        let Export { python, expected } = export(text).expect("a scenario");
        assert_eq!(start(&python, &["--virtual"]), (Some(0), expected.clone()));
        // Instants are its own; everything else is the same.
        let (status, printed) = start(&python, &[]);
        let words = |text: &str| -> Vec<String> {
            let words = text.split_whitespace().filter(|word| word.parse::<f64>().is_err());
            words.map(str::to_owned).collect()
        };
        assert_eq!((status, words(&printed)), (Some(0), words(&expected)), "{printed}");
    }
    let Export { python, expected } = export("sleep 1ms\nfail Broken \"so\"\n").expect("a scenario");
    assert_eq!(start(&python, &["--virtual"]), (Some(1), expected));
    let (status, printed) = start(&python, &[]);
    assert_eq!(status, Some(1));
    assert!(printed.starts_with("Traceback") && printed.contains("Broken: so"), "{printed}");
}

#[test]
fn what_is_written_by_hand_prints_the_same_in_python() {
    if !cpython::is_there() {
        return println!("nothing compared: there is no python3 of 3.11 or newer");
    }
    let exports = by_hand().into_iter().filter_map(|(name, text)| Some((name, export(&text)?)));
    let exports: Vec<(String, Export)> = exports.collect();
    let printed = run_python(exports.iter().map(|(_, it)| it.python.as_str()));
    let mut wrong = String::new();
    for ((name, export), printed) in
        exports.iter().zip(&printed).filter(|((_, it), printed)| it.expected != **printed)
    {
        let _ = write!(wrong, "\n{name}\n--- taskscope\n{}--- python\n{printed}", export.expected);
    }
    assert!(exports.len() > 300, "only {} scenarios", exports.len());
    assert!(wrong.is_empty(), "{wrong}");
    println!("{} scenarios by hand compared", exports.len());
}

/// The forms of a line that Mermaid reads; a label holds no letter that means something.
fn is_line_of_a_chart(line: &str) -> bool {
    const FIXED: &[&str] = &["gantt", "  dateFormat x", "  todayMarker off"];
    const BEGINNINGS: &[&str] = &["  %% ", "  axisFormat "];
    let is_label = |label: &str| {
        let mut rest = label;
        while let Some((before, after)) = rest.split_once('#') {
            let code = after.split_once(';').filter(|(code, _)| code.parse::<u32>().is_ok());
            let Some((_, after)) = code.filter(|_| !before.contains([':', ';', '%'])) else { return false };
            rest = after;
        }
        !label.trim().is_empty() && !rest.contains([':', ';', '%'])
    };
    let is_data = |data: &str| {
        let parts: Vec<&str> = data.split(", ").collect();
        let [tags @ .., from, to] = &parts[..] else { return false };
        let is_tag = |tag: &&str| ["done", "crit", "active", "milestone"].contains(tag);
        let [from, to] = [from, to].map(|it| it.parse::<u64>());
        tags.iter().all(is_tag) && from.is_ok_and(|from| to.is_ok_and(|to| from <= to))
    };
    let labelled = |word: &str| line.strip_prefix(word).is_some_and(is_label);
    let bar = || line.strip_prefix("    ").and_then(|line| line.rsplit_once(" :"));
    FIXED.contains(&line)
        || BEGINNINGS.iter().any(|word| line.starts_with(word))
        || labelled("  title ")
        || labelled("  section ")
        || bar().is_some_and(|(label, data)| is_label(label) && is_data(data))
}

#[test]
fn every_chart_is_one_that_mermaid_reads() {
    let mut charts = 0;
    for (name, text) in by_hand() {
        let Some(plan) = compile(&text).plan else { continue };
        let chart = take_home(&plan, None, Target::Mermaid).expect("every run has a chart");
        let (_, body) = chart.split_once("\n---\n").expect("a head");
        let wrong: Vec<&str> = body.lines().filter(|line| !is_line_of_a_chart(line)).collect();
        assert!(wrong.is_empty(), "{name}: {wrong:#?}");
        charts += 1;
    }
    assert!(charts > 300, "only {charts} charts");
}

#[test]
fn what_is_made_by_chance_prints_the_same_in_python() {
    if !cpython::is_there() {
        return println!("nothing compared: there is no python3 of 3.11 or newer");
    }
    let seeds = seeds();
    let exports = by_chance(seeds.clone());
    let printed = run_python(exports.iter().map(|(_, export, _)| export.python.as_str()));
    let mut outcomes: BTreeMap<String, usize> = BTreeMap::new();
    let mut wrong = Vec::new();
    let mut lines = 0;
    for ((seed, export, program), printed) in exports.into_iter().zip(&printed) {
        lines += export.expected.lines().count();
        let outcome = export.expected.lines().find(|line| line.starts_with("outcome: "));
        *outcomes.entry(outcome.unwrap_or_default().to_owned()).or_default() += 1;
        if export.expected != *printed {
            wrong.push((seed, program));
        }
    }
    println!("{} scenarios by chance compared, {lines} lines: {outcomes:?}", printed.len());
    let shown: String = wrong.iter().take(3).map(|(seed, program)| show(*seed, program)).collect();
    assert!(
        wrong.is_empty(),
        "{} are wrong: {:?}\n{shown}",
        wrong.len(),
        wrong.iter().map(|it| it.0).collect::<Vec<_>>()
    );
    assert!(printed.len() >= LEAST || seeds != SEEDS, "only {} were valid", printed.len());
}

/// The scenarios of these numbers, in their order, made on as many threads as there are processors.
fn by_chance(seeds: Range<u64>) -> Vec<(u64, Export, Program)> {
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let made = std::thread::scope(|scope| {
        let share = |first: usize| {
            let seeds = seeds.clone().skip(first).step_by(threads);
            let made = seeds.map(|seed| (seed, generate::scenario(seed)));
            made.filter_map(|(seed, program)| Some((seed, export(&program.text())?, program))).collect()
        };
        let running: Vec<_> = (0..threads).map(|first| scope.spawn(move || share(first))).collect();
        let done = running.into_iter().map(|thread| thread.join().expect("no export panics"));
        done.collect::<Vec<Vec<_>>>()
    });
    let mut made: Vec<_> = made.into_iter().flatten().collect();
    made.sort_by_key(|(seed, ..)| *seed);
    made
}

/// A wrong scenario, made smaller as long as it stays wrong, and what it prints here and there.
fn show(seed: u64, program: &Program) -> String {
    let small = shrink(program.clone());
    let Some(export) = export(&small.text()) else { return String::new() };
    let printed = run_python([export.python.as_str()].into_iter()).remove(0);
    format!("=== seed {seed}\n{}--- taskscope\n{}--- python\n{printed}", small.text(), export.expected)
}

fn shrink(mut program: Program) -> Program {
    for _ in 0..MOST_STEPS {
        let smaller = generate::smaller(&program).into_iter();
        let smaller: Vec<_> = smaller.filter_map(|it| Some((export(&it.text())?, it))).collect();
        let printed = run_python(smaller.iter().map(|(export, _)| export.python.as_str()));
        let wrong =
            smaller.into_iter().zip(printed).filter(|((export, _), printed)| export.expected != *printed);
        let Some(((_, smallest), _)) = wrong.min_by_key(|((_, it), _)| it.len()) else { return program };
        program = smallest;
    }
    program
}
