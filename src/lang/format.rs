//! Lays out a scenario's text: the same words in the same order, with the spaces and line ends of the house.
//!
//! Works on tokens, so that nothing can be lost: a text is cut into pieces ([`piece`]) with the comments between
//! them, and the pieces are printed ([`print`]) each on a line if it may and fits, else opened. The tree says only
//! what tokens cannot: where statements begin, and which sign is an operator ([`marks`]). The rules are in
//! `GRAMMAR.md`, under Layout.

use crate::diag::Diagnostic;
use crate::lang::message::Message;
use crate::lang::parser::{MAX_TEXT, parse};
use crate::span::Span;

mod columns;
mod flat;
mod marks;
mod piece;
mod print;

/// How long a line may be, in characters; what cannot be broken may be longer.
pub const WIDTH: usize = 100;

/// `text` laid out. A text that cannot be read whole is left alone: then what is wrong with it comes back.
///
/// Formatting what was formatted changes nothing, and the tree stays the same.
///
/// # Errors
///
/// What the parser says about the text, or that it would become too long to be read.
///
/// # Examples
///
/// ```
/// use taskscope::lang::format;
///
/// let text = "scope s{task a{sleep 1s}   # waits\n}";
/// assert_eq!(format(text).unwrap(), "scope s {\n  task a { sleep 1s }  # waits\n}\n");
/// assert_eq!(format("scope s {").unwrap_err()[0].code, "E012");
/// ```
pub fn format(text: &str) -> Result<String, Vec<Diagnostic>> {
    let (file, diagnostics) = parse(text);
    if !diagnostics.is_empty() {
        return Err(diagnostics);
    }
    let list = piece::cut(text, &marks::of(&file));
    let mut out = print::print(&list);
    if text.lines().next().is_some_and(|line| text.get(line.len()..).is_some_and(|it| it.starts_with("\r\n")))
    {
        out = out.replace('\n', "\r\n");
    }
    if out.len() > MAX_TEXT {
        return Err(vec![Message::TooLong { length: out.len() }.at(Span::new(0, 0))]);
    }
    Ok(out)
}
