//! Timeouts: when they fire, who wins, how they are moved.

use std::cell::RefCell;

use taskscope::runtime::{TimeoutHandle, defer, now, scope, sleep_until, timeout, work};
use taskscope::time::Time;

use super::story::{Story, fail_after, instant, secs, sleep, turn};
use super::test;

#[test]
fn a_timeout_fires_and_one_that_does_not_leaves_no_timer() {
    let story = Story::new();
    story.run(async {
        let slow = timeout(secs(0.01), sleep(10.0)).await;
        story.tell(slow.unwrap_err());
        let quick = timeout(secs(60.0), async {
            sleep(0.1).await;
            7
        })
        .await;
        story.tell(quick.unwrap());
        std::future::pending::<()>().await;
        Ok(())
    });
    story.is(&[
        "0.01 timed out after 10ms",
        "0.11 7",
        "0.11 run: deadlock: main waits for something outside the run", // nothing is left to move the clock on
    ]);
}

#[test]
fn completion_at_the_deadline_is_too_late() {
    let story = Story::new();
    story.run(async {
        let at = timeout(secs(1.0), sleep(1.0)).await;
        story.tell(at.unwrap_err());
        let before = timeout(secs(1.0), sleep(0.999999)).await;
        story.tell(format!("{before:?}"));
        Ok(())
    });
    story.is(&[
        "1 timed out after 1s", // admits what happens strictly before
        "1.999999 Ok(())",
        "1.999999 run = ()",
    ]);
}

#[test]
fn nested_at_one_instant_and_the_outer_reports() {
    let story = Story::new();
    story.run(async {
        let result = timeout(secs(1.0), async {
            let inner = timeout(secs(1.0), sleep(9.0)).await;
            story.tell(format!("never: {inner:?}"));
        })
        .await;
        story.tell(format!("outer {}", result.unwrap_err()));
        let result = timeout(
            secs(1.0),
            scope(async |s| {
                s.spawn(async {
                    let inner = timeout(secs(1.0), sleep(9.0)).await;
                    story.tell(format!("never: {inner:?}"));
                    Ok(())
                });
                Ok(())
            }),
        )
        .await;
        story.tell(format!("outer {}", result.unwrap_err()));
        Ok(())
    });
    story.is(&[
        "1 outer timed out after 1s", // in one task
        "2 outer timed out after 1s", // and across tasks
        "2 run = ()",
    ]);
}

#[test]
fn the_loop_is_blocked_past_both_and_both_behave() {
    let story = Story::new();
    story.run(async {
        let result = timeout(secs(0.1), async {
            let inner = timeout(secs(0.01), async {
                work(secs(0.1));
                sleep(9.0).await;
            })
            .await;
            story.tell(format!("never: {inner:?}"));
        })
        .await;
        story.tell(format!("outer {}", result.unwrap_err()));
        let inner = timeout(secs(0.01), async {
            work(secs(0.05));
            7
        })
        .await;
        story.tell(format!("{inner:?}"));
        Ok(())
    });
    story.is(&[
        "0.1 outer timed out after 100ms", // both are due when somebody looks: the outer wins
        "0.15 Ok(7)",                      // a body that never suspends has ended
        "0.15 run = ()",
    ]);
}

#[test]
fn an_outer_cancellation_and_a_deadline_at_one_instant() {
    let story = Story::new();
    story.run(async {
        scope(async |s| {
            let victim = s.spawn_named("victim", async {
                let result = timeout(secs(1.0), sleep(9.0)).await;
                story.tell(format!("never: {result:?}"));
                Ok(())
            });
            s.spawn(async move {
                sleep(0.5).await;
                work(secs(0.5)); // the deadline comes up in this turn
                victim.cancel();
                Ok(())
            });
            Ok(())
        })
        .await?;
        Ok(())
    });
    story.is(&["1 run = ()"]); // the outer cause wins: no timeout is reported
}

#[test]
fn a_zero_timeout_runs_to_the_first_suspension() {
    let story = Story::new();
    story.run(async {
        let ready = timeout(secs(0.0), async { 7 }).await;
        story.tell(format!("{ready:?}"));
        let result = timeout(secs(0.0), async {
            story.tell("begins");
            sleep(0.0).await;
            story.tell("never");
        })
        .await;
        story.tell(result.unwrap_err());
        Ok(())
    });
    story.is(&["0 Ok(7)", "0 begins", "0 timed out after 0s", "0 run = ()"]);
}

#[test]
fn moved_forward_then_disabled_then_cancelled_and_never_fires() {
    let story = Story::new();
    story.run(async {
        scope(async |s| {
            let limit = TimeoutHandle::new(secs(1.0));
            story.tell(format!("before it runs: {}", limit.extend(secs(1.0))));
            let (inside, story) = (limit.clone(), &story);
            let victim = s.spawn(async move {
                let _guard = story.guard("dropped");
                inside.run(sleep(99.0)).await.ok();
                story.tell("never");
                Ok(())
            });
            sleep(0.5).await;
            story.tell(format!("moved: {} {}", limit.extend(secs(1.0)), instant(limit.deadline().unwrap())));
            sleep(1.0).await;
            story.tell(format!("disabled: {} {:?}", limit.reschedule(None), limit.deadline()));
            sleep(9.0).await;
            victim.cancel();
            turn().await;
            story.tell(format!("after: {} {:?}", limit.reschedule(Some(now())), limit.deadline()));
            Ok(())
        })
        .await?;
        Ok(())
    });
    story.is(&[
        "0 before it runs: false",
        "0.5 moved: true 2",
        "1.5 disabled: true None",
        "10.5 dropped",           // by the cancellation
        "10.5 after: false None", // there is nothing left to move
        "10.5 run = ()",
    ]);
}

