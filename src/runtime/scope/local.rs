//! Values that belong to a stretch of a task and to everything inside: a request's number, a user, a language.
//!
//! Who has which value is decided by nesting alone, so that a value never
//! outlives its block: a child sees what was set around the scope that waits
//! for it, as in Kotlin's coroutines and Java's scoped values. (Trio copies
//! what the spawning task sees at that moment.) To give a child another value,
//! wrap the child.
//!
//! Bindings form a list, the innermost first. The one in force is kept while a
//! body is polled or dropped; a scope remembers the one that it was opened
//! under, for children that the executor polls by themselves.

use std::any::Any;
use std::cell::Cell;
use std::future::Future;
use std::marker::PhantomData;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::task::{Context, Poll};

use crate::runtime::cancel::cleanup::Cleanup;
use crate::runtime::executor::core::{Core, current};
use crate::runtime::executor::entry::{Place, TaskRef};

/// A value of each stretch of a task that sets it, seen by everything inside:
/// calls, children of scopes, cleanups. To be declared as a `static`.
///
/// A child sees what is set around its scope, whoever spawns it. A
/// [detached](crate::runtime::detach) task belongs to no scope and sees nothing.
/// Work that is sent elsewhere ([`offload`](crate::runtime::offload)) does not see it either.
///
/// ```
/// use std::time::Duration;
/// use taskscope::runtime::{Local, block_on_virtual, scope, sleep};
///
/// static REQUEST: Local<u32> = Local::new();
///
/// async fn log(what: &str) -> String {
///     sleep(Duration::from_millis(1)).await;
///     format!("{:?} {what}", REQUEST.get())
/// }
///
/// let lines = block_on_virtual(async {
///     let lines = scope(async |s| {
///         // Each child has a value of its own: the child is wrapped.
///         let first = s.spawn(REQUEST.scope(1, async { Ok(log("begins").await) }));
///         let second = s.spawn(REQUEST.scope(2, async { Ok(log("begins").await) }));
///         Ok([first.await?, second.await?, log("outside").await])
///     })
///     .await?;
///     Ok(lines)
/// });
/// assert_eq!(lines.unwrap(), ["Some(1) begins", "Some(2) begins", "None outside"]);
/// ```
pub struct Local<T> {
    /// Given when it is first needed, because a constant cannot count.
    key: AtomicU32,
    value: PhantomData<fn() -> T>,
}

impl<T> Default for Local<T> {
    fn default() -> Self {
        Local::new()
    }
}

/// The key of a [`Local`] that was not used yet.
const NO_KEY: u32 = 0;
static NEXT_KEY: AtomicU32 = AtomicU32::new(NO_KEY + 1);

impl<T> Local<T> {
    /// A local without a value anywhere.
    pub const fn new() -> Local<T> {
        Local { key: AtomicU32::new(NO_KEY), value: PhantomData }
    }

    fn key(&self) -> u32 {
        match self.key.load(Ordering::Relaxed) {
            NO_KEY => {
                let new = NEXT_KEY.fetch_add(1, Ordering::Relaxed);
                let set = self.key.compare_exchange(NO_KEY, new, Ordering::Relaxed, Ordering::Relaxed);
                set.map_or_else(|known| known, |_| new)
            }
            known => known,
        }
    }
}

impl<T: 'static> Local<T> {
    /// Runs `body` with `value`, over whatever was set around it.
    ///
    /// # Cancellation
    /// Dropping it drops the body, whose guards still see the value, and so do the cleanups they leave.
    ///
    /// # Panics
    /// Outside a run, when polled.
    pub fn scope<F: Future>(&self, value: T, body: F) -> LocalScope<F> {
        let value: Rc<dyn Any> = Rc::new(value);
        LocalScope { key: self.key(), value, binding: None, body: Some(Box::pin(body)) }
    }

    /// Looks at the value here, if there is one; outside a run there is none.
    pub fn with<R>(&self, look: impl FnOnce(Option<&T>) -> R) -> R {
        let (key, mut next) = (self.key(), current().and_then(|core| core.locals.in_force()));
        while let Some(binding) = next {
            if binding.key == key {
                return look(binding.value.downcast_ref());
            }
            next = binding.outer.clone();
        }
        look(None)
    }

    /// A copy of the value here, if there is one.
    pub fn get(&self) -> Option<T>
    where
        T: Clone,
    {
        self.with(|value| value.cloned())
    }
}

/// One value that is set, and what was set around it.
pub(crate) struct Binding {
    key: u32,
    value: Rc<dyn Any>,
    outer: Option<Rc<Binding>>,
}

