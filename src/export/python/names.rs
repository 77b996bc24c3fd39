//! Names in the written program: those of the scenario, as far as Python can have them.

use std::collections::{BTreeMap, BTreeSet};

use crate::export::tree::VarId;

/// What Python keeps for itself.
const KEYWORDS: &[&str] = &[
    "False", "None", "True", "and", "as", "assert", "async", "await", "break", "class", "continue", "def",
    "del", "elif", "else", "except", "finally", "for", "from", "global", "if", "import", "in", "is",
    "lambda", "nonlocal", "not", "or", "pass", "raise", "return", "try", "while", "with", "yield",
];

/// What written programs use of what is built in. Of the error classes only those that helpers name: a scenario's
/// `ValueError` takes the place of Python's.
const BUILT_IN: &[&str] = &[
    "all",
    "anext",
    "any",
    "bool",
    "dict",
    "divmod",
    "enumerate",
    "float",
    "getattr",
    "id",
    "int",
    "isinstance",
    "iter",
    "len",
    "list",
    "max",
    "min",
    "next",
    "print",
    "property",
    "range",
    "repr",
    "reversed",
    "round",
    "self",
    "set",
    "sorted",
    "staticmethod",
    "str",
    "sum",
    "super",
    "tuple",
    "type",
    "BaseException",
    "BaseExceptionGroup",
    "Exception",
    "ExceptionGroup",
    "StopAsyncIteration",
    "StopIteration",
    "SystemExit",
    "asyncio",
    "builtins",
    "collections",
    "dataclasses",
    "functools",
    "heapq",
    "io",
    "contextlib",
    "itertools",
    "json",
    "math",
    "sys",
    "time",
    "urllib",
];

/// What helpers keep in the file beside themselves.
const NOTES: &[&str] = &["loop", "begin", "main_task", "workers", "chance"];

/// Names that are taken, and by which variable.
#[derive(Clone, Debug, Default)]
pub struct Names {
    /// Of the whole file.
    global: BTreeSet<String>,
    /// Of the function that is being written, with the variables that have had them.
    local: BTreeMap<String, Vec<VarId>>,
    helpers: BTreeSet<String>,
    /// Whether something got another name because a helper has that.
    pub gave_way: bool,
}

impl Names {
    /// With what these helpers define taken.
    pub fn new(helpers: &[String]) -> Names {
        let fixed = KEYWORDS.iter().chain(BUILT_IN).chain(NOTES).map(|name| name.to_string());
        let helpers: BTreeSet<String> = helpers.iter().cloned().collect();
        Names { global: fixed.chain(helpers.clone()).collect(), helpers, ..Names::default() }
    }

    /// Whether a helper of this name may be in the program.
    pub fn knows(&self, helper: &str) -> bool {
        self.helpers.contains(helper)
    }

    /// A name for the whole file: this one, or this one with `suffix` or a number.
    pub fn global(&mut self, wanted: &str, suffix: &str) -> String {
        let wanted = identifier(wanted);
        self.gave_way |= self.helpers.contains(&wanted);
        let candidates = [wanted.clone(), format!("{wanted}{suffix}")];
        let numbered = (2..).map(|number| format!("{wanted}{suffix}_{number}"));
        let free = |name: &String| !self.global.contains(name) && !self.local.contains_key(name);
        let name = candidates.into_iter().chain(numbered).find(free).unwrap_or_default();
        self.global.insert(name.clone());
        name
    }

    /// Begins a function; what is returned is given back to `leave` at its end.
    pub fn enter(&mut self, nested: bool) -> BTreeMap<String, Vec<VarId>> {
        let outer = self.local.clone();
        if !nested {
            self.local.clear();
        }
        outer
    }

    /// Ends a function.
    pub fn leave(&mut self, outer: BTreeMap<String, Vec<VarId>>) {
        self.local = outer;
    }

    /// A name in the function that is being written. One that other variables have had is free again if `is_gone`
    /// says so of all of them.
    pub fn local(&mut self, wanted: &str, var: Option<VarId>, is_gone: impl Fn(VarId) -> bool) -> String {
        let wanted = identifier(wanted);
        self.gave_way |= self.helpers.contains(&wanted);
        let numbered = (2..).map(|number| format!("{wanted}_{number}"));
        let free = |name: &String| {
            let gone =
                |bearers: &Vec<VarId>| !bearers.is_empty() && bearers.iter().all(|bearer| is_gone(*bearer));
            !self.global.contains(name) && self.local.get(name).is_none_or(gone)
        };
        let name = std::iter::once(wanted.clone()).chain(numbered).find(free).unwrap_or_default();
        self.local.entry(name.clone()).or_default().extend(var);
        name
    }
}

/// `text` as a word of Python: `page-{i}` is `page`.
pub fn identifier(text: &str) -> String {
    let letters = text.chars().map(|letter| if letter.is_ascii_alphanumeric() { letter } else { '_' });
    let word: String = letters.collect();
    let word = word.trim_matches('_');
    match word.chars().next() {
        None => "it".to_string(),
        Some('0'..='9') => format!("n{word}"),
        Some(_) => word.to_string(),
    }
}
