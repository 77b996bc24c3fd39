//! Trees as text: one line for each statement, expressions in prefix form.

use crate::lang::plan::{Literal, UnaryOp};
use crate::lang::syntax::{
    Block, Body, Clauses, Expr, ExprKind, File, Ident, Job, Length, Part, Stmt, StmtKind,
};

/// The whole tree.
pub fn file(file: &File) -> String {
    let mut out = String::new();
    statements(&file.statements, 0, &mut out);
    out
}

fn statements(list: &[Stmt], depth: usize, out: &mut String) {
    for stmt in list {
        line(depth, &head(&stmt.kind), out);
        blocks(&stmt.kind, depth + 1, out);
        clauses(&stmt.clauses, depth, out);
    }
}

fn line(depth: usize, text: &str, out: &mut String) {
    out.push_str(&"  ".repeat(depth));
    out.push_str(text);
    out.push('\n');
}

fn body(block: &Block, depth: usize, out: &mut String) {
    statements(&block.statements, depth, out);
}

fn blocks(kind: &StmtKind, depth: usize, out: &mut String) {
    match kind {
        StmtKind::Let(_, value) | StmtKind::Assign(_, value) | StmtKind::Return(Some(value)) => {
            blocks(&value.kind, depth, out);
        }
        StmtKind::If { arms, otherwise } => {
            for (at, (condition, block)) in arms.iter().enumerate() {
                if at > 0 {
                    line(depth - 1, &format!("elif {}", expr(condition)), out);
                }
                body(block, depth, out);
            }
            other(otherwise.as_ref(), depth, out);
        }
        StmtKind::Timeout { body: block, otherwise, .. } => {
            body(block, depth, out);
            other(otherwise.as_ref(), depth, out);
        }
        StmtKind::Resource { open, close, .. } => {
            for (name, part) in [("open", open), ("close", close)] {
                if let Some(Body { block, clauses: its }) = part {
                    line(depth, name, out);
                    body(block, depth + 1, out);
                    clauses(its, depth, out);
                }
            }
        }
        _ => kind.blocks().into_iter().for_each(|block| body(block, depth, out)),
    }
}

fn other(otherwise: Option<&Block>, depth: usize, out: &mut String) {
    if let Some(block) = otherwise {
        line(depth - 1, "else", out);
        body(block, depth, out);
    }
}

fn clauses(clauses: &Clauses, depth: usize, out: &mut String) {
    for catch in &clauses.catches {
        let kind = catch.kind.as_ref().map_or("*", |kind| &kind.text);
        line(depth, &format!("catch {kind}{}", named(" as", catch.name.as_ref())), out);
        body(&catch.body, depth + 1, out);
    }
    if let Some(block) = &clauses.finally {
        line(depth, "finally", out);
        body(block, depth + 1, out);
    }
}

fn named(before: &str, name: Option<&Ident>) -> String {
    name.map_or(String::new(), |name| format!("{before} {}", name.text))
}

fn opt(before: &str, value: Option<&Expr>) -> String {
    value.map_or(String::new(), |value| format!("{before} {}", expr(value)))
}

fn opt_length(before: &str, value: Option<&Length>) -> String {
    value.map_or(String::new(), |value| format!("{before} {}", length(value)))
}

fn length(length: &Length) -> String {
    match &length.to {
        Some(to) => format!("(.. {} {})", expr(&length.from), expr(to)),
        None => expr(&length.from),
    }
}

fn flag(word: &str, set: bool) -> String {
    if set { format!(" {word}") } else { String::new() }
}

fn head(kind: &StmtKind) -> String {
    declaration(kind).or_else(|| flow(kind)).unwrap_or_else(|| action(kind))
}

