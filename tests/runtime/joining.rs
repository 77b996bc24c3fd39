//! Join: values in the order of the list, whatever the order in which they come.

use std::cell::Cell;
use std::rc::Rc;

use taskscope::runtime::{Error, Result, defer, join, join_all, timeout};

use super::interrupt::at_each_suspension;
use super::story::{Story, secs, sleep};
use super::test;

async fn after(seconds: f64, number: u32) -> Result<u32> {
    sleep(seconds).await;
    match number {
        0 => Err(Error::msg(format!("zero at {seconds}"))),
        number => Ok(number),
    }
}

#[test]
fn values_come_in_the_order_of_the_list() {
    let story = Story::new();
    story.run(async {
        let none: Vec<u32> = join(std::iter::empty::<std::future::Ready<Result<u32>>>()).await?;
        assert!(none.is_empty());
        Ok(join([after(3.0, 1), after(1.0, 2), after(2.0, 3)]).await?)
    });
    story.is(&["3 run = [1, 2, 3]"]);
}

#[test]
fn the_first_failure_cancels_the_others_and_errors_of_one_instant_all_count() {
    let story = Story::new();
    story.run(async {
        let result = join([after(3.0, 1), after(1.0, 0), after(2.0, 3), after(1.0, 0)]).await;
        story.left("join", &result);
        Ok(())
    });
    story.is(&["1 join: {cause zero at 1, cause zero at 1}", "1 run = ()"]);
}

#[test]
fn join_all_keeps_errors_and_cancels_nobody() {
    let story = Story::new();
    story.run(async {
        let results = join_all([after(3.0, 1), after(1.0, 0), after(2.0, 3)]).await;
        let texts: Vec<String> = results
            .into_iter()
            .map(|result| result.map_or_else(|error| error.to_string(), |value| value.to_string()))
            .collect();
        Ok(texts)
    });
    story.is(&["3 run = [\"1\", \"zero at 1\", \"3\"]"]);
}

#[test]
fn join_all_keeps_the_errors_of_cleanups_too() {
    let story = Story::new();
    story.run(async {
        let results = join_all((0..2).map(async |number| {
            let _guard = defer(async move {
                sleep(1.0).await;
                Err(Error::msg(format!("closing {number}")))
            });
            sleep(1.0).await;
            Ok(number)
        }))
        .await;
        for result in results {
            story.tell(result.unwrap_err());
        }
        Ok(())
    });
    story.is(&["2 closing 0", "2 closing 1", "2 run = ()"]);
}

#[test]
fn completion_and_a_deadline_at_one_instant() {
    let story = Story::new();
    story.run(async {
        story.tell(timeout(secs(2.0), join([after(1.0, 1), after(2.0, 2)])).await.unwrap_err());
        story.tell(timeout(secs(2.0), join_all([after(1.0, 1), after(2.0, 2)])).await.unwrap_err());
        Ok(())
    });
    story.is(&["2 timed out after 2s", "4 timed out after 2s", "4 run = ()"]);
}

#[test]
fn twenty_thousand_are_joined() {
    let story = Story::new();
    story.run(async {
        let values = join((0..20_000_u32).map(async |number| {
            sleep(f64::from(number % 7)).await;
            Ok(number)
        }))
        .await?;
        Ok(values.into_iter().map(u64::from).sum::<u64>())
    });
    story.is(&["6 run = 199990000"]);
}

#[test]
fn cancelled_at_each_suspension_a_join_leaves_nothing() {
    for keep in [false, true] {
        let report = at_each_suspension(
            |open: Rc<Cell<i32>>| async move {
                let bodies = [0.2, 0.1, 0.2].map(|seconds| {
                    let open = open.clone();
                    async move {
                        open.set(open.get() + 1);
                        let closing = open.clone();
                        let guard = defer(async move {
                            sleep(0.5).await;
                            closing.set(closing.get() - 1);
                            Ok(())
                        });
                        sleep(seconds).await;
                        guard.await?;
                        Ok(seconds)
                    }
                });
                if keep {
                    join_all(bodies).await;
                } else {
                    join(bodies).await?;
                }
                Ok(())
            },
            |at, open| assert_eq!(open.get(), 0, "{at}"),
        );
        assert!(report.deadlocks.is_empty(), "{report}");
        assert!(report.points >= 4, "{report}");
    }
}
