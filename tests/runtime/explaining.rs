//! What a run says of its tasks: what each waits for, held by whom, until when, and why it was cancelled.

use std::cell::RefCell;
use std::rc::Rc;

use futures::FutureExt;
use taskscope::runtime::{
    Doing, Error, Event, Explanation, Limiter, Queue, Result, RunHandle, ScopeOptions, Task, block_on,
    collect, defer, detach, scope, shield, timeout,
};

use super::story::{Story, fail_after, secs, sized, sleep, turn};
use super::test;

/// Sleeps, as a task of its own.
async fn rest(seconds: f64) -> Result<()> {
    sleep(seconds).await;
    Ok(())
}

/// Waits for a permit and gives it back at once.
async fn pass(limiter: &Limiter) -> Result<()> {
    let _permit = limiter.acquire().await;
    Ok(())
}

async fn hear(event: &Event) -> Result<()> {
    event.wait().await;
    Ok(())
}

fn told<T>(task: &Task<T>) -> String {
    task.explain().to_string()
}

#[test]
fn a_place_in_the_line_moves_up_and_the_holder_says_until_when() {
    let story = Story::new();
    story.run(async {
        let api = Limiter::named("api", 1);
        scope(async |s| {
            let hold = async |seconds| {
                let _permit = api.acquire().await;
                sleep(seconds).await;
                Ok(())
            };
            let a = s.spawn_named("a", hold(2.0));
            let b = s.spawn_named("b", hold(1.0));
            let c = s.spawn_named("c", hold(1.0));
            story.tell(told(&a));
            turn().await;
            [&a, &b, &c].iter().for_each(|task| story.tell(told(task)));
            b.cancel();
            turn().await; // b borrows, and is dropped by the scope's future
            story.tell(told(&c));
            sleep(2.5).await;
            [&a, &b, &c].iter().for_each(|task| story.tell(told(task)));
            Ok(())
        })
        .await?;
        Ok(())
    });
    story.is(&[
        "0 main/scope/a is ready and has no turn yet",
        "0 main/scope/a sleeps until 2 s",
        "0 main/scope/b waits for limiter `api` (1st in line), held by main/scope/a until 2 s",
        "0 main/scope/c waits for limiter `api` (2nd in line), held by main/scope/a until 2 s",
        "0 main/scope/c waits for limiter `api` (1st in line), held by main/scope/a until 2 s",
        "2.5 main/scope/a has ended",
        "2.5 main/scope/b was cancelled at 0 s by main",
        "2.5 main/scope/c sleeps until 3 s",
        "3 run = ()",
    ]);
}

#[test]
fn every_wait_of_a_combinator_is_told_and_each_finds_its_own_place() {
    let story = Story::new();
    story.run(async {
        let api = Limiter::named("api", 1);
        let jobs: Queue<u32> = Queue::unbounded("jobs");
        let ready = Event::new("ready");
        let _held = api.acquire().await;
        scope(async |s| {
            let both = s.spawn_named("both", async {
                let all = futures::join!(api.acquire(), api.acquire(), jobs.take(), ready.wait(), sleep(9.0));
                drop(all);
                Ok(())
            });
            let awaited = both.clone();
            let joins = s.spawn_named("joins", async move { Ok(awaited.await?) });
            turn().await;
            story.tell(told(&both));
            story.tell(told(&joins));
            both.cancel();
            Ok(())
        })
        .await
        .ok();
        Ok(())
    });
    story.is(&[
        "0 main/scope/both waits for limiter `api` (1st in line), held by main and for limiter `api` (2nd in line), \
         held by main and for queue `jobs` (1st in line) and for event `ready` and for the instant 9 s",
        "0 main/scope/joins waits for the end of main/scope/both",
        "0 run = ()",
    ]);
}

