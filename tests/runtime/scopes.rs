//! Scopes: what they wait for, what a failure does, what leaves them.

use std::cell::{Cell, RefCell};
use std::future::Future;

use taskscope::runtime::{Error, Result, Scope, ScopeOptions, Task, defer, scope, timeout};

use super::story::{Story, fail_after, sleep, turn};
use super::test;

#[test]
fn an_empty_body_waits_for_both_children_and_both_values_are_there() {
    let story = Story::new();
    story.run(async {
        let (a, b) = scope(async |s| {
            let a = s.spawn(async {
                sleep(0.1).await;
                Ok(42)
            });
            let b = s.spawn(async {
                sleep(0.2).await;
                Ok(11)
            });
            Ok((a, b))
        })
        .await?;
        story.tell("left");
        Ok((a.await?, b.await?))
    });
    story.is(&[
        "0.2 left",           // the scope ends with its last child
        "0.2 run = (42, 11)", // a handle may outlive the scope, the value waits in it
    ]);
}

#[test]
fn the_body_cancels_one_child_and_spawns_another() {
    let story = Story::new();
    story.run(async {
        let (a, b) = scope(async |s| {
            let a = s.spawn_named("a", async {
                let _guard = story.guard("a dropped");
                sleep(1.0).await;
                Ok(())
            });
            sleep(0.15).await;
            story.tell(format!("cancel: {}", a.cancel()));
            story.tell(format!("again: {}", a.cancel()));
            Ok((
                a,
                s.spawn(async {
                    sleep(0.2).await;
                    Ok(11)
                }),
            ))
        })
        .await?;
        story.tell(a.await.unwrap_err());
        story.tell(format!("late: {}", b.cancel()));
        Ok(b.await?)
    });
    story.is(&[
        "0.15 cancel: true",                    // the first cancellation counts
        "0.15 again: false",                    // it was asked before
        "0.15 a dropped",                       // the scope drops what it keeps, at the same instant
        "0.35 task main/scope/a was cancelled", // what the awaiter hears
        "0.35 late: false",                     // cancelling what has ended does nothing
        "0.35 run = 11",                        // the scope ended without an error
    ]);
}

#[test]
fn a_child_fails_and_its_sibling_is_cancelled() {
    let story = Story::new();
    story.run(async {
        let result = scope(async |s| {
            s.spawn(fail_after(0.1, "A"));
            s.spawn(async {
                let _guard = story.guard("b dropped");
                sleep(1.0).await;
                story.tell("never");
                Ok(())
            });
            Ok(())
        })
        .await;
        story.left("scope", &result);
        result?;
        story.tell("never: the error leaves here");
        Ok(())
    });
    story.is(&[
        "0.1 b dropped",        // together with the failure
        "0.1 scope: {cause A}", // a group, even of one
        "0.1 run: {cause A}",   // `?` keeps the group's shape
    ]);
}

#[test]
fn three_children_fail_at_one_instant_and_all_count() {
    let story = Story::new();
    story.run(async {
        let result = scope(async |s| {
            for name in ["A", "B", "C"] {
                s.spawn(fail_after(0.1, name));
            }
            s.spawn(async {
                let _guard = story.guard("sleeper dropped");
                sleep(5.0).await;
                Ok(())
            });
            let _guard = story.guard("body dropped");
            sleep(10.0).await;
            Ok(())
        })
        .await;
        story.left("scope", &result);
        Ok(())
    });
    story.is(&[
        "0.1 body dropped",                       // body and children together: the body first
        "0.1 sleeper dropped",                    // then the children in spawn order
        "0.1 scope: {cause A, cause B, cause C}", // those ahead of the scope in the queue had their turn
        "0.1 run = ()",
    ]);
}

