//! Completion and hover, at a place marked with `|` in the text.

use expect_test::{Expect, expect};

use super::FIRST;
use crate::lang::construct::{BLOCKING, FACTS, FIELDS};
use crate::lang::names;
use crate::lang::token::Keyword;
use crate::lang::{complete, highlight, hover, plan};

/// What may stand at the mark: the word that is replaced, and every label.
fn labels(marked: &str) -> Option<(String, Vec<String>)> {
    let offset = marked.find('|').expect("a mark");
    let text = marked.replacen('|', "", 1);
    let found = complete(&text, offset)?;
    let typed = text[found.from as usize..offset].to_owned();
    Some((typed, found.options.into_iter().map(|it| it.label).collect()))
}

/// All labels at the mark, in order.
#[track_caller]
fn exactly(marked: &str, expected: &str) {
    let found = labels(marked).map(|it| it.1.join(" ")).unwrap_or_default();
    assert_eq!(found, expected, "{marked}");
}

/// What must be among the labels, and what must not.
#[track_caller]
fn among(marked: &str, present: &str, absent: &str) {
    let found = labels(marked).map(|it| it.1).unwrap_or_default();
    for word in present.split_whitespace() {
        assert!(found.iter().any(|it| it == word), "{marked}: no `{word}` in {found:?}");
    }
    for word in absent.split_whitespace() {
        assert!(!found.iter().any(|it| it == word), "{marked}: `{word}` in {found:?}");
    }
}

const THINGS: &str = "limiter api = 2\nlock ledger\nqueue jobs\nevent ready\nbarrier line = 2\nresource db { }\npool conns = 1 of db\nfn load(name, n) { sleep 1s }\n";

#[test]
fn statements_that_may_stand_there() {
    among("sc|", "scenario scope limiter fn at", "break return catch else");
    among("scope s { sc| }", "scope sleep with", "scenario limiter fn break return");
    among("for x in [1] { b| }", "break continue", "return");
    among("for x in [1] { task { b| } }", "return", "break continue");
    among("fn f() { r| }", "return raise race retry", "break");
    among("let total = 1\nfn load() { }\nt|", "total load task timeout", "");
    among("t|\nlet total = 1", "", "total");
    among("if true { let inner = 1 }\ni|", "", "inner");
    among("try { }\nc|", "catch finally else cancel", "");
    exactly("race { t| }", "task");
    exactly("gather { task a { }  | }", "task");
    exactly("resource db { | }", "open close");
    among("resource db { open { s| } }", "sleep", "open limiter");
    among("scope s {\n  task a { sleep 1s  l|", "log", "limiter");
}

#[test]
fn names_that_fit() {
    let at = |end: &str| format!("{THINGS}{end}");
    exactly(&at("with a|"), "api conns db ledger");
    exactly(&at("take |"), "jobs");
    exactly(&at("wait r|"), "line ready");
    exactly(&at("set |"), "ready");
    exactly(&at("let other = 1\nquery d|"), "conns db other");
    exactly(&at("expect peak(|"), "api conns db ledger");
    exactly("let a = 1\nlet h = task { }\nlet b = 2\nawait |", "h b a");
    exactly("timeout 1s as t { let n = 1\nextend |", "t n");
    exactly("try { } catch Boom as e { raise | }", "e");
    among(&at("log l|"), "load len true not", "ledger api log");
    among(&at("let x = l|"), "load len await task fetch", "ledger sleep");
    among("limiter x = l|", "len", "await");
    among("fn f(amount) { log \"{a|}\" }", "amount", "log");
    exactly("offload |", "primes fib collatz");
}

