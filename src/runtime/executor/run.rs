//! A run: the executor as one future, driven by whoever polls it.

use std::cell::Cell;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};
use std::time::Duration;

use crate::event::{End, Observer, Reason};
use crate::host::Host;
use crate::host::sim::SimHost;
use crate::ids::TaskId;
use crate::time::Time;

use super::core::{Core, current};
use super::entry::{Body, NewTask, Place, TaskRef};
use super::schedule::Watch;
use crate::runtime::errors::error::{Error, Result};
use crate::runtime::errors::report::Report;
use crate::runtime::errors::task_error::TaskError;
use crate::runtime::explain::census::Census;
use crate::runtime::explain::deadlock::Stuck;
use crate::runtime::explain::explanation::Explanation;
use crate::runtime::explain::lint::Lint;
use crate::runtime::scope::task::TaskBody;
use crate::runtime::scope::task_path::TaskPath;

/// A run of the executor with `main` as its root task. Awaiting it drives it.
///
/// One thread, one run queue: first in, first out over all tasks. In the
/// browser give it to `wasm_bindgen_futures::spawn_local`; natively to
/// [`block_on`] or any other executor.
///
/// # Cancellation
/// Dropping a run drops every task where it waits; cleanups that await do not run.
/// [`RunHandle::cancel`] ends it properly.
#[must_use = "a run does nothing unless it is polled"]
pub struct Run<'main, T> {
    core: Rc<Core>,
    root: TaskRef,
    value: Rc<Cell<Option<T>>>,
    main: Option<Body<'main>>,
    open_world: bool,
}

impl<T> Unpin for Run<'_, T> {}

