//! What asyncio lets one write and what does harm: found in the text, with what to write instead.

use crate::span::{LineIndex, Span};

use super::called::last;
use super::facts::Facts;
use super::python::{Expr, ExprKind, Fn, Stmt, StmtKind, each_expr, each_stmt};
use super::tried::is_of_cancel;
use super::{Finding, Sort};

/// So many requests at once are nobody's harm; the checker of scenarios counts alike.
const FEW: usize = 10;

/// Every harm in the module.
pub fn harms(module: &[Stmt], facts: &Facts<'_>, lines: &LineIndex) -> Vec<Finding> {
    let mut harms = Harms { facts, found: Vec::new() };
    harms.body("", module, false);
    for (key, known) in &facts.functions {
        harms.function(key, known.function);
    }
    let finding = |(span, text, instead): (Span, String, &str)| Finding {
        line: lines.line(span.start),
        sort: Sort::Harm,
        text,
        instead: Some(instead.to_owned()),
    };
    harms.found.into_iter().map(finding).collect()
}

struct Harms<'f, 'a> {
    facts: &'f Facts<'a>,
    found: Vec<(Span, String, &'static str)>,
}

impl Harms<'_, '_> {
    fn say(&mut self, span: Span, text: impl Into<String>, instead: &'static str) {
        self.found.push((span, text.into(), instead));
    }

    fn function(&mut self, key: &str, function: &Fn) {
        self.body(key, &function.body, function.is_async);
        if function.is_async {
            self.unbounded_in_time(key, &function.body, false);
            self.held_yields(function);
        }
    }

    fn body(&mut self, key: &str, body: &[Stmt], is_async: bool) {
        let mut stmts = Vec::new();
        each_stmt(body, &mut |stmt| stmts.push(stmt));
        for stmt in stmts {
            match &stmt.kind {
                StmtKind::Expr(expr) => self.unused(key, expr, is_async),
                StmtKind::Try(it) => {
                    let cancelled = ends_what_it_cancelled(body, it.body.as_slice());
                    for handler in it.handlers.iter().filter(|it| is_of_cancel(it) || takes_all(it)) {
                        let raises =
                            matches!(handler.body.last().map(|it| &it.kind), Some(StmtKind::Raise(_)));
                        if !raises && !cancelled {
                            let text = "this swallows the cancellation: the scope or timeout that asked for it never ends";
                            self.say(handler.span, text, "`raise` at the end of the handler, or `finally`");
                        }
                    }
                }
                _ => {}
            }
        }
        let mut exprs = Vec::new();
        each_expr(body, &mut |expr| exprs.push(expr));
        for expr in exprs {
            if let Some((path, args, named)) = expr.call() {
                self.call(expr, &path, args, named, is_async);
            }
        }
        self.fan_out(key, body);
    }

    fn call(&mut self, expr: &Expr, path: &str, args: &[Expr], named: &[(String, Expr)], is_async: bool) {
        match path {
            "time.sleep" if is_async => {
                self.say(
                    expr.span,
                    "this blocks the event loop: nothing else runs meanwhile",
                    "`await asyncio.sleep(…)`",
                );
            }
            "asyncio.run" if is_async => {
                let text = "a loop is running already: `asyncio.run` raises RuntimeError here";
                self.say(expr.span, text, "`await` in the place of `asyncio.run(…)`");
            }
            "asyncio.gather" | "gather" => {
                let keeps = named.iter().any(|(name, _)| name == "return_exceptions");
                if !keeps {
                    let text = "the first error leaves `gather` while its siblings run on";
                    self.say(
                        expr.span,
                        text,
                        "`async with asyncio.TaskGroup() as tg` and `tg.create_task(…)`",
                    );
                }
                let _ = args;
            }
            _ if is_async && path.starts_with("requests.") => {
                let text = "this blocks the event loop until the answer is there";
                self.say(expr.span, text, "an asynchronous client, or `await asyncio.to_thread(…)`");
            }
            _ => {}
        }
    }

    /// What stands by itself and should not.
    fn unused(&mut self, key: &str, expr: &Expr, is_async: bool) {
        let Some((path, ..)) = expr.call() else { return };
        if matches!(path.as_str(), "asyncio.create_task" | "asyncio.ensure_future" | "loop.create_task") {
            let text = "this task leaks: nobody waits for it, and its errors reach nobody";
            self.say(expr.span, text, "`tg.create_task(…)` in an `asyncio.TaskGroup`");
        }
        let is_async_call = self.facts.callee(key, &path).is_some_and(|(_, known)| known.function.is_async);
        if is_async && (is_async_call || path == "asyncio.sleep") {
            self.say(
                expr.span,
                format!("`{path}` is called and never awaited: it does not run"),
                "`await` in front of it",
            );
        }
    }

