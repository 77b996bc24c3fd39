//! The handle of a task, and the cell in which its result waits.

use std::cell::{Cell, RefCell};
use std::future::Future;
use std::pin::Pin;
use std::rc::{Rc, Weak};
use std::task::{Context, Poll};

use pin_project_lite::pin_project;

use crate::event::{End, Reason, Wait};
use crate::ids::TaskId;
use crate::time::Time;

use super::handle::ScopeCore;
use super::task_path::TaskPath;
use crate::runtime::errors::error::{Error, Result};
use crate::runtime::errors::task_error::TaskError;
use crate::runtime::executor::core::Core;
use crate::runtime::executor::tasks::TaskRef;
use crate::runtime::executor::wake::Wakeup;
use crate::runtime::explain::wait::Waiting;

/// The handle of a spawned task. Awaiting it gives the task's value or its error.
///
/// The scope owns the task: dropping the handle does nothing to it.
///
/// # Cancellation
/// Dropping the await has no effect on the task, which can be awaited again.
/// Awaiting a task that was cancelled on its own gives [`TaskError::Cancelled`];
/// its siblings are not affected. Awaiting a failed task and handling its error
/// does not undo the failure: its scope fails all the same unless it collects.
///
/// ```
/// use taskscope::runtime::{block_on_virtual, scope};
///
/// let sum = block_on_virtual(async {
///     let sum = scope(async |s| {
///         let a = s.spawn(async { Ok(20) });
///         let b = s.spawn(async { Ok(22) });
///         Ok(a.await? + b.await?)
///     })
///     .await?;
///     Ok(sum)
/// });
/// assert_eq!(sum.unwrap(), 42);
/// ```
pub struct Task<T> {
    core: Rc<Core>,
    task: TaskRef,
    state: Rc<TaskState>,
    value: Rc<RefCell<Option<T>>>,
    waiting: Option<Waiting>,
    registered: Option<u64>,
}

impl<T> Clone for Task<T> {
    fn clone(&self) -> Task<T> {
        Task::new(self.core.clone(), self.task, self.state.clone(), self.value.clone())
    }
}

impl<T> Task<T> {
    pub(crate) fn new(
        core: Rc<Core>,
        task: TaskRef,
        state: Rc<TaskState>,
        value: Rc<RefCell<Option<T>>>,
    ) -> Task<T> {
        Task { core, task, state, value, waiting: None, registered: None }
    }

    /// The task's number.
    pub fn id(&self) -> TaskId {
        self.task.id
    }

    /// Its path, `main/dashboard/user`; of a task that has ended, as it was.
    pub fn path(&self) -> String {
        self.state.path.path()
    }

    /// Whether it has ended, its cleanups included.
    pub fn is_finished(&self) -> bool {
        self.state.end.get().is_some()
    }

    /// Cancels the task and everything inside, in this turn: its body is
    /// dropped where it waits, then it cleans up. A task that cancels itself
    /// goes on to its next suspension. Says false, and does nothing, if the
    /// task has ended or was cancelled before.
    pub fn cancel(&self) -> bool {
        self.core.cancel(self.task, Reason::Explicit)
    }

    /// The result, if the task has ended and nobody took it before.
    pub fn try_take(&self) -> Option<std::result::Result<T, TaskError>> {
        self.state.end.get().map(|end| self.state.result(end, self.value.take()))
    }

    /// The result, left in place for others; what [`Task::try_take`] is for values that cannot be cloned.
    pub fn try_result(&self) -> Option<std::result::Result<T, TaskError>>
    where
        T: Clone,
    {
        self.state.end.get().map(|end| self.state.result(end, self.value.borrow().clone()))
    }

    /// Waits for the end of the task and leaves its value in place, so that
    /// others can have it too.
    ///
    /// # Errors
    /// As awaiting the handle itself.
    pub async fn join(&self) -> std::result::Result<T, TaskError>
    where
        T: Clone,
    {
        let mut handle = self.clone();
        std::future::poll_fn(|cx| handle.poll_end(cx)).await;
        handle.try_result().unwrap_or(Err(TaskError::Taken))
    }

    fn poll_end(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        if self.poll_settled(cx).is_ready() {
            self.waiting = None;
            return Poll::Ready(());
        }
        let core = &self.core;
        self.waiting.get_or_insert_with(|| Waiting::start(core, Wait::Task(self.task.id)));
        Poll::Pending
    }

    /// Ready once the task has ended; the caller says who waits.
    pub(crate) fn poll_settled(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        if self.is_finished() {
            self.registered = None;
            return Poll::Ready(());
        }
        let wakeup = Wakeup::new(&self.core, cx);
        let number = self.registered.get_or_insert_with(|| self.state.new_joiner());
        self.state.register(*number, wakeup);
        Poll::Pending
    }

