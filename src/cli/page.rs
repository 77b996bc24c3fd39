//! Prints what a code means, as text for a terminal.

use std::fmt::Write as _;

use crate::pipeline::explain::{Block, PAGES, explain, read};

use super::files::complain;

/// The longest line of a paragraph.
const WIDTH: usize = 80;

/// The page about `code`, or a list of all; None, and a complaint, if there is no such code.
pub fn print(code: Option<&str>) -> Option<String> {
    let Some(code) = code else {
        return Some(PAGES.iter().map(|(code, text)| format!("{code:<5} {}\n", read(text).title)).collect());
    };
    let Some(text) = explain(code) else {
        complain(&format!("there is no code `{code}`; `taskscope explain` lists them"));
        return None;
    };
    let page = read(text);
    let mut out = format!("{}: {}\n", page.code, page.title);
    for block in page.blocks {
        out.push('\n');
        match block {
            Block::Text(text) => wrap(&text, &mut out),
            Block::Heading(text) => {
                let _ = writeln!(out, "{text}:");
            }
            Block::Example { text, times } => {
                text.lines().for_each(|line| {
                    let _ = writeln!(out, "    {line}");
                });
                if times > 1 {
                    let _ = writeln!(out, "    # … {times} times");
                }
            }
            Block::Gallery(id) => {
                let _ = writeln!(out, "The scenario `{id}` of the gallery shows it.");
            }
        }
    }
    Some(out)
}

fn wrap(text: &str, out: &mut String) {
    let mut column = 0;
    for word in text.split(' ') {
        let width = word.chars().count();
        if column > 0 && column + 1 + width > WIDTH {
            out.push('\n');
            column = 0;
        }
        if column > 0 {
            out.push(' ');
            column += 1;
        }
        out.push_str(word);
        column += width;
    }
    out.push('\n');
}
