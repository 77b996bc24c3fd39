//! Task-local values: seen by everything inside, children and cleanups too, and by nothing else.

use std::rc::Rc;

use futures::{TryStreamExt, join};
use taskscope::runtime::{
    Local, Result, Scope, block_on_virtual, defer, detach, generate, race, scope, shield, timeout,
};

use super::interrupt::at_each_suspension;
use super::story::{Story, secs, sleep, turn};
use super::test;

static NAME: Local<&str> = Local::new();
static DEPTH: Local<u32> = Local::new();

fn name() -> &'static str {
    NAME.get().unwrap_or("nobody")
}

/// Tells who it is when it is dropped.
struct Dropped(Story, &'static str);

impl Drop for Dropped {
    fn drop(&mut self) {
        self.0.tell(format!("{} dropped as {}", self.1, name()));
    }
}

#[test]
fn the_innermost_value_counts_and_locals_do_not_mix() {
    let story = Story::new();
    story.run(async {
        story.tell(name());
        NAME.scope("ada", async {
            story.tell(name());
            DEPTH
                .scope(
                    1,
                    NAME.scope("bob", async {
                        sleep(1.0).await;
                        story.tell(format!("{} {:?}", name(), DEPTH.get()));
                    }),
                )
                .await;
            story.tell(format!("{} {:?}", name(), DEPTH.get()));
            DEPTH.with(|depth| assert!(depth.is_none()));
        })
        .await;
        story.tell(name());
        Ok(())
    });
    story.is(&["0 nobody", "0 ada", "1 bob Some(1)", "1 ada None", "1 nobody", "1 run = ()"]);
    assert_eq!(name(), "nobody", "and outside a run there is none");
}

#[test]
fn children_see_what_is_around_their_scope_whoever_spawns_them() {
    let story = Story::new();
    story.run(async {
        let inside = scope(async |s: Scope<'_>| {
            s.spawn(async {
                turn().await;
                story.tell(format!("borrowing {}", name()));
                Ok(())
            });
            let told = story.clone();
            s.spawn_owned(async move {
                turn().await;
                told.tell(format!("owned {}", name()));
                let inner = scope(async |inner| {
                    inner.spawn(async {
                        sleep(1.0).await;
                        told.tell(format!("grandchild {}", name()));
                        Ok(())
                    });
                    Ok(())
                });
                NAME.scope("carl", inner).await?;
                told.tell(format!("owned still {}", name()));
                Ok(())
            });
            NAME.scope("bob", async {
                let told = story.clone();
                s.spawn_owned(async move {
                    told.tell(format!("spawned by bob, {}", name()));
                    Ok(())
                });
                let told = story.clone();
                detach("alone", async move {
                    told.tell(format!("detached {}", name()));
                    Ok(())
                });
                s.spawn(NAME.scope("bob's", async {
                    story.tell(format!("wrapped {}", name()));
                    Ok(())
                }));
            })
            .await;
            Ok(())
        });
        NAME.scope("ada", inside).await?;
        Ok(())
    });
    story.is(&[
        "0 spawned by bob, ada", // its scope outlives the stretch that bob names
        "0 detached nobody",
        "0 wrapped bob's",
        "0 borrowing ada",
        "0 owned ada",
        "1 grandchild carl",
        "1 owned still ada",
        "1 run = ()",
    ]);
}

#[test]
fn tasks_and_futures_side_by_side_keep_their_own() {
    let story = Story::new();
    story.run(async {
        let telling = async |seconds: f64| {
            for _ in 0..2 {
                sleep(seconds).await;
                story.tell(name());
            }
        };
        join!(NAME.scope("ada", telling(1.0)), telling(1.5), NAME.scope("bob", telling(1.0)));
        Ok(())
    });
    story.is(&["1 ada", "1 bob", "1.5 nobody", "2 ada", "2 bob", "3 nobody", "3 run = ()"]);
}

#[test]
fn cleanups_see_what_their_guard_saw_wherever_they_run() {
    let story = Story::new();
    story.run(async {
        let guard = |place: &'static str| {
            let told = story.clone();
            defer(async move {
                told.tell(format!("{place} begins as {}", name()));
                sleep(1.0).await;
                told.tell(format!("{place} ends as {}", name()));
                Ok(())
            })
        };
        let in_timeout = NAME.scope("ada", async {
            let _dropped = Dropped(story.clone(), "timeout's");
            let _guard = guard("timeout's");
            sleep(9.0).await;
        });
        assert!(timeout(secs(1.0), in_timeout).await.is_err());
        scope(async |s| {
            let guard = guard("owned");
            let (dropped, own) = (Dropped(story.clone(), "outer"), Dropped(story.clone(), "inner"));
            let task = s.spawn_owned(async move {
                let _outer = dropped;
                let inner = async move {
                    let _inner = own;
                    let _guard = guard;
                    sleep(9.0).await;
                };
                NAME.scope("bob", inner).await;
                Ok(())
            });
            turn().await;
            // Cancelled in a turn of somebody else.
            NAME.scope("carl", async { task.cancel() }).await;
            Ok(())
        })
        .await?;
        Ok(())
    });
    story.is(&[
        "1 timeout's dropped as ada",
        "1 timeout's begins as ada",
        "2 timeout's ends as ada",
        "2 inner dropped as bob",
        "2 outer dropped as nobody",
        "2 owned begins as bob",
        "3 owned ends as bob",
        "3 run = ()",
    ]);
}

