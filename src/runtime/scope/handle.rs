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
use std::task::{Context, Poll};

use crate::event::{End, Event, Name, Reason, Role, ScopeKind, Target};
use crate::ids::TaskId;
use crate::span::Span;

use super::block::Block;
use super::failures::Failures;
use super::future::ScopeFuture;
use super::task::{Task, TaskBody, TaskState};
use super::task_path::TaskPath;
use crate::runtime::errors::error::{Error, Result};
use crate::runtime::errors::group::{ErrorGroup, GroupEntry};
use crate::runtime::errors::raised::Raised;
use crate::runtime::executor::core::{Core, Turn};
use crate::runtime::executor::tasks::{Body, Children, NewTask, Place, TaskRef};
use crate::runtime::executor::wake::Wakeup;

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

/// What a scope knows, whatever its children borrow.
pub(crate) struct ScopeCore {
    pub(crate) core: Rc<Core>,
    pub(crate) block: Rc<Block>,
    pub(crate) children: Cell<Children>,
    pub(crate) state: Cell<ScopeState>,
    /// In the run queue already.
    pub(crate) act_queued: Cell<bool>,
    pub(crate) failures: RefCell<Failures>,
    /// The child that decided a race.
    pub(crate) winner: Cell<Option<TaskId>>,
    first_ok: bool,
    /// Children that borrow and were cancelled: to be dropped by the scope's future.
    pub(crate) doomed: RefCell<Vec<(u32, TaskRef)>>,
    /// Its future is about to drop them: no turn needs to be asked for.
    pub(crate) burying: Cell<bool>,
    /// Turns that ended before they came to this scope; it asks for them again.
    pub(crate) missed: RefCell<Vec<Turn>>,
    /// Whose doing it is that the scope is cancelled, if it is some task's.
    asked_by: Cell<Option<TaskId>>,
    free_indices: RefCell<Vec<u32>>,
    next_index: Cell<u32>,
    /// How the scope's future was last polled: a combinator in between must hear that it has to poll again.
    pub(crate) polled_by: RefCell<Option<Wakeup>>,
    /// Waits for the last child of a scope whose future is gone.
    pub(crate) orphaned: Cell<bool>,
    pub(crate) orphan_waiter: RefCell<Option<Wakeup>>,
}

/// The life of a scope. `Open` → `Stopping` (a failure, a cancel, a won race) → `Closed`; or `Open` → `Closed`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ScopeState {
    /// Children may be spawned.
    Open,
    /// It was decided to cancel body and children; the scope's own turn will do it.
    Deciding(Reason),
    /// Body and children were cancelled; new children end without a poll.
    Stopping(Reason),
    /// Nothing of it is left.
    Closed,
}

impl ScopeCore {
    /// Decides to cancel everything inside, at the scope's next turn. The first reason is kept.
    pub(crate) fn decide(self: &Rc<Self>, reason: Reason) {
        if self.state.get() == ScopeState::Open {
            let _visit = self.core.visit();
            self.begin_stop(reason);
            self.core.push_act(self);
        }
    }

    fn begin_stop(&self, reason: Reason) {
        self.state.set(ScopeState::Deciding(reason));
        self.asked_by.set(match reason {
            Reason::SiblingFailed(_, task) | Reason::LostRace(_, task) => Some(task),
            _ => self.core.whose_turn(),
        });
    }

    /// Puts the turns that went past this scope into the run queue again.
    pub(crate) fn ask_for_missed(&self) {
        for turn in self.missed.take() {
            match turn {
                Turn::Poll(task) => self.core.wake(task),
                Turn::Act(scope) => self.core.push_act(&scope),
            }
        }
    }

    /// Cancels all children now, in the order in which they were spawned.
    pub(crate) fn cancel_children(&self, reason: Reason) {
        let children = self.core.tasks.borrow().children(self);
        for child in children {
            self.core.cancel(child, reason);
        }
    }

