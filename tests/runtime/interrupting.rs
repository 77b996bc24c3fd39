//! The harness that interrupts everywhere: what it finds in scenarios that are wrong.

use std::cell::RefCell;
use std::rc::Rc;

use taskscope::runtime::{Event, Limiter, scope};
use taskscope::testing::{Interruption, Scenario, interrupt_everywhere};

use super::story::sleep;
use super::test;

#[test]
fn every_turn_is_interrupted_in_every_way() {
    let seen: Rc<RefCell<Vec<Interruption>>> = Rc::default();
    let report = interrupt_everywhere(|| {
        let seen = seen.clone();
        Scenario::new(async {
            scope(async |s| {
                s.spawn_named("child", async {
                    sleep(2.0).await;
                    Ok(())
                });
                sleep(1.0).await;
                Ok(())
            })
            .await?;
            Ok(())
        })
        .check(move |interruption| seen.borrow_mut().push(interruption.clone()))
    });
    let seen: Vec<String> = seen.take().iter().map(Interruption::to_string).collect();
    assert_eq!(
        seen,
        [
            "not interrupted",
            "the scenario cancelled before turn 1, of main/scope/scenario, at 0.000000 s", // never polled
            "the scenario cancelled after turn 1, of main/scope/scenario, at 0.000000 s",
            "that task cancelled before turn 2, of main/scope/scenario/scope/child, at 0.000000 s",
            "the scenario cancelled before turn 2, of main/scope/scenario/scope/child, at 0.000000 s",
            "that task cancelled after turn 2, of main/scope/scenario/scope/child, at 0.000000 s",
            "the scenario cancelled after turn 2, of main/scope/scenario/scope/child, at 0.000000 s",
            "the scenario cancelled before turn 3, of main/scope/scenario, at 1.000000 s", // its pause is over
            "the scenario cancelled after turn 3, of main/scope/scenario, at 1.000000 s",
            "that task cancelled before turn 4, of main/scope/scenario/scope/child, at 2.000000 s",
            "the scenario cancelled before turn 4, of main/scope/scenario/scope/child, at 2.000000 s",
        ]
    );
    assert_eq!((report.points, report.runs), (3, 11));
    assert_eq!(report.deadlocks, Vec::<String>::new());
}

#[test]
fn who_is_left_waiting_for_ever_is_reported_and_cancelled() {
    let report = interrupt_everywhere(|| async {
        let ready = Event::new("ready");
        scope(async |s| {
            s.spawn_named("sets", async {
                sleep(1.0).await;
                ready.set();
                Ok(())
            });
            s.spawn_named("waits", async {
                ready.wait().await;
                Ok(())
            });
            Ok(())
        })
        .await?;
        Ok(())
    });
    assert_eq!(report.deadlocks.len(), 3, "before its first turn, after it, and before the second");
    assert_eq!(
        report.deadlocks[0],
        "that task cancelled before turn 2, of main/scope/scenario/scope/sets, at 0.000000 s: deadlock: \
         main/scope/scenario/scope/waits waits for event `ready`; \
         and because of that: main waits for the children of main/scope; \
         main/scope/scenario waits for the children of main/scope/scenario/scope"
    );
    assert_eq!(report.to_string(), "3 points, 15 runs, 3 of which ended in a deadlock");
}

#[test]
fn each_order_of_the_run_queue_is_interrupted_where_it_suspends() {
    for seed in 0..20 {
        let report = interrupt_everywhere(|| {
            let door = Limiter::new(1);
            let free = door.clone();
            Scenario::new(async move {
                scope(async |s| {
                    for _ in 0..3 {
                        s.spawn(async {
                            let _permit = door.acquire().await;
                            sleep(0.1).await;
                            Ok(())
                        });
                    }
                    Ok(())
                })
                .await?;
                Ok(())
            })
            .check(move |_| assert_eq!((free.available(), free.waiting()), (1, 0)))
            .seeded(seed)
            .shuffled(seed)
        });
        assert_eq!((report.points, report.deadlocks.len()), (6, 0));
    }
}

/// What is wrong in these is found, so each of them panics; in the browser a panic is the end of the program.
#[cfg(not(target_arch = "wasm32"))]
mod found {
    use std::cell::{Cell, RefCell};
    use std::rc::Rc;

