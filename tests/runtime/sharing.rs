//! Events and barriers: a waiter is woken whatever comes after, and counts only while it waits.

use taskscope::runtime::{Barrier, BarrierStatistics, Event, EventStatistics, Task, scope};

use super::story::{Story, turn};
use super::test;

#[test]
fn two_wait_at_a_barrier_one_is_cancelled_and_two_more_arrive() {
    let story = Story::new();
    story.run(async {
        let barrier = Barrier::new("line", 3);
        scope(async |s| {
            let arrive = |name: &'static str| {
                let (story, barrier) = (&story, &barrier);
                s.spawn(async move {
                    story.tell(format!("{name} {}", barrier.wait().await));
                    Ok(())
                })
            };
            let (_a, b) = (arrive("a"), arrive("b"));
            turn().await;
            b.cancel();
            turn().await;
            story.tell(format!("{} waits", barrier.waiting()));
            arrive("c");
            arrive("d");
            Ok(())
        })
        .await?;
        Ok(())
    });
    story.is(&["0 1 waits", "0 d 2", "0 a 0", "0 c 1", "0 run = ()"]); // indices in order of arrival
}

#[test]
fn an_event_that_is_cleared_before_the_waiter_runs_still_wakes_it() {
    let story = Story::new();
    story.run(async {
        let event = Event::new("ready");
        scope(async |s| {
            s.spawn(async {
                event.wait().await;
                story.tell(format!("woke, set: {}", event.is_set()));
                Ok(())
            });
            turn().await;
            event.set();
            event.clear();
            Ok(())
        })
        .await?;
        Ok(())
    });
    story.is(&["0 woke, set: false", "0 run = ()"]);
}

#[test]
fn set_and_cancelled_at_the_same_instant_the_others_wake_in_order() {
    let story = Story::new();
    story.run(async {
        let event = Event::new("ready");
        scope(async |s| {
            let wait = |name: &'static str| {
                let (story, event) = (&story, &event);
                s.spawn(async move {
                    event.wait().await;
                    story.tell(name);
                    Ok(())
                })
            };
            let tasks: Vec<Task<()>> = ["a", "b", "c"].map(wait).into();
            turn().await;
            story.tell(format!("{:?}", event.statistics()));
            event.set();
            tasks[1].cancel();
            Ok(())
        })
        .await?;
        event.wait().await; // at once
        Ok(event.statistics() == EventStatistics { set: true, waiting: 0 })
    });
    story.is(&["0 EventStatistics { set: false, waiting: 3 }", "0 a", "0 c", "0 run = true"]);
}

#[test]
fn a_barrier_that_lets_go_of_one_that_is_cancelled_lets_the_others_go() {
    let story = Story::new();
    story.run(async {
        let barrier = Barrier::new("line", 2);
        scope(async |s| {
            let arrive = |name: &'static str| {
                let (story, barrier) = (&story, &barrier);
                s.spawn(async move {
                    story.tell(format!("{name} {}", barrier.wait().await));
                    Ok(())
                })
            };
            let a = arrive("a");
            turn().await;
            let last = barrier.wait().await; // lets go
            a.cancel();
            turn().await;
            story.tell(format!("last {last}, {:?}", barrier.statistics()));
            arrive("b"); // the next round
            arrive("c");
            Ok(())
        })
        .await?;
        let BarrierStatistics { waiting, releases, .. } = barrier.statistics();
        Ok((waiting, releases))
    });
    story.is(&[
        "0 last 1, BarrierStatistics { parties: 2, waiting: 0, releases: 1 }",
        "0 c 1",
        "0 b 0",
        "0 run = (0, 2)",
    ]);
}
