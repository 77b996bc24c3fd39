//! Literals of Python.

use std::fmt::Write as _;

/// `text` in quotes, in single ones where that saves escaping the others.
pub fn quoted(text: &str) -> String {
    let quote = if text.contains('"') && !text.contains('\'') { '\'' } else { '"' };
    format!("{quote}{}{quote}", escaped(text, quote))
}

/// `text` as it stands between these quotes.
pub fn escaped(text: &str, quote: char) -> String {
    let mut out = String::new();
    for letter in text.chars() {
        match letter {
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            letter if letter == quote => {
                out.push('\\');
                out.push(letter);
            }
            letter if letter.is_control() || matches!(letter, '\u{2028}' | '\u{2029}') => {
                let _ = write!(out, "\\u{:04x}", letter as u32);
            }
            letter => out.push(letter),
        }
    }
    out
}

/// A length of time in seconds: `0.25`, `3`.
pub fn seconds(us: i64) -> String {
    let (whole, rest) = (us.unsigned_abs() / 1_000_000, us.unsigned_abs() % 1_000_000);
    let sign = if us < 0 { "-" } else { "" };
    let fraction = format!("{rest:06}");
    match fraction.trim_end_matches('0') {
        "" => format!("{sign}{whole}"),
        fraction => format!("{sign}{whole}.{fraction}"),
    }
}

/// A length of time as the language prints it: `250ms`, `1.5s`.
pub fn length(us: i64) -> String {
    match us {
        1..1_000 => format!("{us}us"),
        1_000..1_000_000 => format!("{}ms", seconds(us * 1_000)),
        _ => format!("{}s", seconds(us)),
    }
}

/// A fraction.
pub fn float(value: f64) -> String {
    format!("{value:?}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_exact() {
        let cases = [(0, "0"), (250_000, "0.25"), (3_000_000, "3"), (40, "0.00004"), (-1_500_000, "-1.5")];
        for (us, want) in cases {
            assert_eq!(seconds(us), want);
        }
    }

    #[test]
    fn lengths_print_as_the_language_prints_them() {
        let cases = [(0, "0s"), (40, "40us"), (1_500, "1.5ms"), (250_000, "250ms"), (90_000_000, "90s")];
        for (us, want) in cases {
            assert_eq!(length(us), want);
        }
    }

    #[test]
    fn quotes_and_what_is_not_seen_are_escaped() {
        assert_eq!(quoted("a'\"b\\c\n\u{1}"), r#""a'\"b\\c\n\u0001""#);
        assert_eq!(quoted("say \"so\""), r#"'say "so"'"#);
    }
}
