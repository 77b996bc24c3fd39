//! Calls, awaited and not: each the action of the scenario that does the same.

use super::facts::{Known, Shared, Thing, function_word};
use super::python::{Expr, ExprKind, StmtKind, each_stmt};
use super::translate::{Local, Said, Translator, Ty, cannot, cannot_but};
use super::words;

/// What a call becomes.
pub struct Action {
    pub text: String,
    pub ty: Ty,
    /// Whether it may stand inside an expression; else only alone, or after `let`, `=` and `return`.
    pub is_plain: bool,
    /// Whether an operator is outermost.
    pub is_compound: bool,
}

pub fn plain(text: impl Into<String>, ty: Ty) -> Said<Action> {
    Ok(Action { text: text.into(), ty, is_plain: true, is_compound: false })
}

pub fn action(text: impl Into<String>, ty: Ty) -> Said<Action> {
    Ok(Action { text: text.into(), ty, is_plain: false, is_compound: false })
}

/// How long a request takes in virtual time, where the text does not say.
pub const REQUEST: &str = "100ms";

impl<'a> Translator<'a> {
    /// What a call or an awaited expression does.
    pub fn action(&mut self, expr: &'a Expr) -> Said<Action> {
        match &expr.kind {
            ExprKind::Await(of) => self.awaited(of),
            ExprKind::Call(function, args, named) => match function.path() {
                Some(path) => self.called(expr, &path, args, named),
                None if self.source(expr.span).ends_with("_loop().time()") => {
                    plain("(now() / 1s)", Ty::Float)
                }
                None => cannot(expr.span, "a call of what a call gives has no counterpart"),
            },
            _ => {
                let it = self.expr(expr)?;
                Ok(Action { text: it.text, ty: it.ty, is_plain: true, is_compound: it.is_compound })
            }
        }
    }

    /// `await of`.
    pub fn awaited(&mut self, of: &'a Expr) -> Said<Action> {
        if let Some(var) = self.var(of) {
            let (word, local) = (var.word.clone(), var.local.clone());
            return match local {
                Local::Task(ty) => action(format!("await {word}"), ty),
                // Its arguments are what they are now: a coroutine is made where it is awaited.
                Local::Job(job) => self.job(job),
                _ => cannot(of.span, format!("this text does not say what `{word}` awaits")),
            };
        }
        let Some((path, args, named)) = of.call() else {
            return cannot(of.span, "this cannot be awaited here");
        };
        let by_name = |wanted: &str| named.iter().find(|(name, _)| name == wanted).map(|(_, value)| value);
        let receiver = match &of.kind {
            ExprKind::Call(function, ..) => match &function.kind {
                ExprKind::Field(receiver, method) => Some((&**receiver, method.as_str())),
                _ => None,
            },
            _ => None,
        };
        if let Some((receiver, method)) = receiver {
            if let Some(thing) = self.thing(receiver) {
                match thing {
                    Thing::Shared(shared) => return self.shared_call(of, &shared, method, args),
                    Thing::Client { .. } => return self.client_call(of, receiver, method, args),
                    Thing::Object(class) if self.facts.callee(&self.key, &path).is_none() => {
                        return cannot(of.span, format!("`{class}` has no method `{method}`"));
                    }
                    _ => {}
                }
            }
            if self.is_response(receiver) {
                return self.called(of, &path, args, named);
            }
        }
        match (path.as_str(), path.rsplit('.').next().unwrap_or_default(), args) {
            ("asyncio.sleep" | "sleep", _, [seconds]) => {
                action(format!("sleep {}", self.length(seconds)?), Ty::None)
            }
            ("asyncio.sleep" | "sleep", ..) => cannot(of.span, "`sleep` with a result has no counterpart"),
            (_, "gather", _) => self.gather(of, args, named),
            (_, "wait_for", [job, ..]) => {
                let limit = args.get(1).or(by_name("timeout"));
                let Some(limit) = limit else { return cannot(of.span, "this waits without a limit") };
                let (limit, job) = (self.length(limit)?, self.job(job)?);
                action(format!("timeout {limit} {{ {} }}", job.text), job.ty)
            }
            (_, "to_thread", [function, rest @ ..]) => self.offload(of, function, rest),
            (_, "run_in_executor", [_, function, rest @ ..]) => self.offload(of, function, rest),
            (_, "shield", [job]) => {
                let job = self.job(job)?;
                action(format!("shield {{ {} }}", job.text), job.ty)
            }
            ("asyncio.wait" | "asyncio.as_completed", ..) => cannot_but(
                of.span,
                format!("`{path}` has no counterpart"),
                "await the tasks one by one, or `race`",
            ),
            _ => match self.facts.callee(&self.key, &path) {
                Some((key, known)) => self.known_call(of, &key, &known, args, named),
                None => self.unknown_call(of, &path, args, named),
            },
        }
    }

