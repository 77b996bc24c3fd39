//! Builds, serves, tests and measures the project: the commands of the README.
// The clock is banned for runs, which must be the same twice; here it only times the steps.
#![allow(clippy::disallowed_methods)]

use std::process::ExitCode;

mod bench;
mod browser;
mod check;
mod page;
mod pins;
mod run;
mod serve;
mod setup;
mod steps;

const USAGE: &str = "\
usage: cargo xtask play [--port N]   build the playground and serve it on a local port
       cargo xtask test              run every test there is
       cargo xtask bench [native | browser | save] [WORD…]
                                     measure the runtime against its peers; benches/README.md has the words";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let outcome = match arguments.as_slice() {
        ["play"] => play(None),
        ["play", "--port", port] => match port.parse() {
            Ok(port) => play(Some(port)),
            Err(_) => Err(format!("`{port}` is not a port: a number from 1 to 65535 is\n\n{USAGE}")),
        },
        ["bench", words @ ..] => bench::measure(words),
        ["test"] => return check::everything(),
        _ => Err(USAGE.to_owned()),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::FAILURE
        }
    }
}

/// Builds the page in release form and serves it until the process is ended.
fn play(port: Option<u16>) -> run::Result<()> {
    let mut steps = steps::Steps::default();
    setup::for_page(&mut steps)?;
    page::build(&mut steps)?;
    serve::forever(&run::root().join("dist"), port)
}
