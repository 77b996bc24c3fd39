//! Scopes: what waits for its children.
//!
//! The future of a scope holds its body and those children that borrow; other
//! children live in the executor's table. Either way a child cannot outlive
//! the scope: the future is ready only when no child and no cleanup is left,
//! and a scope that is dropped cancels its children and leaves the waiting for
//! them as a cleanup to the block around it.

use std::cell::{Cell, RefCell};
use std::fmt;
use std::future::Future;
use std::rc::Rc;

use crate::event::{Event, Name, Reason, ScopeKind};
use crate::ids::TaskId;
use crate::runtime::errors::error::Result;
use crate::runtime::errors::group::ErrorGroup;
use crate::runtime::executor::core::Core;
use crate::runtime::executor::entry::{Body, NewTask, Place, TaskRef};
use crate::runtime::executor::tasks::Children;
use crate::span::Span;

use super::future::ScopeFuture;
use super::nursery::Nursery;
use super::state::{ScopeCore, ScopeState};
use super::task::{Task, TaskBody};
use super::task_path::TaskPath;

/// Runs `body` with a handle to spawn children with, and waits for all of them.
///
/// Children may borrow anything that outlives the call, `'static` and `Send`
/// are not asked for. A scope without children lets the others have a turn before it ends. The first error, of the body or of a child, cancels the
/// body and all other children at one instant; all errors leave together.
///
/// # Errors
/// Every error that came up, as a group.
///
/// # Cancellation
/// When it is dropped before it is ready, body and children are cancelled at
/// once; the block around it waits for their cleanups before it reports.
///
/// # Panics
/// Outside a run.
///
/// ```
/// use std::cell::RefCell;
/// use std::time::Duration;
/// use taskscope::runtime::{block_on_virtual, scope, sleep};
///
/// let arrived = block_on_virtual(async {
///     let arrived = RefCell::new(Vec::new()); // on this stack, no `Rc`
///     scope(async |s| {
///         for (name, ms) in [("slow", 30), ("fast", 10)] {
///             let arrived = &arrived;
///             s.spawn(async move {
///                 sleep(Duration::from_millis(ms)).await;
///                 arrived.borrow_mut().push(name);
///                 Ok(())
///             });
///         }
///         Ok(())
///     })
///     .await?;
///     Ok(arrived.into_inner())
/// });
/// assert_eq!(arrived.unwrap(), ["fast", "slow"]);
/// ```
pub async fn scope<'env, T>(
    body: impl AsyncFnOnce(Scope<'env>) -> Result<T>,
) -> std::result::Result<T, ErrorGroup> {
    ScopeOptions::default().run(body).await
}

/// As [`scope`], but a failure cancels nobody: when body and children have
/// ended, all errors leave together. An error that an awaiting task was given
/// belongs to that task and does not leave again.
///
/// # Errors
/// Every error that nobody awaited, as a group.
pub async fn collect<'env, T>(
    body: impl AsyncFnOnce(Scope<'env>) -> Result<T>,
) -> std::result::Result<T, ErrorGroup> {
    ScopeOptions { kind: ScopeKind::Collect, ..Default::default() }.run(body).await
}

/// How a scope behaves and what it is called.
#[derive(Clone, Debug)]
pub struct ScopeOptions {
    /// [`ScopeKind::Scope`], [`ScopeKind::Collect`] or [`ScopeKind::Race`]: in
    /// a race the first child to end cancels the others, and [`Scope::winner`] says which it was.
    pub kind: ScopeKind,
    /// In a race: the first to succeed, not the first to end.
    pub first_ok: bool,
    /// Its name in paths. Empty: it does not stand in paths.
    pub name: Name,
}

impl Default for ScopeOptions {
    fn default() -> ScopeOptions {
        ScopeOptions { kind: ScopeKind::Scope, first_ok: false, name: "scope".into() }
    }
}

impl ScopeOptions {
    /// The options of [`scope`] with a name.
    pub fn named(name: impl Into<Name>) -> ScopeOptions {
        ScopeOptions { name: name.into(), ..Default::default() }
    }

