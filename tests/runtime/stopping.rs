//! The cooperative stop: a signal, then the grace, then the drop.

use std::cell::Cell;
use std::rc::Rc;
use std::task::{Context, Waker};
use std::time::Duration;

use taskscope::runtime::{
    Result, RunError, RunHandle, Scope, block_on, defer, detach, effective_deadline, is_stop_requested,
    scope, shield, stop_requested,
};

use super::interrupt::at_each_suspension;
use super::story::{Story, instant, secs, sleep, turn};
use super::test;

/// Asks for a stop after a while, from inside the run.
async fn ask_after(seconds: f64, grace: Option<Duration>) -> Result<()> {
    sleep(seconds).await;
    RunHandle::current().request_stop(grace);
    Ok(())
}

#[test]
fn asked_and_done_within_the_grace() {
    let story = Story::new();
    story.run(async {
        scope(async |s| {
            s.spawn(async {
                stop_requested().await;
                story.tell("heard");
                sleep(1.0).await;
                story.tell("done");
                Ok(())
            });
            s.spawn(async {
                while !is_stop_requested() {
                    sleep(0.75).await;
                }
                story.tell("saw");
                Ok(())
            });
            s.spawn(ask_after(1.0, Some(secs(5.0))));
            Ok("by itself")
        })
        .await
        .map_err(Into::into)
    });
    story.is(&["1 heard", "1.5 saw", "2 done", "2 run = \"by itself\""]); // the clock does not run on to 6
}

#[test]
fn whoever_does_not_look_is_cancelled_when_the_grace_is_spent() {
    let story = Story::new();
    story.run(async {
        let cleaning = story.clone();
        let result = scope(async |s| {
            s.spawn(async {
                let _guard = defer(async move {
                    sleep(1.0).await;
                    cleaning.tell("clean");
                    Ok(())
                });
                sleep(60.0).await;
                Ok(())
            });
            s.spawn(ask_after(1.0, Some(secs(2.0))));
            Ok(())
        })
        .await;
        story.tell(format!("never: {result:?}"));
        Ok(())
    });
    story.is(&["4 clean", "4 run: the run was cancelled"]); // at 3, with a cleanup that takes a second
}

#[test]
fn the_grace_and_the_end_at_one_instant() {
    let story = Story::new();
    story.run(async {
        scope(async |s| {
            s.spawn(ask_after(1.0, Some(secs(2.0))));
            sleep(3.0).await;
            story.tell("never");
            Ok(())
        })
        .await?;
        Ok(())
    });
    story.is(&["3 run: the run was cancelled"]); // a grace of 2 s admits what ends strictly before, like a timeout
}

#[test]
fn asked_again_the_grace_only_gets_shorter() {
    let story = Story::new();
    story.run(async {
        scope(async |s| {
            let deadline = || effective_deadline().map_or("none".to_string(), instant);
            s.spawn(ask_after(1.0, None));
            s.spawn(ask_after(2.0, Some(secs(5.0))));
            s.spawn(ask_after(3.0, Some(secs(9.0))));
            s.spawn(ask_after(4.0, Some(secs(1.0))));
            for _ in 0..9 {
                sleep(1.0).await;
                turn().await;
                story.tell(deadline());
            }
            Ok(())
        })
        .await?;
        Ok(())
    });
    story.is(&["1 none", "2 7", "3 7", "4 5", "5 run: the run was cancelled"]);
}

#[test]
fn a_shield_outlives_the_grace_and_a_detached_task_is_told_too() {
    let story = Story::new();
    story.run(async {
        let (told, shielded) = (story.clone(), story.clone());
        detach("beacon", async move {
            stop_requested().await;
            told.tell("beacon heard");
            sleep(60.0).await;
            Ok(())
        });
        scope(async |s| {
            s.spawn(ask_after(1.0, Some(secs(1.0))));
            shield(None, async move {
                sleep(5.0).await;
                shielded.tell(format!("shield over, {:?}", effective_deadline()));
                Ok(())
            })
            .await
        })
        .await?;
        Ok(())
    });
    story.is(&["1 beacon heard", "5 shield over, None", "5 run: the run was cancelled"]);
}

#[test]
fn asked_from_outside_and_after_the_end() {
    let story = Story::new();
    let told = story.clone();
    let mut run = story
        .prepare(async move {
            stop_requested().await;
            told.tell("heard");
            stop_requested().await;
            told.tell("again, at once");
            Ok(7)
        })
        .open_world();
    let handle = run.handle();
    let mut drive = || std::pin::Pin::new(&mut run).poll(&mut Context::from_waker(Waker::noop()));
    assert!(drive().is_pending());
    story.tell(handle.request_stop(None));
    assert!(matches!(drive(), std::task::Poll::Ready(Ok(7))));
    story.tell(handle.request_stop(None));
    story.is(&["0 true", "0 heard", "0 again, at once", "0 false"]);
}

#[test]
fn asked_before_the_first_turn_and_with_no_grace_at_all() {
    let story = Story::new();
    let told = story.clone();
    let run = story.prepare(async move {
        told.tell("never: cancelled before its first poll");
        Ok(())
    });
    run.handle().request_stop(Some(Duration::ZERO));
    assert!(matches!(block_on(run), Err(RunError::Cancelled)));
    story.is(&[]);
}

#[test]
fn a_run_in_which_all_wait_for_the_request_is_stuck_unless_it_is_open() {
    let story = Story::new();
    story.run(async {
        stop_requested().await;
        Ok(())
    });
    story.is(&["0 run: deadlock: main waits for event `stop requested`"]);
}

#[test]
fn a_request_to_a_run_that_is_cancelled_already_changes_nothing() {
    let story = Story::new();
    story.run(async {
        let told = story.clone();
        let _guard = defer(async move {
            told.tell(RunHandle::current().request_stop(Some(secs(1.0))));
            sleep(5.0).await;
            told.tell(is_stop_requested());
            Ok(())
        });
        RunHandle::current().cancel();
        turn().await;
        Ok(())
    });
    story.is(&["0 false", "5 false", "5 run: the run was cancelled"]);
}

#[test]
fn cancelled_at_each_suspension_nobody_is_left_waiting() {
    let report = at_each_suspension(
        |heard: Rc<Cell<u32>>| async move {
            scope(async |s: Scope<'_>| {
                for _ in 0..3 {
                    s.spawn(async {
                        stop_requested().await;
                        heard.set(heard.get() + 1);
                        sleep(0.1).await;
                        Ok(())
                    });
                }
                s.spawn(ask_after(0.5, None));
                Ok(())
            })
            .await?;
            Ok(())
        },
        |at, heard| assert!(at.turn > 0 || heard.get() == 3),
    );
    assert!(report.points >= 3, "{report}");
}
