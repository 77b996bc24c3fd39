//! Other orders of the run queue: what holds in all of them.

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::rc::Rc;

use taskscope::event::Outcome;
use taskscope::host::sim::SimHost;
use taskscope::runtime::{
    Barrier, Event, Limiter, Queue, Run, RunError, block_on, collect, defer, scope, shield, timeout,
};
use taskscope::trace::Recorder;

use super::story::{fail_after, orderly, secs, sleep, turn};
use super::test;

/// As many as are tried; fewer where the program is not optimised and runs in a page.
const SEEDS: u64 = if cfg!(target_arch = "wasm32") { 50 } else { 300 };

/// Runs under each seed.
fn in_every_order<T: std::fmt::Debug>(
    mut main: impl AsyncFnMut() -> taskscope::runtime::Result<T>,
) -> Vec<T> {
    let mut values = Vec::new();
    for seed in 0..SEEDS {
        let recorder = Rc::new(Recorder::new(100_000));
        let run = Run::with_observer(Rc::new(SimHost::new(0)), Some(recorder.clone()), main()).shuffled(seed);
        let result = block_on(run);
        orderly(recorder.take(), if result.is_ok() { Outcome::Ok } else { Outcome::Failed });
        values.push(result.unwrap_or_else(|error| panic!("seed {seed}: {error}")));
    }
    values
}

/// The letters of four children in the order of their turns, twice.
fn letters(seed: u64) -> String {
    let order = RefCell::new(String::new());
    let main = async {
        scope(async |s| {
            for letter in 'a'..='d' {
                let order = &order;
                s.spawn(async move {
                    order.borrow_mut().push(letter);
                    turn().await;
                    order.borrow_mut().push(letter);
                    Ok(())
                });
            }
            Ok(())
        })
        .await?;
        Ok(())
    };
    block_on(Run::new(Rc::new(SimHost::new(0)), main).shuffled(seed)).unwrap();
    order.into_inner()
}

#[test]
fn the_same_seed_gives_the_same_order_and_all_orders_come_up() {
    assert_eq!(letters(7), letters(7));
    let orders: BTreeSet<String> = (0..SEEDS).map(letters).collect();
    let first: BTreeSet<&str> = orders.iter().map(|order| &order[..4]).collect();
    let ways = if cfg!(target_arch = "wasm32") { 15 } else { 24 };
    assert!(first.len() >= ways, "{} of the 24 orders of four", first.len());
    for order in &orders {
        let mut rounds = [order[..4].to_owned(), order[4..].to_owned()].map(String::into_bytes);
        rounds.iter_mut().for_each(|round| round.sort());
        assert_eq!(rounds, [b"abcd", b"abcd"], "everybody has one turn before anybody has another");
    }
}

#[test]
fn an_outer_deadline_reports_whatever_else_is_due_then() {
    let reports = in_every_order(async || {
        let inner_reported = Cell::new(false);
        let result = timeout(
            secs(1.0),
            scope(async |s| {
                s.spawn(async {
                    if timeout(secs(1.0), sleep(9.0)).await.is_err() {
                        inner_reported.set(true);
                    }
                    Ok(())
                });
                s.spawn(async {
                    sleep(1.0).await;
                    Ok(())
                });
                Ok(())
            }),
        );
        Ok((result.await.is_err(), inner_reported.get()))
    });
    assert_eq!(reports, [(true, false); SEEDS as usize]);
}

#[test]
fn failures_of_one_instant_all_count() {
    let counts = in_every_order(async || {
        let group = scope(async |s| {
            for name in ["a", "b", "c"] {
                s.spawn(fail_after(1.0, name));
            }
            s.spawn(async {
                sleep(9.0).await;
                Ok(())
            });
            Ok(())
        });
        Ok(group.await.unwrap_err().leaves().count())
    });
    // Whoever is due with the first failure has its turn before the scope stops the others.
    assert_eq!(counts, [3; SEEDS as usize]);
}