#[test]
fn the_body_fails_and_both_children_are_cancelled() {
    let story = Story::new();
    story.run(async {
        let result = scope(async |s| {
            for (name, length) in [("one dropped", 1.0), ("two dropped", 2.0)] {
                let story = &story;
                s.spawn(async move {
                    let _guard = story.guard(name);
                    sleep(length).await;
                    Ok(())
                });
            }
            fail_after(0.1, "B").await
        })
        .await;
        story.left("scope", &result);
        Ok(())
    });
    story.is(&[
        "0.1 one dropped",     // in spawn order
        "0.1 two dropped",     //
        "0.1 scope: {body B}", // the role says where it came from
        "0.1 run = ()",
    ]);
}

#[test]
fn the_body_and_a_child_behind_it_fail_at_one_instant_and_both_count() {
    let story = Story::new();
    story.run(async {
        let result = scope(async |s| {
            s.spawn(async {
                turn().await; // its timer is set after the body's
                fail_after(0.1, "A").await
            });
            s.spawn(async {
                sleep(1.0).await;
                Ok(())
            });
            fail_after(0.1, "B").await
        })
        .await;
        story.left("scope", &result);
        Ok(())
    });
    story.is(&[
        "0.1 scope: {body B, cause A}", // a failing body wakes the scope like any failure: who is ready goes first
        "0.1 run = ()",
    ]);
}

#[test]
fn an_inner_child_fails_and_the_groups_nest() {
    let story = Story::new();
    story.run(async {
        let result = scope(async |outer| {
            outer.spawn(async {
                sleep(10.0).await;
                Ok(())
            });
            ScopeOptions::named("inner")
                .run(async |inner| {
                    inner.spawn(fail_after(0.1, "A"));
                    Ok(())
                })
                .await?;
            Ok(())
        })
        .await;
        story.left("outer", &result);
        let error = result.unwrap_err();
        story.tell(error.single().unwrap().path());
        Ok(())
    });
    story.is(&[
        "0.1 outer: {{cause A}}",    // one group for each scope that it left
        "0.1 main/scope/inner/task", // the leaf knows its task
        "0.1 run = ()",
    ]);
}

#[test]
fn a_scope_waits_for_children_of_children() {
    let story = Story::new();
    story.run(async {
        scope(async |s| {
            let (here, story) = (s.clone(), &story);
            s.spawn(async move {
                sleep(0.1).await;
                for name in ["x", "y"] {
                    here.spawn_named(name, async move {
                        sleep(3.0).await;
                        story.tell(name);
                        Ok(())
                    });
                }
                story.tell("spawned two siblings");
                Ok(())
            });
            story.tell("body over");
            Ok(())
        })
        .await?;
        story.tell("left");
        Ok(())
    });
    story.is(&[
        "0 body over",              // long before the scope
        "0.1 spawned two siblings", // by a child, through the handle
        "3.1 x",                    // in spawn order
        "3.1 y",                    //
        "3.1 left",                 // it waited for them too
        "3.1 run = ()",
    ]);
}

#[test]
fn children_that_multiply_are_all_stopped() {
    fn multiply<'env>(s: Scope<'env>, count: &'env Cell<u32>, live: &'env Cell<i32>) {
        let here = s.clone();
        count.set(count.get() + 1);
        s.spawn(async move {
            live.set(live.get() + 1);
            struct Alive<'a>(&'a Cell<i32>);
            impl Drop for Alive<'_> {
                fn drop(&mut self) {
                    self.0.set(self.0.get() - 1);
                }
            }
            let _alive = Alive(live);
            sleep(0.01).await;
            multiply(here.clone(), count, live);
            multiply(here, count, live);
            Ok(())
        });
    }
    let story = Story::new();
    let (count, live) = (Cell::new(0), Cell::new(0));
    story.run(async {
        let result = scope(async |s| {
            multiply(s.clone(), &count, &live);
            s.spawn(async {
                while count.get() < 10 {
                    sleep(0.01).await;
                }
                Err::<(), _>(Error::msg("ten exist"))
            });
            Ok(())
        })
        .await;
        story.left("scope", &result);
        story.tell(format!("live: {}", live.get()));
        Ok(())
    });
    story.is(&[
        "0.04 scope: {cause ten exist}", // 1, 3, 7, 15 were made by then
        "0.04 live: 0",                  // nobody got away
        "0.04 run = ()",
    ]);
}

