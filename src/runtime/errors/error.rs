//! Errors of tasks: anything with a message, with the task and instant it came from.

use std::any::Any;
use std::borrow::Cow;
use std::error::Error as StdError;
use std::fmt;

use super::catch::Catch;
use super::group::ErrorGroup;
use super::leaf::{Kinded, Leaf};
use super::leaves::Leaves;
use super::report::Report;
use super::task_error::TaskError;
use crate::ids::ErrorId;
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

    /// Raises an error whose type is not known; it is still found by its type. One that came out of an [`Error`] is
    /// that error again.
    ///
    /// ```
    /// use std::num::ParseIntError;
    /// use taskscope::runtime::Error;
    ///
    /// fn count(eggs: &str) -> Result<u32, Box<dyn std::error::Error + Send + Sync>> {
    ///     Ok(eggs.parse()?)
    /// }
    /// let error = count("7 eggs").map_err(|error| Error::boxed(error)).unwrap_err();
    /// assert!(error.downcast_ref::<ParseIntError>().is_some());
    /// ```
    pub fn boxed(error: Box<dyn StdError>) -> Error {
        let error = match error.downcast::<Leaf>() {
            Ok(leaf) => return Error::Leaf(*leaf),
            Err(error) => error,
        };
        match error.downcast::<ErrorGroup>() {
            Ok(group) => Error::Group(*group),
            Err(error) => Error::Leaf(Leaf::raise_boxed(error)),
        }
    }

    /// Raises an error of the crate `anyhow`; what it was made from is still found by its
    /// type, under any contexts.
    /// The way back is through [`Report`](super::report::Report).
    ///
    /// ```
    /// use std::num::ParseIntError;
    /// use anyhow::Context;
    /// use taskscope::runtime::{Error, Report, block_on_virtual};
    ///
    /// fn count(eggs: &str) -> anyhow::Result<u32> {
    ///     eggs.parse().context("cannot count the eggs")
    /// }
    /// fn breakfast() -> anyhow::Result<u32> {
    ///     let eggs = block_on_virtual(async { count("7 eggs").map_err(Error::from_anyhow) });
    ///     Ok(eggs.map_err(Report::from)?)
    /// }
    /// assert_eq!(format!("{:#}", breakfast().unwrap_err()), "cannot count the eggs: invalid digit found in string");
    /// let error = Error::from_anyhow(count("7 eggs").unwrap_err());
    /// assert!(error.downcast_ref::<ParseIntError>().is_some());
    /// ```
    #[cfg(feature = "anyhow")]
    pub fn from_anyhow(error: anyhow::Error) -> Error {
        Error::Leaf(Leaf::raise_anyhow(error))
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

    /// What it came from: for a group, its first error.
    pub fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match self {
            Error::Leaf(leaf) => leaf.source(),
            Error::Group(group) => group.source(),
        }
    }

    /// Every single error, in tree order.
    pub fn leaves(&self) -> Leaves<'_> {
        Leaves::of(self)
    }

    /// The lowest and the highest number of its leaves, if it has any.
    pub(crate) fn numbers(&self) -> Option<(ErrorId, ErrorId)> {
        match self {
            Error::Leaf(leaf) => Some((leaf.id(), leaf.id())),
            Error::Group(group) => group.numbers(),
        }
    }

    /// Begins to handle it by kind, as a group of one if it is a single error; see [`Catch`].
    pub fn catch(self) -> Catch {
        Catch::new(self)
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
    if let Some(leaf) = slot.downcast_mut::<Option<Leaf>>() {
        return leaf.take().map(Error::Leaf);
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

impl From<Error> for Box<dyn StdError> {
    fn from(error: Error) -> Self {
        match error {
            Error::Leaf(leaf) => Box::new(leaf),
            Error::Group(group) => Box::new(group),
        }
    }
}

impl From<Error> for Box<dyn StdError + Send + Sync> {
    /// As a [`Report`]: an error belongs to the thread of its run.
    fn from(error: Error) -> Self {
        Box::new(Report::from(error))
    }
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