#[test]
fn permits_are_served_in_the_order_in_which_they_were_asked_for() {
    in_every_order(async || {
        let limiter = Limiter::new(2);
        let (asked, got) = (RefCell::new(Vec::new()), RefCell::new(Vec::new()));
        scope(async |s| {
            for number in 0..8 {
                let (limiter, asked, got) = (&limiter, &asked, &got);
                s.spawn(async move {
                    asked.borrow_mut().push(number);
                    let _permit = limiter.acquire().await;
                    got.borrow_mut().push((number, taskscope::runtime::now()));
                    sleep(0.1).await;
                    Ok(())
                });
            }
            Ok(())
        })
        .await?;
        // Two at one instant go on in either order; from instant to instant the order is that of asking.
        let asked = asked.into_inner();
        let place = |number: i32| asked.iter().position(|other| *other == number).unwrap() / 2;
        let mut places: Vec<_> =
            got.into_inner().into_iter().map(|(number, at)| (at, place(number))).collect();
        places.sort();
        assert!(places.is_sorted_by_key(|(_, place)| *place), "{places:?}");
        assert_eq!((limiter.available(), limiter.peak()), (2, 2));
        Ok(())
    });
}

#[test]
fn items_arrive_once_and_in_order() {
    in_every_order(async || {
        let queue = Queue::bounded("queue", 2);
        let taken = RefCell::new(Vec::new());
        let ended = Cell::new(0);
        scope(async |s| {
            s.spawn(async {
                for number in 0..20 {
                    queue.put(number).await?;
                }
                queue.close();
                Ok(())
            });
            for _ in 0..3 {
                s.spawn(async {
                    while let Some(number) = queue.take().await {
                        taken.borrow_mut().push(number);
                        turn().await;
                    }
                    ended.set(ended.get() + 1);
                    Ok(())
                });
            }
            Ok(())
        })
        .await?;
        let mut taken = taken.into_inner();
        taken.sort();
        assert_eq!(taken, (0..20).collect::<Vec<_>>());
        assert_eq!(ended.get(), 3);
        Ok(())
    });
}

#[test]
fn everybody_meets_and_everything_is_cleaned_up() {
    in_every_order(async || {
        let (barrier, gate, open) = (Barrier::new("all", 4), Event::new("gate"), Rc::new(Cell::new(0)));
        let result = timeout(
            secs(2.0),
            collect(async |s| {
                let indices = Rc::new(RefCell::new(BTreeSet::new()));
                for _ in 0..4 {
                    let (barrier, gate, open, indices) = (&barrier, &gate, open.clone(), indices.clone());
                    s.spawn(async move {
                        gate.wait().await;
                        let index = barrier.wait().await;
                        indices.borrow_mut().insert(index);
                        open.set(open.get() + 1);
                        let closing = open.clone();
                        let _guard = defer(async move {
                            sleep(0.3).await;
                            closing.set(closing.get() - 1);
                            Ok(())
                        });
                        let opened = open.clone();
                        shield(None, async move {
                            opened.set(opened.get() + 1);
                            sleep(3.0).await;
                            opened.set(opened.get() - 1);
                            Ok(())
                        })
                        .await
                    });
                }
                turn().await;
                gate.set();
                sleep(1.0).await;
                assert_eq!(indices.borrow().len(), 4, "each has an index of its own");
                Ok(())
            }),
        );
        assert!(result.await.is_err());
        assert_eq!((open.get(), barrier.waiting()), (0, 0));
        Ok(())
    });
}

#[test]
fn a_deadlock_is_one_in_every_order() {
    for seed in 0..SEEDS {
        let main = async {
            let (left, right) = (Limiter::named("left", 1), Limiter::named("right", 1));
            scope(async |s| {
                for [first, second] in [[&left, &right], [&right, &left]] {
                    s.spawn(async move {
                        let _first = first.acquire().await;
                        sleep(0.1).await;
                        let _second = second.acquire().await;
                        Ok(())
                    });
                }
                Ok(())
            })
            .await?;
            Ok(())
        };
        let result = block_on(Run::new(Rc::new(SimHost::new(0)), main).shuffled(seed));
        let Err(RunError::Stuck(stuck)) = result else { panic!("seed {seed}: {result:?}") };
        assert!(stuck.to_string().contains("limiter `left`, held by main/scope/task"), "{stuck}");
    }
}
