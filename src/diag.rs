//! What is said about a text: severity, code, place, message and hints.

use crate::span::Span;

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// The text cannot run.
    Error,
    /// It runs, and the checker can prove that it does harm.
    Warning,
}

/// One thing to say about a place in a text. Inert: printing it is somebody else's work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// How bad it is.
    pub severity: Severity,
    /// `E012` or `W03`: stable, so that it can be looked up.
    pub code: &'static str,
    /// The place that is wrong.
    pub span: Span,
    /// Lower case, no final stop, names in backticks.
    pub message: String,
    /// Other places that explain it.
    pub labels: Vec<Label>,
    /// What to do about it.
    pub hints: Vec<Hint>,
}

/// A second place, and what it has to do with the first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// Where.
    pub span: Span,
    /// What is there.
    pub message: String,
}

/// What to do, and the edit that does it where one is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hint {
    /// In words.
    pub message: String,
    /// As an edit of the text.
    pub fix: Option<Edit>,
}

/// Replace the bytes at `span` by `text`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// What to replace; empty to insert.
    pub span: Span,
    /// What to put there; empty to delete.
    pub text: String,
}

impl Hint {
    /// Advice in words.
    pub fn new(message: impl Into<String>) -> Hint {
        Hint { message: message.into(), fix: None }
    }

    /// Advice that an editor can carry out: `text` in place of what stands at `span`.
    pub fn edit(message: impl Into<String>, span: Span, text: impl Into<String>) -> Hint {
        Hint { message: message.into(), fix: Some(Edit { span, text: text.into() }) }
    }
}

impl Diagnostic {
    /// An error at `span`.
    pub fn error(code: &'static str, span: Span, message: impl Into<String>) -> Diagnostic {
        let (labels, hints) = (Vec::new(), Vec::new());
        Diagnostic { severity: Severity::Error, code, span, message: message.into(), labels, hints }
    }

    /// A warning at `span`.
    pub fn warning(code: &'static str, span: Span, message: impl Into<String>) -> Diagnostic {
        Diagnostic { severity: Severity::Warning, ..Diagnostic::error(code, span, message) }
    }

    /// The same with a second place.
    pub fn with_label(mut self, span: Span, message: impl Into<String>) -> Diagnostic {
        self.labels.push(Label { span, message: message.into() });
        self
    }

    /// The same with this advice.
    pub fn with(mut self, hint: Hint) -> Diagnostic {
        self.hints.push(hint);
        self
    }

    /// The same with advice in words.
    pub fn with_hint(mut self, message: impl Into<String>) -> Diagnostic {
        self.hints.push(Hint::new(message));
        self
    }

    /// The same with advice that an editor can carry out.
    pub fn with_fix(mut self, message: impl Into<String>, span: Span, text: impl Into<String>) -> Diagnostic {
        self.hints.push(Hint::edit(message, span, text));
        self
    }

    /// Whether the text cannot run because of it.
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}
