//! `try`, `raise`, and what Python can do with a cancellation and a scenario cannot.

use super::Sort;
use super::python::{Expr, ExprKind, Handler, Stmt, StmtKind, Try, each_stmt};
use super::translate::{Cannot, Local, Said, Translator, Ty, cannot, cannot_but};
use super::words;

impl<'a> Translator<'a> {
    /// `try` with its clauses.
    pub fn tried(&mut self, stmt: &'a Stmt, it: &'a Try) -> Said<()> {
        if !it.otherwise.is_empty() && !it.finally.is_empty() {
            return cannot(stmt.span, "`else` and `finally` of one `try` have no counterpart together");
        }
        let waits_for_task = match it.body.as_slice() {
            [only] => match &only.kind {
                StmtKind::Expr(Expr { kind: ExprKind::Await(of), .. }) => {
                    matches!(self.var(of).map(|var| &var.local), Some(Local::Task(_)))
                }
                _ => false,
            },
            _ => false,
        };
        let (of_cancel, handlers): (Vec<&Handler>, Vec<&Handler>) =
            it.handlers.iter().partition(|handler| !waits_for_task && is_of_cancel(handler));
        let cleanup = self.cleanup(&of_cancel);
        let fine = (!it.otherwise.is_empty()).then(|| self.flag("fine"));
        let ended = cleanup.map(|cleanup| (self.flag("ended"), cleanup));
        if handlers.is_empty() && ended.is_none() && it.finally.is_empty() {
            self.inner(&it.body);
            return Ok(());
        }
        self.body(it, fine.as_deref(), ended.as_ref().map(|(flag, _)| flag.as_str()));
        for handler in handlers {
            self.handler(it, handler)?;
        }
        if let Some((flag, _)) = &ended {
            self.out.line(&format!("catch * {{\n  {flag} = true\n  raise\n}}"));
        }
        if ended.is_some() || !it.finally.is_empty() {
            self.out.open("finally");
            if let Some((flag, cleanup)) = &ended {
                self.out.open(&format!("if not {flag}"));
                self.block(cleanup);
                self.out.close();
            }
            self.inner(&it.finally);
            self.out.close();
        }
        if let Some(fine) = fine {
            self.out.open(&format!("if {fine}"));
            self.inner(&it.otherwise);
            self.out.close();
        }
        Ok(())
    }

