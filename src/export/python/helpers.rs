//! The helpers that a written program holds: those that it uses, and those that they use.
//!
//! A helper is a function, class or variable at the left margin of a file in `helpers`. What it uses is read off its
//! text, so that the files are plain Python. A line that ends with `#? word` stands only in programs that have a use
//! for it.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use crate::lang::plan::Name;

use super::names::Names;
use super::page::Page;

/// For every program, in the order in which they stand there.
const COMMON: &[&str] = &[
    include_str!("helpers/now.py"),
    include_str!("helpers/log.py"),
    include_str!("helpers/expect.py"),
    include_str!("helpers/errors.py"),
    include_str!("helpers/told.py"),
    include_str!("helpers/limiter.py"),
    include_str!("helpers/pace.py"),
    include_str!("helpers/gate.py"),
    include_str!("helpers/barrier.py"),
    include_str!("helpers/queue.py"),
    include_str!("helpers/retry.py"),
    include_str!("helpers/every.py"),
    include_str!("helpers/outside.py"),
    include_str!("helpers/chance.py"),
    include_str!("helpers/values.py"),
    include_str!("helpers/handled.py"),
];

/// For programs with scopes and tasks of their own.
const OWN: &[&str] = &[
    include_str!("helpers/own/errors.py"),
    include_str!("helpers/own/resource.py"),
    include_str!("helpers/own/pool.py"),
    include_str!("helpers/own/race.py"),
    include_str!("helpers/own/gather.py"),
    include_str!("helpers/own/detach.py"),
    include_str!("helpers/own/timeout.py"),
    include_str!("helpers/own/shield.py"),
    include_str!("helpers/own/cleanup.py"),
    include_str!("helpers/own/nearest_scope.py"),
    include_str!("helpers/own/scope.py"),
    include_str!("helpers/own/task.py"),
    include_str!("helpers/own/place.py"),
    include_str!("helpers/own/path.py"),
    include_str!("helpers/own/stimuli.py"),
    include_str!("helpers/own/report.py"),
    include_str!("helpers/own/run.py"),
];

/// For programs on asyncio's own.
const PLAIN: &[&str] = &[
    include_str!("helpers/plain/path.py"),
    include_str!("helpers/plain/report.py"),
    include_str!("helpers/plain/run.py"),
];

/// Last.
const LOOP: &str = include_str!("helpers/virtual_loop.py");

/// The modules that helpers and programs use.
const MODULES: &[&str] = &[
    "asyncio",
    "collections",
    "contextlib",
    "dataclasses",
    "functools",
    "heapq",
    "io",
    "itertools",
    "json",
    "math",
    "sys",
    "time",
    "urllib",
];

/// What stands at the left margin of a file, with what is below it.
struct Helper {
    name: String,
    text: String,
    uses: OnceCell<BTreeSet<String>>,
}

impl Helper {
    /// Every name in it.
    fn uses(&self) -> &BTreeSet<String> {
        self.uses.get_or_init(|| {
            let mut uses = words(&self.text);
            uses.remove(&self.name);
            uses
        })
    }

    /// The names that have to be there before it: the bases of a class, what a variable is made of.
    fn bases(&self) -> BTreeSet<String> {
        let head = self.text.lines().find(|line| !line.starts_with(['@', '#'])).unwrap_or_default();
        let is_function = head.starts_with("def ") || head.starts_with("async def ");
        let mut bases = if is_function { BTreeSet::new() } else { words(head) };
        bases.remove(&self.name);
        bases
    }

    /// The names in its `__init__`, which have to be there before one is made.
    fn makes(&self) -> BTreeSet<String> {
        let Some(from) = self.text.find("    def __init__(") else { return BTreeSet::new() };
        let rest = &self.text[from + 1..];
        let end = rest.find("\n    def ").or_else(|| rest.find("\n    async def ")).unwrap_or(rest.len());
        words(&rest[..end])
    }
}

/// A program's parts that are not its own.
pub struct Parts {
    pub imports: String,
    /// What its declarations need.
    pub early: String,
    /// The rest, to stand below.
    pub late: String,
    /// What the helpers are called that are among them.
    pub helpers: Vec<String>,
}

/// The names that helpers define, whatever they are for.
pub fn defined() -> &'static [String] {
    static DEFINED: LazyLock<Vec<String>> = LazyLock::new(|| {
        let files = COMMON.iter().chain(OWN).chain(PLAIN).chain([&LOOP]);
        files.flat_map(|file| parts(file)).map(|helper| helper.name).collect()
    });
    &DEFINED
}

