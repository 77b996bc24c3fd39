//! `taskscope import`: a Python program as a scenario, and what there is to say of its lines.

use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use crate::import::{Finding, Sort, import};
use crate::pipeline::format;

use super::files::{self, Source, put};

/// What the command is told.
#[derive(clap::Args)]
pub struct Arguments {
    /// The Python program; `-` reads standard input
    file: PathBuf,
    /// Write to this file instead of standard output
    #[arg(short, long, value_name = "OUT")]
    output: Option<PathBuf>,
}

/// Prints the scenario, and to standard error what was found. The exit status is 0 if every line has its counterpart,
/// 1 if one has none, 2 if the text is no Python.
pub fn run(arguments: &Arguments) -> ExitCode {
    let Some(source) = files::read(&arguments.file) else { return super::UNUSABLE.into() };
    let imported = import(&source.text);
    say(&source, &imported.findings);
    // Laid out as `fmt` does it; what it cannot read is left as it is.
    let scenario = format(&imported.scenario).unwrap_or(imported.scenario.clone());
    let broken = imported.findings.iter().any(|it| it.sort == Sort::Broken);
    if broken || !put(arguments.output.as_deref(), &scenario) {
        return super::UNUSABLE.into();
    }
    if imported.is_whole() { ExitCode::SUCCESS } else { super::FAILED.into() }
}

/// A line each, as compilers say it; what to write instead below.
fn say(source: &Source, findings: &[Finding]) {
    let mut out = io::stderr().lock();
    for Finding { line, sort, text, instead } in findings {
        // If it cannot be said, nobody listens.
        let _ = writeln!(out, "{}:{line}: {}: {text}", source.name, sort.label());
        if let Some(instead) = instead {
            let _ = writeln!(out, "  write instead: {instead}");
        }
    }
}
