//! What stands at the top level and is not a step: settings, shared things, functions, stimuli, expectations.

use crate::lang::lower::Lowerer;
use crate::lang::lower::expr::has_fact;
use crate::lang::names::{Thing, declared_name};
use crate::lang::plan::{
    Barrier, Block, Event, Expectation, Limiter, Literal, Lock, Pool, Queue, Rate, Resource, ResourceIndex,
    Stimulus,
};
use crate::lang::syntax::{Body, Expr, ExprKind, Stmt, StmtKind};
use crate::span::Span;

impl Lowerer<'_> {
    /// Takes a top-level statement that is not a step. Whether it was one.
    pub(super) fn declaration(&mut self, stmt: &Stmt) -> bool {
        let span = stmt.head;
        // Of two with one name only the first has an index.
        if declared_name(&stmt.kind).is_some_and(|name| !self.names.is_first(name)) {
            return true;
        }
        match &stmt.kind {
            StmtKind::Scenario(name) => {
                if let (ExprKind::Literal(Literal::Str(name)), None) = (&name.kind, &self.plan.scenario) {
                    self.plan.scenario = Some(name.clone());
                }
            }
            StmtKind::Seed(seed) => {
                if let (ExprKind::Literal(Literal::Int(seed)), None) = (&seed.kind, self.plan.seed) {
                    self.plan.seed = u64::try_from(*seed).ok();
                }
            }
            StmtKind::Workers(count) => self.plan.workers = Some(self.constant(count)),
            StmtKind::Fn { name, params, body } => self.function(name, params, body, stmt),
            StmtKind::At(at, body) => {
                let at = self.constant(at);
                let body = self.body(body, &stmt.clauses, &[], span);
                self.plan.stimuli.push(Stimulus::At { at, body, span });
            }
            StmtKind::Shutdown(at, grace) => {
                let (at, grace) = (self.constant(at), grace.as_ref().map(|it| self.constant(it)));
                self.plan.stimuli.push(Stimulus::Shutdown { at, grace, span });
            }
            StmtKind::Expect { condition, message, text } if self.has_fact(condition) => {
                let mut calls = Vec::new();
                let condition = self.expr(condition, &mut calls);
                let message = message.as_ref().map(|it| self.expr(it, &mut calls));
                let text = text.clone();
                self.plan.expectations.push(Expectation { condition, message, text, span });
            }
            kind => return self.shared(kind, span),
        }
        true
    }

    /// A shared thing. Whether it was one.
    fn shared(&mut self, kind: &StmtKind, span: Span) -> bool {
        match kind {
            StmtKind::Limiter { name, permits, rate } => {
                let permits = permits.as_ref().map(|it| self.constant(it));
                let rate = rate
                    .as_ref()
                    .map(|(starts, per)| Rate { starts: self.constant(starts), per: self.constant(per) });
                let name = name.text.clone();
                self.plan.declarations.limiters.push(Limiter { name, permits, rate, span });
            }
            StmtKind::Lock(name) => {
                self.plan.declarations.locks.push(Lock { name: name.text.clone(), span });
            }
            StmtKind::Event(name) => {
                self.plan.declarations.events.push(Event { name: name.text.clone(), span });
            }
            StmtKind::Barrier(name, parties) => {
                let parties = self.constant(parties);
                self.plan.declarations.barriers.push(Barrier { name: name.text.clone(), parties, span });
            }
            StmtKind::Queue(name, capacity) => {
                let capacity = capacity.as_ref().map(|it| self.constant(it));
                self.plan.declarations.queues.push(Queue { name: name.text.clone(), capacity, span });
            }
            StmtKind::Resource { name, open, close } => {
                let open = self.resource_body(open.as_ref());
                let close = self.resource_body(close.as_ref());
                let name = name.text.clone();
                self.plan.declarations.resources.push(Resource { name, open, close, span });
            }
            StmtKind::Pool { name, size, of, overflow } => {
                let of = match self.names.get(&of.text).map(|it| it.thing) {
                    Some(Thing::Resource(index)) => index,
                    _ => ResourceIndex(0),
                };
                let size = self.constant(size);
                let overflow = overflow.as_ref().map(|it| self.constant(it));
                self.plan.declarations.pools.push(Pool { name: name.text.clone(), size, of, overflow, span });
            }
            _ => return false,
        }
        true
    }

    fn resource_body(&mut self, body: Option<&Body>) -> Block {
        body.map_or_else(Block::default, |body| self.body(&body.block, &body.clauses, &[], body.block.span))
    }

    /// Whether an expression reads what is known only when the run has ended.
    fn has_fact(&self, expr: &Expr) -> bool {
        has_fact(expr, &|name| self.resolve(name).is_some() || self.names.get(name).is_some())
    }
}
