//! What differs between two lists of lines.

/// Lists longer than this are not lined up line by line but only compared at their ends.
const MOST_LINES: usize = 2_000;

/// Both lists as one text, a line each: `-` before what was expected and is not there, `+` before what is there and
/// was not expected, two spaces before what both have. Nothing if the lists are equal.
///
/// The longest common subsequence, by the table (Wagner and Fischer: *The String-to-String Correction Problem*, 1974).
pub(crate) fn diff(expected: &[&str], actual: &[&str]) -> Option<String> {
    if expected == actual {
        return None;
    }
    let same_start = expected.iter().zip(actual).take_while(|(left, right)| left == right).count();
    let rest = |list: &[&str]| list.len() - same_start;
    let same_end = expected.iter().rev().zip(actual.iter().rev());
    let same_end = same_end.take_while(|(left, right)| left == right).count();
    let same_end = same_end.min(rest(expected)).min(rest(actual));
    let (left, right) =
        (&expected[same_start..expected.len() - same_end], &actual[same_start..actual.len() - same_end]);
    let mut text = String::new();
    let mut say = |mark: char, line: &str| text.push_str(&format!("{mark} {line}\n"));
    expected[..same_start].iter().for_each(|line| say(' ', line));
    line_up(left, right, &mut say);
    expected[expected.len() - same_end..].iter().for_each(|line| say(' ', line));
    Some(text)
}

fn line_up(left: &[&str], right: &[&str], say: &mut impl FnMut(char, &str)) {
    if left.len() > MOST_LINES || right.len() > MOST_LINES {
        left.iter().for_each(|line| say('-', line));
        right.iter().for_each(|line| say('+', line));
        return;
    }
    // How many lines the rests from here on have in common.
    let width = right.len() + 1;
    let mut common = vec![0_u32; (left.len() + 1) * width];
    for (from, line) in left.iter().enumerate().rev() {
        for (to, other) in right.iter().enumerate().rev() {
            let at = from * width + to;
            common[at] = match line == other {
                true => common[at + width + 1] + 1,
                false => common[at + width].max(common[at + 1]),
            };
        }
    }
    let (mut from, mut to) = (0, 0);
    while from < left.len() || to < right.len() {
        let at = from * width + to;
        if from < left.len() && to < right.len() && left[from] == right[to] {
            say(' ', left[from]);
            (from, to) = (from + 1, to + 1);
        } else if from < left.len() && (to == right.len() || common[at + width] >= common[at + 1]) {
            say('-', left[from]);
            from += 1;
        } else {
            say('+', right[to]);
            to += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(expected: &str, actual: &str, text: &str) {
        let [expected, actual] = [expected, actual].map(|list| list.split_whitespace().collect::<Vec<_>>());
        let found = diff(&expected, &actual).unwrap_or_default();
        let found: Vec<String> = found.lines().map(|line| line.replace(' ', "")).collect();
        assert_eq!(found.join(" "), text);
    }

    #[test]
    fn tells_what_is_missing_and_what_is_too_much() {
        check("a b c", "a b c", "");
        check("a b c", "a c", "a -b c");
        check("a c", "a b c", "a +b c");
        check("a b c", "a x c", "a -b +x c");
        check("a b c d", "b c d e", "-a b c d +e");
        check("", "a", "+a");
        check("a", "", "-a");
        check("a a", "a", "a -a"); // what both begin with is not counted again at the end
        check("a b a b", "b a b a", "-a b a b +a");
    }

    #[test]
    fn lists_that_are_too_long_are_told_one_after_the_other() {
        let long = vec!["x"; MOST_LINES + 1];
        let text = diff(&long, &["y"]).unwrap();
        assert_eq!(text.lines().count(), MOST_LINES + 2);
        assert!(text.ends_with("- x\n+ y\n"));
    }
}
