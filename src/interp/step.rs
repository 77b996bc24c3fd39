//! Steps: the ones that never wait here, the others by name in `wait.rs`, `block.rs` and `task.rs`.

use std::cell::{Cell, RefCell};
use std::future::{Future, pending};
use std::pin::Pin;
use std::rc::Rc;
use std::time::Duration;

use crate::event::Event;
use crate::lang::plan::{Block, Expr, Op, Step};
use crate::runtime::{Error, Result, Scope, Task, at_span};

use super::eval::{all, eval, printed, truth};
use super::fault::{Fault, kind};
use super::frame::Frame;
use super::limits::{Limit, MAX_DEPTH};
use super::ops::{Problem, type_error};
use super::value::Value;
use super::world::World;

/// How a step or block ended.
pub(crate) enum Flow {
    /// With this value; the next step follows.
    Value(Value),
    Break,
    Continue,
    /// The nearest function or task ends with this value.
    Return(Value),
}

/// A running piece of a scenario.
pub(crate) type Running<'a> = Pin<Box<dyn Future<Output = Result<Flow>> + 'a>>;

/// The tasks of one race, those that its tasks spawned beside themselves included.
pub(crate) type Contenders = Rc<RefCell<Vec<Task<Value>>>>;

/// What a task of the scenario runs in.
#[derive(Clone)]
pub(crate) struct Cx {
    pub(crate) world: Rc<World>,
    /// The nearest scope: where `task` spawns into.
    pub(crate) scope: Scope<'static>,
    /// Everybody who may win, where that scope is a race.
    pub(crate) contenders: Option<Contenders>,
    /// Blocks and calls that the task is inside of.
    depth: Rc<Cell<u32>>,
}

struct Deeper<'a>(&'a Cell<u32>);

impl Drop for Deeper<'_> {
    fn drop(&mut self) {
        self.0.set(self.0.get().saturating_sub(1));
    }
}

impl Cx {
    /// For a task that spawns into `scope`.
    pub(crate) fn new(world: Rc<World>, scope: Scope<'static>) -> Cx {
        Cx { world, scope, contenders: None, depth: Rc::default() }
    }

    /// The same task inside another scope.
    pub(crate) fn inside(&self, scope: Scope<'static>) -> Cx {
        Cx { scope, contenders: None, ..self.clone() }
    }

    /// The same task inside a race.
    pub(crate) fn inside_race(&self, scope: Scope<'static>, contenders: Contenders) -> Cx {
        Cx { scope, contenders: Some(contenders), ..self.clone() }
    }

    /// A child of the nearest scope.
    pub(crate) fn child(&self) -> Cx {
        Cx { depth: Rc::default(), ..self.clone() }
    }

