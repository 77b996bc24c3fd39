//! What a scenario can be taken home as.

use crate::lang::plan::Plan;

use super::python;

/// A language to take a scenario home in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// A program with asyncio for CPython 3.11 or newer.
    Python,
}

impl Target {
    /// Every one, in the order in which they are offered.
    pub const ALL: &[Target] = &[Target::Python];

    /// The one of this name.
    pub fn named(name: &str) -> Option<Target> {
        Target::ALL.iter().copied().find(|target| target.name() == name)
    }

    /// Its name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Target::Python => "python",
        }
    }

    /// What it makes of a scenario, in a few words.
    pub fn about(self) -> &'static str {
        match self {
            Target::Python => {
                "A program with asyncio for CPython 3.11 or newer; with `--virtual` it prints what `taskscope run` prints"
            }
        }
    }

    /// The end of a file's name.
    pub fn extension(self) -> &'static str {
        match self {
            Target::Python => "py",
        }
    }

    /// The scenario, written out.
    pub fn write(self, plan: &Plan) -> String {
        match self {
            Target::Python => python::write(plan),
        }
    }
}