/// The name of the class for a kind of error.
pub fn error_class(kind: &Name, names: &mut Names) -> String {
    names.global(kind, "Error")
}

/// Puts together what a program uses.
pub fn assemble(
    used: &BTreeSet<&'static str>,
    marks: &BTreeSet<&'static str>,
    kinds: &BTreeMap<Name, String>,
    names: &Names,
    declarations: &Page,
    program: &str,
) -> Parts {
    let mut all = helpers(marks);
    all.retain(|helper| names.knows(&helper.name));
    let find = |name: &str| all.iter().position(|helper| helper.name == name);
    let mut wanted: BTreeSet<usize> = BTreeSet::new();
    let mut next: Vec<usize> = used.iter().filter_map(|name| find(name)).collect();
    let declared = words(&declarations.text());
    next.extend(declared.iter().filter_map(|name| find(name)));
    next.extend(words(program).iter().filter_map(|name| find(name)));
    let base = if marks.contains("plain") { "Exception" } else { "Error" };
    next.extend(find(base));
    while let Some(at) = next.pop() {
        if wanted.insert(at) {
            next.extend(all[at].uses().iter().filter_map(|name| find(name)));
        }
    }
    // Error classes that helpers make, and no one else.
    let mut classes: BTreeMap<String, String> =
        kinds.iter().map(|(kind, class)| (class.clone(), kind.to_string())).collect();
    for at in &wanted {
        for name in all[*at].uses().iter().filter(|name| RAISED.contains(&name.as_str())) {
            classes.entry(name.clone()).or_insert_with(|| name.clone());
        }
    }
    let mut early: BTreeSet<usize> = BTreeSet::new();
    let mut next: Vec<usize> = declared.iter().filter_map(|name| find(name)).collect();
    while let Some(at) = next.pop() {
        if early.insert(at) {
            next.extend(all[at].bases().iter().chain(&all[at].makes()).filter_map(|name| find(name)));
        }
    }
    // What Python has need not be made again, unless it has to know where it came up.
    classes.retain(|class, _| base == "Error" || !BUILT_IN.contains(&class.as_str()));
    early.extend(find("Error").filter(|_| !classes.is_empty()));
    let write = |indices: &BTreeSet<usize>| -> String {
        ordered(indices, &all).iter().map(|at| format!("\n\n{}", all[*at].text)).collect()
    };
    let late: BTreeSet<usize> = wanted.difference(&early).copied().collect();
    let classes: String = classes
        .iter()
        .map(|(class, kind)| match class == kind {
            true => format!("\n\nclass {class}({base}):\n    pass\n"),
            false => format!("\n\nclass {class}({base}):\n    kind = \"{kind}\"\n"),
        })
        .collect();
    let early = write(&early) + &classes;
    let late = write(&late);
    let owners = owners(&format!("{early}{late}{}{program}", declarations.text()));
    let imports = MODULES.iter().filter(|module| owners.contains(**module));
    let imports = imports.map(|module| match *module {
        "urllib" => "import urllib.error\nimport urllib.request\n".to_string(),
        module => format!("import {module}\n"),
    });
    let helpers = wanted.iter().map(|at| all[*at].name.clone()).collect();
    Parts { imports: imports.collect(), early, late, helpers }
}

/// Classes of Python that are an error's kind as well.
const BUILT_IN: &[&str] = &["IndexError", "RuntimeError", "TimeoutError", "TypeError", "ValueError"];

/// The kinds of errors that helpers make.
const RAISED: &[&str] = &[
    "HttpError",
    "IndexError",
    "Overflow",
    "QueueClosed",
    "QueueError",
    "TaskCancelled",
    "Timeout",
    "TypeError",
    "ValueError",
    "WorkerCrashed",
    "ZeroDivision",
];

/// What has to come first, first; otherwise as in the files.
fn ordered(indices: &BTreeSet<usize>, all: &[Helper]) -> Vec<usize> {
    fn add(at: usize, indices: &BTreeSet<usize>, all: &[Helper], done: &mut Vec<usize>) {
        if done.contains(&at) {
            return;
        }
        for name in all[at].bases() {
            if let Some(before) = all.iter().position(|helper| helper.name == name)
                && indices.contains(&before)
            {
                add(before, indices, all, done);
            }
        }
        done.push(at);
    }

    let mut done = Vec::new();
    indices.iter().for_each(|at| add(*at, indices, all, &mut done));
    done
}

