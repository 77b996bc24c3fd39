//! Cancelling a tree: scopes in scopes in a scope, whose leaves all wait when the root is cancelled.

use std::future::pending;
use std::ops::Deref;
use std::pin::pin;
use std::rc::Rc;
use std::sync::Arc;

use futures::FutureExt;
use futures::executor::block_on;
use futures::future::select;
use futures::stream::{FuturesUnordered, StreamExt};
use taskscope::event::Reason;
use taskscope::runtime::{Result, scope};
use tokio::task::JoinSet;

use super::tally::Tally;
use super::{AIMS, Row, STEP, Workload, row};
use crate::peers::yield_now::yield_now;
use crate::peers::{Peer, executor, ours, tokio as tokio_peer};

/// See the file.
pub const WORKLOAD: Workload = Workload {
    name: "tree",
    about: "Cancelling a tree: a branch for every 100 items, each with ten twigs of ten leaves; when all wait, the root \
            is cancelled, and the last leaf must be dropped. An item is a leaf, with its share of spawning the tree.",
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

pub const FAN_OUT: u64 = 10;

/// How many leaves began, and how many were dropped.
#[derive(Default)]
pub struct Leaves {
    pub began: Tally,
    pub dropped: Tally,
}

struct Leaf<P: Deref<Target = Leaves>>(P);

impl<P: Deref<Target = Leaves>> Leaf<P> {
    fn begin(leaves: P) -> Leaf<P> {
        leaves.began.add(1);
        Leaf(leaves)
    }
}

impl<P: Deref<Target = Leaves>> Drop for Leaf<P> {
    fn drop(&mut self) {
        self.0.dropped.add(1);
    }
}

pub async fn wait<P: Deref<Target = Leaves>>(leaves: P) {
    let _leaf = Leaf::begin(leaves);
    pending().await
}

pub async fn until_all(count: &Tally, n: u64) {
    while count.get() < n {
        yield_now().await;
    }
}

impl Leaves {
    pub fn result(&self, n: u64) -> u64 {
        assert_eq!(self.began.get(), n, "every leaf waited");
        self.dropped.get()
    }
}

pub async fn borrowed(n: u64) -> Result<u64> {
    let leaves = Leaves::default();
    let twig = async || {
        let twig = scope(async |s| {
            (0..FAN_OUT).for_each(|_| drop(s.spawn(wait(&leaves).map(Result::Ok))));
            Ok(())
        });
        Result::Ok(twig.await?)
    };
    let branch = async || {
        let branch = scope(async |s| {
            (0..FAN_OUT).for_each(|_| drop(s.spawn(twig())));
            Ok(())
        });
        Result::Ok(branch.await?)
    };
    let root = scope(async |s| {
        (0..n / STEP).for_each(|_| drop(s.spawn(branch())));
        until_all(&leaves.began, n).await;
        s.cancel();
        pending::<Result<()>>().await
    });
    let group = root.await.expect_err("it is cancelled");
    assert_eq!(group.cancelled(), Some(Reason::Explicit));
    Ok(leaves.result(n))
}

async fn owned(n: u64) -> Result<u64> {
    async fn twig(leaves: Rc<Leaves>) -> Result<()> {
        let twig = scope(async |s| {
            (0..FAN_OUT).for_each(|_| drop(s.spawn_owned(wait(leaves.clone()).map(Result::Ok))));
            Ok(())
        });
        Ok(twig.await?)
    }
    async fn branch(leaves: Rc<Leaves>) -> Result<()> {
        let branch = scope(async |s| {
            (0..FAN_OUT).for_each(|_| drop(s.spawn_owned(twig(leaves.clone()))));
            Ok(())
        });
        Ok(branch.await?)
    }
    let leaves: Rc<Leaves> = Rc::default();
    let root = scope(async |s| {
        (0..n / STEP).for_each(|_| drop(s.spawn_owned(branch(leaves.clone()))));
        until_all(&leaves.began, n).await;
        s.cancel();
        pending::<Result<()>>().await
    });
    let group = root.await.expect_err("it is cancelled");
    assert_eq!(group.cancelled(), Some(Reason::Explicit));
    Ok(leaves.result(n))
}

fn unordered(n: u64) -> u64 {
    async fn all(mut tasks: FuturesUnordered<impl Future>) {
        while tasks.next().await.is_some() {}
    }
    let leaves = Leaves::default();
    let twig = || all((0..FAN_OUT).map(|_| wait(&leaves)).collect());
    let branch = || all((0..FAN_OUT).map(|_| twig()).collect());
    block_on(async {
        let mut root: FuturesUnordered<_> = (0..n / STEP).map(|_| branch()).collect();
        select(root.next(), pin!(until_all(&leaves.began, n))).await;
        drop(root);
    });
    leaves.result(n)
}

fn async_executor(n: u64) -> u64 {
    executor::drive(async |executor| {
        let leaves: Rc<Leaves> = Rc::default();
        let twig = |executor: executor::Shared, leaves: Rc<Leaves>| async move {
            let tasks: Vec<_> = (0..FAN_OUT).map(|_| executor.spawn(wait(leaves.clone()))).collect();
            for task in tasks {
                task.await;
            }
        };
        let branch = |executor: executor::Shared, leaves: Rc<Leaves>| async move {
            let spawn = |_| executor.spawn(twig(executor.clone(), leaves.clone()));
            let tasks: Vec<_> = (0..FAN_OUT).map(spawn).collect();
            for task in tasks {
                task.await;
            }
        };
        let spawn = |_| executor.spawn(branch(executor.clone(), leaves.clone()));
        let root: Vec<_> = (0..n / STEP).map(spawn).collect();
        until_all(&leaves.began, n).await;
        drop(root);
        until_all(&leaves.dropped, n).await;
        leaves.result(n)
    })
}

fn tokio(n: u64) -> u64 {
    async fn all(mut tasks: JoinSet<()>) {
        while tasks.join_next().await.is_some() {}
    }
    async fn twig(leaves: Arc<Leaves>) {
        let mut tasks = JoinSet::new();
        (0..FAN_OUT).for_each(|_| drop(tasks.spawn(wait(leaves.clone()))));
        all(tasks).await;
    }
    async fn branch(leaves: Arc<Leaves>) {
        let mut tasks = JoinSet::new();
        (0..FAN_OUT).for_each(|_| drop(tasks.spawn(twig(leaves.clone()))));
        all(tasks).await;
    }
    tokio_peer::drive(async {
        let leaves: Arc<Leaves> = Arc::default();
        let mut root = JoinSet::new();
        (0..n / STEP).for_each(|_| drop(root.spawn(branch(leaves.clone()))));
        until_all(&leaves.began, n).await;
        root.shutdown().await;
        until_all(&leaves.dropped, n).await;
        leaves.result(n)
    })
}

fn moro(n: u64) -> u64 {
    let leaves = Leaves::default();
    let twig = || {
        moro_local::async_scope!(|scope| {
            (0..FAN_OUT).for_each(|_| drop(scope.spawn(wait(&leaves))));
        })
    };
    let branch = || {
        moro_local::async_scope!(|scope| {
            (0..FAN_OUT).for_each(|_| drop(scope.spawn(twig())));
        })
    };
    block_on(moro_local::async_scope!(|scope| -> () {
        (0..n / STEP).for_each(|_| drop(scope.spawn(branch())));
        until_all(&leaves.began, n).await;
        scope.terminate::<()>(()).await
    }));
    leaves.result(n)
}

/// Builds the same tree of boxes, and drops it.
fn bare(n: u64) -> u64 {
    type Twig<'leaves> = Vec<Box<Leaf<&'leaves Leaves>>>;
    let leaves = Leaves::default();
    let twig = || -> Box<Twig> { Box::new((0..FAN_OUT).map(|_| Box::new(Leaf::begin(&leaves))).collect()) };
    let branch = || -> Box<Vec<Box<Twig>>> { Box::new((0..FAN_OUT).map(|_| twig()).collect()) };
    let root: Vec<_> = (0..n / STEP).map(|_| branch()).collect();
    drop(root);
    leaves.result(n)
}
