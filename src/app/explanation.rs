//! What a code means, as the page shows it: fetched when it is asked for, because few are.

use crate::pipeline::explain::{self, Block};

use super::gallery::{self, Entry};
use super::words::{Word, words};

/// The page about a code, as far as it is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Explanation {
    /// It is being fetched.
    Coming,
    /// It could not be fetched.
    Missing,
    /// It is there.
    There {
        /// What it is called.
        title: String,
        /// In order.
        pieces: Vec<Piece>,
    },
}

/// A piece of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// A paragraph.
    Text(Vec<Prose>),
    /// A heading.
    Heading(String),
    /// A scenario, with the words that have a colour.
    Example(String, Vec<Word>),
    /// A scenario of the gallery that shows it.
    Gallery(Entry),
}

/// A piece of a paragraph.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Prose {
    /// Words.
    Plain(String),
    /// What is written so in a scenario.
    Code(String),
}

impl Explanation {
    /// The page that was fetched, if it is one.
    pub(super) fn of(text: Option<&str>) -> Explanation {
        let page = text.map(explain::read).filter(|page| !page.code.is_empty() && !page.blocks.is_empty());
        match page {
            None => Explanation::Missing,
            Some(page) => Explanation::There {
                title: page.title,
                pieces: page.blocks.into_iter().filter_map(piece).collect(),
            },
        }
    }
}

fn piece(block: Block) -> Option<Piece> {
    Some(match block {
        Block::Text(text) => Piece::Text(prose(&text)),
        Block::Heading(text) => Piece::Heading(text),
        Block::Example { text, .. } => {
            let words = words(&text);
            Piece::Example(text, words)
        }
        Block::Gallery(id) => Piece::Gallery(gallery::find(&id)?),
    })
}

/// What stands between backticks is code.
fn prose(text: &str) -> Vec<Prose> {
    let parts = text.split('`').enumerate().filter(|(_, part)| !part.is_empty());
    let piece = |(at, part): (usize, &str)| match at % 2 {
        0 => Prose::Plain(part.to_owned()),
        _ => Prose::Code(part.to_owned()),
    };
    parts.map(piece).collect()
}
