//! Checks declarations: each name once, each value constant and within bounds.

use crate::lang::check::Checker;
use crate::lang::check::types::Type;
use crate::lang::message::Message;
use crate::lang::names::{Thing, builtin, declared_name};
use crate::lang::plan::{Literal, UnaryOp};
use crate::lang::syntax::{Expr, ExprKind, Ident, Stmt, StmtKind};
use crate::span::Span;

impl<'a> Checker<'a> {
    /// Checks `stmt` if it is a declaration. Whether it is one.
    pub(super) fn declaration(&mut self, stmt: &'a Stmt) -> bool {
        let Some(word) = word(&stmt.kind) else { return false };
        if self.around.in_block {
            let start = stmt.span.start;
            self.report(Message::TopLevelOnly { what: word }, Span::new(start, start + word.len() as u32));
        }
        if let Some(name) = declared_name(&stmt.kind) {
            self.declared_once(name, matches!(stmt.kind, StmtKind::Fn { .. }));
        }
        match &stmt.kind {
            StmtKind::Scenario(name) => {
                self.once(word, stmt.span);
                self.literal(name, "the name of the scenario", Type::Str);
            }
            StmtKind::Seed(seed) => {
                self.once(word, stmt.span);
                self.literal(seed, "the seed", Type::Int);
                self.at_least(seed, "the seed", 0);
            }
            StmtKind::Workers(count) => {
                self.once(word, stmt.span);
                self.constant(count, "the number of workers", Type::Int, 1);
            }
            StmtKind::Limiter { permits, rate, .. } => {
                if let Some(permits) = permits {
                    self.constant(permits, "the number of permits", Type::Int, 0);
                }
                if let Some((starts, per)) = rate {
                    self.constant(starts, "the number of starts", Type::Int, 1);
                    self.constant(per, "the window of a rate", Type::Duration, 1);
                }
            }
            StmtKind::Barrier(_, parties) => self.constant(parties, "the size of a barrier", Type::Int, 1),
            StmtKind::Queue(_, Some(capacity)) => {
                self.constant(capacity, "the capacity of a queue", Type::Int, 1);
            }
            StmtKind::Pool { size, of, overflow, .. } => {
                self.constant(size, "the size of a pool", Type::Int, 1);
                self.thing(of, "a resource", None, |thing| matches!(thing, Thing::Resource(_)));
                if let Some(overflow) = overflow {
                    self.constant(overflow, "the overflow of a pool", Type::Int, 0);
                }
            }
            StmtKind::Resource { open, close, .. } => {
                for body in open.iter().chain(close) {
                    self.body(&body.block, &body.clauses, &[]);
                }
            }
            StmtKind::Fn { params, body, .. } => {
                let inputs: Vec<(&Ident, Type)> = params.iter().map(|param| (param, Type::Unknown)).collect();
                self.body(body, &stmt.clauses, &inputs);
            }
            StmtKind::At(at, body) => {
                self.constant(at, "the instant", Type::Duration, 0);
                self.body(body, &stmt.clauses, &[]);
            }
            StmtKind::Shutdown(at, grace) => {
                self.constant(at, "the instant", Type::Duration, 0);
                if let Some(grace) = grace {
                    self.constant(grace, "the grace", Type::Duration, 0);
                }
            }
            _ => {}
        }
        true
    }

    fn declared_once(&mut self, name: &Ident, function: bool) {
        if name.text.is_empty() {
            return;
        }
        let text = name.text.to_string();
        if function && builtin(&name.text).is_some() {
            self.report(
                Message::Duplicate { name: text, first: None, what: "a built-in function" },
                name.span,
            );
        } else if self.around.in_block {
            // Said already: it stands in the wrong place.
        } else if let Some(first) = self.names.get(&name.text).filter(|first| first.span != name.span) {
            let (first, what) = (Some(first.span), first.thing.text());
            self.report(Message::Duplicate { name: text, first, what }, name.span);
        }
    }

    /// A setting of which a file has one.
    fn once(&mut self, word: &'static str, span: Span) {
        match self.said_once.get(word).copied() {
            Some(first) => self.report(Message::Again { word, first }, span),
            None => {
                self.said_once.insert(word, span);
            }
        }
    }

    /// A value that stands in the text as such.
    fn literal(&mut self, expr: &Expr, what: &'static str, wanted: Type) {
        match &expr.kind {
            ExprKind::Broken => {}
            ExprKind::Literal(_) => self.wants(expr, wanted),
            _ => self.report(Message::NotConstant { what }, expr.span),
        }
    }

    /// A value that is known before the run.
    fn constant(&mut self, expr: &Expr, what: &'static str, wanted: Type, least: i64) {
        let before = self.diagnostics.len();
        self.wants(expr, wanted);
        if self.diagnostics.len() == before && !self.names.is_constant(expr) {
            self.report(Message::NotConstant { what }, expr.span);
        }
        self.at_least(expr, what, least);
    }

    fn at_least(&mut self, expr: &Expr, what: &'static str, least: i64) {
        let wanted = if least == 0 { "0 or more" } else { "more than 0" };
        if number(expr).is_some_and(|it| it < least) {
            self.report(Message::OutOfBounds { what, wanted }, expr.span);
        }
    }
}

/// The value of a number or length that stands in the text.
fn number(expr: &Expr) -> Option<i64> {
    match &expr.kind {
        ExprKind::Literal(Literal::Int(it) | Literal::Duration(it)) => Some(*it),
        ExprKind::Unary(UnaryOp::Neg, operand) => number(operand)?.checked_neg(),
        _ => None,
    }
}

/// The word that a declaration begins with.
fn word(kind: &StmtKind) -> Option<&'static str> {
    Some(match kind {
        StmtKind::Scenario(_) => "scenario",
        StmtKind::Seed(_) => "seed",
        StmtKind::Workers(_) => "workers",
        StmtKind::Limiter { .. } => "limiter",
        StmtKind::Lock(_) => "lock",
        StmtKind::Event(_) => "event",
        StmtKind::Barrier(..) => "barrier",
        StmtKind::Queue(..) => "queue",
        StmtKind::Resource { .. } => "resource",
        StmtKind::Pool { .. } => "pool",
        StmtKind::Fn { .. } => "fn",
        StmtKind::At(..) => "at",
        StmtKind::Shutdown(..) => "shutdown",
        _ => return None,
    })
}
