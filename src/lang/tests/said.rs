//! What is said about a text that is not sound, with carets under the place.

use expect_test::{Expect, expect};

use crate::diag::Diagnostic;
use crate::lang::{check as check_file, parse};
use crate::span::{LineIndex, Span};

/// Everything that is said about `text`.
pub fn check(text: &str, expected: Expect) {
    let (file, mut said) = parse(text);
    said.extend(check_file(&file));
    expected.assert_eq(&said.iter().map(|it| print(text, it)).collect::<String>());
}

fn print(text: &str, said: &Diagnostic) -> String {
    let mut out = format!("{}: {}\n{}", said.code, said.message, point(text, said.span, '^'));
    for label in &said.labels {
        out.push_str(&format!(
            "{}{}\n",
            point(text, label.span, '-').trim_end_matches('\n'),
            format_args!(" {}", label.message)
        ));
    }
    for hint in &said.hints {
        let fix = hint.fix.as_ref().map(|fix| {
            let mut fixed = text.to_owned();
            fixed.replace_range(fix.span.range(), &fix.text);
            let line = LineIndex::new(text).line(fix.span.start) as usize;
            format!(" -> {:?}", fixed.lines().nth(line - 1).unwrap_or_default().trim())
        });
        out.push_str(&format!("= {}{}\n", hint.message, fix.unwrap_or_default()));
    }
    out
}

/// The line, and marks under the part of the span that is on it.
fn point(text: &str, span: Span, mark: char) -> String {
    let index = LineIndex::new(text);
    let start = index.position(text, span.start);
    let line = text.lines().nth(start.line as usize - 1).unwrap_or_default();
    let width = text.get(span.range()).unwrap_or_default().lines().next().unwrap_or_default().chars().count();
    let marks: String = std::iter::repeat_n(mark, width.max(1)).collect();
    format!("| {line}\n| {}{marks}\n", " ".repeat(start.column as usize - 1))
}

