//! Waiting until every other task is blocked.

use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};
use std::time::Duration;

use crate::event::Wait;

use super::core::Core;
use super::wake::Wakeup;
use crate::runtime::explain::wait::Waiting;

/// Ready when no task but those that wait likewise has been ready for the length of `cushion`.
pub(crate) fn all_blocked(cushion: Duration) -> AllBlocked {
    AllBlocked { cushion, place: None }
}

/// The future of [`all_blocked`].
pub(crate) struct AllBlocked {
    cushion: Duration,
    place: Option<Place>,
}

struct Place {
    core: Rc<Core>,
    number: u64,
    _waiting: Waiting,
}

impl Future for AllBlocked {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let Some(place) = &self.place else {
            let core = Core::expect_current("wait_all_blocked");
            let number = core.schedule().add_idler(self.cushion, Wakeup::new(&core, cx));
            let wait = Wait::Other("all other tasks to be blocked".into());
            let _waiting = Waiting::start(&core, wait);
            self.place = Some(Place { core, number, _waiting });
            return Poll::Pending;
        };
        if place.core.schedule().update_idler(place.number, &place.core, cx) {
            return Poll::Pending;
        }
        self.place = None;
        Poll::Ready(())
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.core.schedule().remove_idler(self.number);
    }
}