fn helpers(marks: &BTreeSet<&'static str>) -> Vec<Helper> {
    let some = if marks.contains("plain") { PLAIN } else { OWN };
    COMMON.iter().chain(some).chain([&LOOP]).flat_map(|file| parts(&kept(file, marks))).collect()
}

/// A file without the lines that are for other programs.
fn kept(file: &str, marks: &BTreeSet<&'static str>) -> String {
    let mut out = String::new();
    // Where lines were left out, one of the gaps around them goes too.
    let mut closes = false;
    for line in file.lines() {
        let (line, mark) = line.split_once("  #? ").unwrap_or((line, ""));
        if !mark.is_empty() && !marks.contains(mark) {
            closes = true;
        } else if !(closes && line.is_empty() && out.ends_with("\n\n")) {
            out += &format!("{line}\n");
            closes &= line.is_empty();
        }
    }
    out
}

/// The parts of a file: each begins at the left margin, and goes on to where the next begins.
fn parts(file: &str) -> Vec<Helper> {
    let mut parts: Vec<Helper> = Vec::new();
    let mut pending = String::new();
    for line in file.lines() {
        let begins = line.starts_with(|first: char| first.is_alphabetic() || first == '@' || first == '#');
        if line.starts_with("import ") {
            continue;
        }
        if !begins {
            match parts.last_mut().filter(|_| pending.is_empty()) {
                Some(part) => part.text += &format!("{line}\n"),
                None if line.is_empty() => {}
                None => pending += &format!("{line}\n"),
            }
            continue;
        }
        pending += &format!("{line}\n");
        // A decorator or a comment belongs to what follows.
        if line.starts_with(['@', '#']) {
            continue;
        }
        parts.push(Helper {
            name: defined_name(line),
            text: std::mem::take(&mut pending),
            uses: OnceCell::new(),
        });
    }
    parts.iter_mut().for_each(|part| part.text = format!("{}\n", part.text.trim_end()));
    parts
}

fn defined_name(line: &str) -> String {
    let rest = line.trim_start_matches("async ").trim_start_matches("def ").trim_start_matches("class ");
    rest.chars().take_while(|letter| letter.is_alphanumeric() || *letter == '_').collect()
}

/// Every name in a piece of Python: not what stands after a dot, in a comment or in a text without holes.
pub fn words(text: &str) -> BTreeSet<String> {
    names(text, |_| true)
}

/// The names of which something is asked: `asyncio` in `asyncio.sleep(1)`.
fn owners(text: &str) -> BTreeSet<String> {
    names(text, |after| after == '.')
}

/// The names after which such a letter stands.
fn names(text: &str, wanted: impl Fn(char) -> bool) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let code = without_texts(text);
    let mut name = String::new();
    let mut before = ' ';
    for letter in code.chars().chain([' ']) {
        if letter.is_alphanumeric() || letter == '_' {
            name.push(letter);
            continue;
        }
        let begins = name.starts_with(|first: char| !first.is_numeric());
        if begins && before != '.' && wanted(letter) {
            names.insert(std::mem::take(&mut name));
        }
        name.clear();
        before = letter;
    }
    names
}

fn without_texts(text: &str) -> String {
    let mut code = String::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        if rest.starts_with("\"\"\"") {
            let end = rest[3..].find("\"\"\"").map_or(rest.len(), |end| end + 6);
            rest = &rest[end..];
        } else if first == '#' {
            rest = &rest[rest.find('\n').unwrap_or(rest.len())..];
        } else if matches!(first, '"' | '\'') && !code.ends_with('f') {
            rest = &rest[end_of_text(rest)..];
        } else if matches!(first, '"' | '\'') {
            // Of a text with holes the holes are code, and of the rest no word is a helper's by chance.
            let end = end_of_text(rest);
            code.push_str(&holes(&rest[..end]));
            rest = &rest[end..];
        } else {
            code.push(first);
            rest = &rest[first.len_utf8()..];
        }
    }
    code
}

/// Where the text ends that begins here.
fn end_of_text(text: &str) -> usize {
    let quote = text.chars().next();
    let mut escaped = false;
    for (at, letter) in text.char_indices().skip(1) {
        match letter {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            _ if Some(letter) == quote => return at + 1,
            _ => {}
        }
    }
    text.len()
}

fn holes(text: &str) -> String {
    let mut code = String::new();
    let mut depth = 0;
    for letter in text.chars() {
        match letter {
            '{' => {
                depth += 1;
                code.push(' ');
            }
            '}' => {
                depth -= 1;
                code.push(' ');
            }
            letter if depth > 0 => code.push(letter),
            _ => {}
        }
    }
    code
}
