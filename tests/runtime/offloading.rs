//! Blocking work in virtual time: it takes as long as it says, and what a cancellation makes of it.

use std::cell::Cell;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use taskscope::runtime::{Error, OnCancel, offload, race, scope, timeout};

use super::interrupt::at_each_suspension;
use super::story::{Story, secs, sleep};
use super::test;

#[test]
fn it_takes_the_time_that_it_says_and_the_others_go_on() {
    let story = Story::new();
    story.run(async {
        let sum = scope(async |s| {
            s.spawn(async {
                for _ in 0..2 {
                    sleep(1.0).await;
                    story.tell("the loop is free");
                }
                Ok(())
            });
            let sum = offload(|| (1..=10).sum::<u32>()).takes(secs(1.5)).named("sum").await?;
            story.tell(sum);
            Ok(offload(|| 7).await? + sum)
        })
        .await?;
        Ok(sum)
    });
    story.is(&["1 the loop is free", "1.5 55", "2 the loop is free", "2 run = 62"]);
}

/// Counts how often it was called.
fn counting(count: &Arc<AtomicU32>) -> impl FnOnce() -> u32 + Send + 'static {
    let count = count.clone();
    move || count.fetch_add(1, Ordering::Relaxed) + 1
}

#[test]
fn what_was_never_polled_never_begins() {
    let story = Story::new();
    let count = Arc::new(AtomicU32::new(0));
    story.run(async {
        drop(offload(counting(&count)));
        scope(async |s| {
            let task = s.spawn(async { Ok(offload(counting(&count)).await?) });
            task.cancel();
            Ok(())
        })
        .await?;
        Ok(count.load(Ordering::Relaxed))
    });
    story.is(&["0 run = 0"]);
}

#[test]
fn cancelled_half_way_it_is_killed_waited_for_or_left_alone() {
    for (policy, over) in [(OnCancel::Terminate, 1), (OnCancel::Wait, 3), (OnCancel::Abandon, 1)] {
        let story = Story::new();
        story.run(async {
            let work = offload(|| ()).takes(secs(3.0)).on_cancel(policy);
            let late = timeout(secs(1.0), work).await;
            story.tell(late.unwrap_err());
            std::future::pending::<()>().await;
            Ok(())
        });
        story.is(&[
            &format!("{over} timed out after 1s"),
            // No timer is left behind.
            &format!("{over} run: deadlock: main waits for something outside the run"),
        ]);
    }
    assert_eq!(OnCancel::default(), OnCancel::Terminate);
}

#[test]
fn its_end_and_a_deadline_at_one_instant() {
    let story = Story::new();
    story.run(async {
        for policy in [OnCancel::Terminate, OnCancel::Wait] {
            let work = offload(|| 7).takes(secs(1.0)).on_cancel(policy);
            story.tell(timeout(secs(1.0), work).await.unwrap_err());
        }
        Ok(())
    });
    story.is(&["1 timed out after 1s", "2 timed out after 1s", "2 run = ()"]);
}

#[test]
fn the_loser_of_a_race_is_waited_for_by_the_race() {
    let story = Story::new();
    story.run(async {
        race(async |r| {
            r.spawn(async { Ok(offload(|| "slow").takes(secs(5.0)).on_cancel(OnCancel::Wait).await?) });
            r.spawn(async { Ok(offload(|| "quick").takes(secs(2.0)).await?) });
            Ok(())
        })
        .await
    });
    story.is(&["5 run = \"quick\""]);
}

#[cfg(not(target_arch = "wasm32"))] // where a panic ends the program
#[test]
fn a_panic_of_the_work_is_an_error_and_of_abandoned_work_nobodys() {
    let story = Story::new();
    let fails = || -> u32 { std::panic::resume_unwind(Box::new("no such file")) };
    story.run(async move {
        let told = offload(fails).takes(secs(1.0)).await.unwrap_err().to_string();
        let waited = timeout(secs(1.0), offload(fails).takes(secs(2.0)).on_cancel(OnCancel::Wait)).await;
        let left = timeout(secs(1.0), offload(fails).takes(secs(2.0)).on_cancel(OnCancel::Abandon)).await;
        Ok([told, waited.unwrap_err().to_string(), left.unwrap_err().to_string()])
    });
    let lines = story.lines();
    assert_eq!(lines.len(), 1);
    assert!(lines[0].starts_with("4 run = [\"the work panicked: no such file\", "), "{lines:?}");
    assert!(lines[0].contains("timed out after 1s; the work panicked: no such file"), "{lines:?}");
    assert!(lines[0].ends_with("\"timed out after 1s\"]"), "{lines:?}");
}

#[test]
fn cancelled_at_each_suspension_nothing_is_left() {
    let report = at_each_suspension(
        |_: Rc<Cell<u32>>| async move {
            scope(async |s| {
                for policy in [OnCancel::Terminate, OnCancel::Wait, OnCancel::Abandon] {
                    s.spawn(async move {
                        let value = offload(|| 7).takes(secs(0.5)).on_cancel(policy).await?;
                        if value == 7 { Ok(()) } else { Err(Error::msg("wrong")) }
                    });
                }
                Ok(())
            })
            .await?;
            Ok(())
        },
        |_, _| (),
    );
    assert!(report.deadlocks.is_empty() && report.points >= 3, "{report}");
}
