//! The deadline that counts here: the first of all those around the current place.

use crate::event::ScopeKind;
use crate::ids::TaskId;
use crate::time::Time;

use crate::runtime::executor::core::Core;

/// When the current place will be cancelled by a deadline, as things stand: the
/// first deadline of all timeouts around it, in this task and in those above.
/// None if there is none. [`timeout`](crate::runtime::timeout) and
/// [`TimeoutHandle`](crate::runtime::TimeoutHandle) set them and may move them.
///
/// A shield ends the search: what is outside does not reach in, until the
/// shield's budget begins to run. Nor does it reach a cleanup, which nothing
/// cancels; only the grace of a [shutdown](crate::runtime::RunHandle::shutdown)
/// bounds both. The grace of a [requested stop](crate::runtime::RunHandle::request_stop)
/// counts as a deadline around everything that is in the root.
///
/// # Panics
/// Outside a run.
///
/// ```
/// use std::time::Duration;
/// use taskscope::runtime::{block_on_virtual, effective_deadline, scope, timeout};
///
/// block_on_virtual(async {
///     assert_eq!(effective_deadline(), None);
///     let inside = scope(async |s| {
///         let child = s.spawn(async { Ok(timeout(Duration::from_secs(5), async { effective_deadline() }).await?) });
///         Ok(child.await?)
///     });
///     let seen = timeout(Duration::from_secs(2), inside).await??;
///     assert_eq!(seen.unwrap().as_us(), 2_000_000, "the outer one comes first");
///     Ok(())
/// })
/// .unwrap();
/// ```
pub fn effective_deadline() -> Option<Time> {
    let core = Core::expect_current("effective_deadline");
    let mut first = core.cut_at.get();
    let mut sooner = |at: Option<Time>| first = first.into_iter().chain(at).min();
    let cleans = |task| core.tasks.borrow().get(task).is_some_and(|entry| entry.cleaning);
    let mut task = core.task();
    let mut next = core.block();
    if next.is_none() && !cleans(task) {
        let tasks = core.tasks.borrow();
        next = tasks.get(task).and_then(|entry| Some(entry.scope.as_ref()?.block.clone()));
        task = next.as_ref().map_or(task, |block| block.task.get());
    }
    let reaches_root = loop {
        let Some(block) = next else { break task.id == TaskId::ROOT && !cleans(task) };
        // From a child's blocks to those of the task above: past a child that cleans up nothing counts.
        if block.task.get() != task && cleans(task) {
            break false;
        }
        task = block.task.get();
        sooner(block.deadline.get());
        if block.kind == ScopeKind::Shield || block.cleaning.get() {
            break false;
        }
        next = block.parent.clone();
    };
    if reaches_root {
        sooner(core.stop_request.due_at());
    }
    first
}
