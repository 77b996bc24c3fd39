//! Statements, one after the other: what cannot be said becomes a comment, and the next is tried.

use std::collections::BTreeSet;

use super::Sort;
use super::call::{REQUEST, returned};
use super::facts::Thing;
use super::python::{Expr, ExprKind, Stmt, StmtKind, each_expr, each_stmt};
use super::translate::{Cannot, Local, Said, Translator, Ty, cannot};
use super::words;

/// So much of a line that has no counterpart stands in its comment.
const MOST_LETTERS_QUOTED: usize = 60;

impl<'a> Translator<'a> {
    /// Writes these statements. What they declare is known until the end of the block.
    pub fn block(&mut self, body: &[&'a Stmt]) {
        let mark = self.in_use.len();
        for (at, stmt) in body.iter().enumerate() {
            self.needed_later(stmt, &body[at + 1..]);
            self.one(stmt);
        }
        self.in_use.truncate(mark);
        let in_use = &self.in_use;
        self.env.retain(|_, var| {
            !matches!(var.local, Local::Value(_) | Local::Task(_) | Local::Tasks(_) | Local::Deadline)
                || in_use.contains(&var.word)
                || var.word.contains('"')
                || var.word.parse::<f64>().is_ok()
        });
    }

    /// Writes one statement, or why it cannot be written.
    pub fn one(&mut self, stmt: &'a Stmt) {
        if self.out.is_full() {
            let why = "the scenario would be too long".to_owned();
            return self.say(Cannot { span: stmt.span, why, instead: None }, Sort::NoCounterpart);
        }
        let (mark, in_use, depth, flags) =
            (self.out.mark(), self.in_use.len(), self.depth, self.before_return.len());
        let (key, env) = (self.key.clone(), self.env.clone());
        if let Err(why) = self.stmt(stmt) {
            // Everything as it was: what the half statement declared is not there.
            self.out.back_to(mark);
            self.in_use.truncate(in_use);
            self.before_return.truncate(flags);
            (self.key, self.env, self.depth) = (key, env, depth);
            self.refuse(why, stmt);
        }
    }

    /// Says that a statement has no counterpart, there and in the scenario.
    fn refuse(&mut self, why: Cannot, stmt: &Stmt) {
        let source = self.text.get(stmt.span.range()).unwrap_or_default();
        let first = source.lines().next().unwrap_or_default();
        let quoted: String = first.chars().take(MOST_LETTERS_QUOTED).collect();
        self.out.line(&format!("# No counterpart: {quoted}"));
        self.say(why, Sort::NoCounterpart);
    }

    /// Declares what `stmt` assigns inside its blocks and what is read outside of them: Python's variables belong to
    /// the function, a scenario's to the block.
    fn needed_later(&mut self, stmt: &'a Stmt, rest: &[&'a Stmt]) {
        let blocks = stmt.blocks();
        for (at, block) in blocks.iter().enumerate() {
            let mut read = BTreeSet::new();
            for other in blocks.iter().enumerate().filter(|(other, _)| *other != at).map(|(_, block)| *block)
            {
                each_expr(other, &mut |expr| read.extend(expr.name()));
            }
            for later in rest {
                each_expr(std::slice::from_ref(*later), &mut |expr| read.extend(expr.name()));
            }
            let mut assigned = Vec::new();
            each_stmt(block, &mut |stmt| {
                if let StmtKind::Assign(target, value) = &stmt.kind
                    && !self.is_job(value)
                {
                    match &target.kind {
                        ExprKind::List(targets) => assigned.extend(targets.iter().filter_map(Expr::name)),
                        _ => assigned.extend(target.name()),
                    }
                }
            });
            for name in assigned {
                let is_thing = self.facts.things.contains_key(&(self.key.clone(), name.to_owned()));
                if read.contains(name) && !self.env.contains_key(name) && !is_thing {
                    let word = self.declare(name, Local::Value(Ty::Unknown));
                    self.out.line(&format!("let {word} = none"));
                }
            }
        }
    }

