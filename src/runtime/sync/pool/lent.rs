//! A connection that a pool has lent out.

use std::ops::{Deref, DerefMut};

use super::{Connect, Kept, Pool};
use crate::runtime::cancel::cleanup::{Deferred, defer};
use crate::runtime::errors::error::Result;
use crate::runtime::executor::core::current;
use crate::runtime::sync::permit::Permit;
use crate::time::Time;

/// A connection that is lent out; see [`Pool::acquire`]. Dropping it gives it back.
///
/// Where giving it back means closing it, that is done as a cleanup, before the
/// task, scope or timeout around the drop reports; so it is wherever a
/// cancellation drops it. [`Lent::give_back`] waits for it instead.
#[must_use = "dropping it gives the connection back at once"]
pub struct Lent<C: Connect> {
    pool: Pool<C>,
    /// None once it was given back.
    loan: Option<Loan<C::Connection>>,
}

/// A connection and the place it takes.
pub(super) struct Loan<T> {
    pub(super) kept: Kept<T>,
    pub(super) place: Permit,
    /// It is not to be lent again: it is closed when it comes back.
    pub(super) spoiled: bool,
}

impl<C: Connect> Lent<C> {
    pub(super) fn new(pool: &Pool<C>, kept: Kept<C::Connection>, place: Permit) -> Lent<C> {
        Lent { pool: pool.clone(), loan: Some(Loan { kept, place, spoiled: false }) }
    }

    /// Gives the connection back, and waits until it is closed where it is not kept.
    ///
    /// # Errors
    /// That of closing.
    ///
    /// # Cancellation
    /// It goes on as a cleanup.
    pub async fn give_back(mut self) -> Result<()> {
        match self.loan.take() {
            Some(loan) => give_back_later(&self.pool, loan).await,
            None => Ok(()),
        }
    }

    /// The connection is broken: it will be closed when it is given back, not lent again.
    pub fn invalidate(&mut self) {
        self.spoil(true);
    }

    /// While it is checked nobody else may get it, whatever happens to who checks.
    pub(super) fn spoil(&mut self, spoiled: bool) {
        if let Some(loan) = &mut self.loan {
            loan.spoiled = spoiled;
        }
    }

    pub(super) fn into_loan(mut self) -> Option<Loan<C::Connection>> {
        self.loan.take()
    }

    pub(super) fn is_expired(&self, now: Time) -> bool {
        self.loan.as_ref().is_some_and(|loan| self.pool.is_expired(&loan.kept, now))
    }
}

const LENT: &str = "a loan ends with what stands for it";

impl<C: Connect> Deref for Lent<C> {
    type Target = C::Connection;

    fn deref(&self) -> &C::Connection {
        &self.loan.as_ref().expect(LENT).kept.connection
    }
}

impl<C: Connect> DerefMut for Lent<C> {
    fn deref_mut(&mut self) -> &mut C::Connection {
        &mut self.loan.as_mut().expect(LENT).kept.connection
    }
}

impl<C: Connect> Drop for Lent<C> {
    fn drop(&mut self) {
        let Some(loan) = self.loan.take() else { return };
        match current() {
            // What a cancellation drops comes back as a cleanup, in order with those further inside.
            Some(core) if core.dropping.get() || !self.pool.keeps(&loan) => {
                drop(give_back_later(&self.pool, loan));
            }
            // Outside a run nothing can be closed: the next to drain the pool will.
            _ => self.pool.keep(loan),
        }
    }
}

/// Gives a connection back; as a cleanup, where what is returned is dropped.
fn give_back_later<C: Connect>(pool: &Pool<C>, loan: Loan<C::Connection>) -> Deferred {
    let pool = pool.clone();
    defer(async move {
        if pool.keeps(&loan) {
            pool.keep(loan);
            return Ok(());
        }
        let Loan { kept, place, .. } = loan;
        let closed = pool.close_one(kept).await;
        drop(place);
        let surplus = pool.close_surplus().await;
        closed.and(surplus)
    })
}
