//! Cancelling: where it strikes, what it leaves, who says why.

use std::cell::RefCell;
use std::rc::Rc;

use taskscope::event::{Event, Reason, Target};
use taskscope::runtime::{Error, RunHandle, Task, collect, defer, scope, timeout};

use super::story::{Story, fail_after, secs, sleep, turn};
use super::test;

/// Every cancellation of the story's trace: its target, reason and source.
fn cancellations(story: &Story) -> Vec<(Target, Reason, Option<u32>)> {
    let events = story.recorder.since(0);
    let cancel = |event: &Event| match event {
        Event::Cancel { target, reason, by } => Some((*target, *reason, by.map(|task| task.0))),
        _ => None,
    };
    events.iter().filter_map(|stamped| cancel(&stamped.event)).collect()
}

#[test]
fn cancel_while_the_bodys_cleanup_outlasts_a_childs_failure() {
    let story = Story::new();
    story.run(async {
        let result = scope(async |outer| {
            let victim = outer.spawn_named("victim", async {
                scope(async |s| {
                    s.spawn(async {
                        let _guard = story.guard("child dropped");
                        fail_after(0.3, "never").await
                    });
                    let telling = story.clone();
                    let _cleanup = defer(async move {
                        sleep(0.5).await;
                        telling.tell("cleaned up");
                        Ok(())
                    });
                    sleep(1.0).await;
                    Ok(())
                })
                .await?;
                Ok(())
            });
            sleep(0.1).await;
            victim.cancel();
            let result = victim.await;
            story.tell(result.unwrap_err());
            Ok(())
        })
        .await;
        story.left("outer", &result);
        Ok(())
    });
    story.is(&[
        "0.1 child dropped",                        // at once, not at 0.3
        "0.6 cleaned up",                           // guaranteed, and waited for
        "0.6 task main/scope/victim was cancelled", // no error
        "0.6 outer = ()",
        "0.6 run = ()",
    ]);
}

#[test]
fn five_cleanups_fail_under_a_cancellation_and_five_errors_leave() {
    let story = Story::new();
    story.run(async {
        let result = scope(async |outer| {
            let victim = outer.spawn_named("victim", async {
                scope(async |s| {
                    for name in ["1", "2", "3", "4", "5"] {
                        s.spawn(async move {
                            let _cleanup = defer(async move { Err(Error::msg(name)) });
                            sleep(9.0).await;
                            Ok(())
                        });
                    }
                    Ok(())
                })
                .await
                .ok();
                story.tell("never: the cancellation is still pending");
                Ok(())
            });
            sleep(0.1).await;
            victim.cancel();
            sleep(9.0).await;
            Ok(())
        })
        .await;
        story.left("outer", &result);
        Ok(())
    });
    story.is(&[
        "0.1 outer: {{during 1, during 2, during 3, during 4, during 5}}", // none is lost
        "0.1 run = ()",
    ]);
}

#[test]
fn cancel_twice_and_the_first_reason_is_kept() {
    let story = Story::new();
    story.run(async {
        let result = scope(async |s| {
            let a = s.spawn_owned(async {
                let _cleanup = defer(async {
                    sleep(1.0).await;
                    Ok(())
                });
                sleep(9.0).await;
                Ok(())
            });
            sleep(0.1).await;
            let explicit = a.cancel();
            let again = a.cancel();
            story.tell(format!("{explicit} {again}"));
            sleep(0.5).await;
            story.tell(format!("while it cleans up: {}", a.cancel()));
            Err::<(), _>(Error::msg("body"))
        })
        .await;
        story.left("scope", &result);
        Ok(())
    });
    story.is(&[
        "0.1 true false",                // one delivery
        "0.6 while it cleans up: false", // a cleanup is not cancelled
        "1.1 scope: {body body}",        // waited for all the same
        "1.1 run = ()",
    ]);
    let reasons: Vec<Reason> = cancellations(&story).iter().map(|(_, reason, _)| *reason).collect();
    assert!(matches!(reasons[..], [Reason::Explicit, Reason::BodyFailed(_)]), "{reasons:?}");
}

#[test]
fn cancel_after_the_end_and_nothing_changes() {
    let story = Story::new();
    story.run(async {
        scope(async |s| {
            let mut done = s.spawn(async { Ok(42) });
            let failed = s.task(None).quiet().spawn(fail_after(0.1, "A"));
            sleep(0.2).await;
            story.tell(format!("{} {}", done.cancel(), failed.cancel()));
            let value = (&mut done).await?;
            story.tell(format!("{value}, {}", failed.await.unwrap_err()));
            Ok(())
        })
        .await?;
        Ok(())
    });
    story.is(&[
        "0.2 false false", // it says so
        "0.2 42, A",       // value and error are those of before
        "0.2 run = ()",
    ]);
    assert_eq!(cancellations(&story), [], "nothing was cancelled");
}