    use taskscope::runtime::{Limiter, Result, Task, collect, scope};
    use taskscope::testing::{Scenario, When, Whom, interrupt_everywhere};

    use super::super::story::{secs, sleep};
    use super::super::test;

    /// A lock that is taken, a pause, and given back by hand: what a guard is for.
    async fn by_hand(locked: Rc<Cell<bool>>) -> Result<()> {
        locked.set(true);
        sleep(1.0).await;
        locked.set(false);
        Ok(())
    }

    #[test]
    #[should_panic(
        expected = "the scenario cancelled after turn 1, of main/scope/scenario, at 0.000000 s: still locked"
    )]
    fn something_given_back_by_hand_is_not() {
        interrupt_everywhere(|| {
            let locked = Rc::new(Cell::new(false));
            let after = locked.clone();
            Scenario::new(by_hand(locked))
                .check(move |interruption| assert!(!after.get(), "{interruption}: still locked"))
        });
    }

    #[test]
    #[should_panic(expected = "at 0.000000 s: the scenario panicked: still locked")]
    fn an_assertion_inside_the_scenario() {
        interrupt_everywhere(|| {
            let locked = Rc::new(Cell::new(false));
            async move {
                // Whoever is cancelled leaves it locked, and the other one notices; its error is not looked at.
                let _ = collect(async |s| {
                    s.spawn(by_hand(locked.clone()));
                    s.spawn(async {
                        sleep(1.0).await;
                        sleep(0.0).await;
                        assert!(!locked.get(), "still locked");
                        Ok(())
                    });
                    Ok(())
                })
                .await;
                Ok(())
            }
        });
    }

    #[test]
    #[should_panic(expected = "it leaves limiter `limiter`, held by")]
    fn a_permit_that_is_kept_elsewhere() {
        interrupt_everywhere(|| {
            let door = Limiter::new(1);
            let kept = Rc::new(RefCell::new(None));
            let (taken, also) = (kept.clone(), door.clone());
            Scenario::new(async move {
                taken.replace(Some(also.acquire().await));
                sleep(1.0).await;
                taken.take();
                Ok(())
            })
            .check(move |_| drop((kept, door)))
        });
    }

    /// Knows itself, and so is never dropped.
    struct Ring {
        _task: Task<()>,
        _itself: Rc<RefCell<Option<Ring>>>,
    }

    #[test]
    #[should_panic(expected = "something keeps the run alive")]
    fn a_task_handle_that_is_never_dropped() {
        interrupt_everywhere(|| async {
            let ring: Rc<RefCell<Option<Ring>>> = Rc::default();
            scope(async |s| {
                let _task = s.spawn(async { Ok(()) });
                ring.replace(Some(Ring { _task, _itself: ring.clone() }));
                Ok(())
            })
            .await?;
            Ok(())
        });
    }

    #[test]
    #[should_panic(expected = "the scenario is not the same twice")]
    fn a_scenario_that_differs_from_run_to_run() {
        let times = Cell::new(0);
        interrupt_everywhere(|| {
            times.set(times.get() + 1);
            let children = times.get();
            async move {
                scope(async |s| {
                    for _ in 0..children {
                        s.spawn(async {
                            sleep(1.0).await;
                            Ok(())
                        });
                    }
                    Ok(())
                })
                .await?;
                sleep(1.0).await;
                Ok(())
            }
        });
    }

    #[test]
    #[should_panic(expected = "no end after 100000 turns")]
    fn a_scenario_without_an_end() {
        interrupt_everywhere(|| async {
            loop {
                sleep(0.001).await;
            }
        });
    }

    #[test]
    fn what_is_printed_of_an_interruption_can_be_asked_for() {
        let ways = Rc::new(RefCell::new(Vec::new()));
        interrupt_everywhere(|| {
            let ways = ways.clone();
            let body: Result<()> = Ok(());
            Scenario::new(async move {
                taskscope::runtime::timeout(secs(1.0), sleep(0.5)).await?;
                body
            })
            .check(move |at| ways.borrow_mut().push((at.turn, at.when, at.whom, at.at.as_us())))
        });
        let [_, before, after, last] = ways.take()[..] else { panic!("four runs") };
        assert_eq!(before, (1, When::Before, Whom::Scenario, 0));
        assert_eq!(after, (1, When::After, Whom::Scenario, 0));
        assert_eq!(last, (2, When::Before, Whom::Scenario, 500_000));
    }
}
