//! Limiters and locks: first come, first served, and nothing is lost on the way.

use taskscope::runtime::{Event, Limiter, Permit, Task, scope};

use super::story::{Story, sleep, turn};
use super::test;

/// A child that acquires, tells, holds for a while.
async fn hold(story: &Story, limiter: &Limiter, name: u32, seconds: f64) -> taskscope::runtime::Result<()> {
    let _permit = limiter.acquire().await;
    story.tell(name);
    sleep(seconds).await;
    Ok(())
}

#[test]
fn four_wait_two_are_cancelled_and_the_release_goes_to_the_third() {
    let story = Story::new();
    story.run(async {
        let limiter = Limiter::new(1);
        let nobody = Limiter::new(0);
        scope(async |s| {
            let held: Permit = limiter.acquire().await;
            let waiters: Vec<Task<()>> =
                (1..=4).map(|name| s.spawn(hold(&story, &limiter, name, 0.0))).collect();
            turn().await;
            story.tell(format!("{} wait, {} free of none", limiter.waiting(), nobody.available()));
            assert!(nobody.try_acquire().is_none());
            waiters[0].cancel();
            waiters[1].cancel();
            sleep(1.0).await;
            drop(held);
            Ok(())
        })
        .await?;
        Ok(limiter.available())
    });
    story.is(&[
        "0 4 wait, 0 free of none",
        "1 3", // the first who is still there
        "1 4",
        "1 run = 1",
    ]);
}

#[test]
fn released_to_a_waiter_that_is_cancelled_at_the_same_instant() {
    for owned in [false, true] {
        let story = Story::new();
        story.run(async {
            let lock = Limiter::lock("lock");
            scope(async |s| {
                let held = lock.acquire().await;
                let (told, wanted) = (story.clone(), lock.clone());
                let body = async move { hold(&told, &wanted, 1, 0.0).await };
                let first = if owned { s.spawn_owned(body) } else { s.spawn(body) };
                s.spawn(hold(&story, &lock, 2, 0.0));
                turn().await;
                drop(held); // handed to the first
                first.cancel();
                Ok(())
            })
            .await?;
            Ok(lock.available())
        });
        story.is(&[
            "0 2",       // passed on
            "0 run = 1", // and back in the end
        ]);
    }
}

#[test]
fn one_permit_and_three_who_come_again_take_turns() {
    let story = Story::new();
    story.run(async {
        let limiter = Limiter::new(1);
        scope(async |s| {
            for name in 1..=3 {
                let (story, limiter) = (&story, &limiter);
                s.spawn(async move {
                    for _ in 0..2 {
                        hold(story, limiter, name, 1.0).await?;
                    }
                    Ok(())
                });
            }
            Ok(())
        })
        .await?;
        Ok(())
    });
    story.is(&["0 1", "1 2", "2 3", "3 1", "4 2", "5 3", "6 run = ()"]); // who comes again queues behind
}

#[test]
fn nobody_barges_in_between_a_release_and_the_turn_of_the_waiter() {
    let story = Story::new();
    story.run(async {
        let limiter = Limiter::new(1);
        scope(async |s| {
            let held = limiter.acquire().await;
            s.spawn(hold(&story, &limiter, 1, 0.0));
            turn().await;
            drop(held);
            story.tell(format!("try: {}", limiter.try_acquire().is_some()));
            Ok(())
        })
        .await?;
        Ok(())
    });
    story.is(&["0 try: false", "0 1", "0 run = ()"]); // direct hand-off
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
fn a_deadlock_says_who_waits_for_what_and_who_holds_it() {
    let story = Story::new();
    story.run(async {
        let (left, right) = (Limiter::lock("left"), Limiter::lock("right"));
        scope(async |s| {
            for (name, first, second) in [("a", &left, &right), ("b", &right, &left)] {
                s.spawn_named(name, async move {
                    let _first = first.acquire().await;
                    sleep(1.0).await;
                    let _second = second.acquire().await;
                    Ok(())
                });
            }
            Ok(())
        })
        .await?;
        Ok(())
    });
    story.is(&["1 run: deadlock: main waits for the children of main/scope; \
         main/scope/a waits for lock `right`, held by main/scope/b; \
         main/scope/b waits for lock `left`, held by main/scope/a"]);
}

#[test]
fn a_deadlock_names_every_wait_of_a_task_that_waits_for_two_things() {
    let story = Story::new();
    story.run(async {
        let (left, right) = (Limiter::named("left", 0), Limiter::named("right", 0));
        scope(async |s| {
            s.spawn_named("both", async {
                let brief = Limiter::named("brief", 0);
                let short = taskscope::runtime::timeout(super::story::secs(1.0), brief.acquire());
                let _ = futures::join!(left.acquire(), right.acquire(), short);
                Ok(())
            });
            Ok(())
        })
        .await?;
        Ok(())
    });
    story.is(&[
        "1 run: deadlock: main waits for the children of main/scope; \
         main/scope/both waits for limiter `left` and for limiter `right`", // the third wait is over
    ]);
}
