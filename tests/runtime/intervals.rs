//! Intervals: at a fixed rate, whatever the reader does, and what becomes of missed ticks.

use futures::StreamExt;
use taskscope::runtime::{Interval, MissedTicks, interval, interval_at, scope, timeout, work};
use taskscope::time::Time;

use super::story::{Story, instant, secs, sleep, turn};
use super::test;

/// Reads five ticks of 1 s; the reader is away from 1.25 to 3.5.
async fn five(story: &Story, mut ticks: Interval) {
    for number in 0..5 {
        let due = ticks.tick().await;
        story.tell(format!("due {}", instant(due)));
        sleep(if number == 1 { 2.5 } else { 0.0 }).await;
    }
}

#[test]
fn missed_ticks_are_skipped_made_up_for_or_shift_the_rate() {
    let told = |policy: MissedTicks| {
        let story = Story::new();
        story.run(async {
            five(&story, interval(secs(1.0)).missed(policy)).await;
            Ok(())
        });
        story.lines()
    };
    assert_eq!(
        told(MissedTicks::Skip),
        ["0 due 0", "1 due 1", "3.5 due 2", "4 due 4", "5 due 5", "5 run = ()"] // in step again
    );
    assert_eq!(
        told(MissedTicks::Burst),
        ["0 due 0", "1 due 1", "3.5 due 2", "3.5 due 3", "4 due 4", "4 run = ()"] // every one of them
    );
    assert_eq!(
        told(MissedTicks::Delay),
        ["0 due 0", "1 due 1", "3.5 due 2", "4.5 due 4.5", "5.5 due 5.5", "5.5 run = ()"] // a new beginning
    );
}

#[test]
fn the_work_between_two_ticks_does_not_shift_them() {
    let story = Story::new();
    story.run(async {
        let mut ticks = interval_at(Time::ZERO + secs(0.5), secs(1.0));
        for _ in 0..3 {
            story.tell(instant(ticks.tick().await));
            work(secs(0.25));
            sleep(0.5).await;
        }
        ticks.reset();
        story.tell(instant(ticks.tick().await));
        Ok(())
    });
    story.is(&["0.5 0.5", "1.5 1.5", "2.5 2.5", "4.25 4.25", "4.25 run = ()"]);
}

#[test]
fn a_tick_exactly_on_time_is_not_missed() {
    let story = Story::new();
    story.run(async {
        let mut ticks = interval(secs(1.0));
        for _ in 0..3 {
            story.tell(instant(ticks.tick().await));
            sleep(1.0).await; // comes back at the very instant of the next tick
        }
        Ok(())
    });
    story.is(&["0 0", "1 1", "2 2", "3 run = ()"]);
}

#[test]
fn a_wait_that_is_dropped_takes_no_tick_and_leaves_no_timer() {
    let story = Story::new();
    story.run(async {
        let mut ticks = interval(secs(1.0));
        ticks.tick().await;
        story.tell(timeout(secs(0.25), ticks.tick()).await.is_err());
        story.tell(timeout(secs(0.75), ticks.tick()).await.is_err()); // the deadline is at the tick, and wins
        story.tell(instant(ticks.tick().await));
        drop(ticks);
        std::future::pending::<()>().await;
        Ok(())
    });
    story.is(&["0.25 true", "1 true", "1 1", "1 run: deadlock: main waits for something outside the run"]);
}

#[test]
fn every_tick_lets_the_others_have_a_turn() {
    let story = Story::new();
    story.run(async {
        scope(async |s| {
            s.spawn(async {
                let mut ticks = interval(secs(1.0)).missed(MissedTicks::Burst).take(4);
                while let Some(due) = ticks.next().await {
                    story.tell(format!("tick {}", instant(due)));
                    if due == Time::ZERO {
                        work(secs(3.0));
                    }
                }
                Ok(())
            });
            s.spawn(async {
                for _ in 0..3 {
                    turn().await;
                    story.tell("other");
                }
                Ok(())
            });
            Ok(())
        })
        .await?;
        Ok(())
    });
    story.is(&[
        "0 tick 0",
        "3 other",
        "3 tick 1",
        "3 other",
        "3 tick 2",
        "3 other",
        "3 tick 3",
        "3 run = ()",
    ]);
}

#[test]
#[cfg(not(target_arch = "wasm32"))]
#[should_panic(expected = "a period longer than zero")]
fn no_period_at_all_is_refused() {
    drop(interval(secs(0.0)));
}
