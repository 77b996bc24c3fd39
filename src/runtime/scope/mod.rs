//! Scopes and their children: what waits for whom, and under which name.

pub(crate) mod block;
pub(crate) mod detach;
pub(crate) mod failures;
pub(crate) mod future;
pub(crate) mod handle;
pub(crate) mod local;
pub(crate) mod nursery;
pub(crate) mod state;
pub(crate) mod task;
pub(crate) mod task_path;
