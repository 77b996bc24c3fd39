//! Spawn and join: many tasks that end at their first turn, each with a value that is collected.

use std::hint::black_box;

use futures::executor::block_on;
use futures::stream::{FuturesUnordered, StreamExt};
use taskscope::runtime::{Result, scope};
use tokio::task::JoinSet;

use super::{AIMS, Aims, Row, Workload, row};
use crate::peers::{Peer, executor, ours, tokio as tokio_peer};

/// See the file.
pub const WORKLOAD: Workload = Workload {
    name: "spawn",
    about: "Spawn and join: so many tasks, spawned at once and then awaited; each gives a number. An item is a task.",
    expected: |n| n * (n - 1) / 2,
    aims: Aims { unordered: 2.0, ..AIMS },
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

pub async fn borrowed(n: u64) -> Result<u64> {
    let sum = scope(async |s| {
        let tasks: Vec<_> = (0..n).map(|number| s.spawn(async move { Ok(number) })).collect();
        let mut sum = 0;
        for task in tasks {
            sum += task.await?;
        }
        Ok(sum)
    });
    Ok(sum.await?)
}

async fn owned(n: u64) -> Result<u64> {
    let sum = scope(async |s| {
        let tasks: Vec<_> = (0..n).map(|number| s.spawn_owned(async move { Ok(number) })).collect();
        let mut sum = 0;
        for task in tasks {
            sum += task.await?;
        }
        Ok(sum)
    });
    Ok(sum.await?)
}

fn unordered(n: u64) -> u64 {
    let mut tasks: FuturesUnordered<_> = (0..n).map(|number| async move { number }).collect();
    block_on(async {
        let mut sum = 0;
        while let Some(number) = tasks.next().await {
            sum += number;
        }
        sum
    })
}

fn async_executor(n: u64) -> u64 {
    executor::drive(async |executor| {
        let tasks: Vec<_> = (0..n).map(|number| executor.spawn(async move { number })).collect();
        let mut sum = 0;
        for task in tasks {
            sum += task.await;
        }
        sum
    })
}

fn tokio(n: u64) -> u64 {
    tokio_peer::drive(async {
        let mut tasks: JoinSet<u64> = JoinSet::new();
        (0..n).for_each(|number| drop(tasks.spawn(async move { number })));
        let mut sum = 0;
        while let Some(number) = tasks.join_next().await {
            sum += number.expect("no task panics");
        }
        sum
    })
}

fn moro(n: u64) -> u64 {
    block_on(moro_local::async_scope!(|scope| {
        let tasks: Vec<_> = (0..n).map(|number| scope.spawn(async move { number })).collect();
        let mut sum = 0;
        for task in tasks {
            sum += task.await;
        }
        sum
    }))
}

fn bare(n: u64) -> u64 {
    let tasks: Vec<Box<dyn FnOnce() -> u64>> =
        (0..n).map(|number| Box::new(move || number) as Box<dyn FnOnce() -> u64>).collect();
    black_box(tasks).into_iter().map(|task| task()).sum()
}