#[test]
fn words_that_go_on() {
    exactly("for x |", "in");
    among("for i in 1 t|", "to and or", "every in");
    exactly("for i in 1 to 3 e|", "every");
    exactly("fetch \"/a\" |", "in status gives");
    exactly("fetch \"/a\" in 1s |", "status gives");
    exactly("timeout 2s a|", "as");
    exactly("limiter x = 3 p|", "per");
    exactly("pool p = 2 o|", "of");
    exactly("pool p = 2 of db, o|", "overflow");
    exactly("retry 3 backoff 1s..2s j|", "jitter");
    exactly("scope s c|", "collect");
    exactly("race o|", "ok");
    exactly("shutdown |", "at");
    exactly("shutdown at 2s g|", "grace");
    exactly("with api a|", "as");
    exactly("try { } catch Boom a|", "as");
    among("task a { sleep 1s f| }", "fail fetch and", "fn");
    among("expect e|", "elapsed outcome peak logged cancelled", "");
    among("task { expect e| }", "", "elapsed");
}

#[test]
fn kinds_fields_and_units() {
    among("fail OutOfStock\nfail O|", "OutOfStock Timeout", "*");
    among("try { } catch |", "* Timeout HttpError", "");
    exactly("try { } catch * as e { log \"{e.|}\" }", "kind message task count leaves");
    exactly("let r = fetch \"/\"\nlog r.s|", "status body");
    among("log x.|", "kind status", "");
    exactly("sleep 100m|", "us ms s min");
    assert_eq!(labels("sleep 100m|").expect("units").0, "m");
}

#[test]
fn nothing_where_a_name_is_given_or_text_is_written() {
    for marked in [
        "let |",
        "limiter a|",
        "task |",
        "log \"sl|\"",
        "# sl|",
        "sleep 10|",
        "for |",
        "fn l|",
        "log \"{x} sl|",
    ] {
        assert_eq!(labels(marked), None, "{marked}");
    }
    assert_eq!(complete("é", 1), None, "inside of a character");
    assert_eq!(complete("", 9), None, "past the end");
}

#[test]
fn at_every_place_of_a_scenario() {
    let text = format!("{THINGS}{FIRST}");
    for offset in 0..=text.len() {
        if let Some(found) = complete(&text, offset) {
            assert!(found.from as usize <= offset && !found.options.is_empty(), "{offset}");
        }
        if let Some(said) = hover(&text, offset) {
            assert!(said.span.contains(offset as u32), "{offset}: {said:?}");
            assert!(!said.code.is_empty() && said.text.ends_with('.'), "{offset}: {said:?}");
        }
        // Half a text, as it is while it is typed.
        let half = &text[..offset];
        complete(half, offset);
        hover(half, offset.saturating_sub(1));
    }
}

#[track_caller]
fn said(marked: &str, expected: Expect) {
    let offset = marked.find('|').expect("a mark");
    let text = marked.replacen('|', "", 1);
    let found = hover(&text, offset).map_or("nothing\n".to_owned(), |said| {
        let waits = said.waits.map(|it| format!("waits for {it}\n")).unwrap_or_default();
        format!("{}: {}\n{}\n{waits}", &text[said.span.range()], said.code, said.text)
    });
    expected.assert_eq(&found);
}

