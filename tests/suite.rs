//! Runs the language cases of `tests/suite`: each a text beside what it prints or what is said about it.
//!
//! A case begins with `### name`. If a line `=== out` follows its text, what is below must be exactly what
//! `taskscope run` prints. If not, the text is checked, and each diagnostic must stand in a comment below its
//! line, carets under its place: `#   ^^^^ error[E012]: message`.
//! `TASKSCOPE_BLESS=1 cargo test --test suite` rewrites what differs. Read the difference before keeping it.
#![cfg(all(feature = "lang", not(target_arch = "wasm32")))]

use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;

use taskscope::diag::{Diagnostic, Severity};
use taskscope::export;
use taskscope::pipeline::{compile, simulate};

const RUN: &str = "=== out";

/// One case: its text, and what stands below the text if it is to be run.
struct Case {
    name: String,
    text: String,
    printed: Option<String>,
}

#[test]
fn every_case_gives_what_stands_beside_it() {
    let bless = std::env::var_os("TASKSCOPE_BLESS").is_some();
    let (mut count, mut wrong) = (0, String::new());
    for path in files("tests/suite") {
        let content = fs::read_to_string(&path).expect("a readable file");
        let cases = read(&content);
        count += cases.len();
        let mut blessed = String::new();
        for case in &cases {
            let (written, got) = (written(case), actual(case));
            if written != got {
                let file = path.file_name().unwrap_or_default().to_string_lossy();
                let _ = write!(wrong, "\n{file}: {}\n--- written\n{written}--- got\n{got}", case.name);
            }
            let _ = write!(blessed, "{}### {}\n{got}", if blessed.is_empty() { "" } else { "\n" }, case.name);
        }
        if bless && blessed != content {
            fs::write(&path, blessed).expect("a writable file");
        }
    }
    assert!(count > 330, "only {count} cases were found");
    assert!(bless || wrong.is_empty(), "{wrong}");
    println!("{count} cases");
}

fn files(folder: &str) -> Vec<PathBuf> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(folder);
    let entries = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    let mut files: Vec<_> = entries.filter(|path| path.extension().is_some_and(|e| e == "scope")).collect();
    files.sort();
    files
}

fn read(content: &str) -> Vec<Case> {
    let mut cases: Vec<Case> = Vec::new();
    for line in content.lines() {
        if let Some(name) = line.strip_prefix("### ") {
            cases.push(Case { name: name.to_string(), text: String::new(), printed: None });
            continue;
        }
        let case = cases.last_mut().expect("a file begins with `### name`");
        if line == RUN {
            case.printed = Some(String::new());
            continue;
        }
        let into = case.printed.as_mut().unwrap_or(&mut case.text);
        into.push_str(line);
        into.push('\n');
    }
    // The empty line before the next header is nobody's.
    for case in &mut cases {
        let last = case.printed.as_mut().unwrap_or(&mut case.text);
        last.truncate(last.trim_end_matches('\n').len());
        if !last.is_empty() {
            last.push('\n');
        }
    }
    cases
}

fn written(case: &Case) -> String {
    match &case.printed {
        Some(printed) => format!("{}{RUN}\n{printed}", case.text),
        None => case.text.clone(),
    }
}

fn actual(case: &Case) -> String {
    if case.printed.is_some() {
        return format!("{}{RUN}\n{}", case.text, run(&case.text));
    }
    let bare: String =
        case.text.lines().filter(|line| !is_note(line)).map(|line| format!("{line}\n")).collect();
    annotate(&bare, &check(&bare))
}

/// Whether a line is one of [`annotate`]'s.
fn is_note(line: &str) -> bool {
    line.strip_prefix('#').is_some_and(|rest| rest.trim_start().starts_with('^'))
}

/// `text` with each diagnostic in a comment below the line in which it begins.
fn annotate(text: &str, diagnostics: &[Diagnostic]) -> String {
    let mut out = String::new();
    let mut begin = 0;
    for line in text.split_inclusive('\n') {
        let end = begin + line.len();
        out.push_str(line);
        for diagnostic in diagnostics {
            let (from, to) = range(diagnostic);
            // What is said of the end of the text stands below its last line.
            if (begin..end).contains(&from) || (end == text.len() && from >= end) {
                out.push_str(&note(line, from - begin, to.min(end) - begin.min(to), diagnostic));
            }
        }
        begin = end;
    }
    out
}

fn range(diagnostic: &Diagnostic) -> (usize, usize) {
    (diagnostic.span.start as usize, diagnostic.span.end as usize)
}

fn note(line: &str, from: usize, to: usize, diagnostic: &Diagnostic) -> String {
    let line = line.trim_end_matches('\n');
    let columns = |bytes: usize| line.get(..bytes.min(line.len())).unwrap_or(line).chars().count();
    let (from, to) = (columns(from), columns(to));
    assert!(from > 0, "a caret cannot stand in the first column: indent the text\n{line}");
    let carets = "^".repeat(to.saturating_sub(from).max(1));
    let severity = match diagnostic.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    };
    let indent = " ".repeat(from - 1);
    format!("#{indent}{carets} {severity}[{}]: {}\n", diagnostic.code, diagnostic.message)
}

/// What `taskscope run` prints.
fn run(text: &str) -> String {
    let compiled = compile(text);
    let Some(plan) = compiled.plan else { return format!("{:?}\n", compiled.diagnostics) };
    export::text::write(&simulate(&plan, None), Some(text))
}

fn check(text: &str) -> Vec<Diagnostic> {
    compile(text).diagnostics
}
