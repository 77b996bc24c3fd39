//! `cargo xtask test`: every test there is. A step that fails does not keep the others from running.

use crate::browser::{self, Browser};
use crate::pins::WASM_TARGET;
use crate::run::{Result, command, root, run, run_watching};
use crate::steps::{Count, Steps};
use crate::{page, setup};
use std::process::{Command, ExitCode};

/// Runs all steps and prints the list.
pub fn everything() -> ExitCode {
    let mut steps = Steps::default();
    let mut remarks = Vec::new();
    if setup::for_tests(&mut steps).is_ok() {
        setup::clean();
        // Each step is in the list with its outcome; the summary gives the verdict.
        let browser =
            steps.test("browser and driver", browser::ensure).map_err(|_| "not run: no browser".to_owned());
        let browser = browser.as_ref().map_err(Clone::clone);
        native(&mut steps);
        let _ = steps.tests("tests in the browser", |count| browser_tests(browser.clone()?, count));
        if steps.test("release build of the page", page::build_now).is_ok() {
            remarks.extend(steps.step("weight of the page", page::weight).ok());
            let _ = steps.tests("the page, driven", |count| page_tests(browser.clone()?, count));
        }
    }
    if steps.summary(&remarks) { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn native(steps: &mut Steps) {
    let clippy = |arguments: &[&str]| {
        let words = [&["clippy", "--quiet"], arguments, &["--", "-D", "warnings"]].concat();
        run(&mut command("cargo", &words))
    };
    let _ = steps.test("format", || run(&mut command("cargo", &["fmt", "--all", "--check"])));
    let _ = steps.test("lint, native", || clippy(&["--workspace", "--all-targets"]));
    let _ = steps.test("lint, the library alone", || clippy(&["--lib", "--no-default-features"]));
    let page = [
        "--no-default-features",
        "--features",
        "playground,worker,importer,exporter",
        "--target",
        WASM_TARGET,
        "--all-targets",
    ];
    let _ = steps.test("lint, for the page", || clippy(&page));
    let _ = steps.test("links in the documentation", || {
        run(command("cargo", &["doc", "--quiet", "--no-deps"]).env("RUSTDOCFLAGS", "-D warnings"))
    });
    let _ = steps.tests("native tests", |count| {
        counted(
            &mut command(
                "cargo",
                &[
                    "test",
                    "--quiet",
                    "--no-fail-fast",
                    "--workspace",
                    "--lib",
                    "--bins",
                    "--tests",
                    "--",
                    // Some say how much they have tried.
                    "--show-output",
                ],
            ),
            count,
        )
    });
    let _ = steps.tests("examples in the documentation", |count| {
        counted(&mut command("cargo", &["test", "--quiet", "--no-fail-fast", "--doc"]), count)
    });
}

/// Seconds within which the page must answer. It does not while a test of the runtime has its thread, and that takes
/// long where the machine is busy.
const PATIENCE_S: &str = "300";

fn browser_tests(browser: &Browser, count: &mut Count) -> Result<()> {
    let driver = browser.driver.to_string_lossy();
    let mut tests = command(
        "wasm-pack",
        &["test", "--headless", "--chrome", "--mode", "no-install", "--chromedriver", &driver],
    );
    tests.env("WASM_BINDGEN_TEST_TIMEOUT", PATIENCE_S);
    counted(&mut tests, count)
}

fn page_tests(browser: &Browser, count: &mut Count) -> Result<()> {
    let folder = root().join("tests/e2e");
    let names =
        std::fs::read_dir(&folder).map_err(|error| format!("cannot read {}: {error}", folder.display()))?;
    let mut files: Vec<String> = names
        .filter_map(|entry| Some(entry.ok()?.file_name().to_string_lossy().into_owned()))
        .filter(|name| name.ends_with(".test.mjs"))
        .map(|name| format!("tests/e2e/{name}"))
        .collect();
    files.sort();
    // One file at a time: they measure times.
    let mut node = command("node", &["--test", "--test-reporter=spec", "--test-concurrency=1"]);
    counted(node.args(files).env("TASKSCOPE_BROWSER", &browser.program), count)
}

fn counted(command: &mut Command, count: &mut Count) -> Result<()> {
    run_watching(command, |line| count.read(line))
}
