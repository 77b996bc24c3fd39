//! The start handshake: who waits, and to whom an error belongs before and after.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use taskscope::runtime::{Error, NeverReady, Scope, Task, TaskError, collect, defer, scope, timeout};

use super::interrupt::at_each_suspension;
use super::story::{Story, secs, sleep, tree, turn};
use super::test;

#[test]
fn the_caller_goes_on_when_the_child_is_ready_and_the_child_runs_on() {
    let story = Story::new();
    story.run(async {
        let port = scope(async |s| {
            let (port, server) = s
                .start_named("server", async |started| {
                    sleep(1.0).await;
                    started.ready(80);
                    story.tell("ready");
                    sleep(1.0).await;
                    story.tell("served");
                    Ok("bye")
                })
                .await?;
            story.tell(server.path());
            story.tell(server.await?);
            Ok(port)
        })
        .await?;
        Ok(port)
    });
    story.is(&["1 ready", "1 main/scope/server", "2 served", "2 bye", "2 run = 80"]);
}

#[test]
fn an_error_before_belongs_to_the_caller() {
    let story = Story::new();
    story.run(async {
        scope(async |s| {
            let failed = s
                .start(async |started| {
                    let _guard = defer(async {
                        sleep(1.0).await;
                        Ok(())
                    });
                    sleep(1.0).await;
                    if now_is(1) {
                        return Err(Error::msg("port in use"));
                    }
                    started.ready(());
                    Ok(())
                })
                .await;
            story.tell(failed.err().unwrap());
            sleep(1.0).await;
            story.tell("the scope goes on");
            Ok(())
        })
        .await?;
        Ok(())
    });
    story.is(&["2 port in use", "3 the scope goes on", "3 run = ()"]); // when it has cleaned up
}

fn now_is(seconds: u64) -> bool {
    taskscope::runtime::now().as_us() == seconds * 1_000_000
}

#[test]
fn an_error_after_belongs_to_the_scope() {
    let story = Story::new();
    story.run(async {
        let result = scope(async |s| {
            s.start(async |started| {
                started.ready(());
                sleep(1.0).await;
                Err::<(), _>(Error::msg("lost the socket"))
            })
            .await?;
            sleep(9.0).await;
            story.tell("never");
            Ok(())
        })
        .await;
        story.left("scope", &result);
        // And if it fails in the very turn in which it was ready.
        let result = scope(async |s| {
            let started = s.start(async |started| {
                started.ready(7);
                Err::<(), _>(Error::msg("at once"))
            });
            let (value, _) = started.await?;
            story.tell(value);
            sleep(9.0).await;
            Ok(())
        })
        .await;
        story.left("scope", &result);
        Ok(())
    });
    story.is(&[
        "1 scope: {cause lost the socket}",
        "1 7", // the caller is ahead of the scope in the run queue
        "1 scope: {cause at once}",
        "1 run = ()",
    ]);
}

#[test]
fn a_child_that_ends_without_a_word_or_is_cancelled() {
    let story = Story::new();
    story.run(async {
        scope(async |s| {
            let silent = s.start(async |started| {
                drop::<taskscope::runtime::Started<()>>(started);
                sleep(1.0).await;
                Ok(())
            });
            let error = silent.await.err().unwrap();
            story.tell(error.downcast_ref::<NeverReady>().unwrap());
            let inner = scope(async |inner: Scope<'_>| {
                let starter = inner.clone();
                let other = inner.spawn(async move {
                    let started = starter.start(async |started| {
                        sleep(9.0).await;
                        started.ready(());
                        Ok(())
                    });
                    started.await.map(drop)
                });
                sleep(1.0).await;
                inner.cancel();
                turn().await;
                drop(other);
                Ok(())
            })
            .await;
            story.left("cancelled", &inner);
            Ok(())
        })
        .await?;
        Ok(())
    });
    story.is(&[
        "1 task main/scope/task ended without being ready",
        "2 cancelled: {} cancelled",
        "2 run = ()",
    ]);
}

#[test]
fn a_child_of_a_scope_that_is_being_cancelled_is_never_ready() {
    let story = Story::new();
    story.run(async {
        let told = story.clone();
        let result = scope(async |s: Scope<'_>| {
            let last = s.clone();
            s.spawn(async move {
                let _guard = defer(async move {
                    let started = last.start(async |started| {
                        started.ready(());
                        Ok(())
                    });
                    let error = started.await.err().unwrap();
                    told.tell(matches!(error.downcast_ref(), Some(TaskError::Cancelled { .. })));
                    Ok(())
                });
                sleep(9.0).await;
                Ok(())
            });
            sleep(1.0).await;
            Err::<(), _>(Error::msg("body"))
        })
        .await;
        story.left("scope", &result);
        Ok(())
    });
    story.is(&["1 true", "1 scope: {body body}", "1 run = ()"]);
}

