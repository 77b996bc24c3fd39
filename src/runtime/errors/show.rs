//! How a tree of errors is written out: as one line that leads with the first error, and as a tree.
//!
//! Nothing here recurses, and a tree of any size gives a text that somebody can read.

use std::error::Error as StdError;
use std::fmt;

use crate::event::Role;

use super::error::Error;
use super::group::{ErrorGroup, GroupEntry};
use super::leaf::Leaf;

/// Groups inside each other beyond this are told in one line.
const MAX_DEPTH: usize = 12;
/// Errors beyond so many lines are only counted.
const MAX_LINES: usize = 100;
/// No chain of sources is followed further; one might lead in a circle.
const MAX_SOURCES: usize = 16;
/// Of a longer path the middle is left out: ten thousand nested scopes have a long one.
const MAX_PATH: usize = 200;

/// `prefs are corrupt, in main/dashboard/prefs at 0.25 s; and 2 more errors`.
pub(crate) fn line(group: &ErrorGroup, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let mut leaves = group.leaves();
    let Some(first) = leaves.next() else { return empty(group, f) };
    write!(f, "{first}{}", Whence(first))?;
    match leaves.count() {
        0 => Ok(()),
        1 => f.write_str("; and 1 more error"),
        more => write!(f, "; and {more} more errors"),
    }
}

fn empty(group: &ErrorGroup, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    match group.scope() {
        Some(_) => write!(f, "scope {} was cancelled", Short(group.path())),
        None => f.write_str("no error"),
    }
}

/// `Error: no milk, in main/task at 1 s`, with a line for each error that it came from.
pub(crate) fn leaf(leaf: &Leaf, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    leaf_below(leaf, "", f)
}

fn leaf_below(leaf: &Leaf, margin: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let indented = |text: String| text.replace('\n', &format!("\n{margin}"));
    write!(f, "{}{}", indented(leaf.title()), Whence(leaf))?;
    for source in sources(leaf.error()) {
        write!(f, "\n{margin}because: {}", indented(source.to_string()))?;
    }
    Ok(())
}

/// What an error came from, and what that came from in turn.
pub(crate) fn sources<'error>(
    error: &'error (dyn StdError + 'static),
) -> impl Iterator<Item = &'error (dyn StdError + 'static)> {
    let mut next = error.source();
    std::iter::from_fn(move || {
        let error = next?;
        next = error.source();
        Some(error)
    })
    .take(MAX_SOURCES)
}

/// `, in main/dashboard/prefs at 0.25 s`; nothing for an error that came up outside a run.
struct Whence<'leaf>(&'leaf Leaf);

impl fmt::Display for Whence<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.0.path();
        match path.is_empty() {
            true => Ok(()),
            false => write!(f, ", in {} at {}", Short(&path), self.0.at().readable()),
        }
    }
}

/// A path that fits into a line.
struct Short<'path>(&'path str);

impl fmt::Display for Short<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.0;
        if path.len() <= MAX_PATH {
            return f.write_str(path);
        }
        let from = path.floor_char_boundary(MAX_PATH / 2);
        let to = path.ceil_char_boundary(path.len() - MAX_PATH / 2);
        write!(f, "{} … {}", &path[..from], &path[to..])
    }
}

/// A group on the way down.
struct Level<'tree> {
    rest: &'tree [GroupEntry],
    /// What stands at the left of its entries.
    margin: String,
}

/// The tree: a line for each scope and for each error, with the part it played.
pub(crate) fn tree(group: &ErrorGroup, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    headline(group, f)?;
    let mut levels = vec![Level { rest: group.entries(), margin: String::new() }];
    let (mut lines, mut shown) = (0, 0);
    while let Some(level) = levels.last_mut() {
        let Some((entry, rest)) = level.rest.split_first() else {
            levels.pop();
            continue;
        };
        level.rest = rest;
        if lines == MAX_LINES {
            let more = group.leaves().count().saturating_sub(shown);
            return write!(f, "\n{}└─ and {more} more", level.margin);
        }
        lines += 1;
        let (branch, below) = if rest.is_empty() { ("└─ ", "   ") } else { ("├─ ", "│  ") };
        write!(f, "\n{}{branch}{}: ", level.margin, role(entry.role))?;
        let margin = format!("{}{below}", level.margin);
        match &entry.error {
            Error::Leaf(leaf) => {
                shown += 1;
                leaf_below(leaf, &margin, f)?;
            }
            Error::Group(inner) if levels.len() < MAX_DEPTH => {
                headline(inner, f)?;
                levels.push(Level { rest: inner.entries(), margin });
            }
            Error::Group(inner) => {
                shown += inner.leaves().count();
                f.write_str("scopes further in failed: ")?;
                line(inner, f)?;
            }
        }
    }
    Ok(())
}

fn headline(group: &ErrorGroup, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    match (group.scope(), group.entries()) {
        (_, []) => empty(group, f),
        (Some(_), _) => write!(f, "scope {} failed", Short(group.path())),
        (None, _) => f.write_str("several errors"),
    }
}

fn role(role: Role) -> &'static str {
    match role {
        Role::Cause => "cause",
        Role::Body => "body",
        Role::DuringCancellation => "raised during cancellation",
    }
}
