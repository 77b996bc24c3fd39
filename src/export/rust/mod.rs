//! A scenario as a program against this crate: the library alone, without the feature `lang`.
//!
//! It runs in virtual time and prints what `taskscope run` prints ([`crate::program`]). Where the tree knows what kind
//! of value stands somewhere, it has Rust's own type; a small `Value` comes along only where it does not.
//!
//! Left out: the line numbers of errors, and what ends at a limit. What has no form in Rust is refused ([`Refusal`]).

use std::collections::BTreeSet;
use std::fmt;

use crate::lang::plan::Plan;

mod block;
mod captures;
mod declare;
mod expr;
mod guard;
mod helpers;
mod layout;
mod leaves;
mod loops;
mod names;
mod ops;
mod outside;
mod program;
mod stmt;
mod task;
mod text;
mod types;
mod writer;

/// Why a scenario cannot be taken home as Rust.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// In words.
    pub reason: String,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "cannot be taken home as Rust: {}", self.reason)
    }
}

/// A program in pieces, for who puts several together.
#[derive(Clone, Debug)]
pub struct Pieces {
    /// What the file says of itself.
    pub title: String,
    /// Paths that are imported.
    pub imports: BTreeSet<String>,
    /// Types of errors, each with a message.
    pub errors: BTreeSet<String>,
    /// What stands below the program and is the same in every program that needs it.
    pub helpers: BTreeSet<&'static str>,
    /// Functions, resources and `main`.
    pub body: String,
}

/// The program that does what `plan` does.
///
/// # Errors
/// [`Refusal`] where there is no form for it.
pub fn write(plan: &Plan) -> Result<String, Refusal> {
    Ok(pieces(plan)?.text())
}

/// As [`write()`], in pieces.
///
/// # Errors
/// As [`write()`].
pub fn pieces(plan: &Plan) -> Result<Pieces, Refusal> {
    program::write(plan)
}

/// The head of a file that holds several programs as modules: what any of them needs, once.
pub fn shared_head<'p>(programs: impl IntoIterator<Item = &'p Pieces>) -> String {
    let (mut imports, mut errors, text) = helpers::all();
    for program in programs {
        imports.extend(program.imports.iter().cloned());
        errors.extend(program.errors.iter().cloned());
    }
    let errors: Vec<&str> = errors.iter().map(String::as_str).collect();
    let errors = errors.join(", ");
    format!("{}\n{}\nerrors!({errors});\n\n{text}", helpers::imports(&imports), helpers::errors_macro())
}

impl Pieces {
    /// The whole file.
    pub fn text(&self) -> String {
        let mut code = format!("{}\n", self.body);
        helpers::texts(&self.helpers).for_each(|text| code += &format!("{text}\n"));
        let mut out = format!("//! {}\n//!\n", self.title);
        out += "//! A scenario of Taskscope as a program in virtual time; it prints what `taskscope run` prints.\n\n";
        out += &helpers::imports(&helpers::used(&self.imports, &code));
        if !self.errors.is_empty() {
            let errors: Vec<&str> = self.errors.iter().map(String::as_str).collect();
            out += &format!("\n{}\nerrors!({});\n", helpers::errors_macro(), errors.join(", "));
        }
        out += &format!("\n{}\n", code.trim_end());
        out
    }
}
