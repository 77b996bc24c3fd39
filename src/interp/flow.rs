//! Loops.

use std::rc::Rc;

use crate::lang::plan::{Block, Expr, Op};
use crate::runtime::{Result, now, sleep_until};

use super::frame::Frame;
use super::ops::type_error;
use super::step::{Cx, Flow, as_length};
use super::value::Value;

/// What a turn of a loop means for the loop.
enum Turn {
    Next,
    Break,
    Return(Value),
}

impl Cx {
    /// `repeat`, and `for` in its three forms.
    pub(crate) async fn repeated(&self, op: &Op, frame: &Rc<Frame>) -> Result<Flow> {
        match op {
            Op::Repeat { times, body } => {
                let times = self.integer(times, frame).await?;
                self.range(0, times.saturating_sub(1), None, body, frame, false).await
            }
            Op::ForList { list, body } => self.list(list, body, frame).await,
            Op::ForRange { from, to, every, body } => {
                let from = self.integer(from, frame).await?;
                let to = self.integer(to, frame).await?;
                self.range(from, to, every.as_ref(), body, frame, true).await
            }
            Op::ForQueue { queue, body } => self.items(*queue, body, frame).await,
            _ => Ok(Flow::Value(Value::None)),
        }
    }

    async fn integer(&self, expr: &Expr, frame: &Frame) -> Result<i64> {
        let value = self.eval(expr, frame).await?;
        let integer = match value {
            Value::Int(value) => Ok(value),
            other => Err(type_error(format!("a loop counts in integers, not {}", other.kind()))),
        };
        self.settle(integer).await
    }

    async fn list(&self, list: &Expr, body: &Block, frame: &Rc<Frame>) -> Result<Flow> {
        let list = self.eval(list, frame).await?;
        let items = match list {
            Value::List(items) => Ok(items),
            other => Err(type_error(format!("`for … in` wants a list or a queue, not {}", other.kind()))),
        };
        for item in self.settle(items).await?.iter() {
            match self.turn(body, frame, vec![item.clone()]).await? {
                Turn::Next => {}
                Turn::Break => break,
                Turn::Return(value) => return Ok(Flow::Return(value)),
            }
        }
        Ok(Flow::Value(Value::None))
    }

    /// Counts, both ends included; with `every` at a fixed rate that late items do not shift.
    async fn range(
        &self,
        from: i64,
        to: i64,
        every: Option<&Expr>,
        body: &Block,
        frame: &Rc<Frame>,
        with_input: bool,
    ) -> Result<Flow> {
        let every = match every {
            Some(every) => {
                let every = self.eval(every, frame).await?;
                Some(self.settle(as_length(&every)).await?)
            }
            None => None,
        };
        let mut due = now();
        for item in from..=to {
            if let Some(every) = every.filter(|_| item != from) {
                due = due + every;
                sleep_until(due).await;
            }
            let inputs = if with_input { vec![Value::Int(item)] } else { Vec::new() };
            match self.turn(body, frame, inputs).await? {
                Turn::Next => {}
                Turn::Break => break,
                Turn::Return(value) => return Ok(Flow::Return(value)),
            }
        }
        Ok(Flow::Value(Value::None))
    }

    async fn items(
        &self,
        queue: crate::lang::plan::QueueIndex,
        body: &Block,
        frame: &Rc<Frame>,
    ) -> Result<Flow> {
        let Some(queue) = self.queue(queue) else { return Ok(Flow::Value(Value::None)) };
        while let Some(item) = queue.take().await {
            match self.turn(body, frame, vec![item]).await? {
                Turn::Next => {}
                Turn::Break => break,
                Turn::Return(value) => return Ok(Flow::Return(value)),
            }
        }
        Ok(Flow::Value(Value::None))
    }

    async fn turn(&self, body: &Block, frame: &Rc<Frame>, inputs: Vec<Value>) -> Result<Turn> {
        self.settle(self.world.tick()).await?;
        Ok(match self.block(body, frame, inputs).await? {
            Flow::Break => Turn::Break,
            Flow::Return(value) => Turn::Return(value),
            Flow::Value(_) | Flow::Continue => Turn::Next,
        })
    }
}
