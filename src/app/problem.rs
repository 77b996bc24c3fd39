//! A diagnostic as the page shows it: with line and column.

use crate::diag::{Diagnostic, Edit, Hint};
use crate::span::{LineIndex, Span};

/// A diagnostic with its place as a person counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Whether the text cannot run because of it.
    pub is_error: bool,
    /// `E012`.
    pub code: &'static str,
    /// The place, in bytes.
    pub span: Span,
    /// Its line, from 1.
    pub line: u32,
    /// Its column, from 1.
    pub column: u32,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub hints: Vec<Advice>,
}

/// What to do about a problem.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Advice {
    /// In words.
    pub text: String,
    /// The edit that does it, where one is known.
    pub fix: Option<Edit>,
}

impl Problem {
    /// `diagnostic` of `text`, whose lines are `lines`.
    pub fn new(diagnostic: &Diagnostic, text: &str, lines: &LineIndex) -> Problem {
        let place = lines.position(text, diagnostic.span.start);
        let advice = |hint: &Hint| Advice { text: hint.message.clone(), fix: hint.fix.clone() };
        Problem {
            is_error: diagnostic.is_error(),
            code: diagnostic.code,
            span: diagnostic.span,
            line: place.line,
            column: place.column,
            message: diagnostic.message.clone(),
            hints: diagnostic.hints.iter().map(advice).collect(),
        }
    }
}
