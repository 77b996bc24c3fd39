//! What somebody probably meant by a word that does not exist.

use crate::lang::token::Keyword;

/// Of `candidates` the one nearest to `word`, if it is near enough to be a slip; of two as near, the first.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    // A slip in every third letter, and one in the shortest words.
    let most = (word.chars().count() / 3).clamp(1, 3);
    let mut best: Option<(usize, &str)> = None;
    for candidate in candidates.into_iter().take(MOST_CANDIDATES) {
        // As many letters have to be put in or left out at least.
        if candidate.len().abs_diff(word.len()) > 4 * most {
            continue;
        }
        let slips = distance(word, candidate);
        // A word of one letter would be near every other.
        let near = slips <= most && slips < candidate.chars().count();
        if near && best.is_none_or(|(least, _)| slips < least) {
            best = Some((slips, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

/// The reserved word nearest to `word`.
pub fn nearest_keyword(word: &str) -> Option<&'static str> {
    nearest(word, Keyword::ALL.iter().filter(|it| it.starts_statement()).map(|it| it.text()))
}

/// How many words one is compared with; the nearest of thousands is chance.
const MOST_CANDIDATES: usize = 1_000;

/// The longest word that is compared; longer ones are no slips.
const LONGEST: usize = 40;

/// How many letters to put in, leave out, change, or swap with their neighbour.
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    if a.len() > LONGEST || b.len() > LONGEST {
        return usize::MAX;
    }
    let width = b.len() + 1;
    let mut table: Vec<usize> = vec![0; (a.len() + 1) * width];
    for i in 0..=a.len() {
        for j in 0..=b.len() {
            let cost = |i: usize, j: usize| table[i * width + j];
            let mut least = match (i, j) {
                (0, _) => j,
                (_, 0) => i,
                _ => {
                    let change = usize::from(a[i - 1] != b[j - 1]);
                    (cost(i - 1, j - 1) + change).min(cost(i - 1, j) + 1).min(cost(i, j - 1) + 1)
                }
            };
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                least = least.min(cost(i - 2, j - 2) + 1);
            }
            table[i * width + j] = least;
        }
    }
    table.last().copied().unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_slips_and_nothing_else() {
        let cases = [
            ("slep", Some("sleep")),
            ("taks", Some("task")),
            ("timout", Some("timeout")),
            ("scoep", Some("scope")),
            ("banana", None),
            ("x", None),
        ];
        for (word, expected) in cases {
            assert_eq!(nearest_keyword(word), expected, "{word}");
        }
        assert_eq!(nearest("b", ["a"]), None, "one letter is near every other");
    }
}
