//! Steps that wait: sleep, fetch, offload, await, queues, events, barriers.

use std::rc::Rc;
use std::time::Duration;

use crate::host::{Cell, Job as WorkerJob, Query, Request, Rows, Simulated, jobs};
use crate::lang::plan::{Expr, Job, Length, Op};
use crate::runtime::{self, Result};

use super::eval::{all, eval, printed};
use super::fault::{Fault, kind};
use super::frame::Frame;
use super::list::List;
use super::ops::{Problem, type_error};
use super::step::{Cx, Flow};
use super::value::Value;

/// What a simulated request or job takes where the text does not say.
const SIMULATED: Duration = Duration::from_millis(100);

impl Cx {
    /// Steps that wait and are no blocks.
    pub(crate) async fn waiting(&self, op: &Op, frame: &Rc<Frame>) -> Result<Flow> {
        let value = match op {
            Op::Sleep(length) => {
                let length = self.length(length, frame).await?;
                runtime::sleep(length).await;
                Value::None
            }
            Op::Work(length) => {
                let length = self.length(length, frame).await?;
                runtime::work(length);
                Value::None
            }
            Op::Offload { job, takes } => self.offloaded(job, takes.as_ref(), frame).await?,
            Op::Fetch { url, takes, status, gives } => {
                self.fetched(url, takes.as_ref(), status.as_ref(), gives.as_ref(), frame).await?
            }
            Op::Query { sql, takes, gives, .. } => {
                self.queried(sql, takes.as_ref(), gives.as_ref(), frame).await?
            }
            Op::Await(handle) => {
                let handle = self.eval(handle, frame).await?;
                self.awaited(handle).await?
            }
            other => return self.meeting(other, frame).await,
        };
        Ok(Flow::Value(value))
    }

    pub(crate) async fn length(&self, length: &Length, frame: &Frame) -> Result<Duration> {
        self.settle(self.world.length(length, frame)).await
    }

    pub(crate) async fn takes(&self, takes: Option<&Length>, frame: &Frame) -> Result<Duration> {
        match takes {
            Some(takes) => self.length(takes, frame).await,
            None => Ok(SIMULATED),
        }
    }

    async fn offloaded(&self, job: &Job, takes: Option<&Length>, frame: &Rc<Frame>) -> Result<Value> {
        let (function, args, simulated) = match job {
            Job::Block(length) => {
                let length = self.length(length, frame).await?;
                let us = i64::try_from(length.as_micros()).unwrap_or(i64::MAX);
                (jobs::BUSY.into(), vec![us], length)
            }
            Job::Call { function, args } => {
                let args = self.settle(self.integers(function, args, frame)).await?;
                (function.clone(), args, self.takes(takes, frame).await?)
            }
        };
        let workers = self.world.shared.get().map(|shared| shared.workers.clone());
        let Some(workers) = workers else { return Ok(Value::None) };
        let _worker = workers.acquire().await;
        let is_call = matches!(job, Job::Call { .. });
        match runtime::offload_job(WorkerJob { function, args, simulated }).await {
            Ok(result) if is_call => Ok(Value::Int(result)),
            Ok(_) => Ok(Value::None),
            Err(error) => Err(Fault::new(kind::WORKER_CRASHED, error.message).raise()),
        }
    }

    fn integers(
        &self,
        function: &str,
        args: &[Expr],
        frame: &Frame,
    ) -> std::result::Result<Vec<i64>, Problem> {
        let integer = |value| match value {
            Value::Int(value) => Ok(value),
            other => Err(type_error(format!("`{function}` wants integers, not {}", Value::kind(&other)))),
        };
        all(&self.world, args, frame)?.into_iter().map(integer).collect()
    }

    async fn fetched(
        &self,
        url: &Expr,
        takes: Option<&Length>,
        status: Option<&Expr>,
        gives: Option<&Expr>,
        frame: &Rc<Frame>,
    ) -> Result<Value> {
        let url = self.eval(url, frame).await?;
        let url = self.settle(printed(&url)).await?;
        let after = self.takes(takes, frame).await?;
        let status = self.settle(self.status(status, frame)).await?;
        let body = match gives {
            Some(gives) => {
                let body = self.eval(gives, frame).await?;
                self.settle(printed(&body)).await?
            }
            None => "".into(),
        };
        let simulated = Simulated { after, status, body };
        match runtime::fetch(Request { url: url.clone(), simulated }).await {
            Ok(response) if response.status >= 400 => {
                Err(Fault::new(kind::HTTP_ERROR, format!("{} {url}", response.status)).raise())
            }
            Ok(response) => Ok(Value::Response { status: response.status, body: response.body }),
            Err(error) => Err(Fault::new(kind::HTTP_ERROR, error.message).raise()),
        }
    }

    /// `query`: a simulated one is answered with the rows that the text gives.
    async fn queried(
        &self,
        sql: &Expr,
        takes: Option<&Length>,
        gives: Option<&Expr>,
        frame: &Rc<Frame>,
    ) -> Result<Value> {
        let sql = self.eval(sql, frame).await?;
        let Value::Str(sql) = sql else {
            return self.settle(Err(type_error(format!("`query` wants a text, not {}", sql.kind())))).await;
        };
        let after = self.takes(takes, frame).await?;
        let rows = match gives {
            Some(gives) => self.eval(gives, frame).await?,
            None => Value::List(self.settle(List::new(Vec::new())).await?),
        };
        if !matches!(rows, Value::List(_)) {
            return self.settle(Err(type_error(format!("a query gives a list, not {}", rows.kind())))).await;
        }
        match runtime::query(Query { sql, simulated: after }).await {
            Ok(_) if self.world.host.is_simulated() => Ok(rows),
            Ok(rows) => Ok(Value::List(self.settle(listed(rows)).await?)),
            Err(error) => Err(Fault::new(kind::QUERY_ERROR, error.message).raise()),
        }
    }

    fn status(&self, status: Option<&Expr>, frame: &Frame) -> std::result::Result<u16, Problem> {
        let Some(status) = status else { return Ok(200) };
        match eval(&self.world, status, frame)? {
            Value::Int(status @ 100..=599) => Ok(status as u16),
            other => Err(Fault::new(kind::VALUE_ERROR, format!("{other} is no HTTP status")).into()),
        }
    }

    /// `await h`: what the task gave. Its value stays, others may await it too.
    pub(crate) async fn awaited(&self, handle: Value) -> Result<Value> {
        match handle {
            Value::Task(task) => task.join().await.map_err(Fault::of_task),
            other => {
                self.settle(Err(type_error(format!("`await` wants a task, not {}", other.kind())))).await
            }
        }
    }
}

/// The rows of a database as a list: a row of one column is what stands there, one of several is a list.
fn listed(rows: Rows) -> std::result::Result<List, Problem> {
    let row = |row: Vec<Cell>| {
        let mut cells = row.into_iter().map(|cell| match cell {
            Cell::Null => Value::None,
            Cell::Int(value) => Value::Int(value),
            Cell::Float(value) => Value::Float(value),
            Cell::Text(text) => Value::Str(text),
        });
        match (cells.len(), cells.next()) {
            (1, Some(only)) => Ok(only),
            (_, first) => List::new(first.into_iter().chain(cells).collect()).map(Value::List),
        }
    };
    List::new(rows.into_iter().map(row).collect::<std::result::Result<_, _>>()?)
}