#[test]
fn cancel_before_the_first_turn_and_what_it_owned_is_dropped() {
    let story = Story::new();
    story.run(async {
        scope(async |s| {
            let guard = story.guard("owned dropped");
            let owned = s.spawn_owned({
                let told = story.clone();
                let guard = story.guard("static dropped");
                async move {
                    let _guard = guard;
                    told.tell("never");
                    Ok(())
                }
            });
            let borrowed = s.spawn(async {
                let _guard = guard;
                story.tell("never");
                Ok(())
            });
            owned.cancel();
            story.tell("cancelled one");
            borrowed.cancel();
            story.tell("cancelled both");
            Ok(())
        })
        .await?;
        Ok(())
    });
    story.is(&[
        "0 static dropped", // at once: the executor holds it
        "0 cancelled one",
        "0 cancelled both", // its scope's future is busy with this very body
        "0 owned dropped",  // so it goes right after
        "0 run = ()",
    ]);
}

fn cancels_itself(owned: bool) {
    let story = Story::new();
    story.run(async {
        let me: Rc<RefCell<Option<Task<()>>>> = Rc::default();
        scope(async |s| {
            let (own, told) = (me.clone(), story.clone());
            let body = async move {
                let _guard = told.guard("dropped");
                turn().await;
                let task = own.borrow().clone().unwrap();
                told.tell(format!("cancel: {}", task.cancel()));
                told.tell("goes on to its next suspension");
                sleep(0.0).await;
                told.tell("never");
                Ok(())
            };
            me.replace(Some(if owned { s.spawn_owned(body) } else { s.spawn(body) }));
            let task = me.borrow().clone().unwrap();
            story.tell(task.await.unwrap_err());
            Ok(())
        })
        .await?;
        Ok(())
    });
    story.is(&[
        "0 cancel: true",
        "0 goes on to its next suspension",
        "0 dropped", // there, and not a turn later
        "0 task main/scope/task was cancelled",
        "0 run = ()",
    ]);
}

#[test]
fn a_task_that_cancels_itself_stops_at_its_next_suspension() {
    cancels_itself(true);
}

#[test]
fn a_task_that_borrows_and_cancels_itself_stops_at_its_next_suspension() {
    cancels_itself(false);
}

#[test]
fn a_task_that_cancels_itself_and_ends_before_it_suspends_has_ended() {
    let story = Story::new();
    story.run(async {
        let me: Rc<RefCell<Option<Task<i32>>>> = Rc::default();
        let value = scope(async |s| {
            let own = me.clone();
            let task = s.spawn(async move {
                own.borrow().clone().unwrap().cancel();
                Ok(7)
            });
            me.replace(Some(task.clone()));
            let value = task.await?;
            Ok(value)
        })
        .await?;
        Ok(value)
    });
    story.is(&[
        "0 run = 7", // there was nothing left to cancel: the value is delivered
    ]);
}

#[test]
fn a_grandchild_cancels_the_task_whose_poll_it_is_in() {
    let story = Story::new();
    story.run(async {
        let parent: Rc<RefCell<Option<Task<()>>>> = Rc::default();
        let known = parent.clone();
        scope(async |outer| {
            let task = outer.spawn(async {
                let _guard = story.guard("parent dropped");
                scope(async |s| {
                    s.spawn(async {
                        let _guard = story.guard("child dropped");
                        sleep(0.1).await;
                        known.borrow().clone().unwrap().cancel();
                        story.tell("asked");
                        sleep(1.0).await;
                        Ok(())
                    });
                    Ok(())
                })
                .await?;
                Ok(())
            });
            parent.replace(Some(task.clone()));
            story.tell(task.await.unwrap_err());
            Ok(())
        })
        .await?;
        Ok(())
    });
    story.is(&[
        "0.1 asked",
        "0.1 child dropped", // inside out, once the poll is over
        "0.1 parent dropped",
        "0.1 task main/scope/task was cancelled",
        "0.1 run = ()",
    ]);
}

#[test]
fn a_drop_cancels_others_without_recursion() {
    struct CancelOnDrop(Option<Task<()>>, Story, u32);
    impl Drop for CancelOnDrop {
        fn drop(&mut self) {
            self.1.tell(format!("{} dropped", self.2));
            if let Some(next) = self.0.take() {
                next.cancel();
                self.1.tell(format!("{} asked", self.2));
            }
        }
    }
    let story = Story::new();
    story.run(async {
        scope(async |s| {
            let mut next = None;
            for number in [3, 2, 1] {
                let chained = CancelOnDrop(next.take(), story.clone(), number);
                next = Some(s.spawn_owned(async move {
                    let _chained = chained;
                    sleep(9.0).await;
                    Ok(())
                }));
            }
            turn().await;
            next.unwrap().cancel();
            Ok(())
        })
        .await?;
        Ok(())
    });
    story.is(&[
        "0 1 dropped",
        "0 1 asked", // the next one waits for this drop to end
        "0 2 dropped",
        "0 2 asked",
        "0 3 dropped",
        "0 run = ()",
    ]);
}

