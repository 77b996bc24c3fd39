//! Portals: calls from real threads, in an order that channels decide, and what becomes of them when the portal ends.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::mpsc;
use std::thread::{self, JoinHandle};

use futures::FutureExt;
use taskscope::runtime::{
    Error, Event, MAX_CALLS, Portal, PortalError, PortalTask, Queue, Result, Run, RunHandle, block_on,
    block_on_native, defer, offload, portal, scope, timeout,
};

use super::interrupt::at_each_suspension;
use super::story::{Story, secs, sleep, turn};
use super::test;

/// A thread that is none of the host's.
#[expect(clippy::disallowed_methods, reason = "portals are for threads that know nothing of the run")]
fn thread<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> JoinHandle<T> {
    thread::spawn(work)
}

/// Work that says when it waits, and waits for ever.
async fn endless(waits: mpsc::Sender<()>) -> Result<()> {
    waits.send(())?;
    std::future::pending().await
}

#[test]
fn a_call_runs_on_the_runs_thread_and_may_use_what_belongs_there() {
    let here = thread::current().id();
    let told = block_on_native(async {
        let told = Rc::new(RefCell::new(Vec::new())); // not `Send`
        portal(told.clone(), async |portal| {
            let caller = thread(move || {
                let call = |name: &'static str| {
                    portal.call(async move |told| {
                        sleep(0.001).await;
                        told.borrow_mut().push(name);
                        Ok(thread::current().id())
                    })
                };
                [call("a"), call("b")]
            });
            let threads = offload(|| caller.join().unwrap()).await?;
            told.borrow_mut().push("body over");
            assert_eq!(threads, [Ok(here), Ok(here)]);
            Ok(())
        })
        .await?;
        Ok(told.take())
    });
    assert_eq!(told.unwrap(), ["a", "b", "body over"]);
}

#[test]
fn calls_from_many_threads_are_tasks_beside_each_other() {
    const THREADS: u32 = 8;
    const CALLS: u32 = 200;
    let sum = block_on_native(async {
        let (all_here, sum) = (Event::new("all here"), Rc::new(Cell::new((0, 0))));
        portal((all_here, sum.clone()), async |portal| {
            let caller = |number: u32| {
                let portal = portal.clone();
                thread(move || {
                    for call in 0..CALLS {
                        let added = portal.call(async move |(all_here, sum)| {
                            let (calls, added) = sum.get();
                            sum.set((calls + 1, added + number));
                            // The first call of each thread waits for those of the others.
                            if call == 0 && calls + 1 < THREADS {
                                all_here.wait().await;
                            }
                            all_here.set();
                            Ok(sum.get().1)
                        });
                        assert!(added.unwrap() >= number);
                    }
                })
            };
            let callers: Vec<_> = (1..=THREADS).map(caller).collect();
            drop(portal);
            Ok(offload(|| callers.into_iter().try_for_each(JoinHandle::join).is_ok()).await?)
        })
        .await?;
        Ok(sum.get())
    });
    assert_eq!(sum.unwrap(), (THREADS * CALLS, CALLS * THREADS * (THREADS + 1) / 2));
}

#[test]
fn errors_and_panics_are_the_callers_and_the_portal_stays_open() {
    let results = block_on_native(async {
        let results = portal((), async |portal| {
            let calls = move || {
                let failed = portal.call(async |()| Ok("7 eggs".parse::<u32>()?));
                let panicked = portal
                    .call(async |()| -> Result<u32> { std::panic::resume_unwind(Box::new("on purpose")) });
                // What a scope inside came to, and what a cleanup came to.
                let many = portal.call(async |()| -> Result<()> {
                    let group = scope(async |s| {
                        s.spawn_named("a", async { Err::<(), _>(Error::msg("inside")) });
                        Ok(())
                    });
                    Ok(group.await?)
                });
                let late = portal.call(async |()| {
                    let _guard = defer(async { Err(Error::msg("could not close")) });
                    Ok(())
                });
                (failed, panicked, many, late, portal.call(async |()| Ok(7)))
            };
            Ok(offload(calls).await?)
        });
        Ok(results.await?)
    });
    let (failed, panicked, many, late, after) = results.unwrap();
    assert_eq!(failed.unwrap_err().to_string(), "invalid digit found in string");
    assert_eq!(panicked.unwrap_err().to_string(), "panicked: on purpose");
    let many = many.unwrap_err().to_string();
    assert!(many.starts_with("inside, in main/portal/call#3/scope/a at "), "{many}");
    assert_eq!(late.unwrap_err().to_string(), "could not close");
    assert_eq!(after, Ok(7));
}

