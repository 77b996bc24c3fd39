//! Asynchronous code for callers that are not: one call that runs it to its end.

use std::future::Future;
use std::rc::Rc;

use crate::host::native::NativeHost;

use crate::runtime::errors::error::{Error, Result};
use crate::runtime::executor::run::{Run, RunError, block_on};

/// Runs `main` on this thread and the machine's own time until it is over, and
/// puts the thread to sleep while everybody waits: for `main`, for a test of
/// real things, for a plain function in the middle of a plain program.
///
/// The run is an [open](Run::open_world) one, since other threads may reach into it (a
/// channel, a `Portal`): tasks that wait for each other for ever are not found
/// out. Its random numbers begin at seed 0. For another seed or an observer
/// put a [`Run`] on a [`NativeHost`] together and give it to [`block_on`].
///
/// # Errors
/// As the run: [`RunError::Failed`] also if the system has no thread left for the host's alarm;
/// [`RunError::Nested`] inside a run, which could only stand still meanwhile.
///
/// ```
/// use taskscope::runtime::{block_on_native, offload, scope};
///
/// /// A plain function.
/// fn count_words(texts: Vec<String>) -> usize {
///     let counting = async {
///         let total = scope(async |s| {
///             let tasks = texts.into_iter().map(|text| {
///                 s.spawn(async { Ok(offload(move || text.split_whitespace().count()).await?) })
///             });
///             let mut total = 0;
///             for task in tasks.collect::<Vec<_>>() {
///                 total += task.await?;
///             }
///             Ok(total)
///         })
///         .await?;
///         Ok(total)
///     };
///     block_on_native(counting).unwrap_or_default()
/// }
///
/// assert_eq!(count_words(vec!["to be".into(), "or not to be".into()]), 6);
/// ```
pub fn block_on_native<'main, T: 'main>(
    main: impl Future<Output = Result<T>> + 'main,
) -> std::result::Result<T, RunError> {
    let host = NativeHost::new(0).map_err(|error| RunError::Failed(Error::from(error)))?;
    block_on(Run::new(Rc::new(host), main).open_world())
}
