//! A bounded queue: one task puts, another takes, and the queue is too small for either to run ahead.

use std::collections::VecDeque;
use std::hint::black_box;

use futures::executor::block_on;
use futures::stream::{FuturesUnordered, StreamExt};
use futures::{FutureExt, SinkExt};
use taskscope::runtime::{Queue, Result, scope};
use tokio::sync::mpsc;
use tokio::task::JoinSet;

use super::{AIMS, Row, Workload, fold, row};
use crate::peers::{Peer, executor, ours, tokio as tokio_peer};

/// See the file.
pub const WORKLOAD: Workload = Workload {
    name: "queue",
    about: "A bounded queue with room for ten: one task puts so many numbers, another takes them. An item is a number. \
            The queue is tokio's for tokio, that of futures for `unordered`, async-channel's for async-executor and moro.",
    expected: |n| (0..n).fold(0, fold),
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

pub const ROOM: usize = 10;

async fn put_all(queue: &Queue<u64>, n: u64) -> Result<()> {
    for number in 0..n {
        queue.put(number).await.expect("nobody else closes it");
    }
    queue.close();
    Ok(())
}

async fn take_all(queue: &Queue<u64>) -> Result<u64> {
    let mut order = 0;
    while let Some(number) = queue.take().await {
        order = fold(order, number);
    }
    Ok(order)
}

pub async fn borrowed(n: u64) -> Result<u64> {
    let queue = Queue::bounded("numbers", 10);
    let order = scope(async |s| {
        s.spawn(put_all(&queue, n));
        Ok(s.spawn(take_all(&queue)).await?)
    });
    Ok(order.await?)
}

async fn owned(n: u64) -> Result<u64> {
    let (source, sink) = {
        let queue = Queue::bounded("numbers", 10);
        (queue.clone(), queue)
    };
    let order = scope(async |s| {
        s.spawn_owned(async move { put_all(&source, n).await });
        Ok(s.spawn_owned(async move { take_all(&sink).await }).await?)
    });
    Ok(order.await?)
}

fn unordered(n: u64) -> u64 {
    let (mut sender, mut receiver) = futures::channel::mpsc::channel(ROOM);
    let producer = async move {
        for number in 0..n {
            sender.send(number).await.expect("somebody takes");
        }
        None
    };
    let consumer = async move {
        let mut order = 0;
        while let Some(number) = receiver.next().await {
            order = fold(order, number);
        }
        Some(order)
    };
    let mut tasks: FuturesUnordered<_> =
        [producer.left_future(), consumer.right_future()].into_iter().collect();
    block_on(async {
        let mut order = None;
        while let Some(ended) = tasks.next().await {
            order = order.or(ended);
        }
        order.expect("the consumer ends")
    })
}

async fn send_all(sender: async_channel::Sender<u64>, n: u64) {
    for number in 0..n {
        sender.send(number).await.expect("somebody takes");
    }
}

async fn receive_all(receiver: async_channel::Receiver<u64>) -> u64 {
    let mut order = 0;
    while let Ok(number) = receiver.recv().await {
        order = fold(order, number);
    }
    order
}

fn async_executor(n: u64) -> u64 {
    executor::drive(async |executor| {
        let (sender, receiver) = async_channel::bounded(ROOM);
        let producer = executor.spawn(send_all(sender, n));
        let order = executor.spawn(receive_all(receiver)).await;
        producer.await;
        order
    })
}

fn tokio(n: u64) -> u64 {
    tokio_peer::drive(async {
        let (sender, mut receiver) = mpsc::channel(ROOM);
        let mut tasks: JoinSet<Option<u64>> = JoinSet::new();
        tasks.spawn(async move {
            for number in 0..n {
                sender.send(number).await.expect("somebody takes");
            }
            None
        });
        tasks.spawn(async move {
            let mut order = 0;
            while let Some(number) = receiver.recv().await {
                order = fold(order, number);
            }
            Some(order)
        });
        let mut order = None;
        while let Some(ended) = tasks.join_next().await {
            order = order.or(ended.expect("no task panics"));
        }
        order.expect("the consumer ends")
    })
}

fn moro(n: u64) -> u64 {
    block_on(moro_local::async_scope!(|scope| {
        let (sender, receiver) = async_channel::bounded(ROOM);
        drop(scope.spawn(send_all(sender, n)));
        scope.spawn(receive_all(receiver)).await
    }))
}

/// Fills the room, empties it, and so on.
fn bare(n: u64) -> u64 {
    let mut room = VecDeque::with_capacity(ROOM);
    let (mut next, mut order) = (0, 0);
    while next < n {
        while next < n && room.len() < ROOM {
            room.push_back(black_box(next));
            next += 1;
        }
        while let Some(number) = room.pop_front() {
            order = fold(order, number);
        }
    }
    order
}