#[test]
fn the_runs_own_thread_is_refused_and_nothing_begins() {
    let story = Story::new();
    story.run(async {
        portal(story.clone(), async |portal| {
            story.tell(portal.call(never).unwrap_err());
            let mut begun = portal.spawn(async |story| {
                sleep(1.0).await;
                story.tell("spawned");
                Ok(())
            });
            story.tell(begun.unwrap().wait().unwrap_err());
            sleep(2.0).await;
            begun = portal.spawn(async |_| Ok(()));
            turn().await;
            turn().await;
            story.tell(format!("{:?}", begun.unwrap().wait())); // its value is there
            Ok(())
        })
        .await?;
        Ok(())
    });
    let refused =
        "0 the run's own thread would wait for itself: await the work in a task, or await what `spawn` gives";
    story.is(&[refused, refused, "1 spawned", "2 Ok(())", "2 run = ()"]);
}

async fn never(story: &Story) -> Result<()> {
    story.tell("never");
    Ok(())
}

#[test]
fn the_body_ends_then_calls_that_came_are_served_and_later_ones_refused() {
    let story = Story::new();
    let kept = RefCell::new(None);
    story.run(async {
        let guest = story.guard("the scope has ended");
        let body = portal(story.clone(), async |portal| {
            kept.replace(Some(portal.clone()));
            for (name, seconds) in [("first", 2.0), ("second", 1.0)] {
                let work = async move |story: &Story| {
                    let told = story.clone();
                    let _guard = defer(async move {
                        sleep(0.5).await;
                        told.tell(format!("{name} cleaned up"));
                        Ok(())
                    });
                    sleep(seconds).await;
                    story.tell(name);
                    Ok(())
                };
                drop(portal.spawn(work));
            }
            story.tell("body over");
            Ok(())
        });
        body.await?;
        drop(guest);
        let portal = kept.take().unwrap();
        story.tell(format!("closed: {}", portal.is_closed()));
        let late = thread(move || portal.call(never));
        Ok(late.join().unwrap())
    });
    story.is(&[
        "0 body over",
        "1 second",
        "1.5 second cleaned up",
        "2 first",
        "2.5 first cleaned up",
        "2.5 the scope has ended",
        "2.5 closed: true",
        "2.5 run = Err(Closed)",
    ]);
}

/// Three callers: of a call that waits, of one that will not begin, of one after the end.
fn cut_short(end: impl AsyncFnOnce(&RunHandle) -> Result<()>) -> [std::result::Result<(), PortalError>; 3] {
    let (send, callers) = mpsc::channel();
    let (waits, wait) = mpsc::channel();
    let run = block_on_native(async {
        portal((), async |portal: Portal| {
            let (own, early) = (portal.clone(), waits.clone());
            send.send(thread(move || own.call(async move |()| endless(early).await)))?;
            offload(move || wait.recv()).await??;
            // Nobody serves this one before the end: it is there, and this turn goes on.
            let second = portal.spawn(async |()| Ok(())).map(|task| thread(move || task.wait()))?;
            send.send(second)?;
            let ended = end(&RunHandle::current()).await;
            send.send(thread(move || {
                // Closed as soon as the run has let go of the body.
                while !portal.is_closed() {
                    thread::yield_now();
                }
                portal.call(async |()| Ok(()))
            }))?;
            ended
        })
        .await?;
        Ok(())
    });
    drop((run, send));
    let results: Vec<_> = callers.iter().map(|caller| caller.join().unwrap()).collect();
    results.try_into().unwrap()
}

#[test]
fn nobody_hangs_when_the_portal_fails_is_cancelled_or_goes_with_its_run() {
    let closed = || Err(PortalError::Closed);
    let failed = cut_short(async |_| Err(Error::msg("the body fails")));
    assert_eq!(failed, [closed(), closed(), closed()]);
    let stopped = cut_short(async |run| {
        run.stop();
        Ok(())
    });
    assert_eq!(stopped, [closed(), closed(), closed()]);
    let cancelled = cut_short(async |run| {
        run.cancel();
        Ok(())
    });
    assert_eq!(cancelled, [closed(), closed(), closed()]);
}

