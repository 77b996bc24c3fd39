//! Holds the tree to the rules of the house: which module may import which, how a file opens, what may not appear.
#![cfg(not(target_arch = "wasm32"))]

use std::fs;
use std::path::{Path, PathBuf};

/// Which parts of the crate each module may name. A path allows all that is inside it.
/// The vocabulary is open to everyone, and a module to itself.
const LAYERS: &[(&str, &[&str])] = &[
    ("time", &[]),
    ("ids", &[]),
    ("span", &[]),
    ("geom", &[]),
    ("order", &[]),
    ("event", &[]),
    ("diag", &[]),
    ("lang", &["diag"]),
    ("host", &[]),
    ("runtime", &["event", "host"]),
    // Documentation alone.
    ("guide", &[]),
    ("testing", &["runtime", "host", "trace", "event"]),
    ("interp", &["lang::plan", "runtime", "host", "event"]),
    ("trace", &["event"]),
    ("timeline", &["trace", "event"]),
    ("render", &["timeline"]),
    // A trace is made of events: whoever writes one, or draws conclusions from one, names them.
    ("export", &["lang::plan", "trace", "event"]),
    ("program", &["export", "trace", "runtime", "host", "event"]),
    (
        "pipeline",
        &["lang", "diag", "host", "event", "runtime", "interp", "trace", "timeline", "render", "export"],
    ),
    ("app", &["pipeline", "timeline", "export", "diag", "trace", "event"]),
    ("ui", &["app", "render", "host::browser"]),
    ("embed", &["app", "render", "host::browser"]),
    // From another language's text to a scenario's: it knows no phase, and no phase knows it.
    ("import", &[]),
    ("cli", &["pipeline", "export", "render::svg", "diag", "import"]),
    // The commands are crates of their own, which name this one.
    ("bin/taskscope", &["cli"]),
    ("bin/playground", &["ui", "embed", "host::browser"]),
    ("bin/worker", &["host", "host::browser"]),
    ("bin/importer", &["import"]),
    ("bin/exporter", &["pipeline"]),
    ("bin/texts", &[]),
];

/// Everything that is written by hand.
const TREE: &[&str] = &["src", "tests", "xtask/src", "benches", "www", "book"];

const VOCABULARY: &[&str] = &["time", "ids", "span", "geom", "order"];

/// Not part of what `host` allows: who may name the browser has it in the table.
const BROWSER: &str = "host::browser";
/// Nor is the simulated host. The pipeline puts virtual runs together, the runtime and its
/// tools for tests have one for its users.
const SIM: &str = "host::sim";
const SIM_USERS: &[&str] = &["host", "pipeline", "program", "runtime", "testing"];
/// The native one is for whoever has the library, which offers a call that runs on it.
const NATIVE: &str = "host::native";
const NATIVE_USERS: &[&str] = &["host", "runtime"];

/// Where the web's crates may be named at all: the host, and what draws.
const WEB: &[&str] = &["src/host/browser", "src/ui/", "src/embed/", "src/render/canvas", "src/bin/"];
const WEB_NAMES: &[&str] = &["web_sys", "js_sys", "wasm_bindgen", "gloo_", "yew"];
/// What makes two runs differ. Only hosts of the real world may ask: there is no other time there.
const REAL_HOSTS: &[&str] = &["src/host/browser", "src/host/native"];
const CLOCK_AND_CHANCE: &[&str] =
    &["Instant::now", "SystemTime", "Math::random", "Date::now", "Date::new_0", "getrandom", "RandomState"];

/// A hash map's order differs from run to run, so each use has its reason here; `BTreeMap` needs none.
const HASHED: &[(&str, &str)] = &[
    ("src/runtime/scope/block.rs", "counts names, looked up by key only"),
    ("src/timeline/keep.rs", "one look-up a lane over a hundred thousand lanes, never walked"),
];

/// Where everything may come from a stranger's text, so that nothing may panic.
const FED_BY_USERS: &[&str] =
    &["src/lang/", "src/interp/", "src/app/", "src/ui/", "src/embed/", "src/import/"];
const PANICS: &[&str] =
    &[".unwrap()", ".expect(\"", ".expect(&format!", "panic!(", "unreachable!(", "unimplemented!("];

