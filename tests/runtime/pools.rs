//! Pools: few connections for many, each closed on every path, and none lost by who opens it.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use taskscope::runtime::{
    Connect, Error, Leaf, Pool, PoolClosed, PoolOptions, PoolStatistics, PoolTimeout, Result, Scope, Task,
    defer, scope,
};

use super::story::{Story, secs, sleep, turn};
use super::test;

/// Numbers its connections, and tells what happens to them.
#[derive(Clone)]
struct Server {
    story: Story,
    /// How long opening takes, in seconds; closing takes a tenth.
    opens_in: f64,
    numbers: Rc<Cell<u32>>,
    /// Connections that fail their check.
    dead: Rc<RefCell<Vec<u32>>>,
    /// How many more times opening fails.
    refuses: Rc<Cell<u32>>,
}

impl Server {
    fn new(opens_in: f64) -> Server {
        let (story, numbers) = (Story::new(), Rc::default());
        Server { story, opens_in, numbers, dead: Rc::default(), refuses: Rc::default() }
    }

    fn pool(&self, size: u64, overflow: u64) -> Pool<Server> {
        Pool::new("db", size, overflow, self.clone())
    }

    fn pool_with(&self, options: PoolOptions) -> Pool<Server> {
        Pool::with_options("db", options, self.clone())
    }
}

impl Connect for Server {
    type Connection = u32;

    async fn open(&self) -> Result<u32> {
        sleep(self.opens_in).await;
        if let Some(left) = self.refuses.get().checked_sub(1) {
            self.refuses.set(left);
            return Err(Error::msg("refused"));
        }
        self.numbers.set(self.numbers.get() + 1);
        self.story.tell(format!("open {}", self.numbers.get()));
        Ok(self.numbers.get())
    }

    async fn check(&self, connection: &mut u32) -> Result<()> {
        sleep(0.01).await;
        self.story.tell(format!("check {connection}"));
        if self.dead.borrow().contains(connection) { Err(Error::msg("dead")) } else { Ok(()) }
    }

    async fn close(&self, connection: u32) -> Result<()> {
        sleep(0.1).await;
        self.story.tell(format!("close {connection}"));
        if self.dead.borrow().contains(&connection) { Err(Error::msg("was dead")) } else { Ok(()) }
    }
}

/// A child that has a connection for a while.
fn user<'env>(
    s: &Scope<'env>,
    story: &'env Story,
    pool: &'env Pool<Server>,
    name: &'static str,
    seconds: f64,
) -> Task<()> {
    s.spawn_named(name, async move {
        pool.with(async |connection| {
            story.tell(format!("{name} has {connection}"));
            sleep(seconds).await;
            Ok(())
        })
        .await
    })
}

fn numbers(pool: &Pool<Server>) -> String {
    let PoolStatistics { open, idle, taken, waiting, .. } = pool.statistics();
    format!("{open} open, {idle} idle, {taken} taken, {waiting} wait")
}

#[test]
fn connections_go_round_in_order_and_the_overflow_is_closed_when_nobody_waits() {
    let server = Server::new(0.0);
    let (story, pool) = (&server.story, server.pool(1, 1));
    story.run(async {
        scope(async |s| {
            for (name, seconds) in [("a", 1.0), ("b", 2.0), ("c", 3.0), ("d", 1.0)] {
                user(&s, story, &pool, name, seconds);
            }
            sleep(0.5).await;
            story.tell(numbers(&pool));
            Ok(())
        })
        .await?;
        story.tell(numbers(&pool));
        pool.close().await?;
        Ok(pool.statistics())
    });
    story.is(&[
        "0 open 1",
        "0 a has 1",
        "0 open 2",
        "0 b has 2",
        "0.5 2 open, 0 idle, 2 taken, 2 wait",
        "1 c has 1",
        "2 d has 2",
        "3.1 close 2", // nobody waits, and two are more than one
        "4 1 open, 1 idle, 0 taken, 0 wait",
        "4.1 close 1",
        "4.1 run = PoolStatistics { open: 0, idle: 0, taken: 0, peak: 2, waiting: 0, opened: 2, \
         failed_closes: 0 }",
    ]);
}

#[test]
fn a_guard_gives_back_at_once_and_one_that_is_invalidated_is_closed() {
    let server = Server::new(0.0);
    let (story, pool) = (&server.story, server.pool(1, 0));
    story.run(async {
        let first = pool.acquire().await?;
        drop(first);
        story.tell(numbers(&pool));
        let mut again = pool.acquire().await?;
        again.invalidate();
        again.give_back().await?; // waits until it is closed
        story.tell(numbers(&pool));
        scope(async |_| {
            pool.acquire().await?.invalidate(); // dropped: closed by the scope
            story.tell(numbers(&pool));
            Ok(())
        })
        .await?;
        Ok(numbers(&pool))
    });
    story.is(&[
        "0 open 1",
        "0 1 open, 1 idle, 0 taken, 0 wait",
        "0.1 close 1",
        "0.1 0 open, 0 idle, 0 taken, 0 wait",
        "0.1 open 2",
        "0.1 1 open, 0 idle, 1 taken, 0 wait",
        "0.2 close 2",
        r#"0.2 run = "0 open, 0 idle, 0 taken, 0 wait""#,
    ]);
}