    fn stmt(&mut self, stmt: &'a Stmt) -> Said<()> {
        match &stmt.kind {
            StmtKind::Expr(expr) => self.alone(expr)?,
            StmtKind::Assign(target, value) => self.assign(target, value)?,
            StmtKind::Change(target, op, by) => {
                let (is, by) = (self.target(target)?, self.expr(by)?);
                self.out.line(&format!("{is} = {is} {op} {}", by.operand()));
            }
            StmtKind::Return(given) => self.give(stmt, given.as_ref())?,
            StmtKind::If(branches) => self.branches(branches)?,
            StmtKind::While(test, body) => {
                let (mark, in_use, env) = (self.out.mark(), self.in_use.len(), self.env.clone());
                let condition = self.condition(test)?.text;
                if self.out.is_at(mark) {
                    self.out.open(&format!("while {condition}"));
                } else {
                    // What the condition awaits must be awaited in each turn.
                    self.out.back_to(mark);
                    self.in_use.truncate(in_use);
                    self.env = env;
                    self.out.open("while true");
                    let condition = self.condition(test)?.operand();
                    self.out.line(&format!("if not {condition} {{ break }}"));
                }
                self.inner(body);
                self.out.close();
            }
            StmtKind::For { is_async: true, target, list, body } => self.iterate(target, list, body)?,
            StmtKind::For { target, list, body, .. } => {
                let mark = self.in_use.len();
                self.loop_head(target, list)?;
                self.inner(body);
                self.out.close();
                self.in_use.truncate(mark);
            }
            StmtKind::With(items, body) => self.with(items, body)?,
            StmtKind::Try(it) => self.tried(stmt, it)?,
            StmtKind::Raise(what) => self.raise(stmt, what.as_ref())?,
            StmtKind::Fn(_) | StmtKind::Class(_) | StmtKind::Nothing => {}
            StmtKind::Break => self.out.line("break"),
            StmtKind::Continue => self.out.line("continue"),
            StmtKind::Other(what) => return cannot(stmt.span, format!("{what} has no counterpart")),
        }
        Ok(())
    }

    /// A block inside a statement.
    pub fn inner(&mut self, body: &'a [Stmt]) {
        let body: Vec<&Stmt> = body.iter().collect();
        self.block(&body);
    }

    fn branches(&mut self, branches: &'a [(Option<Expr>, Vec<Stmt>)]) -> Said<()> {
        if let [(Some(test), body)] = branches
            && matches!(self.thing(test), Some(Thing::Client { .. }))
        {
            return self.if_client(test, body);
        }
        for (at, (test, body)) in branches.iter().enumerate() {
            let head = match test {
                None => "else".to_owned(),
                Some(test) => {
                    let mark = self.out.mark();
                    let condition = self.condition(test)?.text;
                    if at > 0 && !self.out.is_at(mark) {
                        return cannot(test.span, "what is awaited in this `elif` has no counterpart");
                    }
                    format!("{}if {condition}", if at > 0 { "else " } else { "" })
                }
            };
            self.out.open(&head);
            self.inner(body);
            self.out.close();
        }
        Ok(())
    }

    /// `if client: …`. Whether one was made is not known here, which is no matter where closing it is all that is done.
    fn if_client(&mut self, test: &Expr, body: &'a [Stmt]) -> Said<()> {
        let mark = self.out.mark();
        self.inner(body);
        if self.out.is_at(mark) {
            return Ok(());
        }
        cannot(test.span, "this text does not say whether there is a client by then")
    }

