//! Functions that a program calls and does not hold, and the one that tells an error from another value.

use std::collections::{BTreeMap, BTreeSet};

use super::called::last;
use super::emit::Emit;
use super::words;

/// How long a stand-in waits.
pub const WAIT: &str = "100ms";

/// The stand-ins of a scenario.
#[derive(Debug, Default)]
pub struct StandIns {
    /// By what Python calls, and with how many arguments: the name in the scenario.
    known: BTreeMap<(String, usize), String>,
    /// Those that a worker is busy with: they need no function.
    blocking: BTreeSet<String>,
    /// The function that stands for `isinstance(value, Exception)`, where it is asked for.
    error_test: Option<String>,
}

impl StandIns {
    /// The name of the stand-in for `path` with so many arguments. `is_free` says whether a name may be used.
    pub fn name(&mut self, path: &str, count: usize, is_free: &dyn Fn(&str) -> bool) -> String {
        if let Some(name) = self.known.get(&(path.to_owned(), count)) {
            return name.clone();
        }
        let mut name = words::word(&path.trim_start_matches("self.").replace('.', "_"));
        while !is_free(&name) || self.names().any(|taken| *taken == name) {
            name.push('_');
        }
        self.known.insert((path.to_owned(), count), name.clone());
        name
    }

    /// The name of the function that says whether a value is an error.
    pub fn error_test(&mut self, is_free: &dyn Fn(&str) -> bool) -> String {
        let taken: Vec<&String> = self.known.values().collect();
        let fresh = || {
            let mut name = "is_error".to_owned();
            while !is_free(&name) || taken.contains(&&name) {
                name.push('_');
            }
            name
        };
        self.error_test.get_or_insert_with(fresh).clone()
    }

    /// Notes a function that blocks, and is handed to a worker.
    pub fn blocking(&mut self, path: &str) {
        self.blocking.insert(path.to_owned());
    }

    /// What Python calls them, each once.
    pub fn paths(&self) -> Vec<String> {
        let awaited = self.known.keys().map(|(path, _)| path);
        let all: BTreeSet<&String> = awaited.chain(&self.blocking).collect();
        all.into_iter().cloned().collect()
    }

    /// Their names in the scenario.
    pub fn names(&self) -> impl Iterator<Item = &String> {
        self.known.values().chain(&self.error_test)
    }

    /// Writes them down.
    pub fn emit(&self, out: &mut Emit) {
        if let Some(name) = &self.error_test {
            out.line("# Stands for `isinstance(value, Exception)`: only an error has a kind.");
            out.open(&format!("fn {name}(value)"));
            out.line("try { let kind = value.kind  return true } catch TypeError { return false }");
            out.close();
            out.line("");
        }
        for ((path, count), name) in &self.known {
            let params: Vec<String> = (1..=*count).map(|at| format!("given_{at}")).collect();
            out.line(&format!("# Stands in for `{path}`, which the program does not hold."));
            out.open(&format!("fn {name}({})", params.join(", ")));
            out.line(&format!("sleep {WAIT}"));
            let last = last(path);
            out.line(&format!("log \"{last}\""));
            out.line(&format!("return \"{last}\""));
            out.close();
            out.line("");
        }
    }
}