#[test]
fn inner_and_outer_fail_at_one_instant_and_a_handler_takes_the_inner() {
    let story = Story::new();
    story.run(async {
        let result = scope(async |outer| {
            let inner = scope(async |inner| {
                inner.spawn(fail_after(0.1, "inner"));
                outer.spawn(fail_after(0.1, "outer"));
                Ok(())
            })
            .await;
            story.left("handler", &inner);
            sleep(1.0).await;
            story.tell("never");
            Ok(())
        })
        .await;
        story.left("outer", &result);
        Ok(())
    });
    story.is(&[
        "0.1 handler: {cause inner}", // the inner scope had its turn first
        "0.1 outer: {cause outer}",   // the other error leaves all the same
        "0.1 run = ()",
    ]);
}

#[test]
fn an_empty_scope_is_a_turn_for_others() {
    let story = Story::new();
    story.run(async {
        scope(async |s| {
            s.spawn(async {
                story.tell("other");
                Ok(())
            });
            scope(async |_| Ok(())).await?;
            story.tell("empty scope left");
            Ok(())
        })
        .await?;
        Ok(())
    });
    story.is(&[
        "0 other",            // was ready when the empty scope was entered
        "0 empty scope left", //
        "0 run = ()",
    ]);
}

#[test]
fn a_cancelled_scope_ends_alone_and_its_parent_goes_on() {
    let story = Story::new();
    story.run(async {
        ScopeOptions::named("outer")
            .run(async |_| {
                let middle = ScopeOptions::named("middle")
                    .run(async |middle| {
                        let inner = ScopeOptions::named("inner").run(async |_| {
                            let _guard = story.guard("inner dropped");
                            sleep(0.1).await;
                            story.tell(format!("cancel: {}", middle.cancel()));
                            story.tell(format!("again: {}", middle.cancel()));
                            sleep(1.0).await;
                            Ok(())
                        });
                        inner.await?;
                        story.tell("never");
                        Ok(())
                    })
                    .await;
                story.left("middle", &middle);
                story.tell(middle.unwrap_err());
                sleep(0.1).await;
                story.tell("parent goes on");
                Ok(())
            })
            .await?;
        Ok(())
    });
    story.is(&[
        "0.1 cancel: true",
        "0.1 again: false",                          // the first reason is kept
        "0.1 inner dropped",                         // everything inside went with it
        "0.1 middle: {} cancelled",                  // no error, and it says so
        "0.1 scope main/outer/middle was cancelled", //
        "0.2 parent goes on",                        //
        "0.2 run = ()",
    ]);
}

#[test]
fn spawn_into_a_stopping_scope_and_the_child_is_never_polled() {
    let story = Story::new();
    story.run(async {
        let result = scope(async |s| {
            let (here, story) = (s.clone(), &story);
            s.spawn(async move {
                let _late = SpawnOnDrop(Some(Box::new(move || {
                    let guard = story.guard("late future dropped");
                    let late = here.spawn_named("late", async move {
                        let _guard = guard;
                        story.tell("never polled");
                        Ok(())
                    });
                    story.tell(format!("late is finished: {}", late.is_finished()));
                })));
                sleep(1.0).await;
                Ok(())
            });
            s.spawn(fail_after(0.1, "A"));
            Ok(())
        })
        .await;
        story.left("scope", &result);
        Ok(())
    });
    story.is(&[
        "0.1 late is finished: false", // its place is in the scope's future, which is busy dropping a sibling
        "0.1 late future dropped",     // without a poll
        "0.1 scope: {cause A}",        // and it was waited for
        "0.1 run = ()",
    ]);
}

struct SpawnOnDrop<'a>(Option<Box<dyn FnOnce() + 'a>>);

impl Drop for SpawnOnDrop<'_> {
    fn drop(&mut self) {
        if let Some(spawn) = self.0.take() {
            spawn();
        }
    }
}

