//! Errors of tasks: anything with a message, with the task and instant it came from.

use std::any::Any;
use std::borrow::Cow;
use std::error::Error as StdError;
use std::fmt;

use super::group::ErrorGroup;
use super::leaf::{Kinded, Leaf};
use super::leaves::Leaves;
use super::task_error::TaskError;
use crate::runtime::clock::timeout::Elapsed;

/// What a task fails with: one error, or a group of them.
///
/// Made from any [`std::error::Error`] by `?`. It remembers the task and the
/// instant in which it was made. Cloning is cheap and keeps the identity:
/// however often an error is raised on, it counts once. What a task failed
/// with, a group, and the errors of a timeout's cleanups stay what they are.
///
/// ```
/// use taskscope::runtime::{Error, block_on_virtual};
///
/// let error: Error = "7 eggs".parse::<u32>().unwrap_err().into();
/// assert!(error.downcast_ref::<std::num::ParseIntError>().is_some());
/// let result: Result<(), _> = block_on_virtual(async { Err(Error::msg("no eggs")) });
/// assert_eq!(result.unwrap_err().to_string(), "no eggs");
/// ```
#[derive(Clone)]
pub enum Error {
    /// One error.
    Leaf(Leaf),
    /// What left a scope.
    Group(ErrorGroup),
}

/// A `Result` whose error is [`Error`].
pub type Result<T> = std::result::Result<T, Error>;

/// What a block comes to whose cleanup may fail too: no error is lost.
///
/// # Errors
/// That of the block, that of the cleanup, or both as one.
pub fn after_cleanup<T>(result: Result<T>, cleanup: Result<()>) -> Result<T> {
    match (result, cleanup) {
        (result, Ok(())) => result,
        (Ok(_), Err(error)) => Err(error),
        (Err(error), Err(also)) => Err(Error::Group(ErrorGroup::loose(vec![error, also]))),
    }
}

impl Error {
    /// An error that is only a message.
    pub fn msg(message: impl Into<Cow<'static, str>>) -> Error {
        Error::raise(Message(message.into()))
    }

    /// Raises an error in the current task that says itself what traces show of it. Any other becomes one by `?`.
    pub fn raise(error: impl Kinded + 'static) -> Error {
        Error::Leaf(Leaf::raise_kinded(error))
    }

    /// Several errors as one; none if there are none. A single one stays as it is.
    pub fn all(mut errors: Vec<Error>) -> Option<Error> {
        match errors.len() {
            0 | 1 => errors.pop(),
            _ => Some(Error::Group(ErrorGroup::loose(errors))),
        }
    }

    /// The error as the type it was made from, if it is a single one of that type.
    pub fn downcast_ref<E: StdError + 'static>(&self) -> Option<&E> {
        match self {
            Error::Leaf(leaf) => leaf.downcast_ref(),
            Error::Group(_) => None,
        }
    }

    /// Every single error, in tree order.
    pub fn leaves(&self) -> Leaves<'_> {
        Leaves::of(self)
    }

    /// The part of the tree whose leaves `keep` says true of, with its shape kept.
    pub fn subgroup(&self, mut keep: impl FnMut(&Leaf) -> bool) -> Option<Error> {
        match self {
            Error::Leaf(leaf) => keep(leaf).then(|| self.clone()),
            Error::Group(group) => group.subgroup(keep).map(Error::Group),
        }
    }
}

impl<E: StdError + 'static> From<E> for Error {
    fn from(error: E) -> Error {
        let mut slot = Some(error);
        match known(&mut slot) {
            Some(known) => known,
            None => match slot {
                Some(error) => Error::Leaf(Leaf::raise(error)),
                None => unreachable!("only what is known is taken out of its slot"),
            },
        }
    }
}

/// What is one of ours already, out of its slot: a group keeps its shape, and what was awaited its identity.
fn known(slot: &mut dyn Any) -> Option<Error> {
    if let Some(group) = slot.downcast_mut::<Option<ErrorGroup>>() {
        return group.take().map(Error::Group);
    }
    if let Some(elapsed) = slot.downcast_mut::<Option<Elapsed>>() {
        return elapsed.take_if(|elapsed| !elapsed.cleanup_errors.is_empty()).and_then(apart);
    }
    let task_error = slot.downcast_mut::<Option<TaskError>>()?;
    let failed = task_error.take_if(|error| matches!(error, TaskError::Failed(_)));
    match failed? {
        TaskError::Failed(error) => Some(error),
        TaskError::Cancelled { .. } | TaskError::Taken => None,
    }
}

/// A deadline, if that is what came, and beside it the errors of the cleanups, each with its own identity.
fn apart(elapsed: Elapsed) -> Option<Error> {
    let Elapsed { length, cleanup_errors } = elapsed;
    let came = |length| Error::from(Elapsed { length: Some(length), cleanup_errors: Vec::new() });
    Error::all(length.map(came).into_iter().chain(cleanup_errors).collect())
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Leaf(leaf) => write!(f, "{leaf}"),
            Error::Group(group) => write!(f, "{group}"),
        }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Leaf(leaf) => write!(f, "{leaf:?}"),
            Error::Group(group) => write!(f, "{group:?}"),
        }
    }
}

#[derive(Debug)]
struct Message(Cow<'static, str>);

impl fmt::Display for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl StdError for Message {}

impl Kinded for Message {
    fn kind(&self) -> &str {
        "Error"
    }

    fn message(&self) -> String {
        self.0.to_string()
    }
}
