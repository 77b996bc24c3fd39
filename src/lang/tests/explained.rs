//! Every code has a page, and what the pages show is true.

use std::collections::BTreeSet;

use super::super::explain::{Block, PAGES, Page, explain, read};
use crate::lang::{check, format, parse};

/// The codes that a text is given, each once.
fn codes(text: &str) -> BTreeSet<&'static str> {
    let (file, mut said) = parse(text);
    said.extend(check(&file));
    said.iter().map(|it| it.code).collect()
}

fn examples(page: &Page) -> Vec<String> {
    let example = |block: &Block| match block {
        Block::Example { text, times } => Some(text.repeat(*times)),
        _ => None,
    };
    page.blocks.iter().filter_map(example).collect()
}

#[test]
fn every_code_has_a_page() {
    let message = include_str!("../message.rs");
    let quoted: BTreeSet<&str> = message.split('"').collect();
    let is_code = |word: &&str| {
        let digits = word
            .strip_prefix('E')
            .filter(|it| it.len() == 3)
            .or(word.strip_prefix('W').filter(|it| it.len() == 2));
        digits.is_some_and(|it| it.bytes().all(|byte| byte.is_ascii_digit()))
    };
    let used: Vec<&str> = quoted.into_iter().filter(is_code).collect();
    let explained: Vec<&str> = PAGES.iter().map(|page| page.0).collect();
    assert!(used.len() > 50, "{used:?}");
    assert_eq!(used, explained, "in order, and no page too many");
}

#[test]
fn every_page_has_its_parts() {
    for (code, text) in PAGES {
        let page = read(text);
        assert_eq!(page.code, *code);
        assert!(
            page.title.starts_with(|c: char| !c.is_ascii_uppercase()) && !page.title.ends_with('.'),
            "{code}"
        );
        let headings: Vec<&Block> = page.blocks.iter().filter(|it| matches!(it, Block::Heading(_))).collect();
        assert_eq!(headings.len(), 2, "{code}");
        assert!(text.lines().all(|line| line.chars().count() <= 140), "{code}");
    }
    assert_eq!(explain("e020"), explain("E020"));
    assert_eq!(explain("E999"), None);
}

#[test]
fn the_first_example_provokes_the_code_and_nothing_else() {
    let mut wrong = String::new();
    for (code, text) in PAGES {
        let examples = examples(&read(text));
        let [bad, good] = examples.as_slice() else {
            panic!("{code}: two examples, not {}", examples.len());
        };
        if codes(bad) != BTreeSet::from([*code]) {
            wrong += &format!("{code} gets {:?}\n{bad}", codes(bad));
        }
        if codes(good) != BTreeSet::new() {
            wrong += &format!("{code}, put right, gets {:?}\n{good}", codes(good));
        }
        // An error's own example cannot be laid out.
        for text in [good].into_iter().chain(Some(bad).filter(|_| code.starts_with('W'))) {
            if format(text).as_ref() != Ok(text) {
                wrong += &format!("{code}: laid out otherwise\n{text}");
            }
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}