impl<'main, T: 'main> Run<'main, T> {
    /// A run on `host` that nobody watches.
    pub fn new(host: Rc<dyn Host>, main: impl Future<Output = Result<T>> + 'main) -> Run<'main, T> {
        Run::with_observer(host, None, main)
    }

    /// A run on `host`; `observer` hears every event.
    pub fn with_observer(
        host: Rc<dyn Host>,
        observer: Option<Rc<dyn Observer>>,
        main: impl Future<Output = Result<T>> + 'main,
    ) -> Run<'main, T> {
        let core = Core::new(host, observer);
        let value = Rc::default();
        let main: Body<'main> = Box::pin(TaskBody::new(main, Rc::clone(&value)));
        let (place, path) = (Place::Root, TaskPath::default());
        let new = NewTask { place, body: None, scope: None, path, quiet: false, queued: true };
        let root = core.tasks.borrow_mut().insert(new);
        core.emit_root(root.id);
        core.push_ready(root);
        Run { core, root, value, main: Some(main), open_world: false }
    }

    /// Tasks may wait for something this library knows nothing about, a
    /// promise for instance: then a run in which nothing is ready is not stuck.
    pub fn open_world(mut self) -> Self {
        self.open_world = true;
        self
    }

    /// Tasks that are ready together have their turns in an order that `seed` picks, each one turn before any has
    /// another. Same seed, same order. For tests: what holds in every order does not rely on the run queue's.
    ///
    /// What a run promises it keeps: a deadline comes before what is due at the same instant, an outer one before an
    /// inner one; a cancellation strikes at once; who was ready before a scope failed has a turn before it is stopped;
    /// and those who wait for a limiter or queue are served in the order in which they came.
    ///
    /// ```
    /// use std::cell::RefCell;
    /// use std::rc::Rc;
    /// use taskscope::host::sim::SimHost;
    /// use taskscope::runtime::{Run, block_on, scope};
    ///
    /// let order = |seed| {
    ///     let run = Run::new(Rc::new(SimHost::new(0)), async {
    ///         let order = RefCell::new(String::new());
    ///         scope(async |s| {
    ///             for letter in 'a'..='e' {
    ///                 let order = &order;
    ///                 s.spawn(async move {
    ///                     order.borrow_mut().push(letter);
    ///                     Ok(())
    ///                 });
    ///             }
    ///             Ok(())
    ///         })
    ///         .await?;
    ///         Ok(order.into_inner())
    ///     });
    ///     block_on(run.shuffled(seed)).unwrap()
    /// };
    /// assert_eq!(order(1), order(1));
    /// assert!((2..9).any(|seed| order(seed) != order(1)));
    /// ```
    pub fn shuffled(self, seed: u64) -> Self {
        self.core.schedule().shuffle(seed);
        self
    }

    /// Calls `listener` with each thing that the run leaves undone without an error, when that comes up.
    ///
    /// ```
    /// use std::cell::RefCell;
    /// use std::rc::Rc;
    /// use taskscope::host::sim::SimHost;
    /// use taskscope::runtime::{Error, Run, block_on, detach};
    ///
    /// let heard = Rc::new(RefCell::new(Vec::new()));
    /// let told = heard.clone();
    /// let run = Run::new(Rc::new(SimHost::new(0)), async {
    ///     detach("audit", async { Err::<(), _>(Error::msg("the disk is full")) });
    ///     taskscope::runtime::sleep(std::time::Duration::from_secs(1)).await;
    ///     Ok(())
    /// });
    /// block_on(run.on_lint(move |lint| told.borrow_mut().push(lint.to_string()))).unwrap();
    /// assert_eq!(*heard.borrow(), ["detached/audit failed, and nobody looked: the disk is full"]);
    /// ```
    pub fn on_lint(self, listener: impl Fn(&Lint) + 'static) -> Self {
        self.core.lints.listen(Rc::new(listener));
        self
    }

    /// A run that would give its value ends with [`RunError::Lints`] instead if it left anything undone. For tests.
    ///
    /// ```
    /// use std::rc::Rc;
    /// use taskscope::host::sim::SimHost;
    /// use taskscope::runtime::{Limiter, Run, block_on};
    ///
    /// let run = Run::new(Rc::new(SimHost::new(0)), async {
    ///     let api = Limiter::named("api", 1);
    ///     std::mem::forget(api.acquire().await);
    ///     Ok(())
    /// });
    /// let error = block_on(run.deny_lints()).unwrap_err();
    /// assert_eq!(error.to_string(), "left undone: limiter `api` was never given back by main");
    /// ```
    pub fn deny_lints(self) -> Self {
        self.core.lints.deny();
        self
    }

    /// A handle to cancel the run from outside, and to look at it.
    pub fn handle(&self) -> RunHandle {
        RunHandle { core: self.core.clone(), root: self.root }
    }

    fn poll_run(&mut self, cx: &mut Context<'_>) -> Poll<std::result::Result<T, RunError>> {
        let core = self.core.clone();
        let running = core.start_running();
        core.inbox().listen(cx.waker());
        core.turns.set(0);
        let result = loop {
            if core.inbox().has_any() {
                core.inbox().take().into_iter().for_each(|task| core.wake(task));
                self.handle().stop_if_asked();
            }
            // An end that came about in the turn that stopped the run is none: it lacks what was dropped meanwhile.
            if let Some(end) = self.end()
                && !core.stopped.get()
                && core.end_detached()
            {
                break self.take_result(end);
            }
            core.fire_due();
            if core.stopped.get() {
                break Err(RunError::Stopped);
            }
            if let Some(turn) = core.next_turn() {
                core.take_turn(turn, &mut self.main);
                core.turns.set(core.turns.get() + 1);
                if core.host.must_yield(core.turns.get()) {
                    core.host.yield_thread(cx);
                    return Poll::Pending;
                }
                continue;
            }
            match core.poll_idle(cx, self.open_world) {
                Poll::Pending => return Poll::Pending,
                Poll::Ready(Ok(())) => {}
                Poll::Ready(Err(stuck)) => {
                    core.stop();
                    break Err(RunError::Stuck(stuck));
                }
            }
        };
        drop(running);
        Poll::Ready(result)
    }

    fn end(&self) -> Option<End> {
        self.core.tasks.borrow().known(self.root).and_then(|entry| entry.end)
    }

    fn take_result(&mut self, end: End) -> std::result::Result<T, RunError> {
        self.core.look_for_kept();
        match self.core.result_of(self.root, end, self.value.take()) {
            Ok(value) => {
                let lints = if self.core.lints.denied.get() { self.core.lints.found() } else { Vec::new() };
                if lints.is_empty() { Ok(value) } else { Err(RunError::Lints(lints)) }
            }
            Err(TaskError::Failed(error)) => Err(RunError::Failed(error)),
            Err(_) => Err(RunError::Cancelled),
        }
    }
}

impl<'main, T: 'main> Future for Run<'main, T> {
    type Output = std::result::Result<T, RunError>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        assert!(
            current().is_none(),
            "a run was polled inside another run: await its work in a scope instead"
        );
        self.poll_run(cx)
    }
}

