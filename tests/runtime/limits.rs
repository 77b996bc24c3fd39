//! Limiters: first come, first served, a large request is not overtaken, and nothing is lost on the way.

use std::cell::RefCell;
use std::pin::pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use taskscope::host::sim::SimHost;
use taskscope::runtime::{Limiter, LimiterStatistics, Permit, Result, Run, Scope, Task, defer, scope};

use super::story::{Story, secs, sleep, turn};
use super::test;

/// A child that acquires, tells, holds for a while.
async fn hold(story: &Story, limiter: &Limiter, name: u32, seconds: f64) -> Result<()> {
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
fn a_deadlock_names_every_wait_of_a_task_that_waits_for_two_things() {
    let story = Story::new();
    story.run(async {
        let (left, right) = (Limiter::named("left", 0), Limiter::named("right", 0));
        scope(async |s| {
            s.spawn_named("both", async {
                let brief = Limiter::named("brief", 0);
                let short = taskscope::runtime::timeout(secs(1.0), brief.acquire());
                let _ = futures::join!(left.acquire(), right.acquire(), short);
                Ok(())
            });
            Ok(())
        })
        .await?;
        Ok(())
    });
    story.is(&[
        "1 run: deadlock: main/scope/both waits for limiter `left` and for limiter `right`; \
         and because of that: main waits for the children of main/scope", // the third wait is over
    ]);
}

/// A child that acquires `amount`, tells, holds for a second.
fn hold_many<'env>(s: &Scope<'env>, story: &'env Story, limiter: &'env Limiter, amount: u64) -> Task<()> {
    s.spawn(async move {
        match limiter.acquire_many(amount).await {
            Ok(permit) => {
                story.tell(format!("{} held", permit.amount()));
                sleep(1.0).await;
            }
            Err(error) => story.tell(error),
        }
        Ok(())
    })
}

#[test]
fn a_limiter_of_none_admits_its_waiters_when_it_grows() {
    let story = Story::new();
    story.run(async {
        let limiter = Limiter::new(0);
        scope(async |s| {
            let waiters: Vec<Task<()>> =
                (1..=4).map(|name| s.spawn(hold(&story, &limiter, name, 9.0))).collect();
            turn().await;
            waiters[0].cancel();
            waiters[1].cancel();
            limiter.resize(1); // goes to the first, which has not left yet
            turn().await;
            turn().await;
            story.tell(format!("{:?}", limiter.statistics()));
            waiters[2].cancel();
            Ok(())
        })
        .await?;
        Ok(limiter.available())
    });
    story.is(&[
        "0 3",
        "0 LimiterStatistics { capacity: 1, held: 1, available: 0, waiting: 1, peak: 1 }",
        "0 4",
        "9 run = 1",
    ]);
}

#[test]
fn made_larger_and_smaller_under_its_holders_it_evicts_nobody_and_admits_nobody_too_early() {
    let story = Story::new();
    story.run(async {
        let limiter = Limiter::new(2);
        scope(async |s| {
            for name in 1..=6 {
                s.spawn(hold(&story, &limiter, name, f64::from(name)));
            }
            turn().await;
            limiter.resize(4);
            turn().await;
            limiter.resize(1);
            turn().await;
            let LimiterStatistics { capacity, held, available, waiting, peak } = limiter.statistics();
            story.tell(format!("{held} of {capacity}, {available} free, {waiting} wait, peak {peak}"));
            Ok(())
        })
        .await?;
        Ok(())
    });
    story.is(&[
        "0 1",
        "0 2",
        "0 3", // four of them now
        "0 4",
        "0 4 of 1, 0 free, 2 wait, peak 4", // nobody is evicted
        "4 5",                              // the fourth is back, at last one is free
        "9 6",
        "15 run = ()",
    ]);
}

#[test]
fn a_large_request_at_the_head_is_not_overtaken() {
    let story = Story::new();
    story.run(async {
        let limiter = Limiter::new(3);
        scope(async |s| {
            hold_many(&s, &story, &limiter, 2);
            hold_many(&s, &story, &limiter, 3);
            hold_many(&s, &story, &limiter, 1); // there is one, and the three were here first
            turn().await;
            story.tell(format!("{} free, try: {:?}", limiter.available(), limiter.try_acquire()));
            Ok(())
        })
        .await?;
        Ok(limiter.peak())
    });
    story.is(&["0 2 held", "0 1 free, try: None", "1 3 held", "2 1 held", "3 run = 3"]);
}