    /// Opens the scope; see [`scope`].
    ///
    /// # Errors
    /// As [`scope`] and [`collect`].
    pub async fn run<'env, T>(
        self,
        body: impl AsyncFnOnce(Scope<'env>) -> Result<T>,
    ) -> std::result::Result<T, ErrorGroup> {
        let core = Core::expect_current("scope");
        let scope = Scope::open(&core, &self);
        let body = body(scope.clone());
        ScopeFuture::new(scope, body).await
    }
}

/// The handle of a scope: spawns children into it, from anywhere inside.
///
/// Cloning gives another handle to the same scope; children may hold one.
pub struct Scope<'env> {
    pub(crate) inner: Rc<ScopeCore>,
    /// Children that borrow. The scope's future owns and empties it; a child may hold a handle and so be in a ring.
    pub(crate) nursery: Rc<RefCell<Nursery<'env>>>,
}

impl Clone for Scope<'_> {
    fn clone(&self) -> Self {
        Scope { inner: self.inner.clone(), nursery: self.nursery.clone() }
    }
}

impl<'env> Scope<'env> {
    pub(crate) fn open(core: &Rc<Core>, options: &ScopeOptions) -> Scope<'env> {
        let block = core.open_block(options.kind, &options.name);
        let inner = ScopeCore {
            core: core.clone(),
            block,
            children: Cell::new(Children::none()),
            state: Cell::new(ScopeState::Open),
            act_queued: Cell::new(false),
            failures: RefCell::default(),
            winner: Cell::new(None),
            first_ok: options.first_ok,
            doomed: RefCell::default(),
            burying: Cell::new(false),
            missed: RefCell::default(),
            asked_by: Cell::new(None),
            cause: RefCell::default(),
            polled_by: RefCell::default(),
            orphaned: Cell::new(false),
            orphan_waiter: RefCell::default(),
        };
        Scope { inner: Rc::new(inner), nursery: Rc::default() }
    }

    /// Spawns a child that may borrow. It has its first turn after everything
    /// that is ready now. The child's future lives in the scope's own future.
    ///
    /// In a scope that is being cancelled the child ends cancelled without a poll.
    ///
    /// # Panics
    /// If the scope has ended, which only a handle that escaped from it can see; [`Scope::try_spawn`] does not.
    pub fn spawn<T: 'env>(&self, future: impl Future<Output = Result<T>> + 'env) -> Task<T> {
        self.task(None).spawn(future)
    }

    /// As [`Scope::spawn`] with a name, which stands in paths, traces and errors.
    ///
    /// # Panics
    /// As [`Scope::spawn`].
    pub fn spawn_named<T: 'env>(
        &self,
        name: impl Into<Name>,
        future: impl Future<Output = Result<T>> + 'env,
    ) -> Task<T> {
        self.task(Some(name.into())).spawn(future)
    }

    /// As [`Scope::spawn`] for a child that owns all it uses. The executor
    /// keeps it and polls it directly, however deep the scope is nested; a
    /// child that borrows is reached through the futures around it.
    ///
    /// # Panics
    /// As [`Scope::spawn`].
    pub fn spawn_owned<T: 'static>(&self, future: impl Future<Output = Result<T>> + 'static) -> Task<T> {
        self.task(None).spawn_owned(future)
    }

    /// As [`Scope::spawn`], but gives the future back if the scope has ended.
    ///
    /// # Errors
    /// [`SpawnError`] with the future.
    pub fn try_spawn<T: 'env, F: Future<Output = Result<T>> + 'env>(
        &self,
        future: F,
    ) -> std::result::Result<Task<T>, SpawnError<F>> {
        if self.is_closed() { Err(SpawnError(future)) } else { Ok(self.spawn(future)) }
    }

    /// A child to be: give it a name or a place in a text, then spawn it.
    pub fn task(&self, name: Option<Name>) -> NewChild<'_, 'env> {
        NewChild { scope: self, name, span: None, quiet: false }
    }

    /// Cancels the scope's body and all children, right after the current turn.
    /// The scope then ends with an [`ErrorGroup`] that says so. Says false if it was cancelled or failed before.
    pub fn cancel(&self) -> bool {
        self.cancel_because(Reason::Explicit)
    }

    /// As [`Scope::cancel`] with another reason.
    pub fn cancel_because(&self, reason: Reason) -> bool {
        let open = self.inner.state.get() == ScopeState::Open;
        if open {
            let _visit = self.inner.core.visit();
            self.inner.begin_stop(self.inner.core.cause_by_turn(reason));
            self.inner.core.act_next(&self.inner);
        }
        open
    }

    /// In a race, the child that decided it.
    pub fn winner(&self) -> Option<TaskId> {
        self.inner.winner.get()
    }

    /// A name that nothing else below this scope has or will have: `name`, then `name#2`.
    pub fn reserve_name(&self, name: &Name) -> Name {
        self.inner.block.node.unique(name)
    }

    /// Whether the scope has ended.
    pub fn is_closed(&self) -> bool {
        self.inner.state.get() == ScopeState::Closed
    }
}

