//! Lines that belong together, with what is alike in them one under the other.
//!
//! The rule is that of elastic tab stops (Nick Gravgaard, 2006), as gofmt has it: a column is as wide as it must be
//! among the lines next to each other that have it.

use crate::lang::format::WIDTH;

/// A statement on one line.
pub struct Line {
    pub text: String,
    /// Where columns begin, in bytes.
    pub columns: Vec<usize>,
    /// The word it begins with, if such lines are put under each other.
    pub key: Option<&'static str>,
    /// Behind it.
    pub comment: Option<String>,
}

/// Puts the columns of `lines`, which follow each other, under each other, and then their comments.
pub fn align(lines: &mut [Line], indent: usize) {
    for alike in lines.chunk_by_mut(|a, b| a.key == b.key) {
        if alike.first().is_some_and(|line| line.key.is_some()) {
            under_each_other(alike, indent);
        }
    }
    for commented in lines.chunk_by_mut(|a, b| a.comment.is_some() == b.comment.is_some()) {
        let widest = commented.iter().map(|line| width(&line.text)).max().unwrap_or(0);
        for line in commented {
            if let Some(comment) = &line.comment {
                let gap = " ".repeat(widest - width(&line.text) + 2);
                line.text.push_str(&gap);
                line.text.push_str(comment);
            }
        }
    }
}

fn under_each_other(lines: &mut [Line], indent: usize) {
    let before: Vec<String> = lines.iter().map(|line| line.text.clone()).collect();
    let most = lines.iter().map(|line| line.columns.len()).max().unwrap_or(0);
    for at in 0..most {
        for stretch in lines.chunk_by_mut(|a, b| (a.columns.len() > at) == (b.columns.len() > at)) {
            let start = |line: &Line| {
                line.columns.get(at).map_or(0, |end| width(line.text.get(..*end).unwrap_or_default()))
            };
            let widest = stretch.iter().map(start).max().unwrap_or(0);
            for line in stretch {
                let missing = widest - start(line);
                if let Some(column) = line.columns.get(at) {
                    line.text.insert_str(*column, &" ".repeat(missing));
                }
                line.columns.iter_mut().skip(at).for_each(|column| *column += missing);
            }
        }
    }
    if lines.iter().any(|line| indent + width(&line.text) > WIDTH) {
        lines.iter_mut().zip(before).for_each(|(line, text)| line.text = text);
    }
}

fn width(text: &str) -> usize {
    text.chars().count()
}
