//! One error and where it came from.

use std::any::type_name;
use std::error::Error as StdError;
use std::fmt;
use std::rc::Rc;

use crate::event::Event;
use crate::ids::{ErrorId, TaskId};
use crate::time::Time;

use super::show;
use crate::runtime::executor::core::current;
use crate::runtime::scope::task_path::TaskPath;

/// One error with the task and the instant in which it came up. Cloning gives another handle to the same error.
///
/// What it shows of itself is put together when it is read: collecting an error costs one allocation.
#[derive(Clone)]
pub struct Leaf(Rc<Inner<dyn Kept>>);

struct Inner<K: ?Sized> {
    id: ErrorId,
    task: TaskId,
    at: Time,
    /// None: raised outside a run.
    path: Option<TaskPath>,
    kept: K,
}

/// An error type that says itself what traces show of it: a kind, and a message beside it.
///
/// Any other error is shown by the name of its type and all that it displays.
pub trait Kinded: StdError {
    /// What kind of error, `ValueError` for instance.
    fn kind(&self) -> &str;

    /// What to say beside the kind; may be empty.
    fn message(&self) -> String;
}

/// The error of a leaf as the leaf needs it.
trait Kept {
    /// An error that others were wrapped around, which is looked for inside.
    #[cfg(feature = "anyhow")]
    fn anyhow(&self) -> Option<&anyhow::Error> {
        None
    }

    fn error(&self) -> &(dyn StdError + 'static);
    fn kind(&self) -> &str;
    fn message(&self) -> String;
}

/// An error that is known by its type.
struct ByType<E>(E);

impl<E: StdError + 'static> Kept for ByType<E> {
    fn error(&self) -> &(dyn StdError + 'static) {
        &self.0
    }

    fn kind(&self) -> &str {
        let path = type_name::<E>();
        let path = path.split('<').next().unwrap_or(path);
        path.rsplit("::").next().unwrap_or(path)
    }

    fn message(&self) -> String {
        self.0.to_string()
    }
}

/// An error that says itself what it shows.
struct ByKind<E>(E);

impl<E: Kinded + 'static> Kept for ByKind<E> {
    fn error(&self) -> &(dyn StdError + 'static) {
        &self.0
    }

    fn kind(&self) -> &str {
        self.0.kind()
    }

    fn message(&self) -> String {
        self.0.message()
    }
}

/// An error whose type is not known.
struct Boxed(Box<dyn StdError>);

impl Kept for Boxed {
    fn error(&self) -> &(dyn StdError + 'static) {
        &*self.0
    }

    fn kind(&self) -> &str {
        "Error"
    }

    fn message(&self) -> String {
        self.0.to_string()
    }
}

/// An error with the contexts that were added to it, and perhaps a backtrace.
#[cfg(feature = "anyhow")]
struct Contexts(anyhow::Error);

#[cfg(feature = "anyhow")]
impl Kept for Contexts {
    fn anyhow(&self) -> Option<&anyhow::Error> {
        Some(&self.0)
    }

    fn error(&self) -> &(dyn StdError + 'static) {
        self.0.as_ref()
    }

    fn kind(&self) -> &str {
        "Error"
    }

    fn message(&self) -> String {
        self.0.to_string()
    }
}

impl Leaf {
    /// Raises `error` in the current task.
    pub(crate) fn raise(error: impl StdError + 'static) -> Leaf {
        Leaf::keep(ByType(error))
    }

    /// As [`Leaf::raise`], shown as it says itself.
    pub(crate) fn raise_kinded(error: impl Kinded + 'static) -> Leaf {
        Leaf::keep(ByKind(error))
    }

    /// As [`Leaf::raise`] for an error whose type is not known.
    pub(crate) fn raise_boxed(error: Box<dyn StdError>) -> Leaf {
        Leaf::keep(Boxed(error))
    }

    /// As [`Leaf::raise`] for an error with contexts.
    #[cfg(feature = "anyhow")]
    pub(crate) fn raise_anyhow(error: anyhow::Error) -> Leaf {
        Leaf::keep(Contexts(error))
    }

    fn keep(kept: impl Kept + 'static) -> Leaf {
        let Some(core) = current() else {
            let (id, task, at) = (ErrorId(u32::MAX), TaskId::ROOT, Time::ZERO);
            return Leaf(Rc::new(Inner { id, task, at, path: None, kept }));
        };
        let (id, task, at) = (core.new_error_id(), core.task(), core.now());
        let path = core.path(task);
        let leaf = Leaf(Rc::new(Inner { id, task: task.id, at, path, kept }));
        core.emit(|| Event::ErrorRaised {
            error: id,
            task: task.id,
            kind: leaf.kind().into(),
            message: leaf.message().into(),
            span: core.span(),
        });
        leaf
    }

    /// The number it was raised with.
    pub fn id(&self) -> ErrorId {
        self.0.id
    }

    /// Its kind: the name of its type, or what it says itself ([`Kinded`]).
    pub fn kind(&self) -> &str {
        self.0.kept.kind()
    }

    /// What it says beside its kind.
    pub fn message(&self) -> String {
        self.0.kept.message()
    }

    /// Kind and message as one text; the kind alone where the message is empty.
    pub fn title(&self) -> String {
        match (self.kind(), self.message()) {
            (kind, message) if message.is_empty() => kind.to_string(),
            (kind, message) => format!("{kind}: {message}"),
        }
    }

    /// The task in which it came up.
    pub fn task(&self) -> TaskId {
        self.0.task
    }

    /// The path of that task; empty for an error that came up outside a run.
    pub fn path(&self) -> String {
        self.0.path.as_ref().map(TaskPath::path).unwrap_or_default()
    }

    /// When it came up.
    pub fn at(&self) -> Time {
        self.0.at
    }

    /// The error itself.
    pub fn error(&self) -> &(dyn StdError + 'static) {
        self.0.kept.error()
    }

    /// The error itself as the type it was made from.
    pub fn downcast_ref<E: StdError + 'static>(&self) -> Option<&E> {
        #[cfg(feature = "anyhow")]
        if let Some(error) = self.0.kept.anyhow() {
            return error.chain().find_map(|error| error.downcast_ref());
        }
        self.error().downcast_ref()
    }

    /// Whether it has a number of its own in some run.
    pub(crate) fn was_raised_in_a_run(&self) -> bool {
        self.0.path.is_some()
    }

    /// Tells this error from every other that is kept anywhere. A number is not enough: errors of other runs and
    /// those that were made outside any may have the same.
    pub(crate) fn key(&self) -> LeafKey {
        LeafKey(Rc::as_ptr(&self.0).cast())
    }
}

/// Which error: its place in memory, so that it means something only while the error is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct LeafKey(*const ());

impl fmt::Display for Leaf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self.error(), f)
    }
}

impl StdError for Leaf {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.error().source()
    }
}

impl fmt::Debug for Leaf {
    /// Kind, message, path and instant, with a line for each error that it came from.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        show::leaf(self, f)
    }
}
