//! The workloads with `wasm_bindgen_futures::spawn_local`, which gives no handles: a latch says when all have ended.

use std::cell::RefCell;
use std::future::{Future, pending};
use std::rc::Rc;

use futures::future::{AbortHandle, abortable};
use futures::{FutureExt, SinkExt, StreamExt};
use tokio::sync::Semaphore;
use wasm_bindgen_futures::spawn_local;

use crate::peers::latch::Latch;
use crate::workloads::errors::{fail, sum};
use crate::workloads::limiter::{Inside, visit_with_semaphore};
use crate::workloads::queue::ROOM;
use crate::workloads::switch::take_turns;
use crate::workloads::tally::Tally;
use crate::workloads::tree::{FAN_OUT, Leaves, until_all, wait};
use crate::workloads::{STEP, fold};

pub async fn spawn(n: u64) -> u64 {
    let (ended, sum) = (Latch::new(n), Rc::new(Tally::default()));
    for number in 0..n {
        let (ended, sum) = (ended.clone(), sum.clone());
        spawn_local(async move {
            sum.add(number);
            ended.count_down();
        });
    }
    ended.wait().await;
    sum.get()
}

pub async fn switch(n: u64) -> u64 {
    let (ended, all) = (Latch::new(n / STEP), Rc::new(Tally::default()));
    for _ in 0..n / STEP {
        let (ended, all) = (ended.clone(), all.clone());
        spawn_local(async move {
            take_turns(n, all).await;
            ended.count_down();
        });
    }
    ended.wait().await;
    all.get()
}

pub async fn alone(n: u64) -> u64 {
    let (ended, turns) = (Latch::new(1), Rc::new(Tally::default()));
    let (its_end, its_turns) = (ended.clone(), turns.clone());
    spawn_local(async move {
        its_turns.set(crate::workloads::alone::take_turns(n).await);
        its_end.count_down();
    });
    ended.wait().await;
    turns.get()
}

pub async fn limiter(n: u64) -> u64 {
    let (ended, shared) = (Latch::new(n), Rc::new((Semaphore::new(10), Inside::default())));
    for number in 0..n {
        let (ended, shared) = (ended.clone(), shared.clone());
        spawn_local(async move {
            visit_with_semaphore(number, &shared.0, &shared.1).await;
            ended.count_down();
        });
    }
    ended.wait().await;
    shared.1.result(n)
}

pub async fn queue(n: u64) -> u64 {
    let (ended, result) = (Latch::new(2), Rc::new(Tally::default()));
    let (mut sender, mut receiver) = futures::channel::mpsc::channel(ROOM);
    let its_end = ended.clone();
    spawn_local(async move {
        for number in 0..n {
            sender.send(number).await.expect("somebody takes");
        }
        its_end.count_down();
    });
    let (its_end, its_result) = (ended.clone(), result.clone());
    spawn_local(async move {
        let mut order = 0;
        while let Some(number) = receiver.next().await {
            order = fold(order, number);
        }
        its_result.set(order);
        its_end.count_down();
    });
    ended.wait().await;
    result.get()
}

/// Tasks that are aborted with their owner, which is a wake-up: they are dropped when their turn comes.
#[derive(Default)]
struct Abortable(Vec<AbortHandle>);

impl Abortable {
    fn spawn(&mut self, task: impl Future<Output = ()> + 'static) {
        let (task, handle) = abortable(task);
        self.0.push(handle);
        spawn_local(task.map(drop));
    }
}

impl Drop for Abortable {
    fn drop(&mut self) {
        self.0.iter().for_each(AbortHandle::abort);
    }
}

pub async fn tree(n: u64) -> u64 {
    async fn twig(leaves: Rc<Leaves>) {
        let mut tasks = Abortable::default();
        (0..FAN_OUT).for_each(|_| tasks.spawn(wait(leaves.clone())));
        pending().await
    }
    async fn branch(leaves: Rc<Leaves>) {
        let mut tasks = Abortable::default();
        (0..FAN_OUT).for_each(|_| tasks.spawn(twig(leaves.clone())));
        pending().await
    }
    let leaves: Rc<Leaves> = Rc::default();
    let mut root = Abortable::default();
    (0..n / STEP).for_each(|_| root.spawn(branch(leaves.clone())));
    until_all(&leaves.began, n).await;
    drop(root);
    until_all(&leaves.dropped, n).await;
    leaves.result(n)
}

pub async fn errors(n: u64) -> u64 {
    let (ended, errors) = (Latch::new(n), Rc::new(RefCell::new(Vec::new())));
    for number in 0..n {
        let (ended, errors) = (ended.clone(), errors.clone());
        spawn_local(async move {
            let result = fail(number).await;
            errors.borrow_mut().extend(result.err());
            ended.count_down();
        });
    }
    ended.wait().await;
    sum(&errors.borrow())
}
