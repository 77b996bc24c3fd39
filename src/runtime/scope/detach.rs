//! Tasks that no scope waits for.

use std::future::Future;
use std::rc::Rc;

use crate::event::{Event, Name, Reason};

use super::block::PathNode;
use super::task::{Task, TaskBody};
use super::task_path::TaskPath;
use crate::runtime::errors::error::Result;
use crate::runtime::executor::core::Core;
use crate::runtime::executor::entry::{Body, NewTask, Place};
use crate::runtime::explain::lint::Lint;

/// Spawns a task that outlives its scope: fire and forget. Nobody hears of its
/// error but who awaits the handle, and nobody waits for it: prefer a scope.
///
/// It cannot outlive the run: when the root has ended, what is detached is
/// cancelled and cleans up before the run is over.
///
/// # Panics
/// Outside a run.
///
/// ```
/// use std::time::Duration;
/// use taskscope::runtime::{block_on_virtual, detach, now, scope, sleep};
///
/// block_on_virtual(async {
///     scope(async |_| {
///         detach("beacon", async {
///             sleep(Duration::from_secs(60)).await;
///             Ok(())
///         });
///         Ok(())
///     })
///     .await?;
///     assert_eq!(now().as_us(), 0, "the scope did not wait");
///     Ok(())
/// })
/// .unwrap();
/// ```
pub fn detach<T: 'static>(
    name: impl Into<Name>,
    future: impl Future<Output = Result<T>> + 'static,
) -> Task<T> {
    let core = Core::expect_current("detach");
    let value = Rc::default();
    let body: Body<'static> = Box::pin(TaskBody::new(future, Rc::clone(&value)));
    let below = core.detached_node.get_or_init(|| PathNode::new(None, "detached".into())).clone();
    let name = below.unique(&name.into());
    let place = Place::Owned;
    let new = NewTask {
        place,
        body: Some(body),
        scope: None,
        path: TaskPath::named(below, name.clone()),
        quiet: true,
        queued: true,
    };
    let task = core.tasks.borrow_mut().insert(new);
    core.detached.borrow_mut().push(task);
    core.emit(|| Event::TaskSpawn {
        task: task.id,
        by: core.whose_turn(),
        scope: None,
        name,
        span: core.span(),
    });
    core.push_ready(task);
    Task::new(core, task, value)
}

impl Core {
    /// The root has ended: cancels what is detached. Says whether all of it is gone.
    pub(crate) fn end_detached(self: &Rc<Self>) -> bool {
        for task in self.detached.take() {
            let path = self.path(task);
            if self.cancel(task, Reason::RunEnded) {
                self.lint(|| Lint::DetachedCut { task: path.unwrap_or_default().path() });
            }
        }
        self.tasks.borrow().live() == 0
    }
}
