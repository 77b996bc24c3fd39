//! A pool keeps connections open and lends them out.

mod connect;
mod lent;

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::fmt;
use std::rc::Rc;
use std::time::Duration;

pub use connect::Connect;
pub use lent::Lent;

use self::lent::Loan;
use super::limiter::Limiter;
use super::permit::Permit;
use crate::event::{Name, ResourceKind};
use crate::runtime::cancel::cleanup::defer;
use crate::runtime::clock::timeout::{Length, timeout};
use crate::runtime::errors::error::{Result, after_cleanup};
use crate::runtime::executor::core::{Core, current};
use crate::time::Time;

/// Keeps up to `size` connections open, and lends `overflow` more under load,
/// which are closed when they come back and nobody waits. Cloning gives
/// another handle to the same pool.
///
/// Connections are opened when first needed. Whoever comes first is served
/// first; a connection that comes back goes to the first who waits, and of
/// several the one that has been back the longest. After the model of
/// SQLAlchemy's `QueuePool`, whose words the options use.
///
/// Every connection that was opened is closed, on every path: when it comes
/// back and is not kept, when it fails its check or is too old, and for the
/// rest by [`Pool::close`] or [`Pool::drain`], which the owner of the pool calls at the end.
///
/// ```
/// use taskscope::runtime::{Connect, Pool, Result, block_on_virtual};
///
/// struct Numbered(std::cell::Cell<u32>);
///
/// impl Connect for Numbered {
///     type Connection = u32;
///
///     async fn open(&self) -> Result<u32> {
///         self.0.set(self.0.get() + 1);
///         Ok(self.0.get())
///     }
///
///     async fn close(&self, _: u32) -> Result<()> {
///         Ok(())
///     }
/// }
///
/// block_on_virtual(async {
///     let pool = Pool::new("numbers", 2, 0, Numbered(Default::default()));
///     let first = pool.acquire().await?;
///     assert_eq!(pool.with(async |second| Ok(*first + *second)).await?, 3);
///     assert_eq!(*pool.acquire().await?, 2, "it is open and free");
///     drop(first);
///     pool.close().await?;
///     assert_eq!(pool.statistics().open, 0);
///     Ok(())
/// })
/// .unwrap();
/// ```
pub struct Pool<C: Connect> {
    inner: Rc<Inner<C>>,
}

impl<C: Connect> Clone for Pool<C> {
    fn clone(&self) -> Self {
        Pool { inner: self.inner.clone() }
    }
}

struct Inner<C: Connect> {
    name: Name,
    connect: C,
    options: PoolOptions,
    places: Limiter,
    idle: RefCell<VecDeque<Kept<C::Connection>>>,
    open: Cell<u64>,
    opened: Cell<u64>,
    failed_closes: Cell<u64>,
    closed: Cell<bool>,
}

/// An open connection.
struct Kept<T> {
    connection: T,
    opened_at: Time,
}

/// What a pool is like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PoolOptions {
    /// How many connections are kept open.
    pub size: u64,
    /// How many more are opened under load.
    pub overflow: u64,
    /// Whether a connection is checked before it is lent again; see [`Connect::check`].
    pub pre_ping: bool,
    /// How old a connection gets: one that is so old is closed instead of lent again. None: any age.
    pub recycle: Option<Duration>,
    /// How long a place is waited for. None: as long as it takes.
    pub timeout: Option<Duration>,
}

impl Default for PoolOptions {
    /// Five, ten more under load; no checks, no age, no timeout.
    fn default() -> Self {
        PoolOptions { size: 5, overflow: 10, pre_ping: false, recycle: None, timeout: None }
    }
}

/// A pool's numbers at one instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PoolStatistics {
    /// How many connections are open, lent out or not.
    pub open: u64,
    /// How many of them nobody has.
    pub idle: usize,
    /// How many places are taken: by connections that are lent out, being opened, checked or closed.
    pub taken: u64,
    /// The most places that were taken at one time.
    pub peak: u64,
    /// How many wait for a place.
    pub waiting: usize,
    /// How many connections were ever opened.
    pub opened: u64,
    /// How many connections failed to close while another was made in their place; nobody was told of their errors.
    pub failed_closes: u64,
}

/// Nobody gave a place back for as long as [`PoolOptions::timeout`] says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PoolTimeout {
    /// The name of the pool.
    pub pool: Name,
    /// How long was waited.
    pub waited: Duration,
}

/// The pool was closed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PoolClosed {
    /// The name of the pool.
    pub pool: Name,
}

impl<C: Connect> Pool<C> {
    /// A pool that keeps `size` connections and lends `overflow` more, with none open yet.
    pub fn new(name: impl Into<Name>, size: u64, overflow: u64, connect: C) -> Pool<C> {
        Pool::with_options(name, PoolOptions { size, overflow, ..PoolOptions::default() }, connect)
    }

