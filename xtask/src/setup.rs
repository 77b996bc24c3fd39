//! Installs what a machine with Rust and Node lacks, and nothing that it has.

use crate::pins::{CargoTool, NODE_MAJOR, TRUNK, WASM_BINDGEN, WASM_PACK, WASM_TARGET};
use crate::run::{Result, command, find, output, root, run, tools};
use crate::steps::Steps;

/// What running Rust in a page takes.
pub fn for_benchmarks(steps: &mut Steps) -> Result<()> {
    steps.step("Node", node)?;
    steps.step("Rust for the page", || rust_parts(&[("target", WASM_TARGET)]))?;
    steps.step("npm packages", npm_packages)?;
    tool(steps, &WASM_BINDGEN)
}

/// What building the page takes.
pub fn for_page(steps: &mut Steps) -> Result<()> {
    for_benchmarks(steps)?;
    tool(steps, &TRUNK)
}

/// What the tests take on top of that, but for the browser.
pub fn for_tests(steps: &mut Steps) -> Result<()> {
    let parts = [("component", "rustfmt"), ("component", "clippy")];
    steps.step("Rust for the tests", || rust_parts(&parts))?;
    for_page(steps)?;
    tool(steps, &WASM_PACK)
}

fn tool(steps: &mut Steps, tool: &CargoTool) -> Result<()> {
    steps.step(&format!("{} {}", tool.command, tool.version), || cargo_tool(tool))
}

fn node() -> Result<()> {
    let missing =
        || format!("Node {NODE_MAJOR} or newer with npm is needed; see nodejs.org or your system's packages");
    let version = find(&["node"]).and_then(|node| output(&node, &["--version"])).ok_or_else(missing)?;
    let major =
        version.trim().trim_start_matches('v').split('.').next().and_then(|digits| digits.parse().ok());
    if major.unwrap_or(0) < NODE_MAJOR {
        return Err(format!("{}; this one is {}", missing(), version.trim()));
    }
    Ok(())
}

/// Adds the parts of the toolchain that are not there. A toolchain without rustup is taken as it is.
fn rust_parts(parts: &[(&str, &str)]) -> Result<()> {
    let Some(rustup) = find(&["rustup"]) else {
        println!("   no rustup: trusting that this Rust has {}", list(parts));
        return Ok(());
    };
    for (kind, name) in parts {
        let installed = output(&rustup, &[kind, "list", "--installed"]).unwrap_or_default();
        // Components are listed with the machine after their name.
        if !installed.lines().any(|line| line.starts_with(name)) {
            run(&mut command("rustup", &[kind, "add", name]))?;
        }
    }
    Ok(())
}

fn list(parts: &[(&str, &str)]) -> String {
    parts.iter().map(|(_, name)| *name).collect::<Vec<_>>().join(", ")
}

fn npm_packages() -> Result<()> {
    run(&mut command("node", &["www/packages.js"]))
}

/// Builds `tool` into `target/tools` unless that folder or the machine has this very version.
fn cargo_tool(tool: &CargoTool) -> Result<()> {
    if has(tool) {
        return Ok(());
    }
    println!("   building it once, into target/tools");
    let tools = tools();
    let (root, build) = (tools.to_string_lossy(), tools.join("build"));
    let mut install = command("cargo", &["install", tool.package, "--version", tool.version]);
    install.args(["--root", &root, "--force", "--quiet", "--target-dir"]).arg(&build).args(tool.arguments);
    // These run for seconds at a time; built for speed they would take three times as long to build.
    install.env("CARGO_PROFILE_RELEASE_LTO", "off");
    install.env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1");
    install.env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16");
    install.env("CARGO_PROFILE_RELEASE_DEBUG", "false");
    // Outside the workspace, so that neither its lock nor its settings reach the tool.
    install.current_dir(std::env::temp_dir());
    run(&mut install)?;
    if has(tool) { Ok(()) } else { Err(format!("{} does not say that it is {}", tool.command, tool.version)) }
}

fn has(tool: &CargoTool) -> bool {
    let version = find(&[tool.command]).and_then(|found| output(&found, &["--version"]));
    version.is_some_and(|line| line.split_whitespace().any(|word| word == tool.version))
}

/// Removes what only building the tools needed.
pub fn clean() {
    // What stays behind costs room on the disk, nothing else.
    let _ = std::fs::remove_dir_all(root().join("target/tools/build"));
}