    /// What runs on a cancellation alone, without the `raise` at its end. A handler that has none swallows it.
    fn cleanup(&mut self, handlers: &[&'a Handler]) -> Option<Vec<&'a Stmt>> {
        let handler = handlers.first()?;
        match handler.body.split_last() {
            Some((last, cleanup)) if matches!(last.kind, StmtKind::Raise(None)) => {
                Some(cleanup.iter().collect())
            }
            _ => {
                let why = "a cancellation cannot be caught in a scenario: it goes on to the end of the task";
                let instead = Some("`finally` for the cleanup, and nothing for the rest");
                self.say(Cannot { span: handler.span, why: why.to_owned(), instead }, Sort::NoCounterpart);
                self.out.line("# No counterpart: the handler of a cancellation");
                None
            }
        }
    }

    fn flag(&mut self, name: &str) -> String {
        let flag = self.declare(name, Local::Value(Ty::Bool));
        self.out.line(&format!("let {flag} = false"));
        flag
    }

    /// The block that is tried. A lone scope or timeout takes the clauses itself.
    fn body(&mut self, it: &'a Try, fine: Option<&str>, ended: Option<&str>) {
        let lone = match it.body.as_slice() {
            [only] => {
                matches!(&only.kind, StmtKind::With(items, _) if items.len() == 1 && is_block(&items[0].0))
            }
            _ => false,
        };
        if lone && fine.is_none() && ended.is_none() {
            return self.inner(&it.body);
        }
        self.out.open("try");
        self.before_return.extend(ended.map(|flag| format!("{flag} = true")));
        self.inner(&it.body);
        if ended.is_some() {
            self.before_return.pop();
        }
        let goes_on =
            !matches!(it.body.last().map(|it| &it.kind), Some(StmtKind::Return(_) | StmtKind::Raise(_)));
        for flag in fine.iter().chain(&ended).filter(|_| goes_on) {
            self.out.line(&format!("{flag} = true"));
        }
        self.out.close();
    }

    fn handler(&mut self, it: &'a Try, handler: &'a Handler) -> Said<()> {
        let is_group = it.is_star || handler.kinds.iter().any(|kind| kind.ends_with("ExceptionGroup"));
        let takes_all = handler.kinds.is_empty()
            || handler.kinds.iter().any(|kind| {
                matches!(kind.as_str(), "Exception" | "BaseException") || kind.ends_with("ExceptionGroup")
            });
        if !is_group
            && !takes_all
            && has_group(&it.body)
            && !handler.kinds.iter().any(|kind| kind == "TimeoutError")
        {
            let why = "`except` without a star takes no error out of a group; `catch` would";
            return cannot_but(handler.span, why, "`except*`");
        }
        let kinds: Vec<String> = match takes_all {
            true => vec!["*".to_owned()],
            false => handler.kinds.iter().flat_map(|kind| self.facts.kinds_of(kind)).collect(),
        };
        if it.is_star && kinds.len() > 1 {
            return cannot(
                handler.span,
                "an `except*` of several kinds runs once; several `catch` run once each",
            );
        }
        let kinds: Vec<String> = kinds.iter().map(|kind| words::kind(kind)).collect();
        for kind in kinds {
            let mark = self.in_use.len();
            let ty = if is_group { Ty::Group } else { Ty::Error };
            let name =
                handler.name.as_ref().map(|name| format!(" as {}", self.declare(name, Local::Value(ty))));
            self.out.open(&format!("catch {kind}{}", name.unwrap_or_default()));
            self.inner(&handler.body);
            self.out.close();
            self.in_use.truncate(mark);
        }
        Ok(())
    }

    /// `raise`.
    pub fn raise(&mut self, stmt: &'a Stmt, what: Option<&'a Expr>) -> Said<()> {
        let Some(what) = what else {
            self.out.line("raise");
            return Ok(());
        };
        if let Some(name) = what.name() {
            if name == "StopAsyncIteration" && self.sinks.last().is_some_and(|sink| sink.is_next) {
                self.out.line("break");
                return Ok(());
            }
            if let Some(var) = self.env.get(name) {
                let line = format!("raise {}", var.word);
                self.out.line(&line);
                return Ok(());
            }
        }
        let (path, args) = match what.call() {
            Some((path, args, _)) => (path, args),
            None => (what.path().unwrap_or_default(), &[][..]),
        };
        let kind = words::kind(&super::called::last(&path));
        if !kind.starts_with(|first: char| first.is_ascii_uppercase()) || kind == "TaskCancelled" {
            return cannot(stmt.span, "this cannot be raised in a scenario");
        }
        let message = match args.first() {
            Some(message) => format!(" \"{}\"", self.printed(message)?),
            None => String::new(),
        };
        self.out.line(&format!("fail {kind}{message}"));
        Ok(())
    }
}

/// Whether it takes a cancellation, alone or among everything else.
pub fn is_of_cancel(handler: &Handler) -> bool {
    handler.kinds.iter().any(|kind| kind == "CancelledError")
}

/// Whether a `with` of it is a block that takes clauses in a scenario.
fn is_block(context: &Expr) -> bool {
    let last = context.call().map(|(path, ..)| super::called::last(&path));
    matches!(last.as_deref(), Some("TaskGroup" | "timeout"))
}

fn has_group(body: &[Stmt]) -> bool {
    let mut found = false;
    each_stmt(body, &mut |stmt| {
        if let StmtKind::With(items, _) = &stmt.kind {
            found |= items.iter().any(|(context, _)| {
                context.call().is_some_and(|(path, ..)| super::called::last(&path) == "TaskGroup")
            });
        }
    });
    found
}
