//! Generators and context managers: their bodies are written where they are used, with the user's block in the place
//! of `yield`. That is what Python does, too: a generator runs only while it is asked.

use super::facts::Known;
use super::python::{Expr, ExprKind, Stmt, StmtKind, each_stmt};
use super::translate::{Local, Said, Sink, Translator, Var, cannot};

/// Generators and context managers inside each other beyond this are not followed: one may use itself.
const MOST_INSIDE: usize = 8;

impl<'a> Translator<'a> {
    /// `async for target in generator(args): body`.
    pub fn iterate(&mut self, target: &'a Expr, list: &'a Expr, body: &'a [Stmt]) -> Said<()> {
        let list = match self.var(list).map(|var| &var.local) {
            Some(Local::Job(job)) => job,
            _ => list,
        };
        let Some((path, args, _)) = list.call() else {
            return cannot(list.span, "what is iterated here, this text does not say");
        };
        if self.facts.classes.contains_key(&path) {
            return self.next_by_next(list, &path, target, body);
        }
        match self.facts.callee(&self.key, &path) {
            Some((key, known)) if self.yields(&known) => {
                if leaves(body) && !ends_with_its_loop(&known.function.body) {
                    return cannot(
                        list.span,
                        "`break` out of this generator has no counterpart: it goes on after its loop",
                    );
                }
                self.inline(list, &key, &known, args, Some(target), body)
            }
            _ => cannot(list.span, format!("this text does not say what `{path}` yields")),
        }
    }

    /// Writes the body of a generator function, `body` in the place of each `yield`.
    pub fn inline(
        &mut self,
        at: &Expr,
        key: &str,
        known: &Known<'a>,
        args: &'a [Expr],
        target: Option<&'a Expr>,
        body: &'a [Stmt],
    ) -> Said<()> {
        let mut bound = Vec::new();
        for (param, arg) in self.own_params(key, known).into_iter().zip(args) {
            let text = self.expr(arg)?.text;
            bound.push((
                param.name.clone(),
                Var { word: text, local: Local::Value(super::translate::Ty::Unknown) },
            ));
        }
        self.inside(at, key, bound, target, body, false, |it| {
            let function: &'a super::python::Fn = known.function;
            let body: Vec<&Stmt> = function.body.iter().collect();
            it.block(&body);
            Ok(())
        })
    }

    /// An object's `__aiter__` and `__anext__`: the values until `StopAsyncIteration`.
    fn next_by_next(&mut self, at: &Expr, class: &str, target: &'a Expr, body: &'a [Stmt]) -> Said<()> {
        let [iter, next] = ["__aiter__", "__anext__"].map(|name| format!("{class}.{name}"));
        let (Some(iter_fn), Some(next_fn)) =
            (self.facts.functions.get(&iter), self.facts.functions.get(&next))
        else {
            return cannot(at.span, format!("`{class}` cannot be iterated"));
        };
        let (start, turn): (&'a [Stmt], &'a [Stmt]) = (&iter_fn.function.body, &next_fn.function.body);
        self.inside(at, &next, Vec::new(), Some(target), body, true, |it| {
            let is_self = |stmt: &&Stmt| {
                matches!(&stmt.kind, StmtKind::Return(Some(value)) if value.name() == Some("self"))
            };
            let start: Vec<&Stmt> = start.iter().filter(|stmt| !is_self(stmt)).collect();
            it.block(&start);
            it.out.open("while true");
            let turn: Vec<&Stmt> = turn.iter().collect();
            it.block(&turn);
            it.out.close();
            Ok(())
        })
    }

    /// `async with Class(...) as name: body`, by `__aenter__` and `__aexit__`.
    pub fn entered(
        &mut self,
        at: &Expr,
        class: &str,
        name: Option<&'a Expr>,
        rest: &'a [(Expr, Option<Expr>)],
        body: &'a [Stmt],
    ) -> Said<()> {
        let [enter, exit] = ["__aenter__", "__aexit__"].map(|name| format!("{class}.{name}"));
        let (Some(enter_fn), Some(exit_fn)) =
            (self.facts.functions.get(&enter), self.facts.functions.get(&exit))
        else {
            return cannot(at.span, format!("`{class}` cannot be entered"));
        };
        if !rest.is_empty() {
            return cannot(at.span, "several things entered at once have no counterpart here");
        }
        let (opening, closing): (&'a [Stmt], &'a [Stmt]) = (&enter_fn.function.body, &exit_fn.function.body);
        self.deeper(at)?;
        let is_return = |stmt: &&'a Stmt| matches!(stmt.kind, StmtKind::Return(_));
        let outer_env = std::mem::replace(&mut self.env, self.globals.clone());
        let outer_key = std::mem::replace(&mut self.key, enter);
        let opened: Vec<&Stmt> = opening.iter().filter(|stmt| !is_return(stmt)).collect();
        self.block(&opened);
        let given = opening.iter().find(is_return).and_then(|stmt| match &stmt.kind {
            StmtKind::Return(Some(value)) if value.name() != Some("self") => Some(value),
            _ => None,
        });
        let given = given.and_then(|value| self.expr(value).ok());
        let inner_env = std::mem::replace(&mut self.env, outer_env);
        self.key = outer_key;
        self.out.open("try");
        let mark = self.in_use.len();
        if let (Some(given), Some(name)) = (given, name.and_then(Expr::name)) {
            self.env.insert(name.to_owned(), Var { word: given.text, local: Local::Value(given.ty) });
        }
        let body: Vec<&Stmt> = body.iter().collect();
        self.block(&body);
        self.in_use.truncate(mark);
        self.out.close();
        self.out.open("finally");
        let (outer_key, outer_env) =
            (std::mem::replace(&mut self.key, exit), std::mem::replace(&mut self.env, inner_env));
        let closing: Vec<&Stmt> = closing.iter().collect();
        self.block(&closing);
        (self.key, self.env) = (outer_key, outer_env);
        self.out.close();
        self.depth -= 1;
        Ok(())
    }

