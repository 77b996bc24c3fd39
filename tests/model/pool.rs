//! A pool against a record of every connection: what it was, who has it, and whether that may be.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::pin::pin;
use std::rc::Rc;
use std::task::Poll;
use std::time::Duration;

use futures::poll;
use proptest::prelude::{Just, Strategy, any};
use proptest::prop_oneof;
use taskscope::ids::TaskId;
use taskscope::runtime::{
    Connect, Error, Lent, Pool, PoolOptions, PoolStatistics, Queue, Result, Scope, Task, current_task, now,
    scope, sleep,
};

use super::trial::{choose, same, trial, turn};

#[derive(Clone, Debug)]
enum Operation {
    Use,
    End(usize, How),
    Cancel(usize),
    FailOpen,
    FailCheck,
    Drain,
    Turn,
    Advance(u64),
}

/// How a user ends.
#[derive(Clone, Copy, Debug)]
enum How {
    GiveBack,
    Drop,
    Invalidate,
}

fn operation() -> impl Strategy<Value = Operation> {
    let how = prop_oneof![3 => Just(How::GiveBack), 2 => Just(How::Drop), 1 => Just(How::Invalidate)];
    prop_oneof![
        12 => Just(Operation::Use),
        12 => (any::<usize>(), how).prop_map(|(by, how)| Operation::End(by, how)),
        6 => any::<usize>().prop_map(Operation::Cancel),
        1 => Just(Operation::FailOpen),
        1 => Just(Operation::FailCheck),
        1 => Just(Operation::Drain),
        10 => Just(Operation::Turn),
        8 => (0..7_u64).prop_map(Operation::Advance),
    ]
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum State {
    /// Opened for somebody, checked for somebody, or with nobody.
    Free,
    Lent(usize),
    Closing,
    Closed,
}

/// What is known of a connection.
#[derive(Clone, Copy, Debug)]
struct Known {
    state: State,
    opened_at: u64,
    /// It was lent before and has not passed a check since.
    unchecked: bool,
}

/// Where a user is.
#[derive(Clone, Copy, Debug, PartialEq)]
enum User {
    /// In the turn in which it came.
    Arrives,
    /// It has to wait.
    InLine,
    /// It has a place: it opens, checks or has a connection.
    Placed,
    Has(usize),
}

#[derive(Default)]
struct Record {
    connections: RefCell<Vec<Known>>,
    users: RefCell<BTreeMap<usize, User>>,
    names: RefCell<BTreeMap<TaskId, usize>>,
    opening: Cell<u64>,
    fail_open: Cell<bool>,
    fail_check: Cell<bool>,
    fault: RefCell<Option<String>>,
}

impl Record {
    fn expect(&self, holds: bool, what: impl FnOnce() -> String) {
        if !holds {
            self.fault.borrow_mut().get_or_insert_with(what);
        }
    }

    /// A user that was in line does something that needs a place.
    fn placed(&self, user: usize) {
        let mut users = self.users.borrow_mut();
        let first = users.iter().find(|(_, stage)| **stage == User::InLine).map(|(first, _)| *first);
        if users.get(&user) == Some(&User::InLine) {
            self.expect(first == Some(user), || format!("{user} has a place before {first:?}"));
        }
        if let Some(stage @ (User::Arrives | User::InLine)) = users.get_mut(&user) {
            *stage = User::Placed;
        }
    }

    /// The turn in which it came is over: it waits, or nobody did.
    fn arrived(&self, user: usize, waiting: usize) {
        let mut users = self.users.borrow_mut();
        match users.get_mut(&user) {
            Some(stage @ User::Arrives) if waiting > 0 => *stage = User::InLine,
            _ => self.expect(waiting == 0, || format!("{user} did not wait behind {waiting} others")),
        }
    }

    fn lent(&self, user: usize, connection: usize, options: &PoolOptions) {
        self.placed(user);
        self.users.borrow_mut().insert(user, User::Has(connection));
        let mut connections = self.connections.borrow_mut();
        let known = &mut connections[connection];
        self.expect(known.state == State::Free, || format!("{connection} was lent while it was {known:?}"));
        self.expect(!(options.pre_ping && known.unchecked), || format!("{connection} was not checked"));
        if !options.pre_ping {
            self.is_young(connection, known, options);
        }
        known.state = State::Lent(user);
        known.unchecked = true;
    }

    fn is_young(&self, connection: usize, known: &Known, options: &PoolOptions) {
        let age = Duration::from_micros(now().as_us() - known.opened_at);
        let young = !known.unchecked || options.recycle.is_none_or(|limit| age < limit);
        self.expect(young, || format!("{connection} is {age:?} old"));
    }

    /// The user is gone, and has nothing any more.
    fn gone(&self, user: usize) {
        if let Some(User::Has(connection)) = self.users.borrow_mut().remove(&user) {
            let mut connections = self.connections.borrow_mut();
            if connections[connection].state == State::Lent(user) {
                connections[connection].state = State::Free;
            }
        }
    }
}

/// Counts those who open, whether they come to an end or not.
struct Opening<'a>(&'a Cell<u64>);

