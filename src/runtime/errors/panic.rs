//! A panic in a task, contained: the task fails with it, and the others go on as after any failure.

use std::any::Any;
use std::error::Error as StdError;
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};

use super::error::Error;
use super::leaf::Kinded;

/// What a task fails with when its body, a cleanup or a drop of it panicked.
///
/// It counts as any other error: the scope is cancelled, cleanups run, and it
/// leaves in the scope's group with the task's path. Where a panic ends the
/// program (a build with `panic = "abort"`, and always in the browser) nothing is contained.
///
/// ```
/// use taskscope::runtime::{Panicked, RunError, block_on_virtual, scope};
///
/// std::panic::set_hook(Box::new(|_| {})); // keep this example quiet
/// let result = block_on_virtual(async {
///     scope(async |s| {
///         s.spawn_named("division", async { Ok(1 / "0".parse::<u32>()?) });
///         Ok(())
///     })
///     .await?;
///     Ok(())
/// });
/// let Err(RunError::Failed(error)) = result else { panic!("the run did not fail") };
/// let leaf = error.leaves().next().unwrap();
/// assert_eq!(leaf.path(), "main/scope/division");
/// assert_eq!(leaf.downcast_ref::<Panicked>().unwrap().message(), "attempt to divide by zero");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Panicked {
    message: String,
}

impl Panicked {
    /// What errors of this kind are called.
    pub(crate) const KIND: &str = "Panicked";

    pub(crate) fn new(payload: &(dyn Any + Send)) -> Panicked {
        let text = payload.downcast_ref::<&str>().map(|text| (*text).to_owned());
        let text = text.or_else(|| payload.downcast_ref::<String>().cloned());
        Panicked { message: text.unwrap_or_else(|| "a value that is no text".to_owned()) }
    }

    /// What the panic said.
    pub fn message(&self) -> &str {
        &self.message
    }
}

impl fmt::Display for Panicked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "panicked: {}", self.message)
    }
}

impl StdError for Panicked {}

impl Kinded for Panicked {
    fn kind(&self) -> &str {
        Panicked::KIND
    }

    fn message(&self) -> String {
        self.message.clone()
    }
}

/// Calls `f`, which is part of the current task. A panic becomes an error of that task.
///
/// What `f` leaves behind is sound to go on with: a future that panicked is only dropped, and the executor's own tables
/// are not borrowed while a task's code runs.
pub(crate) fn contain<R>(f: impl FnOnce() -> R) -> Result<R, Error> {
    catch_unwind(AssertUnwindSafe(f)).map_err(|payload| Error::raise(Panicked::new(&*payload)))
}
