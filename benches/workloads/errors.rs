//! Collecting errors: many tasks that all fail, and every error is kept.

use std::error::Error;
use std::fmt;
use std::hint::black_box;

use futures::executor::block_on;
use futures::stream::{FuturesUnordered, StreamExt};
use taskscope::runtime::{ErrorGroup, Leaf, Result, collect};
use tokio::task::JoinSet;

use super::{AIMS, Row, Workload, row};
use crate::peers::{Peer, executor, ours, tokio as tokio_peer};

/// See the file.
pub const WORKLOAD: Workload = Workload {
    name: "errors",
    about: "Collecting errors: so many tasks, each fails; all errors are kept and read. An item is a task. Ours come \
            with path, time and role; those of the others are bare values in a list.",
    expected: |n| n * (n - 1) / 2,
    aims: AIMS,
    rows: ROWS,
};

const ROWS: &[Row] = &[
    row(Peer::Ours, |n| ours::drive(borrowed(n))),
    row(Peer::Owned, |n| ours::drive(owned(n))),
    row(Peer::Traced, |n| ours::drive_recorded(borrowed(n))),
    row(Peer::Unordered, unordered),
    row(Peer::Executor, async_executor),
    row(Peer::Tokio, tokio),
    row(Peer::Moro, moro),
    row(Peer::Bare, bare),
];

#[derive(Debug)]
pub struct Failure(u64);

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "failure {}", self.0)
    }
}

impl Error for Failure {}

pub async fn fail(number: u64) -> std::result::Result<(), Failure> {
    Err(Failure(number))
}

pub fn sum(errors: &[Failure]) -> u64 {
    black_box(errors).iter().map(|failure| failure.0).sum()
}

pub async fn borrowed(n: u64) -> Result<u64> {
    let group = collect(async |s| {
        (0..n).for_each(|number| drop(s.spawn(async move { Ok(fail(number).await?) })));
        Ok(())
    });
    Ok(sum_of(&group.await.expect_err("every task fails")))
}

async fn owned(n: u64) -> Result<u64> {
    let group = collect(async |s| {
        (0..n).for_each(|number| drop(s.spawn_owned(async move { Ok(fail(number).await?) })));
        Ok(())
    });
    Ok(sum_of(&group.await.expect_err("every task fails")))
}

fn sum_of(group: &ErrorGroup) -> u64 {
    let number = |leaf: &Leaf| leaf.downcast_ref::<Failure>().expect("nothing else fails").0;
    group.leaves().map(number).sum()
}

fn unordered(n: u64) -> u64 {
    let mut tasks: FuturesUnordered<_> = (0..n).map(fail).collect();
    block_on(async {
        let mut errors = Vec::new();
        while let Some(result) = tasks.next().await {
            errors.extend(result.err());
        }
        sum(&errors)
    })
}

fn async_executor(n: u64) -> u64 {
    executor::drive(async |executor| {
        let tasks: Vec<_> = (0..n).map(|number| executor.spawn(fail(number))).collect();
        let mut errors = Vec::new();
        for task in tasks {
            errors.extend(task.await.err());
        }
        sum(&errors)
    })
}

fn tokio(n: u64) -> u64 {
    tokio_peer::drive(async {
        let mut tasks = JoinSet::new();
        (0..n).for_each(|number| drop(tasks.spawn(fail(number))));
        let mut errors = Vec::new();
        while let Some(result) = tasks.join_next().await {
            errors.extend(result.expect("no task panics").err());
        }
        sum(&errors)
    })
}

fn moro(n: u64) -> u64 {
    block_on(moro_local::async_scope!(|scope| {
        let tasks: Vec<_> = (0..n).map(|number| scope.spawn(fail(number))).collect();
        let mut errors = Vec::new();
        for task in tasks {
            errors.extend(task.await.err());
        }
        sum(&errors)
    }))
}

fn bare(n: u64) -> u64 {
    type Task = Box<dyn FnOnce() -> std::result::Result<(), Failure>>;
    let tasks: Vec<Task> = (0..n).map(|number| Box::new(move || Err(Failure(number))) as Task).collect();
    let mut errors = Vec::new();
    black_box(tasks).into_iter().for_each(|task| errors.extend(task().err()));
    sum(&errors)
}
