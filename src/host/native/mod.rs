//! A native program as a host: the machine's steady clock, one alarm, threads for blocking work.
//!
//! Everything here is the standard library's. It waits for nothing in a poll, so that a run on it can be driven by any
//! executor: an alarm wakes whoever drives the run, as a browser's timeout does.

mod alarm;
mod threads;

use std::cell::{Cell, RefCell};
use std::io;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use futures::channel::oneshot;
use oorandom::Rand64;

use self::alarm::Alarm;
use self::threads::Threads;
use super::{Answer, FetchError, Host, Job, Placement, Request, Response, Work, WorkerError, jobs};
use crate::time::Time;

pub use self::threads::THREADS_LIMIT;

/// After so many turns an executor that has other work gets the thread. A turn
/// takes about a tenth of a microsecond, or what the task makes of it.
const TURNS_IN_A_ROW: u32 = 4_096;

/// A native program: its clock, one alarm, threads. For one executor.
///
/// Requests are not part of it: [`fetch`](crate::runtime::fetch) says so. Use
/// an HTTP client whose futures need no runtime of their own, or a blocking one
/// in [`offload`](crate::runtime::offload).
///
/// Dropping it ends the alarm and idle threads. A thread that is at work
/// cannot be killed: it ends when its work does, unheard.
///
/// ```
/// use std::rc::Rc;
/// use std::time::Duration;
/// use taskscope::host::native::NativeHost;
/// use taskscope::runtime::{Run, block_on, now, sleep};
///
/// let run = Run::new(Rc::new(NativeHost::new(7)?), async {
///     sleep(Duration::from_millis(1)).await; // takes a real millisecond
///     Ok(now().as_us())
/// });
/// assert!(block_on(run).unwrap() >= 1_000);
/// # Ok::<(), std::io::Error>(())
/// ```
pub struct NativeHost {
    began: Instant,
    latest: Cell<Time>,
    alarm: Alarm,
    threads: Threads,
    random: RefCell<Rand64>,
}

impl NativeHost {
    /// A host whose run begins now; `seed` is where its random numbers begin,
    /// the same ones as in virtual time.
    ///
    /// # Errors
    /// If the system has no thread left for the alarm.
    #[expect(clippy::disallowed_methods, reason = "this is where native time comes from")]
    pub fn new(seed: u64) -> io::Result<NativeHost> {
        Ok(NativeHost {
            began: Instant::now(),
            latest: Cell::new(Time::ZERO),
            alarm: Alarm::new()?,
            threads: Threads::default(),
            random: RefCell::new(Rand64::new(u128::from(seed))),
        })
    }
}

impl Host for NativeHost {
    fn now(&self) -> Time {
        // Promised to be steady, which some systems broke: the latest answer is a floor.
        let now = Time::from_us(u64::try_from(self.began.elapsed().as_micros()).unwrap_or(u64::MAX));
        self.latest.set(now.max(self.latest.get()));
        self.latest.get()
    }

    fn poll_alarm(&self, at: Option<Time>, cx: &mut Context<'_>) -> Poll<()> {
        match at {
            Some(at) if at <= self.now() => {
                self.alarm.set(None);
                Poll::Ready(())
            }
            // An instant that the system's clock cannot express never comes.
            at => {
                let instant = at.and_then(|at| self.began.checked_add(Duration::from_micros(at.as_us())));
                self.alarm.set(instant.map(|instant| (instant, cx.waker())));
                Poll::Pending
            }
        }
    }

    fn must_yield(&self, turns: u32) -> bool {
        turns >= TURNS_IN_A_ROW
    }

    fn yield_thread(&self, cx: &mut Context<'_>) {
        cx.waker().wake_by_ref();
    }

    fn work(&self, length: Duration) {
        hold(length);
    }

    fn fetch(&self, request: Request) -> Answer<Result<Response, FetchError>> {
        let message = format!("a native run has no HTTP client: {} was not asked for", request.url);
        Answer::Real(Box::pin(std::future::ready(Err(FetchError { message: message.into() }))))
    }

    fn offload(&self, job: Job) -> Answer<Result<i64, WorkerError>> {
        let (send, answer) = oneshot::channel();
        let function = job.function.to_string();
        let started = self.threads.run(Box::new(move || {
            if !send.is_canceled() {
                // Nobody listens any more if it is refused.
                let _ = send.send(jobs::toil(&function, &job.args, hold));
            }
        }));
        Answer::Real(Box::pin(async move {
            started?;
            let result = answer.await.unwrap_or_else(|_| Err("the run is over".to_owned()));
            result.map_err(|message| WorkerError { message: message.into() })
        }))
    }

    fn place(&self, work: Work) -> Placement {
        match self.threads.run(work) {
            Ok(()) => Placement::Elsewhere { kill: None },
            Err(error) => Placement::Refused(error),
        }
    }

    fn random(&self) -> u64 {
        self.random.borrow_mut().rand_u64()
    }
}

/// Holds the thread for `length`.
#[expect(clippy::disallowed_methods, reason = "to hold the thread is what it is for")]
fn hold(length: Duration) {
    std::thread::sleep(length);
}
