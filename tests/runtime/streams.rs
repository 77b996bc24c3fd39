//! Adapters of streams: bounded children in order, limits for each item, batches.

use std::cell::Cell;
use std::rc::Rc;

use futures::{StreamExt, TryStreamExt, stream};
use taskscope::runtime::{
    Error, Queue, Result, ScopeStreamExt, Task, as_completed, collect, defer, generate, interval, scope,
    timeout,
};

use super::interrupt::at_each_suspension;
use super::story::{Story, secs, sleep};
use super::test;

/// A stream of numbers that come so many seconds after each other.
fn coming(gaps: &[f64]) -> impl futures::Stream<Item = usize> {
    let gaps: Vec<f64> = gaps.to_vec();
    stream::iter(gaps.into_iter().enumerate()).then(async |(number, gap)| {
        sleep(gap).await;
        number
    })
}

#[test]
fn results_come_in_the_order_of_the_items_and_no_more_than_the_limit_run() {
    let story = Story::new();
    let (running, most) = (Cell::new(0), Cell::new(0));
    story.run(async {
        scope(async |s| {
            let lengths = [3.0, 1.0, 1.0, 2.0];
            let mut results =
                stream::iter(lengths.into_iter().enumerate()).map_concurrent(&s, 2, async |item| {
                    running.set(running.get() + 1);
                    most.set(most.get().max(running.get()));
                    let (number, seconds) = item;
                    sleep(seconds).await;
                    story.tell(format!("{number} ends"));
                    running.set(running.get() - 1);
                    Ok(number)
                });
            while let Some(number) = results.next().await {
                story.tell(format!("has {}", number?));
            }
            Ok(())
        })
        .await?;
        Ok(most.get())
    });
    story.is(&[
        "1 1 ends", // keeps its place until it is read
        "3 0 ends",
        "3 has 0",
        "3 has 1",
        "4 2 ends",
        "4 has 2",
        "5 3 ends",
        "5 has 3",
        "5 run = 2",
    ]);
}

#[test]
fn unordered_results_come_as_they_end() {
    let story = Story::new();
    story.run(async {
        scope(async |s| {
            let lengths = stream::iter([3.0, 1.0, 1.0, 2.0]);
            let mut results = lengths.map_unordered(&s, 2, async |seconds| {
                sleep(seconds).await;
                Ok(seconds)
            });
            while let Some(seconds) = results.next().await {
                story.tell(seconds?);
            }
            Ok(())
        })
        .await?;
        Ok(())
    });
    story.is(&["1 1", "2 1", "3 3", "4 2", "4 run = ()"]);
}

#[test]
fn children_run_while_the_reader_does_something_else() {
    let story = Story::new();
    story.run(async {
        scope(async |s| {
            let mut results = stream::iter(0..2).map_concurrent(&s, 2, async |number| {
                sleep(1.0).await;
                story.tell(format!("{number} ends"));
                Ok(number)
            });
            story.tell(timeout(secs(0.5), results.next()).await.is_err());
            sleep(2.0).await; // nobody reads, they run on
            story.tell(format!("has {:?}", results.next().await.transpose()?));
            story.tell(format!("has {:?}", results.next().await.transpose()?));
            Ok(())
        })
        .await?;
        Ok(())
    });
    story.is(&["0.5 true", "1 0 ends", "1 1 ends", "2.5 has Some(0)", "2.5 has Some(1)", "2.5 run = ()"]);
}

#[test]
fn a_failure_cancels_the_scope_or_is_given_where_it_collects() {
    let story = Story::new();
    let failing = async |number: u32| {
        sleep(f64::from(number)).await;
        if number == 1 { Err(Error::msg("one")) } else { Ok(number) }
    };
    story.run(async {
        let result = scope(async |s| {
            let mut results = stream::iter([2, 1, 3]).map_concurrent(&s, 3, failing);
            while let Some(number) = results.next().await {
                story.tell(number?);
            }
            Ok(())
        })
        .await;
        story.left("scope", &result);
        let result = collect(async |s| {
            let mut results = stream::iter([2, 1, 3]).map_concurrent(&s, 3, failing);
            while let Some(number) = results.next().await {
                story.tell(number.map_or_else(|error| error.to_string(), |number| number.to_string()));
            }
            Ok(())
        })
        .await;
        story.left("collect", &result);
        Ok(())
    });
    let lines = story.lines();
    assert_eq!(lines[0], "1 scope: {cause one}");
    assert_eq!(lines[1], "3 2");
    assert!(lines[2].starts_with("3 one"), "{lines:?}"); // in its place, and it fails nothing
    assert_eq!(lines[3..], ["4 3", "4 collect = ()", "4 run = ()"]);
}