    /// A coroutine as the body of a task, a timeout, a shield.
    pub fn job(&mut self, expr: &'a Expr) -> Said<Action> {
        if matches!(self.var(expr).map(|var| &var.local), Some(Local::Task(_) | Local::Job(_))) {
            return self.awaited(expr);
        }
        match &expr.kind {
            ExprKind::Call(..) => self.awaited(expr),
            _ => cannot(expr.span, "this is no coroutine that the text holds"),
        }
    }

    /// A call of a function that the text holds.
    pub fn known_call(
        &mut self,
        expr: &Expr,
        key: &str,
        known: &Known<'a>,
        args: &'a [Expr],
        named: &'a [(String, Expr)],
    ) -> Said<Action> {
        if known.function.is_variadic || self.yields(known) {
            return cannot(expr.span, format!("`{}` cannot be called as a function", known.function.name));
        }
        let skipped = usize::from(known.class.is_some());
        let mut texts = Vec::new();
        for param in self.own_params(key, known) {
            let at = known.function.params.iter().position(|it| it.name == param.name).unwrap_or_default();
            let by_place = args.get(at - skipped.min(at));
            let by_name = named.iter().find(|(name, _)| *name == param.name).map(|(_, value)| value);
            match by_place.or(by_name).or(param.default.as_ref()) {
                Some(arg) => texts.push(self.expr(arg)?.text),
                None => return cannot(expr.span, format!("the argument `{}` is not given here", param.name)),
            }
        }
        plain(format!("{}({})", function_word(key), texts.join(", ")), returned(known))
    }

    /// A call of something that the text does not hold: a stand-in takes its place.
    fn unknown_call(
        &mut self,
        expr: &Expr,
        path: &str,
        args: &'a [Expr],
        named: &'a [(String, Expr)],
    ) -> Said<Action> {
        let last = path.rsplit('.').next().unwrap_or_default();
        if path.starts_with("asyncio.") {
            return cannot(expr.span, format!("`{path}` has no counterpart"));
        }
        if path.contains('.') && matches!(last, "get" | "post" | "put" | "delete" | "patch") {
            let receiver = path.rsplit_once('.').map_or("", |(receiver, _)| receiver);
            if receiver.ends_with("client") || receiver.ends_with("session") {
                return self.request(expr, last, None, None, args);
            }
        }
        let mut texts = Vec::new();
        for arg in args.iter().chain(named.iter().map(|(_, value)| value)) {
            let mark = self.out.mark();
            texts.push(match self.expr(arg) {
                Ok(arg) => arg.text,
                // It is not looked at: its words will do.
                Err(_) => {
                    self.out.back_to(mark);
                    format!("\"{}\"", words::escaped(&self.source(arg.span)))
                }
            });
        }
        let (taken, in_use) = (&self.facts.taken, &self.in_use);
        let is_free = |name: &str| !taken.contains(name) && !in_use.iter().any(|it| it == name);
        let name = self.stand_ins.name(path, texts.len(), &is_free);
        let why = format!(
            "`{path}` is not in this text: a stand-in waits {} and logs its name",
            super::standin::WAIT
        );
        self.say(super::translate::Cannot { span: expr.span, why, instead: None }, super::Sort::StandIn);
        plain(format!("{name}({})", texts.join(", ")), Ty::Text)
    }

    /// A call on something that the scenario declares.
    pub fn shared_call(
        &mut self,
        expr: &'a Expr,
        shared: &Shared,
        method: &str,
        args: &'a [Expr],
    ) -> Said<Action> {
        let name = &shared.name;
        match (shared.kind, method, args) {
            ("queue", "put" | "put_nowait", [item]) => {
                let item = self.expr(item)?;
                action(format!("put {name} {}", item.text), Ty::None)
            }
            ("queue", "get" | "get_nowait", []) => action(format!("take {name}"), Ty::Unknown),
            ("queue", "join", []) => action(format!("join {name}"), Ty::None),
            ("queue", "task_done", []) => action(format!("done {name}"), Ty::None),
            ("event" | "barrier", "wait", []) => action(format!("wait {name}"), Ty::None),
            ("event", "set", []) => action(format!("set {name}"), Ty::None),
            ("event", "clear", []) => action(format!("clear {name}"), Ty::None),
            ("lock" | "limiter", "acquire" | "release", []) => cannot_but(
                expr.span,
                format!("`{method}` by hand has no counterpart"),
                "`async with`, which releases on every way out",
            ),
            _ => cannot(expr.span, format!("`{method}` of a {} has no counterpart", shared.kind)),
        }
    }

