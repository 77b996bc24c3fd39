//! Virtual time that a test moves by hand.

use std::cell::{Cell, RefCell};
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use crate::host::sim::SimHost;
use crate::host::{Answer, FetchError, Host, Job, Query, QueryError, Request, Response, Rows, WorkerError};
use crate::runtime::{Result, Run, RunError, all_blocked, next_instant, sleep_until};
use crate::time::Time;

/// A clock of virtual time that stands still until it is told to move: a [`Host`] like
/// [`SimHost`], which it is when it runs by itself. Cloning gives another handle to the same clock.
///
/// While it is paused, time moves only in [`advance`](Clock::advance), [`advance_to`](Clock::advance_to) and
/// [`advance_to_next`](Clock::advance_to_next), and for [`work`](crate::runtime::work), which says itself how long it
/// takes. Moving it stops at each instant on the way at which somebody is due: each sleeper sees its own instant as
/// now, and everything that follows from it happens before the clock moves on. So a test that advances by an hour sees
/// the same story as an hour that passed, and what it looks at afterwards has settled.
///
/// (tokio's `time::pause` moves by itself whenever everybody waits, and its `advance` may pass several instants at
/// once. The first is [`Clock::automatic`] here.)
///
/// ```
/// use std::time::Duration;
/// use taskscope::runtime::{scope, sleep};
/// use taskscope::testing::Clock;
///
/// let clock = Clock::paused();
/// let result = clock.run(async {
///     scope(async |s| {
///         let rings = s.spawn(async {
///             sleep(Duration::from_secs(10)).await;
///             Ok(())
///         });
///         clock.advance(Duration::from_secs(9)).await;
///         assert!(!rings.is_finished());
///         clock.advance(Duration::from_secs(1)).await;
///         assert!(rings.is_finished());
///         Ok(())
///     })
///     .await?;
///     Ok(())
/// });
/// assert!(result.is_ok());
/// ```
#[derive(Clone)]
pub struct Clock {
    inner: Rc<Inner>,
}

struct Inner {
    now: Cell<Time>,
    paused: Cell<bool>,
    /// Up to which instants it was told to move.
    granted: RefCell<Vec<Time>>,
    /// The run is driven by [`Clock::drive`], which knows what to do when nobody moves the clock.
    driven: Cell<bool>,
    /// Whoever waits for the clock.
    waits: RefCell<Option<Waker>>,
    world: SimHost,
}

impl Clock {
    /// A clock that stands still at instant zero, in a world with seed 0.
    pub fn paused() -> Clock {
        let clock = Clock::automatic(0);
        clock.pause();
        clock
    }

    /// A clock that jumps to the next instant whenever nobody is ready, until it is paused.
    pub fn automatic(seed: u64) -> Clock {
        let inner = Inner {
            now: Cell::new(Time::ZERO),
            paused: Cell::new(false),
            granted: RefCell::default(),
            driven: Cell::new(false),
            waits: RefCell::default(),
            world: SimHost::new(seed),
        };
        Clock { inner: Rc::new(inner) }
    }

    /// Stops the clock here.
    pub fn pause(&self) {
        self.inner.paused.set(true);
    }

    /// Lets the clock jump by itself from here on.
    pub fn resume(&self) {
        self.inner.paused.set(false);
        self.look_again();
    }

    /// What it shows.
    pub fn now(&self) -> Time {
        self.inner.now.get()
    }

    /// The clock as what a run runs on.
    pub fn host(&self) -> Rc<dyn Host> {
        Rc::new(self.clone())
    }

    /// Moves on by `length`, and waits until everybody who is due by then, and whoever that makes ready, is blocked again.
    ///
    /// # Cancellation
    /// Dropping it leaves the clock where it has come to.
    ///
    /// # Panics
    /// Outside a run on this clock, when polled.
    pub async fn advance(&self, length: Duration) {
        self.advance_to(self.now() + length).await;
    }

    /// As [`Clock::advance`], to an instant; one that is past only lets everybody settle.
    ///
    /// # Cancellation
    /// Dropping it leaves the clock where it has come to.
    ///
    /// # Panics
    /// Outside a run on this clock, when polled.
    pub async fn advance_to(&self, instant: Time) {
        // Whoever is ready may set a timer for an instant on the way.
        all_blocked(Duration::ZERO).await;
        let granted = Granted::new(self, instant);
        sleep_until(instant).await;
        drop(granted);
        all_blocked(Duration::ZERO).await;
    }