    /// An expression by itself.
    fn alone(&mut self, expr: &'a Expr) -> Said<()> {
        if let ExprKind::Yield(given) = &expr.kind {
            return self.yielded(expr, given.as_deref());
        }
        let path = expr.call().map(|(path, ..)| path).unwrap_or_default();
        if self.is_unawaited(expr) {
            self.out.line(&format!("# Never runs, because nothing awaits it: {path}"));
            return Ok(());
        }
        if let Some((_, args, _)) = expr.call()
            && path.starts_with("requests.")
        {
            for arg in args {
                self.expr(arg)?;
            }
            // Nothing else runs until the answer is there.
            self.out.line(&format!("work {REQUEST}"));
            return Ok(());
        }
        let is_loose =
            matches!(path.as_str(), "asyncio.create_task" | "asyncio.ensure_future" | "loop.create_task");
        let action = self.action(expr)?;
        if is_loose {
            self.out.line(&action.text.replacen("task", "detach", 1));
        } else if !action.text.is_empty() && (!action.is_plain || action.text.ends_with(')')) {
            self.out.line(&action.text);
        }
        Ok(())
    }

    /// Whether it makes a coroutine, or a list of them, that nothing has started.
    pub fn is_job(&self, value: &Expr) -> bool {
        match &value.kind {
            ExprKind::Each { item, .. } => self.is_unawaited(item),
            ExprKind::List(items) => !items.is_empty() && items.iter().all(|item| self.is_unawaited(item)),
            _ => self.is_unawaited(value),
        }
    }

    /// Whether it calls an asynchronous function without awaiting it.
    pub fn is_unawaited(&self, expr: &Expr) -> bool {
        let Some((path, ..)) = expr.call() else { return false };
        match self.facts.callee(&self.key, &path) {
            Some((_, known)) => known.function.is_async,
            None => path == "asyncio.sleep",
        }
    }

    /// Whether it calls what the text does not hold, and the name is awaited or gathered below: a coroutine, then.
    fn is_started_later(&self, name: &str, value: &Expr) -> bool {
        let item = match &value.kind {
            ExprKind::Each { item, .. } => item,
            _ => value,
        };
        let Some((path, ..)) = item.call() else { return false };
        let is_unknown = self.facts.callee(&self.key, &path).is_none()
            && !self.facts.classes.contains_key(&path)
            && !path.starts_with("asyncio.")
            && !path.ends_with("create_task");
        let body = self.facts.functions.get(&self.key).map_or(self.module, |known| &known.function.body);
        let mut found = false;
        each_expr(body, &mut |expr| {
            found |=
                matches!(&expr.kind, ExprKind::Spread(of) | ExprKind::Await(of) if of.name() == Some(name));
        });
        is_unknown && found
    }

    fn assign(&mut self, target: &'a Expr, value: &'a Expr) -> Said<()> {
        match self.thing(target) {
            Some(Thing::Object(class)) => {
                return match self.facts.made.get(&class) {
                    Some(Some(_)) => Ok(()),
                    _ => cannot(value.span, format!("several objects of `{class}` have no counterpart")),
                };
            }
            Some(_) => return Ok(()),
            None => {}
        }
        if let ExprKind::List(targets) = &target.kind {
            return self.assign_several(target, targets, value);
        }
        let Some(name) = target.name() else {
            let word = self.target(target)?;
            let action = self.action(value)?;
            self.out.line(&format!("{word} = {}", action.text));
            return Ok(());
        };
        if self.is_job(value) || self.is_started_later(name, value) {
            let var = super::translate::Var { word: words::word(name), local: Local::Job(value) };
            self.env.insert(name.to_owned(), var);
            return Ok(());
        }
        if let ExprKind::Each { item, .. } = &value.kind
            && item.call().is_some_and(|(path, ..)| path.ends_with("create_task"))
        {
            let word = self.put(name, "[]", Local::Tasks(self.task_ty(item)));
            return self.fill(&word, value, false, true);
        }
        let action = self.action(value)?;
        let is_task = |item: &Expr| item.call().is_some_and(|(path, ..)| path.ends_with("create_task"));
        let local = match value.call() {
            None if matches!(&value.kind, ExprKind::List(items) if !items.is_empty() && items.iter().all(is_task)) => {
                Local::Tasks(Ty::Unknown)
            }
            Some((path, ..)) if path.ends_with("create_task") || path.ends_with("ensure_future") => {
                Local::Task(action.ty)
            }
            _ => match self.var(value).map(|var| var.local.clone()) {
                Some(local @ (Local::Task(_) | Local::Tasks(_))) => local,
                _ => Local::Value(action.ty),
            },
        };
        self.put(name, &action.text, local);
        Ok(())
    }

