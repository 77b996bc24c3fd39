//! What stands below a program: small pieces that are the same in every program that needs them.
//!
//! Each is a file in `helpers/`. After its purpose it says which other helpers, imports and types of errors it needs.

use std::collections::BTreeSet;

macro_rules! helpers {
    ($($name:literal)*) => {
        const HELPERS: &[(&str, &str)] = &[$(($name, include_str!(concat!("helpers/", $name, ".rs")))),*];
    };
}

helpers! {
    "errors" "Flow" "leak" "read" "ms" "clock" "between" "between_lengths" "in_64_bits" "item" "letter" "position" "sum" "joined"
    "json" "quoted" "deadline" "fetch" "on_worker" "busy" "query" "status" "alone" "attempts" "backoff" "draw"
    "ordered" "extreme" "Value"
}

/// The lines of a helper that begin so, as words.
fn said(name: &str, what: &str) -> Vec<&'static str> {
    let text = HELPERS.iter().find(|(known, _)| *known == name).map_or("", |(_, text)| text);
    let lines = text.lines().filter_map(|line| line.strip_prefix(what));
    lines.flat_map(|line| line.split(", ")).map(str::trim).collect()
}

/// A helper without what it says of itself.
fn code(text: &'static str) -> String {
    let is_said = |line: &&str| {
        line.starts_with("//! ")
            || ["// needs: ", "// imports: ", "// errors: "].iter().any(|it| line.starts_with(it))
    };
    let lines: Vec<&str> = text.lines().skip_while(|line| is_said(line) || line.is_empty()).collect();
    lines.join("\n") + "\n"
}

/// Adds what the helpers need in turn.
pub fn complete(
    helpers: &mut BTreeSet<&'static str>,
    imports: &mut BTreeSet<String>,
    errors: &mut BTreeSet<String>,
) {
    let mut rest: Vec<&'static str> = helpers.iter().copied().collect();
    while let Some(helper) = rest.pop() {
        imports.extend(said(helper, "// imports: ").into_iter().map(str::to_owned));
        let kinds = said(helper, "// errors: ");
        let more = if kinds.is_empty() { None } else { Some("errors") };
        errors.extend(kinds.into_iter().map(str::to_owned));
        for needed in said(helper, "// needs: ").into_iter().chain(more) {
            if helpers.insert(needed) {
                rest.push(needed);
            }
        }
    }
}

/// The texts of these helpers, in the order of the table; a macro stands before its use elsewhere.
pub fn texts(helpers: &BTreeSet<&'static str>) -> impl Iterator<Item = String> {
    HELPERS.iter().filter(|(name, _)| *name != "errors" && helpers.contains(name)).map(|(_, text)| code(text))
}

/// The macro that makes types of errors.
pub fn errors_macro() -> String {
    HELPERS.iter().find(|(name, _)| *name == "errors").map_or_else(String::new, |(_, text)| code(text))
}

/// Everything, with its imports and errors.
pub fn all() -> (BTreeSet<String>, BTreeSet<String>, String) {
    let mut helpers: BTreeSet<&'static str> = HELPERS.iter().map(|(name, _)| *name).collect();
    let (mut imports, mut errors) = (BTreeSet::new(), BTreeSet::new());
    complete(&mut helpers, &mut imports, &mut errors);
    let text: String = texts(&helpers).map(|text| text + "\n").collect();
    (imports, errors, text)
}

/// Those of the paths whose name stands somewhere in the text.
pub fn used(paths: &BTreeSet<String>, text: &str) -> BTreeSet<String> {
    let word = |letter: char| letter.is_alphanumeric() || letter == '_';
    let words: BTreeSet<&str> = text.split(|letter| !word(letter)).collect();
    let name = |path: &str| path.rsplit("::").next().is_some_and(|name| words.contains(name));
    paths.iter().filter(|path| name(path)).cloned().collect()
}

/// The lines that import these paths, one for each module.
pub fn imports(paths: &BTreeSet<String>) -> String {
    let mut lines: Vec<(String, Vec<&str>)> = Vec::new();
    for path in paths {
        let Some((module, name)) = path.rsplit_once("::") else { continue };
        match lines.iter_mut().find(|(known, _)| known == module) {
            Some((_, names)) => names.push(name),
            None => lines.push((module.to_owned(), vec![name])),
        }
    }
    let mut out = String::new();
    let mut is_std = None;
    for (module, names) in lines {
        if is_std == Some(true) && !module.starts_with("std") {
            out.push('\n');
        }
        is_std = Some(module.starts_with("std"));
        out += &match &names[..] {
            [only] => format!("use {module}::{only};\n"),
            names => format!("use {module}::{{{}}};\n", names.join(", ")),
        };
    }
    out
}
