//! The legacy join: waits for several tasks that a scope owns already.
//!
//! Four ways to wait for several, all in the order of the list:
//!
//! | | the first error ends it | every result is kept |
//! | --- | --- | --- |
//! | futures, as tasks of a scope of their own | `join`: the others are cancelled | `join_all` |
//! | tasks that something else owns | `gather`: the others run on | `gather_all` |

use std::rc::Rc;
use std::task::{Context, Poll};

use crate::event::Wait;

use crate::runtime::errors::task_error::TaskError;
use crate::runtime::executor::core::Core;
use crate::runtime::explain::wait::Waiting;
use crate::runtime::scope::task::Task;

/// Waits for all of `tasks` and gives their values in the order of the list.
/// The first error comes back at once, while the others run on: prefer
/// [`join`](crate::runtime::join), which cancels them and waits for their cleanups.
///
/// # Errors
/// The first that comes up.
///
/// # Cancellation
/// Dropping it cancels those tasks that have not ended, as asyncio's `gather`
/// does; an error that came back does not.
///
/// # Panics
/// Outside a run.
///
/// ```
/// use taskscope::runtime::{block_on_virtual, gather, scope};
///
/// let values = block_on_virtual(async {
///     Ok(scope(async |s| {
///         let tasks = (1..=3).map(|n| s.task(None).quiet().spawn(async move { Ok(n * n) })).collect();
///         Ok(gather(tasks).await?)
///     })
///     .await?)
/// });
/// assert_eq!(values.unwrap(), [1, 4, 9]);
/// ```
pub async fn gather<T: Clone>(tasks: Vec<Task<T>>) -> Result<Vec<T>, TaskError> {
    let mut joining = Joining::new(tasks);
    std::future::poll_fn(|cx| joining.poll_first_error(cx)).await?;
    joining.finish().into_iter().collect()
}

/// Waits for all of `tasks`, whatever becomes of them, and gives every result in the order of the list.
///
/// # Cancellation
/// As [`gather`].
///
/// # Panics
/// Outside a run.
pub async fn gather_all<T: Clone>(tasks: Vec<Task<T>>) -> Vec<Result<T, TaskError>> {
    let mut joining = Joining::new(tasks);
    std::future::poll_fn(|cx| joining.poll_all(cx)).await;
    joining.finish()
}

/// Tasks that are awaited together; cancels those that are left when it is dropped.
struct Joining<T> {
    tasks: Vec<Task<T>>,
    core: Rc<Core>,
    waiting: Option<Waiting>,
}

impl<T: Clone> Joining<T> {
    fn new(tasks: Vec<Task<T>>) -> Joining<T> {
        Joining { tasks, core: Core::expect_current("gather"), waiting: None }
    }

    fn poll_all(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let mut unfinished = None;
        for task in &mut self.tasks {
            if task.poll_settled(cx).is_pending() {
                unfinished.get_or_insert(task.id());
            }
        }
        let Some(first) = unfinished else {
            self.waiting = None;
            return Poll::Ready(());
        };
        self.waiting.get_or_insert_with(|| Waiting::start(&self.core, Wait::Task(first)));
        Poll::Pending
    }

    fn poll_first_error(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), TaskError>> {
        let over = self.poll_all(cx);
        // The one that failed first, not the first of the list: of one instant, the first of the list.
        let failed = self.tasks.iter().filter_map(|task| Some((task.ended_as()?, task)));
        if let Some((_, task)) = failed.min_by_key(|(order, _)| *order)
            && let Some(Err(error)) = task.try_result()
        {
            self.waiting = None;
            self.tasks.clear();
            return Poll::Ready(Err(error));
        }
        over.map(Ok)
    }

    fn finish(mut self) -> Vec<Result<T, TaskError>> {
        let tasks = std::mem::take(&mut self.tasks);
        tasks.iter().map(|task| task.try_result().unwrap_or(Err(TaskError::Taken))).collect()
    }
}

impl<T> Drop for Joining<T> {
    fn drop(&mut self) {
        self.waiting = None;
        for task in self.tasks.iter().filter(|task| !task.is_finished()) {
            task.cancel();
        }
    }
}
