//! The formatter: what it makes of a text, and that nothing is lost.

use expect_test::{Expect, expect};

use super::{FIRST, dump};
use crate::lang::{WIDTH, format, parse};

/// Formats `text` and holds the result to what is promised.
#[track_caller]
fn formatted(text: &str) -> String {
    let (before, _) = parse(text);
    let once = format(text).unwrap_or_else(|said| panic!("{text}\n{said:?}"));
    let (after, said) = parse(&once);
    assert_eq!(said, [], "{text}\n{once}");
    assert_eq!(dump::file(&before), dump::file(&after), "the same tree: {text}\n{once}");
    let comments = |text: &str, spans: &[crate::span::Span]| -> Vec<String> {
        spans.iter().map(|span| text[span.range()].trim_end().to_owned()).collect()
    };
    let (kept, all) = (comments(&once, &after.comments), comments(text, &before.comments));
    assert_eq!(kept, all, "every comment: {text}\n{once}");
    assert_eq!(format(&once).as_ref(), Ok(&once), "again: {text}");
    once
}

#[track_caller]
fn check(text: &str, expected: Expect) {
    expected.assert_eq(&formatted(text));
}

#[test]
fn spaces_between_words() {
    check(
        "limiter x=3,5 per 1s\nfn f( a,b ){return a+b*-2}\nlog f (1) . kind\nput q -1\nput q (1+2) [ 0 ]\nsleep 1s .. -2s\nlog \"{ f( 1 )+2 }{{\"\nlog not(x)\n",
        expect![[r#"
            limiter x = 3, 5 per 1s
            fn f(a, b) { return a + b * -2 }
            log f(1).kind
            put q -1
            put q (1 + 2)[0]
            sleep 1s..-2s
            log "{f(1) + 2}{{"
            log not (x)
        "#]],
    );
    check("", expect![""]);
    check(
        "\u{feff}\n\n  # only this  \n\n",
        expect![[r#"
        # only this
    "#]],
    );
}

#[test]
fn a_block_stays_on_one_line_if_it_was_and_fits() {
    check(
        "task a { sleep 1s  log 1 }\ntask b { sleep 1s\nlog 1 }\nscope s {\n}\nif a { log 1 } else { log 2 }\nif a { log 1 }\nelse { log 2 }\ntry { log 1 } catch A {\nlog 2 } finally { log 3 }",
        expect![[r#"
            task a { sleep 1s  log 1 }
            task b {
              sleep 1s
              log 1
            }
            scope s { }
            if a { log 1 } else { log 2 }
            if a { log 1 }
            else { log 2 }
            try { log 1 }
            catch A {
              log 2
            }
            finally { log 3 }
        "#]],
    );
    let long = format!("scope s {{ task a {{ log \"{}\" }} }}", "x".repeat(WIDTH - 20));
    let lines: Vec<usize> = formatted(&long).lines().map(str::len).collect();
    assert_eq!(lines, [9, WIDTH - 1, 1], "the outer block is opened, the inner fits then");
}

#[test]
fn statements_have_lines_of_their_own() {
    check(
        "sleep 1s  sleep 2s\n\n\n\nresource db { open { sleep 1s } close {\n\n log 1 } }",
        expect![[r#"
        sleep 1s
        sleep 2s

        resource db {
          open { sleep 1s }
          close {
            log 1
          }
        }
    "#]],
    );
}

#[test]
fn what_is_alike_stands_under_each_other() {
    check(
        "let user = task user { sleep 120ms  return 1 }\nlet all = task all { sleep 1s  return 22 }\nlet x = 1\n\nlet y = 1\ntask a { sleep 1s }\ntask abc { sleep 10s  log 1 }\ntask \"{x}\" { sleep 1s  log 2 }\ntask b {\n  log 1\n}\ntask abc { log 1 }\nlimiter a = 1 # one\nlimiter abc = 1 # two\nlog 1",
        expect![[r#"
            let user = task user { sleep 120ms  return 1 }
            let all  = task all  { sleep 1s     return 22 }
            let x    = 1

            let y = 1
            task a     { sleep 1s }
            task abc   { sleep 10s  log 1 }
            task "{x}" { sleep 1s   log 2 }
            task b {
              log 1
            }
            task abc { log 1 }
            limiter a = 1    # one
            limiter abc = 1  # two
            log 1
        "#]],
    );
    let wide = format!("task a {{ log \"{}\" }}\ntask {} {{ log 1 }}\n", "x".repeat(58), "b".repeat(30));
    assert_eq!(formatted(&wide), wide, "not where a line would become too long");
}

#[test]
fn lines_that_are_too_long() {
    check(
        "if not aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa and bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb or cccccccccccccccccccccccccc == d { log 1 }\nlet q = f(111111, aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa, \"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\", [2, 3])\nlog aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa + bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb * cccccccccccccccccccccccccccccccccccccccccc * cccccccc\nlet a = 1 +\n  2",
        expect![[r#"
            if not aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa and bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb or
                cccccccccccccccccccccccccc == d { log 1 }
            let q = f(
              111111,
              aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa,
              "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
              [2, 3]
            )
            log aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa +
                bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb *
                    cccccccccccccccccccccccccccccccccccccccccc *
                    cccccccc
            let a = 1 + 2
        "#]],
    );
}

#[test]
fn brackets_stay_open_where_a_line_ends_after_the_first() {
    check(
        "let x = [\n1, 2]\nlet y = [1,\n2]\nlet z = 1 + [\n]\nlog f([\n1])\nlog (\na + b)",
        expect![[r#"
        let x = [
          1,
          2
        ]
        let y = [1, 2]
        let z = 1 + []
        log f(
          [
            1
          ]
        )
        log (
          a + b
        )
    "#]],
    );
}

#[test]
fn comments_stay_where_they_are() {
    check(
        "# one\n\n# two\nlog 1 # three\n\n  # four\nscope s { # five\n# six\nlog 2\n# seven\n\n# eight\n}# nine\n# ten\ncatch A { } # eleven\n#twelve",
        expect![[r#"
            # one

            # two
            log 1  # three

            # four
            scope s {  # five
              # six
              log 2
              # seven

              # eight
            }  # nine
            # ten
            catch A { }  # eleven
            #twelve
        "#]],
    );
    check(
        "let xs = [ # one\n 1, 2 # two\n, 3,\n # three\n]\nlet z = 1 + # four\n  # five\n  2\nlog - # six\n 1",
        expect![[r#"
            let xs = [  # one
              1,
              2,  # two
              3,
              # three
            ]
            let z = 1 +  # four
                # five
                2
            log -  # six
                1
        "#]],
    );
}

#[test]
fn line_ends_stay_as_they_are() {
    assert_eq!(formatted("log 1\r\n# two\r\nlog  2\r\n"), "log 1\r\n# two\r\nlog 2\r\n");
    assert_eq!(formatted("log  2\r"), "log 2\n", "one alone is a blank");
}

#[test]
fn a_text_that_cannot_be_read_is_left_alone() {
    let said = format("log 1\nscope s {\nslep 1s\n").expect_err("broken");
    assert_eq!(said.iter().map(|it| it.code).collect::<Vec<_>>(), ["E012", "E011"]);
    let deep = "task a{".repeat(60) + &"log 1\n".repeat(10_000) + &"}".repeat(60);
    assert_eq!(format(&deep).expect_err("too long when indented")[0].code, "E001");
}

#[test]
fn what_is_written_well_is_left_alone() {
    assert_eq!(formatted(FIRST), FIRST);
    let grammar = include_str!("../GRAMMAR.md").split("```scope\n").skip(1);
    for text in grammar.filter_map(|rest| rest.split("```").next()) {
        assert_eq!(formatted(text), text);
    }
}
