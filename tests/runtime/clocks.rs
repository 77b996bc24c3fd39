//! The clock that a test moves: each sleeper sees its own instant, and what was looked at has settled.

use taskscope::runtime::{RunError, defer, now, scope, timeout, work};
use taskscope::testing::{Clock, Story, wait_all_blocked};
use taskscope::time::Time;

use super::story::{secs, sleep};
use super::test;

#[test]
fn an_advance_stops_at_every_instant_on_the_way_and_settles() {
    let clock = Clock::paused();
    let story = Story::on(clock.host());
    let result = clock.run(async {
        scope(async |s| {
            for seconds in [3.0, 1.0, 2.0] {
                let story = &story;
                s.spawn(async move {
                    sleep(seconds).await;
                    story.tell(format!("slept {seconds}"));
                    sleep(0.5).await; // set on the way, and due on the way
                    story.tell(format!("and {seconds} more"));
                    Ok(())
                });
            }
            clock.advance(secs(2.25)).await;
            story.tell("-- 2.25");
            clock.advance(secs(0.25)).await;
            story.tell("-- 2.5");
            clock.advance(secs(10.0)).await;
            story.tell("-- 12.5");
            Ok(())
        })
        .await?;
        Ok(())
    });
    result.unwrap();
    story.assert_story(&[
        "1 slept 1",
        "1.5 and 1 more",
        "2 slept 2",
        "2.25 -- 2.25", // the clock stands where it was sent
        "2.5 and 2 more",
        "2.5 -- 2.5", // who is due at the very instant is ahead of who looks
        "3 slept 3",
        "3.5 and 3 more",
        "12.5 -- 12.5",
    ]);
}

#[test]
fn step_by_step_from_instant_to_instant() {
    let clock = Clock::paused();
    let story = Story::on(clock.host());
    let result = clock.run(async {
        scope(async |s| {
            s.spawn(async {
                let slow = timeout(secs(0.4), async {
                    let told = story.clone();
                    let _guard = defer(async move {
                        sleep(0.2).await;
                        told.tell("cleaned up");
                        Ok(())
                    });
                    sleep(9.0).await;
                });
                story.tell(slow.await.unwrap_err());
                Ok(())
            });
            while let Some(instant) = clock.advance_to_next().await {
                story.tell(format!("-- {instant}"));
            }
            story.tell("nobody waits for an instant");
            Ok(())
        })
        .await?;
        Ok(())
    });
    result.unwrap();
    story.assert_story(&[
        "0.4 -- 0.400000", // the deadline; the timer of the sleep went with it
        "0.6 cleaned up",
        "0.6 timed out after 400ms",
        "0.6 -- 0.600000",
        "0.6 nobody waits for an instant",
    ]);
}

#[test]
fn a_paused_clock_that_nobody_moves_is_a_deadlock_that_says_so() {
    let clock = Clock::paused();
    let result = clock.run(async {
        clock.advance(secs(2.0)).await;
        sleep(1.0).await;
        Ok(())
    });
    let Err(RunError::Stuck(stuck)) = result else { panic!("{result:?}") };
    assert_eq!(
        stuck.to_string(),
        "deadlock: main sleeps until 3 s; the clock is paused at 2.000000 s and nobody moves it"
    );
}

#[test]
fn paused_and_resumed_on_the_way() {
    let clock = Clock::automatic(0);
    let story = Story::on(clock.host());
    let result = clock.run(async {
        scope(async |s| {
            s.spawn(async {
                for _ in 0..3 {
                    sleep(1.0).await;
                    story.tell("tick");
                }
                Ok(())
            });
            sleep(1.5).await;
            clock.pause();
            story.tell("paused");
            wait_all_blocked().await;
            work(secs(0.25)); // says itself how long it takes
            clock.advance(secs(0.1)).await;
            story.tell("resumed");
            clock.resume();
            Ok(())
        })
        .await?;
        Ok(())
    });
    result.unwrap();
    story.assert_story(&["1 tick", "1.5 paused", "1.85 resumed", "2 tick", "3 tick"]);
}

#[test]
fn two_who_move_it_both_come_to_their_instants() {
    let clock = Clock::paused();
    let story = Story::on(clock.host());
    let result = clock.run(async {
        scope(async |s| {
            for seconds in [5.0, 2.0] {
                let (clock, story) = (&clock, &story);
                s.spawn(async move {
                    clock.advance(secs(seconds)).await;
                    story.tell(seconds);
                    Ok(())
                });
            }
            // Given up half way: the leave to go on is taken back.
            let _ = timeout(secs(1.0), clock.advance(secs(99.0))).await;
            story.tell("given up");
            Ok(())
        })
        .await?;
        Ok(now())
    });
    assert_eq!(result.unwrap(), Time::from_us(5_000_000));
    story.assert_story(&["1 given up", "2 2", "5 5"]);
}

#[cfg(not(target_arch = "wasm32"))] // where a panic is the end of the program
#[test]
#[should_panic(
    expected = "the clock is paused at 0.000000 s and nobody moves it: drive the run with `Clock::run`"
)]
fn a_paused_clock_under_another_driver_does_not_hang() {
    let run = taskscope::runtime::Run::new(Clock::paused().host(), async {
        sleep(1.0).await;
        Ok(())
    });
    let _ = taskscope::runtime::block_on(run);
}
