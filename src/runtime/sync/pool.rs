//! A pool keeps connections open and lends them out.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;

use crate::event::{Name, ResourceKind};

use super::limiter::Limiter;
use super::permit::Permit;
use crate::runtime::cancel::cleanup::{Deferred, defer};
use crate::runtime::errors::error::{Result, after_cleanup};

/// How connections are made and unmade.
pub trait Connect: 'static {
    /// A connection.
    type Connection: 'static;

    /// Opens a connection; in the task that needs it.
    fn open(&self) -> Pin<Box<dyn Future<Output = Result<Self::Connection>>>>;

    /// Closes one; in the task that gave it back, or that drains the pool.
    fn close(&self, connection: Self::Connection) -> Pin<Box<dyn Future<Output = Result<()>>>>;
}

/// Keeps up to `size` connections open, and lends `overflow` more under load,
/// which are closed when they come back and nobody waits.
///
/// Connections are opened when first needed. Whoever comes first is served
/// first; a connection that comes back goes to the first who waits.
pub struct Pool<C: Connect> {
    inner: Rc<Inner<C>>,
}

impl<C: Connect> Clone for Pool<C> {
    fn clone(&self) -> Self {
        Pool { inner: self.inner.clone() }
    }
}

struct Inner<C: Connect> {
    connect: C,
    size: u64,
    places: Limiter,
    idle: RefCell<VecDeque<C::Connection>>,
    open: Cell<u64>,
}

/// A connection that was lent out, with the place it takes.
struct Lent<T> {
    connection: T,
    _place: Permit,
}

impl<C: Connect> Pool<C> {
    /// A pool with no connection open yet.
    pub fn new(name: impl Into<Name>, size: u64, overflow: u64, connect: C) -> Pool<C> {
        let places = Limiter::of_kind(ResourceKind::Pool, name.into(), size.saturating_add(overflow));
        let inner = Inner { connect, size, places, idle: RefCell::default(), open: Cell::new(0) };
        Pool { inner: Rc::new(inner) }
    }

    /// Lends a connection to `body` and takes it back on every way out.
    ///
    /// # Errors
    /// Those of opening, of `body`, and of closing what exceeds the size.
    ///
    /// # Cancellation
    /// While it waits or opens, its place goes to the next. In `body`, the
    /// connection comes back once the cleanups of the body are done.
    ///
    /// # Panics
    /// Outside a run, when polled.
    pub async fn with<T>(&self, body: impl AsyncFnOnce(&C::Connection) -> Result<T>) -> Result<T> {
        let lent = Rc::new(self.borrow().await?);
        let back = self.give_back_later(lent.clone());
        let value = body(&lent.connection).await;
        drop(lent);
        after_cleanup(value, back.await)
    }

    /// Closes every connection that is not lent out.
    ///
    /// # Errors
    /// The first that closing gave; the others are closed all the same.
    pub async fn drain(&self) -> Result<()> {
        let mut result = Ok(());
        loop {
            let idle = self.inner.idle.borrow_mut().pop_front();
            let Some(connection) = idle else { return result };
            let closed = self.close(connection).await;
            result = result.and(closed);
        }
    }

    /// How many connections are open, lent out or not.
    pub fn open(&self) -> u64 {
        self.inner.open.get()
    }

    /// Makes the pool known to the run's observer; its first use does it otherwise.
    ///
    /// # Panics
    /// Outside a run.
    pub fn announce(&self) {
        self.inner.places.announce();
    }

    /// The most that were lent out at one time.
    pub fn peak(&self) -> u64 {
        self.inner.places.peak()
    }

    async fn borrow(&self) -> Result<Lent<C::Connection>> {
        let place = self.inner.places.acquire().await;
        let idle = self.inner.idle.borrow_mut().pop_front();
        let connection = match idle {
            Some(connection) => connection,
            None => {
                let connection = self.inner.connect.open().await?;
                self.inner.open.set(self.inner.open.get() + 1);
                connection
            }
        };
        Ok(Lent { connection, _place: place })
    }

    fn give_back_later(&self, lent: Rc<Lent<C::Connection>>) -> Deferred {
        let pool = self.clone();
        defer(async move {
            // The body's own handle is gone by now: it ended, or was dropped before this runs.
            let Ok(Lent { connection, _place }) = Rc::try_unwrap(lent).map_err(drop) else { return Ok(()) };
            let inner = &pool.inner;
            if inner.places.waiting() == 0 && inner.open.get() > inner.size {
                return pool.close(connection).await;
            }
            inner.idle.borrow_mut().push_back(connection);
            Ok(())
        })
    }

    async fn close(&self, connection: C::Connection) -> Result<()> {
        self.inner.open.set(self.inner.open.get().saturating_sub(1));
        self.inner.connect.close(connection).await
    }
}
