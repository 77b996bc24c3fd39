//! What is read from a sound text.

use expect_test::{Expect, expect};

use super::{FIRST, dump};
use crate::lang::parse;

/// The tree of `text`, which must be sound.
fn check(text: &str, expected: Expect) {
    let (file, diagnostics) = parse(text);
    assert_eq!(diagnostics, [], "{text}");
    expected.assert_eq(&dump::file(&file));
}

#[test]
fn first_scenario() {
    check(
        FIRST,
        expect![[r#"
        scenario "Order dashboard"
        seed 7
        limiter api 2
        fn fetch_part (name delay)
          with api
            sleep delay
            log (text name " ready")
            return name
        timeout 3000000us
          scope "dashboard"
            task "user"
              (fetch_part "user" 400000us)
            task "orders"
              (fetch_part "orders" 1200000us)
            task "prefs"
              sleep 250000us
              fail ValueError "prefs are corrupt"
        catch ValueError as group
          log (text "lost: " group)
    "#]],
    );
}

#[test]
fn declarations() {
    check(
        r#"
limiter  api    = 3                        # at most three holders
limiter  quota  = 5 per 1s                 # rate: at most five starts in any second
limiter  both   = 3, 5 per 1s
lock     ledger
event    ready
barrier  line   = 3
queue    jobs   = 5                        # capacity; `queue jobs` is unbounded
queue    more
resource db { open { sleep 120ms } close { sleep 40ms } catch * { } }
resource plain {
  open { none }
}
pool     conns  = 2 of db, overflow 1      # connection pool
workers  = 2
fn name(a, b) { return a }
"#,
        expect![[r#"
            limiter api 3
            limiter quota (per 5 1000000us)
            limiter both 3 (per 5 1000000us)
            lock ledger
            event ready
            barrier line 3
            queue jobs 5
            queue more
            resource db
              open
                sleep 120000us
              close
                sleep 40000us
              catch *
            resource plain
              open
                none
            pool conns 2 of db overflow 1
            workers 2
            fn name (a b)
              return a
        "#]],
    );
}

#[test]
fn expressions() {
    check(
        r#"
1 + 2 * 3 - 4
not a == b and c or d
-x.count * 2
xs[0][1] // len(xs) % 2
[1, [2.5, "t"], none, true]
a + (b +
  c)
f(a,
  g(b))
"a{x}b{f("c}}")}{{d}}\n"
x <= 1 or
  y
"#,
        expect![[r#"
            (- (+ 1 (* 2 3)) 4)
            (or (and (not (== a b)) c) d)
            (* (- (. x count)) 2)
            (% (// (at (at xs 0) 1) (len xs)) 2)
            (list 1 (list 2.5 "t") none true)
            (+ a (+ b c))
            (f a (g b))
            (text "a" x "b" (f "c}") "{d}\n")
            (or (<= x 1) y)
        "#]],
    );
}

#[test]
fn tasks_and_waiting() {
    check(
        r#"
sleep 200ms
sleep 100ms..300ms
work 50ms
offload 800ms
let r = offload primes(200000) in 300ms
fetch "/api/users/1" in 300ms
x = fetch "/a" in 100ms..400ms status 503 gives "t"
log "text {x}"
mark "text"
fail Kind "message"
fail Kind
let h = task "get-{i}" { }
await h
cancel h
scope name { }
scope name collect { }
scope collect { }
scope { }
timeout 2s { } else { log 1 }
timeout 2s as t { extend t 1s }
"#,
        expect![[r#"
            sleep 200000us
            sleep (.. 100000us 300000us)
            work 50000us
            offload 800000us
            let r = offload (primes 200000) in 300000us
            fetch "/api/users/1" in 300000us
            x = fetch "/a" in (.. 100000us 400000us) status 503 gives "t"
            log (text "text " x)
            mark "text"
            fail Kind "message"
            fail Kind
            let h = task (text "get-" i)
            await h
            cancel h
            scope "name"
            scope "name" collect
            scope collect
            scope
            timeout 2000000us
            else
              log 1
            timeout 2000000us as t
              extend t 1000000us
        "#]],
    );
}

#[test]
fn blocks_and_what_is_shared() {
    check(
        r#"
shield { }
shield 1s { }
race { task a { } task b { } }
race ok { task a { } }
race first ok { task a { } }
gather keep { task a { } task b { } }
detach name { }
with api { }
with db as conn { }
put jobs x
let y = take jobs
done jobs  join jobs  close jobs
set ready  clear ready  wait ready
try { raise } catch Kind as e { raise e } catch * as e { } finally { }
retry 3 backoff 100ms..2s { }
retry 3 backoff 100ms jitter { }
retry 3 { }
shutdown at 2s grace 500ms
at 2s { }
query db "select" in 40ms gives [1]
expect x == 1 "message"
expect logged "user ready"
expect cancelled("dashboard/orders")
"#,
        expect![[r#"
            shield
            shield 1000000us
            race
              task "a"
              task "b"
            race ok
              task "a"
            race "first" ok
              task "a"
            gather keep
              task "a"
              task "b"
            detach "name"
            with api
            with db as conn
            put jobs x
            let y = take jobs
            done jobs
            join jobs
            close jobs
            set ready
            clear ready
            wait ready
            try
              raise
            catch Kind as e
              raise e
            catch * as e
            finally
            retry 3 backoff (.. 100000us 2000000us)
            retry 3 backoff 100000us jitter
            retry 3
            shutdown 2000000us grace 500000us
            at 2000000us
            query db "select" in 40000us gives (list 1)
            expect (== x 1) "message"
            expect (logged "user ready")
            expect (cancelled "dashboard/orders")
        "#]],
    );
}

#[test]
fn flow() {
    check(
        r#"
if a { 1 } else if b { 2 } else { 3 } catch * { 4 }
while true { break }
for x in [1] { continue }
for i in 1 to 5 { }
for i in 1 to 5 every 100ms { }
repeat 3 { }
fn f() {
  return
}
fn g() { return timeout 1s { 1 }
else { 2 }
catch Timeout { 3 }
finally { 4 } }
"#,
        expect![[r#"
            if a
              1
            elif b
              2
            else
              3
            catch *
              4
            while true
              break
            for x in (list 1)
              continue
            for i 1 to 5
            for i 1 to 5 every 100000us
            repeat 3
            fn f ()
              return
            fn g ()
              return timeout 1000000us
                1
              else
                2
              catch Timeout
                3
              finally
                4
        "#]],
    );
}

#[test]
fn line_ends_and_marks() {
    let (windows, _) = parse("\u{feff}let x = 1\r\nlog \"{x}\" # end\r\n");
    expect![[r#"
        let x = 1
        log (text x)
    "#]]
    .assert_eq(&dump::file(&windows));
}