impl Drop for Binding {
    /// One after the other: a long list must not nest its drops.
    fn drop(&mut self) {
        let mut next = self.outer.take();
        while let Some(mut binding) = next.and_then(Rc::into_inner) {
            next = binding.outer.take();
        }
    }
}

/// What is in force in a run.
#[derive(Default)]
pub(crate) struct Locals {
    in_force: Cell<Option<Rc<Binding>>>,
    /// Some local was set in this run: one that uses none pays nothing.
    used: Cell<bool>,
}

impl Locals {
    /// The innermost binding.
    pub(crate) fn in_force(&self) -> Option<Rc<Binding>> {
        let binding = self.in_force.take();
        self.in_force.set(binding.clone());
        binding
    }

    /// From here to the drop of what is returned, `binding` is the innermost.
    fn put(&self, binding: Option<Rc<Binding>>) -> Put<'_> {
        Put { locals: self, before: self.in_force.replace(binding) }
    }
}

/// What was in force before; put back on drop.
pub(crate) struct Put<'core> {
    locals: &'core Locals,
    before: Option<Rc<Binding>>,
}

impl Drop for Put<'_> {
    fn drop(&mut self) {
        self.locals.in_force.set(self.before.take());
    }
}

impl Core {
    /// `task` is about to be polled or dropped. If that does not happen through
    /// the futures around it, it has what its scope was opened under.
    pub(crate) fn inherit_locals(&self, task: TaskRef) -> Option<Put<'_>> {
        if !self.locals.used.get() {
            return None;
        }
        let tasks = self.tasks.borrow();
        let entry = tasks.get(task).filter(|entry| entry.place == Place::Owned)?;
        let binding = entry.scope.as_ref().and_then(|scope| scope.block.locals.clone());
        drop(tasks);
        Some(self.locals.put(binding))
    }

    /// A cleanup sees what its guard saw, wherever it runs.
    pub(crate) fn carry_locals(&self, cleanup: Cleanup) -> Cleanup {
        match self.locals.in_force() {
            None => cleanup,
            Some(binding) => Box::pin(Carrying { binding: Some(binding), body: Some(cleanup) }),
        }
    }
}

/// The future of [`Local::scope`].
#[must_use = "the body does nothing unless it is awaited"]
pub struct LocalScope<F> {
    key: u32,
    value: Rc<dyn Any>,
    /// For the surroundings in which it was last polled.
    binding: Option<Rc<Binding>>,
    body: Option<Pin<Box<F>>>,
}

impl<F> LocalScope<F> {
    fn enter<'core>(&mut self, core: &'core Core) -> Put<'core> {
        core.locals.used.set(true);
        let outer = core.locals.in_force();
        let known = self.binding.take().filter(|known| is_same(&known.outer, &outer));
        let new = || Rc::new(Binding { key: self.key, value: self.value.clone(), outer });
        let binding = known.unwrap_or_else(new);
        self.binding = Some(binding.clone());
        core.locals.put(Some(binding))
    }
}

fn is_same(left: &Option<Rc<Binding>>, right: &Option<Rc<Binding>>) -> bool {
    match (left, right) {
        (Some(left), Some(right)) => Rc::ptr_eq(left, right),
        (None, None) => true,
        _ => false,
    }
}

impl<F: Future> Future for LocalScope<F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        let core = Core::expect_current("Local::scope");
        let put = self.enter(&core);
        let Some(body) = &mut self.body else { return Poll::Pending };
        let value = std::task::ready!(body.as_mut().poll(cx));
        self.body = None;
        drop(put);
        Poll::Ready(value)
    }
}

impl<F> Drop for LocalScope<F> {
    /// The body's guards still see the value.
    fn drop(&mut self) {
        let Some(body) = self.body.take() else { return };
        let core = current();
        let put = core.as_deref().map(|core| self.enter(core));
        drop(body);
        drop(put);
    }
}

/// A cleanup with what its guard saw.
struct Carrying {
    binding: Option<Rc<Binding>>,
    body: Option<Cleanup>,
}

impl Future for Carrying {
    type Output = crate::runtime::errors::error::Result<()>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let core = Core::expect_current("a cleanup");
        let put = core.locals.put(self.binding.clone());
        let Some(body) = &mut self.body else { return Poll::Pending };
        let result = std::task::ready!(body.as_mut().poll(cx));
        self.body = None;
        drop(put);
        Poll::Ready(result)
    }
}

impl Drop for Carrying {
    fn drop(&mut self) {
        let Some(body) = self.body.take() else { return };
        let core = current();
        let put = core.as_deref().map(|core| core.locals.put(self.binding.take()));
        drop(body);
        drop(put);
    }
}
