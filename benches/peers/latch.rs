//! Waiting for tasks whose executor gives no handles.

use std::cell::{Cell, RefCell};
use std::future::poll_fn;
use std::rc::Rc;
use std::task::{Poll, Waker};

/// Opens when it was counted down to zero. The least that joining can cost, in favour of who needs it.
pub struct Latch {
    left: Cell<u64>,
    waiter: RefCell<Option<Waker>>,
}

impl Latch {
    /// Opens at the `count`th [`Latch::count_down`].
    pub fn new(count: u64) -> Rc<Latch> {
        Rc::new(Latch { left: Cell::new(count), waiter: RefCell::default() })
    }

    /// One less to wait for.
    pub fn count_down(&self) {
        self.left.set(self.left.get() - 1);
        if self.left.get() == 0 {
            self.waiter.take().into_iter().for_each(Waker::wake);
        }
    }

    /// Waits until it is open. For one waiter.
    pub async fn wait(&self) {
        let open = poll_fn(|cx| {
            if self.left.get() == 0 {
                return Poll::Ready(());
            }
            self.waiter.replace(Some(cx.waker().clone()));
            Poll::Pending
        });
        open.await;
    }
}
