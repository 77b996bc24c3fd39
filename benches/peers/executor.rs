//! async-executor: one executor for each measurement, shared by the tasks that spawn.

use std::future::Future;
use std::rc::Rc;

use async_executor::LocalExecutor;
use futures::executor::block_on;

/// An executor that tasks may hold. What it holds has ended when a workload ends, so the ring does not leak.
pub type Shared = Rc<LocalExecutor<'static>>;

/// Runs what `main` makes of a new executor to its end.
pub fn drive<T, F: Future<Output = T>>(main: impl FnOnce(Shared) -> F) -> T {
    let executor = Shared::default();
    block_on(executor.run(main(executor.clone())))
}
