//! Runs commands: found on one search path, shown as they go, their output kept where it is needed.

use std::env;
use std::ffi::OsString;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A failure is a sentence for the person at the terminal.
pub type Result<T> = std::result::Result<T, String>;

/// The top of the working tree.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new("."))
}

/// Where the tools are installed: `bin` inside holds the commands.
pub fn tools() -> PathBuf {
    root().join("target/tools")
}

/// The search path of every command: our own tools, then npm's, then the machine's.
fn search_path() -> OsString {
    let ours = [tools().join("bin"), root().join("www/node_modules/.bin")];
    let machine = env::var_os("PATH").unwrap_or_default();
    // A folder whose name holds a colon cannot be put on a search path; the machine's own path is what is left.
    env::join_paths(ours.into_iter().chain(env::split_paths(&machine))).unwrap_or(machine)
}

/// The first of `names` that the search path holds.
pub fn find(names: &[&str]) -> Option<PathBuf> {
    let path = search_path();
    let folders: Vec<PathBuf> = env::split_paths(&path).collect();
    let candidates = names.iter().flat_map(|name| {
        let name = format!("{name}{}", env::consts::EXE_SUFFIX);
        folders.iter().map(move |folder| folder.join(&name))
    });
    candidates.into_iter().find(|path| path.is_file())
}

/// A command that runs at the top of the tree with our search path.
pub fn command(program: &str, arguments: &[&str]) -> Command {
    // The full path, because the search path of a child does not apply to finding the child itself everywhere.
    let program = find(&[program]).unwrap_or_else(|| PathBuf::from(program));
    let mut command = Command::new(program);
    command.args(arguments).current_dir(root()).env("PATH", search_path());
    command
}

/// Runs to the end, output straight to the terminal.
pub fn run(command: &mut Command) -> Result<()> {
    let status = command.status().map_err(|error| cannot_start(command, error))?;
    if status.success() { Ok(()) } else { Err(format!("`{}` failed ({status})", shown(command))) }
}

/// Runs to the end, prints each line of the output as it comes, and hands the lines to `each` as well.
pub fn run_watching(command: &mut Command, mut each: impl FnMut(&str)) -> Result<()> {
    let mut child = command.stdout(Stdio::piped()).spawn().map_err(|error| cannot_start(command, error))?;
    if let Some(output) = child.stdout.take() {
        for line in BufReader::new(output).split(b'\n') {
            let line = line.map_err(|error| format!("lost the output of `{}`: {error}", shown(command)))?;
            let line = String::from_utf8_lossy(&line);
            println!("{line}");
            each(&line);
        }
    }
    let status = child.wait().map_err(|error| cannot_start(command, error))?;
    if status.success() { Ok(()) } else { Err(format!("`{}` failed ({status})", shown(command))) }
}

/// What a command prints, if it can be run and succeeds.
pub fn output(program: &Path, arguments: &[&str]) -> Option<String> {
    let output = Command::new(program).args(arguments).current_dir(root()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

fn cannot_start(command: &Command, error: std::io::Error) -> String {
    format!("cannot run `{}`: {error}", shown(command))
}

fn shown(command: &Command) -> String {
    let program = Path::new(command.get_program()).file_name().unwrap_or(command.get_program());
    let words = std::iter::once(program).chain(command.get_args());
    words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
}
