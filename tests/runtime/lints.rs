//! What a run leaves undone without an error: who hears of it, and that a test can forbid it.

use std::cell::RefCell;
use std::rc::Rc;

use taskscope::runtime::{
    Error, Limiter, Lint, Queue, Result, Run, RunError, block_on, collect, detach, gather, gather_all, scope,
    timeout,
};

use super::story::{Story, fail_after, secs, sleep, turn};
use super::test;

/// What is heard of while the run goes on, a line each with its instant.
fn heard<'main, T: 'main>(story: &Story, main: impl Future<Output = Result<T>> + 'main) -> Run<'main, T> {
    let told = story.clone();
    story.prepare(main).on_lint(move |lint| told.tell(lint))
}

/// Sleeps for longer than any of these runs.
async fn rest() -> Result<()> {
    sleep(60.0).await;
    Ok(())
}

#[test]
fn a_run_that_leaves_nothing_undone_is_not_spoken_of() {
    let story = Story::new();
    let run = heard(&story, async {
        let api = Limiter::named("api", 2);
        let beacon = detach("beacon", async { Ok(()) });
        let result = collect(async |s| {
            let failed = s.spawn(fail_after(1.0, "collected"));
            let quiet = s.task(None).quiet().spawn(fail_after(1.0, "awaited"));
            let _permit = api.acquire().await;
            assert!(failed.await.is_err() && quiet.await.is_err());
            Ok(())
        });
        result.await?;
        beacon.await?;
        Ok(())
    });
    let handle = run.handle();
    block_on(run.deny_lints()).unwrap();
    story.is(&[]);
    assert_eq!(handle.lints(), []);
}

#[test]
fn a_permit_that_is_forgotten_or_carried_out_was_never_given_back() {
    let story = Story::new();
    let outlives = Limiter::named("outlives", 3);
    let kept = outlives.clone();
    let run = heard(&story, async move {
        let carried = scope(async |s| {
            let child = s.spawn_named("child", async {
                std::mem::forget(kept.acquire().await);
                Ok(kept.acquire().await) // its end is not the permit's
            });
            Ok(child.await?)
        });
        let carried = carried.await?;
        sleep(1.0).await;
        Ok(carried)
    });
    let permit = block_on(run).unwrap();
    story.is(&["1 limiter `outlives` was never given back by main/scope/child"; 2]);
    drop(permit);
    assert_eq!(outlives.available(), 2, "what is forgotten stays out");
}

#[test]
fn an_error_that_belongs_to_whoever_awaits_is_not_lost_unseen() {
    let story = Story::new();
    let run = heard(&story, async {
        scope(async |s| {
            let quiet = |name, seconds| s.task(Some(name)).quiet().spawn(fail_after(seconds, "no"));
            drop(quiet("dropped early".into(), 1.0));
            let late = quiet("dropped late".into(), 1.0);
            let read = quiet("read".into(), 1.0);
            let cancelled = quiet("cancelled".into(), 9.0);
            sleep(2.0).await;
            cancelled.cancel();
            assert!(read.try_take().unwrap().is_err());
            let also = late.clone();
            drop(late);
            story.tell("one handle is left");
            drop((also, read, cancelled));
            Ok(())
        })
        .await?;
        Ok(())
    });
    block_on(run).unwrap();
    story.is(&[
        "1 main/scope/dropped early failed, and nobody looked: no", // nobody can any more
        "2 one handle is left",
        "2 main/scope/dropped late failed, and nobody looked: no",
    ]);
}

#[test]
fn a_gather_gives_its_first_error_and_nobody_looks_at_the_second() {
    let story = Story::new();
    let run = heard(&story, async {
        scope(async |s| {
            let tasks = |first, second| {
                let quiet = |seconds| s.task(None).quiet().spawn(fail_after(seconds, "no"));
                vec![quiet(first), quiet(second)]
            };
            assert!(gather(tasks(1.0, 2.0)).await.is_err());
            sleep(5.0).await;
            assert_eq!(gather_all(tasks(1.0, 2.0)).await.len(), 2);
            story.tell("all are kept here");
            Ok(())
        })
        .await?;
        Ok(())
    });
    block_on(run).unwrap();
    story.is(&["2 main/scope/task#2 failed, and nobody looked: no", "8 all are kept here"]);
}

#[test]
fn what_is_detached_is_cut_or_fails_unseen() {
    let story = Story::new();
    let run = heard(&story, async {
        detach("quick", async { Ok(()) });
        detach("fails", fail_after(1.0, "the disk is full"));
        detach("slow", rest());
        sleep(2.0).await;
        Ok(())
    });
    block_on(run).unwrap();
    story.is(&[
        "1 detached/fails failed, and nobody looked: the disk is full",
        "2 detached/slow was still running when the run ended",
    ]);
}

#[test]
fn items_that_nobody_took_are_told_of_unless_a_cancellation_took_the_queue() {
    let story = Story::new();
    let run = heard(&story, async {
        let filled = |name: &str, items: u32| {
            let queue = Queue::unbounded(name);
            (0..items).for_each(|item| queue.try_put(item).unwrap());
            queue
        };
        drop(filled("empty", 0));
        drop(filled("one", 1));
        let closed = filled("two", 2);
        closed.close();
        drop(closed);
        assert_eq!(filled("aborted", 3).abort().len(), 3);
        let cut = timeout(secs(1.0), async {
            let _queue = filled("cut", 4);
            sleep(60.0).await;
        });
        assert!(cut.await.is_err());
        Ok(())
    });
    block_on(run).unwrap();
    story.is(&[
        "0 queue `one` was dropped with 1 item inside; it was never closed",
        "0 queue `two` was dropped with 2 items inside; it was closed",
    ]);
}

#[test]
fn lints_fail_a_run_only_where_they_are_denied_and_an_error_comes_first() {
    let main = |fails: bool| async move {
        detach("slow", rest());
        turn().await;
        if fails { Err(Error::msg("main")) } else { Ok(7) }
    };
    let story = Story::new();
    let Err(RunError::Lints(lints)) = block_on(story.prepare(main(false)).deny_lints()) else {
        panic!("it left a task behind")
    };
    assert_eq!(lints, [Lint::DetachedCut { task: "detached/slow".into() }]);
    let Err(RunError::Failed(error)) = block_on(story.prepare(main(true)).deny_lints()) else {
        panic!("it failed")
    };
    assert_eq!(error.to_string(), "main");
    assert_eq!(block_on(story.prepare(main(false))).unwrap(), 7);
}

#[test]
fn a_listener_may_look_at_the_run() {
    let story = Story::new();
    let handle = Rc::new(RefCell::new(None::<taskscope::runtime::RunHandle>));
    let (known, told) = (handle.clone(), story.clone());
    let run = story
        .prepare(async {
            scope(async |s| {
                drop(s.task(Some("quiet".into())).quiet().spawn(fail_after(1.0, "no")));
                Ok(())
            })
            .await?;
            Ok(())
        })
        .on_lint(move |_| {
            known.borrow().iter().flat_map(|handle| handle.explain()).for_each(|task| told.tell(task));
        });
    handle.replace(Some(run.handle()));
    block_on(run).unwrap();
    story.is(&["1 main runs"]); // its scope polls the child, which has just ended
}
