//! Errors of tasks: anything with a message, with the task and instant it came from.

use std::any::type_name;
use std::error::Error as StdError;
use std::fmt;
use std::rc::Rc;

use crate::event::{Event, Name, Reason};
use crate::ids::{ErrorId, TaskId};
use crate::time::Time;

use super::group::ErrorGroup;
use crate::runtime::executor::core::current;
use crate::runtime::scope::block::PathNode;

/// What a task fails with: one error, or a group of them.
///
/// Made from any [`std::error::Error`] by `?`. It remembers the task and the
/// instant in which it was made. Cloning is cheap and keeps the identity:
/// however often an error is raised on, it counts once.
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
    Leaf(Rc<Leaf>),
    /// What left a scope.
    Group(Rc<ErrorGroup>),
}

/// One error and where it came from.
pub struct Leaf {
    error: Box<dyn StdError>,
    id: ErrorId,
    kind: Name,
    task: TaskId,
    node: Option<Rc<PathNode>>,
    at: Time,
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
        (Err(error), Err(also)) => Err(Error::Group(Rc::new(ErrorGroup::loose(vec![error, also])))),
    }
}

impl Error {
    /// An error that is only a message.
    pub fn msg(message: impl Into<String>) -> Error {
        let message = message.into();
        let shown = message.as_str().into();
        Error::raise(Box::new(Message(message)), "Error".into(), shown)
    }

    /// Raises `error` in the current task; `kind` and `message` are what traces show.
    pub fn raise(error: Box<dyn StdError>, kind: Name, message: Rc<str>) -> Error {
        let Some(core) = current() else {
            let (id, task, at) = (ErrorId(u32::MAX), TaskId::ROOT, Time::ZERO);
            return Error::Leaf(Rc::new(Leaf { error, id, kind, task, node: None, at }));
        };
        let (id, task) = (core.new_error_id(), core.task());
        core.emit(|| Event::ErrorRaised {
            error: id,
            task: task.id,
            kind: kind.clone(),
            message,
            span: core.span(),
        });
        let node = Some(core.node(task));
        Error::Leaf(Rc::new(Leaf { error, id, kind, task: task.id, node, at: core.now() }))
    }

    /// Several errors as one; none if there are none. A single one stays as it is.
    pub fn all(mut errors: Vec<Error>) -> Option<Error> {
        match errors.len() {
            0 | 1 => errors.pop(),
            _ => Some(Error::Group(Rc::new(ErrorGroup::loose(errors)))),
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
    pub fn leaves(&self) -> Vec<&Rc<Leaf>> {
        let mut leaves = Vec::new();
        let mut rest = vec![self];
        while let Some(error) = rest.pop() {
            match error {
                Error::Leaf(leaf) => leaves.push(leaf),
                Error::Group(group) => rest.extend(group.entries().iter().rev().map(|entry| &entry.error)),
            }
        }
        leaves
    }

    /// The error without the leaves of which `known` says true; none if nothing is left.
    pub(crate) fn without(&self, known: &dyn Fn(ErrorId) -> bool) -> Option<Error> {
        self.filter(&mut |leaf| !known(leaf.id))
    }

    /// The part of the tree whose leaves `keep` says true of, with its shape kept.
    pub fn filter(&self, keep: &mut dyn FnMut(&Leaf) -> bool) -> Option<Error> {
        match self {
            Error::Leaf(leaf) => keep(leaf).then(|| self.clone()),
            Error::Group(group) => group.filter(keep).map(|part| Error::Group(Rc::new(part))),
        }
    }
}

impl Leaf {
    /// The number it was raised with.
    pub fn id(&self) -> ErrorId {
        self.id
    }

    /// Its kind: the name of its type, or what it was raised as.
    pub fn kind(&self) -> &Name {
        &self.kind
    }

    /// The task in which it came up.
    pub fn task(&self) -> TaskId {
        self.task
    }

    /// The path of that task.
    pub fn path(&self) -> String {
        self.node.as_ref().map(|node| node.path()).unwrap_or_default()
    }

    /// When it came up.
    pub fn at(&self) -> Time {
        self.at
    }

    /// The error itself.
    pub fn error(&self) -> &(dyn StdError + 'static) {
        &*self.error
    }

    /// The error itself as the type it was made from.
    pub fn downcast_ref<E: StdError + 'static>(&self) -> Option<&E> {
        self.error.downcast_ref()
    }
}

impl<E: StdError + 'static> From<E> for Error {
    fn from(error: E) -> Error {
        let boxed: Box<dyn StdError> = Box::new(error);
        // A group keeps its shape, and what was awaited keeps its identity.
        let boxed = match boxed.downcast::<ErrorGroup>() {
            Ok(group) => return Error::Group(Rc::new(*group)),
            Err(other) => other,
        };
        let boxed = match boxed.downcast::<TaskError>() {
            Ok(task_error) => match *task_error {
                TaskError::Failed(error) => return error,
                cancelled => Box::new(cancelled) as Box<dyn StdError>,
            },
            Err(other) => other,
        };
        let name = type_name::<E>();
        let message = boxed.to_string().into();
        Error::raise(boxed, name.rsplit("::").next().unwrap_or(name).into(), message)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Leaf(leaf) => write!(f, "{}", leaf.error),
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

impl fmt::Debug for Leaf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} in {} at {} s", self.error, self.path(), self.at)
    }
}

/// Why a task gave no value to whoever awaited it.
#[derive(Clone, Debug)]
pub enum TaskError {
    /// It failed.
    Failed(Error),
    /// It was cancelled.
    Cancelled {
        /// The path of the task.
        path: Name,
        /// Why.
        reason: Reason,
    },
    /// Its value was taken before.
    Taken,
}

impl fmt::Display for TaskError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            TaskError::Failed(error) => write!(f, "{error}"),
            TaskError::Cancelled { path, .. } => write!(f, "task {path} was cancelled"),
            TaskError::Taken => write!(f, "the task's value was taken before"),
        }
    }
}

impl StdError for TaskError {}

#[derive(Debug)]
struct Message(String);

impl fmt::Display for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl StdError for Message {}
