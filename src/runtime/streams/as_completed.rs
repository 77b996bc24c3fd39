//! Tasks in the order in which they end.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures::Stream;
use futures::stream::FuturesUnordered;

use crate::event::Wait;

use crate::runtime::errors::task_error::TaskError;
use crate::runtime::executor::core::Core;
use crate::runtime::explain::wait::Waiting;
use crate::runtime::scope::task::Task;

/// The results of `tasks` in the order in which they end; of those that have
/// ended already, in the order of the list.
///
/// The tasks belong to their scopes: a failure is given here, and fails its
/// scope unless that collects or the task is [quiet](crate::runtime::NewChild::quiet).
///
/// # Cancellation
/// Dropping the stream leaves the tasks alone. Nothing is taken but what was given.
///
/// ```
/// use futures::StreamExt;
/// use std::time::Duration;
/// use taskscope::runtime::{as_completed, block_on_virtual, scope, sleep};
///
/// let order = block_on_virtual(async {
///     let order = scope(async |s| {
///         let tasks = [30, 10, 20].map(|ms| {
///             s.spawn(async move {
///                 sleep(Duration::from_millis(ms)).await;
///                 Ok(ms)
///             })
///         });
///         let mut order = Vec::new();
///         let mut ended = as_completed(tasks);
///         while let Some(result) = ended.next().await {
///             order.push(result?);
///         }
///         Ok(order)
///     })
///     .await?;
///     Ok(order)
/// });
/// assert_eq!(order.unwrap(), [10, 20, 30]);
/// ```
pub fn as_completed<T>(tasks: impl IntoIterator<Item = Task<T>>) -> AsCompleted<T> {
    let tasks = tasks.into_iter().map(|task| Settled(Some(task))).collect();
    AsCompleted { tasks, waiting: None, cancels: false }
}

/// The stream of [`as_completed`].
#[must_use = "a stream does nothing unless it is read"]
pub struct AsCompleted<T> {
    tasks: FuturesUnordered<Settled<T>>,
    waiting: Option<Waiting>,
    /// Dropping it cancels those that have not ended.
    cancels: bool,
}

impl<T> AsCompleted<T> {
    pub(super) fn cancelling() -> AsCompleted<T> {
        AsCompleted { tasks: FuturesUnordered::new(), waiting: None, cancels: true }
    }

    pub(super) fn push(&mut self, task: Task<T>) {
        self.tasks.push(Settled(Some(task)));
    }

    pub(super) fn len(&self) -> usize {
        self.tasks.len()
    }
}

impl<T> Stream for AsCompleted<T> {
    type Item = std::result::Result<T, TaskError>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        let next = Pin::new(&mut this.tasks).poll_next(cx);
        if next.is_ready() {
            this.waiting = None;
        } else if this.waiting.is_none() {
            let core = Core::expect_current("as_completed");
            // One wait for all: what each of a hundred thousand waits for would be too long a list to keep.
            let on = match this.tasks.iter().find_map(|task| task.0.as_ref()) {
                Some(task) if this.tasks.len() == 1 => Wait::Task(task.id()),
                _ => Wait::Other(format!("the end of one of {} tasks", this.tasks.len()).into()),
            };
            this.waiting = Some(Waiting::start(&core, on));
        }
        next.map(|task| task.map(|task| task.try_take().unwrap_or(Err(TaskError::Taken))))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.tasks.len(), Some(self.tasks.len()))
    }
}

impl<T> Drop for AsCompleted<T> {
    fn drop(&mut self) {
        self.waiting = None;
        if self.cancels {
            let mut tasks: Vec<&Task<T>> = self.tasks.iter().filter_map(|task| task.0.as_ref()).collect();
            // In the order in which they were spawned, as everywhere.
            tasks.sort_by_key(|task| task.id());
            for task in tasks {
                task.cancel();
            }
        }
    }
}

/// Gives the handle back when its task has ended.
struct Settled<T>(Option<Task<T>>);

impl<T> Future for Settled<T> {
    type Output = Task<T>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Task<T>> {
        let Some(task) = &mut self.0 else { return Poll::Pending };
        std::task::ready!(task.poll_settled(cx));
        self.0.take().map_or(Poll::Pending, Poll::Ready)
    }
}