#[test]
fn a_large_request_that_leaves_lets_the_smaller_ones_through() {
    let story = Story::new();
    story.run(async {
        let limiter = Limiter::new(3);
        scope(async |s| {
            hold_many(&s, &story, &limiter, 1);
            let large = hold_many(&s, &story, &limiter, 3);
            hold_many(&s, &story, &limiter, 1);
            hold_many(&s, &story, &limiter, 1);
            turn().await;
            large.cancel();
            Ok(())
        })
        .await?;
        Ok(())
    });
    story.is(&["0 1 held", "0 1 held", "0 1 held", "1 run = ()"]);
}

#[test]
fn many_permits_handed_to_a_waiter_that_is_cancelled_at_the_same_instant() {
    let story = Story::new();
    story.run(async {
        let limiter = Limiter::new(2);
        scope(async |s| {
            let held = limiter.acquire_many(2).await?;
            let large = hold_many(&s, &story, &limiter, 2);
            hold_many(&s, &story, &limiter, 1);
            hold_many(&s, &story, &limiter, 1);
            turn().await;
            drop(held); // both to the large one
            large.cancel();
            Ok(())
        })
        .await?;
        Ok(limiter.available())
    });
    story.is(&["0 1 held", "0 1 held", "1 run = 2"]); // one each to the others
}

#[test]
fn a_request_above_the_capacity_is_an_error_at_once_and_one_that_gets_too_large_fails() {
    let story = Story::new();
    story.run(async {
        let limiter = Limiter::new(4);
        scope(async |s| {
            let _held = limiter.acquire().await;
            story.tell(format!("try: {}", limiter.try_acquire_many(5).unwrap_err()));
            hold_many(&s, &story, &limiter, 5);
            hold_many(&s, &story, &limiter, 4);
            hold_many(&s, &story, &limiter, 2);
            hold_many(&s, &story, &limiter, 3);
            turn().await;
            limiter.resize(2); // too few for the four and the three
            sleep(1.0).await;
            limiter.resize(0); // two are too many even so; single permits would wait
            Ok(())
        })
        .await?;
        Ok(limiter.waiting())
    });
    story.is(&[
        "0 try: 5 at once are more than the capacity of 4",
        "0 5 at once are more than the capacity of 4", // it does not queue behind anybody
        "0 4 at once are more than the capacity of 2",
        "0 3 at once are more than the capacity of 2",
        "1 2 at once are more than the capacity of 0",
        "1 run = 0",
    ]);
}

#[test]
fn a_permit_is_given_back_behind_the_cleanup_of_what_is_further_inside() {
    let story = Story::new();
    story.run(async {
        let limiter = Limiter::new(3);
        scope(async |s| {
            let holder: Task<()> = s.spawn(async {
                let _permits = limiter.acquire_many(3).await?;
                let told = story.clone();
                let _guard = defer(async move {
                    sleep(1.0).await;
                    told.tell("cleaned up");
                    Ok(())
                });
                std::future::pending().await
            });
            turn().await;
            s.spawn(hold(&story, &limiter, 1, 0.0));
            turn().await;
            holder.cancel();
            story.tell(format!("{} free", limiter.available()));
            Ok(())
        })
        .await?;
        Ok(limiter.available())
    });
    story.is(&["0 0 free", "1 cleaned up", "1 1", "1 run = 3"]);
}

#[test]
fn waiters_of_two_runs_stand_in_one_line() {
    let limiter = Limiter::new(1);
    let held: Rc<RefCell<Vec<Permit>>> = Rc::default();
    let run = |times: usize| {
        let (limiter, held) = (limiter.clone(), held.clone());
        let main = async move {
            for _ in 0..times {
                let permit = limiter.acquire().await;
                held.borrow_mut().push(permit);
            }
            Ok(())
        };
        Run::new(Rc::new(SimHost::new(0)), main).open_world()
    };
    let (mut first, mut second) = (pin!(run(2)), pin!(run(1)));
    let cx = &mut Context::from_waker(Waker::noop());
    assert!(first.as_mut().poll(cx).is_pending(), "it has the permit and waits for another");
    assert!(second.as_mut().poll(cx).is_pending(), "it waits behind");
    assert_eq!((held.borrow().len(), limiter.waiting()), (1, 2));
    held.take(); // given back from outside, to the first run
    assert!(second.as_mut().poll(cx).is_pending());
    assert!(matches!(first.as_mut().poll(cx), Poll::Ready(Ok(()))));
    held.take(); // to the second, whose line is another run's
    assert!(matches!(second.as_mut().poll(cx), Poll::Ready(Ok(()))));
    held.take();
    assert_eq!(limiter.statistics().held, 0);
}