    /// Requests that nothing limits in number.
    fn fan_out(&mut self, key: &str, body: &[Stmt]) {
        let mut found = Vec::new();
        each_expr(body, &mut |expr| {
            if let ExprKind::Each { item, list, .. } = &expr.kind {
                let few = matches!(&list.kind, ExprKind::List(items) if items.len() <= FEW);
                let call = match item.call() {
                    Some((path, args, _)) if path.ends_with("create_task") => {
                        args.first().and_then(Expr::call)
                    }
                    other => other,
                };
                if let Some((path, ..)) = call.filter(|_| !few)
                    && self.requests_freely(key, &path)
                {
                    found.push(expr.span);
                }
            }
        });
        for span in found {
            let text = "nothing bounds how many of these requests run at once";
            self.say(span, text, "`async with semaphore` around the request, with `asyncio.Semaphore(10)`");
        }
    }

    /// Whether the function asks the outside without holding anything.
    fn requests_freely(&self, key: &str, path: &str) -> bool {
        if is_request(path) {
            return true;
        }
        let Some((_, known)) = self.facts.callee(key, path) else { return false };
        let mut is_held = false;
        let mut requests = false;
        each_stmt(&known.function.body, &mut |stmt| {
            if let StmtKind::With(items, _) = &stmt.kind {
                is_held |= items.iter().any(|(item, _)| {
                    let path = item.path().unwrap_or_default();
                    path.contains("sem") || path.contains("limit")
                });
            }
        });
        each_expr(&known.function.body, &mut |expr| {
            requests |= expr.call().is_some_and(|(path, ..)| is_request(&path));
        });
        requests && !is_held
    }

    /// Requests without a timeout around them.
    fn unbounded_in_time(&mut self, key: &str, body: &[Stmt], is_bound: bool) {
        for stmt in body {
            let mut bound = is_bound;
            if let StmtKind::With(items, _) = &stmt.kind {
                bound |= items
                    .iter()
                    .any(|(item, _)| item.call().is_some_and(|(path, ..)| last(&path) == "timeout"));
            }
            let exprs = stmt.exprs();
            let mut found = None;
            for expr in exprs {
                expr.walk(&mut |expr| match expr.call() {
                    Some((path, _, named)) if is_request(&path) => {
                        let is_client = matches!(&expr.kind, ExprKind::Call(function, ..)
                            if self.has_its_own_timeout(key, function));
                        if !named.iter().any(|(name, _)| name == "timeout") && !is_client {
                            found = Some(expr.span);
                        }
                    }
                    Some((path, ..)) if last(&path) == "wait_for" => bound = true,
                    _ => {}
                });
            }
            if let Some(span) = found.filter(|_| !bound) {
                let text = "this request may wait for ever";
                self.say(span, text, "`async with asyncio.timeout(10)` around it");
            }
            stmt.blocks().into_iter().for_each(|block| self.unbounded_in_time(key, block, bound));
        }
    }

    fn has_its_own_timeout(&self, key: &str, function: &Expr) -> bool {
        let ExprKind::Field(client, _) = &function.kind else { return false };
        matches!(self.facts.thing(key, client), Some(super::facts::Thing::Client { limit: Some(_), .. }))
    }

    /// `yield` inside a timeout or a task group (PEP 789).
    fn held_yields(&mut self, function: &Fn) {
        let mut found = Vec::new();
        each_stmt(&function.body, &mut |stmt| {
            if let StmtKind::With(items, body) = &stmt.kind
                && items.iter().any(|(item, _)| {
                    item.call()
                        .is_some_and(|(path, ..)| matches!(last(&path).as_str(), "timeout" | "TaskGroup"))
                })
            {
                each_expr(body, &mut |expr| {
                    if matches!(expr.kind, ExprKind::Yield(_)) {
                        found.push(expr.span);
                    }
                });
            }
        });
        for span in found {
            let text = "a deadline or a failure in here would cut whoever uses the generator";
            self.say(span, text, "the timeout around the use of the generator, not around its `yield`");
        }
    }
}

fn is_request(path: &str) -> bool {
    let Some((receiver, method)) = path.rsplit_once('.') else { return false };
    let receiver = receiver.to_lowercase();
    matches!(method, "get" | "post" | "put" | "request")
        && (receiver.ends_with("session") || receiver.ends_with("client"))
}

fn takes_all(handler: &super::python::Handler) -> bool {
    handler.kinds.is_empty() || handler.kinds.iter().any(|kind| kind == "BaseException")
}

/// `task.cancel()` and then `try: await task`: the cancellation that arrives is the one that was asked for.
fn ends_what_it_cancelled(body: &[Stmt], tried: &[Stmt]) -> bool {
    let [only] = tried else { return false };
    let StmtKind::Expr(Expr { kind: ExprKind::Await(of), .. }) = &only.kind else { return false };
    let Some(name) = of.name() else { return false };
    let mut found = false;
    each_expr(body, &mut |expr| {
        found |= expr.call().is_some_and(|(path, ..)| path == format!("{name}.cancel"));
    });
    found
}