impl<T> Drop for Run<'_, T> {
    fn drop(&mut self) {
        self.core.stop();
        let running = self.core.start_running();
        drop(self.main.take());
        // Bodies are taken out first: dropping one may look into the table.
        let contents = self.core.tasks.borrow_mut().take_contents();
        drop(contents);
        drop(running);
    }
}

/// Looks at a run from outside.
#[derive(Clone)]
pub struct RunHandle {
    pub(crate) core: Rc<Core>,
    pub(crate) root: TaskRef,
}

impl RunHandle {
    /// The handle of the run that has the thread.
    ///
    /// # Panics
    /// Outside a run.
    pub fn current() -> RunHandle {
        RunHandle {
            core: Core::expect_current("RunHandle::current"),
            root: TaskRef { slot: 0, id: TaskId::ROOT },
        }
    }

    /// Asks the run to stop: the root is cancelled, with everything inside;
    /// cleanups run, for as long as the `grace` lasts where one is given. What
    /// is left then is dropped where it stands. Says false if the root has
    /// ended or was cancelled before.
    pub fn shutdown(&self, grace: Option<Duration>) -> bool {
        let cancelled = self.core.cancel(self.root, Reason::Shutdown);
        if cancelled {
            let cut = grace.map(|grace| self.core.now() + grace);
            self.core.cut_at.set(cut);
            cut.into_iter().for_each(|cut| self.core.expect_due(cut));
        }
        self.core.kick();
        cancelled
    }

    /// [`RunHandle::shutdown`] with all the time that cleanups need.
    pub fn cancel(&self) -> bool {
        self.shutdown(None)
    }

    /// Ends the run where it stands: nothing more runs, cleanups neither.
    pub fn stop(&self) {
        self.core.stop();
        self.core.kick();
    }

    /// Whether it was ended where it stood.
    pub fn is_stopped(&self) -> bool {
        self.core.stopped.get()
    }

    /// What every task is about now that has not ended, in the order in which they were spawned.
    ///
    /// ```
    /// use std::time::Duration;
    /// use std::rc::Rc;
    /// use futures::FutureExt;
    /// use taskscope::host::sim::SimHost;
    /// use taskscope::runtime::{Event, Run, scope};
    ///
    /// let ready = Event::new("ready");
    /// let mut run = Run::new(Rc::new(SimHost::new(0)), async {
    ///     scope(async |s| {
    ///         s.spawn_named("waiter", async { Ok(ready.wait().await) });
    ///         Ok(())
    ///     })
    ///     .await?;
    ///     Ok(())
    /// })
    /// .open_world(); // the event may be set from outside
    /// let handle = run.handle();
    /// assert!((&mut run).now_or_never().is_none());
    /// let told: Vec<String> = handle.explain().iter().map(|task| task.to_string()).collect();
    /// assert_eq!(
    ///     told,
    ///     ["main waits for the children of main/scope", "main/scope/waiter waits for event `ready`"]
    /// );
    /// ```
    pub fn explain(&self) -> Vec<Explanation> {
        self.core.explain_all()
    }

    /// The tasks that can never go on, whatever the others do: those that wait for each other in a circle, and those
    /// that wait for them. A run in which nothing else happens ends with the same account, as [`RunError::Stuck`];
    /// this finds it while others go on.
    ///
    /// As things stand: a permit counts for the task that acquired it, and nobody cancels or resizes anything. Whoever
    /// waits for what nobody holds, an event for instance, is not counted as long as anybody can go on.
    pub fn stuck(&self) -> Stuck {
        self.core.stuck()
    }

    /// What the run has left undone so far, at most a thousand. A release build looks for it only where
    /// [`Run::on_lint`] or [`Run::deny_lints`] asked.
    pub fn lints(&self) -> Vec<Lint> {
        self.core.lints.found()
    }

    /// How many tasks have not ended.
    pub fn live_tasks(&self) -> usize {
        self.core.tasks.borrow().live()
    }

    /// What the run holds at this instant: tasks, timers, permits. Takes time in proportion to that.
    pub fn census(&self) -> Census {
        self.core.census()
    }

    /// The account of a run that cannot go on, whoever drives it knows why.
    pub(crate) fn everybody_stuck(&self) -> Stuck {
        self.core.everybody_stuck()
    }

    /// Calls `watch` between turns. It may cancel tasks.
    pub(crate) fn watch(&self, watch: Watch) {
        self.core.schedule().watch(watch);
    }

