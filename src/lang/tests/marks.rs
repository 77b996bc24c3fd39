//! What an editor is told beside diagnostics: colours and gutter marks.

use expect_test::{Expect, expect};

use crate::lang::{Class, highlight, parse, suspension_points};

#[test]
fn every_token_has_its_class() {
    let text = "limiter api = 2 per 1s # two\nrace ok { task a { with db as c { log \"{f(c)}!\" } } }\nfetch \"/a\" in 1s status 503\nlet status = e.task\nfail Boom";
    let mut out = String::new();
    let mut end = 0;
    for (span, class) in highlight(text) {
        assert!(end <= span.start && span.start < span.end, "in order, not empty: {span:?}");
        end = span.end;
        if class != Class::Sign {
            out.push_str(&format!("{} {}\n", class.name(), &text[span.range()]));
        }
    }
    expect![[r#"
        keyword limiter
        definition api
        number 2
        keyword per
        duration 1s
        comment # two
        keyword race
        keyword ok
        keyword task
        definition a
        keyword with
        name db
        keyword as
        name c
        keyword log
        text "
        hole {
        function f
        name c
        hole }
        text !
        text "
        keyword fetch
        text "
        text /a
        text "
        keyword in
        duration 1s
        keyword status
        number 503
        keyword let
        definition status
        name e
        name task
        keyword fail
        kind Boom
    "#]]
    .assert_eq(&out);
}

/// Marks under the suspension points.
fn check(text: &str, expected: Expect) {
    let (file, diagnostics) = parse(text);
    assert_eq!(diagnostics, []);
    let mut marks: Vec<u8> = text.bytes().map(|byte| if byte == b'\n' { byte } else { b' ' }).collect();
    for span in suspension_points(&file) {
        marks[span.range()].fill(b'^');
    }
    let marks = String::from_utf8(marks).expect("ASCII");
    let lines = text.lines().zip(marks.lines()).map(|(line, marks)| {
        let marks = marks.trim_end();
        if marks.is_empty() { format!("{line}\n") } else { format!("{line}\n{marks}\n") }
    });
    expected.assert_eq(&lines.collect::<String>());
}

#[test]
fn a_task_waits_where_it_says() {
    check(
        "let x = fetch \"/a\"\nwith api { log 1 }\nscope s { task a { sleep 1s } }\nfor i in 1 to 2 every 1s { }\nqueue q\nfor x in q { }\nfor x in [1] { }",
        expect![[r#"
            let x = fetch "/a"
                    ^^^^^
            with api { log 1 }
            ^^^^
            scope s { task a { sleep 1s } }
                               ^^^^^      ^
            for i in 1 to 2 every 1s { }
            ^^^
            queue q
            for x in q { }
            ^^^
            for x in [1] { }
        "#]],
    );
}

#[test]
fn a_call_waits_where_its_function_does() {
    check(
        "fn a() { b() }\nfn b() { sleep 1s }\nfn c() { task t { a() } }\nlog 1 + a()\nc()",
        expect![[r#"
        fn a() { b() }
                 ^
        fn b() { sleep 1s }
                 ^^^^^
        fn c() { task t { a() } }
                          ^
        log 1 + a()
                ^
        c()
    "#]],
    );
}
