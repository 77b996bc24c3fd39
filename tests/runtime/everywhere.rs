//! A scenario with every primitive, interrupted at each of its suspensions: nothing is ever lost.

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::rc::Rc;

use futures::StreamExt;
use taskscope::event::Outcome;
use taskscope::host::{Job, Request, Simulated};
use taskscope::runtime::{
    Backoff, Barrier, Condition, Connect, Deferred, Error, Event, KeyedRateLimiter, Limiter, Local, Lock,
    Pool, Queue, RateLimiter, Result, Scope, ScopeStreamExt, TimeoutHandle, as_completed, block_on_virtual,
    collect, defer, detach, fetch, gather, gather_all, generate, interval, join, join_all, now, offload_job,
    race, race_ok, resource, retry, scope, shield, timeout, timeout_at, using,
};
use taskscope::testing::{Interruption, Report, Scenario, interrupt_everywhere};
use taskscope::trace::Recorder;

use super::story::{fail_after, orderly, secs, sized, sleep, turn};
use super::test;

/// Something that is in one place at a time; who has been dropped is not alive.
struct Item {
    number: u32,
    alive: Rc<RefCell<BTreeSet<u32>>>,
}

impl Drop for Item {
    fn drop(&mut self) {
        self.alive.borrow_mut().remove(&self.number);
    }
}

/// Opens connections and closes them, both slowly; counts those that are open.
struct Door(Rc<Cell<i32>>);

impl Connect for Door {
    type Connection = ();

    async fn open(&self) -> Result<()> {
        sleep(0.02).await;
        self.0.set(self.0.get() + 1);
        Ok(())
    }

    async fn close(&self, (): ()) -> Result<()> {
        sleep(0.02).await;
        self.0.set(self.0.get() - 1);
        Ok(())
    }
}

/// What the tasks share, and what they did with it.
struct Shared {
    limiter: Limiter,
    lock: Lock<i32>,
    changed: Condition,
    queue: Queue<Item>,
    event: Event,
    barrier: Barrier,
    rate: RateLimiter,
    paced: [RateLimiter; 3],
    keyed: KeyedRateLimiter<u32>,
    ranked: Queue<u32>,
    pool: Pool<Door>,
    /// Items that were put for certain, taken for certain, and not dropped.
    put: RefCell<Vec<u32>>,
    taken: RefCell<Vec<u32>>,
    alive: Rc<RefCell<BTreeSet<u32>>>,
    /// What was opened and not closed, but for the connections.
    open: Rc<Cell<i32>>,
    connections: Rc<Cell<i32>>,
}

impl Shared {
    fn new() -> Shared {
        let connections = Rc::default();
        Shared {
            limiter: Limiter::new(2),
            lock: Lock::new(0),
            changed: Condition::new("changed"),
            queue: Queue::bounded("queue", 2),
            event: Event::new("event"),
            barrier: Barrier::new("barrier", 2),
            rate: RateLimiter::sliding_window("rate", 2, secs(0.2)),
            paced: [
                RateLimiter::token_bucket("bucket", 10, secs(1.0), 1),
                RateLimiter::gcra("gcra", 10, secs(1.0), 1),
                RateLimiter::fixed_window("window", 1, secs(0.1)),
            ],
            keyed: KeyedRateLimiter::new(RateLimiter::gcra("keyed", 10, secs(1.0), 1)),
            ranked: Queue::priority("ranked", 1),
            pool: Pool::new("pool", 1, 1, Door(Rc::clone(&connections))),
            put: RefCell::default(),
            taken: RefCell::default(),
            alive: Rc::default(),
            open: Rc::default(),
            connections,
        }
    }

    fn item(&self, number: u32) -> Item {
        self.alive.borrow_mut().insert(number);
        Item { number, alive: self.alive.clone() }
    }

    /// Something that is open until a cleanup that takes time has closed it.
    fn opened(&self) -> Deferred {
        let open = self.open.clone();
        open.set(open.get() + 1);
        defer(async move {
            sleep(0.03).await;
            open.set(open.get() - 1);
            Ok(())
        })
    }
}

