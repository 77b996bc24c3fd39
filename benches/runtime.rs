//! `cargo bench --bench runtime`: Taskscope against its peers. See `README.md` beside this file.

mod harness;
mod peers;
mod workloads;

use std::process::ExitCode;

use harness::Options;

fn main() -> ExitCode {
    match Options::read(std::env::args().skip(1)) {
        Ok(options) => {
            harness::run(&options, &mut |part| println!("{part}"));
            ExitCode::SUCCESS
        }
        Err(message) => {
            eprintln!("{message}");
            ExitCode::FAILURE
        }
    }
}
