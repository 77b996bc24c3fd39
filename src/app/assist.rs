//! What helps while typing, in the counts of a browser's editor: completion, and what is said of a word.

use crate::pipeline::{self, CompletionKind};

use super::units::Units;

/// What may stand where a word is being typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposals {
    /// Where the word begins that is to be replaced, in units.
    pub from: u32,
    /// What may stand there: what is likelier first.
    pub options: Vec<Proposal>,
}

/// A word that may stand there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposal {
    /// The word.
    pub label: String,
    /// What it is, in the editor's own words.
    pub kind: &'static str,
    /// How it is written, or what it is declared as.
    pub detail: String,
    /// What it does.
    pub info: String,
}

/// What is said of a word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Saying {
    /// Where the word begins, in units.
    pub from: u32,
    /// Where it ends.
    pub to: u32,
    /// How it is written, or declared.
    pub code: String,
    /// What it does or stands for.
    pub text: String,
    /// What a task may wait for there.
    pub waits: Option<String>,
}

/// What may stand at `unit` of `text`.
pub fn propose(text: &str, unit: u32) -> Option<Proposals> {
    let units = Units::new(text);
    let found = pipeline::complete(text, units.to_bytes(unit) as usize)?;
    let options = found.options.into_iter().map(|it| Proposal {
        label: it.label,
        kind: kind(it.kind),
        detail: it.detail,
        info: it.info,
    });
    Some(Proposals { from: units.to_units(found.from), options: options.collect() })
}

/// What there is to say about the word at `unit` of `text`.
pub fn say(text: &str, unit: u32) -> Option<Saying> {
    let units = Units::new(text);
    let said = pipeline::hover(text, units.to_bytes(unit) as usize)?;
    let (from, to) = (units.to_units(said.span.start), units.to_units(said.span.end));
    Some(Saying { from, to, code: said.code, text: said.text, waits: said.waits })
}

fn kind(kind: CompletionKind) -> &'static str {
    match kind {
        CompletionKind::Variable => "variable",
        CompletionKind::Declared => "namespace",
        CompletionKind::Function => "function",
        CompletionKind::Field => "property",
        CompletionKind::Kind => "class",
        CompletionKind::Constant => "constant",
        CompletionKind::Word | CompletionKind::Keyword => "keyword",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_as_the_editor_does() {
        let text = "log \"\u{1f980} é\"\nslee";
        let units = text.encode_utf16().count() as u32;
        let found = propose(text, units).expect("a statement");
        assert_eq!(found.from, units - 4);
        assert!(found.options.iter().any(|it| it.label == "sleep" && it.kind == "keyword"));
        let said = say("log \"é\"  sleep 1s", 10).expect("a keyword");
        assert_eq!((said.from, said.to, said.waits.as_deref()), (9, 14, Some("the time")));
        assert_eq!(propose(text, 900), None, "an answer may be older than the last keystroke");
    }
}