    /// `a, b = value`: the value is a list, and each name takes its item.
    fn assign_several(&mut self, target: &Expr, targets: &'a [Expr], value: &'a Expr) -> Said<()> {
        let action = self.action(value)?;
        let pair = self.declare("several", Local::Value(Ty::List));
        self.out.line(&format!("let {pair} = {}", action.text));
        for (at, one) in targets.iter().enumerate() {
            let Some(name) = one.name() else { return cannot(target.span, "this target has no counterpart") };
            self.put(name, &format!("{pair}[{at}]"), Local::Value(Ty::Unknown));
        }
        Ok(())
    }

    /// What a task gives, as far as the text tells.
    fn task_ty(&self, item: &Expr) -> Ty {
        let job = item.call().and_then(|(_, args, _)| args.first()?.call());
        let known = job.and_then(|(path, ..)| self.facts.callee(&self.key, &path));
        known.map_or(Ty::Text, |(_, known)| returned(&known))
    }

    /// Gives a variable its value, and declares it where it is new.
    pub fn put(&mut self, name: &str, text: &str, local: Local<'a>) -> String {
        let is_variable =
            |local: &Local<'_>| matches!(local, Local::Value(_) | Local::Task(_) | Local::Tasks(_));
        match self.env.get_mut(name).filter(|var| is_variable(&var.local)) {
            Some(var) => {
                var.local = local;
                let word = var.word.clone();
                self.out.line(&format!("{word} = {text}"));
                word
            }
            None => {
                let word = self.declare(name, local);
                self.out.line(&format!("let {word} = {text}"));
                word
            }
        }
    }

    /// What an assignment changes.
    fn target(&mut self, target: &'a Expr) -> Said<String> {
        match &target.kind {
            ExprKind::Name(name) => match self.env.get(name) {
                Some(var) => Ok(var.word.clone()),
                None => cannot(target.span, format!("this text does not say what `{name}` is")),
            },
            ExprKind::Field(of, name) => match self.object_field(of, name) {
                Some(word) => Ok(word),
                None => cannot(target.span, format!("`.{name}` has no counterpart")),
            },
            ExprKind::List(_) => cannot(target.span, "several targets at once have no counterpart"),
            _ => cannot(target.span, "a scenario assigns variables only"),
        }
    }

    /// `return`, which in `__anext__` gives an item.
    fn give(&mut self, stmt: &'a Stmt, given: Option<&'a Expr>) -> Said<()> {
        if let Some(sink) = self.sinks.last() {
            if !sink.is_next {
                return cannot(stmt.span, "`return` in a generator has no counterpart");
            }
            self.yielded(given.unwrap_or(&NOTHING), given)?;
            let function = self.facts.functions.get(&self.key).map(|known| &known.function.body);
            let is_last = function.and_then(|body| body.last()).is_some_and(|last| last.span == stmt.span);
            if !is_last {
                self.out.line("continue");
            }
            return Ok(());
        }
        let Some(given) = given else {
            self.before_return.clone().iter().for_each(|line| self.out.line(line));
            self.out.line("return");
            return Ok(());
        };
        let action = self.action(given)?;
        if action.text.is_empty() {
            self.out.line("return");
        } else if self.before_return.is_empty() {
            self.out.line(&format!("return {}", action.text));
        } else {
            let word = self.declare("given", Local::Value(action.ty));
            self.out.line(&format!("let {word} = {}", action.text));
            self.before_return.clone().iter().for_each(|line| self.out.line(line));
            self.out.line(&format!("return {word}"));
        }
        Ok(())
    }
}

/// A place for what has none.
static NOTHING: Expr = Expr { kind: ExprKind::None, span: crate::span::Span::new(0, 0) };
