//! Checks statements: names, types, and whether they stand where they may.

use crate::lang::check::Checker;
use crate::lang::check::expr::{can_be_held, count};
use crate::lang::check::types::Type;
use crate::lang::habit;
use crate::lang::lower::has_fact;
use crate::lang::message::Message;
use crate::lang::names::Thing;
use crate::lang::near::{nearest, nearest_keyword};
use crate::lang::plan::BLOCKING;
use crate::lang::syntax::{Clauses, Expr, ExprKind, Ident, Job, Length, Stmt, StmtKind};
use crate::span::Span;

impl<'a> Checker<'a> {
    pub(super) fn statement(&mut self, stmt: &'a Stmt) {
        if self.declaration(stmt) {
            return;
        }
        match &stmt.kind {
            StmtKind::Let(name, value) => {
                let kind = self.action(&value.kind, &stmt.clauses, value.head);
                self.declare(name, kind);
            }
            StmtKind::Assign(name, value) => {
                self.action(&value.kind, &stmt.clauses, value.head);
                self.use_variable(&name.text, name.span);
            }
            StmtKind::Return(value) => {
                if let Some(value) = value {
                    self.action(&value.kind, &stmt.clauses, value.head);
                }
                let word = Span::new(stmt.span.start, stmt.span.start + "return".len() as u32);
                if !self.around.in_function {
                    self.report(Message::OutsideFunction, word);
                } else if self.around.in_finally {
                    self.report(Message::LeavesFinally { word: "return" }, word);
                }
            }
            StmtKind::Break => self.leaves_loop("break", stmt.span),
            StmtKind::Continue => self.leaves_loop("continue", stmt.span),
            StmtKind::Expr(Expr { kind: ExprKind::Name(name), span, .. }) => self.bare_name(name, *span),
            kind => {
                self.action(kind, &stmt.clauses, stmt.head);
            }
        }
    }

    fn leaves_loop(&mut self, word: &'static str, span: Span) {
        match (self.around.in_loop, self.around.in_finally) {
            (true, _) => {}
            (false, true) => self.report(Message::LeavesFinally { word }, span),
            (false, false) => self.report(Message::OutsideLoop { word }, span),
        }
    }

    /// A word alone on its line: a variable, or a statement that somebody misspelt.
    fn bare_name(&mut self, name: &str, span: Span) {
        let known = self.variable(name).is_some() || self.names.get(name).is_some();
        let known = known || habit::word(name).is_some();
        let near = if known || self.is_full() { None } else { nearest_keyword(name) };
        match near {
            Some(near) => {
                let (name, near) = (name.to_owned(), Some(near.to_owned()));
                self.report(Message::Undeclared { name, near, span, advice: None }, span);
            }
            None => {
                self.use_variable(name, span);
            }
        }
    }

    /// An action with the clauses that follow it; the type of its value.
    fn action(&mut self, kind: &'a StmtKind, clauses: &'a Clauses, head: Span) -> Type {
        if let StmtKind::Task(name, body) | StmtKind::Detach(name, body) = kind {
            if let Some(name) = name {
                self.expr(name);
            }
            self.body(body, clauses, &[]);
            return Type::Task;
        }
        let value =
            self.flow(kind).or_else(|| self.block_action(kind)).unwrap_or_else(|| self.simple(kind, head));
        self.clauses(clauses);
        value
    }

    /// Branches and loops.
    fn flow(&mut self, kind: &'a StmtKind) -> Option<Type> {
        match kind {
            StmtKind::Expr(expr) => return Some(self.expr(expr)),
            StmtKind::If { arms, otherwise } => {
                for (condition, block) in arms {
                    self.wants(condition, Type::Bool);
                    self.block(block, &[]);
                }
                if let Some(block) = otherwise {
                    self.block(block, &[]);
                }
            }
            StmtKind::While(condition, body) => {
                self.wants(condition, Type::Bool);
                self.loop_body(body, &[]);
            }
            StmtKind::Repeat(times, body) => {
                self.wants(times, Type::Int);
                self.loop_body(body, &[]);
            }
            StmtKind::ForIn(name, list, body) => {
                self.items(list);
                self.loop_body(body, &[(name, Type::Unknown)]);
            }
            StmtKind::ForRange { name, from, to, every, body } => {
                self.wants(from, Type::Int);
                self.wants(to, Type::Int);
                if let Some(every) = every {
                    self.wants(every, Type::Duration);
                }
                self.loop_body(body, &[(name, Type::Int)]);
            }
            _ => return None,
        }
        Some(Type::Unknown)
    }

