//! A scenario with every primitive, interrupted at each of its suspensions: nothing is ever lost.

use std::cell::{Cell, RefCell};
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use taskscope::event::Outcome;
use taskscope::runtime::{
    Barrier, Event, Leaf, Limiter, Lock, LockStatistics, Queue, Result, RunError, RunHandle, Scope, Task,
    block_on, collect, defer, scope, shield, timeout,
};

use super::story::{Story, fail_after, instant, orderly, secs, sleep};
use super::test;

/// Counts the suspensions of all tasks of the scenario, and interrupts at one of them.
#[derive(Clone, Default)]
struct Points {
    seen: Rc<Cell<usize>>,
    /// At which to interrupt; 0 for none.
    at: usize,
    /// Whom: the whole scenario, or the task that suspends there.
    whole: bool,
    scenario: Rc<RefCell<Option<Task<()>>>>,
}

/// A task's body that counts.
struct Probed<F> {
    body: Pin<Box<F>>,
    points: Points,
    me: Rc<RefCell<Option<Task<()>>>>,
}

impl<F: Future> Future for Probed<F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        let poll = self.body.as_mut().poll(cx);
        if poll.is_pending() {
            let points = &self.points;
            points.seen.set(points.seen.get() + 1);
            if points.seen.get() == points.at {
                let whom = if points.whole { &points.scenario } else { &self.me };
                let whom = whom.borrow().clone();
                whom.map(|task| task.cancel());
            }
        }
        poll
    }
}

impl Points {
    fn spawn<'env>(
        &self,
        s: &Scope<'env>,
        name: &str,
        body: impl Future<Output = Result<()>> + 'env,
    ) -> Task<()> {
        let me: Rc<RefCell<Option<Task<()>>>> = Rc::default();
        let probed = Probed { body: Box::pin(body), points: self.clone(), me: me.clone() };
        let task = s.spawn_named(name, probed);
        me.replace(Some(task.clone()));
        task
    }
}

/// What the tasks share, and what they did with it.
struct Shared {
    limiter: Limiter,
    lock: Lock<()>,
    queue: Queue<u32>,
    event: Event,
    barrier: Barrier,
    put: Cell<usize>,
    taken: Cell<usize>,
    opened: Rc<Cell<i32>>,
}

impl Shared {
    fn new() -> Shared {
        Shared {
            limiter: Limiter::new(2),
            lock: Lock::named("lock", ()),
            queue: Queue::bounded("queue", 2),
            event: Event::new("event"),
            barrier: Barrier::new("barrier", 2),
            put: Cell::new(0),
            taken: Cell::new(0),
            opened: Rc::default(),
        }
    }

    /// Something that is opened, and closed by a cleanup that takes time.
    fn open(&self) -> taskscope::runtime::Deferred {
        let opened = self.opened.clone();
        opened.set(opened.get() + 1);
        defer(async move {
            sleep(0.03).await;
            opened.set(opened.get() - 1);
            Ok(())
        })
    }
}

async fn traffic<'env>(s: &Scope<'env>, points: &Points, shared: &'env Shared) {
    for number in 0..4_u32 {
        points.spawn(s, "worker", async move {
            let _permit = shared.limiter.acquire().await;
            let open = shared.open();
            sleep(0.1 * f64::from(number)).await;
            {
                let _lock = shared.lock.lock().await;
                sleep(0.05).await;
            }
            if shared.queue.put(number).await.is_ok() {
                shared.put.set(shared.put.get() + 1);
            }
            open.await
        });
    }
    points.spawn(s, "taker", async {
        shared.event.wait().await;
        while let Some(_item) = shared.queue.take().await {
            shared.taken.set(shared.taken.get() + 1);
            sleep(0.2).await;
            if shared.taken.get() == 4 {
                shared.queue.close();
            }
        }
        Ok(())
    });
    for _ in 0..2 {
        points.spawn(s, "meets", async {
            let _ = timeout(secs(0.7), shared.barrier.wait()).await;
            Ok(())
        });
    }
}

