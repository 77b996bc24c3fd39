//! Locks and conditions: one at a time, in order, and neither a lock nor a notification is lost on the way.

use std::rc::Rc;

use taskscope::runtime::{
    Condition, ConditionStatistics, Lock, LockGuard, LockStatistics, Result, Scope, Task, defer, scope,
};

use super::story::{Story, sleep, turn};
use super::test;

/// A child that locks, tells, holds for a while.
async fn hold(story: &Story, lock: &Lock<Vec<u32>>, name: u32, seconds: f64) -> Result<()> {
    let mut names = lock.lock().await;
    names.push(name);
    story.tell(name);
    sleep(seconds).await;
    assert_eq!(names.last(), Some(&name), "nobody came in between");
    Ok(())
}

#[test]
fn three_who_come_again_take_turns() {
    let story = Story::new();
    let lock = Lock::named("names", Vec::new());
    story.run(async {
        scope(async |s| {
            for name in 1..=3 {
                let (story, lock) = (&story, &lock);
                s.spawn(async move {
                    for _ in 0..2 {
                        hold(story, lock, name, 1.0).await?;
                    }
                    Ok(())
                });
            }
            turn().await;
            story.tell(format!("{:?}", lock.statistics()));
            Ok(())
        })
        .await?;
        Ok(lock.statistics().locked)
    });
    story.is(&[
        "0 1",
        "0 LockStatistics { locked: true, waiting: 2 }",
        "1 2",
        "2 3",
        "3 1", // who comes again queues behind
        "4 2",
        "5 3",
        "6 run = false",
    ]);
    assert_eq!(lock.into_inner(), [1, 2, 3, 1, 2, 3]);
}

#[test]
fn handed_to_a_waiter_that_is_cancelled_at_the_same_instant() {
    for owned in [false, true] {
        let story = Story::new();
        story.run(async {
            let lock = Rc::new(Lock::new(Vec::new()));
            scope(async |s| {
                let held = lock.lock().await;
                let (told, wanted) = (story.clone(), lock.clone());
                let body = async move { hold(&told, &wanted, 1, 0.0).await };
                let first = if owned { s.spawn_owned(body) } else { s.spawn(body) };
                s.spawn(hold(&story, &lock, 2, 0.0));
                turn().await;
                drop(held); // handed to the first
                story.tell(format!("try: {}", lock.try_lock().is_some()));
                first.cancel();
                Ok(())
            })
            .await?;
            Ok(lock.statistics())
        });
        story.is(&[
            "0 try: false", // nobody barges in
            "0 2",          // passed on
            "0 run = LockStatistics { locked: false, waiting: 0 }",
        ]);
    }
}

#[test]
fn the_value_is_reached_without_locking_where_nobody_else_can() {
    let story = Story::new();
    story.run(async {
        let mut lock = Lock::new(1);
        *lock.get_mut() += 1;
        {
            let mut guard = lock.try_lock().expect("nobody has it");
            *guard += 1;
            story.tell(format!("{guard:?}, {:?}", lock.try_lock()));
        }
        story.tell(format!("{lock:?}"));
        Ok(lock.into_inner())
    });
    story.is(&["0 3, None", "0 Lock(RefCell { value: 3 })", "0 run = 3"]);
}

#[test]
fn a_lock_is_given_back_behind_the_cleanup_of_what_is_further_inside() {
    let story = Story::new();
    story.run(async {
        let lock = Lock::new(Vec::new());
        scope(async |s| {
            let holder: Task<()> = s.spawn(async {
                let _held = lock.lock().await;
                let told = story.clone();
                let _guard = defer(async move {
                    sleep(1.0).await;
                    told.tell("cleaned up");
                    Ok(())
                });
                std::future::pending().await
            });
            turn().await;
            s.spawn(hold(&story, &lock, 1, 0.0));
            turn().await;
            holder.cancel();
            Ok(())
        })
        .await?;
        Ok(())
    });
    story.is(&["1 cleaned up", "1 1", "1 run = ()"]);
}

#[test]
fn a_deadlock_says_who_waits_for_what_and_who_holds_it() {
    let story = Story::new();
    story.run(async {
        let (left, right) = (Lock::named("left", ()), Lock::named("right", ()));
        scope(async |s| {
            for (name, first, second) in [("a", &left, &right), ("b", &right, &left)] {
                s.spawn_named(name, async move {
                    let _first = first.lock().await;
                    sleep(1.0).await;
                    let _second = second.lock().await;
                    Ok(())
                });
            }
            Ok(())
        })
        .await?;
        Ok(())
    });
    story.is(&["1 run: deadlock: main/scope/a and main/scope/b wait for each other: \
         main/scope/a waits for lock `right`, held by main/scope/b; \
         main/scope/b waits for lock `left`, held by main/scope/a; \
         and because of that: main waits for the children of main/scope"]);
}

#[test]
fn a_task_that_asks_for_a_lock_it_holds_is_a_deadlock_with_itself() {
    let story = Story::new();
    story.run(async {
        let lock = Lock::named("mine", ());
        let _held = lock.lock().await;
        let _again = lock.lock().await;
        Ok(())
    });
    story.is(&["0 run: deadlock: main waits for lock `mine`, held by main"]);
}

/// A stock, and where one waits for it to grow.
struct Shop {
    story: Story,
    stock: Lock<u32>,
    grown: Condition,
}

impl Shop {
    fn new() -> Shop {
        Shop { story: Story::new(), stock: Lock::named("stock", 0), grown: Condition::new("grown") }
    }

