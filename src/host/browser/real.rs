//! The browser as a [`Host`].

use std::cell::{Cell, RefCell};
use std::fmt;
use std::rc::Rc;
use std::task::{Context, Poll};
use std::time::Duration;

use futures::{FutureExt, TryFutureExt};
use oorandom::Rand64;

use crate::host::browser::alarm::Alarm;
use crate::host::browser::pool::Pool;
use crate::host::browser::thrown::describe;
use crate::host::browser::turns::Turns;
use crate::host::browser::worker::UNREADABLE;
use crate::host::browser::{clock, fetch, wire};
use crate::host::{Answer, FetchError, Host, Job, Query, QueryError, Request, Response, Rows, WorkerError};
use crate::time::Time;

/// The name that Trunk gives to the worker's script (`data-type="worker"`,
/// `data-loader-shim`), beside the page.
pub const WORKER_URL: &str = "taskscope-worker_loader.js";

/// The name that `www/build.js` gives to the script of the worker with the database.
pub const DATABASE_URL: &str = "database.js";

/// The longest that one `work` really holds the thread: the page is dead
/// meanwhile, and browsers offer to close it after a little more than this.
pub const WORK_LIMIT: Duration = Duration::from_secs(5);

/// What a run in the browser may do, and with what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BrowserOptions {
    /// Where random numbers begin; the same numbers as in virtual time.
    pub seed: u64,
    /// How many workers there are at most, 1 to [`WORKERS_LIMIT`](super::WORKERS_LIMIT).
    pub workers: usize,
    /// The script of a worker, a module, absolute or relative to the page.
    pub worker_url: Rc<str>,
    /// The same of the worker with the database.
    pub database_url: Rc<str>,
    /// Whether requests may go to other sites than the page's own. A scenario
    /// that came in a link is somebody else's: ask the reader first.
    pub allow_other_origins: bool,
}

impl Default for BrowserOptions {
    fn default() -> BrowserOptions {
        BrowserOptions {
            seed: 0,
            workers: 4,
            worker_url: WORKER_URL.into(),
            database_url: DATABASE_URL.into(),
            allow_other_origins: false,
        }
    }
}

/// Why the browser cannot be a host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StartError {
    /// In words, for a person.
    pub message: Rc<str>,
}

impl fmt::Display for StartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for StartError {}

/// The browser: its clock, one timeout, requests, workers, and a thread that
/// is shared with the page. For one executor.
///
/// Dropping it takes the timeout away and terminates the workers. An answer
/// that outlives it aborts or fails on its own.
#[must_use = "dropping the host ends its timer and its workers"]
pub struct BrowserHost {
    began_ms: f64,
    latest: Cell<Time>,
    alarm: Alarm,
    turns: Turns,
    pool: Pool,
    /// One worker, so that statements have their turn one after the other.
    database: Pool,
    random: RefCell<Rand64>,
    allow_other_origins: bool,
}

impl BrowserHost {
    /// A host whose run begins now.
    ///
    /// # Errors
    ///
    /// If the browser lacks what every host needs; none that is known does.
    pub fn new(options: BrowserOptions) -> Result<BrowserHost, StartError> {
        let turns = Turns::new().map_err(|thrown| StartError { message: describe(&thrown).into() })?;
        Ok(BrowserHost {
            began_ms: clock::now_ms(),
            latest: Cell::new(Time::ZERO),
            alarm: Alarm::default(),
            turns,
            pool: Pool::new(options.worker_url, options.workers),
            database: Pool::new(options.database_url, 1),
            random: RefCell::new(Rand64::new(u128::from(options.seed))),
            allow_other_origins: options.allow_other_origins,
        })
    }
}

impl Host for BrowserHost {
    fn now(&self) -> Time {
        // The browser's clock is steady, but nothing here depends on it: the
        // conversion saturates and the latest answer is a floor.
        let us = (clock::now_ms() - self.began_ms) * 1e3;
        let now = self.latest.get().max(Time::from_us(us as u64));
        self.latest.set(now);
        now
    }

    fn poll_alarm(&self, at: Option<Time>, cx: &mut Context<'_>) -> Poll<()> {
        self.alarm.poll(at, self.now(), cx)
    }

    fn must_yield(&self, _turns: u32) -> bool {
        self.turns.must_yield()
    }

    fn yield_thread(&self, cx: &mut Context<'_>) {
        self.turns.yield_thread(cx.waker());
    }

    fn work(&self, length: Duration) {
        self.turns.begin_work();
        clock::hold(length.min(WORK_LIMIT));
    }

    fn fetch(&self, request: Request) -> Answer<Result<Response, FetchError>> {
        Answer::Real(fetch::start(&request.url, self.allow_other_origins))
    }

    fn offload(&self, job: Job) -> Answer<Result<i64, WorkerError>> {
        let result = self.pool.send(|id| wire::job(id, &job.function, &job.args));
        let result = result.map(|value| value.and_then(|it| wire::number(it).ok_or(UNREADABLE.to_owned())));
        Answer::Real(Box::pin(result.map_err(|message| WorkerError { message: message.into() })))
    }

    fn query(&self, query: Query) -> Answer<Result<Rows, QueryError>> {
        let rows = self.database.send(|id| wire::statements(id, &query.sql));
        let rows = rows.map(|value| value.and_then(|it| wire::rows(it).ok_or(UNREADABLE.to_owned())));
        Answer::Real(Box::pin(rows.map_err(|message| QueryError { message: message.into() })))
    }

    fn random(&self) -> u64 {
        self.random.borrow_mut().rand_u64()
    }
}