#[test]
fn a_caller_that_gives_up_cancels_the_child_and_the_scope_waits_for_it() {
    let story = Story::new();
    story.run(async {
        let result = scope(async |s| {
            let slow = s.start(async |started| {
                let told = story.clone();
                let _guard = defer(async move {
                    sleep(2.0).await;
                    told.tell("child clean");
                    Err(Error::msg("cannot close"))
                });
                sleep(9.0).await;
                started.ready(());
                Ok(())
            });
            story.tell(timeout(secs(1.0), slow).await.err().unwrap());
            Ok(())
        })
        .await;
        story.left("scope", &result);
        Ok(())
    });
    story.is(&[
        "1 timed out after 1s", // the child is not the caller's any more
        "3 child clean",
        "3 scope: {during cannot close}", // and what its cleanup said is not lost
        "3 run = ()",
    ]);
}

#[test]
fn ready_and_a_deadline_at_one_instant() {
    let story = Story::new();
    story.run(async {
        scope(async |s| {
            let started = s.start(async |started| {
                let _guard = story.guard("child over");
                sleep(1.0).await;
                started.ready(());
                story.tell("never");
                Ok(())
            });
            story.tell(timeout(secs(1.0), started).await.err().unwrap());
            Ok(())
        })
        .await?;
        Ok(())
    });
    story.is(&[
        "1 timed out after 1s", // the deadline comes first at its instant
        "1 child over",         // cancelled with its caller, and dropped by its scope
        "1 run = ()",
    ]);
}

#[test]
fn cancelled_between_ready_and_its_turn_the_child_stays() {
    let story = Story::new();
    story.run(async {
        let caller: RefCell<Option<Task<()>>> = RefCell::new(None);
        scope(async |s: Scope<'_>| {
            let (starter, story, known) = (s.clone(), &story, &caller);
            let task = s.spawn(async move {
                let started = starter.start(async move |started| {
                    sleep(1.0).await;
                    started.ready(story.guard("the value is dropped"));
                    story.tell(known.take().unwrap().cancel());
                    sleep(1.0).await;
                    story.tell("served");
                    Ok(())
                });
                started.await.map(drop)
            });
            caller.replace(Some(task));
            Ok(())
        })
        .await?;
        Ok(())
    });
    story.is(&[
        "1 true",
        "1 the value is dropped", // nobody was left to take it
        "2 served",               // what was ready belongs to the scope
        "2 run = ()",
    ]);
}

#[test]
fn in_a_collecting_scope_too() {
    let story = Story::new();
    story.run(async {
        let result = collect(async |s| {
            let before = s.start(async |started| match now_is(0) {
                true => Err(Error::msg("before")),
                false => {
                    started.ready(());
                    Ok(())
                }
            });
            story.tell(tree(&before.await.err().unwrap()));
            s.start(async |started| {
                started.ready(());
                Err::<(), _>(Error::msg("after"))
            })
            .await?;
            Ok(())
        })
        .await;
        story.left("collect", &result);
        Ok(())
    });
    story.is(&["0 before", "0 collect: {cause after}", "0 run = ()"]);
}

#[test]
fn cancelled_at_each_suspension_nothing_is_left() {
    let report = at_each_suspension(
        |open: Rc<Cell<i32>>| async move {
            scope(async |s| {
                let opened = open.clone();
                let (number, server) = s
                    .start(async move |started| {
                        opened.set(opened.get() + 1);
                        let closing = opened.clone();
                        let _guard = defer(async move {
                            sleep(0.5).await;
                            closing.set(closing.get() - 1);
                            Ok(())
                        });
                        sleep(1.0).await;
                        started.ready(7);
                        sleep(1.0).await;
                        Ok(())
                    })
                    .await?;
                assert_eq!(number, 7);
                sleep(0.5).await;
                server.cancel();
                Ok(())
            })
            .await?;
            Ok(())
        },
        |at, open| assert_eq!(open.get(), 0, "{at}"),
    );
    assert!(report.deadlocks.is_empty(), "{report}");
    assert!(report.points >= 5, "{report}");
}
