//! Blocking work: a closure that runs elsewhere while its task waits.

use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use futures::channel::oneshot;

use crate::event::{Name, Wait};
use crate::host::{Placement, Work, WorkerError};

use super::outstanding::Outstanding;
use crate::runtime::clock::sleep::Timer;
use crate::runtime::errors::panic::Panicked;
use crate::runtime::executor::core::{Core, current};
use crate::runtime::executor::timers::Class;
use crate::runtime::explain::wait::Waiting;

/// Does blocking work where it blocks nobody, and gives its value: a long
/// computation, a file, a library that waits. On a native host it runs on one
/// of a few threads; in virtual time on the spot, while the clock sees it take
/// as long as [`Offload::takes`] says. The browser's workers share no memory
/// with the page and so can run no closures; [`offload_job`](crate::runtime::offload_job)
/// gives them work that they know by name.
///
/// # Errors
/// [`WorkerError`] if the work panicked, or the host has no place for it.
///
/// # Cancellation
/// Work that has not begun never does. What happens to work that has is said
/// by [`Offload::on_cancel`].
///
/// # Panics
/// Outside a run, when polled.
///
/// ```
/// use std::time::Duration;
/// use taskscope::runtime::{block_on_virtual, now, offload, scope, sleep};
///
/// let sum = block_on_virtual(async {
///     let sum = scope(async |s| {
///         s.spawn(async {
///             sleep(Duration::from_millis(50)).await; // the loop is free meanwhile
///             Ok(())
///         });
///         Ok(offload(|| (1..=1_000_u64).sum::<u64>()).takes(Duration::from_millis(80)).await?)
///     })
///     .await?;
///     assert_eq!(now().as_us(), 80_000);
///     Ok(sum)
/// });
/// assert_eq!(sum.unwrap(), 500_500);
/// ```
pub fn offload<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Offload<T> {
    let options =
        Options { name: "blocking work".into(), takes: Duration::ZERO, on_cancel: OnCancel::default() };
    Offload { options, work: Some(Box::new(work)), running: None }
}

/// What becomes of blocking work that has begun when nobody waits for it any more.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OnCancel {
    /// It is killed where the host can do that (a worker of a browser). A
    /// native thread cannot be killed, so that there this is [`OnCancel::Wait`]:
    /// what a task began does not outlive it.
    #[default]
    Terminate,
    /// It is waited for, as a cleanup of the block around. Its value is
    /// dropped; a panic becomes an error of that block.
    Wait,
    /// It is left alone: it runs on, and nobody hears of it.
    Abandon,
}

/// The future of [`offload`].
#[must_use = "the work does not begin unless it is awaited"]
pub struct Offload<T> {
    options: Options,
    work: Option<Box<dyn FnOnce() -> T + Send>>,
    running: Option<Answer<T>>,
}

#[derive(Clone)]
struct Options {
    name: Name,
    takes: Duration,
    on_cancel: OnCancel,
}

/// The value of work that is under way.
type Answer<T> = Pin<Box<dyn Future<Output = Result<T, WorkerError>>>>;

impl<T> Offload<T> {
    /// What the work is called in traces and explanations.
    pub fn named(mut self, name: impl Into<Name>) -> Self {
        self.options.name = name.into();
        self
    }

    /// How long it takes in virtual time; nothing where that is not said. Real work takes what it takes.
    pub fn takes(mut self, length: Duration) -> Self {
        self.options.takes = length;
        self
    }

    /// What becomes of it if it is cancelled half way.
    pub fn on_cancel(mut self, policy: OnCancel) -> Self {
        self.options.on_cancel = policy;
        self
    }
}

impl<T> Unpin for Offload<T> {}

impl<T: Send + 'static> Future for Offload<T> {
    type Output = Result<T, WorkerError>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = &mut *self;
        if let Some(work) = this.work.take() {
            this.running = Some(Box::pin(run(work, this.options.clone())));
        }
        let Some(running) = &mut this.running else { return Poll::Pending };
        let result = std::task::ready!(running.as_mut().poll(cx));
        this.running = None;
        Poll::Ready(result)
    }
}

