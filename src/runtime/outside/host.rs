//! HTTP requests, blocking work and a database: what the host does while a task waits.

use std::rc::Rc;

use crate::event::Wait;
use crate::host::{Answer, FetchError, Job, Query, QueryError, Request, Response, Rows, WorkerError};

use super::outstanding::Outstanding;
use crate::runtime::clock::sleep::{Timer, now};
use crate::runtime::executor::core::Core;
use crate::runtime::executor::timers::Class;
use crate::runtime::explain::wait::Waiting;

/// Sends an HTTP request and waits for the answer, whatever its status.
///
/// # Errors
/// [`FetchError`] if no answer came.
///
/// # Cancellation
/// Dropping it aborts the request.
///
/// # Panics
/// Outside a run.
pub async fn fetch(request: Request) -> Result<Response, FetchError> {
    let core = Core::expect_current("fetch");
    let wait = Wait::Fetch { url: request.url.clone() };
    let answer = core.host.fetch(request);
    outside(core, wait, answer).await
}

/// Does blocking work that the host's workers know by name, and waits for its
/// result: in the browser, where no closure can be sent to a worker.
/// Everywhere else, [`offload`](crate::runtime::offload).
///
/// # Errors
/// [`WorkerError`] if the work failed or its worker crashed.
///
/// # Cancellation
/// Dropping it kills the work where the host can (in the browser the worker is
/// terminated and replaced), and forgets about it where it cannot.
///
/// # Panics
/// Outside a run.
pub async fn offload_job(job: Job) -> Result<i64, WorkerError> {
    let core = Core::expect_current("offload_job");
    let wait = Wait::Worker { what: job.function.clone() };
    let answer = core.host.offload(job);
    outside(core, wait, answer).await
}

/// Puts statements to the run's database and waits for the rows. The database is empty when the run begins, all
/// tasks of the run see the same one, and it ends with the run. In virtual time it takes as long as the query says
/// and answers with no rows.
///
/// # Errors
/// [`QueryError`] if the database refused the statements, or if the host has none.
///
/// # Cancellation
/// Dropping it stops the statements where the host can: what they had not committed is undone, and so is a
/// transaction that was open. A query that still waits for those before it is taken back.
///
/// # Panics
/// Outside a run.
///
/// # Examples
/// ```
/// use std::time::Duration;
/// use taskscope::host::Query;
/// use taskscope::runtime::{block_on_virtual, now, query};
///
/// let run = block_on_virtual(async {
///     let rows = query(Query { sql: "select 1".into(), simulated: Duration::from_millis(40) }).await;
///     Ok((rows, now().as_us()))
/// });
/// assert_eq!(run.unwrap(), (Ok(vec![]), 40_000));
/// ```
pub async fn query(query: Query) -> Result<Rows, QueryError> {
    let core = Core::expect_current("query");
    let wait = Wait::Other("the database".into());
    let answer = core.host.query(query);
    outside(core, wait, answer).await
}

async fn outside<T>(core: Rc<Core>, wait: Wait, answer: Answer<T>) -> T {
    let _waiting = Waiting::start(&core, wait);
    match answer {
        Answer::Real(future) => {
            let _outstanding = Outstanding::new(&core);
            future.await
        }
        Answer::After(length, value) => {
            let at = now() + length;
            let mut timer = None;
            std::future::poll_fn(|cx| {
                timer.get_or_insert_with(|| Timer::new(core.clone(), at, Class::Timer, cx)).poll(cx)
            })
            .await;
            value
        }
    }
}
