//! Retries: how often, how long apart, after what, and when not at all.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use taskscope::host::sim::SimHost;
use taskscope::runtime::{
    Backoff, Error, Result, Retry, Run, TaskError, block_on, defer, now, retry, scope, timeout,
};

use super::interrupt::at_each_suspension;
use super::story::{Story, secs, sleep};
use super::test;

/// Tells of the attempt, and fails.
async fn busy(story: &Story, attempt: u32) -> Result<u32> {
    story.tell(format!("attempt {attempt}"));
    Err(Error::msg(format!("busy {attempt}")))
}

#[test]
fn pauses_double_up_to_the_cap_and_the_last_error_is_raised() {
    let story = Story::new();
    story.run(async {
        let backoff = Backoff::exponential(secs(1.0)).cap(secs(3.0));
        story.tell(retry(5, Some(backoff), async |attempt| busy(&story, attempt).await).await.unwrap_err());
        Ok(())
    });
    story.is(&[
        "0 attempt 1",
        "1 attempt 2",
        "3 attempt 3",
        "6 attempt 4", // capped
        "9 attempt 5",
        "9 busy 5",
        "9 run = ()",
    ]);
}

#[test]
fn constant_pauses_none_and_at_least_one_attempt() {
    let story = Story::new();
    story.run(async {
        let constant = Backoff::constant(secs(0.5));
        let _ = retry(3, Some(constant), async |attempt| busy(&story, attempt).await).await;
        let _ = retry(2, None, async |attempt| busy(&story, attempt).await).await;
        let _ = retry(0, Some(constant), async |attempt| busy(&story, attempt).await).await;
        retry(9, Some(constant), async |attempt| if attempt < 3 { Err(Error::msg("")) } else { Ok(attempt) })
            .await
    });
    story.is(&[
        "0 attempt 1",
        "0.5 attempt 2",
        "1 attempt 3",
        "1 attempt 1",
        "1 attempt 2",
        "1 attempt 1",
        "2 run = 3",
    ]);
}

#[test]
fn a_backoff_that_outgrows_every_number_stays_at_its_cap() {
    let backoff = Backoff::exponential(secs(1.0));
    assert_eq!(backoff.longest(0), secs(1.0));
    assert_eq!(backoff.longest(32), secs(2_147_483_648.0));
    assert_eq!(backoff.longest(33), std::time::Duration::MAX);
    assert_eq!(backoff.cap(secs(60.0)).longest(u32::MAX), secs(60.0));
}

#[test]
fn jitter_comes_from_the_seed_and_stays_within_each_pause() {
    let pauses = |seed| {
        let run = Run::new(Rc::new(SimHost::new(seed)), async {
            let at = RefCell::new(Vec::new());
            let backoff = Backoff::exponential(secs(1.0)).cap(secs(4.0)).jitter();
            let _ = retry(40, Some(backoff), async |_| {
                at.borrow_mut().push(now());
                Err::<(), _>(Error::msg("busy"))
            })
            .await;
            Ok(at.into_inner())
        });
        let at = block_on(run).unwrap();
        at.windows(2).map(|pair| pair[1].since(pair[0])).collect::<Vec<_>>()
    };
    let (first, again, other) = (pauses(7), pauses(7), pauses(8));
    assert_eq!(first, again);
    assert_ne!(first, other);
    assert!(first[0] <= secs(1.0) && first[1] <= secs(2.0) && first.iter().all(|pause| *pause <= secs(4.0)));
    let spread = first[2..].iter().filter(|pause| **pause < secs(2.0)).count();
    assert!((8..=29).contains(&spread), "{spread} of 37 in the lower half");
}

#[test]
fn only_wanted_errors_are_tried_again() {
    let story = Story::new();
    story.run(async {
        let mut asked = 0;
        let result = Retry::new(9)
            .only_if(|error| {
                asked += 1;
                error.to_string().starts_with("busy")
            })
            .run(async |attempt| match attempt {
                1 | 2 => busy(&story, attempt).await,
                _ => Err(Error::msg("forbidden")),
            })
            .await;
        story.tell(result.unwrap_err());
        Ok(asked)
    });
    story.is(&["0 attempt 1", "0 attempt 2", "0 forbidden", "0 run = 3"]);
}

