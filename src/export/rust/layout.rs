//! Indents code by its brackets, so that whoever writes it need not know how deep it stands.

/// `code` with four spaces for each bracket that is open where a line begins.
pub fn laid_out(code: &str) -> String {
    let mut out = String::new();
    // How deep it is inside of each bracket that is open.
    let mut open: Vec<usize> = Vec::new();
    for line in code.lines() {
        let line = line.trim();
        if line.is_empty() {
            out.push('\n');
            continue;
        }
        let (opens, closes, leading) = brackets(line);
        let inside = open.last().copied().unwrap_or(0);
        let depth = inside.saturating_sub(usize::from(leading)) + usize::from(line.starts_with('.'));
        out += &"    ".repeat(depth);
        out += line;
        out.push('\n');
        if closes {
            open.pop();
        }
        if opens {
            open.push(depth + 1);
        }
    }
    out
}

/// Whether a line opens brackets that it does not close, closes some that it did not open, and does the latter before
/// anything else. Several that are opened on one line are closed on one, as in `run(async |s| {` … `})`.
fn brackets(line: &str) -> (bool, bool, bool) {
    let mut open: Vec<char> = Vec::new();
    let (mut closes, mut leading, mut first) = (false, false, true);
    let mut letters = line.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '"' => {
                while let Some(inside) = letters.next() {
                    match inside {
                        '\\' => drop(letters.next()),
                        '"' => break,
                        _ => {}
                    }
                }
            }
            '/' if letters.peek() == Some(&'/') => break,
            '(' | '[' | '{' => open.push(letter),
            ')' | ']' | '}' if open.pop().is_none() => {
                closes = true;
                leading |= first;
            }
            _ => {}
        }
        first &= matches!(letter, ')' | ']' | '}');
    }
    (!open.is_empty(), closes, leading)
}

#[cfg(test)]
mod tests {
    use super::laid_out;

    #[test]
    fn brackets_say_how_deep_a_line_stands() {
        let code = "fn main() {\nrun(async |s| {\nlog(\"a { b\");\nif x {\n1\n} else {\n2\n}\n})\n}\n";
        let wanted = "fn main() {\n    run(async |s| {\n        log(\"a { b\");\n        if x {\n            1\n        } \
                      else {\n            2\n        }\n    })\n}\n";
        assert_eq!(laid_out(code), wanted);
    }
}