    fn deeper(&mut self, at: &Expr) -> Said<()> {
        if self.depth >= MOST_INSIDE {
            return cannot(at.span, "generators inside generators as deep as this have no counterpart");
        }
        self.depth += 1;
        Ok(())
    }

    #[expect(
        clippy::too_many_arguments,
        reason = "one call from each of two places, and each says all of it"
    )]
    fn inside(
        &mut self,
        at: &Expr,
        key: &str,
        bound: Vec<(String, Var<'a>)>,
        target: Option<&'a Expr>,
        body: &'a [Stmt],
        is_next: bool,
        write: impl FnOnce(&mut Self) -> Said<()>,
    ) -> Said<()> {
        self.deeper(at)?;
        // What the generator can see: its parameters, and the top level.
        let env = std::mem::replace(&mut self.env, self.globals.clone());
        self.env.extend(bound);
        let key = std::mem::replace(&mut self.key, key.to_owned());
        self.sinks.push(Sink { key: key.clone(), env: env.clone(), target, body, is_next });
        let said = write(self);
        self.sinks.pop();
        self.depth -= 1;
        (self.key, self.env) = (key, env);
        said
    }

    /// `yield value`: the user's block. `ends_turn`: nothing of the turn follows it.
    pub fn yielded(&mut self, at: &Expr, given: Option<&'a Expr>) -> Said<()> {
        let Some(sink) = self.sinks.last().cloned() else {
            return cannot(at.span, "`yield` stands in no generator that is used here");
        };
        // A client or an object goes by no value: what is called on it says enough.
        let is_thing = given.is_some_and(|given| self.thing(given).is_some());
        let given = given.filter(|_| !is_thing).map(|given| self.expr(given)).transpose()?;
        let key = std::mem::replace(&mut self.key, sink.key.clone());
        let env = std::mem::replace(&mut self.env, sink.env.clone());
        let sinks = self.sinks.split_off(self.sinks.len() - 1);
        let mark = self.in_use.len();
        if let Some(target) = sink.target.and_then(Expr::name).filter(|_| is_thing) {
            self.env.insert(target.to_owned(), Var { word: target.to_owned(), local: Local::Unnamed });
        }
        let unpacked = self.unpack(given.as_ref(), sink.target);
        if let (Some(given), Some(target)) = (given, sink.target.and_then(Expr::name)) {
            // A variable goes by its own word; what is computed gets one.
            let is_word = self.in_use.contains(&given.text);
            let word = if is_word { given.text } else { self.named(target, &given.text) };
            self.env.insert(target.to_owned(), Var { word, local: Local::Value(given.ty) });
        }
        let body: Vec<&Stmt> = sink.body.iter().collect();
        self.block(&body);
        self.in_use.truncate(mark);
        self.sinks.extend(sinks);
        (self.key, self.env) = (key, env);
        unpacked
    }

    /// `async for a, b in …`: each name takes its item of the list.
    fn unpack(&mut self, given: Option<&super::expr::Value>, target: Option<&'a Expr>) -> Said<()> {
        let (Some(given), Some(Expr { kind: ExprKind::List(names), span })) = (given, target) else {
            return Ok(());
        };
        let list = self.named("several", &given.text);
        for (at, name) in names.iter().enumerate() {
            let Some(name) = name.name() else { return cannot(*span, "this target has no counterpart") };
            self.let_value(name, &format!("{list}[{at}]"), super::translate::Ty::Unknown);
        }
        Ok(())
    }

    fn named(&mut self, target: &str, text: &str) -> String {
        let word = self.declare(target, Local::Value(super::translate::Ty::Unknown));
        self.out.line(&format!("let {word} = {text}"));
        word
    }
}

/// Whether the block leaves its loop.
fn leaves(body: &[Stmt]) -> bool {
    let mut found = false;
    each_stmt(body, &mut |stmt| found |= matches!(stmt.kind, StmtKind::Break));
    found
}

/// Whether the only `yield` stands right in a loop with which the generator ends.
fn ends_with_its_loop(body: &[Stmt]) -> bool {
    let loop_body = match body.last().map(|stmt| &stmt.kind) {
        Some(StmtKind::For { body, .. } | StmtKind::While(_, body)) => body,
        _ => return false,
    };
    let is_yield = |stmt: &Stmt| match &stmt.kind {
        StmtKind::Expr(expr) => matches!(expr.kind, ExprKind::Yield(_)),
        _ => false,
    };
    loop_body.iter().any(is_yield)
}
