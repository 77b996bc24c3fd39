//! The words of a text that have a colour, with the classes of the style sheet.

use crate::pipeline::{Class, highlight};
use crate::span::Span;

/// A word with its class.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Word {
    /// Where it stands, in bytes.
    pub span: Span,
    /// Its class in the style sheet.
    pub class: &'static str,
}

/// The words of `text` that look different from plain text, in order.
pub fn words(text: &str) -> Vec<Word> {
    highlight(text)
        .into_iter()
        .filter_map(|(span, class)| Some(Word { span, class: style(class)? }))
        .collect()
}

fn style(class: Class) -> Option<&'static str> {
    Some(match class {
        Class::Keyword | Class::Constant => "tok-keyword",
        Class::Function => "tok-function",
        Class::Definition => "tok-definition",
        Class::Kind => "tok-kind",
        Class::Number | Class::Duration => "tok-number",
        Class::Text => "tok-string",
        Class::Hole => "tok-hole",
        Class::Comment => "tok-comment",
        Class::Name | Class::Sign => return None,
    })
}