#[test]
fn a_timeout_around_the_portal_waits_for_cleanups_and_its_callers_do_not() {
    let story = Story::new();
    story.run(async {
        let (send, caller) = mpsc::channel();
        let over = timeout(secs(1.0), async {
            portal(story.clone(), async |portal| {
                let work = async |story: &Story| {
                    let told = story.clone();
                    let _guard = defer(async move {
                        sleep(3.0).await;
                        told.tell("the call cleaned up");
                        Ok(())
                    });
                    std::future::pending::<Result<()>>().await
                };
                let task = portal.spawn(work)?;
                send.send(thread(move || task.wait()))?;
                std::future::pending::<Result<()>>().await
            })
            .await
        });
        story.tell(over.await.unwrap_err());
        Ok(caller.recv()?.join().unwrap())
    });
    story.is(&["4 the call cleaned up", "4 timed out after 1s", "4 run = Err(Closed)"]);
}

#[test]
fn a_caller_cancels_its_call_and_no_other() {
    let story = Story::new();
    story.run(async {
        portal(story.clone(), async |portal| {
            let mut calls = ["a", "b"].map(|name| {
                let work = async move |story: &Story| {
                    let told = story.clone();
                    let _guard = defer(async move {
                        sleep(0.5).await;
                        told.tell(format!("{name} cleaned up"));
                        Ok(())
                    });
                    sleep(2.0).await;
                    Ok(name)
                };
                portal.spawn(work).unwrap()
            });
            sleep(1.0).await;
            calls[0].cancel();
            calls[0].cancel();
            for mut call in calls {
                let result = (&mut call).await;
                story.tell(format!("{result:?}"));
                call.cancel(); // it has ended
            }
            Ok(())
        })
        .await?;
        Ok(())
    });
    let cancelled = "1.5 Err(Cancelled)";
    story.is(&["1.5 a cleaned up", cancelled, "2.5 b cleaned up", "2.5 Ok(\"b\")", "2.5 run = ()"]);
}

#[test]
fn an_error_that_nobody_hears_of_is_a_lint() {
    let lints = Rc::new(RefCell::new(Vec::new()));
    let told = lints.clone();
    let run = Story::new().prepare(async {
        portal((), async |portal| {
            drop(portal.spawn(async |()| Err::<(), _>(Error::msg("nobody looks"))));
            let heard = portal.spawn(async |()| Err::<(), _>(Error::msg("somebody looks")))?;
            assert!(heard.await.is_err());
            Ok(())
        })
        .await?;
        Ok(())
    });
    block_on(run.on_lint(move |lint| told.borrow_mut().push(lint.to_string()))).unwrap();
    assert_eq!(*lints.borrow(), ["main/portal/call failed, and nobody looked: nobody looks"]);
}

#[test]
fn as_long_as_somebody_may_call_the_run_is_not_stuck() {
    let story = Story::new();
    let run = |keep: bool| {
        let run = story.prepare(async move {
            let mut kept = None;
            portal((), async |portal| {
                kept = keep.then_some(portal);
                std::future::pending::<Result<()>>().await
            })
            .await?;
            drop(kept);
            Ok(())
        });
        let handle = run.handle();
        (Box::pin(run), handle)
    };
    let (mut open, handle) = run(true);
    assert!(open.as_mut().now_or_never().is_none(), "a call may come");
    let told: Vec<String> = handle.explain().iter().map(ToString::to_string).collect();
    assert_eq!(told[1], "main/portal/calls waits for calls");
    let (mut closed, _) = run(false);
    let stuck = closed.as_mut().now_or_never().unwrap().unwrap_err().to_string();
    assert_eq!(stuck, "deadlock: main waits for something outside the run");
}

