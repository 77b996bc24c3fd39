//! Deadlines given as instants, and the deadline that counts at a place.

use std::cell::RefCell;

use taskscope::runtime::{
    Error, TimeoutHandle, defer, detach, effective_deadline, now, scope, shield, timeout, timeout_at,
};
use taskscope::time::Time;

use super::story::{Story, instant, secs, sleep, turn};
use super::test;

fn at(seconds: f64) -> Time {
    Time::ZERO + secs(seconds)
}

/// The effective deadline in seconds.
fn counts() -> String {
    effective_deadline().map_or("none".to_string(), instant)
}

#[test]
fn several_steps_share_one_instant() {
    let story = Story::new();
    story.run(async {
        sleep(1.0).await;
        for step in 1..=3 {
            match timeout_at(at(4.0), sleep(2.0)).await {
                Ok(()) => story.tell(format!("step {step}")),
                Err(elapsed) => story.tell(format!("step {step} {elapsed}")),
            }
        }
        Ok(())
    });
    story.is(&[
        "3 step 1",
        "4 step 2 timed out after 1s", // counted from its own beginning
        "4 step 3 timed out after 0s", // runs to its first suspension
        "4 run = ()",
    ]);
}

#[test]
fn completion_at_the_instant_is_too_late_and_a_past_one_ends_at_the_first_suspension() {
    let story = Story::new();
    story.run(async {
        story.tell(timeout_at(at(1.0), sleep(1.0)).await.is_err());
        let past = timeout_at(Time::ZERO, async {
            story.tell("begins");
            turn().await;
            story.tell("never");
        });
        story.tell(past.await.is_err());
        story.tell(timeout_at(Time::ZERO, async { 7 }).await.is_ok());
        Ok(())
    });
    story.is(&["1 true", "1 begins", "1 true", "1 true", "1 run = ()"]);
}

#[test]
fn an_instant_can_be_moved_like_a_length() {
    let story = Story::new();
    story.run(async {
        let limit = TimeoutHandle::at(at(1.0));
        assert!(!limit.extend(secs(1.0)), "its block does not run yet");
        let inside = limit.clone();
        let result = limit.run(async {
            sleep(0.5).await;
            story.tell(inside.extend(secs(1.0)));
            sleep(9.0).await;
        });
        story.tell(result.await.unwrap_err());
        story.tell(limit.extend(secs(1.0)));
        Ok(())
    });
    story.is(&["0.5 true", "2 timed out after 2s", "2 false", "2 run = ()"]);
}

#[test]
fn the_first_of_all_deadlines_around_counts() {
    let story = Story::new();
    story.run(async {
        story.tell(counts());
        let outer = TimeoutHandle::new(secs(5.0));
        let moved = outer.clone();
        outer
            .run(async {
                timeout(secs(9.0), async { story.tell(counts()) }).await?;
                timeout(secs(2.0), async { story.tell(counts()) }).await?;
                moved.reschedule(Some(at(1.0)));
                story.tell(counts());
                moved.reschedule(None);
                story.tell(counts());
                Ok::<(), Error>(())
            })
            .await??;
        story.tell(counts());
        Ok(())
    });
    story.is(&["0 none", "0 5", "0 2", "0 1", "0 none", "0 none", "0 run = ()"]);
}

#[test]
fn children_inherit_it_from_their_scope_and_detached_tasks_do_not() {
    let story = Story::new();
    story.run(async {
        let other = story.clone();
        let scoped = scope(async |s| {
            s.spawn(async {
                story.tell(format!("borrowing {}", counts()));
                timeout(secs(1.0), async { story.tell(format!("its own {}", counts())) }).await?;
                Ok(())
            });
            s.spawn_owned(async move {
                other.tell(format!("owned {}", counts()));
                let told = other.clone();
                detach("alone", async move {
                    told.tell(format!("detached {}", counts()));
                    Ok(())
                });
                scope(async |inner| {
                    inner.spawn(async {
                        other.tell(format!("grandchild {}", counts()));
                        Ok(())
                    });
                    Ok(())
                })
                .await?;
                Ok(())
            });
            Ok(())
        });
        timeout(secs(5.0), scoped).await??;
        Ok(())
    });
    story.is(&[
        "0 borrowing 5",
        "0 its own 1",
        "0 owned 5",
        "0 detached none",
        "0 grandchild 5",
        "0 run = ()",
    ]);
}

#[test]
fn a_shield_hides_what_is_outside_until_its_budget_runs() {
    let story = Story::new();
    story.run(async {
        let told = story.clone();
        let shielded = shield(Some(secs(3.0)), async move {
            told.tell(counts());
            timeout(secs(9.0), async { told.tell(counts()) }).await?;
            sleep(2.0).await;
            told.tell(counts());
            sleep(9.0).await;
            Ok(())
        });
        story.tell(timeout(secs(1.0), shielded).await.unwrap_err());
        Ok(())
    });
    story.is(&[
        "0 none",
        "0 9", // timeouts inside still count
        "2 4", // the timeout fired at 1, since when the budget runs
        "4 timed out after 1s",
        "4 run = ()",
    ]);
}

#[test]
fn a_cleanup_is_bound_by_no_deadline_but_its_own() {
    let story = Story::new();
    story.run(async {
        let clean = |place: &'static str| {
            let told = story.clone();
            defer(async move {
                told.tell(format!("{place} {}", counts()));
                timeout(secs(1.0), async { told.tell(format!("{place}'s own {}", counts())) }).await?;
                Ok(())
            })
        };
        let inside = async {
            let _in_block = timeout(secs(2.0), async {
                let _guard = clean("block");
                sleep(9.0).await;
            })
            .await;
            scope(async |s| {
                s.spawn(async {
                    let _guard = clean("task");
                    sleep(9.0).await;
                    Ok(())
                });
                sleep(0.5).await;
                s.cancel();
                Ok(())
            })
            .await
        };
        story.tell(timeout(secs(8.0), inside).await?.is_err());
        Ok(())
    });
    story.is(&[
        "2 block none",
        "2 block's own 3",
        "2.5 task none",
        "2.5 task's own 3.5",
        "2.5 true",
        "2.5 run = ()",
    ]);
}

#[test]
fn the_grace_of_a_shutdown_bounds_even_cleanups() {
    let story = Story::new();
    let told = story.clone();
    let handle = RefCell::new(None);
    let run = story.prepare(async {
        let _guard = defer(async move {
            told.tell(counts());
            sleep(9.0).await;
            told.tell("never");
            Ok(())
        });
        let handle: taskscope::runtime::RunHandle = handle.take().unwrap();
        handle.shutdown(Some(secs(2.0)));
        std::future::pending::<()>().await;
        Ok(now())
    });
    handle.replace(Some(run.handle()));
    story.tell(taskscope::runtime::block_on(run).unwrap_err());
    story.is(&["0 2", "2 the run was stopped"]);
}