fn declaration(kind: &StmtKind) -> Option<String> {
    Some(match kind {
        StmtKind::Broken(_) => "broken".to_owned(),
        StmtKind::Scenario(name) => format!("scenario {}", expr(name)),
        StmtKind::Seed(seed) => format!("seed {}", expr(seed)),
        StmtKind::Workers(count) => format!("workers {}", expr(count)),
        StmtKind::Limiter { name, permits, rate } => {
            let rate =
                rate.as_ref().map_or(String::new(), |it| format!(" (per {} {})", expr(&it.0), expr(&it.1)));
            format!("limiter {}{}{rate}", name.text, opt("", permits.as_ref()))
        }
        StmtKind::Lock(name) => format!("lock {}", name.text),
        StmtKind::Event(name) => format!("event {}", name.text),
        StmtKind::Barrier(name, count) => format!("barrier {} {}", name.text, expr(count)),
        StmtKind::Queue(name, size) => format!("queue {}{}", name.text, opt("", size.as_ref())),
        StmtKind::Resource { name, .. } => format!("resource {}", name.text),
        StmtKind::Pool { name, size, of, overflow } => {
            format!("pool {} {} of {}{}", name.text, expr(size), of.text, opt(" overflow", overflow.as_ref()))
        }
        StmtKind::Fn { name, params, .. } => {
            let params: Vec<&str> = params.iter().map(|it| &*it.text).collect();
            format!("fn {} ({})", name.text, params.join(" "))
        }
        _ => return None,
    })
}

fn flow(kind: &StmtKind) -> Option<String> {
    Some(match kind {
        StmtKind::Let(name, value) => format!("let {} = {}", name.text, head(&value.kind)),
        StmtKind::Assign(name, value) => format!("{} = {}", name.text, head(&value.kind)),
        StmtKind::Expr(value) => expr(value),
        StmtKind::If { arms, .. } => format!("if{}", opt("", arms.first().map(|arm| &arm.0))),
        StmtKind::While(condition, _) => format!("while {}", expr(condition)),
        StmtKind::Repeat(times, _) => format!("repeat {}", expr(times)),
        StmtKind::ForIn(name, list, _) => format!("for {} in {}", name.text, expr(list)),
        StmtKind::ForRange { name, from, to, every, .. } => {
            format!("for {} {} to {}{}", name.text, expr(from), expr(to), opt(" every", every.as_ref()))
        }
        StmtKind::Break => "break".to_owned(),
        StmtKind::Continue => "continue".to_owned(),
        StmtKind::Return(None) => "return".to_owned(),
        StmtKind::Return(Some(value)) => format!("return {}", head(&value.kind)),
        StmtKind::Try(_) => "try".to_owned(),
        StmtKind::Fail(kind, message) => format!("fail {}{}", kind.text, opt("", message.as_ref())),
        StmtKind::Raise(error) => format!("raise{}", opt("", error.as_ref())),
        _ => return None,
    })
}

