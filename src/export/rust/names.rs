//! Names in the written program: those of the scenario, as far as Rust can have them.

use std::collections::BTreeSet;

/// What Rust keeps for itself.
const KEYWORDS: &[&str] = &[
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "crate", "do", "dyn",
    "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop",
    "macro", "match", "mod", "move", "mut", "override", "priv", "pub", "ref", "return", "self", "static",
    "struct", "super", "trait", "true", "try", "type", "typeof", "unsafe", "unsized", "use", "virtual",
    "where", "while", "yield", "union",
];

/// What written programs use by these names.
const USED: &[&str] = &[
    "after_cleanup",
    "answer",
    "app",
    "between",
    "bool",
    "catch",
    "cleanup",
    "clock",
    "collect",
    "compare",
    "defer",
    "detach",
    "drop",
    "expect",
    "extreme",
    "f64",
    "fetch",
    "flow",
    "gather",
    "gather_all",
    "i64",
    "item",
    "joined",
    "json",
    "kind",
    "leak",
    "letter",
    "list",
    "log",
    "main",
    "mark",
    "ms",
    "now",
    "offload",
    "on_worker",
    "program",
    "quoted",
    "race",
    "race_ok",
    "random",
    "read",
    "result",
    "retry",
    "run",
    "s",
    "scope",
    "secs",
    "shield",
    "sleep",
    "sleep_until",
    "str",
    "sum",
    "taken",
    "task_in",
    "timeout",
    "told",
    "total",
    "u64",
    "us",
    "using",
    "work",
    "workers",
];

/// The names that are in use.
#[derive(Default)]
pub struct Names {
    global: BTreeSet<String>,
}

impl Names {
    /// A name of the whole program.
    pub fn global(&mut self, wanted: &str) -> String {
        let mut name = plain(wanted);
        while !self.global.insert(name.clone()) {
            name.push('_');
        }
        name
    }

    /// A variable: it may hide another variable, but nothing of the whole program.
    pub fn local(&self, wanted: &str) -> String {
        let mut name = plain(if wanted.is_empty() { "value" } else { wanted });
        while self.global.contains(&name) {
            name.push('_');
        }
        name
    }
}

fn plain(wanted: &str) -> String {
    let taken = KEYWORDS.contains(&wanted) || USED.contains(&wanted);
    if taken || wanted == "_" { format!("{wanted}_") } else { wanted.to_owned() }
}

/// `order_db` as a type's name: `OrderDb`.
pub fn camel(name: &str) -> String {
    let words = name.split('_').filter(|word| !word.is_empty());
    let capital = |word: &str| word[..1].to_uppercase() + &word[1..];
    words.map(capital).collect()
}

/// A text as a literal.
pub fn quoted(text: &str) -> String {
    format!("\"{}\"", escaped(text))
}

/// What stands between the quotes.
pub fn escaped(text: &str) -> String {
    text.chars().map(letter).collect()
}

/// What stands between the quotes of a text with holes.
pub fn escaped_for_format(text: &str) -> String {
    let one = |it: char| match it {
        '{' | '}' => format!("{it}{it}"),
        it => letter(it),
    };
    text.chars().map(one).collect()
}

fn letter(letter: char) -> String {
    match letter {
        '\'' => "'".to_owned(),
        letter if letter.is_alphanumeric() => letter.to_string(),
        letter => letter.escape_default().to_string(),
    }
}
