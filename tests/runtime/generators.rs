//! Generators: the body runs only while somebody reads, and is cleaned up when nobody does any more.

use std::cell::Cell;
use std::rc::Rc;

use futures::{StreamExt, TryStreamExt, join};
use taskscope::runtime::{Error, Result, block_on, defer, generate, scope, timeout};

use super::interrupt::at_each_suspension;
use super::story::{Story, secs, sleep, turn};
use super::test;

#[test]
fn body_and_reader_take_turns() {
    let story = Story::new();
    story.run(async {
        let mut items = generate(async |mut y| {
            for item in 1..=2 {
                sleep(1.0).await;
                story.tell(format!("emits {item}"));
                y.emit(item).await;
                story.tell(format!("after {item}"));
            }
            Ok(())
        });
        while let Some(item) = items.next().await {
            story.tell(format!("has {}", item?));
            sleep(1.0).await; // the body stands still
        }
        assert!(items.next().await.is_none(), "it stays at its end");
        Ok(())
    });
    story.is(&[
        "1 emits 1",
        "1 has 1",
        "2 after 1", // when the next one is asked for
        "3 emits 2",
        "3 has 2",
        "4 after 2",
        "4 run = ()",
    ]);
}

#[test]
fn an_error_is_the_last_item() {
    let story = Story::new();
    story.run(async {
        let items = generate(async |mut y| {
            y.emit(1).await;
            // Left on the desk by an emit that was given up at once: it comes before the error.
            let _ = futures::poll!(Box::pin(y.emit(2)));
            Err(Error::msg("no more"))
        });
        let told: Vec<String> = items
            .map(|item| item.map_or_else(|error| error.to_string(), |item: i32| item.to_string()))
            .collect()
            .await;
        Ok(told.join(", "))
    });
    story.is(&["0 run = \"1, 2, no more\""]);
}

#[test]
fn a_reader_that_breaks_off_has_the_body_cleaned_up() {
    let story = Story::new();
    story.run(async {
        let (body, told) = (story.clone(), story.clone());
        let first = timeout(secs(9.0), async move {
            let mut items = generate(async move |mut y| {
                let closing = body.clone();
                let _guard = defer(async move {
                    sleep(1.0).await;
                    closing.tell("closed");
                    Ok(())
                });
                loop {
                    y.emit(7).await;
                }
            });
            let first = items.try_next().await;
            told.tell("breaks off");
            first
        });
        story.tell(format!("{:?}", first.await?.ok().flatten()));
        Ok(())
    });
    story.is(&["0 breaks off", "1 closed", "1 Some(7)", "1 run = ()"]); // the block around the reader waits
}

#[test]
fn a_deadline_drops_the_body_where_it_waits() {
    let story = Story::new();
    story.run(async {
        let reading = async {
            let items = generate(async |mut y| {
                let told = story.clone();
                let _guard = defer(async move {
                    sleep(0.5).await;
                    told.tell("closed");
                    Ok(())
                });
                for number in 0.. {
                    sleep(1.0).await;
                    y.emit(number).await;
                }
                Ok(())
            });
            let told: Result<Vec<i32>> = items.inspect_ok(|item| story.tell(item)).try_collect().await;
            told
        };
        story.tell(timeout(secs(3.0), reading).await.unwrap_err());
        Ok(())
    });
    story.is(&[
        "1 0",
        "2 1", // the third would come at the deadline
        "3.5 closed",
        "3.5 timed out after 3s",
        "3.5 run = ()",
    ]);
}

#[test]
fn a_generator_borrows_and_its_scope_works_while_it_is_read() {
    let story = Story::new();
    let names = ["a".to_string(), "b".to_string()];
    story.run(async {
        let lengths = generate(async |mut y| {
            let sum = scope(async |s| {
                let tasks = names.each_ref().map(|name| {
                    s.spawn(async move {
                        sleep(1.0).await;
                        Ok(name.len())
                    })
                });
                let mut sum = 0;
                for task in tasks {
                    sum += task.await?;
                    y.emit(sum).await;
                }
                Ok(sum)
            })
            .await?;
            y.emit(sum * 10).await;
            Ok(())
        });
        lengths.try_collect::<Vec<_>>().await
    });
    story.is(&["1 run = [1, 2, 20]"]);
}

#[test]
fn an_emit_under_a_combinator_goes_on_too() {
    let story = Story::new();
    story.run(async {
        let items = generate(async |mut y| {
            let mut set = futures::stream::FuturesUnordered::new();
            set.push(async move {
                for item in 0..3 {
                    y.emit(item).await;
                    turn().await;
                }
            });
            // Polls only what woke: a taken item has to wake it.
            while set.next().await.is_some() {}
            Ok(())
        });
        items.try_collect::<Vec<_>>().await
    });
    story.is(&["0 run = [0, 1, 2]"]);
}

#[test]
fn two_are_read_side_by_side() {
    let story = Story::new();
    story.run(async {
        let ticking = |name: &'static str, seconds: f64| {
            generate(async move |mut y| {
                for number in 0..2 {
                    sleep(seconds).await;
                    y.emit(format!("{name}{number}")).await;
                }
                Ok(())
            })
        };
        let read = async |name, seconds| {
            let mut items = ticking(name, seconds);
            while let Some(item) = items.try_next().await? {
                story.tell(item);
            }
            Result::Ok(())
        };
        let (a, b) = join!(read("a", 1.0), read("b", 1.5));
        a.and(b)
    });
    story.is(&["1 a0", "1.5 b0", "2 a1", "3 b1", "3 run = ()"]);
}

#[test]
fn dropped_outside_a_run_it_is_only_dropped() {
    let story = Story::new();
    let (told, kept) = (story.clone(), Rc::new(Cell::new(None)));
    let keep = kept.clone();
    let run = story.prepare(async move {
        let mut items = generate(async move |mut y| {
            let _told = told.guard("dropped");
            let _guard = defer(async { Err(Error::msg("never")) });
            loop {
                y.emit(1).await;
            }
        });
        let first = items.try_next().await?;
        keep.set(Some(items));
        Ok(first)
    });
    assert_eq!(block_on(run).unwrap(), Some(1));
    story.tell("run over");
    drop(kept);
    story.is(&["0 run over", "0 dropped"]);
}

#[test]
fn cancelled_at_each_suspension_nothing_stays_open() {
    let report = at_each_suspension(
        |open: Rc<Cell<i32>>| async move {
            let mut items = generate(async |mut y| {
                open.set(open.get() + 1);
                let closing = open.clone();
                let guard = defer(async move {
                    sleep(0.5).await;
                    closing.set(closing.get() - 1);
                    Ok(())
                });
                for item in 0..3 {
                    sleep(0.25).await;
                    y.emit(item).await;
                }
                guard.await
            });
            while items.try_next().await?.is_some() {
                sleep(0.25).await;
            }
            Ok(())
        },
        |at, open| assert_eq!(open.get(), 0, "{at}"),
    );
    assert_eq!(report.points, 7, "{report}");
}
