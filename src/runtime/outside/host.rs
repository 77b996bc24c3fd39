//! HTTP requests and blocking work: what the host does while a task waits.

use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use crate::event::Wait;
use crate::host::{Answer, FetchError, Job, Request, Response, WorkerError};

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

/// Does blocking work elsewhere, on a worker, and waits for its result.
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
pub async fn offload(job: Job) -> Result<i64, WorkerError> {
    let core = Core::expect_current("offload");
    let wait = Wait::Worker { what: job.function.clone() };
    let answer = core.host.offload(job);
    outside(core, wait, answer).await
}

async fn outside<T>(core: Rc<Core>, wait: Wait, answer: Answer<T>) -> T {
    let _waiting = Waiting::start(&core, wait);
    match answer {
        Answer::Real(future) => {
            core.outstanding.set(core.outstanding.get() + 1);
            Outstanding { core, future }.await
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

/// A real answer while it is awaited; counted, so that a run that waits for one is not taken for stuck.
struct Outstanding<T> {
    core: Rc<Core>,
    future: Pin<Box<dyn Future<Output = T>>>,
}

impl<T> Future for Outstanding<T> {
    type Output = T;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<T> {
        self.future.as_mut().poll(cx)
    }
}

impl<T> Drop for Outstanding<T> {
    fn drop(&mut self) {
        self.core.outstanding.set(self.core.outstanding.get().saturating_sub(1));
    }
}
