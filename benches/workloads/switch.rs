//! Switching among many tasks: each lets the others have a turn, again and again.

use std::collections::VecDeque;
use std::ops::Deref;
use std::rc::Rc;
use std::sync::Arc;

use futures::executor::block_on;
use futures::stream::{FuturesUnordered, StreamExt};
use taskscope::runtime::{Result, scope};
use tokio::task::JoinSet;

use super::tally::Tally;
use super::{AIMS, Row, STEP, Workload, row};
use crate::peers::yield_now::yield_now;
use crate::peers::{Peer, executor, ours, tokio as tokio_peer};

/// See the file.
pub const WORKLOAD: Workload = Workload {
    name: "switch",
    about: "Switching among many: one task for every 100 items, each yields 100 times. An item is a turn.",
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

/// Yields 100 times, counts each in `all`, and checks at its end that the others were let through.
pub async fn take_turns(n: u64, all: impl Deref<Target = Tally>) -> u64 {
    for _ in 0..STEP {
        all.add(1);
        yield_now().await;
    }
    assert_fair(n, all.get());
    STEP
}

/// First in, first out: when a task ends, no other is more than one turn behind.
fn assert_fair(n: u64, turns: u64) {
    let tasks = n / STEP;
    assert!(turns + tasks >= n, "a task ended at turn {turns} of {n}: {tasks} tasks did not take turns");
}

pub async fn borrowed(n: u64) -> Result<u64> {
    let all = Tally::default();
    let sum = scope(async |s| {
        let tasks: Vec<_> = (0..n / STEP).map(|_| s.spawn(async { Ok(take_turns(n, &all).await) })).collect();
        let mut sum = 0;
        for task in tasks {
            sum += task.await?;
        }
        Ok(sum)
    });
    Ok(sum.await?)
}

async fn owned(n: u64) -> Result<u64> {
    let all: Rc<Tally> = Rc::default();
    let sum = scope(async |s| {
        let spawn = |_| {
            let all = all.clone();
            s.spawn_owned(async move { Ok(take_turns(n, all).await) })
        };
        let tasks: Vec<_> = (0..n / STEP).map(spawn).collect();
        let mut sum = 0;
        for task in tasks {
            sum += task.await?;
        }
        Ok(sum)
    });
    Ok(sum.await?)
}

fn unordered(n: u64) -> u64 {
    let all = Tally::default();
    let mut tasks: FuturesUnordered<_> = (0..n / STEP).map(|_| take_turns(n, &all)).collect();
    block_on(async {
        let mut sum = 0;
        while let Some(turns) = tasks.next().await {
            sum += turns;
        }
        sum
    })
}

fn async_executor(n: u64) -> u64 {
    executor::drive(async |executor| {
        let all: Rc<Tally> = Rc::default();
        let tasks: Vec<_> = (0..n / STEP).map(|_| executor.spawn(take_turns(n, all.clone()))).collect();
        let mut sum = 0;
        for task in tasks {
            sum += task.await;
        }
        sum
    })
}

fn tokio(n: u64) -> u64 {
    tokio_peer::drive(async {
        let all: Arc<Tally> = Arc::default();
        let mut tasks: JoinSet<u64> = JoinSet::new();
        (0..n / STEP).for_each(|_| drop(tasks.spawn(take_turns(n, all.clone()))));
        let mut sum = 0;
        while let Some(turns) = tasks.join_next().await {
            sum += turns.expect("no task panics");
        }
        sum
    })
}

fn moro(n: u64) -> u64 {
    let all = Tally::default();
    block_on(moro_local::async_scope!(|scope| {
        let tasks: Vec<_> = (0..n / STEP).map(|_| scope.spawn(take_turns(n, &all))).collect();
        let mut sum = 0;
        for task in tasks {
            sum += task.await;
        }
        sum
    }))
}

fn bare(n: u64) -> u64 {
    let all = Rc::new(Tally::default());
    let task = |_| {
        let all = all.clone();
        let mut turns = 0;
        Box::new(move || {
            if turns == STEP {
                assert_fair(n, all.get());
                return Some(turns);
            }
            turns += 1;
            all.add(1);
            None
        })
    };
    let mut ready: VecDeque<Box<dyn FnMut() -> Option<u64>>> =
        (0..n / STEP).map(|number| task(number) as Box<dyn FnMut() -> Option<u64>>).collect();
    let mut sum = 0;
    while let Some(mut task) = ready.pop_front() {
        match task() {
            Some(turns) => sum += turns,
            None => ready.push_back(task),
        }
    }
    sum
}
