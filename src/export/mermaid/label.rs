//! Any text as a label that Mermaid reads as that text.

use std::fmt::Write as _;

/// Letters of a label, at most; longer ones are cut.
const MOST_LETTERS: usize = 80;

/// `text` on one line, with entity codes for what means something to Mermaid.
///
/// The first letter of a word that Mermaid could take for a statement has a code too: a task may be called `title`.
pub fn label(text: &str) -> String {
    let mut out = String::new();
    let letters = text.chars().count();
    let kept = if letters > MOST_LETTERS { MOST_LETTERS - 1 } else { letters };
    let is_statement = begins_statement(text);
    for (at, letter) in text.chars().take(kept).enumerate() {
        match letter {
            _ if letter.is_control() || matches!(letter, '\u{2028}' | '\u{2029}') => out.push(' '),
            ' ' | '-' | '_' | '.' | ',' | '/' | '(' | ')' => out.push(letter),
            _ if letter.is_ascii_punctuation() || (at == 0 && is_statement) => {
                let _ = write!(out, "#{};", letter as u32);
            }
            _ => out.push(letter),
        }
    }
    if kept < letters {
        out.push('…');
    }
    // A label of nothing would be no label.
    if out.trim().is_empty() { "(none)".to_owned() } else { out }
}

/// Whether the first word is one with which a statement of a Gantt chart can begin, or a date.
fn begins_statement(text: &str) -> bool {
    const WORDS: &[&str] = &[
        "acc",
        "axisformat",
        "call",
        "click",
        "dateformat",
        "excludes",
        "gantt",
        "href",
        "includes",
        "inclusiveenddates",
        "section",
        "tickinterval",
        "title",
        "todaymarker",
        "topaxis",
        "weekday",
        "weekend",
    ];
    let text = text.trim_start().to_ascii_lowercase();
    text.starts_with(|first: char| first.is_ascii_digit()) || WORDS.iter().any(|word| text.starts_with(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_words_stay_as_they_are() {
        assert_eq!(label("get-1, wait (2)"), "get-1, wait (2)");
        assert_eq!(label("größer → 3"), "größer → 3");
    }

    #[test]
    fn what_means_something_to_mermaid_is_written_as_a_code() {
        assert_eq!(label("a:b;c#d"), "a#58;b#59;c#35;d");
        assert_eq!(label("%% <b>\n\"x\""), "#37;#37; #60;b#62; #34;x#34;");
        assert_eq!(label("title"), "#116;itle");
        assert_eq!(label("Section 2"), "#83;ection 2");
        assert_eq!(label("2024-01-01"), "#50;024-01-01");
        assert_eq!(label(" \n"), "(none)");
    }

    #[test]
    fn long_texts_are_cut() {
        assert_eq!(label(&"x".repeat(80)).chars().count(), 80);
        assert_eq!(label(&"x".repeat(81)), format!("{}…", "x".repeat(79)));
    }
}