fn action(kind: &StmtKind) -> String {
    match kind {
        StmtKind::Sleep(it) => format!("sleep {}", length(it)),
        StmtKind::Work(it) => format!("work {}", length(it)),
        StmtKind::Offload { job, takes } => {
            let job = match job {
                Job::Block(it) => length(it),
                Job::Call(name, args) => call(&name.text, args),
            };
            format!("offload {job}{}", opt_length(" in", takes.as_ref()))
        }
        StmtKind::Fetch { url, takes, status, gives } => {
            let (status, gives) = (opt(" status", status.as_ref()), opt(" gives", gives.as_ref()));
            format!("fetch {}{}{status}{gives}", expr(url), opt_length(" in", takes.as_ref()))
        }
        StmtKind::Query { on, sql, takes, gives } => {
            let gives = opt(" gives", gives.as_ref());
            format!("query {} {}{}{gives}", on.text, expr(sql), opt_length(" in", takes.as_ref()))
        }
        StmtKind::Log(text) => format!("log {}", expr(text)),
        StmtKind::Mark(text) => format!("mark {}", expr(text)),
        StmtKind::Expect { condition, message, .. } => {
            format!("expect {}{}", expr(condition), opt("", message.as_ref()))
        }
        StmtKind::Task(name, _) => format!("task{}", opt("", name.as_ref())),
        StmtKind::Detach(name, _) => format!("detach{}", opt("", name.as_ref())),
        StmtKind::Await(task) => format!("await {}", expr(task)),
        StmtKind::Cancel(task) => format!("cancel {}", expr(task)),
        StmtKind::Scope { name, collect, .. } => {
            format!("scope{}{}", opt("", name.as_ref()), flag("collect", *collect))
        }
        StmtKind::Race { name, ok, .. } => format!("race{}{}", opt("", name.as_ref()), flag("ok", *ok)),
        StmtKind::Gather { name, keep, .. } => {
            format!("gather{}{}", opt("", name.as_ref()), flag("keep", *keep))
        }
        StmtKind::Timeout { length, name, .. } => {
            format!("timeout {}{}", expr(length), named(" as", name.as_ref()))
        }
        StmtKind::Extend(name, by) => format!("extend {} {}", name.text, expr(by)),
        StmtKind::Shield(budget, _) => format!("shield{}", opt("", budget.as_ref())),
        StmtKind::Retry { attempts, backoff, jitter, .. } => {
            let backoff = opt_length(" backoff", backoff.as_ref());
            format!("retry {}{backoff}{}", expr(attempts), flag("jitter", *jitter))
        }
        StmtKind::With { held, name, .. } => format!("with {}{}", held.text, named(" as", name.as_ref())),
        StmtKind::Put(name, item) => format!("put {} {}", name.text, expr(item)),
        StmtKind::Take(name) => format!("take {}", name.text),
        StmtKind::Done(name) => format!("done {}", name.text),
        StmtKind::Join(name) => format!("join {}", name.text),
        StmtKind::Close(name) => format!("close {}", name.text),
        StmtKind::Set(name) => format!("set {}", name.text),
        StmtKind::Clear(name) => format!("clear {}", name.text),
        StmtKind::Wait(name) => format!("wait {}", name.text),
        StmtKind::At(at, _) => format!("at {}", expr(at)),
        StmtKind::Shutdown(at, grace) => format!("shutdown {}{}", expr(at), opt(" grace", grace.as_ref())),
        other => panic!("not printed: {other:?}"),
    }
}

fn call(name: &str, args: &[Expr]) -> String {
    let args: String = args.iter().map(|arg| format!(" {}", expr(arg))).collect();
    format!("({name}{args})")
}

/// An expression in prefix form: `(+ a (* b c))`.
pub fn expr(value: &Expr) -> String {
    match &value.kind {
        ExprKind::Broken => "?".to_owned(),
        ExprKind::Literal(it) => literal(it),
        ExprKind::Text(parts) => {
            let parts = parts.iter().map(|part| match part {
                Part::Text(text) => format!(" {text:?}"),
                Part::Hole(hole) => format!(" {}", expr(hole)),
            });
            format!("(text{})", parts.collect::<String>())
        }
        ExprKind::List(items) => call("list", items),
        ExprKind::Name(name) => name.to_string(),
        ExprKind::Unary(op, operand) => {
            format!("({} {})", if *op == UnaryOp::Neg { "-" } else { "not" }, expr(operand))
        }
        ExprKind::Binary(op, left, right) => format!("({} {} {})", op.text(), expr(left), expr(right)),
        ExprKind::Index(list, index) => format!("(at {} {})", expr(list), expr(index)),
        ExprKind::Field(of, name) => format!("(. {} {})", expr(of), name.text),
        ExprKind::Call(name, args) => call(&name.text, args),
    }
}

fn literal(literal: &Literal) -> String {
    match literal {
        Literal::None => "none".to_owned(),
        Literal::Bool(it) => it.to_string(),
        Literal::Int(it) => it.to_string(),
        Literal::Float(it) => format!("{it:?}"),
        Literal::Duration(it) => format!("{it}us"),
        Literal::Str(it) => format!("{it:?}"),
    }
}
