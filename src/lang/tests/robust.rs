//! Whatever is typed or pasted: diagnostics, quickly, on a small stack.

use crate::diag::Diagnostic;
use crate::lang::syntax::File;
use crate::lang::{MAX_DEPTH, MAX_NESTING, MAX_TEXT, check, highlight, lower, parse, suspension_points};

/// Everything that the front end does, on the stack that a page has. A debug build needs several times more of it.
fn survive(text: String) -> Vec<&'static str> {
    let work = move || {
        let (file, diagnostics) = parse(&text);
        everything(&file, &text);
        diagnostics.iter().map(|it| it.code).collect::<Vec<_>>()
    };
    let thread = std::thread::Builder::new().stack_size(1024 * 1024).spawn(work);
    thread.expect("a thread starts").join().expect("no panic, no overflow")
}

/// All that follows parsing.
fn everything(file: &File, text: &str) -> Vec<Diagnostic> {
    lower(file);
    highlight(text);
    suspension_points(file);
    check(file)
}

#[test]
fn deep_or_long_texts_are_refused() {
    let long = MAX_TEXT - 100;
    for open in
        ["(", "[", "{", "\"{", "-", "not ", "f(", "scope {", "if x {", "task { ", "x[", "let x = scope {"]
    {
        let codes = survive(open.repeat(long / open.len()));
        assert!(codes.len() <= MAX_NESTING + 2 && !codes.is_empty(), "{open}: {codes:?}");
    }
    for chain in ["+1", ".kind", " or a", "[0]"] {
        let text = format!("let y = x{}", chain.repeat(long / chain.len()));
        assert!(survive(text).contains(&"E002"), "{chain}");
    }
    assert_eq!(survive("x".repeat(MAX_TEXT + 1)), ["E001"]);
    assert_eq!(survive(" ".repeat(MAX_TEXT)), [""; 0]);
}

#[test]
fn limits_hold_at_their_edge() {
    let parens = |n: usize| format!("let x = {}1{}", "(".repeat(n), ")".repeat(n));
    assert_eq!(survive(parens(MAX_NESTING)), [""; 0]);
    assert_eq!(survive(parens(MAX_NESTING + 1)), ["E002"]);
    let blocks = |n: usize| format!("{}{}", "scope {".repeat(n), "}".repeat(n));
    assert_eq!(survive(blocks(MAX_NESTING)), [""; 0]);
    assert_eq!(survive(blocks(MAX_NESTING + 1)), ["E002"]);
    let sum = |n: u16| format!("let x = 1{}", "+1".repeat(usize::from(n)));
    assert_eq!(survive(sum(MAX_DEPTH - 1)), [""; 0]);
    assert_eq!(survive(sum(MAX_DEPTH)), ["E002"]);
}

#[test]
fn chains_without_end() {
    let arms = format!("if x {{ }} {}", "else if x { } ".repeat(10_000));
    assert_eq!(survive(arms), [""; 0]);
    let calls: String = (0..5_000).map(|i| format!("fn f{i}() {{ f{}() }}\n", i + 1)).collect();
    assert_eq!(survive(calls + "fn f5000() { }\nfor x in y { task { f0() } }"), [""; 0]);
    let doubled: String = (1..90).map(|i| format!("let v{i} = v{} + v{}\n", i - 1, i - 1)).collect();
    assert_eq!(survive(format!("let v0 = 1\n{doubled}limiter x = v89")), [""; 0]);
    let catches = format!("try {{ }} {}", "catch A { } ".repeat(10_000));
    assert_eq!(survive(catches), [""; 0]);
}

#[test]
fn calls_through_deep_blocks() {
    // Each function calls the next, each time twice, from as deep in its blocks as may be.
    for open in ["scope {", "with l {", "repeat 2 {", "timeout 1s {"] {
        let function = |i: usize| {
            let depth = MAX_NESTING - 2;
            let inner = format!("f{}()\nf{}()\n", i + 1, i + 1);
            format!("fn f{i}() {{{}\n{inner}{}}}\n", open.repeat(depth), "}".repeat(depth))
        };
        let functions: String = (0..20).map(function).collect();
        let ends = [
            "fn f20() { fetch \"/a\" }",
            "fn f20() { work 40ms }",
            "fn f20() { fail A }",
            "fn f20() { f0() }",
        ];
        for end in ends {
            let uses = "lock l\nretry 2 { f0() }\nfor i in 1 to 99 { f0() }\nscope { task { with l { f0() } } }\nf0()";
            let codes = survive(format!("{functions}{end}\n{uses}\nfor x in y {{ task {{ f0() }} }}"));
            assert_eq!(codes, [""; 0], "{open}");
        }
    }
}

#[test]
fn any_characters() {
    let pieces = [
        "{",
        "}",
        "\"",
        "\\",
        "(",
        ")",
        "[",
        "]",
        "\n",
        " ",
        "task",
        "else",
        "catch",
        "x",
        "=",
        "..",
        "1s",
        "é",
        "#",
        ",",
        "fn f(",
        "resource r {",
        "open",
        "\u{0}",
        "5sec",
        "Kind",
        "let ",
        "!",
        ".",
    ];
    // A small generator of our own: the texts must be the same everywhere.
    let mut state = 1_u32;
    let mut draw = |below: usize| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 16) as usize % below
    };
    for _ in 0..3_000 {
        let length = draw(30);
        let text: String = (0..length).map(|_| pieces[draw(pieces.len())]).collect();
        let (file, mut diagnostics) = parse(&text);
        diagnostics.extend(everything(&file, &text));
        for said in diagnostics {
            assert!(text.get(said.span.range()).is_some(), "{text:?}: {said:?}");
        }
    }
}