impl Drop for Opening<'_> {
    fn drop(&mut self) {
        self.0.set(self.0.get() - 1);
    }
}

struct Server {
    record: Rc<Record>,
    options: PoolOptions,
    opens_us: u64,
}

impl Server {
    /// Who opens, checks or replaces: the user that needs the connection.
    fn placed(&self) {
        let user = self.record.names.borrow().get(&current_task()).copied();
        if let Some(user) = user {
            self.record.placed(user);
        }
    }
}

impl Connect for Server {
    type Connection = usize;

    async fn open(&self) -> Result<usize> {
        self.placed();
        self.record.opening.set(self.record.opening.get() + 1);
        let _opening = Opening(&self.record.opening);
        sleep(Duration::from_micros(self.opens_us)).await;
        if self.record.fail_open.take() {
            return Err(Error::msg("refused"));
        }
        let mut connections = self.record.connections.borrow_mut();
        connections.push(Known { state: State::Free, opened_at: now().as_us(), unchecked: false });
        Ok(connections.len() - 1)
    }

    async fn check(&self, connection: &mut usize) -> Result<()> {
        self.placed();
        let known = self.record.connections.borrow()[*connection];
        self.record.expect(known.state == State::Free, || format!("{connection} was checked: {known:?}"));
        self.record.is_young(*connection, &known, &self.options);
        sleep(Duration::from_micros(1)).await;
        let ok = !self.record.fail_check.take();
        self.record.connections.borrow_mut()[*connection].unchecked = !ok;
        if ok { Ok(()) } else { Err(Error::msg("dead")) }
    }

    async fn close(&self, connection: usize) -> Result<()> {
        self.placed();
        let known = self.record.connections.borrow()[connection];
        self.record.expect(known.state == State::Free, || format!("{connection} was closed: {known:?}"));
        self.record.connections.borrow_mut()[connection].state = State::Closing;
        sleep(Duration::from_micros(2)).await;
        self.record.connections.borrow_mut()[connection].state = State::Closed;
        Ok(())
    }
}

struct Thing {
    pool: Pool<Server>,
    record: Rc<Record>,
    options: PoolOptions,
    scope: Scope<'static>,
    users: BTreeMap<usize, (Task<()>, Queue<How>)>,
}

impl Thing {
    fn spawn(&mut self, user: usize) {
        let (pool, record, options) = (self.pool.clone(), self.record.clone(), self.options);
        let orders = Queue::unbounded("orders");
        let told = orders.clone();
        let task = self.scope.spawn_owned(async move {
            record.names.borrow_mut().insert(current_task(), user);
            record.users.borrow_mut().insert(user, User::Arrives);
            let mut acquiring = pin!(pool.acquire());
            let at_once = poll!(acquiring.as_mut());
            record.arrived(user, pool.statistics().waiting);
            let acquired = match at_once {
                Poll::Ready(acquired) => acquired,
                Poll::Pending => acquiring.await,
            };
            if let Ok(lent) = acquired {
                record.lent(user, *lent, &options);
                let how = told.take().await.unwrap_or(How::Drop);
                record.gone(user);
                give_back(lent, how).await?;
            }
            record.gone(user);
            Ok(())
        });
        self.users.insert(user, (task, orders));
    }

