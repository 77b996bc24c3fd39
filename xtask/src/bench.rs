//! `cargo xtask bench`: the benchmarks, natively and in a headless Chromium.

use crate::browser::{self, Browser};
use crate::pins::WASM_TARGET;
use crate::run::{Result, command, root, run};
use crate::setup;
use crate::steps::Steps;

/// Measures where the first word says, `native` or `browser`, or else in both. The other words are for the benchmark.
pub fn measure(words: &[&str]) -> Result<()> {
    match words {
        ["native", words @ ..] => native(words),
        ["browser", words @ ..] => in_browser(words),
        words => native(words).and_then(|()| in_browser(words)),
    }
}

fn native(words: &[&str]) -> Result<()> {
    println!("## Native\n");
    run(cargo_bench().arg("--").args(words))
}

/// Cargo hands what it has built to `browser.mjs`, which opens it in a page and prints what the page says.
fn in_browser(words: &[&str]) -> Result<()> {
    let mut steps = Steps::default();
    setup::for_benchmarks(&mut steps)?;
    let Browser { program, .. } = steps.step("browser", browser::ensure)?;
    let runner = root().join("benches/browser.mjs");
    let runner = format!("target.{WASM_TARGET}.runner = ['node', '{}']", runner.display());
    println!("\n## In the browser\n");
    let mut bench = cargo_bench();
    bench.args(["--bench", "runtime", "--target", WASM_TARGET, "--config", &runner, "--"]).args(words);
    run(bench.env("TASKSCOPE_BROWSER", &program))
}

fn cargo_bench() -> std::process::Command {
    command("cargo", &["bench", "--quiet", "--package", "taskscope-bench"])
}
