//! A line of waiters, first in, first out, with direct hand-off.
//!
//! What a waiter is given is kept here, in the waiter's own place, until it
//! has its turn and fetches it. A waiter costs no allocation, leaves from
//! anywhere in constant time, and keeps its key until it has fetched or left.
//! Nothing here is atomic: one thread.

use std::cell::RefCell;
use std::rc::{Rc, Weak};
use std::task::Context;

use super::chain::{Chain, Place};
use crate::runtime::executor::core::{Core, current};
use crate::runtime::executor::wake::Wakeup;

/// Names one waiter of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct WaiterKey(Place);

/// Where a waiter stands.
enum Waiter<A, G> {
    /// In the line, with what it asks for.
    Waits(A, Wakeup),
    /// Out of it; what it gets is being made.
    BeingServed,
    /// Out of it, with what it got; its turn has not come yet.
    Served(G),
}

struct WaitList<A, G> {
    waiters: Chain<Waiter<A, G>>,
    /// The run of those who wait.
    home: Weak<Core>,
}

/// Waiters that ask for an `A` and are given a `G`.
///
/// **Invariant:** while anything of a user is dropped or woken, the list is not borrowed.
pub(crate) struct Line<A, G>(RefCell<WaitList<A, G>>);

impl<A, G> Default for Line<A, G> {
    fn default() -> Self {
        Line(RefCell::new(WaitList { waiters: Chain::default(), home: Weak::new() }))
    }
}

impl<A, G> Line<A, G> {
    /// How many wait. Those who were served do not wait any more.
    pub(crate) fn len(&self) -> usize {
        self.0.borrow().waiters.len()
    }

    /// Joins the line at its end, as whoever polls with `cx`.
    pub(crate) fn join(&self, core: &Rc<Core>, cx: &Context<'_>, asks: A) -> WaiterKey {
        let wakeup = self.wakeup(core, cx);
        WaiterKey(self.0.borrow_mut().waiters.push(Waiter::Waits(asks, wakeup)))
    }

    /// Joins the line at its end for somebody else, whom `wakeup` wakes as a task of `home`. What was asked comes back
    /// where the line is another run's.
    pub(crate) fn join_for(
        &self,
        home: &Rc<Core>,
        wakeup: Wakeup,
        asks: A,
    ) -> std::result::Result<WaiterKey, A> {
        match self.home_of(home) {
            None => Ok(WaiterKey(self.0.borrow_mut().waiters.push(Waiter::Waits(asks, wakeup)))),
            Some(_) => Err(asks),
        }
    }

    /// How many are served before this waiter.
    pub(crate) fn ahead(&self, key: WaiterKey) -> usize {
        let list = self.0.borrow();
        list.waiters.places().take_while(|(place, _)| *place != key.0).count()
    }

    /// Serves the first waiter, if there is one.
    pub(crate) fn serve(&self, grant: impl FnOnce(A) -> G) -> bool {
        self.serve_if(|_| true, grant)
    }

    /// Serves the first waiter, if there is one and what it asks for `fits`. Nobody behind it is looked at.
    pub(crate) fn serve_if(&self, fits: impl FnOnce(&A) -> bool, grant: impl FnOnce(A) -> G) -> bool {
        let first = self.0.borrow().waiters.first();
        first.is_some_and(|place| self.serve_at(place, fits, |asks, _| grant(asks)))
    }

    /// Serves the first waiter, if there is one; `grant` hears how it is woken, too.
    pub(crate) fn serve_knowing(&self, grant: impl FnOnce(A, &Wakeup) -> G) -> bool {
        let first = self.0.borrow().waiters.first();
        first.is_some_and(|place| self.serve_at(place, |_| true, grant))
    }

    /// Serves everybody whose wish is `wanted`, wherever they stand.
    pub(crate) fn serve_all(&self, wanted: impl Fn(&A) -> bool, grant: impl Fn(A) -> G) {
        let is_wanted = |waiter: &Waiter<A, G>| matches!(waiter, Waiter::Waits(asks, _) if wanted(asks));
        let found: Vec<Place> = {
            let list = self.0.borrow();
            let found = list.waiters.places().filter(|(_, waiter)| is_wanted(waiter));
            found.map(|(place, _)| place).collect()
        };
        for place in found {
            self.serve_at(place, &wanted, |asks, _| grant(asks));
        }
    }