#[test]
fn what_a_shield_finishes_and_what_a_race_drops() {
    let story = Story::new();
    story.run(async {
        let told = story.clone();
        let shielded = NAME.scope(
            "ada",
            shield(None, async move {
                sleep(2.0).await;
                told.tell(format!("shield ends as {}", name()));
                Ok(())
            }),
        );
        assert!(timeout(secs(1.0), shielded).await.is_err());
        let won = NAME.scope(
            "bob",
            race(async |r| {
                r.spawn(async {
                    let _dropped = Dropped(story.clone(), "loser");
                    sleep(9.0).await;
                    Ok("nobody")
                });
                r.spawn(async {
                    sleep(1.0).await;
                    Ok(name())
                });
                Ok(())
            }),
        );
        won.await
    });
    story.is(&["2 shield ends as ada", "3 loser dropped as bob", "3 run = \"bob\""]);
}

#[test]
fn a_generator_sees_what_its_reader_sees() {
    let story = Story::new();
    story.run(async {
        let mut names = generate(async |mut y| {
            for _ in 0..2 {
                sleep(1.0).await;
                y.emit(name()).await;
            }
            Ok(())
        });
        let first = NAME.scope("ada", names.try_next()).await?;
        let second = names.try_next().await?;
        Ok((first, second))
    });
    story.is(&["2 run = (Some(\"ada\"), Some(\"nobody\"))"]);
}

#[test]
fn a_future_that_moves_to_other_surroundings() {
    let story = Story::new();
    story.run(async {
        let mut moving = Box::pin(NAME.scope("ada", async {
            story.tell(format!("{} {:?}", name(), DEPTH.get()));
            turn().await;
            story.tell(format!("{} {:?}", name(), DEPTH.get()));
            Result::Ok(())
        }));
        assert!(DEPTH.scope(1, async { futures::poll!(&mut moving) }).await.is_pending());
        DEPTH.scope(2, moving).await
    });
    story.is(&["0 ada Some(1)", "0 ada Some(2)", "0 run = ()"]);
}

#[test]
fn a_thousand_inside_each_other_and_dropped_half_way() {
    let seen = block_on_virtual(async {
        let seen = Rc::new(std::cell::Cell::new(0));
        let mut body: std::pin::Pin<Box<dyn Future<Output = ()>>> = Box::pin({
            let seen = seen.clone();
            async move {
                seen.set(DEPTH.get().unwrap_or(0));
                std::future::pending().await
            }
        });
        for depth in (1..=1_000).rev() {
            body = Box::pin(DEPTH.scope(depth, body));
        }
        assert!(timeout(secs(1.0), body).await.is_err());
        Ok((seen.get(), DEPTH.get()))
    });
    assert_eq!(seen.unwrap(), (1_000, None));
}

#[test]
fn cancelled_at_each_suspension_everybody_keeps_their_own() {
    let report = at_each_suspension(
        |_: Rc<()>| async move {
            let named = |as_whom: &'static str| async move {
                let _guard = defer(async move {
                    sleep(0.1).await;
                    assert_eq!(name(), as_whom);
                    Ok(())
                });
                for _ in 0..3 {
                    sleep(0.5).await;
                    assert_eq!(name(), as_whom);
                }
                Ok(())
            };
            scope(async |s| {
                s.spawn(NAME.scope("ada", named("ada")));
                s.spawn_owned(NAME.scope("bob", named("bob")));
                s.spawn(named("nobody"));
                let inner = scope(async |inner| {
                    inner.spawn_owned(named("carl"));
                    inner.spawn(named("carl"));
                    Ok(())
                });
                s.spawn(async { Ok(NAME.scope("carl", inner).await?) });
                Ok(())
            })
            .await?;
            Ok(())
        },
        |_, ()| assert_eq!(name(), "nobody"),
    );
    assert!(report.deadlocks.is_empty(), "{report}");
    assert!(report.points >= 20, "{report}");
}