    /// Runs `block` in a frame of its own below `parent`.
    pub(crate) fn block<'a>(
        &'a self,
        block: &'a Block,
        parent: &'a Rc<Frame>,
        inputs: Vec<Value>,
    ) -> Running<'a> {
        Box::pin(async move {
            let frame = Frame::enter(block, Some(parent.clone()), inputs);
            self.steps(&block.steps, &frame).await
        })
    }

    /// Runs steps in `frame`.
    pub(crate) async fn steps(&self, steps: &[Step], frame: &Rc<Frame>) -> Result<Flow> {
        self.depth.set(self.depth.get() + 1);
        let _deeper = Deeper(&self.depth);
        if self.depth.get() > MAX_DEPTH {
            self.settle(Err(Problem::Limit(Limit::Depth))).await?;
        }
        let mut value = Value::None;
        for step in steps {
            self.settle(self.world.tick()).await?;
            if self.world.is_stopped() {
                pending::<()>().await;
            }
            at_span(step.span);
            let flow = match self.at_once(step, frame) {
                Some(result) => self.settle(result).await?,
                None => self.in_time(step, frame).await?,
            };
            match flow {
                Flow::Value(result) => value = result,
                other => return Ok(other),
            }
            if let Some(target) = step.into {
                frame.set(target.place, value.clone());
            }
        }
        Ok(Flow::Value(value))
    }

    /// Raises a fault; stops the run at a limit.
    pub(crate) async fn settle<T>(&self, result: std::result::Result<T, Problem>) -> Result<T> {
        match result {
            Ok(value) => Ok(value),
            Err(Problem::Fault(fault)) => Err(fault.raise()),
            Err(Problem::Error(error)) => Err(error),
            Err(Problem::Limit(limit)) => {
                self.world.hit(limit);
                pending().await
            }
        }
    }

    pub(crate) async fn eval(&self, expr: &Expr, frame: &Frame) -> Result<Value> {
        self.settle(eval(&self.world, expr, frame)).await
    }

    /// Steps that never wait. None: the step may wait.
    fn at_once(&self, step: &Step, frame: &Rc<Frame>) -> Option<std::result::Result<Flow, Problem>> {
        let value = |expr: &Expr| eval(&self.world, expr, frame);
        let result = match &step.op {
            Op::Value(expr) => value(expr),
            Op::Log(expr) => {
                value(expr).and_then(|it| self.world.log(printed(&it)?, step.span)).map(|()| Value::None)
            }
            Op::Mark(expr) => value(expr).and_then(|it| self.mark(printed(&it)?, step)),
            Op::Expect { condition, message, text } => {
                self.expect(condition, message.as_ref(), text, step, frame)
            }
            Op::Fail { kind, message } => self.fail(kind, message.as_ref(), frame),
            Op::Raise(error) => value(error).and_then(raise),
            Op::Break => return Some(Ok(Flow::Break)),
            Op::Continue => return Some(Ok(Flow::Continue)),
            Op::Return(None) => return Some(Ok(Flow::Return(Value::None))),
            Op::Return(Some(expr)) => return Some(value(expr).map(Flow::Return)),
            Op::Task(task) => value(&task.name).and_then(|name| self.spawn(&printed(&name)?, task, frame)),
            Op::Detach(task) => {
                value(&task.name).and_then(|name| self.detached(&printed(&name)?, task, frame))
            }
            Op::Cancel(handle) => value(handle).and_then(|handle| self.cancel(&handle)),
            Op::Extend { deadline, by } => value(deadline).and_then(|it| self.extend(&it, &value(by)?)),
            _ => return None,
        };
        Some(result.map(Flow::Value))
    }

    fn mark(&self, text: Rc<str>, step: &Step) -> std::result::Result<Value, Problem> {
        self.world.say(|task| Event::Mark { task, text, span: Some(step.span) });
        Ok(Value::None)
    }

    fn fail(&self, kind: &str, message: Option<&Expr>, frame: &Frame) -> std::result::Result<Value, Problem> {
        let message = match message {
            Some(message) => printed(&eval(&self.world, message, frame)?)?,
            None => "".into(),
        };
        Err(Fault::new(kind, message).into())
    }

    fn expect(
        &self,
        condition: &Expr,
        message: Option<&Expr>,
        text: &Rc<str>,
        step: &Step,
        frame: &Frame,
    ) -> std::result::Result<Value, Problem> {
        let held = truth(&eval(&self.world, condition, frame)?)?;
        let text = match message {
            Some(message) => printed(&eval(&self.world, message, frame)?)?,
            None => text.clone(),
        };
        if !held {
            self.world.expectation_failed.set(true);
        }
        self.world.say(|task| Event::Expect { task, held, text, span: Some(step.span) });
        Ok(Value::None)
    }

    fn extend(&self, deadline: &Value, by: &Value) -> std::result::Result<Value, Problem> {
        let Value::Deadline(deadline) = deadline else {
            return Err(type_error(format!("`extend` wants a deadline, not {}", deadline.kind())));
        };
        deadline.extend(as_length(by)?);
        Ok(Value::None)
    }

    /// Steps that may wait.
    fn in_time<'a>(&'a self, step: &'a Step, frame: &'a Rc<Frame>) -> Running<'a> {
        match &step.op {
            Op::Call { function, args } => Box::pin(async move {
                let args = self.settle(all(&self.world, args, frame)).await?;
                let Some(function) = self.world.plan.functions.get(function.index()) else {
                    return Ok(Flow::Value(Value::None));
                };
                let flow = self.block(&function.body, &self.world.top, args).await?;
                Ok(Flow::Value(value_of(flow)))
            }),
            Op::If { arms, otherwise } => Box::pin(async move {
                for arm in arms {
                    if self.holds(arm, frame).await? {
                        return self.block(&arm.body, frame, Vec::new()).await;
                    }
                }
                match otherwise {
                    Some(block) => self.block(block, frame, Vec::new()).await,
                    None => Ok(Flow::Value(Value::None)),
                }
            }),
            Op::While(arm) => Box::pin(async move {
                while self.holds(arm, frame).await? {
                    self.settle(self.world.tick()).await?;
                    match self.block(&arm.body, frame, Vec::new()).await? {
                        Flow::Break => break,
                        Flow::Return(value) => return Ok(Flow::Return(value)),
                        Flow::Value(_) | Flow::Continue => {}
                    }
                }
                Ok(Flow::Value(Value::None))
            }),
            Op::Repeat { .. } | Op::ForList { .. } | Op::ForRange { .. } | Op::ForQueue { .. } => {
                Box::pin(self.repeated(&step.op, frame))
            }
            Op::Try(guarded) => Box::pin(self.guarded(guarded, frame)),
            Op::Scope { name, collect, body } => Box::pin(self.scoped(name, *collect, body, frame)),
            Op::Timeout { length, body, otherwise } => {
                Box::pin(self.timed(length, body, otherwise.as_ref(), step.span, frame))
            }
            Op::Shield { budget, body } => Box::pin(self.shielded(budget.as_ref(), body, frame)),
            Op::With { held, body } => Box::pin(self.holding(*held, body, frame)),
            _ => Box::pin(self.waiting(&step.op, frame)),
        }
    }

    async fn holds(&self, arm: &crate::lang::plan::Arm, frame: &Rc<Frame>) -> Result<bool> {
        if !arm.before.is_empty() {
            Box::pin(self.steps(&arm.before, frame)).await?;
        }
        let value = self.eval(&arm.condition, frame).await?;
        self.settle(truth(&value)).await
    }
}

/// `raise e`.
fn raise(value: Value) -> std::result::Result<Value, Problem> {
    match value {
        Value::Error(error) => Err(Problem::Error(error)),
        other => Err(type_error(format!("`raise` wants an error, not {}", other.kind()))),
    }
}

/// What a function's or task's body gave.
pub(crate) fn value_of(flow: Flow) -> Value {
    match flow {
        Flow::Value(value) | Flow::Return(value) => value,
        Flow::Break | Flow::Continue => Value::None,
    }
}

/// A length of time that can be waited for.
pub(crate) fn as_length(value: &Value) -> std::result::Result<Duration, Problem> {
    match value {
        Value::Duration(us) => match u64::try_from(*us) {
            Ok(us) => Ok(Duration::from_micros(us)),
            Err(_) => Err(Fault::new(kind::VALUE_ERROR, format!("{value} is less than no time")).into()),
        },
        other => {
            Err(type_error(format!("a length of time is a duration such as 200ms, not {}", other.kind())))
        }
    }
}

/// The error of a problem that was raised before.
impl From<Error> for Problem {
    fn from(error: Error) -> Problem {
        Problem::Error(error)
    }
}
