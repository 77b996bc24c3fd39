//! A limiter of ten: many tasks, each gets a permit, holds it over one turn and gives it back.

use std::collections::VecDeque;
use std::rc::Rc;
use std::sync::Arc;

use futures::executor::block_on;
use futures::stream::{FuturesUnordered, StreamExt};
use taskscope::runtime::{Limiter, Result, scope};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use super::tally::Tally;
use super::{AIMS, Row, Workload, row};
use crate::peers::yield_now::yield_now;
use crate::peers::{Peer, executor, ours, tokio as tokio_peer};

/// See the file.
pub const WORKLOAD: Workload = Workload {
    name: "limiter",
    about: "A limiter of ten: so many tasks, each acquires a permit, yields once and releases it. An item is a task. \
            The semaphore is tokio's for tokio, `unordered` and moro, and async-lock's for async-executor.",
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

const PERMITS: u64 = 10;

/// Counts who is inside, how many at most, and adds up the numbers of all who were.
#[derive(Default)]
pub struct Inside {
    now: Tally,
    peak: Tally,
    served: Tally,
    sum: Tally,
}

impl Inside {
    /// Holding its permit, the task with this number lets others have a turn.
    async fn visit(&self, number: u64) {
        self.enter(number);
        yield_now().await;
        self.leave();
    }

    fn enter(&self, number: u64) {
        let now = self.now.add(1);
        self.peak.set(self.peak.get().max(now));
        self.served.add(1);
        self.sum.add(number);
    }

    fn leave(&self) {
        self.now.set(self.now.get() - 1);
    }

    /// As [`Inside::visit`], where the limiter promises that nobody is overtaken.
    async fn visit_in_order(&self, number: u64) {
        assert_eq!(self.served.get(), number, "first come, first served");
        self.visit(number).await;
    }

    /// What it came to.
    pub fn result(&self, n: u64) -> u64 {
        assert_eq!(self.now.get(), 0, "everyone has left");
        assert_eq!(self.served.get(), n, "everyone was inside");
        assert_eq!(self.peak.get(), PERMITS.min(n), "never more than ten, and ten when there are so many");
        self.sum.get()
    }
}

pub async fn borrowed(n: u64) -> Result<u64> {
    let (limiter, inside) = (Limiter::new(PERMITS), Inside::default());
    scope(async |s| {
        for number in 0..n {
            let (limiter, inside) = (&limiter, &inside);
            s.spawn(async move {
                let _permit = limiter.acquire().await;
                inside.visit_in_order(number).await;
                Ok(())
            });
        }
        Ok(())
    })
    .await?;
    Ok(inside.result(n))
}

async fn owned(n: u64) -> Result<u64> {
    let (limiter, inside) = (Limiter::new(PERMITS), Rc::new(Inside::default()));
    scope(async |s| {
        for number in 0..n {
            let (limiter, inside) = (limiter.clone(), inside.clone());
            s.spawn_owned(async move {
                let _permit = limiter.acquire().await;
                inside.visit_in_order(number).await;
                Ok(())
            });
        }
        Ok(())
    })
    .await?;
    Ok(inside.result(n))
}

pub async fn visit_with_semaphore(number: u64, semaphore: &Semaphore, inside: &Inside) {
    let _permit = semaphore.acquire().await.expect("nobody closes it");
    inside.visit_in_order(number).await;
}

fn unordered(n: u64) -> u64 {
    let (semaphore, inside) = (Semaphore::new(10), Inside::default());
    let mut tasks: FuturesUnordered<_> =
        (0..n).map(|number| visit_with_semaphore(number, &semaphore, &inside)).collect();
    block_on(async { while tasks.next().await.is_some() {} });
    inside.result(n)
}

fn async_executor(n: u64) -> u64 {
    executor::drive(async |executor| {
        let shared = Rc::new((async_lock::Semaphore::new(10), Inside::default()));
        let spawn = |number| {
            let shared = shared.clone();
            executor.spawn(async move {
                let (semaphore, inside) = &*shared;
                let _permit = semaphore.acquire().await;
                inside.visit(number).await;
            })
        };
        let tasks: Vec<_> = (0..n).map(spawn).collect();
        for task in tasks {
            task.await;
        }
        shared.1.result(n)
    })
}

fn tokio(n: u64) -> u64 {
    tokio_peer::drive(async {
        let shared = Arc::new((Semaphore::new(10), Inside::default()));
        let mut tasks = JoinSet::new();
        for number in 0..n {
            let shared = shared.clone();
            tasks.spawn(async move { visit_with_semaphore(number, &shared.0, &shared.1).await });
        }
        while tasks.join_next().await.is_some() {}
        shared.1.result(n)
    })
}

fn moro(n: u64) -> u64 {
    let (semaphore, inside) = (Semaphore::new(10), Inside::default());
    block_on(moro_local::async_scope!(|scope| {
        (0..n).for_each(|number| drop(scope.spawn(visit_with_semaphore(number, &semaphore, &inside))));
    }));
    inside.result(n)
}

/// The queue of those who are inside, and the queue of those who wait.
fn bare(n: u64) -> u64 {
    let inside = Inside::default();
    let mut waiting: VecDeque<u64> = (0..n).collect();
    let mut holding: VecDeque<u64> = VecDeque::new();
    let admit = |waiting: &mut VecDeque<u64>, holding: &mut VecDeque<u64>| {
        if let Some(number) = waiting.pop_front() {
            inside.enter(number);
            holding.push_back(number);
        }
    };
    (0..PERMITS).for_each(|_| admit(&mut waiting, &mut holding));
    while holding.pop_front().is_some() {
        inside.leave();
        admit(&mut waiting, &mut holding);
    }
    inside.result(n)
}
