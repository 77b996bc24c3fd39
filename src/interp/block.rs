//! Blocks that are calls of the runtime: scope, timeout, shield, with.

use std::rc::Rc;

use crate::event::ScopeKind;
use crate::lang::plan::{Block, Expr, Held, Resource};
use crate::runtime::{
    Error, Result, Scope, ScopeOptions, TimeoutHandle, after_cleanup, at_span, defer, shield,
};
use crate::span::Span;

use super::eval::printed;
use super::fault::Fault;
use super::frame::Frame;
use super::step::{Cx, Flow, as_length, value_of};
use super::value::Value;

impl Cx {
    /// `scope name { }`.
    pub(crate) async fn scoped(
        &self,
        name: &Expr,
        collect: bool,
        body: &Block,
        frame: &Rc<Frame>,
    ) -> Result<Flow> {
        let name = self.eval(name, frame).await?;
        let name = self.settle(printed(&name)).await?;
        let kind = if collect { ScopeKind::Collect } else { ScopeKind::Scope };
        let options = ScopeOptions { kind, name, ..Default::default() };
        let inside = async |scope: Scope<'static>| self.inside(scope).block(body, frame, Vec::new()).await;
        options.run(inside).await.map_err(Error::Group)
    }

    /// `timeout 2s { } else { }`.
    pub(crate) async fn timed(
        &self,
        length: &Expr,
        body: &Block,
        otherwise: Option<&Block>,
        span: Span,
        frame: &Rc<Frame>,
    ) -> Result<Flow> {
        let length = self.eval(length, frame).await?;
        let handle = TimeoutHandle::new(self.settle(as_length(&length)).await?);
        let inputs = if body.inputs > 0 { vec![Value::Deadline(handle.clone())] } else { Vec::new() };
        let elapsed = match handle.run(self.block(body, frame, inputs)).await {
            Ok(result) => return result,
            Err(elapsed) => elapsed,
        };
        if let Some(otherwise) = otherwise.filter(|_| elapsed.cleanup_errors.is_empty()) {
            return self.block(otherwise, frame, Vec::new()).await;
        }
        at_span(span);
        let mut errors: Vec<Error> = Fault::timeout(&elapsed).map(Fault::raise).into_iter().collect();
        errors.extend(elapsed.cleanup_errors);
        Error::all(errors).map_or(Ok(Flow::Value(Value::None)), Err)
    }

    /// `shield { }` · `shield 1s { }`.
    pub(crate) async fn shielded(
        &self,
        budget: Option<&Expr>,
        body: &Block,
        frame: &Rc<Frame>,
    ) -> Result<Flow> {
        let budget = match budget {
            Some(budget) => {
                let budget = self.eval(budget, frame).await?;
                Some(self.settle(as_length(&budget)).await?)
            }
            None => None,
        };
        let (cx, body, frame) = (self.clone(), body.clone(), frame.clone());
        shield(budget, async move { cx.block(&body, &frame, Vec::new()).await }).await
    }

    /// `with api { }` · `with db as conn { }`.
    pub(crate) async fn holding(&self, held: Held, body: &Block, frame: &Rc<Frame>) -> Result<Flow> {
        let world = &self.world;
        match held {
            Held::Limiter(index) => match world.shared.get().and_then(|shared| shared.gate(index)) {
                Some(gate) => {
                    let _entered = gate.enter().await;
                    self.block(body, frame, Vec::new()).await
                }
                None => Ok(Flow::Value(Value::None)),
            },
            Held::Lock(index) => match world.shared.get().and_then(|shared| shared.lock(index)) {
                Some(lock) => {
                    let _guard = lock.lock().await;
                    self.block(body, frame, Vec::new()).await
                }
                None => Ok(Flow::Value(Value::None)),
            },
            Held::Resource(index) => match world.plan.declarations.resources.get(index.index()) {
                Some(resource) => self.opened(resource, body, frame).await,
                None => Ok(Flow::Value(Value::None)),
            },
            Held::Pool(index) => self.pooled(index, body, frame).await,
        }
    }

    /// Opens a resource, runs the block, closes it on every way out.
    async fn opened(&self, resource: &Resource, body: &Block, frame: &Rc<Frame>) -> Result<Flow> {
        let opened = value_of(self.block(&resource.open, &self.world.top, Vec::new()).await?);
        let (cx, close) = (self.clone(), resource.close.clone());
        let closing = defer(async move {
            let top = cx.world.top.clone();
            cx.block(&close, &top, Vec::new()).await.map(drop)
        });
        let inputs = if body.inputs > 0 { vec![opened] } else { Vec::new() };
        let result = self.block(body, frame, inputs).await;
        after_cleanup(result, closing.await)
    }
}