#[test]
fn the_deadline_that_counts_is_told_with_whose_it_is() {
    let story = Story::new();
    story.run(async {
        let tasks: Rc<RefCell<Vec<Task<()>>>> = Rc::default();
        let body = ScopeOptions::named("s").run(async |s| {
            let add = |task| tasks.borrow_mut().push(task);
            add(s.spawn_named("plain", rest(9.0)));
            add(s.spawn_named("inner", async { timeout(secs(1.0), rest(9.0)).await.unwrap_or(Ok(())) }));
            add(s.spawn_named("outer", async { timeout(secs(5.0), rest(9.0)).await? }));
            add(s.spawn_named("safe", shield(None, rest(9.0))));
            add(s.spawn_named("two", async {
                let late = timeout(secs(1.5), sleep(9.0));
                let (_, ()) = futures::join!(late, sleep(9.0));
                Ok(())
            }));
            turn().await;
            tasks.borrow().iter().for_each(|task| story.tell(told(task)));
            sleep(9.0).await;
            Ok(())
        });
        drop(timeout(secs(2.0), body).await);
        story.tell(told(&tasks.borrow()[3]));
        Ok(())
    });
    story.is(&[
        "0 main/s/plain sleeps until 9 s; its deadline is 2 s, set by timeout in main",
        "0 main/s/inner sleeps until 9 s; its deadline is 1 s, set by timeout in main/s/inner",
        "0 main/s/outer sleeps until 9 s; its deadline is 2 s, set by timeout in main",
        "0 main/s/safe sleeps until 9 s", // a deadline outside a shield does not reach in
        "0 main/s/two waits for the instant 9 s and for the instant 9 s; its deadline is 1.5 s, \
         set by timeout in main/s/two",
        "9 main/s/safe was cancelled at 2 s because main/s was left. \
         main/s was cancelled at 2 s because the deadline of timeout at 2 s came",
        "9 run = ()",
    ]);
}

/// The chain of a cancelled task, one sentence after the other.
fn chain(explanation: &Explanation) -> String {
    explanation.because.join(" / ")
}

#[test]
fn a_failure_travels_to_siblings_and_inwards() {
    let story = Story::new();
    story.run(async {
        let deep: Rc<RefCell<Option<Task<()>>>> = Rc::default();
        let kept = deep.clone();
        let mut sibling = None;
        let group = scope(async |s| {
            s.spawn_named("fails", async { fail_after(0.25, "prefs are corrupt").await });
            sibling = Some(s.spawn_named("sibling", async move {
                scope(async |inner| {
                    kept.replace(Some(inner.spawn_owned(std::future::pending())));
                    Ok(())
                })
                .await?;
                Ok(())
            }));
            Ok(())
        })
        .await;
        drop(group);
        story.tell(chain(&sibling.unwrap().explain()));
        story.tell(chain(&deep.borrow().as_ref().unwrap().explain()));
        Ok(())
    });
    const FIRST: &str = "main/scope/fails failed at 0.25 s: Error: prefs are corrupt";
    story.is(&[
        &format!("0.25 main/scope/sibling was cancelled at 0.25 s because main/scope/fails failed / {FIRST}"),
        &format!(
            "0.25 main/scope/sibling/scope/task was cancelled at 0.25 s because main/scope/sibling/scope was left / \
             main/scope/sibling/scope was cancelled at 0.25 s because main/scope/fails failed / {FIRST}"
        ),
        "0.25 run = ()",
    ]);
}

#[test]
fn each_reason_has_its_words() {
    let story = Story::new();
    story.run(async {
        let mut tasks = Vec::new();
        let mut keep = |task: Task<()>| tasks.push(task);
        let never = std::future::pending::<Result<()>>;
        let body = scope(async |s| {
            keep(s.spawn_owned(never()));
            Err::<(), _>(fail_after(1.0, "burnt").await.unwrap_err())
        });
        drop(body.await);
        let race = ScopeOptions { kind: taskscope::event::ScopeKind::Race, ..ScopeOptions::named("race") };
        let race = race.run(async |s| {
            s.spawn_named("quick", async { Ok(()) });
            keep(s.spawn_owned(never()));
            Ok(())
        });
        race.await?;
        let cancelled = scope(async |s| {
            keep(s.spawn_owned(never()));
            turn().await;
            s.cancel();
            Ok(())
        });
        drop(cancelled.await);
        // Left by a combinator, without any cancellation.
        let mut left = Box::pin(scope(async |s| {
            keep(s.spawn_owned(never()));
            Ok(())
        }));
        assert!((&mut left).now_or_never().is_none());
        drop(left);
        turn().await;
        tasks.iter().for_each(|task| story.tell(chain(&task.explain())));
        Ok(())
    });
    story.is(&[
        "1 main/scope/task was cancelled at 1 s because the body of main/scope failed / \
         the body of main/scope failed at 1 s: Error: burnt",
        "1 main/race/task was cancelled at 1 s because main/race/quick won the race",
        "1 main/scope#2/task was cancelled at 1 s by main",
        "1 main/scope#3/task was cancelled at 1 s because main/scope#3 was left",
        "1 run = ()",
    ]);
}