    /// A pool with everything said that there is to say.
    pub fn with_options(name: impl Into<Name>, options: PoolOptions, connect: C) -> Pool<C> {
        let (name, places) = (name.into(), options.size.saturating_add(options.overflow));
        let inner = Inner {
            places: Limiter::of_kind(ResourceKind::Pool, name.clone(), places),
            name,
            connect,
            options,
            idle: RefCell::default(),
            open: Cell::new(0),
            opened: Cell::new(0),
            failed_closes: Cell::new(0),
            closed: Cell::new(false),
        };
        Pool { inner: Rc::new(inner) }
    }

    /// Waits for a place, and opens a connection if none is there.
    ///
    /// # Errors
    /// [`PoolTimeout`], [`PoolClosed`], or that of opening. Errors of checking
    /// and closing what is replaced are not raised.
    ///
    /// # Cancellation
    /// While it waits or opens, its place goes to the next; a connection that
    /// is being checked is closed.
    ///
    /// # Panics
    /// Outside a run, when polled.
    pub async fn acquire(&self) -> Result<Lent<C>> {
        // Behind the place in the order of drops.
        let _trim = Trim(self);
        let mut place = self.place().await?;
        loop {
            let idle = self.inner.idle.borrow_mut().pop_front();
            let Some(kept) = idle else { return self.open_one(place).await };
            let mut lent = Lent::new(self, kept, place);
            if self.is_fit(&mut lent).await {
                return Ok(lent);
            }
            place = match lent.into_loan() {
                Some(loan) => self.replace(loan).await?,
                None => self.place().await?,
            };
        }
    }

    /// Lends a connection to `body` and takes it back on every way out.
    ///
    /// # Errors
    /// Those of [`Pool::acquire`], of `body`, and of closing what is not kept.
    ///
    /// # Cancellation
    /// While it waits or opens, its place goes to the next. In `body`, the
    /// connection comes back once the cleanups of the body are done.
    ///
    /// # Panics
    /// Outside a run, when polled.
    pub async fn with<T>(&self, body: impl AsyncFnOnce(&mut C::Connection) -> Result<T>) -> Result<T> {
        let mut lent = self.acquire().await?;
        let value = body(&mut *lent).await;
        after_cleanup(value, lent.give_back().await)
    }

    /// Closes the connections that are not lent out now. The pool goes on.
    ///
    /// # Errors
    /// The first that closing gave; the others are closed all the same.
    ///
    /// # Cancellation
    /// The one that is being closed is closed as a cleanup; the others stay.
    pub async fn drain(&self) -> Result<()> {
        let mut result = Ok(());
        let now_idle = self.inner.idle.borrow().len();
        for _ in 0..now_idle {
            let idle = self.inner.idle.borrow_mut().pop_front();
            let Some(kept) = idle else { break };
            let pool = self.clone();
            let closed = defer(async move { pool.close_one(kept).await }).await;
            result = result.and(closed);
        }
        result
    }

    /// Closes the pool: nobody gets a connection any more, those who wait get
    /// [`PoolClosed`] as places come back, and what is lent out is closed when it does.
    ///
    /// # Errors
    /// As [`Pool::drain`].
    ///
    /// # Cancellation
    /// As [`Pool::drain`]; the pool is closed all the same.
    pub async fn close(&self) -> Result<()> {
        self.inner.closed.set(true);
        self.drain().await
    }

    /// How many connections are open, lent out or not.
    pub fn open(&self) -> u64 {
        self.inner.open.get()
    }

    /// The most places that were taken at one time.
    pub fn peak(&self) -> u64 {
        self.inner.places.peak()
    }

    /// Its numbers at this instant.
    pub fn statistics(&self) -> PoolStatistics {
        let (inner, places) = (&self.inner, self.inner.places.statistics());
        PoolStatistics {
            open: inner.open.get(),
            idle: inner.idle.borrow().len(),
            taken: places.held,
            peak: places.peak,
            waiting: places.waiting,
            opened: inner.opened.get(),
            failed_closes: inner.failed_closes.get(),
        }
    }

    /// Makes the pool known to the run's observer; its first use does it otherwise.
    ///
    /// # Panics
    /// Outside a run.
    pub fn announce(&self) {
        self.inner.places.announce();
    }

    async fn place(&self) -> Result<Permit> {
        self.check_open()?;
        let places = &self.inner.places;
        let place = match self.inner.options.timeout {
            None => places.acquire().await,
            Some(length) => match places.try_acquire() {
                Some(place) => place,
                None => match timeout(length, places.acquire()).await {
                    Ok(place) => place,
                    Err(_) => Err(PoolTimeout { pool: self.inner.name.clone(), waited: length })?,
                },
            },
        };
        self.check_open()?;
        Ok(place)
    }