#[test]
fn a_reader_that_breaks_off_cancels_what_is_under_way() {
    for ordered in [true, false] {
        let story = Story::new();
        story.run(async {
            scope(async |s| {
                let body = async |number: u32| {
                    let told = story.clone();
                    let guard = defer(async move {
                        sleep(1.0).await;
                        told.tell(format!("{number} clean"));
                        Ok(())
                    });
                    sleep(f64::from(number)).await;
                    guard.disarm();
                    Ok(number)
                };
                let numbers = stream::iter(1..9);
                let first = match ordered {
                    true => numbers.map_concurrent(&s, 3, body).next().await,
                    false => numbers.map_unordered(&s, 3, body).next().await,
                };
                story.tell(format!("has {:?}", first.transpose()?));
                Ok(())
            })
            .await?;
            Ok(())
        });
        story.is(&["1 has Some(1)", "2 2 clean", "2 3 clean", "2 run = ()"]); // the scope waited for their cleanups
    }
}

#[test]
fn a_slow_source_and_a_limit_of_none() {
    let story = Story::new();
    story.run(async {
        scope(async |s| {
            let numbers = coming(&[1.0, 0.0, 1.0]);
            let results = numbers.map_concurrent(&s, 0, async |number| {
                sleep(0.5).await;
                Ok(number)
            });
            // A limit of zero counts as one.
            results.map(|number| number.map(|number| story.tell(number))).try_collect::<()>().await?;
            Ok(())
        })
        .await?;
        Ok(())
    });
    story.is(&["1.5 0", "2 1", "3.5 2", "3.5 run = ()"]); // without room the source is not asked
}

#[test]
fn tasks_as_they_end() {
    let story = Story::new();
    story.run(async {
        let result = collect(async |s| {
            let tasks: Vec<Task<f64>> = [2.0, 0.5, 1.0, 1.0]
                .map(|seconds| {
                    s.spawn(async move {
                        sleep(seconds).await;
                        if seconds < 1.0 { Err(Error::msg("half")) } else { Ok(seconds) }
                    })
                })
                .into();
            tasks[2].cancel();
            sleep(0.75).await;
            let mut ended = as_completed(tasks);
            while let Some(result) = ended.next().await {
                match result {
                    Ok(value) => story.tell(value),
                    Err(error) => story.tell(error.to_string().split(',').next().unwrap_or_default()),
                }
            }
            Ok(())
        })
        .await;
        story.left("collect", &result);
        Ok(())
    });
    story.is(&[
        "0.75 half", // of those that have ended already, in the order of the list
        "0.75 task main/scope/task#3 was cancelled",
        "1 1",
        "2 2",
        "2 collect = ()",
        "2 run = ()",
    ]);
}

#[test]
fn as_completed_leaves_tasks_alone_when_it_is_dropped_and_stays_linear() {
    let story = Story::new();
    story.run(async {
        let sum = scope(async |s| {
            let spawn = |number: u64| {
                s.spawn(async move {
                    sleep(1.0).await;
                    Ok(number)
                })
            };
            let tasks: Vec<_> = (0..5_000).map(spawn).collect();
            let mut ended = as_completed(tasks.clone());
            assert!(timeout(secs(0.5), ended.next()).await.is_err());
            drop(ended);
            as_completed(tasks).try_fold(0, async |sum, number| Ok(sum + number)).await.map_err(Into::into)
        })
        .await?;
        Ok(sum)
    });
    story.is(&["1 run = 12497500"]);
}

#[test]
fn each_item_has_its_limit_and_a_late_one_still_comes() {
    let story = Story::new();
    story.run(async {
        let mut items = Box::pin(coming(&[1.0, 5.0, 2.0]).timeout_each(secs(2.0)));
        while let Some(item) = items.next().await {
            match item {
                Ok(number) => story.tell(number),
                Err(elapsed) => story.tell(elapsed),
            }
        }
        Ok(())
    });
    story.is(&[
        "1 0",
        "3 timed out after 2s",
        "5 timed out after 2s", // counted anew
        "6 1",
        "8 timed out after 2s", // at one instant the deadline wins
        "8 2",                  // and the item is not lost
        "8 run = ()",
    ]);
}

