//! Resources: what is opened for a block and closed after it on every way out.

use std::future::Future;

use crate::runtime::cancel::cleanup::defer;
use crate::runtime::errors::error::{Result, after_cleanup};
use crate::runtime::executor::core::{Core, current};

/// Something that is opened before a block and closed after it, where both may
/// wait: a connection, a session, a lock somewhere else. What other languages
/// call an asynchronous context manager, written as a type; [`resource`] makes
/// one of two closures.
///
/// ```
/// use std::time::Duration;
/// use taskscope::runtime::{Resource, Result, block_on_virtual, sleep, using};
///
/// struct Session {
///     user: String,
/// }
///
/// struct Login(&'static str);
///
/// impl Resource for Login {
///     type Item = Session;
///
///     async fn open(&mut self) -> Result<Session> {
///         sleep(Duration::from_millis(80)).await;
///         Ok(Session { user: self.0.into() })
///     }
///
///     async fn close(self, session: Session) -> Result<()> {
///         sleep(Duration::from_millis(20)).await;
///         drop(session);
///         Ok(())
///     }
/// }
///
/// let name = block_on_virtual(using(Login("ada"), async |session| Ok(session.user.clone())));
/// assert_eq!(name.unwrap(), "ada");
/// ```
pub trait Resource: 'static {
    /// What the block works with.
    type Item: 'static;

    /// Opens it, in the task that needs it. When it fails or is cancelled
    /// nothing is closed: what it had half opened is for its own guards.
    fn open(&mut self) -> impl Future<Output = Result<Self::Item>>;

    /// Closes it. It runs after the block however that was left, and to its end
    /// even if it is cancelled itself: where nobody waits for it any more, the
    /// boundary around does.
    fn close(self, item: Self::Item) -> impl Future<Output = Result<()>>;
}

/// A [`Resource`] of two closures.
///
/// ```
/// use std::cell::RefCell;
/// use std::rc::Rc;
/// use taskscope::runtime::{block_on_virtual, resource, using};
///
/// let log = Rc::new(RefCell::new(Vec::new()));
/// let (opened, closed) = (log.clone(), log.clone());
/// let file = resource(
///     async move || {
///         opened.borrow_mut().push("open");
///         Ok(1)
///     },
///     async move |_file| {
///         closed.borrow_mut().push("close");
///         Ok(())
///     },
/// );
/// let used = log.clone();
/// block_on_virtual(using(file, async move |_file| {
///     used.borrow_mut().push("use");
///     Ok(())
/// }))
/// .unwrap();
/// assert_eq!(*log.borrow(), ["open", "use", "close"]);
/// ```
pub fn resource<T: 'static>(
    open: impl AsyncFnMut() -> Result<T> + 'static,
    close: impl AsyncFnOnce(T) -> Result<()> + 'static,
) -> impl Resource<Item = T> {
    Pair { open, close }
}

struct Pair<O, C> {
    open: O,
    close: C,
}

impl<T, O, C> Resource for Pair<O, C>
where
    T: 'static,
    O: AsyncFnMut() -> Result<T> + 'static,
    C: AsyncFnOnce(T) -> Result<()> + 'static,
{
    type Item = T;

    async fn open(&mut self) -> Result<T> {
        (self.open)().await
    }

    async fn close(self, item: T) -> Result<()> {
        (self.close)(item).await
    }
}

/// Opens `resource`, runs `body` with it, and closes it on every way out:
/// value, error, or cancellation.
///
/// Several in one task are closed in reverse order, one after the other, since
/// the inner call is over before the outer one closes.
///
/// # Errors
/// Those of opening, and then nothing is closed; of `body`; and of closing, beside the body's if that failed too.
///
/// # Cancellation
/// While it opens, the opening is dropped. In `body`, that is dropped and the
/// resource is closed as a cleanup of the block around, which reports only
/// then; an error of closing is that block's. While it closes, the rest of the
/// closing is done in the same way. There is no instant at which a resource
/// that was opened is not closed, but for a run that is dropped as a whole.
///
/// # Panics
/// Outside a run.
///
/// ```
/// use std::time::Duration;
/// use taskscope::runtime::{block_on_virtual, now, resource, sleep, timeout, using};
///
/// block_on_virtual(async {
///     let connection = resource(async || Ok("connection"), async |_| {
///         sleep(Duration::from_millis(500)).await; // say goodbye properly
///         Ok(())
///     });
///     let working = using(connection, async |_| {
///         sleep(Duration::from_secs(60)).await;
///         Ok(())
///     });
///     assert!(timeout(Duration::from_secs(1), working).await.is_err());
///     assert_eq!(now().as_us(), 1_500_000, "the timeout waited for the closing");
///     Ok(())
/// })
/// .unwrap();
/// ```
pub async fn using<R: Resource, T>(
    mut resource: R,
    body: impl AsyncFnOnce(&mut R::Item) -> Result<T>,
) -> Result<T> {
    Core::expect_current("using");
    let item = resource.open().await?;
    // Declared before the body's future, so that it is dropped after it.
    let mut held = Held(None);
    let (_, item) = held.0.insert((resource, item));
    let result = body(item).await;
    let closed = held.close().await;
    after_cleanup(result, closed)
}

/// A resource that is open; dropping it leaves the closing to the block around.
struct Held<R: Resource>(Option<(R, R::Item)>);

impl<R: Resource> Held<R> {
    async fn close(mut self) -> Result<()> {
        let Some((resource, item)) = self.0.take() else { return Ok(()) };
        // Cancelled half way, the rest becomes a cleanup of the block around.
        defer(resource.close(item)).await
    }
}

impl<R: Resource> Drop for Held<R> {
    fn drop(&mut self) {
        let Some((resource, item)) = self.0.take() else { return };
        match current() {
            Some(core) => core.hand_over(Box::pin(resource.close(item))),
            None => drop((resource, item)),
        }
    }
}