    /// A child that waits until there is one, and takes it.
    fn buyer<'env>(&'env self, s: &Scope<'env>, name: &'static str) -> Task<()> {
        s.spawn_named(name, async move {
            let stock = self.stock.lock().await;
            let mut stock = self.grown.wait_while(stock, |stock| *stock == 0).await;
            *stock -= 1;
            self.story.tell(name);
            Ok(())
        })
    }

    /// A child that is notified once, whatever the stock is.
    fn waiter<'env>(&'env self, s: &Scope<'env>, name: &'static str) -> Task<()> {
        s.spawn_named(name, async move {
            let stock: LockGuard<'_, u32> = self.grown.wait(self.stock.lock().await).await;
            self.story.tell(format!("{name} sees {stock:?}"));
            Ok(())
        })
    }

    fn waiting(&self) -> usize {
        let ConditionStatistics { waiting } = self.grown.statistics();
        waiting
    }
}

#[test]
fn those_who_waited_longest_are_notified_first_and_a_notification_is_not_kept() {
    let shop = Shop::new();
    shop.story.run(async {
        scope(async |s| {
            shop.grown.notify(5); // to nobody
            for name in ["a", "b", "c", "d"] {
                shop.waiter(&s, name);
            }
            turn().await;
            shop.story.tell(format!("{} wait, locked: {}", shop.waiting(), shop.stock.statistics().locked));
            shop.grown.notify(1);
            sleep(1.0).await;
            *shop.stock.lock().await = 7;
            shop.grown.notify(2);
            sleep(1.0).await;
            shop.grown.notify_all();
            Ok(())
        })
        .await?;
        Ok(())
    });
    shop.story.is(&[
        "0 4 wait, locked: false", // who waits has given the lock back
        "0 a sees 0",
        "1 b sees 7",
        "1 c sees 7",
        "2 d sees 7",
        "2 run = ()",
    ]);
}

#[test]
fn who_was_notified_is_ahead_of_who_comes_to_the_lock_later() {
    let shop = Shop::new();
    shop.story.run(async {
        scope(async |s| {
            shop.waiter(&s, "waiter");
            turn().await;
            let held = shop.stock.lock().await;
            s.spawn(async {
                let _stock = shop.stock.lock().await;
                shop.story.tell("early");
                Ok(())
            });
            turn().await;
            s.spawn(async {
                let _stock = shop.stock.lock().await; // its turn comes before the waiter's
                shop.story.tell("late");
                Ok(())
            });
            shop.grown.notify(1);
            turn().await;
            drop(held);
            Ok(())
        })
        .await?;
        Ok(())
    });
    shop.story.is(&["0 early", "0 waiter sees 0", "0 late", "0 run = ()"]);
}

#[test]
fn notified_and_cancelled_at_the_same_instant_it_passes_the_notification_on() {
    let shop = Shop::new();
    shop.story.run(async {
        scope(async |s| {
            let first = shop.buyer(&s, "a");
            shop.buyer(&s, "b");
            turn().await;
            *shop.stock.lock().await += 1;
            shop.grown.notify(1);
            first.cancel();
            Ok(())
        })
        .await?;
        Ok(shop.stock.statistics())
    });
    shop.story.is(&["0 b", "0 run = LockStatistics { locked: false, waiting: 0 }"]);
}

#[test]
fn cancelled_between_the_notification_and_the_lock_it_passes_the_notification_on() {
    let shop = Shop::new();
    shop.story.run(async {
        scope(async |s| {
            let first = shop.buyer(&s, "a");
            shop.buyer(&s, "b");
            turn().await;
            let mut stock = shop.stock.lock().await;
            *stock += 1;
            shop.grown.notify(1);
            sleep(1.0).await; // it had its turn, and waits for the lock
            shop.story.tell(format!("{} wait, {:?}", shop.waiting(), shop.stock.statistics()));
            first.cancel();
            turn().await;
            shop.story.tell(format!("{} wait, {:?}", shop.waiting(), shop.stock.statistics()));
            Ok(())
        })
        .await?;
        Ok(())
    });
    shop.story.is(&[
        "1 1 wait, LockStatistics { locked: true, waiting: 1 }",
        "1 0 wait, LockStatistics { locked: true, waiting: 1 }", // the second has its place in the line
        "1 b",
        "1 run = ()",
    ]);
}

#[test]
fn where_all_were_notified_a_cancelled_one_wakes_nobody_who_came_later() {
    let shop = Shop::new();
    shop.story.run(async {
        scope(async |s| {
            let first = shop.waiter(&s, "a");
            turn().await;
            shop.grown.notify_all();
            let late = shop.waiter(&s, "late");
            turn().await;
            drop(shop.stock.lock().await);
            first.cancel();
            sleep(1.0).await;
            shop.story.tell(format!("{} wait", shop.waiting()));
            late.cancel();
            Ok(())
        })
        .await?;
        Ok(())
    });
    shop.story.is(&["0 a sees 0", "1 1 wait", "1 run = ()"]);
}

#[test]
fn a_cancelled_waiter_holds_no_lock_and_a_deadlock_names_the_condition() {
    let shop = Shop::new();
    shop.story.run(async {
        scope(async |s| {
            let gone = shop.waiter(&s, "gone");
            shop.waiter(&s, "left");
            turn().await;
            gone.cancel();
            turn().await;
            let LockStatistics { locked, waiting } = shop.stock.statistics();
            shop.story.tell(format!("locked: {locked}, {waiting} want it, {} wait", shop.waiting()));
            Ok(())
        })
        .await?;
        Ok(())
    });
    shop.story.is(&[
        "0 locked: false, 0 want it, 1 wait",
        "0 run: deadlock: main/scope/left waits for condition `grown`; \
         and because of that: main waits for the children of main/scope",
    ]);
}