#[test]
fn a_body_that_ends_and_is_cancelled_by_its_own_drop_keeps_its_error() {
    struct CancelOnDrop(Rc<RefCell<Option<Task<()>>>>);
    impl Drop for CancelOnDrop {
        fn drop(&mut self) {
            let task = self.0.borrow().clone();
            task.map(|task| task.cancel());
        }
    }
    for owned in [true, false] {
        let story = Story::new();
        story.run(async {
            let result = collect(async |s| {
                let me: Rc<RefCell<Option<Task<()>>>> = Rc::default();
                let guard = CancelOnDrop(me.clone());
                // Captured, not a local: dropped with the future, after its result is known.
                let body = Box::pin(Failing(guard));
                me.replace(Some(if owned { s.spawn_owned(body) } else { s.spawn(body) }));
                Ok(())
            })
            .await;
            story.left("scope", &result);
            Ok(())
        });
        story.is(&[
            "0 scope: {cause A}", // the cancellation came too late to hide it
            "0 run = ()",
        ]);
    }

    struct Failing(#[allow(dead_code, reason = "held for its drop")] CancelOnDrop);
    impl Future for Failing {
        type Output = taskscope::runtime::Result<()>;
        fn poll(
            self: std::pin::Pin<&mut Self>,
            _: &mut std::task::Context<'_>,
        ) -> std::task::Poll<Self::Output> {
            std::task::Poll::Ready(Err(Error::msg("A")))
        }
    }
}

#[test]
fn every_cancellation_says_why_and_in_whose_turn() {
    let story = Story::new();
    story.run(async {
        let result = scope(async |s| {
            s.spawn_named("fails", fail_after(0.1, "A"));
            s.spawn_named("slow", async {
                sleep(9.0).await;
                Ok(())
            });
            Ok(())
        })
        .await;
        story.left("scope", &result);
        scope(async |s| {
            let here = s.clone();
            s.spawn_named("asks", async move {
                here.cancel();
                sleep(9.0).await;
                Ok(())
            });
            Ok(())
        })
        .await
        .ok();
        timeout(secs(1.0), sleep(2.0)).await.ok();
        Ok(())
    });
    let told: Vec<String> = cancellations(&story).iter().map(|cancel| format!("{cancel:?}")).collect();
    assert_eq!(
        told,
        [
            "(Scope(s0), SiblingFailed(s0, t1), Some(1))", // the scope, because t1 failed, in t1's turn
            "(Task(t2), SiblingFailed(s0, t1), Some(0))",  // therefore t2, in the turn of the scope's task
            "(Scope(s1), Explicit, Some(3))",              // t3 asked
            "(Task(t3), Explicit, Some(0))",               // and went with the rest
            "(Scope(s2), Timeout(s2), None)",              // a deadline is nobody's doing
        ]
    );
}

#[test]
fn the_run_is_cancelled_from_outside_and_cleans_up() {
    let story = Story::new();
    let handle: Rc<RefCell<Option<RunHandle>>> = Rc::default();
    let known = handle.clone();
    let run = story.prepare(async {
        let telling = story.clone();
        let _cleanup = defer(async move {
            sleep(0.5).await;
            telling.tell("cleaned up");
            Ok(())
        });
        scope(async |s| {
            s.spawn(async {
                sleep(0.1).await;
                let handle = known.borrow().clone().unwrap();
                story.tell(format!("shut down: {} {}", handle.cancel(), handle.cancel()));
                story.tell("the turn goes on");
                sleep(1.0).await;
                Ok(())
            });
            s.spawn(async {
                let _guard = story.guard("sibling dropped");
                sleep(0.1).await;
                story.tell("never: ahead in the queue, but cancelled at once");
                Ok(())
            });
            Ok(())
        })
        .await?;
        Ok(())
    });
    handle.replace(Some(run.handle()));
    let error = taskscope::runtime::block_on(run).unwrap_err();
    story.tell(error);
    story.is(&[
        "0.1 shut down: true false",
        "0.1 the turn goes on", // to its suspension
        "0.1 sibling dropped",  // a cancellation acts on the whole subtree at once
        "0.6 cleaned up",
        "0.6 the run was cancelled",
    ]);
}