async fn scenario(points: Points, shared: &Shared) -> Result<()> {
    let result = timeout(
        secs(1.5),
        scope(async |s| {
            traffic(&s, &points, shared).await;
            let inner = points.clone();
            points.spawn(&s, "nests", async move {
                let result = collect(async |c| {
                    let _open = shared.open();
                    inner.spawn(&c, "fails", fail_after(0.15, "expected"));
                    inner.spawn(&c, "joins", async {
                        let (left, right) =
                            futures::join!(timeout(secs(0.12), shared.limiter.acquire()), async {
                                sleep(0.2).await;
                                7
                            },);
                        drop(left);
                        assert_eq!(right, 7);
                        Ok(())
                    });
                    let opened = shared.opened.clone();
                    shield(Some(secs(0.5)), async move {
                        opened.set(opened.get() + 1);
                        sleep(0.25).await;
                        opened.set(opened.get() - 1);
                        Ok(())
                    })
                    .await
                })
                .await;
                drop(result);
                Ok(())
            });
            sleep(0.3).await;
            shared.event.set();
            points.spawn(&s, "last", async {
                sleep(9.0).await;
                Ok(())
            });
            Ok(())
        }),
    )
    .await;
    drop(result);
    Ok(())
}

/// Runs the scenario with an interruption, checks that nothing is lost; says how many suspensions there were.
fn interrupted(at: usize, whole: bool) -> usize {
    let story = Story::new();
    let points = Points { at, whole, ..Points::default() };
    let seen = points.seen.clone();
    let shared = Rc::new(Shared::new());
    let kept = shared.clone();
    let told = story.clone();
    let handle: Rc<RefCell<Option<RunHandle>>> = Rc::default();
    let known = handle.clone();
    let main = async {
        let result = scope(async |s| {
            let here = points.clone();
            let victim = points.spawn(&s, "scenario", scenario(here, &kept));
            points.scenario.replace(Some(victim));
            Ok(())
        })
        .await;
        // The error that was raised before the interruption leaves all the same; nothing else does.
        let errors = result.err().map_or(Vec::new(), |group| group.leaves().map(Leaf::message).collect());
        assert!(errors.iter().all(|error| error == "expected"), "{errors:?}");
        let live = known.borrow().as_ref().map_or(0, RunHandle::live_tasks);
        told.tell(format!("{live} live"));
        // Only a timer that was left behind could move the clock on from here.
        std::future::pending::<()>().await;
        Ok(())
    };
    let prepared = story.prepare(main);
    handle.replace(Some(prepared.handle()));
    let result = block_on(prepared);
    let over = format!("{} 1 live", instant(story.recorder.since(0).last().unwrap().at));
    let name = format!("interrupted at {at}, whole: {whole}");
    assert!(matches!(result, Err(RunError::Stuck(_))), "{name}: {result:?}");
    assert_eq!(story.lines(), [over], "{name}: a timer was left, or a task beside the root");
    assert_eq!((shared.limiter.available(), shared.limiter.waiting()), (2, 0), "{name}: permits");
    assert_eq!(shared.lock.statistics(), LockStatistics { locked: false, waiting: 0 }, "{name}: the lock");
    assert_eq!(shared.barrier.waiting(), 0, "{name}: the barrier");
    let items = shared.put.get() as i64 - shared.taken.get() as i64;
    // Who is interrupted between the hand-over and its turn has put the item, and not counted it;
    // or leaves it in the queue, and has not counted it either.
    let left = shared.queue.len() as i64;
    assert!((left - 1..=left + 1).contains(&items), "{name}: {items} items, {left} in the queue");
    assert_eq!(shared.opened.get(), 0, "{name}: left open");
    orderly(story.recorder.take(), Outcome::Deadlock);
    seen.get()
}

#[test]
fn a_scenario_interrupted_at_every_suspension_loses_nothing() {
    let points = interrupted(0, true);
    assert!(points > 50, "{points} suspensions are not much of a scenario");
    for at in 1..=points {
        interrupted(at, true);
        interrupted(at, false);
    }
    println!("{points} points, each interrupted twice: the whole scenario, and the one task");
}
