//! Races: who wins, what becomes of the others, and when.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use taskscope::runtime::{Error, NoWinner, Race, Result, TaskError, defer, race, race_ok, timeout};

use super::interrupt::at_each_suspension;
use super::story::{Story, group_tree, secs, sleep, tree};
use super::test;

/// Sleeps, and gives its name; tells when its cleanup, which takes a second, is done.
async fn contender(story: Story, name: &'static str, seconds: f64) -> Result<&'static str> {
    let told = story.clone();
    let guard = defer(async move {
        sleep(1.0).await;
        told.tell(format!("{name} clean"));
        Ok(())
    });
    sleep(seconds).await;
    guard.disarm();
    story.tell(format!("{name} ends"));
    Ok(name)
}

#[test]
fn the_first_wins_and_the_losers_have_cleaned_up() {
    let story = Story::new();
    story.run(async {
        race(async |r| {
            r.spawn(contender(story.clone(), "slow", 3.0));
            r.spawn(contender(story.clone(), "quick", 1.0));
            r.spawn(contender(story.clone(), "middling", 2.0));
            Ok(())
        })
        .await
    });
    story.is(&[
        "1 quick ends",
        "2 slow clean", // cancelled together at 1
        "2 middling clean",
        "2 run = \"quick\"", // nobody is left when it returns
    ]);
}

#[test]
fn two_end_at_one_instant() {
    let story = Story::new();
    story.run(async {
        race(async |r| {
            r.spawn(contender(story.clone(), "first", 1.0));
            r.spawn(contender(story.clone(), "second", 1.0));
            Ok(())
        })
        .await
    });
    story.is(&[
        "1 first ends",
        "1 second ends", // ahead of the race's own turn in the run queue
        "1 run = \"first\"",
    ]);
}

#[test]
fn a_failure_wins_a_race_and_is_raised_as_it_is() {
    let story = Story::new();
    story.run(async {
        let result: Result<()> = race(async |r: Race<'_, ()>| {
            r.spawn(async {
                sleep(1.0).await;
                Err(Error::msg("refused"))
            });
            r.spawn(async {
                let _guard = story.guard("loser dropped");
                sleep(2.0).await;
                Ok(())
            });
            Ok(())
        })
        .await;
        story.tell(tree(&result.unwrap_err()));
        Ok(())
    });
    story.is(&["1 loser dropped", "1 refused", "1 run = ()"]); // no group around a single error
}

#[test]
fn in_race_ok_failures_are_forgotten_once_somebody_succeeds() {
    let story = Story::new();
    story.run(async {
        let winner = race_ok(async |r| {
            for (name, seconds) in [("a", 1.0), ("b", 2.0)] {
                r.spawn(async move {
                    sleep(seconds).await;
                    Err(Error::msg(name))
                });
            }
            r.spawn(contender(story.clone(), "c", 3.0));
            r.spawn(contender(story.clone(), "d", 4.0));
            Ok(())
        })
        .await?;
        Ok(winner)
    });
    story.is(&["3 c ends", "4 d clean", "4 run = \"c\""]);
}

#[test]
fn race_ok_without_a_success_gives_every_error() {
    let story = Story::new();
    story.run(async {
        let result = race_ok(async |r: Race<'_, ()>| {
            for (name, seconds) in [("late", 2.0), ("early", 1.0)] {
                r.spawn_named(name, async move {
                    sleep(seconds).await;
                    Err(Error::msg(name))
                });
            }
            Ok(())
        })
        .await;
        story.tell(group_tree(&result.unwrap_err()));
        Ok(())
    });
    story.is(&["2 {cause early, cause late}", "2 run = ()"]); // in the order in which they came up
}

