//! `cargo bench --bench memory`: what a sleeping task takes beside its own future.
//!
//! A benchmark of its own, because counting makes every allocation slower, and not for every peer alike.

use std::cell::Cell;
use std::future::{Future, pending};
use std::pin::pin;
use std::time::Duration;

use async_executor::LocalExecutor;
use futures::future::select;
use futures::stream::{FuturesUnordered, StreamExt};
use peak_alloc::PeakAlloc;
use taskscope::runtime::{Result, scope, sleep};

// Shared with the other benchmark, which needs more of it.
#[allow(dead_code)]
mod peers;
mod table;

use peers::virtual_clock::VirtualClock;
use peers::yield_now::yield_now;
use peers::{Peer, ours};
use table::Table;

#[global_allocator]
static ALLOCATOR: PeakAlloc = PeakAlloc;

/// How many tasks sleep.
const TASKS: usize = 100_000;
/// How long, were they not cancelled before.
const HOUR: Duration = Duration::from_secs(3600);
const HOUR_MS: u64 = 3_600_000;

/// Lets [`TASKS`] sleep and has them weighed.
type Fill = fn(&Scales);

fn main() {
    // Words are for the other benchmark.
    if std::env::args().skip(1).any(|word| word != "--bench") {
        return;
    }
    let rows: &[(Peer, Fill)] = &[
        (Peer::Ours, borrowed),
        (Peer::Owned, owned),
        (Peer::Unordered, unordered),
        (Peer::Executor, async_executor),
        #[cfg(not(target_arch = "wasm32"))]
        (Peer::Tokio, tokio),
        (Peer::Moro, moro),
    ];
    let titles = ["bytes a sleeping task", "beside its future", "its future"];
    let mut table = Table::new(titles.map(str::to_owned).to_vec());
    for (peer, fill) in rows {
        let before = ALLOCATOR.current_usage();
        let scales = Scales::default();
        fill(&scales);
        let left = ALLOCATOR.current_usage() - before;
        assert!(left < 100_000, "{}: {left} bytes are left when all is over", peer.name());
        let [all, own] = [scales.all.get(), scales.own.get()];
        table.add(vec![peer.name().to_owned(), (all - own).to_string(), own.to_string()]);
    }
    println!("### memory\n\n{TASKS} tasks sleep under a virtual clock.\n\n{table}");
}

/// Weighs the tasks of one peer.
#[derive(Default)]
struct Scales {
    before: Cell<usize>,
    /// Bytes that the allocator gave for a task.
    all: Cell<usize>,
    /// Those of its own future.
    own: Cell<usize>,
}

impl Scales {
    /// Before the first task.
    fn empty(&self) {
        self.before.set(ALLOCATOR.current_usage());
    }

    /// Each task.
    fn task<F: Future>(&self, future: F) -> F {
        self.own.set(size_of::<F>());
        future
    }

    /// When all of them sleep.
    fn full(&self) {
        self.all.set((ALLOCATOR.current_usage() - self.before.get()) / TASKS);
    }
}

fn borrowed(scales: &Scales) {
    ours::drive(async {
        let tasks = scope(async |s| {
            scales.empty();
            for _ in 0..TASKS {
                s.spawn(scales.task(async {
                    sleep(HOUR).await;
                    Ok(())
                }));
            }
            yield_now().await;
            scales.full();
            s.cancel();
            pending::<Result<()>>().await
        });
        tasks.await.expect_err("it is cancelled");
        Ok(())
    });
}

fn owned(scales: &Scales) {
    ours::drive(async {
        let tasks = scope(async |s| {
            scales.empty();
            for _ in 0..TASKS {
                s.spawn_owned(scales.task(async {
                    sleep(HOUR).await;
                    Ok(())
                }));
            }
            yield_now().await;
            scales.full();
            s.cancel();
            pending::<Result<()>>().await
        });
        tasks.await.expect_err("it is cancelled");
        Ok(())
    });
}

fn unordered(scales: &Scales) {
    let clock = VirtualClock::default();
    let mut tasks = FuturesUnordered::new();
    scales.empty();
    (0..TASKS).for_each(|_| tasks.push(scales.task(async { clock.sleep(HOUR_MS).await })));
    clock.drive(async {
        let all = async { while tasks.next().await.is_some() {} };
        select(pin!(all), yield_now()).await;
        scales.full();
    });
}

fn async_executor(scales: &Scales) {
    let clock = VirtualClock::default();
    let executor = LocalExecutor::new();
    scales.empty();
    (0..TASKS).for_each(|_| executor.spawn(scales.task(async { clock.sleep(HOUR_MS).await })).detach());
    while executor.try_tick() {}
    scales.full();
}

#[cfg(not(target_arch = "wasm32"))]
fn tokio(scales: &Scales) {
    use tokio::task::JoinSet;

    peers::tokio::drive_virtual(async {
        let mut tasks = JoinSet::new();
        scales.empty();
        for _ in 0..TASKS {
            tasks.spawn(scales.task(async { tokio::time::sleep(HOUR).await }));
        }
        yield_now().await;
        scales.full();
    });
}

fn moro(scales: &Scales) {
    let clock = VirtualClock::default();
    clock.drive(moro_local::async_scope!(|scope| -> () {
        scales.empty();
        for _ in 0..TASKS {
            drop(scope.spawn(scales.task(async { clock.sleep(HOUR_MS).await })));
        }
        yield_now().await;
        scales.full();
        scope.terminate::<()>(()).await
    }));
}
