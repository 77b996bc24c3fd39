//! How a pool makes, checks and unmakes its connections.

use std::future::{Future, ready};

use crate::runtime::errors::error::Result;

/// How connections are made and unmade. Implementations may write `async fn`.
pub trait Connect: 'static {
    /// A connection.
    type Connection: 'static;

    /// Opens a connection; in the task that needs it.
    ///
    /// # Cancellation
    /// The future is dropped with the task that needs the connection. What it
    /// has half opened is its own: a guard made by [`defer`](crate::runtime::defer) closes it.
    fn open(&self) -> impl Future<Output = Result<Self::Connection>>;

    /// Whether a connection still works. Asked before each time it is lent
    /// again, where [`PoolOptions::pre_ping`](super::PoolOptions::pre_ping) says so; after an error it is
    /// closed and another takes its place.
    fn check(&self, _connection: &mut Self::Connection) -> impl Future<Output = Result<()>> {
        ready(Ok(()))
    }

    /// Closes one; in the task that gave it back, or that drains the pool.
    /// Once begun it is not cancelled.
    fn close(&self, connection: Self::Connection) -> impl Future<Output = Result<()>>;
}
