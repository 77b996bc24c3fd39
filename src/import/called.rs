//! Calls that are not awaited: built-in functions, tasks, queues, loggers.

use super::call::{Action, action, plain};
use super::facts::Thing;
use super::python::{Expr, ExprKind};
use super::translate::{Local, Said, Translator, Ty, cannot, cannot_but};
use super::words;

const NESTED: &str = "asyncio.run() cannot be called from a running event loop";

impl<'a> Translator<'a> {
    /// `path(args)` without `await`.
    pub fn called(
        &mut self,
        expr: &'a Expr,
        path: &str,
        args: &'a [Expr],
        named: &'a [(String, Expr)],
    ) -> Said<Action> {
        if let Some((receiver, method)) = receiver(expr)
            && let Some(said) = self.method(expr, receiver, method, args)?
        {
            return Ok(said);
        }
        match (path, args) {
            ("print", _) => self.log(args),
            // It is only ever compared, and no text of the program is like it.
            ("object", []) => plain(format!("\"object at {}\"", expr.span.start), Ty::Unknown),
            ("len", [of]) => self.built_in("len", of, Ty::Int),
            ("sum", [of]) => self.built_in("sum", of, Ty::Unknown),
            ("str", [of]) => {
                let text = self.printed(of)?;
                plain(format!("\"{text}\""), Ty::Text)
            }
            ("list", [of]) => self.expr(of).and_then(|it| plain(it.text, Ty::List)),
            ("list", []) => plain("[]", Ty::List),
            ("min" | "max", _) => {
                let args: Said<Vec<String>> = args.iter().map(|arg| Ok(self.expr(arg)?.text)).collect();
                plain(format!("{path}({})", args?.join(", ")), Ty::Unknown)
            }
            ("time.time" | "time.monotonic" | "time.perf_counter", []) => now(),
            ("time.sleep", [seconds]) => action(format!("work {}", self.length(seconds)?), Ty::None),
            ("asyncio.run", [job]) if self.key.is_empty() => self.job(job),
            // Python says so, too, and closes the coroutine.
            ("asyncio.run", _) => action(format!("fail RuntimeError \"{NESTED}\""), Ty::None),
            ("dict" | "zip" | "enumerate" | "set" | "sorted", _) => {
                cannot(expr.span, format!("a scenario has lists only, and no `{path}`"))
            }
            ("type", _) => cannot(expr.span, "a kind of error may be called otherwise in a scenario"),
            ("isinstance", [of, kind]) => self.is_error(expr, of, kind),
            ("logging.getLogger" | "logging.basicConfig", _) => action("", Ty::None),
            ("asyncio.create_task" | "asyncio.ensure_future", [job, ..]) => self.task(job, named),
            _ if path.ends_with(".create_task") => match args {
                [job, ..] => self.task(job, named),
                _ => cannot(expr.span, "a task without a coroutine"),
            },
            _ if path.starts_with("requests.") => cannot_but(
                expr.span,
                "what a request gives that blocks the loop has no counterpart",
                "an asynchronous client",
            ),
            _ => match self.facts.callee(&self.key, path) {
                Some((_, known)) if known.function.is_async => cannot_but(
                    expr.span,
                    format!("`{path}` is called and never awaited"),
                    "`await` in front of it",
                ),
                Some((key, known)) => self.known_call(expr, &key, &known, args, named),
                None => cannot(expr.span, format!("this text does not say what `{path}` does")),
            },
        }
    }

    /// `isinstance(of, Exception)`, as one asks what `gather` gave.
    fn is_error(&mut self, expr: &Expr, of: &'a Expr, kind: &Expr) -> Said<Action> {
        if !matches!(kind.name(), Some("Exception" | "BaseException")) {
            return cannot_but(
                expr.span,
                "of a value a scenario only knows whether it is an error",
                "`catch Kind`",
            );
        }
        let of = self.expr(of)?;
        let (taken, in_use) = (&self.facts.taken, &self.in_use);
        let is_free = |name: &str| !taken.contains(name) && !in_use.iter().any(|it| it == name);
        let test = self.stand_ins.error_test(&is_free);
        plain(format!("{test}({})", of.text), Ty::Bool)
    }

    fn built_in(&mut self, name: &str, of: &'a Expr, ty: Ty) -> Said<Action> {
        let of = self.expr(of)?;
        plain(format!("{name}({})", of.text), ty)
    }

    /// A line in the log; several values with a space between them.
    fn log(&mut self, args: &'a [Expr]) -> Said<Action> {
        let printed: Said<Vec<String>> = args.iter().map(|arg| self.printed(arg)).collect();
        action(format!("log \"{}\"", printed?.join(" ")), Ty::None)
    }

