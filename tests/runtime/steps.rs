//! What tests put in order with: numbered steps, waiting until all are blocked, and where a call suspends.

use taskscope::runtime::{Limiter, now, scope};
use taskscope::testing::{
    Sequencer, assert_does_not_suspend, assert_suspends, wait_all_blocked, wait_all_blocked_for,
};

use super::story::{Story, secs, sleep, turn};
use super::test;

#[test]
fn steps_come_in_the_order_of_their_numbers_however_they_are_asked_for() {
    let story = Story::new();
    story.run(async {
        let sequence = Sequencer::new();
        scope(async |s| {
            for number in [4, 2, 0, 3, 1] {
                let (sequence, story) = (&sequence, &story);
                s.spawn(async move {
                    let _step = sequence.step(number).await;
                    sleep(1.0).await; // the next waits for the end of this block
                    story.tell(number);
                    Ok(())
                });
            }
            Ok(())
        })
        .await?;
        Ok(())
    });
    story.is(&["1 0", "2 1", "3 2", "4 3", "5 4", "5 run = ()"]);
}

#[test]
fn a_step_that_is_cancelled_inside_its_block_is_over() {
    let story = Story::new();
    story.run(async {
        let sequence = Sequencer::new();
        scope(async |s| {
            let first = s.spawn(async {
                let _step = sequence.step(0).await;
                sleep(9.0).await;
                Ok(())
            });
            s.spawn(async {
                let _step = sequence.step(1).await;
                story.tell("second");
                Ok(())
            });
            sleep(1.0).await;
            first.cancel();
            Ok(())
        })
        .await?;
        Ok(())
    });
    story.is(&["1 second", "1 run = ()"]);
}

#[test]
fn a_step_that_never_comes_is_named_by_the_deadlock() {
    let story = Story::new();
    story.run(async {
        let sequence = Sequencer::new();
        drop(sequence.step(0).await);
        let _step = sequence.step(2).await;
        Ok(())
    });
    story.is(&["0 run: deadlock: main waits for event `step 2 of the sequence`"]);
}

#[cfg(not(target_arch = "wasm32"))] // where a panic is the end of the program
#[test]
#[should_panic(expected = "the sequence is broken: step 1 was cancelled before it began")]
fn a_step_that_is_cancelled_before_its_block_breaks_the_sequence() {
    Story::new().run(async {
        let sequence = Sequencer::new();
        scope(async |s| {
            let one = s.spawn(async {
                let _step = sequence.step(1).await;
                Ok(())
            });
            s.spawn(async {
                let _step = sequence.step(2).await;
                Ok(())
            });
            wait_all_blocked().await;
            one.cancel();
            Ok(())
        })
        .await?;
        Ok(())
    });
}

#[cfg(not(target_arch = "wasm32"))]
#[test]
#[should_panic(expected = "step 0 of the sequence is there twice")]
fn a_number_is_for_one_step() {
    Story::new().run(async {
        let sequence = Sequencer::new();
        drop(sequence.step(0).await);
        drop(sequence.step(0).await);
        Ok(())
    });
}

#[test]
fn several_wait_for_all_to_be_blocked_and_go_on_together() {
    let story = Story::new();
    story.run(async {
        scope(async |s| {
            for name in ["first", "second"] {
                let story = &story;
                s.spawn(async move {
                    wait_all_blocked().await;
                    story.tell(name);
                    turn().await;
                    wait_all_blocked().await;
                    story.tell(format!("{name} again"));
                    Ok(())
                });
            }
            s.spawn(async {
                for _ in 0..10 {
                    turn().await; // ready all along
                }
                story.tell("busy no more");
                sleep(1.0).await;
                story.tell("slept");
                Ok(())
            });
            Ok(())
        })
        .await?;
        Ok(())
    });
    story.is(&[
        "0 busy no more",
        "0 first", // the clock has not moved on
        "0 second",
        "0 first again",
        "0 second again",
        "1 slept",
        "1 run = ()",
    ]);
}

#[test]
fn a_cushion_waits_for_a_lull_and_the_shortest_goes_first() {
    let story = Story::new();
    story.run(async {
        scope(async |s| {
            s.spawn(async {
                for _ in 0..4 {
                    sleep(0.1).await;
                }
                sleep(0.3).await;
                story.tell("after a lull");
                Ok(())
            });
            for cushion in [0.5, 0.2, 0.0] {
                let story = &story;
                s.spawn(async move {
                    wait_all_blocked_for(secs(cushion)).await;
                    story.tell(format!("quiet for {cushion}"));
                    Ok(())
                });
            }
            Ok(())
        })
        .await?;
        // Nobody else is there: a lull begins now.
        wait_all_blocked_for(secs(1.0)).await;
        Ok(now().as_us())
    });
    story.is(&[
        "0 quiet for 0",
        "0.6 quiet for 0.2", // since 0.4
        "0.7 after a lull",
        "1.2 quiet for 0.5",
        "2.2 run = 2200000",
    ]);
}

#[test]
fn one_who_gave_up_is_not_waited_for() {
    let story = Story::new();
    story.run(async {
        let result = taskscope::runtime::timeout(secs(1.0), wait_all_blocked_for(secs(5.0))).await;
        story.tell(result.unwrap_err());
        std::future::pending::<()>().await;
        Ok(())
    });
    story.is(&[
        "1 timed out after 1s",
        "1 run: deadlock: main waits for something outside the run", // the clock does not go on to 5
    ]);
}

#[test]
fn a_call_suspends_or_does_not() {
    let story = Story::new();
    story.run(async {
        let door = Limiter::new(1);
        let permit = assert_does_not_suspend(door.acquire()).await;
        scope(async |s| {
            s.spawn(async {
                sleep(1.0).await;
                drop(permit);
                Ok(())
            });
            let _permit = assert_suspends(door.acquire()).await;
            Ok(())
        })
        .await?;
        assert_suspends(sleep(0.0)).await;
        assert_suspends(scope(async |_| Ok(()))).await?;
        Ok(())
    });
    story.is(&["1 run = ()"]);
}

#[cfg(not(target_arch = "wasm32"))]
#[test]
#[should_panic(expected = "did not suspend: it was over at its first poll")]
fn a_call_that_should_suspend_and_does_not() {
    Story::new().run(async {
        assert_suspends(std::future::ready(())).await;
        Ok(())
    });
}

#[cfg(not(target_arch = "wasm32"))]
#[test]
#[should_panic(expected = "tests/runtime/steps.rs:")]
fn a_call_that_should_not_suspend_and_does() {
    Story::new().run(async {
        assert_does_not_suspend(turn()).await;
        Ok(())
    });
}
