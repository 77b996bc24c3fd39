//! Several futures as tasks of one scope, and their values in the order of the list.

use std::future::Future;

use crate::runtime::errors::error::Result;
use crate::runtime::errors::group::ErrorGroup;
use crate::runtime::errors::task_error::TaskError;
use crate::runtime::scope::handle::ScopeOptions;
use crate::runtime::scope::task::Task;

/// Runs `futures` as tasks of one scope, all at once, and gives their values in
/// the order of the list. The first failure cancels the others, as in every scope.
///
/// The futures may borrow. For futures of several types spawn into a
/// [`scope`](crate::runtime::scope) and await the handles; for tasks that a scope has
/// already, [`gather`](crate::runtime::gather). A long list is better served by
/// `map_concurrent`, which bounds how many are under way.
///
/// # Errors
/// Every error that came up, as a group.
///
/// # Cancellation
/// Dropping it cancels every task; the block around it waits for their cleanups.
///
/// # Panics
/// Outside a run.
///
/// ```
/// use std::time::Duration;
/// use taskscope::runtime::{block_on_virtual, join, now, sleep};
///
/// let lengths = block_on_virtual(async {
///     let names = ["user", "orders"];
///     let lengths = join(names.iter().map(async |name| {
///         sleep(Duration::from_millis(100)).await;
///         Ok(name.len())
///     }))
///     .await?;
///     assert_eq!(now().as_us(), 100_000, "both at once");
///     Ok(lengths)
/// });
/// assert_eq!(lengths.unwrap(), [4, 6]);
/// ```
pub async fn join<'env, T: 'env>(
    futures: impl IntoIterator<Item = impl Future<Output = Result<T>> + 'env>,
) -> std::result::Result<Vec<T>, ErrorGroup> {
    ScopeOptions::named("join")
        .run(async |s| {
            let tasks: Vec<Task<T>> = futures.into_iter().map(|future| s.spawn(future)).collect();
            let mut values = Vec::with_capacity(tasks.len());
            for task in tasks {
                values.push(task.await?);
            }
            Ok(values)
        })
        .await
}

/// As [`join`], but a failure cancels nobody: waits for all, and gives every
/// result in the order of the list. An error belongs to the caller and fails nothing.
///
/// # Cancellation
/// As [`join`].
///
/// # Panics
/// Outside a run.
///
/// ```
/// use taskscope::runtime::{Error, block_on_virtual, join_all};
///
/// let results = block_on_virtual(async {
///     Ok(join_all((0..3).map(async |n| if n == 1 { Err(Error::msg("odd")) } else { Ok(n) })).await)
/// });
/// let results = results.unwrap();
/// assert_eq!(results[0].as_ref().ok(), Some(&0));
/// assert_eq!(results[1].as_ref().unwrap_err().to_string(), "odd");
/// ```
pub async fn join_all<'env, T: 'env>(
    futures: impl IntoIterator<Item = impl Future<Output = Result<T>> + 'env>,
) -> Vec<std::result::Result<T, TaskError>> {
    let all = ScopeOptions::named("join").run(async |s| {
        let spawn = |future| s.task(None).quiet().spawn(future);
        let tasks: Vec<Task<T>> = futures.into_iter().map(spawn).collect();
        let mut results = Vec::with_capacity(tasks.len());
        for task in tasks {
            results.push(task.await);
        }
        Ok(results)
    });
    match all.await {
        Ok(results) => results,
        // Quiet children fail no scope, the body cannot, and nobody else has the handle.
        Err(group) => unreachable!("an error left a scope in which nothing can fail: {group}"),
    }
}