    /// Says that everything inside is cancelled, once.
    pub(crate) fn announce_cancel(&self, reason: Reason) {
        let (target, by) = (Target::Scope(self.block.id), self.asked_by.get());
        self.core.emit(|| Event::Cancel { target, reason, by });
    }

    /// A child has ended, cleanups and all.
    pub(crate) fn child_ended(self: &Rc<Self>, task: TaskId, end: End, errors: Raised, cancelled: bool) {
        let role = if cancelled { Role::DuringCancellation } else { Role::Cause };
        let id = self.block.id;
        let decided = self.winner.get().is_some();
        // Whoever lost a race before it was cancelled has lost its error too.
        if !(decided && role == Role::Cause) {
            errors.into_iter().for_each(|error| self.add_failure(role, error));
        }
        match (self.block.kind, end) {
            (ScopeKind::Race, End::Ok) if !decided => {
                self.winner.set(Some(task));
                self.failures.borrow_mut().forget_causes();
                self.decide(Reason::LostRace(id, task));
            }
            (ScopeKind::Race, End::Failed) if !decided && !self.first_ok => {
                self.winner.set(Some(task));
                self.decide(Reason::LostRace(id, task));
            }
            (ScopeKind::Scope, End::Failed) => self.decide(Reason::SiblingFailed(id, task)),
            _ => {}
        }
        if self.children.get().count == 0 {
            if self.orphaned.get() {
                let waiter = self.orphan_waiter.take();
                waiter.into_iter().for_each(|waiter| waiter.wake(&self.core));
            } else {
                self.core.push_act(self);
            }
        }
    }

    /// Keeps `error`, each leaf once.
    pub(crate) fn add_failure(&self, role: Role, error: Error) {
        self.failures.borrow_mut().add(role, error);
    }

    /// Keeps `error` no longer: it was given to somebody, who may raise it on.
    pub(crate) fn give_up(&self, error: &Error) {
        self.failures.borrow_mut().give_up(error);
    }

    /// Whether failures are only collected.
    pub(crate) fn collects(&self) -> bool {
        self.block.kind == ScopeKind::Collect
    }

    /// What a child that failed and whose cleanup failed too gives to whoever awaits it.
    pub(crate) fn group_of(&self, errors: &[Error]) -> Error {
        let entry = |(index, error): (usize, &Error)| GroupEntry {
            role: if index == 0 { Role::Cause } else { Role::DuringCancellation },
            error: error.clone(),
        };
        let entries = errors.iter().enumerate().map(entry).collect();
        Error::Group(ErrorGroup::new(self.block.id, self.block.node.clone(), entries))
    }

    /// The group of all errors so far, if there are any.
    pub(crate) fn take_group(&self) -> Option<ErrorGroup> {
        let entries = self.failures.take().into_entries();
        let node = &self.block.node;
        (!entries.is_empty()).then(|| ErrorGroup::new(self.block.id, node.clone(), entries))
    }

    /// What a cancelled scope without errors ends with.
    pub(crate) fn empty_group(&self, reason: Option<Reason>) -> ErrorGroup {
        ErrorGroup::cancelled_scope(self.block.id, self.block.node.clone(), reason)
    }

    /// Ready when no child is left, for a scope whose future is gone.
    pub(crate) fn poll_orphaned(self: &Rc<Self>, cx: &mut Context<'_>) -> Poll<()> {
        if self.children.get().count == 0 {
            return Poll::Ready(());
        }
        self.orphan_waiter.replace(Some(Wakeup::new(&self.core, cx)));
        Poll::Pending
    }

    /// Drops a cancelled child that borrows.
    pub(crate) fn bury(&self, index: u32, task: TaskRef, body: Body<'_>) {
        self.core.drop_in_task(task, body);
        self.free_index(index);
        self.core.body_cancelled(task);
    }

    /// The end of a scope whose future is gone; its errors go where its cleanups went.
    pub(crate) fn close_orphan(&self) -> Result<()> {
        match self.take_group() {
            Some(group) => {
                self.close(End::Failed);
                Err(Error::Group(group))
            }
            None => {
                self.close(End::Cancelled);
                Ok(())
            }
        }
    }