    /// Which of the run's errors it failed with, for telling who failed first; none if it did not fail.
    pub(crate) fn ended_as(&self) -> Option<(Time, u32)> {
        self.state.ended_without_value()
    }
}

impl<T> Future for Task<T> {
    type Output = std::result::Result<T, TaskError>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        match self.poll_end(cx) {
            Poll::Ready(()) => Poll::Ready(self.try_take().unwrap_or(Err(TaskError::Taken))),
            Poll::Pending => Poll::Pending,
        }
    }
}

impl<T> Drop for Task<T> {
    fn drop(&mut self) {
        if let Some(number) = self.registered {
            self.state.joiners.borrow_mut().retain(|(known, _)| *known != number);
        }
    }
}

/// How a task ended, and who waits for that. Shared by the table and the handles.
#[derive(Default)]
pub(crate) struct TaskState {
    end: Cell<Option<End>>,
    error: RefCell<Option<Error>>,
    cancelled: Cell<Option<Reason>>,
    joiners: RefCell<Vec<(u64, Wakeup)>>,
    next_joiner: Cell<u64>,
    pub(crate) path: TaskPath,
    /// Its error does not fail its scope: it belongs to whoever awaits it.
    pub(crate) quiet: Cell<bool>,
    /// The scope that keeps its error until somebody is given it.
    keeper: RefCell<Weak<ScopeCore>>,
}

impl TaskState {
    /// Of a task that has not run yet.
    pub(crate) fn new(path: TaskPath) -> Rc<TaskState> {
        Rc::new(TaskState { path, ..TaskState::default() })
    }

    pub(crate) fn has_ended(&self) -> bool {
        self.end.get().is_some()
    }

    /// Its scope only collects: it gives the error up to whoever awaits it.
    pub(crate) fn owe(&self, scope: &Rc<ScopeCore>) {
        self.keeper.replace(Rc::downgrade(scope));
    }

    /// The task has ended, cleanups and all: wakes whoever awaits it.
    pub(crate) fn settle(&self, core: &Core, end: End, error: Option<Error>, cancelled: Option<Reason>) {
        self.end.set(Some(end));
        self.error.replace(error);
        self.cancelled.set(cancelled);
        for (_, wakeup) in self.joiners.take() {
            wakeup.wake(core);
        }
    }

    /// For a task that ended without a value: when, and the number of its first error.
    fn ended_without_value(&self) -> Option<(Time, u32)> {
        match self.end.get()? {
            End::Ok => None,
            End::Cancelled => Some((Time::ZERO, 0)),
            End::Failed => {
                let error = self.error.borrow();
                let leaf = error
                    .as_ref()
                    .and_then(|error| error.leaves().next().map(|leaf| (leaf.at(), leaf.id().0)));
                Some(leaf.unwrap_or((Time::ZERO, 0)))
            }
        }
    }

    fn new_joiner(&self) -> u64 {
        self.next_joiner.replace(self.next_joiner.get() + 1)
    }

    fn register(&self, number: u64, wakeup: Wakeup) {
        let mut joiners = self.joiners.borrow_mut();
        match joiners.iter_mut().find(|(known, _)| *known == number) {
            Some((_, known)) => *known = wakeup,
            None => joiners.push((number, wakeup)),
        }
    }

    fn result<T>(&self, end: End, value: Option<T>) -> std::result::Result<T, TaskError> {
        match (end, value) {
            (End::Ok, Some(value)) => Ok(value),
            (End::Ok, None) => Err(TaskError::Taken),
            (End::Failed, _) => {
                let error = self.error.borrow().clone();
                if let (Some(error), Some(keeper)) = (&error, self.keeper.take().upgrade()) {
                    keeper.give_up(error);
                }
                Err(error.map_or(TaskError::Taken, TaskError::Failed))
            }
            (End::Cancelled, _) => {
                let cancelled = |reason| TaskError::Cancelled { path: self.path.path().into(), reason };
                Err(self.cancelled.get().map_or(TaskError::Taken, cancelled))
            }
        }
    }
}

pin_project! {
    /// A task's future with its value put where the handles find it.
    pub(crate) struct TaskBody<F, T> {
        #[pin]
        future: F,
        value: Rc<RefCell<Option<T>>>,
    }
}

impl<F, T> TaskBody<F, T> {
    pub(crate) fn new(future: F, value: Rc<RefCell<Option<T>>>) -> TaskBody<F, T> {
        TaskBody { future, value }
    }
}

impl<F: Future<Output = Result<T>>, T> Future for TaskBody<F, T> {
    type Output = Result<()>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<()>> {
        let this = self.project();
        this.future.poll(cx).map_ok(|value| drop(this.value.replace(Some(value))))
    }
}
