//! Compiles many exported programs in one go, and runs them.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use taskscope::export::rust::{Pieces, shared_head};

/// Programs in one crate. A crate is compiled on one processor for the most part.
const PROGRAMS: usize = 350;

/// What stands between what two programs print.
const NEXT: &str = "\n=== next\n";

/// What each program prints.
pub fn run(programs: &[&Pieces]) -> Vec<String> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("taken_home_rust");
    let source = folder.join("batch");
    let _ = fs::remove_dir_all(source.join("src"));
    fs::create_dir_all(source.join("src/bin")).expect("a writable folder");
    write(&source.join("Cargo.toml"), &manifest());
    // The versions that are there already, since this may be without a network.
    let lock = Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.lock");
    fs::copy(lock, source.join("Cargo.lock")).expect("a readable file");
    for (at, programs) in programs.chunks(PROGRAMS).enumerate() {
        write(&source.join(format!("src/bin/part{at}.rs")), &together(programs));
    }
    let target = folder.join("target");
    build(&source, &target);
    let parts = programs.len().div_ceil(PROGRAMS);
    (0..parts).flat_map(|at| printed(&target.join(format!("debug/part{at}")))).collect()
}

fn manifest() -> String {
    let library = env!("CARGO_MANIFEST_DIR");
    format!(
        "[package]\nname = \"batch\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n\n[dependencies]\n\
         taskscope = {{ path = {library:?}, default-features = false }}\n\n\
         [profile.dev]\ndebug = false\nincremental = false\nopt-level = 0\n"
    )
}

/// Several programs as one: each prints, and then what stands between two.
fn together(programs: &[&Pieces]) -> String {
    let mut out = format!("#![allow(warnings)]\n{}", shared_head(programs.iter().copied()));
    let mut calls = String::new();
    for (at, program) in programs.iter().enumerate() {
        let body = program.body.replace("fn main() -> ExitCode", "pub fn main() -> ExitCode");
        let _ = write!(out, "\nmod program{at} {{\nuse super::*;\n{body}\n}}\n");
        let _ = writeln!(calls, "program{at}::main,");
    }
    let _ = write!(
        out,
        "\nfn main() {{\nlet programs: &[fn() -> ExitCode] = &[\n{calls}];\n\
         std::panic::set_hook(Box::new(|info| print!(\"{{info}}\")));\n\
         for program in programs {{\nlet _ = std::panic::catch_unwind(program);\nprint!({NEXT:?});\n}}\n}}\n"
    );
    out
}

fn write(path: &PathBuf, text: &str) {
    // What has not changed is not compiled again.
    if fs::read_to_string(path).is_ok_and(|known| known == text) {
        return;
    }
    fs::write(path, text).expect("a writable file");
}

fn build(source: &Path, target: &Path) {
    let mut command = Command::new(env!("CARGO"));
    command.args(["build", "--offline", "--quiet", "--message-format", "short", "--manifest-path"]);
    command.arg(source.join("Cargo.toml")).arg("--target-dir").arg(target);
    command.env_remove("RUSTFLAGS").env("CARGO_INCREMENTAL", "0");
    let output = command.output().expect("cargo starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

fn printed(program: &Path) -> Vec<String> {
    let output = Command::new(program).output().expect("it was built");
    let text = String::from_utf8(output.stdout).expect("text");
    let mut printed: Vec<String> = text.split(NEXT).map(str::to_owned).collect();
    printed.pop();
    printed
}