#[test]
fn a_run_is_looked_at_from_outside_while_it_cleans_up() {
    let story = Story::new();
    let api = Limiter::named("api", 0);
    let open = api.clone();
    let mut run = story
        .prepare(async move {
            let _guard = defer(async move { pass(&open).await });
            detach("beacon", std::future::pending::<Result<()>>());
            scope(async |s| {
                s.spawn_named("child", rest(60.0));
                s.spawn_named("failing", fail_after(50.0, "no")).await.ok();
                Ok(())
            })
            .await?;
            Ok(())
        })
        .open_world();
    let handle = run.handle();
    let tell = |handle: &RunHandle| handle.explain().iter().for_each(|task| story.tell(task));
    tell(&handle);
    assert!((&mut run).now_or_never().is_none());
    tell(&handle);
    api.resize(1);
    block_on(run).unwrap_err();
    story.is(&[
        "0 main is ready and has no turn yet",
        "50 main cleans up, and waits for limiter `api` (1st in line)",
        "50 detached/beacon waits for something outside the run",
    ]);
}

#[test]
fn a_chain_through_ten_thousand_scopes_is_short_to_tell_and_let_go() {
    fn nested(
        depth: u32,
        deepest: Rc<RefCell<Option<Task<()>>>>,
    ) -> futures::future::LocalBoxFuture<'static, Result<()>> {
        Box::pin(async move {
            scope(async |s| {
                let task = match depth {
                    0 => s.spawn_owned(std::future::pending()),
                    depth => s.spawn_owned(nested(depth - 1, deepest.clone())),
                };
                if depth == 0 {
                    deepest.replace(Some(task));
                }
                Ok(())
            })
            .await?;
            Ok(())
        })
    }
    let story = Story::new();
    story.run(async {
        let deepest: Rc<RefCell<Option<Task<()>>>> = Rc::default();
        let outer = scope(async |s| {
            let task = s.spawn_owned(nested(sized(10_000, 2_000), deepest.clone()));
            sleep(1.0).await;
            task.cancel();
            Ok(())
        });
        outer.await?;
        let explanation = deepest.take().unwrap().explain();
        assert_eq!(explanation.because.len(), 100, "the first hundred steps are told");
        assert!(explanation.because.iter().all(|sentence| sentence.contains("was cancelled at 1 s")));
        Ok(())
    });
    story.is(&["1 run = ()"]);
}

#[test]
fn three_in_a_circle_stand_apart_from_those_who_wait_for_them() {
    let story = Story::new();
    story.run(async {
        let locks = ["a", "b", "c"].map(|name| Limiter::named(name, 1));
        let never = Event::new("never");
        let asleep = scope(async |s| {
            for (at, name) in ["x", "y", "z"].into_iter().enumerate() {
                let (first, second) = (locks[at].clone(), locks[(at + 1) % 3].clone());
                s.spawn_named(name, async move {
                    let _first = first.acquire().await;
                    sleep(1.0).await;
                    let _second = second.acquire().await;
                    Ok(())
                });
            }
            let late = s.spawn_named("late", async {
                sleep(2.0).await;
                let _permit = locks[0].acquire().await;
                Ok(())
            });
            s.spawn_named("hopeless", hear(&never));
            s.spawn_named("joins", async move { Ok(late.await?) });
            Ok(())
        });
        asleep.await?;
        Ok(())
    });
    story.is(&[
        "2 run: deadlock: 3 tasks wait for each other in a circle, from main/scope/x to main/scope/z: \
         main/scope/x waits for limiter `b`, held by main/scope/y; \
         main/scope/y waits for limiter `c`, held by main/scope/z; \
         main/scope/z waits for limiter `a`, held by main/scope/x; \
         main/scope/hopeless waits for event `never`; \
         and because of that: main waits for the children of main/scope; \
         main/scope/late waits for limiter `a`, held by main/scope/x; \
         main/scope/joins waits for the end of main/scope/late",
    ]);
}