#[test]
fn an_outer_deadline_comes_before_that_of_an_item() {
    let story = Story::new();
    story.run(async {
        let mut items = Box::pin(stream::pending::<()>().timeout_each(secs(1.0)));
        let reading = async {
            let item = items.next().await;
            story.tell(format!("never: {item:?}"));
        };
        story.tell(format!("outer {}", timeout(secs(1.0), reading).await.unwrap_err()));
        Ok(())
    });
    story.is(&["1 outer timed out after 1s", "1 run = ()"]);
}

#[test]
fn batches_by_number_and_by_time() {
    let story = Story::new();
    story.run(async {
        let gaps = [0.0, 0.0, 0.0, 1.0, 0.25, 0.25, 5.0, 0.5];
        let mut batches = Box::pin(coming(&gaps).batches(2, secs(0.5)));
        while let Some(batch) = batches.next().await {
            story.tell(format!("{batch:?}"));
        }
        Ok(())
    });
    story.is(&[
        "0 [0, 1]", // full
        "0.5 [2]",  // nothing came any more
        "1.25 [3, 4]",
        "2 [5]",
        "7 [6, 7]", // an item at the end of the while still belongs to it
        "7 run = ()",
    ]);
}

#[test]
fn a_wait_for_a_batch_that_is_dropped_loses_nothing() {
    let story = Story::new();
    story.run(async {
        let mut batches = Box::pin(coming(&[0.0, 1.0, 1.0]).batches(3, secs(9.0)));
        story.tell(timeout(secs(1.5), batches.next()).await.is_err());
        story.tell(format!("{:?}", batches.next().await));
        story.tell(format!("{:?}", batches.next().await));
        Ok(())
    });
    story.is(&["1.5 true", "2 Some([0, 1, 2])", "2 None", "2 run = ()"]);
}

#[test]
fn adapters_one_after_the_other_over_a_generator_and_an_interval() {
    let story = Story::new();
    story.run(async {
        let sums = scope(async |s| {
            let numbers = generate(async |mut y| {
                let mut ticks = interval(secs(0.25));
                while ticks.tick().await.as_us() < 2_000_000 {
                    y.emit(1).await;
                }
                Ok(())
            });
            let sums = numbers.batches(100, secs(0.9)).map_concurrent(&s, 2, async |batch| {
                sleep(0.5).await;
                batch.into_iter().sum::<Result<i32>>()
            });
            Ok(sums.inspect_ok(|sum| story.tell(sum)).try_collect::<Vec<_>>().await?)
        })
        .await?;
        Ok(sums)
    });
    story.is(&["1.4 4", "2.4 4", "2.4 run = [4, 4]"]);
}

#[test]
fn cancelled_at_each_suspension_nothing_is_lost_or_left() {
    let report = at_each_suspension(
        |open: Rc<Cell<i32>>| async move {
            let queue = Queue::bounded("queue", 2);
            scope(async |s| {
                let items = generate(async |mut y| {
                    while let Some(item) = queue.take().await {
                        y.emit(item).await;
                    }
                    Ok(())
                });
                s.spawn(async {
                    for number in 0..4 {
                        sleep(0.1).await;
                        if queue.put(number).await.is_err() {
                            break;
                        }
                    }
                    queue.close();
                    Ok(())
                });
                let open = &open;
                let mut results = items.map_unordered(&s, 2, async move |item: Result<u32>| {
                    let number = item?;
                    open.set(open.get() + 1);
                    let closing = open.clone();
                    let guard = defer(async move {
                        sleep(0.05).await;
                        closing.set(closing.get() - 1);
                        Ok(())
                    });
                    sleep(0.25).await;
                    guard.await?;
                    Ok(number)
                });
                let mut sum = 0;
                while let Some(number) = results.next().await {
                    sum += number?;
                }
                assert!(sum <= 6);
                Ok(())
            })
            .await?;
            Ok(())
        },
        |at, open| assert_eq!(open.get(), 0, "{at}"),
    );
    assert!(report.points >= 10, "{report}");
}
