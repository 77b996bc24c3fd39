//! `cargo xtask bench`: the benchmarks, natively and in a headless Chromium.

use crate::browser::{self, Browser};
use crate::pins::WASM_TARGET;
use crate::run::{Result, command, find, output, root, run_watching};
use crate::setup;
use crate::steps::Steps;
use std::env::consts;
use std::fs;
use std::process::Command;

/// Measures where the first word says, `native` or `browser`, or else in both. The other words are for the benchmark.
/// `save` measures in both and writes the summaries down in `benches/README.md`.
pub fn measure(words: &[&str]) -> Result<()> {
    match words {
        ["save", words @ ..] => save(words),
        ["native", words @ ..] => native(words).map(drop),
        ["browser", words @ ..] => in_browser(words).map(drop),
        words => native(words).and_then(|_| in_browser(words)).map(drop),
    }
}

fn native(words: &[&str]) -> Result<Report> {
    println!("## Native\n");
    Report::of(cargo_bench().arg("--").args(words))
}

/// Cargo hands what it has built to `browser.mjs`, which opens it in a page and prints what the page says.
fn in_browser(words: &[&str]) -> Result<Report> {
    let mut steps = Steps::default();
    setup::for_benchmarks(&mut steps)?;
    let Browser { program, .. } = steps.step("browser", browser::ensure)?;
    let runner = root().join("benches/browser.mjs");
    let runner = format!("target.{WASM_TARGET}.runner = ['node', '{}']", runner.display());
    println!("\n## In the browser\n");
    let mut bench = cargo_bench();
    bench.args(["--bench", "runtime", "--target", WASM_TARGET, "--config", &runner, "--"]).args(words);
    Report::of(bench.env("TASKSCOPE_BROWSER", &program))
}

fn cargo_bench() -> Command {
    command("cargo", &["bench", "--quiet", "--package", "taskscope-bench"])
}

/// The parts of what a benchmark prints that are worth keeping.
#[derive(Default)]
struct Report {
    /// What it ran in, if it says so.
    engine: Option<String>,
    kept: Vec<String>,
    keeping: bool,
}

impl Report {
    /// What `bench` prints, which is shown as it comes as well.
    fn of(bench: &mut Command) -> Result<Report> {
        let mut report = Report::default();
        run_watching(bench, |line| report.read(line))?;
        Ok(report)
    }

    fn read(&mut self, line: &str) {
        if line.starts_with("Chromium ") {
            self.engine = Some(line.to_owned());
        } else if let Some(title) = line.strip_prefix("### ") {
            self.keeping = title == "memory" || title == "summary";
        } else if self.keeping && !(line.is_empty() && self.kept.last().is_none_or(String::is_empty)) {
            self.kept.push(line.to_owned());
        }
    }
}

/// What comes after this in `benches/README.md` is written by [`save`].
const RESULTS: &str = "\n## Results\n";

fn save(words: &[&str]) -> Result<()> {
    let (native, browser) = (native(words)?, in_browser(words)?);
    let path = root().join("benches/README.md");
    let trouble = |error: std::io::Error| format!("{}: {error}", path.display());
    let text = fs::read_to_string(&path).map_err(trouble)?;
    let (above, _) = text.split_once(RESULTS).ok_or_else(|| format!("{} has no results", path.display()))?;
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let rust = find(&["rustc"]).and_then(|rustc| output(&rustc, &["--version"])).unwrap_or_default();
    let machine = format!("{cores} cores, {} on {}, {}", consts::OS, consts::ARCH, rust.trim());
    let engine = browser.engine.as_deref().unwrap_or("the browser");
    let [native, browser] = [&native, &browser].map(|report| report.kept.join("\n"));
    let results = format!(
        "{above}{RESULTS}\nOn {machine}. Written by `cargo xtask bench save`.\n\n### Native\n\n{}\n\n### {engine}\n\n{}\n",
        native.trim(),
        browser.trim()
    );
    fs::write(&path, results).map_err(trouble)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_the_summary_and_the_memory_of_a_report() {
        let mut report = Report::default();
        let printed =
            "Chromium 1.2\n\n### memory\n\n| a |\n\n\n### spawn\n\n| b |\n\n### summary\n\n| c |\n\nNote";
        printed.lines().for_each(|line| report.read(line));
        assert_eq!(report.engine.as_deref(), Some("Chromium 1.2"));
        assert_eq!(report.kept, ["| a |", "", "| c |", "", "Note"]);
    }
}