/// Permits, alone and two at once, a lock around a value, and the queue's putters.
fn putters<'env>(s: &Scope<'env>, shared: &'env Shared) {
    for number in 0..4_u32 {
        s.spawn_named("putter", async move {
            let _permit = shared.limiter.acquire().await;
            let open = shared.opened();
            sleep(0.1 * f64::from(number)).await;
            {
                let mut value = shared.lock.lock().await;
                let before = *value;
                sleep(0.05).await;
                *value = before + 1;
            }
            shared.changed.notify_all();
            if shared.queue.put(shared.item(number)).await.is_ok() {
                shared.put.borrow_mut().push(number);
            }
            open.await
        });
    }
    s.spawn_named("both", async {
        let _permits = shared.limiter.acquire_many(2).await?;
        sleep(0.02).await;
        Ok(())
    });
    s.spawn_named("watches", async {
        let value = shared.changed.wait_while(shared.lock.lock().await, |value| *value < 2).await;
        drop(value);
        Ok(())
    });
}

/// The queue's takers, behind an event; whoever took the last closes it.
fn takers<'env>(s: &Scope<'env>, shared: &'env Shared) {
    for _ in 0..2 {
        s.spawn_named("taker", async {
            shared.event.wait().await;
            while let Some(item) = shared.queue.take().await {
                shared.taken.borrow_mut().push(item.number);
                sleep(0.15).await;
                shared.queue.done()?;
                if shared.taken.borrow().len() == 4 {
                    shared.queue.close();
                }
            }
            shared.queue.join().await;
            Ok(())
        });
    }
    for _ in 0..2 {
        s.spawn_named("meets", async {
            let _ = timeout(secs(0.7), shared.barrier.wait()).await;
            Ok(())
        });
    }
}

/// Connections of a pool, a rate limit, attempts, resources of two closures, the world outside.
fn borrowers<'env>(s: &Scope<'env>, shared: &'env Shared) {
    for number in 0..3 {
        s.spawn_named("borrows", async move {
            shared.rate.admit().await;
            shared
                .pool
                .with(async |()| {
                    sleep(0.1 * f64::from(number)).await;
                    Ok(())
                })
                .await
        });
    }
    s.spawn_named("attempts", async {
        let pauses = Backoff { first: secs(0.05), cap: secs(1.0), jitter: true };
        retry(3, Some(pauses), async |attempt| {
            let (opening, closing) = (shared.open.clone(), shared.open.clone());
            let file = resource(
                async move || {
                    sleep(0.01).await;
                    opening.set(opening.get() + 1);
                    Ok(())
                },
                async move |()| {
                    sleep(0.01).await;
                    closing.set(closing.get() - 1);
                    Ok(())
                },
            );
            let used = using(file, async |()| {
                sleep(0.02).await;
                Ok(())
            });
            used.await?;
            if attempt < 3 { Err(Error::msg("busy")) } else { Ok(()) }
        })
        .await
    });
    s.spawn_named("asks", async {
        let simulated = Simulated { after: secs(0.1), status: 200, body: "ok".into() };
        fetch(Request { url: "/".into(), simulated }).await?;
        let job = Job { function: "fib".into(), args: vec![10], simulated: secs(0.05) };
        assert_eq!(offload_job(job).await?, 55);
        Ok(())
    });
}

/// Other paces of rate limits, a queue by rank that is aborted, a task that says when it is ready, values of its own.
fn newer<'env>(s: &Scope<'env>, shared: &'env Shared) {
    static NAME: Local<u32> = Local::new();
    for (number, paced) in (0..).zip(&shared.paced) {
        s.spawn_named("paced", async move {
            for _ in 0..2 {
                paced.admit().await;
                shared.keyed.admit(&(number % 2)).await?;
            }
            Ok(())
        });
    }
    s.spawn_named("ranks", async {
        for number in [3, 1, 2] {
            if shared.ranked.put(number).await.is_err() {
                break;
            }
        }
        Ok(())
    });
    s.spawn_named("aborts", async {
        shared.ranked.take().await;
        sleep(0.05).await;
        let _ = shared.ranked.abort();
        Ok(())
    });
    let here = s.clone();
    s.spawn_named("starts", async move {
        let serving = here.start(async move |started| {
            let _open = shared.opened();
            sleep(0.02).await;
            started.ready(8080);
            sleep(9.0).await;
            Ok(())
        });
        let Ok((_port, server)) = serving.await else { return Ok(()) };
        sleep(0.02).await;
        server.cancel();
        Ok(())
    });
    s.spawn_named(
        "named",
        NAME.scope(7, async {
            sleep(0.01).await;
            scope(async |s| {
                s.spawn(async {
                    turn().await;
                    assert_eq!(NAME.get(), Some(7));
                    Ok(())
                });
                Ok(())
            })
            .await?;
            Ok(())
        }),
    );
    s.spawn_named("reads", reads(shared));
}

