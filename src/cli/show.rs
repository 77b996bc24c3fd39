//! Prints diagnostics with their lines of the text, as rustc does.

use std::io::{self, IsTerminal, Write};
use std::ops::Range;

use annotate_snippets::{AnnotationKind, Group, Level, Patch, Renderer, Snippet};

use crate::diag::{Diagnostic, Hint};
use crate::span::Span;

use super::files::Source;

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
    let (fixes, advice): (Vec<&Hint>, Vec<&Hint>) =
        diagnostic.hints.iter().partition(|hint| hint.fix.is_some());
    let mut main = level.primary_title(&diagnostic.message).id(diagnostic.code).element(snippet);
    for hint in advice {
        main = main.element(Level::HELP.message(&hint.message));
    }
    let fixes = fixes.into_iter().filter_map(|hint| fix(source, hint));
    let report: Vec<Group<'_>> = std::iter::once(main).chain(fixes).collect();
    renderer.render(&report)
}

/// The line as it would be.
fn fix<'a>(source: &'a Source, hint: &'a Hint) -> Option<Group<'a>> {
    let edit = hint.fix.as_ref()?;
    let patch = Patch::new(range(&source.text, edit.span), &edit.text);
    let snippet = Snippet::source(&source.text).patch(patch);
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
