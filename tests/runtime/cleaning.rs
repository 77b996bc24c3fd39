//! Cleanup that awaits: when it runs, in which order, where its errors go.

use taskscope::runtime::{Deferred, Error, Limiter, RunHandle, defer, detach, scope, timeout};

use super::story::{Story, fail_after, secs, sleep, turn};
use super::test;

/// A cleanup that takes a while and tells.
fn slowly(story: &Story, seconds: f64, text: &'static str) -> Deferred {
    let story = story.clone();
    defer(async move {
        sleep(seconds).await;
        story.tell(text);
        Ok(())
    })
}

fn failing(name: &'static str) -> Deferred {
    defer(async move { Err(Error::msg(name)) })
}

#[test]
fn cleanups_of_one_task_run_innermost_first_and_those_of_siblings_together() {
    let story = Story::new();
    story.run(async {
        let result = scope(async |s| {
            for name in [("a inner", "a outer"), ("b inner", "b outer")] {
                let story = &story;
                s.spawn(async move {
                    let _outer = slowly(story, 0.2, name.1);
                    let _inner = slowly(story, 0.1, name.0);
                    sleep(9.0).await;
                    Ok(())
                });
            }
            fail_after(1.0, "B").await
        })
        .await;
        story.left("scope", &result);
        Ok(())
    });
    story.is(&[
        "1.1 a inner", // siblings side by side
        "1.1 b inner",
        "1.3 a outer", // one after the other within a task
        "1.3 b outer",
        "1.3 scope: {body B}",
        "1.3 run = ()",
    ]);
}

#[test]
fn a_cancelled_body_cleans_up_together_with_its_children() {
    let story = Story::new();
    story.run(async {
        let result = scope(async |s| {
            s.spawn(async {
                let _guard = slowly(&story, 0.2, "child clean");
                sleep(9.0).await;
                Ok(())
            });
            s.spawn(fail_after(1.0, "A"));
            let _guard = slowly(&story, 0.3, "body clean");
            sleep(9.0).await;
            Ok(())
        })
        .await;
        story.left("scope", &result);
        Ok(())
    });
    story.is(&[
        "1.2 child clean", // siblings together, and the body is one of them
        "1.3 body clean",
        "1.3 scope: {cause A}",
        "1.3 run = ()",
    ]);
}

#[test]
fn what_a_body_leaves_at_its_end_is_cleaned_up_after_the_children() {
    let story = Story::new();
    story.run(async {
        scope(async |s| {
            let _guard = slowly(&story, 0.1, "body clean");
            s.spawn(async {
                sleep(1.0).await;
                story.tell("child used it");
                Ok(())
            });
            Ok(())
        })
        .await?;
        story.tell("left");
        Ok(())
    });
    story.is(&[
        "1 child used it", // it may still use what the body guards
        "1.1 body clean",
        "1.1 left",
        "1.1 run = ()",
    ]);
}

#[test]
fn a_child_fails_and_the_cleanups_of_body_and_sibling_fail_too() {
    let story = Story::new();
    story.run(async {
        let result = scope(async |s| {
            s.spawn(fail_after(0.1, "A"));
            s.spawn(async {
                let _guard = failing("sibling's cleanup");
                sleep(9.0).await;
                Ok(())
            });
            let _guard = failing("body's cleanup");
            sleep(9.0).await;
            Ok(())
        })
        .await;
        story.left("scope", &result);
        Ok(())
    });
    story.is(&[
        "0.1 scope: {cause A, during sibling's cleanup, during body's cleanup}", // all, each with its role
        "0.1 run = ()",
    ]);
}

#[test]
fn a_body_ends_well_and_its_cleanup_fails() {
    let story = Story::new();
    story.run(async {
        let result = scope(async |_| {
            let _guard = failing("cleanup");
            Ok(7)
        })
        .await;
        story.left("scope", &result);
        Ok(())
    });
    story.is(&[
        "0 scope: {body cleanup}", // the body's own error: nothing was cancelled
        "0 run = ()",
    ]);
}

#[test]
fn a_cleanup_leaves_a_cleanup_which_runs_before_the_next() {
    let story = Story::new();
    story.run(async {
        let result = timeout(secs(1.0), async {
            let _outer = slowly(&story, 0.1, "outer");
            let told = story.clone();
            let _inner = defer(async move {
                let _left = slowly(&told, 0.1, "left by inner");
                told.tell("inner");
                Ok(())
            });
            sleep(9.0).await;
        })
        .await;
        story.tell(result.unwrap_err());
        Ok(())
    });
    story.is(&[
        "1 inner",
        "1.1 left by inner", // inside out
        "1.2 outer",
        "1.2 timed out after 1s",
        "1.2 run = ()",
    ]);
}