#[test]
fn texts() {
    check(
        "log \"abc\nlog \"{x\nlog \"a\\qb}\"",
        expect![[r#"
        E004: this text is never closed
        | log "abc
        |     ^^^^
        = close the text -> "log \"abc\""
        E004: this text is never closed
        | log "{x
        |     ^^^
        = close the text -> "log \"{x\""
        E005: a backslash stands before `n`, `t`, `"` or `\`
        | log "a\qb}"
        |       ^
        = write `\\` for a backslash -> "log \"a\\\\qb}\""
        E006: a lone `}` in a text
        | log "a\qb}"
        |          ^
        = write `}}` for a brace -> "log \"a\\qb}}\""
        E020: nothing is called `x` here
        | log "{x
        |       ^
    "#]],
    );
}

#[test]
fn numbers_and_signs() {
    check(
        "let x = 5sec\nlet y = 1.5us\nlet z = 99999999999999999999",
        expect![[r#"
        E007: there is no unit `sec`
        | let x = 5sec
        |         ^^^^
        = write `s` for seconds
        E007: time has whole microseconds
        | let y = 1.5us
        |         ^^^^^
        E007: this number does not fit into 64 bits
        | let z = 99999999999999999999
        |         ^^^^^^^^^^^^^^^^^^^^
    "#]],
    );
    check(
        "if !x && y { }",
        expect![[r#"
            E003: `!` means nothing here
            | if !x && y { }
            |    ^
            = write `not` -> "if not x && y { }"
            E003: `&&` means nothing here
            | if !x && y { }
            |       ^^
            = write `and` -> "if !x and y { }"
            E020: nothing is called `x` here
            | if !x && y { }
            |     ^
            E020: nothing is called `y` here
            | if !x && y { }
            |          ^
        "#]],
    );
    check(
        "let myName = 1\nfail Bad_Kind",
        expect![[r#"
        E008: names are lower case: `myName`
        | let myName = 1
        |     ^^^^^^
        = write `my_name` -> "let my_name = 1"
        E008: error kinds are written without `_`: `Bad_Kind`
        | fail Bad_Kind
        |      ^^^^^^^^
        = write `BadKind` -> "fail BadKind"
    "#]],
    );
}

#[test]
fn braces() {
    check(
        "scope s {\n  task a {\n    sleep 1s\n  task b { sleep 2s }\n}\n",
        expect![[r#"
        E012: this `{` is never closed
        | scope s {
        |         ^
        |   task a {
        |          - from the indentation, this one may be meant
        = add the missing `}`
    "#]],
    );
    check(
        "log 1\n}\nlog y",
        expect![[r#"
        E013: this `}` closes nothing
        | }
        | ^
        = remove it -> ""
        E020: nothing is called `y` here
        | log y
        |     ^
    "#]],
    );
    check(
        "resource db { open { }\n",
        expect![[r#"
        E012: this `{` is never closed
        | resource db { open { }
        |             ^
        = add the missing `}`
    "#]],
    );
    check(
        "let x = (1 + 2\nlog x",
        expect![[r#"
            E012: this `(` is never closed
            | let x = (1 + 2
            |         ^
            = add the missing `)`
        "#]],
    );
}

#[test]
fn unknown_words() {
    check(
        "slep 200ms\ntsk user { log y }\nbrek\nbanana x",
        expect![[r#"
        E011: no statement begins with `slep`
        | slep 200ms
        | ^^^^
        = did you mean `sleep`? -> "sleep 200ms"
        E011: no statement begins with `tsk`
        | tsk user { log y }
        | ^^^
        = did you mean `task`? -> "task user { log y }"
        E011: no statement begins with `banana`
        | banana x
        | ^^^^^^
        E020: nothing is called `y` here
        | tsk user { log y }
        |                ^
        E020: nothing is called `brek` here
        | brek
        | ^^^^
        = did you mean `break`? -> "break"
    "#]],
    );
    check(
        "let x = sleep 1s\nlet task = 1\ntask work { }",
        expect![[r#"
        E019: `sleep` gives no value
        | let x = sleep 1s
        |         ^^^^^
        E015: `task` is a keyword, not a name
        | let task = 1
        |     ^^^^
        = choose another name than `task`
        E015: `work` is a keyword, not a name
        | task work { }
        |      ^^^^
        = in quotes it is a name -> "task \"work\" { }"
    "#]],
    );
    check(
        "let x = 1 let y = 2 x = 3",
        expect![[r#"
        E014: only a statement that begins with a keyword may share a line
        | let x = 1 let y = 2 x = 3
        |                     ^
        = begin a new line -> "let x = 1 let y = 2"
    "#]],
    );
}

#[test]
fn clauses() {
    check(
        "timeout 1s { } catch * { } else { }",
        expect![[r#"
        E016: `else` stands before `catch`
        | timeout 1s { } catch * { } else { }
        |                            ^^^^
        = the order is `else`, `catch`, `finally`
    "#]],
    );
    check(
        "scope { } else { }\ntry { }\ncatch A { } finally { } catch B { }\nelse { }\ntry { }",
        expect![[r#"
            E016: only `if` and `timeout` take an `else`
            | scope { } else { }
            |           ^^^^
            = `catch` takes errors, `finally` runs on every way out
            E016: `catch` stands before `finally`
            | catch A { } finally { } catch B { }
            |                         ^^^^^
            = the order is `else`, `catch`, `finally`
            E016: only `if` and `timeout` take an `else`
            | else { }
            | ^^^^
            = `catch` takes errors, `finally` runs on every way out
            E016: `try` without `catch` or `finally`
            | try { }
            | ^^^
            = add `catch Kind { }` or `finally { }`
        "#]],
    );
    check(
        "try { } catch boom { }",
        expect![[r#"
            E010: expected an error kind or `*`, found `boom`
            | try { } catch boom { }
            |               ^^^^
            = write `Boom` -> "try { } catch Boom { }"
        "#]],
    );
}
