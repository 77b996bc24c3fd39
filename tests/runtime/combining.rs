//! Combinators that are not ours, around scopes whose children borrow: no turn is lost.

use std::cell::Cell;
use std::pin::pin;

use futures::future::{Either, join_all, select};
use futures::stream::{FuturesUnordered, StreamExt};
use taskscope::runtime::{Limiter, defer, scope};

use super::story::{Story, secs, sleep, turn};
use super::test;

/// A scope with two children that borrow, which tell when they end.
async fn pair(story: &Story, names: [&str; 2], seconds: f64) -> taskscope::runtime::Result<usize> {
    let ended = Cell::new(0);
    scope(async |s| {
        for (index, name) in names.into_iter().enumerate() {
            let ended = &ended;
            s.spawn(async move {
                turn().await;
                sleep(seconds * (index + 1) as f64).await;
                story.tell(name);
                ended.set(ended.get() + 1);
                Ok(())
            });
        }
        Ok(())
    })
    .await?;
    Ok(ended.get())
}

#[test]
fn two_scopes_side_by_side_in_one_task() {
    let story = Story::new();
    story.run(async {
        let (left, right) = futures::join!(pair(&story, ["a", "b"], 1.0), pair(&story, ["c", "d"], 1.5),);
        Ok((left?, right?))
    });
    story.is(&["1 a", "1.5 c", "2 b", "3 d", "3 run = (2, 2)"]);
}

#[test]
fn many_scopes_under_a_combinator_that_polls_only_what_woke() {
    let story = Story::new();
    story.run(async {
        let mut all = FuturesUnordered::new();
        for (names, seconds) in [(["a", "b"], 1.0), (["c", "d"], 1.5), (["e", "f"], 0.25)] {
            all.push(pair(&story, names, seconds));
        }
        let mut ended = 0;
        while let Some(result) = all.next().await {
            ended += result?;
            story.tell(format!("{ended} so far"));
        }
        Ok(())
    });
    story.is(&[
        "0.25 e",
        "0.5 f",
        "0.5 2 so far", // each scope reports by itself
        "1 a",
        "1.5 c",
        "2 b",
        "2 4 so far",
        "3 d",
        "3 6 so far",
        "3 run = ()",
    ]);
}

#[test]
fn fifty_scopes_under_a_combinator_that_yields_early() {
    let story = Story::new();
    story.run(async {
        let results = join_all((0..50).map(|_| async {
            let count = Cell::new(0);
            scope(async |s| {
                for _ in 0..20 {
                    s.spawn(async {
                        turn().await;
                        sleep(1.0).await;
                        turn().await;
                        count.set(count.get() + 1);
                        Ok(())
                    });
                }
                Ok(())
            })
            .await
            .map(|()| count.get())
        }))
        .await;
        let total: i32 = results.into_iter().map(|result| result.unwrap_or(-1)).sum();
        Ok(total)
    });
    story.is(&["1 run = 1000"]);
}

#[test]
fn a_scope_set_aside_half_way_and_taken_up_again() {
    let story = Story::new();
    story.run(async {
        let scoped = pin!(pair(&story, ["a", "b"], 1.0));
        let Either::Left(((), scoped)) = select(pin!(sleep(1.0)), scoped).await else {
            return Ok(0);
        };
        story.tell("set aside, with a child that is due");
        sleep(5.0).await;
        story.tell("taken up");
        scoped.await
    });
    story.is(&[
        "1 set aside, with a child that is due",
        "6 taken up",
        "6 a", // the turns that went by are asked for again
        "6 b",
        "6 run = 2",
    ]);
}

#[test]
fn a_scope_that_is_moved_to_another_task_after_its_first_poll() {
    let story = Story::new();
    story.run(async {
        let mut scoped = Box::pin(pair(&story, ["a", "b"], 1.0));
        let first = futures::poll!(&mut scoped);
        story.tell(format!("begun, ready: {}", first.is_ready()));
        scope(async |s| {
            s.spawn_named("keeper", async move {
                scoped.await?;
                Ok(())
            });
            Ok(())
        })
        .await?;
        Ok(())
    });
    story.is(&["0 begun, ready: false", "1 a", "2 b", "2 run = ()"]); // its children follow it
}

#[test]
fn the_loser_of_a_select_cleans_up_before_its_task_ends() {
    let story = Story::new();
    story.run(async {
        scope(async |s| {
            s.spawn(async {
                let told = story.clone();
                let loser = pin!(async {
                    scope(async |inner| {
                        let told = told.clone();
                        inner.spawn(async {
                            let _guard = defer(async move {
                                sleep(0.5).await;
                                told.tell("loser's child clean");
                                Ok(())
                            });
                            sleep(9.0).await;
                            Ok(())
                        });
                        Ok(())
                    })
                    .await
                });
                futures::select_biased! {
                    _ = futures::FutureExt::fuse(loser) => story.tell("never"),
                    () = futures::FutureExt::fuse(sleep(1.0)) => story.tell("won"),
                }
                Ok(())
            });
            Ok(())
        })
        .await?;
        Ok(())
    });
    story.is(&[
        "1 won",
        "1.5 loser's child clean", // nothing outlives the scope, a dropped one neither
        "1.5 run = ()",
    ]);
}

#[test]
fn waits_in_one_task_are_served_each_by_itself() {
    let story = Story::new();
    story.run(async {
        let limiter = Limiter::new(1);
        let first = async {
            let _permit = limiter.acquire().await;
            story.tell("first");
            sleep(1.0).await;
        };
        let second = async {
            let _permit = limiter.acquire().await;
            story.tell("second");
        };
        let late = taskscope::runtime::timeout(secs(0.5), limiter.acquire());
        let mut all: FuturesUnordered<std::pin::Pin<Box<dyn Future<Output = ()> + '_>>> =
            FuturesUnordered::new();
        all.push(Box::pin(first));
        all.push(Box::pin(second));
        all.push(Box::pin(async {
            story.tell(late.await.map(drop).unwrap_err());
        }));
        while all.next().await.is_some() {}
        Ok(limiter.available())
    });
    story.is(&["0 first", "0.5 timed out after 500ms", "1 second", "1 run = 1"]);
}
