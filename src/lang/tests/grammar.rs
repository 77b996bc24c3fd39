//! The grammar document says what the parser does.

use crate::lang::token::Keyword;
use crate::lang::{check, lower, parse};

const GRAMMAR: &str = include_str!("../GRAMMAR.md");

#[test]
fn its_examples_are_sound() {
    let examples: Vec<&str> =
        GRAMMAR.split("```scope\n").skip(1).filter_map(|rest| rest.split("```").next()).collect();
    assert!(examples.len() >= 5, "{}", examples.len());
    for text in examples {
        let (file, mut said) = parse(text);
        said.extend(check(&file).into_iter().filter(|it| it.is_error()));
        assert_eq!(said, [], "{text}");
        assert_ne!(lower(&file).body.steps.len() + lower(&file).stimuli.len(), 0, "{text}");
    }
}

#[test]
fn it_lists_every_keyword() {
    let list =
        GRAMMAR.split("Keywords: `").nth(1).and_then(|rest| rest.split('`').next()).unwrap_or_default();
    let mut listed: Vec<&str> = list.split_whitespace().collect();
    let mut known: Vec<&str> = Keyword::ALL.iter().map(|it| it.text()).collect();
    listed.sort_unstable();
    known.sort_unstable();
    assert_eq!(listed, known);
}