const MOST_LINES: usize = 600;
const MOST_LINES_OF_FUNCTION: usize = 70;

struct Source {
    /// Relative to the top of the tree, with `/`.
    path: String,
    text: String,
    /// The text without comments, strings and modules of tests.
    code: String,
}

#[test]
fn modules_import_what_the_table_allows() {
    let mut found = Vec::new();
    for source in sources(&["src"]) {
        let module = module_of(&source.path);
        // The root declares everything.
        if module == "lib" || is_test_file(&source.path) {
            continue;
        }
        let Some((_, allowed)) = LAYERS.iter().find(|(name, _)| *name == module) else {
            found.push(format!("{}: the table does not know `{module}`", source.path));
            continue;
        };
        for import in imports(&source.code) {
            if !may_import(&module, allowed, &import) {
                found.push(format!("{}: `{module}` may not name `{import}`", source.path));
            }
        }
        if source.code.contains("super::super::") {
            found.push(format!(
                "{}: say `crate::`, so that the import can be held against the table",
                source.path
            ));
        }
    }
    report(found);
}

#[test]
fn files_open_with_a_purpose_and_stay_short() {
    let mut found = Vec::new();
    for source in sources(TREE) {
        let purpose = source.text.lines().next().and_then(|line| line.strip_prefix("//! "));
        if purpose.is_none_or(|words| words.is_empty()) {
            found.push(format!("{}: the first line is not `//!` and its purpose", source.path));
        }
        let lines = source.text.lines().count();
        if lines > MOST_LINES {
            found.push(format!("{}: {lines} lines are more than {MOST_LINES}", source.path));
        }
        for (name, lines) in long_functions(&source.code) {
            found.push(format!(
                "{}: `{name}` has {lines} lines, more than {MOST_LINES_OF_FUNCTION}",
                source.path
            ));
        }
    }
    report(found);
}

#[test]
fn only_the_browsers_side_knows_the_web_and_nothing_is_left_to_chance() {
    let mut found = Vec::new();
    for source in sources(&["src"]) {
        let starts = |places: &[&str]| places.iter().any(|place| source.path.starts_with(place));
        if !starts(WEB) {
            found.extend(hits(&source, WEB_NAMES));
        }
        if !starts(REAL_HOSTS) {
            found.extend(hits(&source, CLOCK_AND_CHANCE));
        }
        if !HASHED.iter().any(|(path, _)| *path == source.path) {
            found.extend(hits(&source, &["HashMap", "HashSet"]));
        }
    }
    report(found);
}

#[test]
fn nothing_that_a_user_feeds_may_panic() {
    let mut found = Vec::new();
    for source in sources(&["src"]) {
        if FED_BY_USERS.iter().any(|place| source.path.starts_with(place)) && !is_test_file(&source.path) {
            found.extend(hits(&source, PANICS));
        }
    }
    report(found);
}

#[test]
fn nothing_is_left_for_later_and_imports_are_explicit() {
    // In pieces, so that this file does not hold them.
    let words = [
        concat!("TO", "DO"),
        concat!("FIX", "ME"),
        concat!("X", "XX"),
        concat!("to", "do!("),
        concat!("db", "g!("),
    ];
    let mut found = Vec::new();
    for source in files(TREE, &["rs", "js", "mjs", "css", "html", "md", "scope"]) {
        for word in words.iter().filter(|word| source.text.contains(**word)) {
            found.push(format!("{}: holds `{word}`", source.path));
        }
    }
    for source in sources(TREE) {
        let glob = |line: &str| line.trim_start().starts_with("use ") && line.contains("::*");
        // Tests may take all of the module that they test.
        let allowed = |line: &str| line.trim() == "use super::*;" && is_test_file(&source.path);
        if source.code.lines().any(|line| glob(line) && !allowed(line)) {
            found.push(format!("{}: a `use` that does not say what it brings", source.path));
        }
    }
    report(found);
}