#[test]
fn spawn_into_a_scope_whose_future_is_gone_from_a_cleanup() {
    let story = Story::new();
    story.run(async {
        let telling = story.clone();
        let result = scope(async |outer| {
            let victim = outer.spawn_owned(async move {
                scope(async |s: Scope<'static>| {
                    let (here, there) = (s.clone(), telling.clone());
                    s.spawn_owned(async move {
                        let _guard = defer(async move {
                            sleep(0.5).await;
                            let told = there.guard("late dropped");
                            here.spawn(async move {
                                drop(told);
                                Ok(())
                            });
                            there.tell("spawned from a cleanup");
                            Ok(())
                        });
                        sleep(9.0).await;
                        Ok(())
                    });
                    Ok(())
                })
                .await?;
                Ok(())
            });
            sleep(0.1).await;
            victim.cancel();
            Ok(())
        })
        .await;
        story.left("outer", &result);
        Ok(())
    });
    story.is(&[
        "0.6 late dropped", // no future is left in which it could live: it ends at once, unpolled
        "0.6 spawned from a cleanup", //
        "0.6 outer = ()",   // and nobody waits for it for ever
        "0.6 run = ()",
    ]);
}

#[test]
fn spawn_into_a_closed_scope_gives_the_future_back() {
    let story = Story::new();
    story.run(async {
        let escaped = RefCell::new(None);
        scope(async |s| {
            escaped.replace(Some(s.clone()));
            Ok(())
        })
        .await?;
        let handle = escaped.take().unwrap();
        let error = handle.try_spawn(async { Ok(7) }).err().unwrap();
        story.tell(format!("{error}, closed: {}, cancel: {}", handle.is_closed(), handle.cancel()));
        error.0.await
    });
    story.is(&[
        "0 the scope has ended, closed: true, cancel: false", // nothing to spawn into, nothing to cancel
        "0 run = 7",                                          // the future is as it was
    ]);
}

#[test]
fn children_borrow_what_outlives_the_scope() {
    let story = Story::new();
    story.run(async {
        let mut numbers = [0; 3];
        let total = Cell::new(0);
        scope(async |s| {
            for (index, number) in numbers.iter_mut().enumerate() {
                let total = &total;
                s.spawn(async move {
                    sleep(0.1 * (3 - index) as f64).await;
                    *number = index + 1;
                    total.set(total.get() + *number);
                    Ok(())
                });
            }
            Ok(())
        })
        .await?;
        Ok((numbers, total.get()))
    });
    story.is(&[
        "0.3 run = ([1, 2, 3], 6)", // written through borrows, mutable ones too
    ]);
}

/// A child that borrows, or one that is owned.
fn child(s: &Scope<'static>, owned: bool, future: impl Future<Output = Result<()>> + 'static) -> Task<()> {
    if owned { s.spawn_owned(future) } else { s.spawn(future) }
}

#[test]
fn a_scope_ends_behind_those_who_are_ahead_of_it_whoever_keeps_its_last_child() {
    for owned in [false, true] {
        let story = Story::new();
        let told = story.clone();
        story.run(async {
            let outer = scope(async |outer| {
                child(&outer, owned, fail_after(0.1, "outer"));
                let inner = scope(async |inner| {
                    child(&inner, owned, fail_after(0.1, "inner"));
                    Ok(())
                });
                // The outer scope is ahead: it cancels this before the inner one can report.
                let _ = inner.await;
                told.tell("the inner scope has reported");
                Ok(())
            });
            story.left("outer", &outer.await);
            Ok(())
        });
        let lines = story.lines();
        assert!(!lines.iter().any(|line| line.contains("has reported")), "owned {owned}: {lines:?}");
    }
}

#[test]
fn a_child_that_is_ahead_of_a_deadline_has_its_turn_whoever_keeps_it() {
    for owned in [false, true] {
        let story = Story::new();
        let told = story.clone();
        story.run(async {
            let inside = scope(async |s| {
                let told = told.clone();
                child(&s, owned, async move {
                    told.tell("turn");
                    sleep(1.0).await;
                    Ok(())
                });
                Ok(())
            });
            assert!(timeout(std::time::Duration::ZERO, inside).await.is_err());
            Ok(())
        });
        story.is(&["0 turn", "0 run = ()"]);
    }
}
