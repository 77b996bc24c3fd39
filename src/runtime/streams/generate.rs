//! A generator: a stream made of an asynchronous closure that emits items.

use std::cell::Cell;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use futures::Stream;

use crate::runtime::errors::error::{Error, Result};

/// Makes a stream of what `body` emits. The body runs only while somebody waits
/// for an item, and stands still at its [`Yielder::emit`] in between. Its error
/// is the last item.
///
/// The body runs in the task that reads, inside the reader's timeouts and
/// scopes, and may borrow.
///
/// # Cancellation
/// The body is dropped with the stream, wherever it waits or stands: then its
/// guards hand their cleanups to the block around whoever drops the stream,
/// which waits for them. A reader that breaks off leaves nothing open behind.
///
/// ```
/// use futures::TryStreamExt;
/// use std::time::Duration;
/// use taskscope::runtime::{Result, block_on_virtual, generate, sleep};
///
/// let pages = block_on_virtual(async {
///     let pages = generate(async |mut y| {
///         for page in 1..=3 {
///             sleep(Duration::from_millis(100)).await; // fetch it
///             y.emit(page).await;
///         }
///         Ok(())
///     });
///     pages.try_collect::<Vec<_>>().await
/// });
/// assert_eq!(pages.unwrap(), [1, 2, 3]);
/// ```
pub fn generate<'a, T: 'a>(body: impl AsyncFnOnce(Yielder<T>) -> Result<()> + 'a) -> Generator<'a, T> {
    let desk = Rc::new(Desk { item: Cell::new(None), taken: Cell::new(true), emitter: Cell::new(None) });
    let yielder = Yielder { desk: desk.clone() };
    Generator { body: Some(Box::pin(async move { body(yielder).await })), desk, error: None }
}

/// Where the body of a generator puts its items.
pub struct Yielder<T> {
    desk: Rc<Desk<T>>,
}

impl<T> Yielder<T> {
    /// Gives `item` to the reader, and goes on when the reader asks for the next one.
    ///
    /// # Cancellation
    /// Once it was polled the reader has the item all the same.
    pub async fn emit(&mut self, item: T) {
        let desk = &self.desk;
        desk.item.set(Some(item));
        desk.taken.set(false);
        std::future::poll_fn(|cx| {
            if desk.taken.get() {
                return Poll::Ready(());
            }
            desk.emitter.set(Some(cx.waker().clone()));
            Poll::Pending
        })
        .await;
    }
}

/// What a body and its reader share: room for one item.
struct Desk<T> {
    item: Cell<Option<T>>,
    taken: Cell<bool>,
    /// Who goes on when the next item is asked for: the body, or a combinator inside it.
    emitter: Cell<Option<Waker>>,
}

impl<T> Desk<T> {
    fn take(&self) -> Option<T> {
        self.taken.set(true);
        self.item.take()
    }
}

/// The stream of [`generate`].
#[must_use = "a generator does nothing unless it is read"]
pub struct Generator<'a, T> {
    body: Option<Pin<Box<dyn Future<Output = Result<()>> + 'a>>>,
    desk: Rc<Desk<T>>,
    /// The body's, behind an item that it left when it failed.
    error: Option<Error>,
}

impl<T> Unpin for Generator<'_, T> {}

impl<T> Stream for Generator<'_, T> {
    type Item = Result<T>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<T>>> {
        let this = &mut *self;
        if let Some(body) = &mut this.body {
            // The body is about to be polled; a combinator inside it that polls only what woke must hear of it.
            let emitter = this.desk.emitter.take();
            emitter.into_iter().filter(|waker| !waker.will_wake(cx.waker())).for_each(Waker::wake);
            if let Poll::Ready(result) = body.as_mut().poll(cx) {
                this.body = None;
                this.error = result.err();
            }
        }
        match (this.desk.take(), &this.body) {
            (Some(item), _) => Poll::Ready(Some(Ok(item))),
            (None, Some(_)) => Poll::Pending,
            (None, None) => Poll::Ready(this.error.take().map(Err)),
        }
    }
}
