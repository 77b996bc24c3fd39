//! The start handshake: spawn a task and wait until it says that it is ready.

use std::cell::Cell;
use std::fmt;
use std::rc::Rc;
use std::task::{Context, Poll};

use crate::event::{Name, Wait};

use crate::runtime::errors::error::{Error, Result};
use crate::runtime::executor::core::Core;
use crate::runtime::executor::entry::TaskRef;
use crate::runtime::executor::wake::Wakeup;
use crate::runtime::explain::wait::Waiting;
use crate::runtime::scope::handle::{NewChild, Scope};
use crate::runtime::scope::task::Task;

impl<'env> Scope<'env> {
    /// Spawns a child and waits until it says that it is ready, by
    /// [`Started::ready`]; gives what it said, and its handle. The child runs on
    /// in the scope: a server, for instance, that first has to bind its port.
    ///
    /// Until it is ready the child belongs to the caller, from then on to the
    /// scope: an error before that is raised here and fails nothing else, an
    /// error after it fails the scope.
    ///
    /// # Errors
    /// What the child failed with before it was ready; [`NeverReady`] if it
    /// ended without a word; [`TaskError::Cancelled`](crate::runtime::TaskError) if it was cancelled.
    ///
    /// # Cancellation
    /// Dropping it before the child is ready cancels the child; its scope waits
    /// for its cleanups and is told their errors. Once the child has said that
    /// it is ready it stays, even if the caller was cancelled at that instant
    /// and never had the value.
    ///
    /// # Panics
    /// As [`Scope::spawn`].
    ///
    /// ```
    /// use std::time::Duration;
    /// use taskscope::runtime::{block_on_virtual, now, scope, sleep};
    ///
    /// block_on_virtual(async {
    ///     scope(async |s| {
    ///         let (port, server) = s
    ///             .start(async |started| {
    ///                 sleep(Duration::from_millis(30)).await; // bind
    ///                 started.ready(8080);
    ///                 sleep(Duration::from_secs(60)).await; // serve
    ///                 Ok(())
    ///             })
    ///             .await?;
    ///         assert_eq!((port, now().as_us()), (8080, 30_000));
    ///         server.cancel();
    ///         Ok(())
    ///     })
    ///     .await?;
    ///     Ok(())
    /// })
    /// .unwrap();
    /// ```
    pub async fn start<V: 'env, T: 'env>(
        &self,
        body: impl AsyncFnOnce(Started<V>) -> Result<T> + 'env,
    ) -> Result<(V, Task<T>)> {
        self.task(None).start(body).await
    }

    /// As [`Scope::start`] with a name for the child.
    ///
    /// # Errors
    /// As [`Scope::start`].
    pub async fn start_named<V: 'env, T: 'env>(
        &self,
        name: impl Into<Name>,
        body: impl AsyncFnOnce(Started<V>) -> Result<T> + 'env,
    ) -> Result<(V, Task<T>)> {
        self.task(Some(name.into())).start(body).await
    }
}

impl<'env> NewChild<'_, 'env> {
    /// See [`Scope::start`].
    ///
    /// # Errors
    /// As [`Scope::start`].
    pub async fn start<V: 'env, T: 'env>(
        self,
        body: impl AsyncFnOnce(Started<V>) -> Result<T> + 'env,
    ) -> Result<(V, Task<T>)> {
        let core = Core::expect_current("start");
        let handshake = Rc::new(Handshake::default());
        let started = Started { handshake: handshake.clone() };
        let task = self.quiet().spawn(async move { body(started).await });
        // Its first turn comes later: it cannot be ready before this is known.
        handshake.child.set(Some((core.clone(), task.task_ref())));
        let mut starting = Starting { core, handshake, task, waiting: None };
        let value = std::future::poll_fn(|cx| starting.poll(cx)).await?;
        Ok((value, starting.task.clone()))
    }
}

/// With this a child says that it is ready. A child that drops it without a
/// word lets its starter wait until it ends.
#[must_use = "whoever started the task waits until it is ready"]
pub struct Started<V> {
    handshake: Rc<Handshake<V>>,
}

impl<V> Started<V> {
    /// The child is ready, and gives `value` to whoever started it. From now on
    /// its errors belong to its scope.
    pub fn ready(self, value: V) {
        let handshake = &self.handshake;
        handshake.ready.set(true);
        handshake.value.set(Some(value));
        if let Some((core, child)) = handshake.child.take() {
            let _visit = core.visit();
            let starter = handshake.starter.take();
            belongs_to_its_scope(&core, child);
            starter.into_iter().for_each(|starter| starter.wake(&core));
        }
    }
}

/// What a child and its starter share.
struct Handshake<V> {
    ready: Cell<bool>,
    value: Cell<Option<V>>,
    child: Cell<Option<(Rc<Core>, TaskRef)>>,
    starter: Cell<Option<Wakeup>>,
}

impl<V> Default for Handshake<V> {
    fn default() -> Self {
        Handshake {
            ready: Cell::new(false),
            value: Cell::new(None),
            child: Cell::new(None),
            starter: Cell::new(None),
        }
    }
}

/// From now on the error of `child` fails its scope.
fn belongs_to_its_scope(core: &Core, child: TaskRef) {
    if let Some(entry) = core.tasks.borrow_mut().get_mut(child) {
        entry.quiet = false;
    }
}

/// A starter while it waits.
struct Starting<V, T> {
    core: Rc<Core>,
    handshake: Rc<Handshake<V>>,
    task: Task<T>,
    waiting: Option<Waiting>,
}

impl<V, T> Starting<V, T> {
    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Result<V>> {
        if let Some(value) = self.handshake.value.take() {
            self.waiting = None;
            return Poll::Ready(Ok(value));
        }
        if self.task.poll_settled(cx).is_ready() {
            self.waiting = None;
            let error = match self.task.try_take() {
                Some(Err(error)) => error.into(),
                _ => Error::from(NeverReady { task: self.task.path().into() }),
            };
            return Poll::Ready(Err(error));
        }
        self.handshake.starter.set(Some(Wakeup::new(&self.core, cx)));
        let on = Wait::Task(self.task.id());
        self.waiting.get_or_insert_with(|| Waiting::start(&self.core, on));
        Poll::Pending
    }
}

impl<V, T> Drop for Starting<V, T> {
    fn drop(&mut self) {
        self.waiting = None;
        self.handshake.starter.take();
        if !self.handshake.ready.get() && !self.task.is_finished() {
            // Nobody else hears of what goes wrong while it cleans up.
            belongs_to_its_scope(&self.core, self.task.task_ref());
            self.task.cancel();
        }
    }
}

/// A task that was started came to its end without being ready.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NeverReady {
    /// The path of the task.
    pub task: Name,
}

impl fmt::Display for NeverReady {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "task {} ended without being ready", self.task)
    }
}

impl std::error::Error for NeverReady {}
