//! How names, numbers and texts of Python are spelled in a scenario.

use std::collections::BTreeSet;

use super::python::{Expr, ExprKind};

/// The words of the scenario language that cannot be names.
pub const KEYWORDS: &str = "scenario seed workers limiter lock event barrier queue resource pool fn let if else while \
    repeat for break continue return sleep work offload fetch query log mark expect fail raise try catch finally task \
    detach await cancel scope race gather timeout extend shield retry with put take done join close set clear wait at \
    shutdown and or not true false none";

/// Python's kinds of error that the scenario language calls otherwise.
const KINDS: &[(&str, &str)] = &[
    ("TimeoutError", "Timeout"),
    ("CancelledError", "TaskCancelled"),
    ("ZeroDivisionError", "ZeroDivision"),
    ("ClientResponseError", "HttpError"),
    ("HTTPStatusError", "HttpError"),
    ("HTTPError", "HttpError"),
    ("ClientError", "HttpError"),
];

/// The scenario's word for a kind of error.
pub fn kind(python: &str) -> String {
    let known = KINDS.iter().find(|(theirs, _)| *theirs == python);
    known.map_or_else(|| python.trim_start_matches('_').to_owned(), |(_, ours)| (*ours).to_owned())
}

/// A Python name as a scenario may spell it: lower case, no keyword.
pub fn word(python: &str) -> String {
    let mut word = String::new();
    let (mut before_is_small, mut letters) = (false, python.chars().peekable());
    while let Some(letter) = letters.next() {
        // `OrderApi` becomes `order_api`, `APIClient` becomes `api_client`, `URLS` becomes `urls`.
        let begins = before_is_small || letters.peek().is_some_and(|next| next.is_lowercase());
        if letter.is_uppercase() && begins && !word.is_empty() && !word.ends_with('_') {
            word.push('_');
        }
        before_is_small = letter.is_lowercase() || letter.is_ascii_digit();
        word.extend(
            if letter.is_ascii_alphanumeric() { letter.to_ascii_lowercase() } else { '_' }.to_lowercase(),
        );
    }
    if word.starts_with(|first: char| first.is_ascii_digit()) || word.is_empty() {
        word.insert(0, '_');
    }
    if is_keyword(&word) { format!("{word}_") } else { word }
}

/// `python` as a word that is not in `taken` yet.
pub fn fresh(python: &str, taken: &BTreeSet<String>) -> String {
    let mut word = word(python);
    while taken.contains(&word) {
        word.push('_');
    }
    word
}

/// A label of a task: as it is, or in quotes where it would be a keyword.
pub fn label(python: &str) -> String {
    let plain = python.trim_start_matches('_');
    let word: String = plain.chars().map(|it| if it.is_ascii_alphanumeric() { it } else { '_' }).collect();
    let word = word.to_lowercase();
    if word.is_empty() || is_keyword(&word) || word.starts_with(|it: char| it.is_ascii_digit()) {
        format!("\"{word}\"")
    } else {
        word
    }
}

fn is_keyword(word: &str) -> bool {
    KEYWORDS.split_whitespace().any(|keyword| keyword == word)
}

/// A length of time that Python says in seconds. None: it is no number that stands in the text.
pub fn seconds(expr: &Expr) -> Option<String> {
    let seconds = match &expr.kind {
        ExprKind::Int(whole) => *whole as f64,
        ExprKind::Float(number) => *number,
        _ => return None,
    };
    // 2^53 microseconds: beyond it they are not whole any more.
    let us = (seconds * 1e6).round();
    (0.0..9e15).contains(&us).then(|| length(us as i64))
}

/// Microseconds in the largest unit that needs no fraction longer than three digits.
pub fn length(us: i64) -> String {
    let units = [(1_000_000, "s"), (1_000, "ms"), (1, "us")];
    let (size, unit) = units.into_iter().find(|(size, _)| us >= *size).unwrap_or((1_000_000, "s"));
    let (whole, rest) = (us / size, us % size);
    if rest == 0 {
        return format!("{whole}{unit}");
    }
    let digits = format!("{:0width$}", rest, width = if size == 1_000_000 { 6 } else { 3 });
    format!("{whole}.{}{unit}", digits.trim_end_matches('0'))
}

/// Characters as they stand inside a scenario's quotes.
pub fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    for letter in text.chars() {
        match letter {
            '"' => escaped.push_str("\\\""),
            '\\' => escaped.push_str("\\\\"),
            '\n' => escaped.push_str("\\n"),
            '\t' => escaped.push_str("\\t"),
            '{' => escaped.push_str("{{"),
            '}' => escaped.push_str("}}"),
            letter if letter.is_control() => escaped.push(' '),
            letter => escaped.push(letter),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_words() {
        for (python, ours) in [
            ("queue", "queue_"),
            ("OrderApi", "order_api"),
            ("URLS", "urls"),
            ("APIClient", "api_client"),
            ("_lock", "_lock"),
            ("x2", "x2"),
        ] {
            assert_eq!(word(python), ours);
        }
        assert_eq!(fresh("db", &BTreeSet::from(["db".to_owned()])), "db_");
    }

    #[test]
    fn lengths_keep_their_microseconds() {
        for (us, said) in
            [(0, "0s"), (250_000, "250ms"), (1_500_000, "1.5s"), (40, "40us"), (1_234, "1.234ms")]
        {
            assert_eq!(length(us), said);
        }
    }
}
