//! The command line: reads arguments and files, calls the pipeline, prints.
//!
//! Exit status: 0 for a run that went as its text wants it to, 1 for one that did not or a text that is laid out
//! otherwise, 2 for a text with errors, a file that cannot be read or written, or arguments that make no sense.

mod export;
mod files;
mod import;
mod page;
mod show;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Parser, Subcommand, ValueEnum};

use crate::export::{chrome, jsonl, text};
use crate::pipeline::{compile, format, picture, simulate, succeeded};
use crate::render::svg;

use files::{Source, put};

/// Structured concurrency, seen: runs and checks scenarios.
#[derive(Parser)]
#[command(name = "taskscope", version, arg_required_else_help = true)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Run a scenario in virtual time and print what happened
    Run(Run),
    /// Check scenarios without running them
    Check {
        /// The scenarios; `-` reads standard input
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
    },
    /// Explain the code of a diagnostic, or list all codes
    Explain {
        /// Such as `W03`
        code: Option<String>,
    },
    /// Lay out scenarios the one way, in place
    Fmt {
        /// Change nothing: list what is laid out otherwise, and exit with 1 if something is
        #[arg(long)]
        check: bool,
        /// The scenarios; `-` reads standard input and writes to standard output
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
    },
    /// Bring in a Python program that uses asyncio, as a scenario
    Import(import::Arguments),
    /// Take a scenario home, as a program of another language or as a chart of its run
    Export(export::Arguments),
}

#[derive(clap::Args)]
struct Run {
    /// The scenario; `-` reads standard input
    file: PathBuf,
    /// Seed of every random choice, instead of the scenario's own
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    seed: Option<u64>,
    /// How to print the run
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// Write to this file instead of standard output
    #[arg(short, long, value_name = "OUT")]
    output: Option<PathBuf>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    /// The log, the outcome, and what went wrong
    Text,
    /// Every event of the trace, one JSON object a line
    Jsonl,
    /// The trace for Perfetto, speedscope or chrome://tracing
    Chrome,
    /// The timeline as a picture
    Svg,
}

/// A run that did not go as its text wants it to.
const FAILED: u8 = 1;
/// Nothing ran: the text, a file or the arguments are at fault. Clap uses the same number.
const UNUSABLE: u8 = 2;

/// Does what the arguments of the process say.
pub fn main() -> ExitCode {
    match Arguments::parse().command {
        Command::Run(arguments) => run(&arguments),
        Command::Check { files } => check(&files),
        Command::Explain { code } => match page::print(code.as_deref()) {
            Some(text) if put(None, &text) => ExitCode::SUCCESS,
            _ => UNUSABLE.into(),
        },
        Command::Fmt { check, files } => {
            // Every file is laid out, whatever is wrong with the first; the worst decides.
            let worst = files.iter().map(|file| lay_out(file, check)).max().unwrap_or(0);
            worst.into()
        }
        Command::Import(arguments) => import::run(&arguments),
        Command::Export(arguments) => export::run(&arguments),
    }
}

fn run(arguments: &Run) -> ExitCode {
    let Some(source) = files::read(&arguments.file) else { return UNUSABLE.into() };
    let compiled = compile(&source.text);
    show::diagnostics(&source, &compiled.diagnostics);
    let Some(plan) = compiled.plan else { return UNUSABLE.into() };
    let trace = simulate(&plan, arguments.seed);
    let written = match arguments.format {
        Format::Text => text::write(&trace, Some(&source.text)),
        Format::Jsonl => jsonl::write(&trace),
        Format::Chrome => chrome::write(&trace),
        Format::Svg => svg::write(&picture(&trace)),
    };
    if !put(arguments.output.as_deref(), &written) {
        return UNUSABLE.into();
    }
    if succeeded(&plan, &trace) { ExitCode::SUCCESS } else { FAILED.into() }
}

fn check(files: &[PathBuf]) -> ExitCode {
    // Every file is checked, whatever is wrong with the first.
    let sound: Vec<bool> =
        files.iter().map(|file| files::read(file).is_some_and(|source| sound(&source))).collect();
    if sound.into_iter().all(|sound| sound) { ExitCode::SUCCESS } else { UNUSABLE.into() }
}

/// Says what there is to say of a text; whether it can run.
fn sound(source: &Source) -> bool {
    let compiled = compile(&source.text);
    show::diagnostics(source, &compiled.diagnostics);
    compiled.plan.is_some()
}

/// Lays out one file, or says that it would be changed; the exit status.
fn lay_out(file: &Path, check: bool) -> u8 {
    let Some(source) = files::read(file) else { return UNUSABLE };
    let text = match format(&source.text) {
        Ok(text) => text,
        Err(diagnostics) => {
            show::diagnostics(&source, &diagnostics);
            return UNUSABLE;
        }
    };
    let changed = text != source.text;
    let (written, status) = match (check, files::is_standard(file)) {
        (true, _) if changed => (put(None, &format!("{}\n", source.name)), FAILED),
        (false, true) => (put(None, &text), 0),
        (false, false) if changed => (put(Some(file), &text), 0),
        _ => (true, 0),
    };
    if written { status } else { UNUSABLE }
}