#[test]
fn what_is_said_of_constructs() {
    said(
        "|scope s collect { }",
        expect![[r#"
        scope: scope name { } · scope name collect { }
        Holds tasks. The first failure cancels the rest, and all errors leave together; `collect` lets the others end first.
        waits for its children, at the closing brace
    "#]],
    );
    said(
        "scope s |collect { }",
        expect![[r#"
        collect: collect
        Failures do not cancel siblings; the errors leave when all have ended.
    "#]],
    );
    said(
        "for i in 1 to 3 |every 1s { }",
        expect![[r#"
        every: every 100ms
        A fixed pace; the first item comes at once.
        waits for the next beat
    "#]],
    );
    said(
        "shutdown |at 2s",
        expect![[r#"
        at: shutdown at 2s grace 500ms
        A stop from outside: cancels everything; cleanup gets the grace.
    "#]],
    );
}

#[test]
fn what_is_said_of_words() {
    said(
        "resource db { |close { } }",
        expect![[r#"
        close: close { }
        Runs after the block that holds the resource, on every way out.
        waits for what its statements wait for
    "#]],
    );
    said(
        "try { } catch Time|out { }",
        expect![[r#"
        Timeout: Timeout
        A `timeout` without `else` whose time was up.
    "#]],
    );
    said(
        "fail Bo|om\nfail Boom",
        expect![[r#"
        Boom: Boom
        A kind of error, raised 2 times in this text.
    "#]],
    );
    said(
        "log l|en([1])",
        expect![[r#"
        len: len(x)
        How many items a list has, or characters a text.
    "#]],
    );
    said(
        "offload pri|mes(9)",
        expect![[r#"
        primes: offload primes(n)
        How many primes there are up to n.
    "#]],
    );
    said(
        "expect elap|sed == 1s",
        expect![[r#"
        elapsed: elapsed
        How long the whole run took.
    "#]],
    );
    said(
        "log | 1",
        expect![[r#"
        nothing
    "#]],
    );
}

#[test]
fn what_is_said_of_names() {
    said(
        &format!("{THINGS}with a|pi {{ }}"),
        expect![[r#"
        api: limiter api = 2
        At most so many holders at once, at most so many starts in any window.
    "#]],
    );
    said(
        &format!("{THINGS}lo|ad(1, 2)"),
        expect![[r#"
        load: fn load(name, n)
        A function that may wait.
        waits for `sleep 1s`
    "#]],
    );
    said(
        "fn add(a, b) { a + b }\nlog a|dd(1, 2)",
        expect![[r#"
        add: fn add(a, b)
        A function that never waits.
    "#]],
    );
    said(
        "fn f() {\n  with api { sleep 1s }\n  let x = fetch \"/a\"\n  task { take q }\n  g()\n  await x\n  join q\n}\nfn g() { sleep 2s }\n|f()",
        expect![[r#"
        f: fn f()
        A function that may wait.
        waits for `with api`, `sleep 1s`, `fetch "/a"`, `g`, and 2 more
    "#]],
    );
    said(
        "let total = 1\nlog to|tal",
        expect![[r#"
        total: let total = 1
        A variable, declared in line 1; it never changes.
    "#]],
    );
    said(
        "let total = 1\ntotal = 2\nfn f(n) { log \"{|n}\" }",
        expect![[r#"
        n: fn f(n) { log "{n}" }
        A parameter, declared in line 3; it never changes.
    "#]],
    );
    said(
        "try { } catch * as e { log e|.kind }",
        expect![[r#"
        nothing
    "#]],
    );
    said(
        "try { } catch * as e { log e.ki|nd }",
        expect![[r#"
        kind: e.kind
        The kind of the error.
    "#]],
    );
    said(
        "log noth|ing",
        expect![[r#"
        nothing
    "#]],
    );
}

#[test]
fn the_tables_know_what_the_language_knows() {
    assert_eq!(FIELDS.map(|it| it.0), names::FIELDS.map(|it| it.0));
    assert_eq!(FACTS.map(|it| it.0), names::FACTS);
    assert_eq!(BLOCKING.map(|it| it.0), plan::BLOCKING.map(|it| it.0));
    for keyword in Keyword::ALL {
        let construct = crate::lang::construct::keyword(*keyword);
        let word = if matches!(keyword, Keyword::None) { "No value" } else { keyword.text() };
        assert!(
            construct.syntax.contains(word) || construct.does.starts_with(word),
            "{keyword:?}: {construct:?}"
        );
        assert!(construct.does.ends_with('.'), "{keyword:?}");
    }
    // What may go on a statement is coloured as a keyword there.
    let coloured = highlight("for i in 1 to 3 every 1s { }");
    assert_eq!(coloured.iter().filter(|it| it.1.name() == "keyword").count(), 4);
}