#[test]
fn a_guard_dropped_early_and_one_dropped_by_cancelling_keep_their_order() {
    for by_timeout in [true, false] {
        let story = Story::new();
        story.run(async {
            let inside = async {
                drop(slowly(&story, 0.1, "first"));
                let _second = slowly(&story, 0.1, "second");
                sleep(9.0).await;
            };
            let (inner, outer) = if by_timeout { (1.0, 5.0) } else { (5.0, 1.0) };
            let result = timeout(secs(outer), timeout(secs(inner), inside)).await;
            story.tell(match result {
                Ok(Err(elapsed)) => format!("inner {elapsed}"),
                Err(elapsed) => format!("outer {elapsed}"),
                Ok(Ok(())) => "never".to_string(),
            });
            Ok(())
        });
        story.is(&[
            "1.1 first", // handed over first, however the block ends
            "1.2 second",
            if by_timeout { "1.2 inner timed out after 1s" } else { "1.2 outer timed out after 1s" },
            "1.2 run = ()",
        ]);
    }
}

#[test]
fn awaited_inline_and_cut_half_way_the_rest_runs_all_the_same() {
    let story = Story::new();
    story.run(async {
        let result = timeout(secs(1.0), async {
            let told = story.clone();
            let cleanup = defer(async move {
                told.tell("begins");
                sleep(2.0).await;
                told.tell("ends");
                Ok(())
            });
            sleep(0.5).await;
            cleanup.await
        })
        .await;
        story.tell(result.unwrap_err());
        Ok(())
    });
    story.is(&[
        "0.5 begins",
        "2.5 ends", // once, from where it was
        "2.5 timed out after 1s",
        "2.5 run = ()",
    ]);
}

#[test]
fn a_disarmed_guard_does_nothing() {
    let story = Story::new();
    story.run(async {
        scope(async |_| {
            slowly(&story, 1.0, "never").disarm();
            Ok(())
        })
        .await?;
        Ok(())
    });
    story.is(&["0 run = ()"]);
}

#[test]
fn a_permit_is_given_back_after_the_cleanups_inside_it() {
    let story = Story::new();
    story.run(async {
        let limiter = Limiter::new(1);
        scope(async |s| {
            let holder = s.spawn(async {
                let _permit = limiter.acquire().await;
                let _inner = slowly(&story, 0.5, "inner clean");
                sleep(9.0).await;
                Ok(())
            });
            s.spawn(async {
                let _permit = limiter.acquire().await;
                story.tell("next holder");
                Ok(())
            });
            sleep(1.0).await;
            holder.cancel();
            Ok(())
        })
        .await?;
        Ok(())
    });
    story.is(&[
        "1.5 inner clean", // inside out: what it guards is still guarded
        "1.5 next holder",
        "1.5 run = ()",
    ]);
}

#[test]
fn the_root_leaves_a_cleanup_and_the_run_waits_for_it() {
    let story = Story::new();
    story.run(async {
        let _guard = slowly(&story, 1.0, "clean");
        turn().await;
        Ok(7)
    });
    story.is(&[
        "1 clean",
        "1 run = 7", // and gives the value all the same
    ]);
}

#[test]
fn a_scope_inside_a_cleanup_runs_its_children() {
    let story = Story::new();
    story.run(async {
        let told = story.clone();
        let result = timeout(secs(1.0), async move {
            let _guard = defer(async move {
                scope(async |s| {
                    for name in ["x", "y"] {
                        let told = &told;
                        s.spawn(async move {
                            sleep(0.5).await;
                            told.tell(name);
                            Ok(())
                        });
                    }
                    Ok(())
                })
                .await?;
                fail_after(0.5, "late").await
            });
            sleep(9.0).await;
        })
        .await;
        story.tell(result.unwrap_err());
        Ok(())
    });
    story.is(&[
        "1.5 x", // children that borrow, inside a cleanup, inside a timeout that fired
        "1.5 y",
        "2 timed out after 1s; late",
        "2 run = ()",
    ]);
}

#[test]
fn errors_of_several_cleanups_of_the_root_all_leave_a_shutdown() {
    let story = Story::new();
    story.run(async {
        detach("stop", async {
            sleep(1.0).await;
            RunHandle::current().cancel();
            Ok(())
        });
        let _first = defer(async { Err(Error::msg("1")) });
        let _second = defer(async { Err(Error::msg("2")) });
        sleep(9.0).await;
        Ok(())
    });
    story.is(&["1 run: {cause 2, cause 1}"]); // the root is in no scope whose group they could be
}
