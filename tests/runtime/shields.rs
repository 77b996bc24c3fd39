//! Shields: protected from outside, for as long as the budget lasts.

use taskscope::runtime::{Error, defer, scope, shield, timeout};

use super::story::{Story, fail_after, secs, sleep, tree, turn};
use super::test;

#[test]
fn a_shield_goes_on_under_a_cancellation_and_nothing_after_it_runs() {
    let story = Story::new();
    story.run(async {
        scope(async |s| {
            let task = s.spawn(async {
                let told = story.clone();
                shield(None, async move {
                    sleep(2.0).await;
                    told.tell("saved");
                    Ok(())
                })
                .await?;
                story.tell("never: the end of a shield is a cancellation point");
                Ok(())
            });
            sleep(1.0).await;
            task.cancel();
            story.tell(task.await.unwrap_err());
            Ok(())
        })
        .await?;
        Ok(())
    });
    story.is(&["2 saved", "2 task main/scope/task was cancelled", "2 run = ()"]);
}

#[test]
fn a_shield_that_has_not_begun_is_dropped() {
    let story = Story::new();
    story.run(async {
        scope(async |s| {
            let told = story.clone();
            let task = s.spawn(async {
                shield(None, async move {
                    told.tell("never");
                    Ok(())
                })
                .await
            });
            task.cancel();
            Ok(())
        })
        .await?;
        Ok(())
    });
    story.is(&["0 run = ()"]);
}

#[test]
fn a_spent_budget_cuts_the_shield_but_not_its_cleanups() {
    let story = Story::new();
    story.run(async {
        let told = story.clone();
        let result = timeout(
            secs(1.0),
            shield(Some(secs(0.5)), async move {
                let telling = told.clone();
                let _guard = defer(async move {
                    sleep(0.25).await;
                    telling.tell("clean");
                    Ok(())
                });
                sleep(9.0).await;
                told.tell("never");
                Ok(())
            }),
        )
        .await;
        story.tell(result.unwrap_err());
        Ok(())
    });
    story.is(&[
        "1.75 clean", // 1 s, half a second of budget, and the cleanup
        "1.75 timed out after 1s",
        "1.75 run = ()",
    ]);
}

#[test]
fn a_budget_spent_while_the_shields_own_cleanup_runs() {
    let story = Story::new();
    story.run(async {
        let told = story.clone();
        let result = timeout(
            secs(1.0),
            shield(Some(secs(0.5)), async move {
                let telling = told.clone();
                let _second = defer(async move {
                    telling.tell("second clean");
                    Err(Error::msg("second failed"))
                });
                let _first = defer(async move {
                    sleep(2.0).await;
                    told.tell("first clean");
                    Ok(())
                });
                Err::<(), _>(Error::msg("body"))
            }),
        )
        .await;
        story.tell(tree(&result.unwrap_err().into()));
        Ok(())
    });
    story.is(&[
        "2 first clean", // begun at 0, cut at 1.5, finished all the same
        "2 second clean",
        "2 {cause timed out after 1s, {cause second failed, cause body}}", // no error is lost
        "2 run = ()",
    ]);
}

#[test]
fn a_shield_whose_body_and_cleanups_fail_tells_all() {
    let story = Story::new();
    story.run(async {
        let result = shield(None, async {
            let _a = defer(async { Err(Error::msg("cleanup 2")) });
            let _b = defer(async { Err(Error::msg("cleanup 1")) });
            fail_after(0.1, "body").await
        })
        .await;
        story.tell(tree(&result.unwrap_err()));
        Ok(())
    });
    story.is(&["0.1 {cause body, cause cleanup 1, cause cleanup 2}", "0.1 run = ()"]);
}

#[test]
fn a_timeout_inside_a_shield_still_fires() {
    let story = Story::new();
    story.run(async {
        scope(async |s| {
            let told = story.clone();
            let task = s.spawn_owned(async move {
                shield(None, async move {
                    let result = timeout(secs(2.0), sleep(9.0)).await;
                    told.tell(result.unwrap_err());
                    Ok(())
                })
                .await
            });
            sleep(1.0).await;
            task.cancel();
            turn().await;
            Ok(())
        })
        .await?;
        Ok(())
    });
    story.is(&["2 timed out after 2s", "2 run = ()"]);
}

#[test]
fn children_inside_a_shield_go_on_too() {
    let story = Story::new();
    story.run(async {
        let told = story.clone();
        let result = timeout(
            secs(1.0),
            shield(None, async move {
                scope(async |s| {
                    for name in ["x", "y"] {
                        let told = &told;
                        s.spawn(async move {
                            sleep(2.0).await;
                            told.tell(name);
                            Ok(())
                        });
                    }
                    Ok(())
                })
                .await?;
                Ok(())
            }),
        )
        .await;
        story.tell(result.unwrap_err());
        Ok(())
    });
    story.is(&[
        "2 x", // they borrow, and moved with the shield's body into the timeout's list
        "2 y",
        "2 timed out after 1s",
        "2 run = ()",
    ]);
}
