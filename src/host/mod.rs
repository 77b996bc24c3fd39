//! The outside world as one trait: time, waking up, HTTP, blocking work, a database, chance.
//!
//! Nothing else in the crate reads a clock, draws a random number or touches
//! the browser. [`sim`] is a world of virtual time, the same on every
//! platform; `browser` and `native` are the real ones.

#[cfg(any(feature = "web", feature = "worker"))]
pub mod browser;
pub mod jobs;
#[cfg(not(target_arch = "wasm32"))]
pub mod native;
pub mod sim;

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};
use std::time::Duration;

use crate::time::Time;

/// What the executor needs of the world it runs in.
pub trait Host {
    /// Time since the run began. Never goes back.
    fn now(&self) -> Time;

    /// Called when nothing is ready. Ready once `now()` has reached `at`;
    /// until then the host wakes `cx` at that instant. There is one alarm:
    /// a call with another instant replaces the one before, `None` takes it
    /// away and is always pending. A virtual host jumps to `at` and is ready.
    fn poll_alarm(&self, at: Option<Time>, cx: &mut Context<'_>) -> Poll<()>;

    /// What [`Host::poll_alarm`] does under a virtual clock, asked where there is nobody to wake: jumps to `at` and says
    /// true. A host with another clock says false.
    fn jump(&self, _at: Time) -> bool {
        false
    }

    /// Asked between two turns: true when the executor has held the thread
    /// long enough and ought to let others (a page's painting) have theirs.
    /// `turns` counts the turns since the executor was last given the thread.
    fn must_yield(&self, turns: u32) -> bool;

    /// Wakes `cx` as soon as the others have had their turn.
    fn yield_thread(&self, cx: &mut Context<'_>);

    /// Holds the thread for `length`: computation on the loop itself.
    fn work(&self, length: Duration);

    /// Starts an HTTP request. Dropping a real answer aborts the request.
    fn fetch(&self, request: Request) -> Answer<Result<Response, FetchError>>;

    /// Starts blocking work elsewhere. Dropping a real answer kills the work.
    fn offload(&self, job: Job) -> Answer<Result<i64, WorkerError>>;

    /// Finds a place for blocking work that is a closure: virtual hosts run it
    /// on the spot, native ones on a thread. [`Host::offload`] is for work that
    /// is known by name on both sides, which a browser's worker can do too.
    fn place(&self, work: Work) -> Placement {
        if self.is_simulated() {
            return Placement::Here(work);
        }
        let message = "this host has no threads: offload a job that its workers know by name";
        Placement::Refused(WorkerError { message: message.into() })
    }

    /// Puts a question to the run's database, which is empty when the run begins. Dropping a real answer stops it:
    /// what was not committed is as if it had never been asked. A host without a database says so.
    fn query(&self, query: Query) -> Answer<Result<Rows, QueryError>> {
        let message = format!("there is no database here to ask `{}`", query.sql);
        Answer::After(Duration::ZERO, Err(QueryError { message: message.into() }))
    }

    /// Whether nothing but the text says what the world outside answers, and when.
    fn is_simulated(&self) -> bool {
        false
    }

    /// The next random number, evenly spread over all of `u64`, from the run's seed.
    fn random(&self) -> u64;
}

/// What a host gives back for something that takes time.
pub enum Answer<T> {
    /// Simulated: this answer, after this long on the executor's own clock.
    After(Duration, T),
    /// Real: outstanding until the future is ready. Dropping it ends the work.
    Real(Pin<Box<dyn Future<Output = T>>>),
}

/// Blocking work that hands its result over by itself.
pub type Work = Box<dyn FnOnce() + Send>;

/// Where blocking work runs.
pub enum Placement {
    /// Here and now, as seen by the clock in no time at all; whoever asked
    /// waits for as long as it is said to take.
    Here(Work),
    /// On another thread, as soon as one is free.
    Elsewhere {
        /// Ends it half way, where the host can do that: then it hands nothing over.
        kill: Option<Box<dyn FnOnce()>>,
    },
    /// Nowhere, and why.
    Refused(WorkerError),
}

/// An HTTP request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// Absolute, or relative to the page.
    pub url: Rc<str>,
    /// What a simulated host answers.
    pub simulated: Simulated,
}

/// What a simulated host answers to a request, and after how long.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Simulated {
    /// How long it takes.
    pub after: Duration,
    /// The HTTP status.
    pub status: u16,
    /// The body.
    pub body: Rc<str>,
}

/// An HTTP answer, whatever its status.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Response {
    /// The HTTP status.
    pub status: u16,
    /// The body as text.
    pub body: Rc<str>,
}

/// Why no HTTP answer came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FetchError {
    /// In words, for a person.
    pub message: Rc<str>,
}

/// Blocking work: a pure function known to both sides, by name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Job {
    /// Its name.
    pub function: Rc<str>,
    /// Its arguments.
    pub args: Vec<i64>,
    /// How long a simulated host takes over it.
    pub simulated: Duration,
}

/// Why blocking work gave no result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkerError {
    /// In words, for a person.
    pub message: Rc<str>,
}

/// Statements for a database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Query {
    /// One or several, in SQL.
    pub sql: Rc<str>,
    /// How long a simulated host takes over it. Its answer has no rows.
    pub simulated: Duration,
}

/// What a database answers: of the last statement that gives rows these rows, each with the same number of cells.
pub type Rows = Vec<Vec<Cell>>;

/// What stands in a column of a row.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// `NULL`.
    Null,
    /// `INTEGER`.
    Int(i64),
    /// `REAL`; neither infinite nor NaN.
    Float(f64),
    /// `TEXT`.
    Text(Rc<str>),
}

/// Why a database gave no rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueryError {
    /// In words, for a person.
    pub message: Rc<str>,
}

impl fmt::Display for FetchError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for FetchError {}

impl fmt::Display for WorkerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for WorkerError {}

impl fmt::Display for QueryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for QueryError {}
