//! The handle of a task.
//!
//! How a task ended stands in the executor's table as long as there is a
//! handle; only its value, whose type the table cannot know, has a cell of its own.

use std::cell::Cell;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use pin_project_lite::pin_project;

use crate::event::{End, Reason, Wait};
use crate::ids::TaskId;
use crate::runtime::errors::error::Result;
use crate::runtime::errors::task_error::TaskError;
use crate::runtime::executor::core::Core;
use crate::runtime::executor::entry::{Entry, TaskRef};
use crate::runtime::executor::wake::Wakeup;
use crate::runtime::explain::explanation::Explanation;
use crate::runtime::explain::lint::Lint;
use crate::runtime::explain::wait::Waiting;
use crate::time::Time;

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
    value: Rc<Cell<Option<T>>>,
    waiting: Option<Waiting>,
    registered: Option<u32>,
}

impl<T> Clone for Task<T> {
    fn clone(&self) -> Task<T> {
        self.core.tasks.borrow_mut().retain(self.task);
        Task::new(self.core.clone(), self.task, self.value.clone())
    }
}

impl<T> Task<T> {
    /// The first handle of `task`; the table counts it already.
    pub(crate) fn new(core: Rc<Core>, task: TaskRef, value: Rc<Cell<Option<T>>>) -> Task<T> {
        Task { core, task, value, waiting: None, registered: None }
    }

    /// The task's number.
    pub fn id(&self) -> TaskId {
        self.task.id
    }

    /// Its path, `main/dashboard/user`; of a task that has ended, as it was.
    pub fn path(&self) -> String {
        self.core.path(self.task).unwrap_or_default().path()
    }

    /// Whether it has ended, its cleanups included.
    pub fn is_finished(&self) -> bool {
        self.end().is_some()
    }

    fn end(&self) -> Option<End> {
        self.core.tasks.borrow().known(self.task).and_then(|entry| entry.end)
    }

    /// Cancels the task and everything inside, in this turn: its body is
    /// dropped where it waits, then it cleans up. A task that cancels itself
    /// goes on to its next suspension. Says false, and does nothing, if the
    /// task has ended or was cancelled before.
    pub fn cancel(&self) -> bool {
        self.core.cancel(self.task, Reason::Explicit)
    }

    /// What the task is about now: what it waits for and who holds that, its deadline, why it was cancelled or failed.
    ///
    /// For people to read, not for the task's own decisions: it looks at every task of the run.
    pub fn explain(&self) -> Explanation {
        self.core.explain(self.task).expect("a task is known as long as it has a handle")
    }

    /// The result, if the task has ended and nobody took it before.
    pub fn try_take(&self) -> Option<std::result::Result<T, TaskError>> {
        self.end().map(|end| self.core.result_of(self.task, end, self.value.take()))
    }

    /// The result, left in place for others; what [`Task::try_take`] is for values that cannot be cloned.
    pub fn try_result(&self) -> Option<std::result::Result<T, TaskError>>
    where
        T: Clone,
    {
        let end = self.end()?;
        let value = self.value.take();
        let copy = value.clone();
        self.value.set(value);
        Some(self.core.result_of(self.task, end, copy))
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
        let mut tasks = self.core.tasks.borrow_mut();
        let Some(entry) = tasks.get_mut(self.task) else { return Poll::Pending };
        let number = || self.core.new_number();
        let (number, before) = match self.registered {
            Some(known) => entry.update_joiner(known, number, wakeup),
            None => (entry.add_joiner(number, wakeup), None),
        };
        self.registered = Some(number);
        drop(tasks);
        drop(before);
        Poll::Pending
    }

    pub(crate) fn task_ref(&self) -> TaskRef {
        self.task
    }

    /// Which of the run's errors it failed with, for telling who failed first; none if it did not fail.
    pub(crate) fn ended_as(&self) -> Option<(Time, u32)> {
        self.core.tasks.borrow().known(self.task).and_then(ended_without_value)
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
        let mut tasks = self.core.tasks.borrow_mut();
        if let Some(number) = self.registered
            && let Some(entry) = tasks.get_mut(self.task)
        {
            entry.remove_joiner(number);
        }
        let left = tasks.release(self.task);
        drop(tasks);
        if let Some((path, error)) = left.as_ref().and_then(|left| left.unread.as_deref()) {
            self.core.lint(|| Lint::unread(path, error));
        }
    }
}

/// For a task that ended without a value: when, and the number of its first error.
fn ended_without_value(entry: &Entry) -> Option<(Time, u32)> {
    match entry.end? {
        End::Ok => None,
        End::Cancelled => Some((Time::ZERO, 0)),
        End::Failed => {
            let error = entry.known_rare().and_then(|rare| rare.error.as_ref());
            let leaf = error.and_then(|error| error.leaves().next().map(|leaf| (leaf.at(), leaf.id().0)));
            Some(leaf.unwrap_or((Time::ZERO, 0)))
        }
    }
}

impl Core {
    /// What whoever awaits a task that has ended is given.
    pub(crate) fn result_of<T>(
        &self,
        task: TaskRef,
        end: End,
        value: Option<T>,
    ) -> std::result::Result<T, TaskError> {
        match (end, value) {
            (End::Ok, Some(value)) => Ok(value),
            (End::Ok, None) => Err(TaskError::Taken),
            (End::Failed, _) => {
                let mut tasks = self.tasks.borrow_mut();
                let rare = tasks.known_mut(task).and_then(Entry::rare_mut);
                let given = rare.map(|rare| {
                    rare.read = true;
                    (rare.error.clone(), std::mem::take(&mut rare.keeper))
                });
                let (error, keeper) = given.unwrap_or_default();
                drop(tasks);
                if let (Some(error), Some(keeper)) = (&error, keeper.upgrade()) {
                    keeper.give_up(error);
                }
                Err(error.map_or(TaskError::Taken, TaskError::Failed))
            }
            (End::Cancelled, _) => {
                let reason =
                    self.tasks.borrow().known(task).and_then(|entry| Some(entry.cancel.as_ref()?.reason));
                let cancelled = |reason| TaskError::Cancelled {
                    path: self.path(task).unwrap_or_default().path().into(),
                    reason,
                };
                Err(reason.map_or(TaskError::Taken, cancelled))
            }
        }
    }
}

pin_project! {
    /// A task's future with its value put where the handles find it.
    pub(crate) struct TaskBody<F, T> {
        #[pin]
        future: F,
        value: Rc<Cell<Option<T>>>,
    }
}

impl<F, T> TaskBody<F, T> {
    pub(crate) fn new(future: F, value: Rc<Cell<Option<T>>>) -> TaskBody<F, T> {
        TaskBody { future, value }
    }
}

impl<F: Future<Output = Result<T>>, T> Future for TaskBody<F, T> {
    type Output = Result<()>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<()>> {
        let this = self.project();
        this.future.poll(cx).map_ok(|value| this.value.set(Some(value)))
    }
}