    /// The run itself is gone: nothing is said.
    pub(crate) fn close_silently(&self) {
        self.state.set(ScopeState::Closed);
    }

    pub(crate) fn close(&self, result: End) {
        self.state.set(ScopeState::Closed);
        self.core.emit(|| Event::ScopeClose { scope: self.block.id, result });
    }

    fn new_index(&self) -> u32 {
        if let Some(index) = self.free_indices.borrow_mut().pop() {
            return index;
        }
        self.next_index.replace(self.next_index.get() + 1)
    }

    pub(crate) fn free_index(&self, index: u32) {
        self.free_indices.borrow_mut().push(index);
    }
}

/// Children that borrow, on their way into the scope's future.
pub(crate) type Nursling<'env> = (u32, TaskRef, Body<'env>);

/// The handle of a scope: spawns children into it, from anywhere inside.
///
/// Cloning gives another handle to the same scope; children may hold one.
pub struct Scope<'env> {
    pub(crate) inner: Rc<ScopeCore>,
    pub(crate) arrivals: Rc<RefCell<Vec<Nursling<'env>>>>,
}

impl Clone for Scope<'_> {
    fn clone(&self) -> Self {
        Scope { inner: self.inner.clone(), arrivals: self.arrivals.clone() }
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
            free_indices: RefCell::default(),
            next_index: Cell::new(0),
            polled_by: RefCell::default(),
            orphaned: Cell::new(false),
            orphan_waiter: RefCell::default(),
        };
        Scope { inner: Rc::new(inner), arrivals: Rc::default() }
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
            self.inner.begin_stop(reason);
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
        let index = self.scope.inner.new_index();
        let value = Rc::default();
        let body: Body<'env> = Box::pin(TaskBody::new(future, Rc::clone(&value)));
        let scope = self.scope;
        let (task, state) = self.insert(Place::Borrowed(index), None);
        if scope.inner.orphaned.get() {
            // The future that it would have lived in is gone, and it is cancelled already.
            scope.inner.core.drop_in_task(task, body);
            scope.inner.core.body_cancelled(task);
        } else {
            scope.arrivals.borrow_mut().push((index, task, body));
        }
        Task::new(scope.inner.core.clone(), task, state, value)
    }

    /// See [`Scope::spawn_owned`].
    pub fn spawn_owned<T: 'static>(self, future: impl Future<Output = Result<T>> + 'static) -> Task<T> {
        let value = Rc::default();
        let body: Body<'static> = Box::pin(TaskBody::new(future, Rc::clone(&value)));
        let core = self.scope.inner.core.clone();
        let (task, state) = self.insert(Place::Owned, Some(body));
        Task::new(core, task, state, value)
    }

    fn insert(self, place: Place, body: Option<Body<'static>>) -> (TaskRef, Rc<TaskState>) {
        let NewChild { scope, name, span, quiet } = self;
        assert!(!scope.is_closed(), "spawn into a scope that has ended: the handle escaped from its scope");
        let inner = &scope.inner;
        let core = &inner.core;
        let below = &inner.block.node;
        let path = match name {
            Some(name) => TaskPath::named(below.clone(), below.unique(&name)),
            None => TaskPath::unnamed(below.clone(), below.next_unnamed()),
        };
        let state = TaskState::new(path);
        state.quiet.set(quiet);
        let new = NewTask { place, body, scope: Some(inner.clone()), state: state.clone() };
        let task = core.tasks.borrow_mut().insert(new, core.inbox());
        core.emit(|| Event::TaskSpawn {
            task: task.id,
            by: core.whose_turn(),
            scope: Some(inner.block.id),
            name: state.path.label(),
            span: span.or_else(|| core.span()),
        });
        match inner.state.get() {
            ScopeState::Stopping(reason) => drop(core.cancel(task, reason)),
            _ => core.wake(task),
        }
        (task, state)
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
