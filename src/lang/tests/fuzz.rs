//! Any bytes in, diagnostics out: a seeded mutator over a corpus, for parser, checker, formatter and what an editor asks.
//!
//! `TASKSCOPE_FUZZ_MUTANTS=1000000 cargo test --lib lang::tests::fuzz` makes so many more of them. What it finds is put
//! right, and stands in [`FOUND`] from then on.

use super::super::explain::{Block, PAGES, read};
use super::{FIRST, dump};
use crate::lang::{
    MAX_DIAGNOSTICS, check, complete, format, highlight, hover, lower, parse, suspension_points,
};

/// Mutants of one ordinary test run. The time they take is the suite's.
const MUTANTS: usize = 1_500;

/// What was found once, or is likely to be.
const FOUND: &[&str] = &[
    "",
    "\u{feff}",
    "log \"{",
    "log \"{\"{\"",
    "if x:\n  if y:\n",
    "x: int\n: :",
    "async async async async x",
    "await await await",
    "let x = (1\n\n[",
    "resource r {\nopen { } : close",
    "'a' 'b",
    "a ? b\n? ?",
    "\u{201c}\u{201d}\u{2018}é`",
    "task my-task-1-x { }",
    "catch { } except : elif :",
    "fail \"x\" raise Kind",
    "1 s 2 ms 3 h",
    "f\"{f\"{f\"{x}\"}\"}\"",
    "// a b\n/* c",
    "let x = [ # a\n1 # b\n, # c\n# d\n2\n]\n- # e\n1",
    "scope s { # a\n} # b\n# c\ncatch A { } # d",
];

/// Texts to begin with.
fn corpus() -> Vec<String> {
    let mut texts: Vec<String> = FOUND.iter().map(|it| (*it).to_owned()).collect();
    texts.push(FIRST.to_owned());
    for (_, page) in PAGES {
        let examples = read(page).blocks.into_iter().filter_map(|block| match block {
            Block::Example { text, .. } => Some(text),
            _ => None,
        });
        texts.extend(examples);
    }
    let grammar = include_str!("../GRAMMAR.md").split("```scope\n").skip(1);
    texts.extend(grammar.filter_map(|rest| rest.split("```").next()).map(str::to_owned));
    texts
}

/// A generator of our own: the texts must be the same everywhere.
struct Draw(u64);

impl Draw {
    fn below(&mut self, most: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % most.max(1)
    }

    /// A mutant of one or two texts: pieces taken out, put in twice, swapped, and bytes changed.
    fn mutant(&mut self, corpus: &[String]) -> String {
        const PIECES: [&str; 24] = [
            "{",
            "}",
            "(",
            ")",
            "[",
            "]",
            "\"",
            "\\",
            "#",
            "\n",
            ":",
            ";",
            "=",
            "+=",
            "//",
            "..",
            "1s",
            "'",
            "?",
            "\r\n",
            "\u{0}",
            "é",
            "catch * as e ",
            "finally ",
        ];
        let mut bytes = corpus[self.below(corpus.len())].clone().into_bytes();
        for _ in 0..=self.below(6) {
            let (at, length) = (self.below(bytes.len() + 1), self.below(24));
            let end = (at + length).min(bytes.len());
            match self.below(6) {
                0 => drop(bytes.drain(at..end)),
                1 => {
                    let piece = bytes[at..end].to_vec();
                    let to = self.below(bytes.len() + 1);
                    bytes.splice(to..to, piece);
                }
                2 => {
                    let other = corpus[self.below(corpus.len())].as_bytes();
                    let from = self.below(other.len() + 1);
                    let piece = &other[from..(from + 4 * length).min(other.len())];
                    bytes.splice(at..end, piece.iter().copied());
                }
                3 if !bytes.is_empty() => {
                    let at = at.min(bytes.len() - 1);
                    bytes[at] = self.below(256) as u8;
                }
                4 => bytes.truncate(end),
                _ => drop(bytes.splice(at..at, PIECES[self.below(PIECES.len())].bytes())),
            }
        }
        String::from_utf8_lossy(&bytes).into_owned()
    }
}

/// Everything that is done with a text, held to what is promised.
fn hold(text: &str, draw: &mut Draw) {
    let (file, said) = parse(text);
    let errors = !said.is_empty();
    let mut all = said;
    all.extend(check(&file));
    assert!(all.len() <= 2 * MAX_DIAGNOSTICS, "{text:?}");
    for it in &all {
        let spans = [it.span].into_iter().chain(it.labels.iter().map(|label| label.span));
        let edits = it.hints.iter().filter_map(|hint| hint.fix.as_ref()).map(|edit| edit.span);
        for span in spans.chain(edits) {
            assert!(text.get(span.range()).is_some(), "{text:?}: {it:?}");
        }
        assert!(!it.message.is_empty(), "{text:?}: {it:?}");
    }
    lower(&file);
    highlight(text);
    suspension_points(&file);
    let places: Vec<usize> = text.char_indices().map(|it| it.0).collect();
    if !places.is_empty() {
        complete(text, places[draw.below(places.len())]);
        hover(text, places[draw.below(places.len())]);
    }
    match format(text) {
        Err(_) => assert!(errors, "only what cannot be read is refused: {text:?}"),
        Ok(once) => {
            let (after, said) = parse(&once);
            assert_eq!(said, [], "{text:?}\n{once}");
            assert_eq!(dump::file(&file), dump::file(&after), "{text:?}\n{once}");
            assert_eq!(file.comments.len(), after.comments.len(), "{text:?}\n{once}");
            assert_eq!(format(&once).as_ref(), Ok(&once), "{text:?}");
        }
    }
}

#[test]
fn mutants_are_answered_and_laid_out() {
    let corpus = corpus();
    let mut draw = Draw(0x9e37_79b9_7f4a_7c15);
    corpus.iter().for_each(|text| hold(text, &mut draw));
    let more = std::env::var("TASKSCOPE_FUZZ_MUTANTS").ok().and_then(|it| it.parse().ok()).unwrap_or(0);
    for _ in 0..MUTANTS + more {
        let text = draw.mutant(&corpus);
        hold(&text, &mut draw);
    }
}