#[test]
fn a_parent_that_holds_what_its_child_wants_waits_in_a_circle_with_it() {
    let story = Story::new();
    story.run(async {
        let lock = Limiter::named("lock", 1);
        let _held = lock.acquire().await;
        scope(async |s| {
            s.spawn_named("idle", async { Ok(()) });
            s.spawn_named("wants", pass(&lock));
            Ok(())
        })
        .await?;
        Ok(())
    });
    story.is(&["0 run: deadlock: main and main/scope/wants wait for each other: \
         main waits for the children of main/scope; \
         main/scope/wants waits for limiter `lock`, held by main"]);
}

#[test]
fn a_task_that_waits_for_itself_needs_no_heading() {
    let story = Story::new();
    story.run(async {
        let lock = Limiter::named("lock", 1);
        let _held = lock.acquire().await;
        pass(&lock).await
    });
    story.is(&["0 run: deadlock: main waits for limiter `lock`, held by main"]);
}

#[test]
fn those_who_are_stuck_are_found_while_others_go_on() {
    let story = Story::new();
    let handle: Rc<RefCell<Option<RunHandle>>> = Rc::default();
    let known = handle.clone();
    let run = story.prepare(async {
        let locks = ["a", "b"].map(|name| Limiter::named(name, 1));
        let never = Event::new("never");
        let stuck = || known.borrow().as_ref().unwrap().stuck();
        let result = scope(async |s| {
            for (name, first, second) in [("x", 0, 1), ("y", 1, 0)] {
                let (first, second) = (locks[first].clone(), locks[second].clone());
                s.spawn_named(name, async move {
                    let _first = first.acquire().await;
                    sleep(1.0).await;
                    let _second = second.acquire().await;
                    Ok(())
                });
            }
            s.spawn_named("waits", hear(&never));
            s.spawn_named("bound", async {
                // A deadline will end its wait.
                timeout(secs(5.0), pass(&locks[0])).await.unwrap_or(Ok(()))
            });
            assert!(stuck().is_empty(), "everybody may go on");
            sleep(2.0).await;
            let stuck = stuck();
            story.tell(stuck.sentences().join(" | "));
            story.tell(stuck.len());
            s.cancel();
            Ok(())
        });
        drop(result.await);
        Ok(())
    });
    handle.replace(Some(run.handle()));
    block_on(run).unwrap();
    story.is(&[
        "2 main/scope/x and main/scope/y wait for each other: | \
         main/scope/x waits for limiter `b`, held by main/scope/y | \
         main/scope/y waits for limiter `a`, held by main/scope/x",
        "2 2",
    ]);
}

#[test]
fn twenty_thousand_stuck_tasks_are_counted_and_some_are_told() {
    let story = Story::new();
    let result = block_on(story.prepare(async {
        let lock = Limiter::named("lock", 1);
        let held = lock.acquire().await;
        std::mem::forget(held);
        collect(async |s| {
            for _ in 0..20_000 {
                let lock = lock.clone();
                s.spawn_owned(async move { pass(&lock).await });
            }
            Ok(())
        })
        .await?;
        Ok(())
    }));
    let Err(taskscope::runtime::RunError::Stuck(stuck)) = result else { panic!("stuck") };
    assert_eq!(stuck.len(), 20_001);
    assert_eq!((stuck.circles.len(), stuck.bystanders.len(), stuck.forsaken.len()), (1, 100, 0));
    assert!(stuck.to_string().ends_with("; and 19899 more wait"), "{stuck}");
}

#[test]
fn a_value_can_be_compared_and_says_the_parts() {
    let story = Story::new();
    story.run(async {
        let api = Limiter::named("api", 1);
        let _held = api.acquire().await;
        scope(async |s| {
            let waits = s.spawn(pass(&api));
            turn().await;
            let explanation = waits.explain();
            assert_eq!(explanation, waits.explain());
            assert_eq!((explanation.doing, explanation.reason), (Doing::Waiting, None));
            let wait = &explanation.waits[0];
            assert_eq!((wait.name.as_str(), wait.place), ("limiter `api`", Some(1)));
            assert_eq!((wait.holders[0].path.as_str(), wait.holders[0].until), ("main", None));
            waits.cancel();
            assert_eq!(waits.explain().reason, Some(taskscope::event::Reason::Explicit));
            Err::<(), _>(Error::msg("enough"))
        })
        .await
        .ok();
        Ok(())
    });
    story.is(&["0 run = ()"]);
}
