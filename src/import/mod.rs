//! From a Python program that uses asyncio to a scenario that does the same.
//!
//! The idioms of asyncio have a counterpart each: a task group is a `scope`, a semaphore a `limiter`, `wait_for` a
//! `timeout`. What has none is said with its line, and stands in the scenario as a comment: nothing is guessed. A
//! function that the text calls and does not hold gets a stand-in that waits 100 ms and logs its own name.
//! Beside that, what is known to do harm in asyncio is recognised ([`Sort::Harm`]) and comes with what to write instead.
//!
//! **Invariant:** any text gives an answer, never a panic; nesting beyond a hundred levels is not read.
//! **Invariant:** only `read` knows the parser.

mod call;
mod called;
mod context;
mod emit;
mod expr;
mod facts;
mod gather;
mod harm;
mod inline;
mod object;
mod python;
mod read;
mod standin;
mod stmt;
mod translate;
mod tried;
mod words;

#[cfg(test)]
mod tests;

use crate::span::{LineIndex, Span};

/// Texts longer than this are not read: so long a program is no idiom.
pub const MAX_LENGTH_BYTES: usize = 256 * 1024;

/// What became of a program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Imported {
    /// The scenario; empty if the text is no Python.
    pub scenario: String,
    /// What there is to say of the program, in the order of its lines.
    pub findings: Vec<Finding>,
    /// The functions that were called and not there, as Python calls them.
    pub stand_ins: Vec<String>,
}

/// Something to say of a line.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    /// Which line, from 1.
    pub line: u32,
    /// What sort of thing it is.
    pub sort: Sort,
    /// What it is: lower case, no final stop.
    pub text: String,
    /// What to write instead, where that is known.
    pub instead: Option<String>,
}

/// The sorts of things to say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sort {
    /// The text is no Python there.
    Broken,
    /// The scenario language has nothing that means the same.
    NoCounterpart,
    /// It runs, and does harm that is known.
    Harm,
    /// A function that the text does not hold.
    StandIn,
}

impl Sort {
    /// What it is called where it is said.
    pub fn label(self) -> &'static str {
        match self {
            Sort::Broken => "error",
            Sort::NoCounterpart => "no counterpart",
            Sort::Harm => "harm",
            Sort::StandIn => "note",
        }
    }
}

impl Imported {
    /// The scenario with the findings above it, as comments; of a text that is no Python, why.
    pub fn annotated(&self) -> String {
        let mut text = String::from("# Brought in from Python.\n");
        for Finding { line, sort, text: said, instead } in &self.findings {
            text += &format!("# line {line}: {}: {said}\n", sort.label());
            text += &instead.as_ref().map(|it| format!("#   write instead: {it}\n")).unwrap_or_default();
        }
        text + "\n" + &self.scenario
    }

    /// Whether every line has its counterpart, so that the scenario does what the program does.
    pub fn is_whole(&self) -> bool {
        !self.findings.iter().any(|it| matches!(it.sort, Sort::Broken | Sort::NoCounterpart))
    }
}

/// Reads a Python program and writes the scenario that does the same.
///
/// # Examples
///
/// ```
/// let python = "import asyncio\n\nasync def main():\n    async with asyncio.timeout(5):\n        \
///     await asyncio.sleep(1)\n    print(\"done\")\n\nasyncio.run(main())\n";
/// let imported = taskscope::import::import(python);
/// assert!(imported.is_whole());
/// assert!(imported.scenario.contains("timeout 5s {\n    sleep 1s\n  }\n  log \"done\"\n"));
/// ```
pub fn import(text: &str) -> Imported {
    let lines = LineIndex::new(text);
    let say =
        |span: Span, sort, text: String| Finding { line: lines.line(span.start), sort, text, instead: None };
    let broken =
        |finding| Imported { scenario: String::new(), findings: vec![finding], stand_ins: Vec::new() };
    if text.len() > MAX_LENGTH_BYTES {
        let said = format!("the text is too long: {} bytes, where {MAX_LENGTH_BYTES} are read", text.len());
        return broken(say(Span::default(), Sort::Broken, said));
    }
    let module = match read::read(text) {
        Ok(module) => module,
        Err((span, why)) => return broken(say(span, Sort::Broken, why)),
    };
    let facts = facts::Facts::gather(&module);
    let mut imported = translate::translate(&module, &facts, text, &lines);
    imported.findings.extend(harm::harms(&module, &facts, &lines));
    imported.findings.sort();
    imported.findings.dedup();
    imported
}
