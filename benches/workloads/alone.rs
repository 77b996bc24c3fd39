//! Switching of one task alone: nobody else is ready, and it yields all the same.

use futures::executor::block_on;
use futures::stream::{FuturesUnordered, StreamExt};
use std::hint::black_box;
use taskscope::runtime::{Result, scope};
use tokio::task::JoinSet;

use super::{AIMS, Row, Workload, row};
use crate::peers::yield_now::yield_now;
use crate::peers::{Peer, executor, ours, tokio as tokio_peer};

/// See the file.
pub const WORKLOAD: Workload = Workload {
    name: "alone",
    about: "Switching alone: one task that yields so many times. An item is a turn.",
    expected: |n| n,
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

pub async fn take_turns(n: u64) -> u64 {
    let mut turns = 0;
    while turns < n {
        yield_now().await;
        turns += 1;
    }
    turns
}

pub async fn borrowed(n: u64) -> Result<u64> {
    let turns = scope(async |s| Ok(s.spawn(async { Ok(take_turns(n).await) }).await?));
    Ok(turns.await?)
}

async fn owned(n: u64) -> Result<u64> {
    let turns = scope(async |s| Ok(s.spawn_owned(async move { Ok(take_turns(n).await) }).await?));
    Ok(turns.await?)
}

fn unordered(n: u64) -> u64 {
    let mut tasks: FuturesUnordered<_> = [take_turns(n)].into_iter().collect();
    block_on(tasks.next()).expect("one task")
}

fn async_executor(n: u64) -> u64 {
    executor::drive(async |executor| executor.spawn(take_turns(n)).await)
}

fn tokio(n: u64) -> u64 {
    tokio_peer::drive(async {
        let mut tasks: JoinSet<u64> = JoinSet::new();
        tasks.spawn(take_turns(n));
        tasks.join_next().await.expect("one task").expect("no task panics")
    })
}

fn moro(n: u64) -> u64 {
    block_on(moro_local::async_scope!(|scope| scope.spawn(take_turns(n)).await))
}

fn bare(n: u64) -> u64 {
    let mut turns = 0;
    let task: Box<dyn FnMut() -> Option<u64>> = Box::new(move || {
        turns += 1;
        (turns == n).then_some(turns)
    });
    let mut task = black_box(task);
    loop {
        if let Some(turns) = task() {
            return turns;
        }
    }
}