#[test]
fn nobody_takes_part_or_everybody_drops_out() {
    let story = Story::new();
    story.run(async {
        let none: Result<u32> = race(async |_| Ok(())).await;
        story.tell(none.unwrap_err().downcast_ref::<NoWinner>().is_some());
        let none = race_ok(async |_: Race<'_, u32>| Ok(())).await.unwrap_err();
        story.tell(none.single().unwrap().downcast_ref::<NoWinner>().is_some());
        let out: Result<u32> = race(async |r| {
            let task = r.spawn(async {
                sleep(9.0).await;
                Ok(1)
            });
            sleep(1.0).await;
            task.cancel();
            Ok(())
        })
        .await;
        story.tell(out.unwrap_err());
        Ok(())
    });
    story.is(&[
        "0 true",
        "0 true",
        "1 nobody won the race: no contender was left", // one that is cancelled on its own does not decide
        "1 run = ()",
    ]);
}

#[test]
fn a_body_that_is_still_at_it_is_cancelled_with_the_losers() {
    let story = Story::new();
    story.run(async {
        race(async |r| {
            let _guard = story.guard("body dropped");
            r.spawn(contender(story.clone(), "a", 1.0));
            sleep(5.0).await;
            r.spawn(contender(story.clone(), "never", 0.0));
            Ok(())
        })
        .await
    });
    story.is(&["1 a ends", "1 body dropped", "1 run = \"a\""]);
}

#[test]
fn a_body_that_fails_cancels_the_race() {
    let story = Story::new();
    story.run(async {
        let result: Result<&str> = race(async |r| {
            r.spawn(contender(story.clone(), "a", 5.0));
            sleep(1.0).await;
            Err(Error::msg("body"))
        })
        .await;
        story.tell(tree(&result.unwrap_err()));
        Ok(())
    });
    story.is(&["2 a clean", "2 body", "2 run = ()"]);
}

#[test]
fn a_loser_whose_cleanup_fails_is_not_swallowed() {
    let story = Story::new();
    story.run(async {
        let result = race(async |r| {
            r.spawn(contender(story.clone(), "winner", 1.0));
            r.spawn(async {
                let _guard = defer(async { Err(Error::msg("cannot close")) });
                sleep(2.0).await;
                Ok("loser")
            });
            Ok(())
        })
        .await;
        story.tell(tree(&result.unwrap_err()));
        Ok(())
    });
    story.is(&["1 winner ends", "1 cannot close", "1 run = ()"]); // no error is lost, rather the value
}

#[test]
fn cancelled_from_outside_at_the_instant_of_the_decision() {
    let story = Story::new();
    story.run(async {
        let result = timeout(
            secs(1.0),
            race(async |r| {
                r.spawn(contender(story.clone(), "a", 1.0));
                r.spawn(contender(story.clone(), "b", 2.0));
                Ok(())
            }),
        )
        .await;
        story.tell(result.map(|won| won.is_ok()).unwrap_err());
        Ok(())
    });
    story.is(&[
        "2 a clean", // the deadline comes first: nobody wins
        "2 b clean",
        "2 timed out after 1s", // and reports when everybody has cleaned up
        "2 run = ()",
    ]);
}

#[test]
fn contenders_borrow_and_know_each_other() {
    let story = Story::new();
    story.run(async {
        let tries = Cell::new(0);
        let won = race(async |r| {
            let (again, tries) = (r.clone(), &tries);
            r.spawn(async move {
                tries.set(tries.get() + 1);
                sleep(1.0).await;
                again.spawn(async move {
                    tries.set(tries.get() + 1);
                    Ok("spawned by a contender")
                });
                sleep(9.0).await;
                Ok("spawner")
            });
            Ok(())
        })
        .await?;
        Ok((won, tries.get()))
    });
    story.is(&["1 run = (\"spawned by a contender\", 2)"]);
}

#[test]
fn a_contender_can_be_awaited_and_a_loser_was_cancelled() {
    let story = Story::new();
    story.run(async {
        let loser = RefCell::new(None);
        let won = race(async |r| {
            r.spawn(contender(story.clone(), "a", 1.0));
            loser.replace(Some(r.spawn(contender(story.clone(), "b", 2.0))));
            Ok(())
        })
        .await?;
        let Some(Err(TaskError::Cancelled { path, .. })) = loser.take().unwrap().try_take() else {
            return Err(Error::msg("the loser has a value"));
        };
        story.tell(path);
        Ok(won)
    });
    story.is(&["1 a ends", "2 b clean", "2 main/race/task#2", "2 run = \"a\""]);
}

#[test]
fn cancelled_at_each_suspension_a_race_leaves_nothing() {
    let report = at_each_suspension(
        |open: Rc<Cell<i32>>| async move {
            let won = race(async |r| {
                for seconds in [2.0, 1.0, 3.0] {
                    let open = open.clone();
                    r.spawn(async move {
                        open.set(open.get() + 1);
                        let _guard = defer(async move {
                            sleep(0.5).await;
                            open.set(open.get() - 1);
                            Ok(())
                        });
                        sleep(seconds).await;
                        Ok(seconds)
                    });
                }
                sleep(0.25).await;
                Ok(())
            })
            .await?;
            assert!(won < 3.0, "two were there before");
            Ok(())
        },
        |at, open| assert_eq!(open.get(), 0, "{at}"),
    );
    assert!(report.deadlocks.is_empty(), "{report}");
    assert!(report.points >= 5, "{report}");
}
