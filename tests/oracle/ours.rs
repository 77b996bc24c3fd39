//! What a scenario prints, in the form in which the programs by hand print.

use taskscope::export;
use taskscope::pipeline::{compile, simulate};

/// What `taskscope run` prints of it, without the tasks: the lines of the log, and how and when the run ended.
pub fn run(text: &str) -> String {
    let compiled = compile(text);
    let Some(plan) = compiled.plan else { return format!("{:?}\n", compiled.diagnostics) };
    without_paths(&export::text::write(&simulate(&plan, None), Some(text)))
}

fn without_paths(printed: &str) -> String {
    let kept = |line: &str| {
        if line.starts_with("outcome: ") || line.starts_with("elapsed: ") {
            return Some(format!("{line}\n"));
        }
        let (at, rest) = line.split_once("  ")?;
        let (_task, text) = rest.split_once("  ")?;
        at.starts_with(char::is_numeric).then(|| format!("{at}  {text}\n"))
    };
    printed.lines().filter_map(kept).collect()
}