/// Intervals, generators, and streams that become tasks.
async fn reads(shared: &Shared) -> Result<()> {
    let mut ticks = interval(secs(0.03));
    for _ in 0..2 {
        ticks.tick().await;
    }
    let numbers = generate(async |mut y| {
        let _open = shared.opened();
        for number in 0..3_u32 {
            sleep(0.01).await;
            y.emit(number).await;
        }
        Ok(())
    });
    collect(async |s| {
        let mut squares = std::pin::pin!(numbers.map_concurrent(&s, 2, async |number| {
            let number = number?;
            sleep(0.02).await;
            Ok(number * number)
        }));
        while let Some(square) = squares.next().await {
            square?;
        }
        let tasks = [2, 1].map(|turns| {
            s.spawn(async move {
                for _ in 0..turns {
                    turn().await;
                }
                Ok(turns)
            })
        });
        let mut ended = as_completed(tasks);
        while let Some(result) = ended.next().await {
            result?;
        }
        Ok(())
    })
    .await?;
    Ok(())
}

/// Scopes in scopes, races, joins, shields, and deadlines that move.
async fn nests(shared: &Shared) -> Result<()> {
    let first = race(async |r| {
        for tenths in [1.0, 3.0] {
            r.spawn(async move {
                let _open = shared.opened();
                {
                    sleep(tenths / 10.0).await;
                    Ok(())
                }
            });
        }
        Ok(())
    });
    first.await?;
    let lucky = race_ok(async |r| {
        r.spawn(async { fail_after(0.01, "refused").await });
        r.spawn(async {
            {
                sleep(0.05).await;
                Ok(())
            }
        });
        Ok(())
    });
    lucky.await?;
    join([0.02, 0.04].map(async |seconds| {
        sleep(seconds).await;
        Ok(())
    }))
    .await?;
    let _ = join_all([fail_after(0.01, "one"), fail_after(0.02, "two")]).await;
    let result = collect(async |c| {
        let _open = shared.opened();
        let fails = c.task(None).quiet().spawn(fail_after(0.05, "expected"));
        let others = vec![
            c.spawn(async {
                {
                    sleep(0.03).await;
                    Ok(())
                }
            }),
            c.spawn(async {
                turn().await;
                Ok(())
            }),
        ];
        gather(others).await?;
        gather_all(vec![fails]).await;
        let (left, right) = futures::join!(timeout(secs(0.12), shared.limiter.acquire()), sleep(0.2));
        drop((left, right));
        let open = shared.open.clone();
        shield(Some(secs(0.5)), async move {
            open.set(open.get() + 1);
            sleep(0.25).await;
            open.set(open.get() - 1);
            Ok(())
        })
        .await
    });
    let _ = result.await;
    Ok(())
}

async fn hurries(shared: &Shared) -> Result<()> {
    let limit = TimeoutHandle::new(secs(0.1));
    let more = limit.clone();
    let moved = limit.run(async {
        more.extend(secs(0.1));
        let _open = shared.opened();
        sleep(9.0).await;
    });
    let _ = moved.await;
    let _ = timeout_at(now() + secs(0.1), sleep(9.0)).await;
    Ok(())
}

async fn everything(shared: Rc<Shared>) -> Result<()> {
    let shared = &*shared;
    let open = shared.open.clone();
    let result = timeout(
        secs(2.5),
        scope(async |s| {
            putters(&s, shared);
            takers(&s, shared);
            borrowers(&s, shared);
            newer(&s, shared);
            s.spawn_named("nests", nests(shared));
            s.spawn_named("hurries", hurries(shared));
            detach("beacon", beacon(open));
            sleep(0.3).await;
            shared.event.set();
            Ok(())
        }),
    )
    .await;
    drop(result);
    Ok(())
}

/// Open until somebody ends it, and then for a little longer.
async fn beacon(open: Rc<Cell<i32>>) -> Result<()> {
    open.set(open.get() + 1);
    let _guard = defer(async move {
        sleep(0.01).await;
        open.set(open.get() - 1);
        Ok(())
    });
    std::future::pending().await
}