    /// Users that have a connection, or all that are under way.
    fn users(&self, with_connection: bool) -> Vec<usize> {
        let has = |stage: &User| matches!(stage, User::Has(_));
        let users = self.record.users.borrow();
        users.iter().filter(|(_, stage)| !with_connection || has(stage)).map(|(user, _)| *user).collect()
    }

    /// What holds at every instant, and what holds when nobody is ready.
    fn check(&self, settled: bool) -> Result<()> {
        same("fault", self.record.fault.borrow().clone(), None)?;
        let PoolStatistics { open, taken, waiting, opened, .. } = self.pool.statistics();
        let places = self.options.size + self.options.overflow;
        let placed = self
            .record
            .users
            .borrow()
            .values()
            .filter(|stage| matches!(stage, User::Placed | User::Has(_)))
            .count() as u64;
        same("more users than places", placed > taken || taken > places, false)?;
        same("more connections than places", open + self.record.opening.get() > places, false)?;
        same("opened", opened, self.record.connections.borrow().len() as u64)?;
        if settled {
            same("a free place while somebody waits", waiting > 0 && taken < places, false)?;
            same("more than are kept", taken == 0 && open > self.options.size, false)?;
        }
        Ok(())
    }

    async fn settle(&self, us: u64) {
        sleep(Duration::from_micros(us)).await;
        for _ in 0..8 {
            turn().await;
        }
    }
}

async fn give_back(mut lent: Lent<Server>, how: How) -> Result<()> {
    match how {
        How::GiveBack => lent.give_back().await,
        How::Drop => Ok(()),
        How::Invalidate => {
            lent.invalidate();
            Ok(())
        }
    }
}

async fn step(id: usize, operation: Operation, thing: &mut Thing) -> Result<()> {
    let mut settled = false;
    match operation {
        Operation::Use => thing.spawn(id),
        Operation::End(by, how) => {
            if let Some((_, orders)) = choose(&thing.users(true), by).and_then(|user| thing.users.get(&user))
            {
                let _ = orders.try_put(how);
            }
        }
        Operation::Cancel(by) => {
            if let Some(user) = choose(&thing.users(false), by) {
                thing.record.gone(user);
                thing.users[&user].0.cancel();
            }
        }
        Operation::FailOpen => thing.record.fail_open.set(true),
        Operation::FailCheck => thing.record.fail_check.set(true),
        Operation::Drain => {
            let pool = thing.pool.clone();
            thing.scope.spawn_owned(async move { pool.drain().await });
        }
        Operation::Turn => turn().await,
        Operation::Advance(us) => {
            thing.settle(us).await;
            settled = true;
        }
    }
    thing.check(settled)
}

#[test]
fn a_pool_lends_each_connection_to_one_at_a_time_in_order_and_closes_every_one() {
    let recycle = proptest::option::of((1..30_u64).prop_map(Duration::from_micros));
    let setting = (0..3_u64, 0..3_u64, any::<bool>(), recycle, 0..4_u64);
    trial(setting, operation(), |(size, overflow, pre_ping, recycle, opens_us), operations| async move {
        let options = PoolOptions { size, overflow, pre_ping, recycle, timeout: None };
        let record: Rc<Record> = Rc::default();
        let pool = Pool::with_options("pool", options, Server { record: record.clone(), options, opens_us });
        scope(async move |s: Scope<'static>| {
            let mut thing = Thing { pool, record, options, scope: s, users: BTreeMap::new() };
            for (id, operation) in operations.into_iter().enumerate() {
                step(id, operation, &mut thing).await?;
            }
            for (user, (task, _)) in &thing.users {
                thing.record.gone(*user);
                task.cancel();
            }
            thing.settle(1_000).await;
            thing.check(true)?;
            thing.pool.close().await?;
            let PoolStatistics { open, idle, taken, waiting, .. } = thing.pool.statistics();
            same("at the end", (open, idle, taken, waiting), (0, 0, 0, 0))?;
            let states = thing.record.connections.borrow().iter().all(|known| known.state == State::Closed);
            same("every connection is closed", states, true)
        })
        .await?;
        Ok(())
    });
}
