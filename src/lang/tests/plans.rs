//! What a sound text is lowered to.

use expect_test::{Expect, expect};

use super::FIRST;
use crate::lang::plan::{
    Block, Expr, ExprKind, Literal, Op, Part, Place, Plan, Step, Stimulus, Task, UnaryOp,
};
use crate::lang::{check as check_file, lower, parse};

fn plan(text: &str) -> Plan {
    let (file, diagnostics) = parse(text);
    assert_eq!(diagnostics, [], "{text}");
    let errors: Vec<_> = check_file(&file).into_iter().filter(|it| it.is_error()).collect();
    assert_eq!(errors, [], "{text}");
    lower(&file)
}

/// The steps of the top level, and of every function, as lines. A variable is `slot` or `slot^hops`.
fn check(text: &str, expected: Expect) {
    let plan = plan(text);
    let mut out = String::new();
    for function in &plan.functions {
        out.push_str(&format!("fn {}", function.name));
        block(&function.body, 0, &mut out);
    }
    out.push_str("main");
    block(&plan.body, 0, &mut out);
    expected.assert_eq(&out);
}

fn block(it: &Block, depth: usize, out: &mut String) {
    let slots: Vec<&str> = it.slots.iter().map(|name| if name.is_empty() { "~" } else { name }).collect();
    out.push_str(&format!(" [{}]/{}\n", slots.join(" "), it.inputs));
    it.steps.iter().for_each(|one| step(one, depth + 1, out));
}

fn nested(name: &str, it: &Block, depth: usize, out: &mut String) {
    out.push_str(&format!("{}{name}", "  ".repeat(depth)));
    block(it, depth, out);
}

fn step(it: &Step, depth: usize, out: &mut String) {
    out.push_str(&"  ".repeat(depth));
    if let Some(into) = it.into {
        out.push_str(&format!("{} = ", place(into.place)));
    }
    op(&it.op, depth, out);
}

fn op(op: &Op, depth: usize, out: &mut String) {
    match op {
        Op::Value(it) => out.push_str(&format!("{}\n", expr(it))),
        Op::Call { function, args } => {
            let args: Vec<String> = args.iter().map(expr).collect();
            out.push_str(&format!("call {}({})\n", function.0, args.join(", ")));
        }
        Op::Log(it) => out.push_str(&format!("log {}\n", expr(it))),
        Op::Return(it) => out.push_str(&format!("return {}\n", it.as_ref().map(expr).unwrap_or_default())),
        Op::Raise(it) => out.push_str(&format!("raise {}\n", expr(it))),
        Op::Sleep(it) => out.push_str(&format!("sleep {}\n", expr(&it.from))),
        Op::If { arms, otherwise } => {
            out.push_str("if\n");
            for arm in arms {
                arm.before.iter().for_each(|one| step(one, depth + 1, out));
                nested(&expr(&arm.condition), &arm.body, depth + 1, out);
            }
            otherwise.iter().for_each(|it| nested("else", it, depth + 1, out));
        }
        Op::While(arm) => {
            out.push_str("while\n");
            arm.before.iter().for_each(|one| step(one, depth + 1, out));
            nested(&expr(&arm.condition), &arm.body, depth + 1, out);
        }
        Op::ForRange { body, .. } => body_of("for", body, depth, out),
        Op::Task(Task { name, body, .. }) => body_of(&format!("task {}", expr(name)), body, depth, out),
        Op::Scope { name, body, .. } => body_of(&format!("scope {}", expr(name)), body, depth, out),
        Op::Timeout { length, body, otherwise } => {
            body_of(&format!("timeout {}", expr(length)), body, depth, out);
            otherwise.iter().for_each(|it| nested("else", it, depth, out));
        }
        Op::With { body, .. } => body_of("with", body, depth, out),
        Op::Try(it) => {
            body_of("try", &it.body, depth, out);
            for handler in it.handlers.iter() {
                nested(
                    &format!("catch {}", handler.kind.as_deref().unwrap_or("*")),
                    &handler.body,
                    depth,
                    out,
                );
            }
            it.finally.iter().for_each(|it| nested("finally", it, depth, out));
        }
        other => {
            out.push_str(&format!("{}\n", format!("{other:?}").split([' ', '(']).next().unwrap_or_default()))
        }
    }
}

fn body_of(name: &str, body: &Block, depth: usize, out: &mut String) {
    out.push_str(name);
    block(body, depth, out);
}

fn place(place: Place) -> String {
    if place.hops == 0 { format!("${}", place.slot) } else { format!("${}^{}", place.slot, place.hops) }
}