#[test]
fn moved_into_the_past_and_it_fires_at_the_next_turn() {
    let story = Story::new();
    story.run(async {
        scope(async |s| {
            let limit = TimeoutHandle::new(secs(9.0));
            let (inside, story) = (limit.clone(), &story);
            s.spawn(async move {
                let result = inside.run(sleep(99.0)).await;
                story.tell(result.unwrap_err());
                Ok(())
            });
            sleep(2.0).await;
            limit.reschedule(Some(Time::from_us(500_000)));
            story.tell("moved");
            Ok(())
        })
        .await?;
        Ok(())
    });
    story.is(&[
        "2 moved",
        "2 timed out after 500ms", // the length that it had in the end
        "2 run = ()",
    ]);
}

#[test]
fn a_deadline_cannot_be_moved_once_it_fired() {
    let story = Story::new();
    story.run(async {
        let limit = TimeoutHandle::new(secs(1.0));
        let (known, told) = (limit.clone(), story.clone());
        let result = limit
            .run(async {
                let _guard = defer(async move {
                    sleep(1.0).await;
                    let moved = (known.extend(secs(9.0)), known.reschedule(Some(now())));
                    told.tell(format!("{moved:?} {:?}", known.deadline()));
                    Ok(())
                });
                sleep(9.0).await;
            })
            .await;
        story.tell(result.unwrap_err());
        Ok(())
    });
    story.is(&[
        "2 (false, false) None", // while it cleans up
        "2 timed out after 1s",  // and the length did not change
        "2 run = ()",
    ]);
}

#[test]
fn the_inner_cleans_up_past_the_outer_and_the_outer_reports() {
    let story = Story::new();
    story.run(async {
        let result = timeout(secs(2.0), async {
            let inner = timeout(secs(1.0), async {
                let told = story.clone();
                let _guard = defer(async move {
                    sleep(5.0).await;
                    told.tell("clean");
                    Ok(())
                });
                sleep(9.0).await;
            })
            .await;
            story.tell(format!("never: {inner:?}"));
        })
        .await;
        story.tell(format!("outer {}", result.unwrap_err()));
        Ok(())
    });
    story.is(&[
        "6 clean",                    // no grace was set: it has all the time it needs
        "6 outer timed out after 2s", // who waits longest reports
        "6 run = ()",
    ]);
}

#[test]
fn a_timeout_inside_the_cleanup_of_a_timeout_that_fired() {
    let story = Story::new();
    story.run(async {
        let told = story.clone();
        let result = timeout(secs(1.0), async move {
            let _guard = defer(async move {
                let result = timeout(secs(0.5), sleep(9.0)).await;
                told.tell(format!("in cleanup {}", result.unwrap_err()));
                fail_after(0.1, "cleanup failed").await
            });
            sleep(9.0).await;
        })
        .await;
        story.tell(result.unwrap_err());
        Ok(())
    });
    story.is(&[
        "1.5 in cleanup timed out after 500ms",
        "1.6 timed out after 1s; cleanup failed", // both are told
        "1.6 run = ()",
    ]);
}

#[test]
fn moved_by_a_sibling_inside_a_combinator_that_polls_only_what_woke() {
    use futures::stream::{FuturesUnordered, StreamExt};
    let story = Story::new();
    story.run(async {
        let handles = RefCell::new(Vec::new());
        scope(async |s| {
            s.spawn(async {
                let mut all = FuturesUnordered::new();
                for _ in 0..3 {
                    let limit = TimeoutHandle::new(secs(100.0));
                    handles.borrow_mut().push(limit.clone());
                    all.push(async move { limit.run(sleep(200.0)).await });
                }
                while let Some(result) = all.next().await {
                    story.tell(result.unwrap_err());
                }
                Ok(())
            });
            s.spawn(async {
                sleep(1.0).await;
                handles.borrow()[1].reschedule(Some(Time::from_us(2_000_000)));
                Ok(())
            });
            Ok(())
        })
        .await?;
        Ok(())
    });
    story.is(&[
        "2 timed out after 2s", // the combinator was told which of its futures to poll
        "100 timed out after 100s",
        "100 timed out after 100s",
        "100 run = ()",
    ]);
}

#[test]
fn each_sleeper_sees_its_own_instant_and_the_clock_stands_still_for_the_ready() {
    let story = Story::new();
    story.run(async {
        scope(async |s| {
            for tens in (0..10).rev() {
                let story = &story;
                s.spawn(async move {
                    let at = Time::from_us(tens * 1_000_000);
                    sleep_until(at).await;
                    for _ in 0..100 {
                        turn().await;
                    }
                    assert_eq!(now(), at, "it moved while a task was ready");
                    story.tell(tens);
                    Ok(())
                });
            }
            Ok(())
        })
        .await?;
        Ok(())
    });
    story.is(&["0 0", "1 1", "2 2", "3 3", "4 4", "5 5", "6 6", "7 7", "8 8", "9 9", "9 run = ()"]);
}

#[test]
fn sleeping_one_after_the_other_takes_the_sum_and_no_real_time() {
    let story = Story::new();
    story.run(async {
        for tens in 0..10_u32 {
            sleep(f64::from(tens) * 10.0).await;
            assert_eq!(now().as_us(), u64::from((0..=tens).sum::<u32>()) * 10_000_000);
        }
        Ok(())
    });
    story.is(&["450 run = ()"]);
}
