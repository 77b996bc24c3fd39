//! Many of everything, and the same twice.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::task::{Context, Poll};
use std::time::Duration;

use futures::future::LocalBoxFuture;
use taskscope::event::Outcome;
use taskscope::host::sim::SimHost;
use taskscope::host::{Answer, FetchError, Host, Job, Request, Response, WorkerError};
use taskscope::runtime::{
    Limiter, Result, Run, RunHandle, TimeoutHandle, block_on, defer, now, scope, timeout,
};
use taskscope::time::Time;
use taskscope::trace::Recorder;

use super::story::{Story, fail_after, orderly, secs, sized, sleep, turn};
use super::test;

#[test]
fn ten_thousand_tasks_under_a_limiter_of_ten() {
    let story = Story::new();
    story.run(async {
        let limiter = Limiter::new(10);
        let (ran, inside, most) = (Cell::new(0), Cell::new(0), Cell::new(0));
        scope(async |s| {
            for _ in 0..10_000 {
                s.spawn(async {
                    let _permit = limiter.acquire().await;
                    inside.set(inside.get() + 1);
                    most.set(most.get().max(inside.get()));
                    sleep(0.01).await;
                    inside.set(inside.get() - 1);
                    ran.set(ran.get() + 1);
                    Ok(())
                });
            }
            Ok(())
        })
        .await?;
        story.tell(format!("{} ran, {} at most, peak {}", ran.get(), most.get(), limiter.peak()));
        Ok(limiter.available())
    });
    story.is(&[
        "10 10000 ran, 10 at most, peak 10", // ten at a time, a hundredth of a second each
        "10 run = 10",
    ]);
}

/// Scopes in scopes, each in a child of the one around it; `innermost` runs at the bottom.
fn nested(
    depth: u32,
    live: Rc<Cell<u32>>,
    innermost: LocalBoxFuture<'static, Result<()>>,
) -> LocalBoxFuture<'static, Result<()>> {
    struct Live(Rc<Cell<u32>>);
    impl Drop for Live {
        fn drop(&mut self) {
            self.0.set(self.0.get() - 1);
        }
    }
    Box::pin(async move {
        live.set(live.get() + 1);
        let _live = Live(live.clone());
        scope(async |s| {
            let inside = if depth == 1 { innermost } else { nested(depth - 1, live, innermost) };
            s.spawn_owned(inside);
            Ok(())
        })
        .await?;
        Ok(())
    })
}

#[test]
fn ten_thousand_nested_scopes_and_the_outermost_is_cancelled() {
    let story = Story::new();
    let handle: Rc<RefCell<Option<RunHandle>>> = Rc::default();
    let known = handle.clone();
    let live = Rc::new(Cell::new(0));
    let run = story.prepare(async {
        scope(async |s| {
            let outermost = s.spawn_owned(nested(10_000, live.clone(), Box::pin(std::future::pending())));
            sleep(1.0).await;
            story.tell(format!("{} scopes", live.get()));
            outermost.cancel();
            story.tell(format!("{} left", live.get()));
            Ok(())
        })
        .await?;
        let live = known.borrow().as_ref().map_or(0, RunHandle::live_tasks);
        story.tell(format!("{live} task"));
        Ok(())
    });
    handle.replace(Some(run.handle()));
    block_on(run).unwrap();
    orderly(story.recorder.take(), Outcome::Ok);
    story.is(&["1 10000 scopes", "1 0 left", "1 1 task"]); // on a flat stack, at one instant
}

#[test]
fn ten_thousand_nested_scopes_and_the_innermost_fails() {
    let story = Story::new();
    let live = Rc::new(Cell::new(0));
    let run = story.prepare(async {
        let failing = nested(10_000, live.clone(), Box::pin(fail_after(1.0, "deep")));
        let error = scope(async |s| {
            s.spawn_owned(failing);
            Ok(())
        })
        .await
        .unwrap_err();
        story.tell(format!("{} left, {}", live.get(), error.only()));
        Ok(())
    });
    block_on(run).unwrap();
    story.is(&["1 0 left, deep"]); // a tree of ten thousand groups is made, read and dropped
}

