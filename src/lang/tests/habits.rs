//! What newcomers write out of habit: one report each, with what to write here, and nothing else said because of it.

use expect_test::expect;

use super::said::check;

#[test]
fn a_function_as_python_has_it() {
    check(
        "async def fetch_user(name: str, n: int) -> str:\n    await asyncio.sleep(1)\n    if n == 1:\n        return name\n    elif n == 2: return name\n    else:\n        pass\n\nfetch_user(\"a\", 1)",
        expect![[r#"
            E044: `async` is of another language
            | async def fetch_user(name: str, n: int) -> str:
            | ^^^^^
            = every function may wait; leave it out -> "def fetch_user(name: str, n: int) -> str:"
            E044: `def` is of another language
            | async def fetch_user(name: str, n: int) -> str:
            |       ^^^
            = write `fn name() { }` -> "async fn fetch_user(name: str, n: int) -> str:"
            E044: `: str` is of another language
            | async def fetch_user(name: str, n: int) -> str:
            |                          ^^^^^
            = there are no types to declare; leave it out -> "async def fetch_user(name, n: int) -> str:"
            E044: `: int` is of another language
            | async def fetch_user(name: str, n: int) -> str:
            |                                  ^^^^^
            = there are no types to declare; leave it out -> "async def fetch_user(name: str, n) -> str:"
            E044: `-> str` is of another language
            | async def fetch_user(name: str, n: int) -> str:
            |                                         ^^^^^^
            = there are no types to declare; leave it out -> "async def fetch_user(name: str, n: int) :"
            E041: a block stands in braces, not behind a `:`
            | async def fetch_user(name: str, n: int) -> str:
            |                                               ^
            = put the block into braces -> "async def fetch_user(name: str, n: int) -> str {"
            E040: there are no methods: nothing has a `.sleep(…)`
            |     await asyncio.sleep(1)
            |           ^^^^^^^^^^^^^^^^
            = write `sleep 1s`
            E041: a block stands in braces, not behind a `:`
            |     if n == 1:
            |              ^
            = put the block into braces -> "if n == 1 {"
            E044: `elif` is of another language
            |     elif n == 2: return name
            |     ^^^^
            = write `else if` -> "else if n == 2: return name"
            E041: a block stands in braces, not behind a `:`
            |     elif n == 2: return name
            |                ^
            = put the block into braces -> "elif n == 2 { return name }"
            E041: a block stands in braces, not behind a `:`
            |     else:
            |         ^
            = put the block into braces -> "else {"
            E020: nothing is called `pass` here
            |         pass
            |         ^^^^
            = an empty block is `{ }`
        "#]],
    );
}

#[test]
fn handlers_as_python_has_them() {
    check(
        "try:\n  fail ValueError(\"bad\")\nexcept ValueError as e:\n  print(f\"{e}\")\nexcept:\n  raise KeyError(\"x\")",
        expect![[r#"
            E041: a block stands in braces, not behind a `:`
            | try:
            |    ^
            = put the block into braces -> "try {"
            E044: `except` is of another language
            | except ValueError as e:
            | ^^^^^^
            = write `catch` -> "catch ValueError as e:"
            E041: a block stands in braces, not behind a `:`
            | except ValueError as e:
            |                       ^
            = put the block into braces -> "except ValueError as e {"
            E044: `f` is of another language
            |   print(f"{e}")
            |         ^
            = every text knows `{x}` and `\n`; leave it out -> "print(\"{e}\")"
            E044: `except` is of another language
            | except:
            | ^^^^^^
            = write `catch` -> "catch:"
            E010: expected an error kind or `*`, found `:`
            | except:
            |       ^
            = `*` takes every error -> "except *:"
            E041: a block stands in braces, not behind a `:`
            | except:
            |       ^
            = put the block into braces -> "except {"
            E044: `raise` sends on an error that is there; a new one is raised by `fail`
            |   raise KeyError("x")
            |   ^^^^^
            = write `fail` -> "fail KeyError(\"x\")"
            E024: there is no function `print`
            |   print(f"{e}")
            |   ^^^^^
            = write `log "text {x}"`
        "#]],
    );
}

#[test]
fn a_task_group_as_python_has_it() {
    check(
        "async with asyncio.TaskGroup() as tg:\n  tg.create_task(work_on(1))\nlog \"on\"",
        expect![[r#"
        E044: `async` is of another language
        | async with asyncio.TaskGroup() as tg:
        | ^^^^^
        = every function may wait; leave it out -> "with asyncio.TaskGroup() as tg:"
        E040: there are no methods: nothing has a `.TaskGroup(…)`
        | async with asyncio.TaskGroup() as tg:
        |            ^^^^^^^^^^^^^^^^^^^
        = write `scope name { task a { }  task b { } }`
        E041: a block stands in braces, not behind a `:`
        | async with asyncio.TaskGroup() as tg:
        |                                     ^
        = put the block into braces -> "async with asyncio.TaskGroup() as tg {"
        E040: there are no methods: nothing has a `.create_task(…)`
        |   tg.create_task(work_on(1))
        |   ^^^^^^^^^^^^^^^^^^^^^^^^^^
        = write `task name { }`
    "#]],
    );
}

#[test]
fn a_range_as_python_has_it() {
    check(
        "for i in range(2, 5):\n  log i\nfor i in range(len([1])) { log i }",
        expect![[r#"
        E041: a block stands in braces, not behind a `:`
        | for i in range(2, 5):
        |                     ^
        = put the block into braces -> "for i in range(2, 5) {"
        E024: there is no function `range`
        | for i in range(2, 5):
        |          ^^^^^
        = both ends count in `for i in 0 to 4` -> "for i in 2 to 4:"
        E024: there is no function `range`
        | for i in range(len([1])) { log i }
        |          ^^^^^
        = both ends count in `for i in 0 to 4`
    "#]],
    );
}

#[test]
fn words_of_other_languages() {
    check(
        "import asyncio\nasyncio.run(main())\nasync { sleep 1s }\nconst x = 1\nlet mut y = 2\nthrow Boom \"x\"\nprint \"{x} {y}\"",
        expect![[r#"
            E044: `import` is of another language
            | import asyncio
            | ^^^^^^
            = there is nothing to import
            E040: there are no methods: nothing has a `.run(…)`
            | asyncio.run(main())
            | ^^^^^^^^^^^^^^^^^^^
            = the top level is the main task: write what it does there
            E044: `async` is of another language
            | async { sleep 1s }
            | ^^^^^
            = write `task name { }` -> "task { sleep 1s }"
            E044: `const` is of another language
            | const x = 1
            | ^^^^^
            = write `let` -> "let x = 1"
            E044: `mut` is of another language
            | let mut y = 2
            |     ^^^
            = every variable can be assigned to; leave it out -> "let y = 2"
            E044: `throw` is of another language
            | throw Boom "x"
            | ^^^^^
            = write `fail Kind "message"` -> "fail Boom \"x\""
            E044: `print` is of another language
            | print "{x} {y}"
            | ^^^^^
            = write `log` -> "log \"{x} {y}\""
        "#]],
    );
}

#[test]
fn values_and_texts() {
    check(
        "let a = True\nlet b = None\nlet c = nil\nlog 'it is \"{a}\" {b}'\nlog \u{201c}x\u{201d}\nlog f\"{a}\"\nlog pass",
        expect![[r#"
            E044: `True` is of another language
            | let a = True
            |         ^^^^
            = write `true` -> "let a = true"
            E044: `None` is of another language
            | let b = None
            |         ^^^^
            = write `none` -> "let b = none"
            E003: texts stand in double quotes
            | log 'it is "{a}" {b}'
            |     ^^^^^^^^^^^^^^^^^
            = write double quotes -> "log \"it is \\\"{a}\\\" {b}\""
            E003: texts stand in double quotes
            | log “x”
            |     ^^^
            = write double quotes -> "log \"x\""
            E044: `f` is of another language
            | log f"{a}"
            |     ^
            = every text knows `{x}` and `\n`; leave it out -> "log \"{a}\""
            E020: nothing is called `nil` here
            | let c = nil
            |         ^^^
            = write `none` -> "let c = none"
            E020: nothing is called `pass` here
            | log pass
            |     ^^^^
            = an empty block is `{ }`
        "#]],
    );
}

#[test]
fn lengths_and_declarations() {
    check(
        "let a = 5 * s\nsleep 1 s\nsleep 0.5\nsleep (1)\nlet b: int = 1\nc := 2\nlog \"{a}{b}{c}\"",
        expect![[r#"
            E007: the unit `s` stands close to its number
            | sleep 1 s
            |       ^^^
            = write them as one word -> "sleep 1s"
            E044: `: int` is of another language
            | let b: int = 1
            |      ^^^^^
            = there are no types to declare; leave it out -> "let b = 1"
            E044: `:=` is of another language
            | c := 2
            |   ^^
            = a variable is declared with `let` -> "let c = 2"
            E020: nothing is called `s` here
            | let a = 5 * s
            |             ^
            = a unit stands close to its number: `1s`
            E027: expected a length of time, found a fraction
            | sleep 0.5
            |       ^^^
            = as seconds: add `s` -> "sleep 0.5s"
            = as milliseconds: add `ms` -> "sleep 0.5ms"
            E027: expected a length of time, found a whole number
            | sleep (1)
            |       ^^^
        "#]],
    );
}

#[test]
fn signs_of_other_languages() {
    check(
        "let x = 1\nif x = 1 && x === 1 || !(x <> 2) { log \"a\"; log \"b\" }\nx += 2\nx++\nlet y = x > 1 ? 2 : 3\nlet z = 1 if x else 2\nif 1 in [1] { }",
        expect![[r#"
            E043: `=` assigns; what compares is `==`
            | if x = 1 && x === 1 || !(x <> 2) { log "a"; log "b" }
            |      ^
            = write `==` -> "if x == 1 && x === 1 || !(x <> 2) { log \"a\"; log \"b\" }"
            E003: `&&` means nothing here
            | if x = 1 && x === 1 || !(x <> 2) { log "a"; log "b" }
            |          ^^
            = write `and` -> "if x = 1 and x === 1 || !(x <> 2) { log \"a\"; log \"b\" }"
            E003: `===` means nothing here
            | if x = 1 && x === 1 || !(x <> 2) { log "a"; log "b" }
            |               ^^^
            = write `==` -> "if x = 1 && x == 1 || !(x <> 2) { log \"a\"; log \"b\" }"
            E003: `||` means nothing here
            | if x = 1 && x === 1 || !(x <> 2) { log "a"; log "b" }
            |                     ^^
            = write `or` -> "if x = 1 && x === 1 or !(x <> 2) { log \"a\"; log \"b\" }"
            E003: `!` means nothing here
            | if x = 1 && x === 1 || !(x <> 2) { log "a"; log "b" }
            |                        ^
            = write `not` -> "if x = 1 && x === 1 || not (x <> 2) { log \"a\"; log \"b\" }"
            E003: `<>` means nothing here
            | if x = 1 && x === 1 || !(x <> 2) { log "a"; log "b" }
            |                            ^^
            = write `!=` -> "if x = 1 && x === 1 || !(x != 2) { log \"a\"; log \"b\" }"
            E003: `;` means nothing here
            | if x = 1 && x === 1 || !(x <> 2) { log "a"; log "b" }
            |                                           ^
            = statements end at the end of the line -> "if x = 1 && x === 1 || !(x <> 2) { log \"a\""
            E045: there is no `+=`
            | x += 2
            |   ^^
            = write it out -> "x = x + 2"
            E045: there is no `++`
            | x++
            |  ^^
            = write it out -> "x = x + 1"
            E003: `?` means nothing here
            | let y = x > 1 ? 2 : 3
            |               ^
            = write `if a { x = 1 } else { x = 2 }`
            E010: expected `{`, found `else`
            | let z = 1 if x else 2
            |                ^^^^
            = `if` is a statement: `if a { x = 1 } else { x = 2 }`
            E010: expected `{`, found `in`
            | if 1 in [1] { }
            |      ^^
            = nothing says whether a list has an item; go through it with `for`
            E027: `and` does not go between a whole number and true or false
            | if x = 1 && x === 1 || !(x <> 2) { log "a"; log "b" }
            |        ^^^^^^^^^^^^
            E027: expected true or false, found a whole number
            | if 1 in [1] { }
            |    ^
        "#]],
    );
}

#[test]
fn comments_of_other_languages() {
    check(
        "// a comment\nlog \"a\" // and another\nlog 7 // 2\n/* one more */\nlog 1 // nothing here",
        expect![[r##"
            E042: a comment begins with `#`
            | // a comment
            | ^^
            = write `#` -> "# a comment"
            E042: a comment begins with `#`
            | log "a" // and another
            |         ^^
            = write `#` -> "log \"a\" # and another"
            E042: a comment begins with `#`
            | /* one more */
            | ^^
            = write `#` -> "# one more */"
            E042: a comment begins with `#`
            | log 1 // nothing here
            |       ^^
            = write `#` -> "log 1 # nothing here"
        "##]],
    );
}

#[test]
fn methods() {
    check(
        "queue q\nlock l\nlet xs = []\nq.put(1)\nlet x = q.get()\nawait q.join()\nl.acquire()\nxs.append(2)\nxs.frobnicate()\nf(1)(2)",
        expect![[r#"
            E040: there are no methods: nothing has a `.put(…)`
            | q.put(1)
            | ^^^^^^^^
            = write `put q x`
            E040: there are no methods: nothing has a `.get(…)`
            | let x = q.get()
            |         ^^^^^^^
            = write `take q`
            E040: there are no methods: nothing has a `.join(…)`
            | await q.join()
            |       ^^^^^^^^
            = write `join q`, or `await q`
            E040: there are no methods: nothing has a `.acquire(…)`
            | l.acquire()
            | ^^^^^^^^^^^
            = write `with l { }`
            E040: there are no methods: nothing has a `.append(…)`
            | xs.append(2)
            | ^^^^^^^^^^^^
            = write `xs = xs + [x]`
            E040: there are no methods: nothing has a `.frobnicate(…)`
            | xs.frobnicate()
            | ^^^^^^^^^^^^^^^
            = a function is called by its name: `f(x)`; an action by its word: `put jobs x`
            E010: only a name can be called
            | f(1)(2)
            | ^^^^
            E024: there is no function `f`
            | f(1)(2)
            | ^
        "#]],
    );
}

#[test]
fn await_is_for_tasks() {
    check(
        "fn work_on(n) { sleep 1s  log \"{n}\" }\nfn start() { return task { sleep 1s } }\nfn pass_on(h) { return h }\nfn maybe(n) { if n > 1 { return 1 }\nreturn start() }\nawait work_on(1)\nlet x = await work_on(2)\nawait start()\nawait pass_on(start())\nawait maybe(2)\nawait sleep 1s\nlet y = await fetch \"/a\"\nawait await sleep 1s",
        expect![[r#"
            E046: `sleep` waits by itself
            | await sleep 1s
            | ^^^^^^
            = leave `await` out -> "sleep 1s"
            E046: `fetch` waits by itself
            | let y = await fetch "/a"
            |         ^^^^^^
            = leave `await` out -> "let y = fetch \"/a\""
            E046: `await` waits by itself
            | await await sleep 1s
            | ^^^^^^
            = leave `await` out -> "await sleep 1s"
            E046: `sleep` waits by itself
            | await await sleep 1s
            |       ^^^^^^
            = leave `await` out -> "await sleep 1s"
            E046: `work_on` gives no task: its call waits by itself, and `await` is for tasks
            | await work_on(1)
            | ^^^^^^^^^^^^^^^^
            = leave `await` out -> "work_on(1)"
            E046: `work_on` gives no task: its call waits by itself, and `await` is for tasks
            | let x = await work_on(2)
            |         ^^^^^^^^^^^^^^^^
            = leave `await` out -> "let x = work_on(2)"
            W05: this request has no timeout around it
            | let y = await fetch "/a"
            |         ^^^^^^^^^^^^^^^^
            = put it into `timeout 5s { }`
        "#]],
    );
}

#[test]
fn braces_and_brackets() {
    check(
        "scope s\n{\n  task a\n  { log 1 }\n}\nfn f { }\nlog max(1 2)\nlet xs = [1, 2\nlog f(1\nlog \"on\"",
        expect![[r#"
            E047: a block begins on the line of its statement
            | {
            | ^
            = move the brace up -> "scope s {"
            E047: a block begins on the line of its statement
            |   { log 1 }
            |   ^
            = move the brace up -> "task a { log 1 }"
            E010: expected `(`, found `{`
            | fn f { }
            |      ^
            = write `()` -> "fn f() { }"
            E010: expected `,`, found `2`
            | log max(1 2)
            |           ^
            = write `,` -> "log max(1, 2)"
            E012: this `[` is never closed
            | let xs = [1, 2
            |          ^
            = add the missing `]`
            E012: this `(` is never closed
            | log f(1
            |      ^
            = add the missing `)`
            E025: `f` takes no arguments, found 1
            | log f(1
            |     ^^^
            | fn f { }
            |    - declared here
        "#]],
    );
}

#[test]
fn labels_limits_and_calls() {
    check(
        "task f(1)\ntask my-task { }\nlet My_name = 1\nwith lock l { }\ngather(f(), f())\nretry { log 1 }\nlimiter a: 3\nlimiter b 3\nlimiter c(3)\nlock l\nfn f(x) { log x }",
        expect![[r#"
            E010: expected `{`, found `(`
            | task f(1)
            |       ^
            = a task has a name and a block -> "task f { f(1) }"
            E010: expected `{`, found `-`
            | task my-task { }
            |        ^
            = in quotes it is a name -> "task \"my-task\" { }"
            E008: error kinds are written without `_`: `My_name`
            | let My_name = 1
            |     ^^^^^^^
            = write `Myname` -> "let Myname = 1"
            E008: names are lower case: `My_name`
            | let My_name = 1
            |     ^^^^^^^
            = write `my_name` -> "let my_name = 1"
            E015: `lock` stands only where it is declared
            | with lock l { }
            |      ^^^^
            = its name is enough -> "with l { }"
            E010: expected `{`, found `(`
            | gather(f(), f())
            |       ^
            = write `gather { task a { }  task b { } }`
            E010: expected an expression, found `{`
            | retry { log 1 }
            |       ^
            = say how often -> "retry 3 { log 1 }"
            E010: expected `=`, found `:`
            | limiter a: 3
            |          ^
            = write `=` -> "limiter a = 3"
            E010: expected `=`, found `3`
            | limiter b 3
            |           ^
            = write `=` -> "limiter b = 3"
            E010: expected `=`, found `(`
            | limiter c(3)
            |          ^
            = write `=` -> "limiter c= (3)"
            W02: `gather` lets siblings run on when one fails; a `scope` would cancel them
            | gather(f(), f())
            | ^^^^^^
            = use a `scope` with tasks, and `await` what they give
        "#]],
    );
}

#[test]
fn errors_without_a_kind() {
    check(
        "fail \"boom\"\ntry { }\ncatch value_error { }\ntry { fail bad_luck }\ncatch { }",
        expect![[r#"
        E010: expected an error kind such as `ValueError`, found a text
        | fail "boom"
        |      ^
        = say what kind of error it is -> "fail Failed \"boom\""
        E010: expected an error kind or `*`, found `value_error`
        | catch value_error { }
        |       ^^^^^^^^^^^
        = write `ValueError` -> "catch ValueError { }"
        E010: expected an error kind such as `ValueError`, found `bad_luck`
        | try { fail bad_luck }
        |            ^^^^^^^^
        = write `BadLuck` -> "try { fail BadLuck }"
        E010: expected an error kind or `*`, found `{`
        | catch { }
        |       ^
        = `*` takes every error -> "catch * { }"
    "#]],
    );
}

#[test]
fn a_clause_for_a_kind_that_nothing_raises() {
    check(
        "try { fail OutOfStock }\ncatch OutOfStok { }\ncatch Timout { }\ncatch Whatever { }\ncatch OutOfStock { }",
        expect![[r#"
            W13: nothing raises `OutOfStok`, so that this clause never runs
            | catch OutOfStok { }
            |       ^^^^^^^^^
            = did you mean `OutOfStock`? -> "catch OutOfStock { }"
            W13: nothing raises `Timout`, so that this clause never runs
            | catch Timout { }
            |       ^^^^^^
            = did you mean `Timeout`? -> "catch Timeout { }"
        "#]],
    );
}
