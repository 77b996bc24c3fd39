//! What a scenario can be taken home as.

use crate::lang::plan::Plan;
use crate::trace::Trace;

use super::{mermaid, python, rust};

/// A form to take a scenario home in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// A program with asyncio for CPython 3.11 or newer.
    Python,
    /// A program against this crate's library.
    Rust,
    /// A Gantt chart of the run.
    Mermaid,
}

impl Target {
    /// Every one, in the order in which they are offered.
    pub const ALL: &[Target] = &[Target::Python, Target::Rust, Target::Mermaid];

    /// The one of this name.
    pub fn named(name: &str) -> Option<Target> {
        Target::ALL.iter().copied().find(|target| target.name() == name)
    }

    /// Its name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Target::Python => "python",
            Target::Rust => "rust",
            Target::Mermaid => "mermaid",
        }
    }

    /// What it makes of a scenario, in a few words.
    pub fn about(self) -> &'static str {
        match self {
            Target::Python => "A program with asyncio for CPython 3.11 or newer",
            Target::Rust => "A program against this crate's library, in virtual time",
            Target::Mermaid => "A Gantt chart of the run, for Markdown",
        }
    }

    /// The end of a file's name.
    pub fn extension(self) -> &'static str {
        match self {
            Target::Python => "py",
            Target::Rust => "rs",
            Target::Mermaid => "mmd",
        }
    }

    /// The scenario, written out. `run` gives its run, for what shows that.
    ///
    /// # Errors
    /// [`Refusal`](rust::Refusal) where the target has no form for something of the scenario.
    pub fn write(self, plan: &Plan, run: impl FnOnce() -> Trace) -> Result<String, rust::Refusal> {
        match self {
            Target::Python => Ok(python::write(plan)),
            Target::Rust => rust::write(plan),
            Target::Mermaid => Ok(mermaid::write(&run())),
        }
    }
}