#[test]
fn a_cancellation_is_never_tried_again() {
    let story = Story::new();
    story.run(async {
        // From outside: the attempt is dropped where it is.
        let slow = retry(9, None, async |attempt| {
            story.tell(format!("attempt {attempt}"));
            sleep(5.0).await;
            Ok(())
        });
        story.tell(timeout(secs(1.0), slow).await.unwrap_err());
        // That of a task whose value the attempt waits for.
        let error = retry(9, None, async |_| {
            let inner = scope(async |s| {
                let task = s.spawn(async {
                    sleep(5.0).await;
                    Ok(())
                });
                task.cancel();
                task.await?;
                Ok(())
            });
            Ok(inner.await?)
        })
        .await
        .unwrap_err();
        let leaf = error.leaves().next().and_then(|leaf| leaf.downcast_ref());
        story.tell(matches!(leaf, Some(TaskError::Cancelled { .. })));
        // That of a whole scope.
        let tries = Cell::new(0);
        let error = retry(9, None, async |_| {
            tries.set(tries.get() + 1);
            let inner = scope(async |s| {
                s.cancel();
                sleep(1.0).await;
                Ok(())
            });
            Ok(inner.await?)
        })
        .await;
        story.tell(format!("{} {}", error.is_err(), tries.get()));
        Ok(())
    });
    story.is(&["0 attempt 1", "1 timed out after 1s", "1 true", "1 true 1", "1 run = ()"]);
}

#[test]
fn an_error_beside_a_cancellation_is_tried_again() {
    let story = Story::new();
    story.run(async {
        retry(2, None, async |attempt| {
            story.tell(format!("attempt {attempt}"));
            scope(async |s| {
                let task = s.spawn(async {
                    sleep(5.0).await;
                    Ok(())
                });
                s.spawn(async move {
                    task.cancel();
                    Err::<(), _>(Error::msg("real"))
                });
                if attempt == 1 { Err(Error::msg("body")) } else { Ok(()) }
            })
            .await
            .or_else(|group| if attempt == 1 { Err(group.into()) } else { Ok(()) })
        })
        .await
    });
    story.is(&["0 attempt 1", "0 attempt 2", "0 run = ()"]);
}

#[test]
fn within_the_deadline_and_up_to_it() {
    let story = Story::new();
    story.run(async {
        let tried = |minds: bool, backoff: Backoff| {
            let story = story.clone();
            async move {
                let retry = Retry::new(9).backoff(backoff);
                let retry = if minds { retry.within_deadline() } else { retry };
                let result = timeout(secs(2.0), retry.run(async |attempt| busy(&story, attempt).await)).await;
                story.tell(match result {
                    Ok(result) => result.unwrap_err().to_string(),
                    Err(elapsed) => elapsed.to_string(),
                });
            }
        };
        tried(true, Backoff::exponential(secs(0.75))).await;
        tried(true, Backoff::constant(secs(1.0))).await; // the second pause would end at the deadline itself
        tried(false, Backoff::exponential(secs(0.75))).await;
        Ok(())
    });
    story.is(&[
        "0 attempt 1",
        "0.75 attempt 2",
        "0.75 busy 2", // the reason, and sooner
        "0.75 attempt 1",
        "1.75 attempt 2",
        "1.75 busy 2",
        "1.75 attempt 1",
        "2.5 attempt 2",
        "3.75 timed out after 2s",
        "3.75 run = ()",
    ]);
}

#[test]
fn an_attempt_has_cleaned_up_before_the_next_when_its_block_waits() {
    let story = Story::new();
    story.run(async {
        retry(2, None, async |attempt| {
            story.tell(format!("attempt {attempt}"));
            let told = story.clone();
            let inside = async {
                let _guard = defer(async move {
                    sleep(1.0).await;
                    told.tell("clean");
                    Ok(())
                });
                if attempt == 1 { Err(Error::msg("busy")) } else { Ok(attempt) }
            };
            timeout(secs(9.0), inside).await?
        })
        .await
    });
    story.is(&["0 attempt 1", "1 clean", "1 attempt 2", "2 clean", "2 run = 2"]);
}

#[test]
fn cancelled_at_each_suspension_nothing_is_left() {
    let report = at_each_suspension(
        |open: Rc<Cell<i32>>| async move {
            let backoff = Backoff::exponential(secs(0.1)).jitter();
            retry(4, Some(backoff), async |attempt| {
                open.set(open.get() + 1);
                let closing = open.clone();
                let guard = defer(async move {
                    sleep(0.1).await;
                    closing.set(closing.get() - 1);
                    Ok(())
                });
                sleep(0.2).await;
                guard.await?;
                if attempt < 4 { Err(Error::msg("busy")) } else { Ok(()) }
            })
            .await
        },
        |at, open| assert_eq!(open.get(), 0, "{at}"),
    );
    assert!(report.deadlocks.is_empty() && report.points >= 11, "{report}");
}
