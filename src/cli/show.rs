//! Prints diagnostics with their lines of the text, as rustc does.

use std::io::{self, IsTerminal, Write};
use std::ops::Range;

use annotate_snippets::{AnnotationKind, Group, Level, Patch, Renderer, Snippet};

use crate::diag::{Diagnostic, Hint};
use crate::span::Span;

use super::files::Source;

/// A longer line is not shown as it would be: the printer shortens what is, but not what would be.
const LONG_LINE: usize = 240;

/// Prints them to standard error, with an empty line between two.
pub fn diagnostics(source: &Source, diagnostics: &[Diagnostic]) {
    let renderer = renderer();
    let mut out = io::stderr().lock();
    for diagnostic in diagnostics {
        // If it cannot be said, nobody listens.
        let _ = writeln!(out, "{}\n", render(&renderer, source, diagnostic));
    }
}

/// Colours only for a terminal, and only where nobody asked to leave them out (no-color.org).
fn renderer() -> Renderer {
    let set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    let dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
    if io::stderr().is_terminal() && !dumb && !set("NO_COLOR") {
        Renderer::styled()
    } else {
        Renderer::plain()
    }
}

fn render(renderer: &Renderer, source: &Source, diagnostic: &Diagnostic) -> String {
    let level = if diagnostic.is_error() { Level::ERROR } else { Level::WARNING };
    let snippet = Snippet::source(&source.text)
        .path(&source.name)
        .annotation(AnnotationKind::Primary.span(range(&source.text, diagnostic.span)))
        .annotations(diagnostic.labels.iter().map(|label| {
            AnnotationKind::Context.span(range(&source.text, label.span)).label(&label.message)
        }));
    let mut main = level.primary_title(&diagnostic.message).id(diagnostic.code).element(snippet);
    let mut fixes = Vec::new();
    for hint in &diagnostic.hints {
        match fix(source, hint) {
            Some(fix) => fixes.push(fix),
            None => main = main.element(Level::HELP.message(&hint.message)),
        }
    }
    fixes.insert(0, main);
    renderer.render(&fixes)
}

/// The line as it would be, where that is known and can be shown: on one line, and not a very long one.
fn fix<'a>(source: &'a Source, hint: &'a Hint) -> Option<Group<'a>> {
    let edit = hint.fix.as_ref()?;
    let text = &source.text;
    let range = range(text, edit.span);
    let start = text[..range.start].rfind('\n').map_or(0, |at| at + 1);
    let end = text[range.end..].find('\n').map_or(text.len(), |at| range.end + at);
    if end - start > LONG_LINE || edit.text.contains('\n') {
        return None;
    }
    let snippet = Snippet::source(text).patch(Patch::new(range, &edit.text));
    Some(Level::HELP.secondary_title(&hint.message).element(snippet))
}

/// As the printer wants it, which cuts the text there: inside the text, and between two characters.
fn range(text: &str, span: Span) -> Range<usize> {
    let boundary = |at: u32| {
        let at = (at as usize).min(text.len());
        (0..=at).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)
    };
    let start = boundary(span.start);
    start..boundary(span.end).max(start)
}