    /// Whether the task with this number has not ended.
    pub(crate) fn is_live(&self, task: TaskId) -> bool {
        self.core.tasks.borrow().find(task).is_some()
    }

    /// Where the task with this number stands.
    pub(crate) fn path(&self, task: TaskId) -> String {
        let found = self.core.tasks.borrow().find(task);
        found.and_then(|task| self.core.path(task)).unwrap_or_default().path()
    }

    /// The run's time.
    pub(crate) fn now(&self) -> Time {
        self.core.now()
    }

    /// Cancels the task with this number; false if it has ended or was cancelled before.
    pub(crate) fn cancel_task(&self, task: TaskId) -> bool {
        let found = self.core.tasks.borrow().find(task);
        found.is_some_and(|task| self.core.cancel(task, Reason::Explicit))
    }
}

/// Why a run gave no value.
#[derive(Debug)]
pub enum RunError {
    /// The root failed.
    Failed(Error),
    /// The root was cancelled.
    Cancelled,
    /// Everyone waited for someone: a deadlock.
    Stuck(Stuck),
    /// It was stopped where it stood.
    Stopped,
    /// It went well but for what it left undone; see [`Run::deny_lints`].
    Lints(Vec<Lint>),
    /// It was to be driven by a call that blocks, inside a run.
    Nested,
}

impl fmt::Display for RunError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            RunError::Failed(error) => write!(f, "{error}"),
            RunError::Cancelled => f.write_str("the run was cancelled"),
            RunError::Stuck(stuck) => write!(f, "{stuck}"),
            RunError::Stopped => f.write_str("the run was stopped"),
            RunError::Lints(lints) => {
                let lints: Vec<String> = lints.iter().map(Lint::to_string).collect();
                write!(f, "left undone: {}", lints.join("; "))
            }
            RunError::Nested => f.write_str(
                "`block_on` was called inside a run, which would stand still meanwhile: \
                 await the future, spawn it into a scope, or move the blocking caller to `offload`",
            ),
        }
    }
}

impl std::error::Error for RunError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            RunError::Failed(error) => error.source(),
            RunError::Cancelled
            | RunError::Stuck(_)
            | RunError::Stopped
            | RunError::Lints(_)
            | RunError::Nested => None,
        }
    }
}

impl From<RunError> for Report {
    fn from(error: RunError) -> Report {
        match error {
            RunError::Failed(error) => Report::from(error),
            other => Report::of(&other),
        }
    }
}

/// Drives `run` on this thread until it is over, sleeping while it waits for something real.
///
/// An error and no panic where it cannot: a plain function far down may not
/// know that it was called from a task, and its caller has to be told in a way
/// that leaves the other tasks alone.
///
/// # Errors
/// As the run; [`RunError::Nested`] inside a run, and then nothing of it has run.
///
/// # Panics
/// Inside another executor of the `futures` crate.
///
/// ```
/// use taskscope::runtime::{RunError, block_on_virtual};
///
/// fn plain() -> Result<u32, RunError> {
///     block_on_virtual(async { Ok(7) })
/// }
///
/// assert_eq!(plain().unwrap(), 7);
/// let inside = block_on_virtual(async { Ok(plain()) });
/// assert!(matches!(inside.unwrap(), Err(RunError::Nested)));
/// ```
#[cfg(not(target_arch = "wasm32"))]
pub fn block_on<T>(run: Run<'_, T>) -> std::result::Result<T, RunError> {
    match current() {
        Some(_) => Err(RunError::Nested),
        None => futures::executor::block_on(run),
    }
}

/// The same where there is no thread to put to sleep: for runs of virtual time.
///
/// # Errors
/// As the run; [`RunError::Stopped`] if it waits for something real; [`RunError::Nested`] inside a run.
#[cfg(target_arch = "wasm32")]
pub fn block_on<T>(run: Run<'_, T>) -> std::result::Result<T, RunError> {
    use futures::FutureExt;
    if current().is_some() {
        return Err(RunError::Nested);
    }
    run.now_or_never().unwrap_or(Err(RunError::Stopped))
}

/// Runs `main` in virtual time with seed 0.
///
/// # Errors
/// As the run.
pub fn block_on_virtual<'main, T: 'main>(
    main: impl Future<Output = Result<T>> + 'main,
) -> std::result::Result<T, RunError> {
    block_on(Run::new(Rc::new(SimHost::new(0)), main))
}
