//! Warnings that need more than one statement to be proved: where they fire, and where they must not.

use expect_test::{Expect, expect};

use super::said;
use crate::lang::{check, parse};

/// What is said about `text`, in full.
#[track_caller]
fn fires(text: &str, expected: Expect) {
    said::check(text, expected);
}

/// That a warning is not given where it cannot be proved.
#[track_caller]
fn quiet(code: &str, texts: &[&str]) {
    for text in texts {
        let (file, mut said) = parse(text);
        said.extend(check(&file));
        let errors: Vec<_> = said.iter().filter(|it| it.is_error() || it.code == code).collect();
        assert!(errors.is_empty(), "{text}\n{errors:?}");
    }
}

#[test]
fn work_that_adds_up() {
    fires(
        "for i in 1 to 100 { work 10ms }",
        expect![[r#"
            W04: this adds up to 1000 ms for which nothing else runs
            | for i in 1 to 100 { work 10ms }
            | ^^^^^^^^^^^^^^^^^
            = hand it to a worker: `offload`; or let others have a turn between: `sleep 0s`
        "#]],
    );
    fires(
        "let piece = 30ms\nfn crunch() { work piece  log \"a piece\" }\nsleep 1s\ncrunch()\nlog \"between\"\ncrunch()\nsleep 1s",
        expect![[r#"
            W04: this adds up to 60 ms for which nothing else runs
            | crunch()
            | ^^^^^^^^
            | crunch()
            | -------- up to here, with no wait between
            = hand it to a worker: `offload`; or let others have a turn between: `sleep 0s`
        "#]],
    );
    fires(
        "repeat 3 { for x in [1, 2] { work 20ms..1s } }",
        expect![[r#"
        W04: this adds up to 120 ms for which nothing else runs
        | repeat 3 { for x in [1, 2] { work 20ms..1s } }
        | ^^^^^^^^
        = hand it to a worker: `offload`; or let others have a turn between: `sleep 0s`
    "#]],
    );
    quiet(
        "W04",
        &[
            "for i in 1 to 5 { work 10ms }",
            "for i in 1 to 100 { work 10ms  sleep 0s }",
            "for i in 1 to 100 every 1ms { work 10ms }",
            "fn f(n) { for i in 1 to n { work 10ms } }\nf(100)",
            "work 40ms\nsleep 1ms\nwork 40ms",
            "work 400ms",
            "repeat 10 { work 400ms }",
            "repeat 10 { if now() > 1s { break }  work 40ms }",
            "scope s { for i in 1 to 10 { task { work 40ms } } }",
            "fn f() {\nwork 10ms\nf()\n}\nf()",
            "work 40ms\ntry { work 40ms }\nfinally { }",
        ],
    );
}

#[test]
fn a_lock_across_a_slow_wait() {
    fires(
        "lock ledger\nfn post() { timeout 5s { fetch \"/a\" } }\nfn save() { with ledger { fetch \"/b\" } }\ntimeout 9s { log save() + save() }",
        expect![[r#"
            W07: `ledger` is held across a slow wait: meanwhile all others stand in line
            | fn save() { with ledger { fetch "/b" } }
            |             ^^^^^^^^^^^
            | fn save() { with ledger { fetch "/b" } }
            |                           ---------- it waits here
            = wait before taking the lock, and hold it only to read and write
        "#]],
    );
    fires(
        "lock ledger\nfn slow() { sleep 2s }\nscope { task { with ledger { slow() } }  task { with ledger { log 1 } } }",
        expect![[r#"
            W07: `ledger` is held across a slow wait: meanwhile all others stand in line
            | scope { task { with ledger { slow() } }  task { with ledger { log 1 } } }
            |                ^^^^^^^^^^^
            | fn slow() { sleep 2s }
            |             -------- it waits here
            = wait before taking the lock, and hold it only to read and write
        "#]],
    );
    fires(
        "lock ledger\nfor i in 1 to 3 { task { with ledger { scope { for k in 1 to 2 { task { offload 1s } } } } } }",
        expect![[r#"
            W07: `ledger` is held across a slow wait: meanwhile all others stand in line
            | for i in 1 to 3 { task { with ledger { scope { for k in 1 to 2 { task { offload 1s } } } } } }
            |                          ^^^^^^^^^^^
            | for i in 1 to 3 { task { with ledger { scope { for k in 1 to 2 { task { offload 1s } } } } } }
            |                                                                         ---------- it waits here
            = wait before taking the lock, and hold it only to read and write
        "#]],
    );
    quiet(
        "W07",
        &[
            "lock ledger\nwith ledger { offload 1s }",
            "lock ledger\nfn f() { with ledger { sleep 50ms } }\nf()",
            "lock ledger\nfn f() { with ledger { timeout 1s { offload 1s } else { } } }\nf()",
            "lock ledger\nfn f() { offload 1s  with ledger { log 1 } }\nf()",
            "limiter one = 1\nfn f() { with one { offload 1s } }\nf()",
            "lock ledger\nfn f() { with ledger { task { offload 1s } } }\nf()",
        ],
    );
}

#[test]
fn a_queue_whose_items_are_never_done() {
    fires(
        "queue jobs\nscope {\n  let w = task { for job in jobs { log job } }\n  put jobs 1\n  join jobs\n  cancel w\n}",
        expect![[r#"
            W09: nothing says `done jobs`: what waits in `join jobs` waits for ever
            |   let w = task { for job in jobs { log job } }
            |                  ^^^^^^^^^^^^^^^
            |   join jobs
            |   --------- this waits until each item is done
            = say `done jobs` after each item
        "#]],
    );
    quiet(
        "W09",
        &[
            "queue jobs\nput jobs 1\nlet x = take jobs\ndone jobs\njoin jobs",
            "queue jobs\nfn end() { done jobs }\nput jobs 1\nlet x = take jobs\nend()\njoin jobs",
            "queue jobs\nput jobs 1\nlet x = take jobs",
            "queue jobs\njoin jobs\nlet x = take jobs",
            "queue a\nqueue b\nput a 1\nlet x = take a\ndone a\njoin a\nput b 1\nlet y = take b",
        ],
    );
}

#[test]
fn a_catch_all_that_hides_a_timeout() {
    fires(
        "try { timeout 1s { sleep 2s } }\ncatch * { log \"failed\" }",
        expect![[r#"
        W10: this hides a timeout among all other errors
        | catch * { log "failed" }
        | ^^^^^^^
        | try { timeout 1s { sleep 2s } }
        |       ---------- this raises `Timeout`
        = put `catch Timeout { }` before it, or name what it takes: `catch * as e`
    "#]],
    );
    fires(
        "scope s {\n  for i in 1 to 3 { task { timeout 1s { sleep 2s } } }\n}\ncatch ValueError { }\ncatch * { log \"failed\" }",
        expect![[r#"
            W10: this hides a timeout among all other errors
            | catch * { log "failed" }
            | ^^^^^^^
            |   for i in 1 to 3 { task { timeout 1s { sleep 2s } } }
            |                            ---------- this raises `Timeout`
            = put `catch Timeout { }` before it, or name what it takes: `catch * as e`
        "#]],
    );
    fires(
        "task a { timeout 1s { sleep 2s } }\ncatch * { }",
        expect![[r#"
        W10: this hides a timeout among all other errors
        | catch * { }
        | ^^^^^^^
        | task a { timeout 1s { sleep 2s } }
        |          ---------- this raises `Timeout`
        = put `catch Timeout { }` before it, or name what it takes: `catch * as e`
    "#]],
    );
    quiet(
        "W10",
        &[
            "try { timeout 1s { sleep 2s } }\ncatch * as e { log \"{e}\" }",
            "try { timeout 1s { sleep 2s } }\ncatch Timeout { }\ncatch * { }",
            "try { timeout 1s { sleep 2s } }\ncatch ValueError { }",
            "try { timeout 1s { sleep 2s } else { } }\ncatch * { }",
            "try { timeout 1s { sleep 2s } }\ncatch * { raise }",
            "try { timeout 1s { sleep 2s }\ncatch Timeout { } }\ncatch * { }",
            "try { task { timeout 1s { sleep 2s } } }\ncatch * { }",
            "try { sleep 2s }\ncatch * { }",
        ],
    );
}

#[test]
fn a_retry_in_vain() {
    fires(
        "retry 3 backoff 1s { log \"try\"  fail Boom \"always\" }",
        expect![[r#"
        W11: each attempt fails, so that trying again cannot help
        | retry 3 backoff 1s { log "try"  fail Boom "always" }
        | ^^^^^^^^^^^^^^^^^^
        | retry 3 backoff 1s { log "try"  fail Boom "always" }
        |                                 ------------------ this fails every time
        = retry what may go well the next time, and let other errors leave at once
    "#]],
    );
    fires(
        "retry 3 { timeout 1s { log \"try\"  sleep 2s..3s } }",
        expect![[r#"
        W11: each attempt fails, so that trying again cannot help
        | retry 3 { timeout 1s { log "try"  sleep 2s..3s } }
        | ^^^^^^^
        | retry 3 { timeout 1s { log "try"  sleep 2s..3s } }
        |           ---------- this fails every time
        = retry what may go well the next time, and let other errors leave at once
    "#]],
    );
    fires(
        "fn refuse(n) { if n > 1 { fail A } else { fail B } }\nretry 3 { scope { refuse(1) } }",
        expect![[r#"
            W11: each attempt fails, so that trying again cannot help
            | retry 3 { scope { refuse(1) } }
            | ^^^^^^^
            | retry 3 { scope { refuse(1) } }
            |                   --------- this fails every time
            = retry what may go well the next time, and let other errors leave at once
        "#]],
    );
    quiet(
        "W11",
        &[
            "let n = 0\nretry 3 { n = n + 1  if n < 3 { fail Boom } }",
            "retry 3 { timeout 1s { sleep 500ms } }",
            "retry 3 { timeout 1s { sleep 500ms..2s } }",
            "retry 3 { timeout 1s { sleep 2s } else { } }",
            "retry 3 { try { fail A } catch A { } }",
            "fn f() { retry 3 { if now() > 1s { return 1 }  fail A } }\nf()",
            "fn f(n) { if n == 0 { return 1 }  fail A }\nretry 3 { f(0) }",
            "fn f(n) { f(n) }\nretry 3 { f(0) }",
            "retry 3 { scope { task { fail A } } }",
        ],
    );
}