    /// A call on an HTTP client that the text makes.
    pub fn client_call(
        &mut self,
        expr: &'a Expr,
        client: &Expr,
        method: &str,
        args: &'a [Expr],
    ) -> Said<Action> {
        let Some(Thing::Client { base, limit }) = self.thing(client) else {
            return cannot(expr.span, "this text does not say which client this is");
        };
        match method {
            "aclose" | "close" => action("", Ty::None),
            _ => self.request(expr, method, base, limit, args),
        }
    }

    fn request(
        &mut self,
        expr: &Expr,
        method: &str,
        base: Option<String>,
        limit: Option<String>,
        args: &'a [Expr],
    ) -> Said<Action> {
        let (true, [url, ..]) = (method == "get", args) else {
            return cannot(
                expr.span,
                format!("a scenario reads with `fetch`; `{method}` has no counterpart"),
            );
        };
        let url = match (base, self.expr(url)?) {
            (Some(base), url) => {
                format!("\"{}\" + {}", words::escaped(base.trim_end_matches('/')), url.operand())
            }
            (None, url) => url.text,
        };
        let fetch = format!("fetch {url} in {REQUEST}");
        match limit {
            Some(limit) => action(format!("timeout {limit} {{ {fetch} }}"), Ty::Response),
            None => action(fetch, Ty::Response),
        }
    }

    fn is_response(&self, expr: &Expr) -> bool {
        matches!(self.var(expr).map(|var| &var.local), Some(Local::Value(Ty::Response)))
    }

    /// Blocking work on a thread. Only a function that sleeps and gives a value can be told to a worker.
    fn offload(&mut self, expr: &Expr, function: &'a Expr, rest: &'a [Expr]) -> Said<Action> {
        let path = function.path().unwrap_or_default();
        let Some((_, known)) = self.facts.callee(&self.key, &path) else {
            let why = format!("`{path}` is not in this text: a worker is busy for {REQUEST} in its place");
            self.say(super::translate::Cannot { span: expr.span, why, instead: None }, super::Sort::StandIn);
            let _ = rest;
            self.stand_ins.blocking(&path);
            self.out.line(&format!("offload {REQUEST}"));
            let last = super::called::last(&path);
            self.out.line(&format!("log \"{last}\""));
            return plain(format!("\"{last}\""), Ty::Text);
        };
        let mut length = None;
        let mut value = None;
        let mut is_simple = true;
        each_stmt(&known.function.body, &mut |stmt| match &stmt.kind {
            StmtKind::Expr(call) => match call.call() {
                Some((path, [seconds], _)) if path == "time.sleep" && length.is_none() => {
                    length = words::seconds(seconds);
                }
                _ => is_simple = false,
            },
            StmtKind::Return(Some(it)) => value = Some(it),
            StmtKind::Nothing => {}
            _ => is_simple = false,
        });
        match (length, is_simple) {
            (Some(length), true) => {
                self.out.line(&format!("offload {length}"));
                match value {
                    Some(value) => self.expr(value).and_then(|value| plain(value.text, value.ty)),
                    None => plain("none", Ty::None),
                }
            }
            _ => cannot(expr.span, format!("what `{path}` computes has no counterpart on a worker")),
        }
    }
}

/// What is known of the value that a function returns.
pub fn returned(known: &Known<'_>) -> Ty {
    let mut ty = None;
    each_stmt(&known.function.body, &mut |stmt| {
        if let StmtKind::Return(Some(value)) = &stmt.kind {
            let this = match &value.kind {
                ExprKind::None => Ty::None,
                ExprKind::Text(_) | ExprKind::Format(_) | ExprKind::Dict(_) => Ty::Text,
                ExprKind::Int(_) => Ty::Int,
                ExprKind::List(_) | ExprKind::Each { .. } => Ty::List,
                _ => Ty::Unknown,
            };
            ty = Some(match ty.take() {
                None => this,
                Some(before) if before == this => this,
                Some(before) if before == Ty::None || this == Ty::None || before == Ty::Maybe => Ty::Maybe,
                Some(_) => Ty::Unknown,
            });
        }
    });
    ty.unwrap_or(Ty::None)
}