/// A child before it is spawned.
pub struct NewChild<'scope, 'env> {
    scope: &'scope Scope<'env>,
    name: Option<Name>,
    span: Option<Span>,
    quiet: bool,
}

impl<'env> NewChild<'_, 'env> {
    /// Where it stands in a source text.
    pub fn at(mut self, span: Span) -> Self {
        self.span = Some(span);
        self
    }

    /// Its error does not fail the scope: it belongs to whoever awaits the task.
    pub fn quiet(mut self) -> Self {
        self.quiet = true;
        self
    }

    /// See [`Scope::spawn`].
    pub fn spawn<T: 'env>(self, future: impl Future<Output = Result<T>> + 'env) -> Task<T> {
        let value = Rc::default();
        let body: Body<'env> = Box::pin(TaskBody::new(future, Rc::clone(&value)));
        let scope = self.scope;
        let index = scope.nursery.borrow().next_index();
        let task = self.insert(Place::Borrowed(index), None);
        if scope.inner.orphaned.get() {
            // The future that it would have lived in is gone, and it is cancelled already.
            scope.inner.core.drop_cancelled_body(task, body);
        } else {
            scope.nursery.borrow_mut().put(task, body);
        }
        Task::new(scope.inner.core.clone(), task, value)
    }

    /// See [`Scope::spawn_owned`].
    pub fn spawn_owned<T: 'static>(self, future: impl Future<Output = Result<T>> + 'static) -> Task<T> {
        let value = Rc::default();
        let body: Body<'static> = Box::pin(TaskBody::new(future, Rc::clone(&value)));
        let core = self.scope.inner.core.clone();
        let task = self.insert(Place::Owned, Some(body));
        Task::new(core, task, value)
    }

    fn insert(self, place: Place, body: Option<Body<'static>>) -> TaskRef {
        let NewChild { scope, name, span, quiet } = self;
        assert!(!scope.is_closed(), "spawn into a scope that has ended: the handle escaped from its scope");
        let inner = &scope.inner;
        let core = &inner.core;
        let below = &inner.block.node;
        let path = match name {
            Some(name) => TaskPath::named(below.clone(), below.unique(&name)),
            None => TaskPath::unnamed(below.clone(), below.next_unnamed()),
        };
        let stopping = match inner.state.get() {
            ScopeState::Stopping(reason) => Some(reason),
            _ => None,
        };
        let new =
            NewTask { place, body, scope: Some(inner.clone()), path, quiet, queued: stopping.is_none() };
        let task = core.tasks.borrow_mut().insert(new);
        core.emit(|| Event::TaskSpawn {
            task: task.id,
            by: core.whose_turn(),
            scope: Some(inner.block.id),
            name: core.path(task).unwrap_or_default().label(),
            span: span.or_else(|| core.span()),
        });
        match stopping {
            Some(reason) => drop(core.strike(task, inner.cause(reason))),
            None => core.push_ready(task),
        }
        task
    }
}

/// The scope has ended; here is the future that could not be spawned.
pub struct SpawnError<F>(pub F);

impl<F> fmt::Debug for SpawnError<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SpawnError(_)")
    }
}

impl<F> fmt::Display for SpawnError<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the scope has ended")
    }
}

impl<F> std::error::Error for SpawnError<F> {}