    /// Moves on to the next instant at which somebody is due and lets that settle. Gives the instant; none, and the
    /// clock stands where it stood, if nobody waits for one.
    ///
    /// # Cancellation
    /// Dropping it leaves the clock where it has come to.
    ///
    /// # Panics
    /// Outside a run on this clock, when polled.
    ///
    /// ```
    /// use std::time::Duration;
    /// use taskscope::runtime::{scope, sleep};
    /// use taskscope::testing::Clock;
    ///
    /// let clock = Clock::paused();
    /// let instants = clock.run(async {
    ///     let instants = scope(async |s| {
    ///         for seconds in [3, 1, 3] {
    ///             s.spawn(async move {
    ///                 sleep(Duration::from_secs(seconds)).await;
    ///                 Ok(())
    ///             });
    ///         }
    ///         let mut instants = Vec::new();
    ///         while let Some(instant) = clock.advance_to_next().await {
    ///             instants.push(instant.to_string());
    ///         }
    ///         Ok(instants)
    ///     })
    ///     .await?;
    ///     Ok(instants)
    /// });
    /// assert_eq!(instants.unwrap(), ["1.000000", "3.000000"]);
    /// ```
    pub async fn advance_to_next(&self) -> Option<Time> {
        all_blocked(Duration::ZERO).await;
        let next = next_instant()?;
        self.advance_to(next).await;
        Some(next)
    }

    /// Runs `main` on this clock to its end.
    ///
    /// # Errors
    /// As the run; [`RunError::Stuck`] also when everybody waits for a paused clock that nobody moves.
    ///
    /// # Panics
    /// Inside a run.
    pub fn run<'main, T: 'main>(
        &self,
        main: impl Future<Output = Result<T>> + 'main,
    ) -> std::result::Result<T, RunError> {
        self.drive(Run::new(self.host(), main))
    }

    /// As [`Clock::run`] for a run that was made on this clock's [`host`](Clock::host): one that is observed or shuffled.
    /// [`block_on`](crate::runtime::block_on) would sleep for ever where nobody moves the clock.
    ///
    /// # Errors
    /// As [`Clock::run`].
    ///
    /// # Panics
    /// Inside a run.
    pub fn drive<'main, T: 'main>(&self, mut run: Run<'main, T>) -> std::result::Result<T, RunError> {
        let handle = run.handle();
        self.inner.driven.set(true);
        let poll = Pin::new(&mut run).poll(&mut Context::from_waker(Waker::noop()));
        self.inner.driven.set(false);
        match poll {
            Poll::Ready(result) => result,
            // Nothing in a virtual world wakes anybody from outside: this is how it stays.
            Poll::Pending => {
                let mut stuck = handle.everybody_stuck();
                if self.inner.paused.get() {
                    stuck.notes.push(format!("the clock is paused at {} s and nobody moves it", self.now()));
                }
                Err(RunError::Stuck(stuck))
            }
        }
    }

    /// Whether it may move to `instant` now.
    fn may_show(&self, instant: Time) -> bool {
        !self.inner.paused.get() || self.inner.granted.borrow().iter().any(|granted| instant <= *granted)
    }

    fn look_again(&self) {
        let waits = self.inner.waits.take();
        waits.into_iter().for_each(Waker::wake);
    }
}

/// Leave to move up to an instant; taken back on drop.
struct Granted<'clock> {
    clock: &'clock Clock,
    instant: Time,
}

impl Granted<'_> {
    fn new(clock: &Clock, instant: Time) -> Granted<'_> {
        clock.inner.granted.borrow_mut().push(instant);
        clock.look_again();
        Granted { clock, instant }
    }
}

impl Drop for Granted<'_> {
    fn drop(&mut self) {
        let mut granted = self.clock.inner.granted.borrow_mut();
        if let Some(index) = granted.iter().position(|instant| *instant == self.instant) {
            granted.swap_remove(index);
        }
    }
}

impl Host for Clock {
    fn now(&self) -> Time {
        self.now()
    }

    fn poll_alarm(&self, at: Option<Time>, cx: &mut Context<'_>) -> Poll<()> {
        match at {
            Some(at) if self.may_show(at) => {
                self.inner.now.set(at.max(self.now()));
                Poll::Ready(())
            }
            _ => {
                assert!(
                    at.is_none() || self.inner.driven.get(),
                    "the clock is paused at {} s and nobody moves it: drive the run with `Clock::run`, which says who waits",
                    self.now()
                );
                self.inner.waits.replace(Some(cx.waker().clone()));
                Poll::Pending
            }
        }
    }

    fn must_yield(&self, turns: u32) -> bool {
        self.inner.world.must_yield(turns)
    }

    fn yield_thread(&self, cx: &mut Context<'_>) {
        self.inner.world.yield_thread(cx);
    }

    fn work(&self, length: Duration) {
        self.inner.now.set(self.now() + length);
    }

    fn fetch(&self, request: Request) -> Answer<std::result::Result<Response, FetchError>> {
        self.inner.world.fetch(request)
    }

    fn offload(&self, job: Job) -> Answer<std::result::Result<i64, WorkerError>> {
        self.inner.world.offload(job)
    }

    fn query(&self, query: Query) -> Answer<std::result::Result<Rows, QueryError>> {
        self.inner.world.query(query)
    }

    fn is_simulated(&self) -> bool {
        self.inner.world.is_simulated()
    }

    fn random(&self) -> u64 {
        self.inner.world.random()
    }
}
