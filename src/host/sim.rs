//! A world of virtual time: the clock stands still while anything is ready, then jumps.

use std::cell::{Cell, RefCell};
use std::task::{Context, Poll};
use std::time::Duration;

use oorandom::Rand64;

use crate::time::Time;

use super::{Answer, FetchError, Host, Job, Query, QueryError, Request, Response, Rows, WorkerError, jobs};

/// A host of virtual time. Same seed, same run, byte for byte, on every platform.
///
/// ```
/// use std::rc::Rc;
/// use std::time::Duration;
/// use taskscope::host::sim::SimHost;
/// use taskscope::runtime::{Run, block_on, now, sleep};
///
/// let run = Run::new(Rc::new(SimHost::new(7)), async {
///     sleep(Duration::from_secs(3600)).await; // takes no real time
///     Ok(now().as_us())
/// });
/// assert_eq!(block_on(run).unwrap(), 3_600_000_000);
/// ```
pub struct SimHost {
    now: Cell<Time>,
    random: RefCell<Rand64>,
}

impl SimHost {
    /// A world at instant zero.
    pub fn new(seed: u64) -> SimHost {
        SimHost { now: Cell::new(Time::ZERO), random: RefCell::new(Rand64::new(u128::from(seed))) }
    }
}

impl Host for SimHost {
    fn now(&self) -> Time {
        self.now.get()
    }

    fn is_simulated(&self) -> bool {
        true
    }

    fn poll_alarm(&self, at: Option<Time>, _: &mut Context<'_>) -> Poll<()> {
        let Some(at) = at else { return Poll::Pending };
        self.jump(at);
        Poll::Ready(())
    }

    fn jump(&self, at: Time) -> bool {
        self.now.set(at.max(self.now.get()));
        true
    }

    fn must_yield(&self, _: u32) -> bool {
        false
    }

    fn yield_thread(&self, cx: &mut Context<'_>) {
        cx.waker().wake_by_ref();
    }

    fn work(&self, length: Duration) {
        self.now.set(self.now.get() + length);
    }

    fn fetch(&self, request: Request) -> Answer<Result<Response, FetchError>> {
        let simulated = request.simulated;
        Answer::After(simulated.after, Ok(Response { status: simulated.status, body: simulated.body }))
    }

    fn offload(&self, job: Job) -> Answer<Result<i64, WorkerError>> {
        let result = jobs::run(&job.function, &job.args);
        Answer::After(job.simulated, result.map_err(|message| WorkerError { message: message.into() }))
    }

    fn query(&self, query: Query) -> Answer<Result<Rows, QueryError>> {
        Answer::After(query.simulated, Ok(Rows::new()))
    }

    fn random(&self) -> u64 {
        self.random.borrow_mut().rand_u64()
    }
}
