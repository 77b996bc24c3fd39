//! Tasks: spawning, cancelling, racing, joining; and what they pass to each other.

use std::future::Future;
use std::rc::Rc;

use crate::event::Name;
use crate::lang::plan::{Op, QueueIndex, Task};
use crate::runtime::{Error, ErrorGroup, NewChild, Queue, QueueClosed, Result, Scope, ScopeOptions, detach};
use crate::span::Span;

use super::eval::micros;
use super::fault::{Fault, kind};
use super::frame::Frame;
use super::ops::{Problem, type_error};
use super::step::{Cx, Flow, value_of};
use super::value::Value;

impl Cx {
    /// `task name { }`: a child of the nearest scope. Value: its handle.
    pub(crate) fn spawn(
        &self,
        name: &str,
        task: &Task,
        frame: &Rc<Frame>,
    ) -> std::result::Result<Value, Problem> {
        let child = self.new_child(&self.scope, name.into(), task.span)?;
        let handle = child.spawn_owned(self.body_of(task, frame));
        if let Some(contenders) = &self.contenders {
            contenders.borrow_mut().push(handle.clone());
        }
        Ok(Value::Task(handle))
    }

    /// A child of `scope` to be, counted. The one way to get one: what closes a pool's connections at the end of the
    /// run is inside no scope any more, and spawning there must be an error of the scenario.
    pub(crate) fn new_child<'scope>(
        &self,
        scope: &'scope Scope<'static>,
        name: Name,
        span: Span,
    ) -> std::result::Result<NewChild<'scope, 'static>, Problem> {
        self.world.tick()?;
        if scope.is_closed() {
            return Err(Fault::new(kind::VALUE_ERROR, format!("no scope is left for task {name}")).into());
        }
        Ok(scope.task(Some(name)).at(span))
    }

    /// `detach name { }`: a task that no scope waits for; its own children have a scope inside it.
    pub(crate) fn detached(
        &self,
        name: &str,
        task: &Task,
        frame: &Rc<Frame>,
    ) -> std::result::Result<Value, Problem> {
        self.world.tick()?;
        let (cx, body, frame) = (self.child(), task.body.clone(), frame.clone());
        let handle = detach(name, async move {
            let inside =
                async |scope: Scope<'static>| cx.inside(scope).block(&body, &frame, Vec::new()).await;
            let flow = ScopeOptions::named("").run(inside).await;
            flow.map(value_of).map_err(alone)
        });
        Ok(Value::Task(handle))
    }

    /// What a task does, as a future that owns all it uses.
    pub(crate) fn body_of(
        &self,
        task: &Task,
        frame: &Rc<Frame>,
    ) -> impl Future<Output = Result<Value>> + use<> {
        let (cx, body, frame) = (self.child(), task.body.clone(), frame.clone());
        async move { Ok(value_of(cx.block(&body, &frame, Vec::new()).await?)) }
    }

    /// `cancel h`.
    pub(crate) fn cancel(&self, handle: &Value) -> std::result::Result<Value, Problem> {
        match handle {
            Value::Task(task) => {
                task.cancel();
                Ok(Value::None)
            }
            other => Err(type_error(format!("`cancel` wants a task, not {}", other.kind()))),
        }
    }

    pub(crate) fn queue(&self, index: QueueIndex) -> Option<&Queue<Value>> {
        self.world.shared.get().and_then(|shared| shared.queues.get(index.index()))
    }

    /// Steps in which tasks meet.
    pub(crate) async fn meeting(&self, op: &Op, frame: &Rc<Frame>) -> Result<Flow> {
        let shared = self.world.shared.get();
        let value = match op {
            Op::Put { queue, item } => {
                let item = self.eval(item, frame).await?;
                if let Some(queue) = self.queue(*queue) {
                    queue.put(item).await.map_err(|QueueClosed(_)| closed())?;
                }
                Value::None
            }
            Op::Take(queue) => match self.queue(*queue) {
                Some(queue) => queue.take().await.ok_or_else(closed)?,
                None => Value::None,
            },
            Op::Done(queue) => {
                let done = self.queue(*queue).map_or(Ok(()), Queue::done);
                done.map_err(|error| Fault::new(kind::QUEUE_ERROR, error.to_string()).raise())?;
                Value::None
            }
            Op::Join(queue) => {
                if let Some(queue) = self.queue(*queue) {
                    queue.join().await;
                }
                Value::None
            }
            Op::Close(queue) => {
                self.queue(*queue).into_iter().for_each(Queue::close);
                Value::None
            }
            Op::WaitEvent(event) => {
                if let Some(event) = shared.and_then(|shared| shared.events.get(event.index())) {
                    event.wait().await;
                }
                Value::None
            }
            Op::WaitBarrier(barrier) => {
                match shared.and_then(|shared| shared.barriers.get(barrier.index())) {
                    Some(barrier) => Value::Int(micros(barrier.wait().await)),
                    None => Value::None,
                }
            }
            Op::Set(event) | Op::Clear(event) => {
                let event = shared.and_then(|shared| shared.events.get(event.index()));
                let change = if matches!(op, Op::Set(_)) {
                    crate::runtime::Event::set
                } else {
                    crate::runtime::Event::clear
                };
                event.into_iter().for_each(change);
                Value::None
            }
            Op::Race { .. } | Op::Gather { .. } | Op::Retry { .. } => return self.joined(op, frame).await,
            _ => Value::None,
        };
        Ok(Flow::Value(value))
    }
}

/// The error of a task whose scope is only there for its children: without them, it is the task's own.
fn alone(group: ErrorGroup) -> Error {
    match group.entries() {
        [only] => only.error.clone(),
        _ => Error::Group(group),
    }
}

fn closed() -> crate::runtime::Error {
    Fault::new(kind::QUEUE_CLOSED, "the queue is closed").raise()
}
