//! Timers under a virtual clock: many sleepers, each with its own deadline, in no order.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::rc::Rc;
use std::time::Duration;

use async_executor::LocalExecutor;
use futures::stream::{FuturesUnordered, StreamExt};
use taskscope::runtime::{Result, now, scope, sleep};

use super::tally::Tally;
use super::{AIMS, Aims, Row, Workload, fold, row};
use crate::peers::virtual_clock::VirtualClock;
use crate::peers::{Peer, ours};

/// See the file.
pub const WORKLOAD: Workload = Workload {
    name: "timers",
    about: "Timers under a virtual clock: so many tasks sleep, each until its own millisecond out of as many. An item \
            is a task.",
    expected: |n| {
        let mut all: Vec<u64> = (0..n).map(|number| length_ms(number, n)).collect();
        all.sort_unstable();
        all.into_iter().fold(0, fold)
    },
    aims: Aims { growth: 2.5, ..AIMS },
    rows: ROWS,
};

const ROWS: &[Row] = &[
    row(Peer::Ours, |n| ours::drive(borrowed(n))),
    row(Peer::Owned, |n| ours::drive(owned(n))),
    row(Peer::Traced, |n| ours::drive_recorded(borrowed(n))),
    row(Peer::Unordered, unordered),
    row(Peer::Executor, async_executor),
    #[cfg(not(target_arch = "wasm32"))]
    row(Peer::Tokio, tokio),
    row(Peer::Moro, moro),
    row(Peer::Bare, bare),
];

/// How long the sleeper with this number sleeps: 1 to `n` milliseconds, scattered. The mixer is that of splitmix64.
fn length_ms(number: u64, n: u64) -> u64 {
    let mixed = (number + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    (mixed ^ (mixed >> 31)) % n + 1
}

/// A sleeper woke up: it must be its time, and `order` hears of it.
fn awake(length_ms: u64, now_ms: u64, order: &Tally) {
    assert_eq!(now_ms, length_ms, "a sleeper wakes at its own time");
    order.set(fold(order.get(), length_ms));
}

pub async fn borrowed(n: u64) -> Result<u64> {
    let order = Tally::default();
    scope(async |s| {
        for length_ms in (0..n).map(|number| length_ms(number, n)) {
            let order = &order;
            s.spawn(async move {
                sleep(Duration::from_millis(length_ms)).await;
                awake(length_ms, now().as_us() / 1000, order);
                Ok(())
            });
        }
        Ok(())
    })
    .await?;
    Ok(order.get())
}

async fn owned(n: u64) -> Result<u64> {
    let order: Rc<Tally> = Rc::default();
    scope(async |s| {
        for length_ms in (0..n).map(|number| length_ms(number, n)) {
            let order = order.clone();
            s.spawn_owned(async move {
                sleep(Duration::from_millis(length_ms)).await;
                awake(length_ms, now().as_us() / 1000, &order);
                Ok(())
            });
        }
        Ok(())
    })
    .await?;
    Ok(order.get())
}

async fn sleep_on(clock: &VirtualClock, length_ms: u64, order: &Tally) {
    clock.sleep(length_ms).await;
    awake(length_ms, clock.now_ms(), order);
}

fn unordered(n: u64) -> u64 {
    let (clock, order) = (VirtualClock::default(), Tally::default());
    let mut tasks: FuturesUnordered<_> =
        (0..n).map(|number| sleep_on(&clock, length_ms(number, n), &order)).collect();
    clock.drive(async { while tasks.next().await.is_some() {} });
    order.get()
}

fn async_executor(n: u64) -> u64 {
    let (clock, order) = (VirtualClock::default(), Tally::default());
    let executor = LocalExecutor::new();
    let spawn = |number| executor.spawn(sleep_on(&clock, length_ms(number, n), &order));
    let tasks: Vec<_> = (0..n).map(spawn).collect();
    while executor.try_tick() || clock.advance() {}
    assert!(tasks.iter().all(|task| task.is_finished()), "everyone has slept");
    drop(tasks);
    order.get()
}

#[cfg(not(target_arch = "wasm32"))]
fn tokio(n: u64) -> u64 {
    use std::sync::Arc;
    use tokio::task::JoinSet;
    use tokio::time::{Instant, sleep};

    crate::peers::tokio::drive_virtual(async {
        let (began, order) = (Instant::now(), Arc::new(Tally::default()));
        let mut tasks = JoinSet::new();
        for length_ms in (0..n).map(|number| length_ms(number, n)) {
            let order = order.clone();
            tasks.spawn(async move {
                sleep(Duration::from_millis(length_ms)).await;
                awake(length_ms, u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX), &order);
            });
        }
        while tasks.join_next().await.is_some() {}
        order.get()
    })
}

fn moro(n: u64) -> u64 {
    let (clock, order) = (VirtualClock::default(), Tally::default());
    clock.drive(moro_local::async_scope!(|scope| {
        (0..n).for_each(|number| drop(scope.spawn(sleep_on(&clock, length_ms(number, n), &order))));
    }));
    order.get()
}

fn bare(n: u64) -> u64 {
    let order = Tally::default();
    let mut heap: BinaryHeap<Reverse<(u64, u64)>> = BinaryHeap::new();
    (0..n).for_each(|number| heap.push(Reverse((length_ms(number, n), number))));
    while let Some(Reverse((now_ms, number))) = heap.pop() {
        awake(length_ms(number, n), now_ms, &order);
    }
    order.get()
}
