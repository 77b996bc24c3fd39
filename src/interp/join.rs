//! Race, gather and retry: several tasks or attempts for one value.

use std::rc::Rc;

use crate::event::ScopeKind;
use crate::lang::plan::{Block, Expr, Length, Op, Task};
use crate::runtime::{self, Backoff, Error, Result, Scope, ScopeOptions, gather_all};

use super::eval::printed;
use super::fault::{Fault, kind};
use super::frame::Frame;
use super::list::List;
use super::step::{Contenders, Cx, Flow, as_length};
use super::value::Value;

/// A task of the runtime that gives a value of the scenario.
type Handle = runtime::Task<Value>;

impl Cx {
    /// `race { }`, `gather { }`, `retry 3 { }`.
    pub(crate) async fn joined(&self, op: &Op, frame: &Rc<Frame>) -> Result<Flow> {
        match op {
            Op::Race { name, ok, tasks } => self.race(name, *ok, tasks, frame).await.map(Flow::Value),
            Op::Gather { name, keep, tasks } => self.gather(name, *keep, tasks, frame).await.map(Flow::Value),
            Op::Retry { attempts, backoff, jitter, body } => {
                self.retried(attempts, backoff.as_ref(), *jitter, body, frame).await
            }
            _ => Ok(Flow::Value(Value::None)),
        }
    }

    async fn text(&self, expr: &Expr, frame: &Frame) -> Result<Rc<str>> {
        let value = self.eval(expr, frame).await?;
        self.settle(printed(&value)).await
    }

    /// Spawns the tasks of a gather into the nearest scope, in order.
    async fn spawn_all(&self, below: &str, tasks: &[Task], frame: &Rc<Frame>) -> Result<Vec<Handle>> {
        let mut handles = Vec::new();
        for task in tasks {
            let name = format!("{below}/{}", self.text(&task.name, frame).await?).into();
            let child = self.settle(self.new_child(&self.scope, name, task.span)).await?.quiet();
            handles.push(child.spawn_owned(self.body_of(task, frame)));
        }
        Ok(handles)
    }

    async fn race(&self, name: &Expr, first_ok: bool, tasks: &[Task], frame: &Rc<Frame>) -> Result<Value> {
        let name = self.text(name, frame).await?;
        let options = ScopeOptions { kind: ScopeKind::Race, first_ok, name };
        let mut race = None;
        let contenders = Contenders::default();
        let outcome = options
            .run(async |scope: Scope<'static>| {
                race = Some(scope.clone());
                let inside = self.inside_race(scope, contenders.clone());
                for task in tasks {
                    let name = self.text(&task.name, frame).await?;
                    self.settle(inside.spawn(&name, task, frame)).await?;
                }
                Ok(())
            })
            .await;
        match outcome {
            Ok(()) => {}
            // Won by a failure: that is raised as it is. With no success at all, the group is.
            Err(group) if !first_ok && group.entries().len() == 1 => {
                return Err(group.entries()[0].error.clone());
            }
            Err(group) => return Err(Error::Group(group)),
        }
        let winner = race.and_then(|race| race.winner());
        let won = contenders.take().into_iter().find(|handle| Some(handle.id()) == winner);
        match won.and_then(|handle| handle.try_result()) {
            Some(result) => result.map_err(Fault::of_task),
            None => Err(Fault::new(kind::TASK_CANCELLED, "every task of the race was cancelled").raise()),
        }
    }

    async fn gather(&self, name: &Expr, keep: bool, tasks: &[Task], frame: &Rc<Frame>) -> Result<Value> {
        let name = self.scope.reserve_name(&self.text(name, frame).await?);
        let handles = self.spawn_all(&name, tasks, frame).await?;
        if !keep {
            let values = runtime::gather(handles).await.map_err(Fault::of_task)?;
            return self.settle(List::new(values).map(Value::List)).await;
        }
        let results = gather_all(handles).await.into_iter();
        let value = |result: std::result::Result<Value, _>| {
            result.unwrap_or_else(|error| Value::Error(Fault::of_task(error)))
        };
        self.settle(List::new(results.map(value).collect()).map(Value::List)).await
    }

    async fn retried(
        &self,
        attempts: &Expr,
        backoff: Option<&Length>,
        jitter: bool,
        body: &Block,
        frame: &Rc<Frame>,
    ) -> Result<Flow> {
        let attempts = match self.eval(attempts, frame).await? {
            Value::Int(attempts @ 1..) => u32::try_from(attempts).unwrap_or(u32::MAX),
            other => {
                return Err(
                    Fault::new(kind::VALUE_ERROR, format!("{other} attempts: at least 1 is needed")).raise()
                );
            }
        };
        let backoff = match backoff {
            Some(pauses) => Some(self.backoff(pauses, jitter, frame).await?),
            None => None,
        };
        runtime::retry(attempts, backoff, async |_| {
            self.settle(self.world.tick()).await?;
            self.block(body, frame, Vec::new()).await
        })
        .await
    }

    async fn backoff(&self, pauses: &Length, jitter: bool, frame: &Rc<Frame>) -> Result<Backoff> {
        let first = self.eval(&pauses.from, frame).await?;
        let first = self.settle(as_length(&first)).await?;
        let cap = match &pauses.to {
            None => std::time::Duration::MAX,
            Some(cap) => {
                let cap = self.eval(cap, frame).await?;
                self.settle(as_length(&cap)).await?
            }
        };
        if cap < first {
            return Err(Fault::new(kind::VALUE_ERROR, "the longest pause is shorter than the first").raise());
        }
        Ok(Backoff { first, cap, jitter })
    }
}