#[test]
fn the_runtimes_tests_run_in_the_browser_as_well() {
    let native =
        |source: &Source| source.code.contains("#[test]") && !source.code.contains("use super::test;");
    let found = sources(&["tests/runtime"]).into_iter().filter(native);
    report(
        found.map(|source| format!("{}: say `use super::test;`, which is both tests", source.path)).collect(),
    );
}

#[test]
fn the_checks_themselves_see_what_they_should() {
    let text = "use crate::{time::Time, lang::{plan::Plan, parse}};\n// crate::ui\nlet x = crate::host::sim::Sim(\"crate::cli\");\n";
    let code = strip(text);
    assert_eq!(imports(&code), ["time::Time", "lang::plan::Plan", "lang::parse", "host::sim::Sim"]);
    assert!(may_import("interp", &["lang::plan"], "lang::plan::Plan"));
    assert!(!may_import("interp", &["lang::plan"], "lang::parse"));
    assert!(!may_import("runtime", &["host"], "host::browser::Browser"), "the trait, not the browser");
    assert!(!may_import("interp", &["host"], "host::sim::Sim"));
    assert!(!may_import("interp", &["host"], "host::native::NativeHost"));
    assert!(may_import("runtime", &["host"], "host::native::NativeHost"));
    assert!(may_import("ui", &["host::browser"], "host::browser::Browser"));
    assert!(may_import("geom", &[], "time::Time"), "the vocabulary is open to everyone");
    assert_eq!(strip("a\n#[cfg(test)]\nmod tests {\n    b\n}\nc\n"), "a\nc\n");
    let long = format!("fn f() {{\n{}}}\nfn g() {{\n}}\n", "    x;\n".repeat(MOST_LINES_OF_FUNCTION));
    assert_eq!(long_functions(&long), [("f".to_owned(), MOST_LINES_OF_FUNCTION + 2)]);
}

fn report(found: Vec<String>) {
    assert!(found.is_empty(), "\n{}\n", found.join("\n"));
}

fn hits(source: &Source, words: &[&str]) -> Vec<String> {
    let squeezed: String = source.code.split_whitespace().collect::<Vec<_>>().join(" ").replace("( ", "(");
    let present = words.iter().filter(|word| squeezed.contains(**word));
    present.map(|word| format!("{}: names `{word}`", source.path)).collect()
}

fn may_import(module: &str, allowed: &[&str], import: &str) -> bool {
    let inside =
        |path: &str| import == path || import.strip_prefix(path).is_some_and(|rest| rest.starts_with("::"));
    if inside(module.trim_start_matches("bin/")) || VOCABULARY.iter().any(|word| inside(word)) {
        return true;
    }
    if inside(SIM) {
        return SIM_USERS.contains(&module);
    }
    if inside(NATIVE) {
        return NATIVE_USERS.contains(&module);
    }
    if inside(BROWSER) {
        return allowed.contains(&BROWSER);
    }
    allowed.iter().any(|path| inside(path))
}

/// The paths below the crate's root that `code` names, groups spelled out.
fn imports(code: &str) -> Vec<String> {
    let mut paths = Vec::new();
    for root in ["crate::", "taskscope::"] {
        for (at, _) in code.match_indices(root) {
            let before = code[..at].chars().next_back();
            if !before.is_some_and(|letter| letter.is_alphanumeric() || letter == '_' || letter == ':') {
                spell_out("", &code[at + root.len()..], &mut paths);
            }
        }
    }
    paths
}

/// Adds the paths that `rest` begins with to `paths`, each after `prefix`; returns how many bytes that took.
fn spell_out(prefix: &str, rest: &str, paths: &mut Vec<String>) -> usize {
    let end = rest
        .find(|letter: char| !letter.is_alphanumeric() && letter != '_' && letter != ':')
        .unwrap_or(rest.len());
    let path = format!("{prefix}{}", &rest[..end]);
    if !rest[end..].starts_with('{') {
        if !path.is_empty() {
            paths.push(path.trim_end_matches("::").to_owned());
        }
        return end;
    }
    let mut at = end + 1;
    while at < rest.len() && !rest[at..].starts_with('}') {
        let start =
            rest[at..].find(|letter: char| letter.is_alphanumeric() || letter == '_' || letter == '}');
        at += start.unwrap_or(rest.len() - at);
        if rest[at..].starts_with(|letter: char| letter != '}') {
            at += spell_out(&path, &rest[at..], paths);
            at += rest[at..].find([',', '}']).unwrap_or(rest.len() - at);
        }
    }
    (at + 1).min(rest.len())
}