    /// What a `for` goes through: a queue, or a list.
    fn items(&mut self, list: &Expr) {
        if let ExprKind::Name(name) = &list.kind
            && let Some(declared) = self.names.get(name)
        {
            if !matches!(declared.thing, Thing::Queue(_)) {
                let (name, found, wanted) = (name.to_string(), declared.thing.text(), "a list or a queue");
                let message =
                    Message::WrongThing { name, found, wanted, declared: declared.span, hint: None };
                self.report(message, list.span);
            }
            return;
        }
        self.items_of = Some(list.span);
        let found = self.expr(list);
        self.items_of = None;
        if !found.fits(Type::List) {
            let (wanted, found) = ("a list or a queue", found.text());
            self.report(Message::WrongType { wanted, found, number: None }, list.span);
        }
    }

    /// Actions with a block.
    fn block_action(&mut self, kind: &'a StmtKind) -> Option<Type> {
        match kind {
            StmtKind::Broken(blocks) => blocks.iter().for_each(|block| self.block(block, &[])),
            StmtKind::Try(body) => self.block(body, &[]),
            StmtKind::Scope { name, body, .. } => {
                self.some(name.as_ref(), Type::Str);
                self.block(body, &[]);
            }
            StmtKind::Race { name, body, .. } => {
                self.some(name.as_ref(), Type::Str);
                self.only_tasks(body, "race");
                self.block(body, &[]);
            }
            StmtKind::Gather { name, body, .. } => {
                self.some(name.as_ref(), Type::Str);
                self.only_tasks(body, "gather");
                self.block(body, &[]);
                return Some(Type::List);
            }
            StmtKind::Timeout { length, name, body, otherwise } => {
                self.wants(length, Type::Duration);
                let inputs: Vec<(&Ident, Type)> = name.iter().map(|name| (name, Type::Deadline)).collect();
                self.block(body, &inputs);
                if let Some(block) = otherwise {
                    self.block(block, &[]);
                }
            }
            StmtKind::Shield(budget, body) => {
                self.some(budget.as_ref(), Type::Duration);
                self.block(body, &[]);
            }
            StmtKind::Retry { attempts, backoff, body, .. } => {
                self.wants(attempts, Type::Int);
                self.some_length(backoff.as_ref());
                self.block(body, &[]);
            }
            StmtKind::With { held, name, body } => {
                let hint = self.held_hint(held);
                self.thing(held, "a limiter, lock, resource or pool", hint, can_be_held);
                let inputs: Vec<(&Ident, Type)> = name.iter().map(|name| (name, Type::Unknown)).collect();
                self.block(body, &inputs);
            }
            _ => return None,
        }
        Some(Type::Unknown)
    }