#[test]
fn thousands_of_moved_deadlines_and_one_fires() {
    let story = Story::new();
    story.run(async {
        let limit = TimeoutHandle::new(secs(1.0));
        let inside = limit.clone();
        let result = limit
            .run(async move {
                for _ in 0..5_000 {
                    inside.extend(secs(1.0));
                    turn().await;
                }
                sleep(99_999.0).await;
            })
            .await;
        story.tell(result.unwrap_err());
        std::future::pending::<()>().await;
        Ok(())
    });
    story.is(&[
        "5001 timed out after 5001s",
        "5001 run: deadlock: main waits for something outside the run", // none of the others is left
    ]);
}

/// A world of virtual time that counts what is asked of it.
struct Counting {
    world: SimHost,
    asked: Cell<u64>,
}

impl Counting {
    fn count(&self) -> &SimHost {
        self.asked.set(self.asked.get() + 1);
        &self.world
    }
}

impl Host for Counting {
    fn now(&self) -> Time {
        self.count().now()
    }

    fn poll_alarm(&self, at: Option<Time>, cx: &mut Context<'_>) -> Poll<()> {
        self.count().poll_alarm(at, cx)
    }

    fn must_yield(&self, turns: u32) -> bool {
        self.count().must_yield(turns)
    }

    fn yield_thread(&self, cx: &mut Context<'_>) {
        self.count().yield_thread(cx);
    }

    fn work(&self, length: Duration) {
        self.count().work(length);
    }

    fn fetch(&self, request: Request) -> Answer<std::result::Result<Response, FetchError>> {
        self.count().fetch(request)
    }

    fn offload(&self, job: Job) -> Answer<std::result::Result<i64, WorkerError>> {
        self.count().offload(job)
    }

    fn random(&self) -> u64 {
        self.count().random()
    }
}

/// Drops a scope with so many sleepers, half of which own what they use; says how many turns and readings of the clock
/// that takes, and how many events it is.
fn dropped_sleepers(sleepers: u32) -> (u64, usize) {
    let host = Rc::new(Counting { world: SimHost::new(0), asked: Cell::new(0) });
    let recorder = Rc::new(Recorder::new(10_000_000));
    let main = async {
        let asleep = scope(async |s| {
            for number in 0..sleepers {
                let length = Duration::from_millis(2_000 + u64::from(number));
                let sleeper = async move {
                    taskscope::runtime::sleep(length).await;
                    Ok(())
                };
                drop(if number % 2 == 0 { s.spawn(sleeper) } else { s.spawn_owned(sleeper) });
            }
            Ok(())
        });
        assert!(timeout(secs(1.0), asleep).await.is_err());
        let live = RunHandle::current().live_tasks();
        assert_eq!((live, now()), (1, Time::from_us(1_000_000)), "at one instant, and nobody is left");
        Ok(())
    };
    block_on(Run::with_observer(host.clone(), Some(recorder.clone()), main)).unwrap();
    (host.asked.get(), recorder.len())
}

#[test]
fn to_drop_a_scope_with_twice_as_many_sleepers_takes_twice_as_much() {
    let many = sized(100_000, 20_000);
    let (asked, events) = dropped_sleepers(many / 2);
    let (asked_twice, events_twice) = dropped_sleepers(many);
    assert!(asked >= u64::from(many) && events >= many as usize, "each had a turn, and is in the trace");
    assert!(asked_twice * 10 <= asked * 21, "{asked} for half as many, {asked_twice} for all");
    assert!(events_twice * 10 <= events * 21, "{events} for half as many, {events_twice} for all");
}

/// A run with something of everything, and its trace as text.
fn trace_of_everything() -> String {
    let story = Story::new();
    let run = story.prepare(async {
        let limiter = Limiter::new(2);
        let result = timeout(
            secs(3.0),
            scope(async |s| {
                for number in 0..5_u32 {
                    let limiter = &limiter;
                    s.spawn_named("worker", async move {
                        let _permit = limiter.acquire().await;
                        let _guard = defer(async move {
                            sleep(0.125).await;
                            Ok(())
                        });
                        sleep(0.5 * f64::from(number)).await;
                        Ok(number)
                    });
                }
                s.spawn(fail_after(2.0, "boom"));
                Ok(())
            }),
        )
        .await;
        story.tell(format!("{result:?}"));
        Ok(())
    });
    block_on(run).unwrap();
    format!("{:#?}\n{:?}", story.recorder.take(), story.lines())
}

#[test]
fn two_runs_give_the_same_trace_byte_for_byte() {
    let first = trace_of_everything();
    assert!(first.lines().count() > 300, "there is something to compare");
    assert_eq!(first, trace_of_everything());
}