#[test]
fn a_portal_is_full_and_takes_calls_again_when_some_have_ended() {
    let story = Story::new();
    story.run(async {
        let go_on = Event::new("go on");
        portal(go_on.clone(), async |portal| {
            let waits = || {
                portal.spawn(async |go_on| {
                    go_on.wait().await;
                    Ok(())
                })
            };
            let mut all: Vec<_> = (0..MAX_CALLS).map(|_| waits().unwrap()).collect();
            story.tell(waits().unwrap_err());
            sleep(1.0).await;
            story.tell(waits().unwrap_err()); // begun, and still under way
            go_on.set();
            all.pop().unwrap().await?;
            turn().await;
            Ok(waits()?.await?)
        })
        .await?;
        Ok(())
    });
    let full = "the portal is full: 10000 calls are under way";
    story.is(&[&format!("0 {full}"), &format!("1 {full}"), "1 run = ()"]);
}

#[test]
fn a_thread_may_wait_inside_a_run_of_its_own() {
    let sum = block_on_native(async {
        let sum = portal(20, async |portal| {
            let there = move || {
                block_on_native(async {
                    let blocked = portal.call(async |context| Ok(*context)).unwrap();
                    Ok(blocked + portal.spawn(async |context| Ok(context + 2)).unwrap().await?)
                })
            };
            Ok(offload(move || there().unwrap()).await?)
        });
        Ok(sum.await?)
    });
    assert_eq!(sum.unwrap(), 42);
}

#[test]
fn a_portal_outlives_the_run_and_says_so() {
    let (send, receive) = mpsc::channel();
    let mut run = Box::pin(Run::new(Story::new().host, async move {
        portal((), async |portal| {
            send.send(portal)?;
            std::future::pending::<Result<()>>().await
        })
        .await?;
        Ok(())
    }));
    assert!(run.as_mut().now_or_never().is_none());
    let portal = receive.recv().unwrap();
    let pending = portal.spawn(async |()| Ok(()));
    drop(run);
    assert_eq!(pending.unwrap().wait(), Err(PortalError::Closed));
    assert_eq!(thread(move || portal.call(async |()| Ok(()))).join().unwrap(), Err(PortalError::Closed));
}

#[test]
fn backpressure_reaches_the_thread() {
    let taken = block_on_native(async {
        let items = Queue::bounded("items", 1);
        let taken = scope(async |s| {
            s.spawn(async {
                portal(items.clone(), async |portal| {
                    let put = move || {
                        (0..20_u32).try_for_each(|n| portal.call(async move |q| Ok(q.put(n).await?)))
                    };
                    offload(put).await??;
                    items.close();
                    Ok(())
                })
                .await?;
                Ok(())
            });
            let mut taken = Vec::new();
            while let Some(item) = items.take().await {
                taken.push(item);
            }
            assert!(items.statistics().peak <= 1);
            Ok(taken)
        })
        .await?;
        Ok(taken)
    });
    assert_eq!(taken.unwrap(), (0..20).collect::<Vec<_>>());
}

/// What callers hold, at the end of a scenario.
#[derive(Default)]
struct Callers(RefCell<Vec<PortalTask<u32>>>);

#[test]
fn wherever_it_is_interrupted_every_caller_has_an_answer() {
    let report = at_each_suspension(
        |callers: Rc<Callers>| async move {
            portal(7, async |portal: Portal<u32>| {
                let keep = |task| callers.0.borrow_mut().push(task);
                for seconds in [0.0, 0.5, 2.0] {
                    let work = async move |context: &u32| {
                        let _guard = defer(async {
                            sleep(0.1).await;
                            Ok(())
                        });
                        sleep(seconds).await;
                        Ok(*context)
                    };
                    keep(portal.spawn(work)?);
                }
                let mut cancelled = portal.spawn(async |_| std::future::pending().await)?;
                keep(portal.spawn(async |_| Err(Error::msg("on purpose")))?);
                sleep(0.2).await;
                cancelled.cancel();
                keep(cancelled);
                Ok(portal.spawn(async |context| Ok(*context)).map(keep)?)
            })
            .await?;
            Ok(())
        },
        |_, callers| {
            let answered = |task: &mut PortalTask<u32>| task.now_or_never().is_some();
            assert!(callers.0.borrow_mut().iter_mut().all(answered), "a caller waits for ever");
        },
    );
    assert!(report.deadlocks.is_empty() && report.points >= 12, "{report} {:#?}", report.deadlocks);
}