    fn held_hint(&self, name: &Ident) -> Option<&'static str> {
        match self.names.get(&name.text)?.thing {
            Thing::Queue(_) => Some("a queue is used with `put`, `take`, `done`, `join` and `close`"),
            Thing::Event(_) | Thing::Barrier(_) => Some("an event or a barrier is waited for with `wait`"),
            _ => None,
        }
    }

    /// Actions without a block.
    fn simple(&mut self, kind: &'a StmtKind, head: Span) -> Type {
        match kind {
            StmtKind::Sleep(length) | StmtKind::Work(length) => self.length(length),
            StmtKind::Offload { job, takes } => {
                self.job(job);
                self.some_length(takes.as_ref());
            }
            StmtKind::Fetch { url, takes, status, gives } => {
                self.wants(url, Type::Str);
                self.some_length(takes.as_ref());
                self.some(status.as_ref(), Type::Int);
                self.some(gives.as_ref(), Type::Unknown);
                return Type::Response;
            }
            StmtKind::Query { on, sql, takes, gives } => {
                if self.variable(&on.text).is_none() {
                    let fits = |thing| matches!(thing, Thing::Resource(_) | Thing::Pool(_));
                    self.thing(on, "a resource, a pool or a connection", None, fits);
                }
                self.wants(sql, Type::Str);
                self.some_length(takes.as_ref());
                self.some(gives.as_ref(), Type::List);
                return Type::List;
            }
            StmtKind::Log(text) | StmtKind::Mark(text) => {
                self.expr(text);
            }
            StmtKind::Expect { condition, message, .. } => self.expectation(condition, message.as_ref()),
            StmtKind::Fail(_, message) => self.some(message.as_ref(), Type::Unknown),
            StmtKind::Raise(Some(error)) => self.wants(error, Type::Error),
            StmtKind::Raise(None) if !self.around.in_handler => self.report(Message::OutsideHandler, head),
            StmtKind::Await(task) | StmtKind::Cancel(task) => {
                self.wants(task, Type::Task);
                self.awaits_call(kind, task, head);
            }
            StmtKind::Extend(name, by) => {
                let found = self.use_variable(&name.text, name.span);
                if !found.fits(Type::Deadline) {
                    let (wanted, found) = ("a deadline (`timeout 2s as t`)", found.text());
                    self.report(Message::WrongType { wanted, found, number: None }, name.span);
                }
                self.wants(by, Type::Duration);
            }
            _ => self.shared(kind),
        }
        Type::Unknown
    }

    /// `await f()`, where `f` gives no task whatever way it ends.
    fn awaits_call(&mut self, kind: &StmtKind, task: &Expr, head: Span) {
        let (StmtKind::Await(_), ExprKind::Call(name, _)) = (kind, &task.kind) else { return };
        if self.names.gives_no_task(&name.text) {
            let (name, fix) = (name.text.to_string(), Span::new(head.start, task.span.start));
            self.report(Message::AwaitsCall { name, fix }, head);
        }
    }

    /// Queues, events and barriers.
    fn shared(&mut self, kind: &'a StmtKind) {
        let is_queue = |thing| matches!(thing, Thing::Queue(_));
        match kind {
            StmtKind::Put(name, item) => {
                self.thing(name, "a queue", None, is_queue);
                self.expr(item);
            }
            StmtKind::Take(name) | StmtKind::Done(name) | StmtKind::Join(name) | StmtKind::Close(name) => {
                self.thing(name, "a queue", None, is_queue);
            }
            StmtKind::Set(name) | StmtKind::Clear(name) => {
                self.thing(name, "an event", None, |thing| matches!(thing, Thing::Event(_)));
            }
            StmtKind::Wait(name) => {
                let hint = match self.names.get(&name.text).map(|it| it.thing) {
                    Some(Thing::Limiter(_) | Thing::Lock(_)) => Some("hold it for a block: `with`"),
                    Some(Thing::Queue(_)) => Some("`take` waits for an item, `join` for all to be done"),
                    None if self.variable(&name.text).is_some() => Some("to wait for a task, `await` it"),
                    _ => None,
                };
                let fits = |thing| matches!(thing, Thing::Event(_) | Thing::Barrier(_));
                self.thing(name, "an event or a barrier", hint, fits);
            }
            _ => {}
        }
    }

    /// `expect`: over the whole run at the top level, where it reads what is known only then.
    fn expectation(&mut self, condition: &Expr, message: Option<&Expr>) {
        let facts = {
            let taken = |name: &str| self.variable(name).is_some() || self.names.get(name).is_some();
            has_fact(condition, &taken)
        };
        let before = self.around;
        self.around.in_expectation = facts && !before.in_block;
        self.wants(condition, Type::Bool);
        self.some(message, Type::Unknown);
        self.around = before;
    }

    fn job(&mut self, job: &Job) {
        let (name, args) = match job {
            Job::Block(length) => return self.length(length),
            Job::Call(name, args) => (name, args),
        };
        args.iter().for_each(|arg| {
            self.wants(arg, Type::Int);
        });
        let (text, span) = (name.text.to_string(), name.span);
        match BLOCKING.iter().find(|known| known.0 == text) {
            None => {
                let near = nearest(&text, BLOCKING.iter().map(|it| it.0)).map(str::to_owned);
                self.report(
                    Message::UnknownFunction { name: text, near, span, blocking: true, advice: None },
                    span,
                );
            }
            Some((_, wanted)) if *wanted != args.len() => {
                let (wanted, found) = (count(*wanted), args.len());
                let span = args.last().map_or(span, |arg| span.to(arg.span));
                self.report(Message::Arguments { name: text, wanted, found, declared: None }, span);
            }
            Some(_) => {}
        }
    }

    fn length(&mut self, length: &Length) {
        self.wants(&length.from, Type::Duration);
        self.some(length.to.as_ref(), Type::Duration);
    }

    fn some_length(&mut self, length: Option<&Length>) {
        if let Some(length) = length {
            self.length(length);
        }
    }

    fn some(&mut self, expr: Option<&Expr>, wanted: Type) {
        if let Some(expr) = expr {
            self.wants(expr, wanted);
        }
    }
}