fn expr(it: &Expr) -> String {
    match &it.kind {
        ExprKind::Literal(Literal::Str(text)) => format!("{text:?}"),
        ExprKind::Literal(Literal::Int(it)) => it.to_string(),
        ExprKind::Literal(Literal::Duration(it)) => format!("{it}us"),
        ExprKind::Literal(it) => format!("{it:?}"),
        ExprKind::Var(it) => place(*it),
        ExprKind::Unary(op, it) => format!("{}{}", if *op == UnaryOp::Neg { "-" } else { "not " }, expr(it)),
        ExprKind::Binary(op, left, right) => format!("({} {} {})", expr(left), op.text(), expr(right)),
        ExprKind::Text(parts) => {
            let parts: Vec<String> = parts
                .iter()
                .map(|part| match part {
                    Part::Text(text) => format!("{text:?}"),
                    Part::Hole(it) => expr(it),
                })
                .collect();
            parts.join("~")
        }
        other => format!("{other:?}"),
    }
}

#[test]
fn first_scenario() {
    check(
        FIRST,
        expect![[r#"
        fn fetch_part [name delay]/2
          with []/0
            sleep $1^1
            log $0^1~" ready"
            return $0^1
        main []/0
          try []/0
            timeout 3000000us []/0
              scope "dashboard" []/0
                task "user" []/0
                  call 0("user", 400000us)
                task "orders" []/0
                  call 0("orders", 1200000us)
                task "prefs" []/0
                  sleep 250000us
                  Fail
          catch ValueError [group]/1
            log "lost: "~$0
    "#]],
    );
    let plan = plan(FIRST);
    assert_eq!((plan.scenario.as_deref(), plan.seed), (Some("Order dashboard"), Some(7)));
    assert_eq!(plan.declarations.limiters.len(), 1);
}

#[test]
fn calls_leave_expressions_in_order() {
    let text = "let x = 1\nfn f(a) { x = a }\nlog x + f(2) + x\nif f(1) and x == 1 or f(3) { }\nwhile f(x) { }\nreturnless(f(f(1)))\nfn returnless(a) { }";
    check(
        text,
        expect![[r#"
        fn f [a]/1
          $0^1 = $0
        fn returnless [a]/1
        main [x ~ ~ ~ ~ ~ ~ ~]/0
          $0 = 1
          $1 = $0
          $2 = call 0(2)
          log (($1 + $2) + $0)
          if
            $3 = call 0(1)
            $4 = ($3 and ($0 == 1))
            if
              not $4 [~]/0
                $0 = call 0(3)
                $4^1 = $0
            $4 []/0
          while
            $5 = call 0($0)
            $5 []/0
          $6 = call 0(1)
          $7 = call 0($6)
          call 1($7)
    "#]],
    );
}

#[test]
fn frames_and_shadows() {
    check(
        "let x = 1\nfor i in 1 to 3 { let x = x + i\ntask t { log x + i\nlet y = x } catch * { } }\nx = 2",
        expect![[r#"
            main [x]/0
              $0 = 1
              for [i x]/1
                $1 = ($0^1 + $0)
                task "t" []/0
                  try [y]/0
                    log ($1^2 + $0^2)
                    $0 = $1^2
                  catch * [~]/1
              $0 = 2
        "#]],
    );
}

#[test]
fn clauses_guard_the_whole_statement() {
    check(
        "let a = timeout 1s { 1 } else { 2 } catch A as e { raise } finally { log 3 }\nfn f() { log 1 } catch * { if true { raise } }\ntry { } catch * as e { let b = e\nraise b }",
        expect![[r#"
            fn f []/0
              try []/0
                log 1
              catch * [~]/1
                if
                  Bool(true) []/0
                    raise $0^1
            main [a]/0
              $0 = try []/0
                timeout 1000000us []/0
                  1
                else []/0
                  2
              catch A [e]/1
                raise $0
              finally []/0
                log 3
              try []/0
              catch * [e b]/1
                $1 = $0
                raise $1
        "#]],
    );
}

#[test]
fn what_is_not_a_step() {
    let plan = plan(
        "let n = 2\nlimiter a = n * 2\nat 2s { log n }\nshutdown at n * 1s\nexpect elapsed == 1s\nexpect n == 2\nworkers = n",
    );
    assert_eq!(plan.body.steps.len(), 2, "the `let`, and the `expect` that reads no fact");
    assert_eq!(plan.expectations.len(), 1);
    assert_eq!(&*plan.expectations[0].text, "elapsed == 1s");
    let permits = plan.declarations.limiters[0].permits.as_ref().map(expr);
    assert_eq!(permits.as_deref(), Some("(2 * 2)"), "a constant stands as its value");
    let Stimulus::At { body, .. } = &plan.stimuli[0] else { panic!("`at` comes first") };
    assert!(matches!(&body.steps[0].op, Op::Log(it) if expr(it) == "$0^1"));
    assert_eq!(plan.workers.as_ref().map(expr).as_deref(), Some("2"));
}
