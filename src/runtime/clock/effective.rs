//! The deadline that counts here: the first of all those around the current place.

use std::rc::Rc;

use crate::event::ScopeKind;
use crate::ids::TaskId;
use crate::time::Time;

use crate::runtime::executor::core::Core;
use crate::runtime::executor::entry::TaskRef;
use crate::runtime::scope::block::Block;

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
    core.deadline_around(core.task(), core.block()).map(|(at, _)| at)
}

impl Core {
    /// The deadline that counts inside `block` of `task`, or in no block of it, and whose that is; of two at one
    /// instant the outer one's. None: a shutdown's.
    pub(crate) fn deadline_around(
        &self,
        mut task: TaskRef,
        block: Option<Rc<Block>>,
    ) -> Option<(Time, Option<Rc<Block>>)> {
        let tasks = self.tasks.borrow();
        let cleans = |task| tasks.get(task).is_some_and(|entry| entry.cleaning);
        let mut first = None;
        let mut next = block;
        if next.is_none() && !cleans(task) {
            next = tasks.get(task).and_then(|entry| Some(entry.scope.as_ref()?.block.clone()));
            task = next.as_ref().map_or(task, |block| block.task.get());
        }
        let mut reaches_root = true;
        while let Some(block) = next {
            // From a child's blocks to those of the task above: past a child that cleans up nothing counts.
            if block.task.get() != task && cleans(task) {
                reaches_root = false;
                break;
            }
            task = block.task.get();
            next = block.parent.clone();
            let is_last = block.kind == ScopeKind::Shield || block.cleaning.get();
            if let Some(at) = block.deadline.get()
                && first.as_ref().is_none_or(|(first, _)| at <= *first)
            {
                first = Some((at, Some(block)));
            }
            if is_last {
                reaches_root = false;
                break;
            }
        }
        reaches_root &= task.id == TaskId::ROOT && !cleans(task);
        let stop = self.stop_request.due_at().filter(|_| reaches_root);
        match stop.into_iter().chain(self.cut_at.get()).min() {
            Some(end) if first.as_ref().is_none_or(|(first, _)| end <= *first) => Some((end, None)),
            _ => first,
        }
    }
}