async fn run<T: Send + 'static>(
    work: Box<dyn FnOnce() -> T + Send>,
    options: Options,
) -> Result<T, WorkerError> {
    let core = Core::expect_current("offload");
    let (send, answer) = oneshot::channel();
    let claimed = Arc::new(AtomicBool::new(false));
    let claim = claimed.clone();
    let work: Work = Box::new(move || {
        // Whoever is first: this thread, or a cancellation.
        if !claim.swap(true, Ordering::AcqRel) {
            let result = catch_unwind(AssertUnwindSafe(work));
            // Nobody hears of it if it was abandoned.
            let _ = send.send(result.map_err(|payload| Panicked::new(&*payload)));
        }
    });
    let answer = receive(answer);
    let waiting = Waiting::start(&core, Wait::Worker { what: options.name.clone() });
    let (answer, kill): (Answer<T>, _) = match core.host.place(work) {
        Placement::Refused(error) => return Err(error),
        Placement::Here(work) => {
            work();
            // To kill what only pretends to be under way, it is enough not to wait for it.
            (Box::pin(later(core.clone(), options.takes, answer)), Some(Box::new(|| ()) as Box<dyn FnOnce()>))
        }
        Placement::Elsewhere { kill } => {
            let outstanding = Outstanding::new(&core);
            let counted = async move {
                let _outstanding = outstanding;
                answer.await
            };
            (Box::pin(counted), kill)
        }
    };
    let mut begun = Begun { answer: Some(answer), waiting: Some(waiting), claimed, kill, options };
    std::future::poll_fn(|cx| begun.poll(cx)).await
}

async fn receive<T>(answer: oneshot::Receiver<Result<T, Panicked>>) -> Result<T, WorkerError> {
    let message = match answer.await {
        Ok(Ok(value)) => return Ok(value),
        Ok(Err(panicked)) => format!("the work {panicked}"),
        Err(oneshot::Canceled) => "the work is gone with its host".to_owned(),
    };
    Err(WorkerError { message: message.into() })
}

/// `answer`, `length` from now.
fn later<T>(core: Rc<Core>, length: Duration, answer: impl Future<Output = T>) -> impl Future<Output = T> {
    let at = core.now() + length;
    async move {
        let mut timer = None;
        std::future::poll_fn(|cx| {
            timer.get_or_insert_with(|| Timer::new(core.clone(), at, Class::Timer, cx)).poll(cx)
        })
        .await;
        answer.await
    }
}

/// Work that was given away, while its task waits for it.
struct Begun<T: 'static> {
    answer: Option<Answer<T>>,
    waiting: Option<Waiting>,
    claimed: Arc<AtomicBool>,
    kill: Option<Box<dyn FnOnce()>>,
    options: Options,
}

impl<T> Begun<T> {
    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Result<T, WorkerError>> {
        let Some(answer) = &mut self.answer else { return Poll::Pending };
        let result = std::task::ready!(answer.as_mut().poll(cx));
        self.answer = None;
        self.waiting = None;
        Poll::Ready(result)
    }
}

impl<T> Drop for Begun<T> {
    fn drop(&mut self) {
        self.waiting = None;
        let Some(answer) = self.answer.take() else { return };
        if !self.claimed.swap(true, Ordering::AcqRel) {
            return;
        }
        match (self.options.on_cancel, self.kill.take()) {
            (OnCancel::Terminate, Some(kill)) => kill(),
            (OnCancel::Terminate | OnCancel::Wait, _) => {
                let Some(core) = current() else { return };
                let what = self.options.name.clone();
                let own = core.clone();
                core.hand_over(Box::pin(async move {
                    let _waiting = Waiting::start(&own, Wait::Worker { what });
                    Ok(answer.await.map(drop)?)
                }));
            }
            (OnCancel::Abandon, _) => {}
        }
    }
}
