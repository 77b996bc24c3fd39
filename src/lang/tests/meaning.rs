//! What the checker says about a text that could be read.

use expect_test::expect;

use super::said::check;

#[test]
fn names_that_nothing_has() {
    check(
        "let total = 1\nlog \"{totl}\"\nlog after\nlet after = 2\ntotal = nothing",
        expect![[r#"
        E020: nothing is called `totl` here
        | log "{totl}"
        |       ^^^^
        = did you mean `total`? -> "log \"{total}\""
        E021: `after` is used before its `let`
        | log after
        |     ^^^^^
        | let after = 2
        |     ----- declared here
        = move the `let` before this use
        E020: nothing is called `nothing` here
        | total = nothing
        |         ^^^^^^^
    "#]],
    );
    check(
        "with api { }\nlimiter apo = 1\nqueue jobs\nwith jobs { }\nwait apo\nput jbs 1",
        expect![[r#"
        E020: `api` is not declared; expected a limiter, lock, resource or pool
        | with api { }
        |      ^^^
        = did you mean `apo`? -> "with apo { }"
        E023: `jobs` is a queue; expected a limiter, lock, resource or pool
        | with jobs { }
        |      ^^^^
        | queue jobs
        |       ---- declared here
        = a queue is used with `put`, `take`, `done`, `join` and `close`
        E023: `apo` is a limiter; expected an event or a barrier
        | wait apo
        |      ^^^
        | limiter apo = 1
        |         --- declared here
        = hold it for a block: `with`
        E020: `jbs` is not declared; expected a queue
        | put jbs 1
        |     ^^^
        = did you mean `jobs`? -> "put jobs 1"
    "#]],
    );
}

#[test]
fn names_twice() {
    check(
        "limiter a = 1\nlock a\nlet a = 2\nlet b = 1\nlet b = 2\nfn len() { }\nlog a",
        expect![[r#"
        E022: the name `a` is taken by a limiter
        | lock a
        |      ^
        | limiter a = 1
        |         - first declared here
        E022: the name `a` is taken by a limiter
        | let a = 2
        |     ^
        | limiter a = 1
        |         - first declared here
        E022: the name `b` is taken by a variable of this block
        | let b = 2
        |     ^
        | let b = 1
        |     - first declared here
        E022: the name `len` is taken by a built-in function
        | fn len() { }
        |    ^^^
    "#]],
    );
}

#[test]
fn calls() {
    check(
        "fn f(a, b) { return a }\nf(1)\ng(1)\nlet x = f\nlen()\nmin()\noffload prime(3)",
        expect![[r#"
        E025: `f` takes 2 arguments, found 1
        | f(1)
        | ^^^^
        | fn f(a, b) { return a }
        |    - declared here
        E024: there is no function `g`
        | g(1)
        | ^
        E023: `f` is a function, not a value
        | let x = f
        |         ^
        | fn f(a, b) { return a }
        |    - declared here
        E025: `len` takes 1 argument, found 0
        | len()
        | ^^^^^
        E025: `min` takes at least one argument, found 0
        | min()
        | ^^^^^
        E024: the workers know no function `prime`
        | offload prime(3)
        |         ^^^^^
        = did you mean `primes`? -> "offload primes(3)"
    "#]],
    );
}

#[test]
fn types() {
    check(
        "sleep 5\nlog 1 + \"a\"\nif 1 { }\nawait 3\nlog -\"x\"",
        expect![[r#"
        E027: expected a length of time, found a whole number
        | sleep 5
        |       ^
        = as seconds: add `s` -> "sleep 5s"
        = as milliseconds: add `ms` -> "sleep 5ms"
        E027: `+` does not go between a whole number and a text
        | log 1 + "a"
        |     ^^^^^^^
        = write the value into the text: `"… {x}"`, or use `str(x)`
        E027: expected true or false, found a whole number
        | if 1 { }
        |    ^
        E027: expected a task, found a whole number
        | await 3
        |       ^
        E027: `-` does not go before a text
        | log -"x"
        |     ^^^^
    "#]],
    );
    check(
        "let e = 1s\nlog e.kind\nlog 1.lenth\nlog [1][\"a\"]\nlog 1s * 2 + 3",
        expect![[r#"
        E026: a length of time has no field `kind`
        | log e.kind
        |       ^^^^
        E026: nothing has a field `lenth`
        | log 1.lenth
        |       ^^^^^
        E027: expected a whole number, found a text
        | log [1]["a"]
        |         ^^^
        E027: `+` does not go between a length of time and a whole number
        | log 1s * 2 + 3
        |     ^^^^^^^^^^
    "#]],
    );
    check("let x = 1\nx = \"now anything\"\nlog x + 1\nlog x + \"a\"", expect![[""]]);
}

#[test]
fn leaving_what_is_not_there() {
    check(
        "break\nfor i in 1 to 2 { task { continue } }\nreturn 1\nraise",
        expect![[r#"
        E030: `break` outside a loop
        | break
        | ^^^^^
        E030: `continue` outside a loop
        | for i in 1 to 2 { task { continue } }
        |                          ^^^^^^^^
        E031: `return` outside a function or task
        | return 1
        | ^^^^^^
        = a block ends at its brace; move this into a `fn` or a `task`
        E032: `raise` without an error outside a `catch`
        | raise
        | ^^^^^
        = write `raise e`, or `fail Kind "message"`
    "#]],
    );
}

#[test]
fn blocks_that_hold_only_some_things() {
    check(
        "race { sleep 1s task a { } }\nrace { }",
        expect![[r#"
        E033: a `race` holds only tasks
        | race { sleep 1s task a { } }
        |        ^^^^^^^^
        = put it into a `task name { }`
        E033: a `race` without a task
        | race { }
        |      ^^^
    "#]],
    );
    check(
        "if true { fn f() { } at 1s { } }\nseed 1\nseed 2\nseed 1 + 1",
        expect![[r#"
        E034: `fn` stands at the top level only
        | if true { fn f() { } at 1s { } }
        |           ^^
        E034: `at` stands at the top level only
        | if true { fn f() { } at 1s { } }
        |                      ^^
        = it comes from outside; inside a task, use `sleep`
        E035: `seed` is said twice
        | seed 2
        | ^^^^^^
        | seed 1
        | ------ first said here
        E035: `seed` is said twice
        | seed 1 + 1
        | ^^^^^^^^^^
        | seed 1
        | ------ first said here
        E028: the seed is settled before the run begins, so it must be constant
        | seed 1 + 1
        |      ^^^^^
        = use a number, or a `let` at the top level above it that never changes
    "#]],
    );
}

#[test]
fn leaving_a_finally() {
    check(
        "fn f() { try { } finally { return 1 } }\nfor i in 1 to 2 { try { } finally { break } }",
        expect![[r#"
            E037: `return` cannot leave a `finally`
            | fn f() { try { } finally { return 1 } }
            |                            ^^^^^^
            E037: `break` cannot leave a `finally`
            | for i in 1 to 2 { try { } finally { break } }
            |                                     ^^^^^
        "#]],
    );
}

#[test]
fn facts_of_the_whole_run() {
    check(
        "log elapsed\nfn f() { return 1s }\nexpect elapsed == f()\nexpect peak(q) == 1",
        expect![[r#"
        E036: `elapsed` is known only when the run has ended
        | log elapsed
        |     ^^^^^^^
        = use it in an `expect` at the end of the file
        E036: an expectation over the whole run cannot call a function of the scenario
        | expect elapsed == f()
        |                   ^^^
        = `let` the result first
        E020: `q` is not declared; expected a limiter, lock, resource or pool
        | expect peak(q) == 1
        |             ^
        = declare it at the top level: `limiter q = 3`
    "#]],
    );
}

#[test]
fn declarations_are_constant() {
    check(
        "let n = 2\nlimiter a = n * 2\nlet m = 1\nm = 2\nlimiter b = m\nlimiter c = later\nlet later = 1",
        expect![[r#"
            E028: the number of permits is settled before the run begins, so it must be constant
            | limiter b = m
            |             ^
            = use a number, or a `let` at the top level above it that never changes
            E021: `later` is used before its `let`
            | limiter c = later
            |             ^^^^^
            | let later = 1
            |     ----- declared here
            = move the `let` before this use
        "#]],
    );
    check(
        "workers = 0\nlimiter a = -1\nbarrier b = 0\nqueue q = 1s\nlimiter r = 1 per 0s, 2, 3",
        expect![[r#"
            E010: a limiter has one number of permits and one rate
            | limiter r = 1 per 0s, 2, 3
            |                          ^
            E029: the number of workers must be more than 0
            | workers = 0
            |           ^
            E029: the number of permits must be 0 or more
            | limiter a = -1
            |             ^^
            E029: the size of a barrier must be more than 0
            | barrier b = 0
            |             ^
            E027: expected a whole number, found a length of time
            | queue q = 1s
            |           ^^
            E029: the window of a rate must be more than 0
            | limiter r = 1 per 0s, 2, 3
            |                   ^^
        "#]],
    );
}

#[test]
fn warnings() {
    check(
        "detach audit { }\ngather { task a { } }\nwork 51ms\nwork 50ms\nlet all = gather keep { task a { } }",
        expect![[r#"
            W01: this task leaks: no scope waits for it, and its errors reach nobody
            | detach audit { }
            | ^^^^^^^^^^^^
            = use `task` inside a `scope`
            W02: `gather` lets siblings run on when one fails; a `scope` would cancel them
            | gather { task a { } }
            | ^^^^^^
            = use a `scope` with tasks, and `await` what they give
            W03: this blocks the event loop: nothing else runs meanwhile
            | work 51ms
            | ^^^^^^^^^
            = hand it to a worker: `offload`
            W02: `gather keep` leaves errors in a list; a `scope` that collects would raise them
            | let all = gather keep { task a { } }
            |           ^^^^^^^^^^^
            = use `scope name collect { }`, and catch the group
        "#]],
    );
    check(
        "timeout 1s { task a { } scope { task b { } } }",
        expect![[r#"
        W12: this task is not bound by the timeout: it belongs to the scope outside it
        | timeout 1s { task a { } scope { task b { } } }
        |              ^^^^^^
        | timeout 1s { task a { } scope { task b { } } }
        | ---------- this timeout bounds only its own body
        = put a `scope` inside the timeout, and the task into it
    "#]],
    );
}

#[test]
fn a_fetch_needs_a_timeout_on_every_way_to_it() {
    check("fn get() { fetch \"/a\" }\ntimeout 1s { get() }", expect![[""]]);
    check(
        "fn get() { fetch \"/a\" }\ntimeout 1s { get() }\nget()",
        expect![[r#"
        W05: this request has no timeout around it
        | fn get() { fetch "/a" }
        |            ^^^^^^^^^^
        = put it into `timeout 5s { }`
    "#]],
    );
    check("timeout 1s { scope { task a { fetch \"/a\" } } }", expect![[""]]);
    check(
        "scope { timeout 1s { task a { fetch \"/a\" } } }",
        expect![[r#"
        W12: this task is not bound by the timeout: it belongs to the scope outside it
        | scope { timeout 1s { task a { fetch "/a" } } }
        |                      ^^^^^^
        | scope { timeout 1s { task a { fetch "/a" } } }
        |         ---------- this timeout bounds only its own body
        = put a `scope` inside the timeout, and the task into it
        W05: this request has no timeout around it
        | scope { timeout 1s { task a { fetch "/a" } } }
        |                               ^^^^^^^^^^
        = put it into `timeout 5s { }`
    "#]],
    );
    check("fn nobody_calls() { fetch \"/a\" }", expect![[""]]);
}

#[test]
fn a_fan_out_needs_a_limiter() {
    let wrap = |inner: &str| {
        format!(
            "limiter api = 2\nlet urls = [\"/a\"]\nfn get(u) {{ fetch u }}\ntimeout 1s {{ scope {{\n{inner}\n}} }}"
        )
    };
    check(
        &wrap("for i in 1 to 11 { task { get(\"/a\") } }"),
        expect![[r#"
        W06: nothing bounds how many of these tasks fetch at once
        | for i in 1 to 11 { task { get("/a") } }
        |                    ^^^^
        | fn get(u) { fetch u }
        |             ------- each fetches here
        = declare a `limiter` and hold it around the `fetch`: `with api { }`
    "#]],
    );
    let fine = [
        "for i in 1 to 10 { task { get(\"/a\") } }",
        "for u in urls { task { get(u) } }",
        "for i in 1 to 11 { task { with api { get(\"/a\") } } }",
        "for i in 1 to 11 { let h = task { get(\"/a\") }\nawait h }",
        "for i in 1 to 11 { scope { task { get(\"/a\") } } }",
    ];
    for inner in fine {
        check(&wrap(inner), expect![[""]]);
    }
}

#[test]
fn a_value_goes_stale_over_a_wait() {
    let body = |inner: &str| format!("lock safe\nlet total = 1\nfn sell() {{\n{inner}\n}}\nsell()");
    check(
        &body("let seen = total\nsleep 1s\ntotal = seen - 1"),
        expect![[r#"
        W08: `total` is written from what was read before a wait: what others wrote meanwhile is lost
        | total = seen - 1
        | ^^^^^
        | let seen = total
        |     ---- read here
        = declare a `lock` and hold it around both: `with ledger { }`
    "#]],
    );
    let fine = [
        "let seen = total\ntotal = seen - 1\nsleep 1s",
        "let seen = total\nsleep 1s\ntotal = total - 1",
        "with safe { let seen = total\nsleep 50ms\ntotal = seen - 1 }",
        "let own = 1\nlet seen = own\nsleep 1s\nown = seen - 1",
    ];
    for inner in fine {
        check(&body(inner), expect![[""]]);
    }
}