    /// A method that means something here. None: it is for others to know.
    fn method(
        &mut self,
        expr: &'a Expr,
        receiver: &'a Expr,
        method: &str,
        args: &'a [Expr],
    ) -> Said<Option<Action>> {
        let is_logger = receiver.name().is_some_and(|name| matches!(name, "logger" | "logging" | "log"));
        if is_logger && matches!(method, "debug" | "info" | "warning" | "error" | "exception" | "critical") {
            return self.log(args).map(Some);
        }
        if let Some(Thing::Shared(shared)) = self.thing(receiver)
            && matches!(method, "set" | "clear" | "task_done" | "put_nowait" | "get_nowait")
        {
            return self.shared_call(expr, &shared, method, args).map(Some);
        }
        if matches!(self.thing(receiver), Some(Thing::Loop)) {
            return match method {
                "time" => now().map(Some),
                "create_task" => Ok(None),
                "add_signal_handler" => cannot_but(
                    expr.span,
                    "a scenario gets no signals",
                    "`at 2s { set stop_event }`, or `shutdown at 2s`",
                ),
                _ => cannot(expr.span, format!("`{method}` of the loop has no counterpart")),
            };
        }
        let Some(var) = self.var(receiver) else { return Ok(None) };
        let (word, local) = (var.word.clone(), var.local.clone());
        let said = match (local, method, args) {
            (Local::Task(_), "cancel", _) => action(format!("cancel {word}"), Ty::None)?,
            (Local::Task(ty), "result", []) => action(format!("await {word}"), ty)?,
            (Local::Task(_), ..) => {
                return cannot(expr.span, format!("`{method}` of a task has no counterpart"));
            }
            (Local::Value(Ty::Response), "json" | "text" | "read", []) => {
                plain(format!("{word}.body"), Ty::Text)?
            }
            // Nothing else has it: a response that came out of a list, or into a function.
            (Local::Value(Ty::Unknown), "json", []) => plain(format!("{word}.body"), Ty::Text)?,
            // A request that failed has said so by itself.
            (Local::Value(Ty::Response), "raise_for_status", []) => action("", Ty::None)?,
            (Local::Value(_), "append", [item]) => {
                let item = self.expr(item)?;
                action(format!("{word} = {word} + [{}]", item.text), Ty::None)?
            }
            (Local::Value(_), "extend", [items]) => {
                let items = self.expr(items)?;
                action(format!("{word} = {word} + {}", items.operand()), Ty::None)?
            }
            (Local::Deadline, "reschedule", [when]) => {
                return self.moved(expr, receiver, &word, when).map(Some);
            }
            _ => return Ok(None),
        };
        Ok(Some(said))
    }

    /// `cm.reschedule(cm.when() + seconds)`; any other instant has no counterpart.
    fn moved(&mut self, expr: &Expr, receiver: &Expr, word: &str, when: &'a Expr) -> Said<Action> {
        if let ExprKind::Binary("+", left, right) = &when.kind
            && let Some((path, ..)) = left.call()
            && receiver.name().is_some_and(|name| path == format!("{name}.when"))
        {
            return action(format!("extend {word} {}", self.length(right)?), Ty::None);
        }
        cannot_but(
            expr.span,
            "a deadline moves by a length, not to an instant",
            "`reschedule(cm.when() + seconds)`",
        )
    }

    /// A task of the nearest scope.
    fn task(&mut self, job: &'a Expr, named: &'a [(String, Expr)]) -> Said<Action> {
        let name = named.iter().find(|(name, _)| name == "name").map(|(_, value)| value);
        let label = match name.map(|name| &name.kind) {
            Some(ExprKind::Text(name)) => format!("\"{}\"", words::escaped(name)),
            _ => words::label(&job.call().map_or("job".to_owned(), |(path, ..)| last(&path))),
        };
        let job = self.job(job)?;
        action(format!("task {label} {{ {} }}", job.text), job.ty)
    }
}

/// The time in seconds, as Python's clocks give it.
fn now() -> Said<Action> {
    plain("(now() / 1s)", Ty::Float)
}

/// The last name of a path.
pub fn last(path: &str) -> String {
    path.rsplit('.').next().unwrap_or_default().to_owned()
}

/// What a method is called on, and the method.
pub fn receiver(expr: &Expr) -> Option<(&Expr, &str)> {
    match &expr.kind {
        ExprKind::Call(function, ..) => match &function.kind {
            ExprKind::Field(receiver, method) => Some((receiver, method)),
            _ => None,
        },
        _ => None,
    }
}
