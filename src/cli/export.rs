//! `taskscope export`: a scenario taken home.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};

use crate::pipeline::{Target, compile, take_home};

use super::files::{self, put};
use super::show;

/// What the command is told.
#[derive(clap::Args)]
pub struct Arguments {
    /// The scenario; `-` reads standard input
    file: PathBuf,
    /// What to write it as
    #[arg(long, value_name = "TARGET", value_parser = targets())]
    to: Target,
    /// Seed of every random choice, instead of the scenario's own
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    seed: Option<u64>,
    /// Write to this file instead of standard output
    #[arg(short, long, value_name = "OUT")]
    output: Option<PathBuf>,
}

fn targets() -> impl TypedValueParser<Value = Target> {
    let value = |target: &Target| PossibleValue::new(target.name()).help(target.about());
    let named = |name: String| Target::named(&name).ok_or("it is none of those that there are");
    PossibleValuesParser::new(Target::ALL.iter().map(value)).try_map(named)
}

/// Prints what the scenario becomes, and to standard error what there is to say of it. The exit status is 2 if there
/// is an error in it.
pub fn run(arguments: &Arguments) -> ExitCode {
    let Some(source) = files::read(&arguments.file) else { return super::UNUSABLE.into() };
    let compiled = compile(&source.text);
    show::diagnostics(&source, &compiled.diagnostics);
    let Some(plan) = compiled.plan else { return super::UNUSABLE.into() };
    let written = match take_home(&plan, arguments.seed, arguments.to) {
        Ok(written) => written,
        Err(refusal) => {
            eprintln!("error: {refusal}");
            return super::UNUSABLE.into();
        }
    };
    if put(arguments.output.as_deref(), &written) { ExitCode::SUCCESS } else { super::UNUSABLE.into() }
}
