//! Resources: closed on every way out, in reverse order, with no error lost.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use taskscope::runtime::{Error, Resource, Result, block_on, collect, race, resource, scope, timeout, using};

use super::interrupt::at_each_suspension;
use super::story::{Story, secs, sleep, tree};
use super::test;

/// Opens in a second and closes in half of one, and tells; may fail at either.
struct Door {
    story: Story,
    name: &'static str,
    fails: &'static str,
}

/// A door that is open, and how often somebody went through.
struct Open(&'static str, u32);

impl Resource for Door {
    type Item = Open;

    async fn open(&mut self) -> Result<Open> {
        let _guard = self.story.guard("opening over");
        sleep(1.0).await;
        match self.fails {
            "opening" => Err(Error::msg("stuck")),
            _ => Ok(Open(self.name, 0)),
        }
    }

    async fn close(self, open: Open) -> Result<()> {
        self.story.tell(format!("closes {} after {}", open.0, open.1));
        sleep(0.5).await;
        self.story.tell(format!("closed {}", open.0));
        match self.fails {
            "closing" => Err(Error::msg("does not shut")),
            _ => Ok(()),
        }
    }
}

/// A block that only takes time.
async fn idle<T>(_: &mut T) -> Result<()> {
    sleep(9.0).await;
    Ok(())
}

fn door(story: &Story, name: &'static str) -> Door {
    Door { story: story.clone(), name, fails: "" }
}

#[test]
fn closed_after_a_value_and_after_an_error() {
    let story = Story::new();
    story.run(async {
        let value = using(door(&story, "a"), async |open| {
            open.1 += 1;
            sleep(1.0).await;
            open.1 += 1;
            Ok(7)
        })
        .await?;
        story.tell(value);
        let error = using(door(&story, "b"), async |_| Err::<(), _>(Error::msg("body"))).await.unwrap_err();
        story.tell(tree(&error));
        Ok(())
    });
    story.is(&[
        "1 opening over",
        "2 closes a after 2", // the block has what the opening gave, to change it too
        "2.5 closed a",
        "2.5 7",
        "3.5 opening over",
        "3.5 closes b after 0",
        "4 closed b",
        "4 body", // raised when it is closed
        "4 run = ()",
    ]);
}

#[test]
fn what_could_not_be_opened_is_not_closed() {
    let story = Story::new();
    story.run(async {
        let stuck = Door { fails: "opening", ..door(&story, "a") };
        story.tell(using(stuck, async |_| Ok(())).await.unwrap_err());
        let slow = timeout(secs(0.5), using(door(&story, "b"), async |_| Ok(()))).await;
        story.tell(slow.unwrap_err());
        Ok(())
    });
    story.is(&[
        "1 opening over",
        "1 stuck",
        "1.5 opening over", // dropped half way
        "1.5 timed out after 500ms",
        "1.5 run = ()",
    ]);
}

#[test]
fn an_error_of_closing_stands_beside_that_of_the_body() {
    let story = Story::new();
    story.run(async {
        let bad = || Door { fails: "closing", ..door(&story, "a") };
        story.tell(tree(&using(bad(), async |_| Ok(7)).await.unwrap_err()));
        let both = using(bad(), async |_| Err::<(), _>(Error::msg("body"))).await;
        story.tell(tree(&both.unwrap_err()));
        let late = timeout(secs(2.0), using(bad(), idle)).await;
        story.tell(late.unwrap_err());
        Ok(())
    });
    let told: Vec<String> = story.lines().into_iter().filter(|line| !line.contains(" open")).collect();
    assert_eq!(
        told,
        [
            "1 closes a after 0",
            "1.5 closed a",
            "1.5 does not shut",
            "2.5 closes a after 0",
            "3 closed a",
            "3 {cause body, cause does not shut}", // the body's first
            "5 closes a after 0",
            "5.5 closed a",
            "5.5 timed out after 2s; does not shut", // with the timeout, whose cleanup it was
            "5.5 run = ()",
        ]
    );
}

#[test]
fn several_are_closed_in_reverse_order_one_after_the_other() {
    let story = Story::new();
    story.run(async {
        let nested = using(door(&story, "outer"), async |_| {
            using(door(&story, "inner"), async |_| {
                sleep(9.0).await;
                Ok(())
            })
            .await
        });
        story.tell(timeout(secs(3.0), nested).await.unwrap_err());
        Ok(())
    });
    story.is(&[
        "1 opening over",
        "2 opening over",
        "3 closes inner after 0",
        "3.5 closed inner",
        "3.5 closes outer after 0",
        "4 closed outer",
        "4 timed out after 3s",
        "4 run = ()",
    ]);
}

#[test]
fn cancelled_while_it_closes_it_goes_on_closing() {
    let story = Story::new();
    story.run(async {
        // The deadline comes while it closes; the second one at the instant at which it is closed.
        for limit in [1.25, 1.5] {
            let quick = using(door(&story, "a"), async |_| Ok(7));
            story.tell(timeout(secs(limit), quick).await.unwrap_err());
        }
        Ok(())
    });
    story.is(&[
        "1 opening over",
        "1 closes a after 0",
        "1.5 closed a",
        "1.5 timed out after 1.25s",
        "2.5 opening over",
        "2.5 closes a after 0",
        "3 closed a",
        "3 timed out after 1.5s", // the deadline wins, and nothing is closed twice
        "3 run = ()",
    ]);
}

#[test]
fn children_of_the_block_use_it_and_are_gone_when_it_closes() {
    let story = Story::new();
    story.run(async {
        let uses = using(door(&story, "a"), async |open| {
            let used = Cell::new(0);
            let name = open.0;
            let result = scope(async |s| {
                for seconds in [1.0, 2.0] {
                    let (used, story) = (&used, &story);
                    s.spawn(async move {
                        let _guard = story.guard(name);
                        sleep(seconds).await;
                        used.set(used.get() + 1);
                        Ok(())
                    });
                }
                sleep(1.5).await;
                Err::<(), _>(Error::msg("body"))
            })
            .await;
            open.1 = used.get();
            Ok(result?)
        });
        story.tell(tree(&uses.await.unwrap_err()));
        Ok(())
    });
    story.is(&[
        "1 opening over",
        "2 a",
        "2.5 a", // cancelled
        "2.5 closes a after 1",
        "3 closed a",
        "3 {body body}",
        "3 run = ()",
    ]);
}

#[test]
fn the_loser_of_a_race_closes_before_the_race_is_over() {
    let story = Story::new();
    story.run(async {
        race(async |r| {
            r.spawn(using(door(&story, "loser"), async |_| {
                sleep(9.0).await;
                Ok("loser")
            }));
            r.spawn(async {
                sleep(2.0).await;
                Ok("winner")
            });
            Ok(())
        })
        .await
    });
    story.is(&["1 opening over", "2 closes loser after 0", "2.5 closed loser", "2.5 run = \"winner\""]);
}

#[test]
fn in_a_run_that_is_dropped_nothing_awaits_any_more() {
    let story = Story::new();
    let handle = RefCell::new(None);
    let run = story.prepare(async {
        let handle: taskscope::runtime::RunHandle = handle.take().unwrap();
        using(door(&story, "a"), async |_| {
            handle.stop();
            sleep(9.0).await;
            Ok(())
        })
        .await
    });
    handle.replace(Some(run.handle()));
    story.tell(block_on(run).unwrap_err());
    story.is(&["1 opening over", "1 the run was stopped"]); // the item itself was dropped
}

#[derive(Default)]
struct Count {
    open: Cell<i32>,
    ever: Cell<i32>,
}

#[test]
fn cancelled_at_each_suspension_nothing_stays_open() {
    let counted = |count: Rc<Count>| {
        let closing = count.clone();
        resource(
            async move || {
                sleep(0.1).await;
                count.open.set(count.open.get() + 1);
                count.ever.set(count.ever.get() + 1);
                Ok(())
            },
            async move |()| {
                sleep(0.2).await;
                closing.open.set(closing.open.get() - 1);
                Ok(())
            },
        )
    };
    let report = at_each_suspension(
        |count: Rc<Count>| async move {
            using(counted(count.clone()), async |()| {
                sleep(0.1).await;
                collect(async |s| {
                    s.spawn(using(counted(count.clone()), idle));
                    s.spawn(using(counted(count.clone()), async |()| {
                        sleep(0.2).await;
                        Err::<(), _>(Error::msg("expected"))
                    }));
                    Ok(())
                })
                .await
                .map_or_else(|_| Ok(()), Ok)
            })
            .await
        },
        |at, count| {
            assert_eq!(count.open.get(), 0, "{at}");
            assert!(at.turn > 0 || count.ever.get() == 3);
        },
    );
    assert!(report.deadlocks.is_empty(), "{report}");
    assert!(report.points >= 8, "{report}");
}