    fn serve_at(
        &self,
        place: Place,
        fits: impl FnOnce(&A) -> bool,
        grant: impl FnOnce(A, &Wakeup) -> G,
    ) -> bool {
        let next = self.0.borrow_mut().take_up(place, fits);
        let Some((asks, wakeup)) = next else { return false };
        let mut left = Some(grant(asks, &wakeup));
        if let Some(waiter @ Waiter::BeingServed) = self.0.borrow_mut().waiters.get_mut(place)
            && let Some(grant) = left.take()
        {
            *waiter = Waiter::Served(grant);
        }
        // Making the grant may have woken somebody whose waker dropped this very waiter: then it is not there any more.
        drop(left);
        self.wake(wakeup);
        true
    }

    /// The waiter has its turn and takes what it was given; none if it was not served yet.
    pub(crate) fn fetch(&self, key: WaiterKey) -> Option<G> {
        let mut list = self.0.borrow_mut();
        match list.waiters.get(key.0) {
            Some(Waiter::Served(_)) => match list.waiters.free(key.0) {
                Some(Waiter::Served(grant)) => Some(grant),
                _ => None,
            },
            _ => None,
        }
    }

    /// Changes what was given to waiters whose turn has not come, in no order. Nothing of a user may be dropped.
    pub(crate) fn for_each_served(&self, mut change: impl FnMut(&mut G)) {
        for waiter in self.0.borrow_mut().waiters.placed_mut() {
            if let Waiter::Served(grant) = waiter {
                change(grant);
            }
        }
    }

    /// The waiter goes without having had its turn: what it was given, or what it asked for.
    pub(crate) fn leave(&self, key: WaiterKey) -> Option<std::result::Result<G, A>> {
        let left = {
            let mut list = self.0.borrow_mut();
            match list.waiters.get(key.0)? {
                Waiter::Waits(..) => list.waiters.remove(key.0),
                Waiter::Served(_) | Waiter::BeingServed => list.waiters.free(key.0),
            }
        };
        match left? {
            Waiter::Waits(asks, _wakeup) => Some(Err(asks)),
            Waiter::Served(grant) => Some(Ok(grant)),
            Waiter::BeingServed => None,
        }
    }

    /// The waiter was polled again: it is woken as whoever polls with `cx` now.
    pub(crate) fn update(&self, key: WaiterKey, core: &Rc<Core>, cx: &Context<'_>) {
        let mut wakeup = self.wakeup(core, cx);
        if let Some(Waiter::Waits(_, known)) = self.0.borrow_mut().waiters.get_mut(key.0) {
            std::mem::swap(known, &mut wakeup);
        }
    }

    /// How the run of this line wakes who polls with `cx`. A task of another run is woken through its waker.
    fn wakeup(&self, core: &Rc<Core>, cx: &Context<'_>) -> Wakeup {
        match self.home_of(core) {
            None => Wakeup::new(core, cx),
            Some(home) => Wakeup::new(&home, cx),
        }
    }

    /// The run of this line if it is another than `core`; `core` becomes it where there is none.
    fn home_of(&self, core: &Rc<Core>) -> Option<Rc<Core>> {
        let mut list = self.0.borrow_mut();
        if list.is_home(core) {
            return None;
        }
        let home = list.home.upgrade().filter(|_| list.waiters.len() > 0);
        if home.is_none() {
            list.home = Rc::downgrade(core);
        }
        home
    }

    /// The run of those who wait.
    pub(crate) fn home(&self) -> Option<Rc<Core>> {
        self.0.borrow().home.upgrade()
    }

    fn wake(&self, wakeup: Wakeup) {
        match current().filter(|core| self.0.borrow().is_home(core)) {
            Some(core) => wakeup.wake(&core),
            None => {
                match (self.home(), wakeup) {
                    (Some(core), wakeup) => {
                        let _visit = core.visit();
                        wakeup.wake(&core);
                    }
                    (None, Wakeup::Waker(waker)) => waker.wake(),
                    // The run is gone, and its tasks with it.
                    (None, Wakeup::Task(_)) => {}
                }
            }
        }
    }
}

impl<A, G> WaitList<A, G> {
    fn is_home(&self, core: &Rc<Core>) -> bool {
        std::ptr::eq(self.home.as_ptr(), Rc::as_ptr(core))
    }

    /// Takes a waiter out of the line, to be served.
    fn take_up(&mut self, place: Place, fits: impl FnOnce(&A) -> bool) -> Option<(A, Wakeup)> {
        let waiter = self.waiters.get_mut(place)?;
        if !matches!(waiter, Waiter::Waits(asks, _) if fits(asks)) {
            return None;
        }
        let waiter = std::mem::replace(waiter, Waiter::BeingServed);
        self.waiters.unlink(place);
        match waiter {
            Waiter::Waits(asks, wakeup) => Some((asks, wakeup)),
            Waiter::BeingServed | Waiter::Served(_) => None,
        }
    }
}