    fn check_open(&self) -> std::result::Result<(), PoolClosed> {
        match self.inner.closed.get() {
            false => Ok(()),
            true => Err(PoolClosed { pool: self.inner.name.clone() }),
        }
    }

    async fn open_one(&self, place: Permit) -> Result<Lent<C>> {
        let connection = self.inner.connect.open().await?;
        self.inner.open.set(self.inner.open.get() + 1);
        self.inner.opened.set(self.inner.opened.get() + 1);
        let opened_at = Core::expect_current("Pool::acquire").now();
        let lent = Lent::new(self, Kept { connection, opened_at }, place);
        if let Err(closed) = self.check_open() {
            return after_cleanup(Err(closed.into()), lent.give_back().await);
        }
        Ok(lent)
    }

    /// Whether a connection that was kept may be lent again.
    async fn is_fit(&self, lent: &mut Lent<C>) -> bool {
        lent.spoil(true);
        let now = Core::expect_current("Pool::acquire").now();
        let fit = !lent.is_expired(now)
            && (!self.inner.options.pre_ping || self.inner.connect.check(&mut **lent).await.is_ok());
        lent.spoil(!fit);
        fit
    }

    /// Closes a connection and keeps its place, until it is closed if this is cancelled.
    async fn replace(&self, loan: Loan<C::Connection>) -> Result<Permit> {
        let Loan { kept, place, .. } = loan;
        let (pool, kept_place) = (self.clone(), Rc::new(Cell::new(None)));
        let back = kept_place.clone();
        let closing = defer(async move {
            if pool.close_one(kept).await.is_err() {
                pool.inner.failed_closes.set(pool.inner.failed_closes.get() + 1);
            }
            let wanted = Rc::strong_count(&back) > 1;
            back.set(Some(place));
            drop(back);
            // Whoever wanted the place is gone, and the place with it.
            if wanted { Ok(()) } else { pool.close_surplus().await }
        });
        closing.await?;
        match kept_place.take() {
            Some(place) => Ok(place),
            None => self.place().await,
        }
    }

    /// Whether a connection stays open when it comes back.
    fn keeps(&self, loan: &Loan<C::Connection>) -> bool {
        let inner = &self.inner;
        let wanted = inner.places.waiting() > 0 || inner.open.get() <= inner.options.size;
        wanted && !loan.spoiled && !inner.closed.get()
    }

    /// The connection is there before the place is free.
    fn keep(&self, loan: Loan<C::Connection>) {
        self.inner.idle.borrow_mut().push_back(loan.kept);
        drop(loan.place);
    }

    fn is_expired(&self, kept: &Kept<C::Connection>, now: Time) -> bool {
        self.inner.options.recycle.is_some_and(|age| now.since(kept.opened_at) >= age)
    }

    async fn close_one(&self, kept: Kept<C::Connection>) -> Result<()> {
        self.inner.open.set(self.inner.open.get().saturating_sub(1));
        self.inner.connect.close(kept.connection).await
    }

    /// Closes what was kept for somebody who left meanwhile. Called whenever a place was given back for good: as long as
    /// it was taken, the connection could have been for it.
    async fn close_surplus(&self) -> Result<()> {
        let mut result = Ok(());
        while let Some(kept) = self.take_surplus() {
            let closed = self.close_one(kept).await;
            result = result.and(closed);
        }
        result
    }

    /// One that exceeds the size, and that nobody waits for or is about to take.
    fn take_surplus(&self) -> Option<Kept<C::Connection>> {
        let (inner, PoolStatistics { open, idle, taken, waiting, .. }) = (&self.inner, self.statistics());
        let lent = open.saturating_sub(idle as u64);
        let surplus = waiting == 0 && open > inner.options.size && idle as u64 > taken.saturating_sub(lent);
        if surplus { inner.idle.borrow_mut().pop_front() } else { None }
    }
}

/// A connection may have been kept for somebody who waited, and was cancelled then: what is too many is closed.
struct Trim<'pool, C: Connect>(&'pool Pool<C>);

impl<C: Connect> Drop for Trim<'_, C> {
    fn drop(&mut self) {
        let Some(core) = current() else { return };
        while let Some(kept) = self.0.take_surplus() {
            let pool = self.0.clone();
            pool.inner.open.set(pool.inner.open.get() - 1);
            core.hand_over(Box::pin(async move { pool.inner.connect.close(kept.connection).await }));
        }
    }
}

impl fmt::Display for PoolTimeout {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "no connection of `{}` came back within {}", self.pool, Length(self.waited))
    }
}

impl std::error::Error for PoolTimeout {}

impl fmt::Display for PoolClosed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "pool `{}` is closed", self.pool)
    }
}

impl std::error::Error for PoolClosed {}