/// Functions that are too long. Relies on rustfmt: a function ends with a brace as deep as it begins.
fn long_functions(code: &str) -> Vec<(String, usize)> {
    let lines: Vec<&str> = code.lines().collect();
    let mut found = Vec::new();
    for (from, line) in lines.iter().enumerate() {
        let body = line.trim_start();
        let starts =
            ["fn ", "pub fn ", "async fn ", "pub async fn ", "pub(crate) fn ", "pub(super) fn ", "const fn "];
        if !starts.iter().any(|start| body.starts_with(start)) || body.ends_with('}') || body.ends_with(';') {
            continue;
        }
        let end = format!("{}}}", &line[..line.len() - body.len()]);
        let length = lines[from..].iter().position(|line| *line == end).map_or(0, |at| at + 1);
        if length > MOST_LINES_OF_FUNCTION {
            let name = body.split("fn ").nth(1).unwrap_or(body).split(['(', '<']).next().unwrap_or(body);
            found.push((name.to_owned(), length));
        }
    }
    found
}

/// `src/lang/plan.rs` belongs to `lang`, `src/bin/playground.rs` to `bin/playground`.
fn module_of(path: &str) -> String {
    let inner = path.trim_start_matches("src/").trim_end_matches(".rs");
    let parts = if inner.starts_with("bin/") { 2 } else { 1 };
    inner.split('/').take(parts).collect::<Vec<_>>().join("/")
}

fn is_test_file(path: &str) -> bool {
    path.ends_with("/tests.rs") || path.contains("/tests/") || path.ends_with("_tests.rs")
}

/// `text` without comments, without what strings hold and without modules of tests, line for line.
fn strip(text: &str) -> String {
    let mut code = String::new();
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        let inline_tests =
            lines.peek().is_some_and(|next| next.trim_start().starts_with("mod ") && next.ends_with('{'));
        if line.trim() == "#[cfg(test)]" && inline_tests {
            let end = format!("{}}}", &line[..line.len() - line.trim_start().len()]);
            while lines.next().is_some_and(|line| line != end) {}
            continue;
        }
        let bare = without_strings(line);
        code.push_str(bare.split("//").next().unwrap_or_default().trim_end());
        code.push('\n');
    }
    code
}

/// One line with its strings emptied, the quotes kept. Strings over several lines are rare enough to ignore.
fn without_strings(line: &str) -> String {
    let mut bare = String::new();
    let (mut inside, mut escaped, mut before) = (false, false, ' ');
    for letter in line.chars() {
        let quote = letter == '"' && !escaped && (inside || before != '\'');
        if quote || !inside {
            bare.push(letter);
        }
        if quote {
            inside = !inside;
        }
        escaped = inside && letter == '\\' && !escaped;
        before = letter;
    }
    bare
}

fn sources(folders: &[&str]) -> Vec<Source> {
    files(folders, &["rs"])
}

/// The files below `folders` whose names end so. What npm installed is not ours.
fn files(folders: &[&str], endings: &[&str]) -> Vec<Source> {
    let top = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut paths: Vec<PathBuf> = Vec::new();
    folders.iter().for_each(|folder| walk(&top.join(folder), &mut paths));
    paths.retain(|path| path.extension().is_some_and(|ending| endings.iter().any(|each| ending == *each)));
    paths.sort();
    assert!(!paths.is_empty(), "no sources in {folders:?}");
    let read = |path: PathBuf| {
        let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let name = path.strip_prefix(top).unwrap_or(&path).to_string_lossy().replace('\\', "/");
        Source { path: name, code: strip(&text), text }
    };
    paths.into_iter().map(read).collect()
}

fn walk(folder: &Path, paths: &mut Vec<PathBuf>) {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    for path in entries.map(|entry| entry.path()) {
        if path.is_dir() && !path.ends_with("node_modules") {
            walk(&path, paths);
        } else if path.is_file() {
            paths.push(path);
        }
    }
}