#[test]
fn a_cancelled_opener_gives_its_place_to_the_next() {
    let server = Server::new(1.0);
    let (story, pool) = (&server.story, server.pool(1, 0));
    story.run(async {
        scope(async |s| {
            let first = user(&s, story, &pool, "a", 1.0);
            user(&s, story, &pool, "b", 1.0);
            sleep(0.5).await;
            first.cancel();
            Ok(())
        })
        .await?;
        Ok(numbers(&pool))
    });
    story.is(&["1.5 open 1", "1.5 b has 1", r#"2.5 run = "1 open, 1 idle, 0 taken, 0 wait""#]);
}

#[test]
fn a_place_handed_to_a_user_that_is_cancelled_at_the_same_instant() {
    let server = Server::new(0.0);
    let (story, pool) = (&server.story, server.pool(1, 0));
    story.run(async {
        scope(async |s| {
            let held = pool.acquire().await?;
            let first = user(&s, story, &pool, "a", 1.0);
            user(&s, story, &pool, "b", 1.0);
            turn().await;
            drop(held);
            first.cancel();
            Ok(())
        })
        .await?;
        Ok(numbers(&pool))
    });
    story.is(&["0 open 1", "0 b has 1", r#"1 run = "1 open, 1 idle, 0 taken, 0 wait""#]);
}

#[test]
fn what_was_kept_for_those_who_left_is_closed() {
    let server = Server::new(0.0);
    let (story, pool) = (&server.story, server.pool(1, 1));
    story.run(async {
        scope(async |s| {
            let held = (pool.acquire().await?, pool.acquire().await?);
            let waiters = (user(&s, story, &pool, "a", 1.0), user(&s, story, &pool, "b", 1.0));
            turn().await;
            drop(held); // both are kept, since two wait
            story.tell(numbers(&pool));
            waiters.0.cancel();
            waiters.1.cancel();
            Ok(())
        })
        .await?;
        Ok(numbers(&pool))
    });
    story.is(&[
        "0 open 1",
        "0 open 2",
        "0 2 open, 2 idle, 2 taken, 0 wait",
        "0.1 close 1", // one is as many as are kept
        r#"0.1 run = "1 open, 1 idle, 0 taken, 0 wait""#,
    ]);
}

#[test]
fn a_connection_comes_back_behind_the_cleanups_of_the_cancelled_body() {
    let server = Server::new(0.0);
    let (story, pool) = (&server.story, server.pool(1, 0));
    story.run(async {
        scope(async |s| {
            let told = story.clone();
            let first = s.spawn(pool.with(async |_| -> Result<()> {
                let _guard = defer(async move {
                    sleep(0.5).await;
                    told.tell("rolled back");
                    Ok(())
                });
                std::future::pending().await
            }));
            turn().await;
            user(&s, story, &pool, "b", 0.0);
            turn().await;
            first.cancel();
            Ok(())
        })
        .await?;
        Ok(numbers(&pool))
    });
    story.is(&[
        "0 open 1",
        "0.5 rolled back",
        "0.5 b has 1",
        r#"0.5 run = "1 open, 1 idle, 0 taken, 0 wait""#,
    ]);
}

#[test]
fn opening_fails_and_the_place_goes_to_the_next() {
    let server = Server::new(0.0);
    server.refuses.set(1);
    let (story, pool) = (&server.story, server.pool(1, 0));
    story.run(async {
        let (first, second) = futures::join!(pool.acquire(), pool.acquire());
        story.tell(first.map(drop).unwrap_err().leaves().map(Leaf::message).collect::<String>());
        story.tell(format!("{:?}", second.map(|lent| *lent).ok()));
        Ok(numbers(&pool))
    });
    story.is(&["0 open 1", "0 refused", "0 Some(1)", r#"0 run = "1 open, 1 idle, 0 taken, 0 wait""#]);
}

#[test]
fn a_dead_connection_is_found_by_its_check_and_replaced() {
    let server = Server::new(0.0);
    server.dead.borrow_mut().extend([1, 2]);
    let (story, dead) = (&server.story, server.dead.clone());
    let pool = server.pool_with(PoolOptions { size: 3, pre_ping: true, ..PoolOptions::default() });
    story.run(async {
        let three = (pool.acquire().await?, pool.acquire().await?, pool.acquire().await?);
        drop(three);
        let third = pool.acquire().await?; // the first two are dead
        story.tell(format!("has {}", *third));
        dead.borrow_mut().push(3);
        drop(third);
        story.tell(format!("has {}", *pool.acquire().await?));
        Ok(pool.statistics().failed_closes)
    });
    story.is(&[
        "0 open 1",
        "0 open 2",
        "0 open 3",
        "0.01 check 1",
        "0.11 close 1",
        "0.12 check 2",
        "0.22 close 2",
        "0.23 check 3",
        "0.23 has 3",
        "0.24 check 3",
        "0.34 close 3",
        "0.34 open 4", // none is left
        "0.34 has 4",
        "0.34 run = 3", // a dead one fails to close, too
    ]);
}

#[test]
fn cancelled_while_it_checks_or_replaces_it_leaves_nothing_open() {
    for (cancel_at, expected) in [
        (0.005, ["0.105 close 1", r#"0.105 run = "0 open, 0 idle, 0 taken, 0 wait""#]),
        (0.05, ["0.11 close 1", r#"0.11 run = "0 open, 0 idle, 0 taken, 0 wait""#]),
    ] {
        let server = Server::new(0.0);
        server.dead.borrow_mut().push(1);
        let story = &server.story;
        let pool =
            server.pool_with(PoolOptions { size: 1, overflow: 0, pre_ping: true, ..PoolOptions::default() });
        story.run(async {
            drop(pool.acquire().await?);
            let result = scope(async |s| {
                let first = user(&s, story, &pool, "a", 1.0);
                sleep(cancel_at).await;
                first.cancel();
                turn().await;
                assert_eq!(pool.statistics().taken, 1, "the place is taken until it is closed");
                Ok(())
            })
            .await;
            assert_eq!(result.is_err(), cancel_at < 0.01, "an error of closing as a cleanup is the task's");
            Ok(numbers(&pool))
        });
        let lines = story.lines();
        let closed = lines.iter().filter(|line| !line.contains("check"));
        assert_eq!(closed.skip(1).collect::<Vec<_>>(), expected);
    }
}

#[test]
fn an_old_connection_is_closed_instead_of_lent_again() {
    let server = Server::new(0.0);
    let story = &server.story;
    let recycle = Some(Duration::from_secs(10));
    let pool = server.pool_with(PoolOptions { size: 1, recycle, ..PoolOptions::default() });
    story.run(async {
        for wait in [9.0, 1.0, 0.0] {
            pool.with(async |connection| {
                story.tell(format!("has {connection}"));
                sleep(wait).await;
                Ok(())
            })
            .await?;
        }
        Ok(())
    });
    story.is(&[
        "0 open 1",
        "0 has 1",
        "9 has 1", // nine seconds old; while it is lent it may grow older
        "10.1 close 1",
        "10.1 open 2",
        "10.1 has 2",
        "10.1 run = ()",
    ]);
}

#[test]
fn a_place_is_waited_for_as_long_as_the_timeout_says() {
    let server = Server::new(0.0);
    let story = &server.story;
    let timeout = Some(secs(2.0));
    let pool = server.pool_with(PoolOptions { size: 1, overflow: 0, timeout, ..PoolOptions::default() });
    story.run(async {
        let held = pool.acquire().await?; // at once
        let late = pool.acquire().await.err();
        story.tell(late.is_some_and(|error| error.downcast_ref::<PoolTimeout>().is_some()));
        drop(held);
        Ok(*pool.acquire().await?)
    });
    story.is(&["0 open 1", "2 true", "2 run = 1"]);
}

#[test]
fn a_closed_pool_lends_nothing_and_closes_what_comes_back() {
    let server = Server::new(0.0);
    let (story, pool) = (&server.story, server.pool(2, 0));
    story.run(async {
        let (first, second) = (pool.acquire().await?, pool.acquire().await?);
        scope(async |s| {
            let waiter = s.spawn(async {
                let refused = pool.acquire().await.err();
                let closed = refused.and_then(|error| error.downcast_ref::<PoolClosed>().cloned());
                story.tell(closed.map_or_else(String::new, |error| error.to_string()));
                Ok(())
            });
            turn().await;
            drop(second);
            pool.close().await?; // the second was kept for who waits
            waiter.await?;
            first.give_back().await?;
            Ok(())
        })
        .await?;
        Ok(pool.acquire().await.is_err())
    });
    story.is(&[
        "0 open 1",
        "0 open 2",
        "0 pool `db` is closed",
        "0.1 close 2",
        "0.2 close 1",
        "0.2 run = true",
    ]);
}

#[test]
fn draining_closes_what_is_idle_and_the_pool_goes_on() {
    let server = Server::new(0.0);
    let (story, pool) = (&server.story, server.pool(2, 0));
    story.run(async {
        let both = (pool.acquire().await?, pool.acquire().await?);
        drop(both);
        let cut = taskscope::runtime::timeout(secs(0.05), pool.drain()).await;
        story.tell(format!("cut: {}, {}", cut.is_err(), numbers(&pool))); // the first was closed all the same
        pool.drain().await?;
        Ok(*pool.acquire().await?)
    });
    story.is(&[
        "0 open 1",
        "0 open 2",
        "0.1 close 1",
        "0.1 cut: true, 1 open, 1 idle, 0 taken, 0 wait",
        "0.2 close 2",
        "0.2 open 3",
        "0.2 run = 3",
    ]);
}