/// Holds that nothing was lost, by what is counted and by having all of it again.
fn nothing_is_lost(shared: &Shared, interruption: &Interruption) {
    assert_eq!((shared.limiter.available(), shared.limiter.waiting()), (2, 0), "{interruption}: permits");
    let lock = shared.lock.statistics();
    assert!(!lock.locked && lock.waiting == 0, "{interruption}: the lock");
    assert_eq!(shared.changed.statistics().waiting, 0, "{interruption}: the condition");
    for paced in &shared.paced {
        assert_eq!(paced.statistics().waiting, 0, "{interruption}: a rate limiter");
    }
    let ranked = shared.ranked.statistics();
    assert_eq!((ranked.putting, ranked.taking), (0, 0), "{interruption}: the queue by rank");
    assert_eq!(shared.barrier.waiting(), 0, "{interruption}: the barrier");
    assert_eq!(shared.open.get(), 0, "{interruption}: left open");
    assert_eq!(shared.pool.open() as i32, shared.connections.get(), "{interruption}: connections");
    let (put, taken) = (shared.put.borrow(), shared.taken.borrow());
    for number in put.iter() {
        let there = taken.contains(number) || shared.alive.borrow().contains(number);
        assert!(there, "{interruption}: item {number} is lost");
    }
    let once: BTreeSet<&u32> = taken.iter().collect();
    assert_eq!(once.len(), taken.len(), "{interruption}: an item was taken twice");
    assert_eq!(shared.queue.len(), shared.alive.borrow().len(), "{interruption}: items in the queue");
    drop((put, taken));
    let again = timeout(secs(60.0), all_of_it_again(shared));
    let result = block_on_virtual(async { again.await? });
    assert!(result.is_ok(), "{interruption}: {}", result.unwrap_err());
}

/// Everything can be had once more.
async fn all_of_it_again(shared: &Shared) -> Result<()> {
    let _permits = shared.limiter.acquire_many(2).await?;
    let _lock = shared.lock.lock().await;
    for _ in 0..shared.queue.len() {
        shared.queue.take().await;
    }
    for _ in 0..5 {
        shared.rate.admit().await;
        for paced in &shared.paced {
            paced.admit().await;
        }
        shared.keyed.admit(&0).await?;
    }
    join([(); 2].map(async |()| Ok(shared.barrier.wait().await))).await?;
    // Both places of the pool at once.
    let meet = Barrier::new("meet", 2);
    join([(); 2].map(async |()| shared.pool.with(async |()| Ok(meet.wait().await)).await)).await?;
    shared.pool.drain().await?;
    assert_eq!((shared.pool.open(), shared.connections.get()), (0, 0));
    Ok(())
}

/// Interrupts everything everywhere; the run queue in its own order, or in another.
fn interrupted_everywhere(order: Option<u64>) -> Report {
    interrupt_everywhere(|| {
        let (shared, recorder) = (Rc::new(Shared::new()), Rc::new(Recorder::new(100_000)));
        let (after, recorded) = (shared.clone(), recorder.clone());
        let scenario = Scenario::new(everything(shared)).observed_by(recorder).check(move |interruption| {
            nothing_is_lost(&after, interruption);
            orderly(recorded.take(), Outcome::Ok);
        });
        match order {
            Some(seed) => scenario.shuffled(seed),
            None => scenario,
        }
    })
}

#[test]
fn everything_interrupted_at_every_suspension_loses_nothing() {
    let report = interrupted_everywhere(None);
    println!("every primitive, interrupted everywhere: {report}");
    assert!(report.points > 100, "{report}: not much of a scenario");
    assert_eq!(report.deadlocks, Vec::<String>::new());
}

#[test]
fn everything_in_another_order_interrupted_at_every_suspension_loses_nothing() {
    for seed in 0..sized(4, 1) {
        let report = interrupted_everywhere(Some(u64::from(seed)));
        assert_eq!(report.deadlocks, Vec::<String>::new());
    }
}

#[test]
fn undisturbed_it_does_all_that_it_should() {
    let shared = Rc::new(Shared::new());
    block_on_virtual(everything(shared.clone())).unwrap();
    assert_eq!(shared.taken.borrow().len(), 4);
    assert_eq!((shared.limiter.peak(), shared.pool.peak()), (2, 2));
}
