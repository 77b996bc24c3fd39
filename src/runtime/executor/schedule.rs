//! What a test asks of the executor: another order, a look at each turn, to hear when all are blocked.
//!
//! A run that is not tested has none of this, and pays one comparison a turn for it.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;
use std::time::Duration;

use oorandom::Rand64;

use crate::ids::TaskId;
use crate::time::Time;

use super::core::{Core, Turn};
use super::wake::Wakeup;

/// Called between turns. What it does comes before the turn that it sees.
pub(crate) type Watch = Rc<dyn Fn(Moment)>;

/// Where a run stands between two turns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Moment {
    /// This task is next.
    Before(TaskId),
    /// Nobody is ready, and the clock has not moved on yet.
    Idle,
}

/// Waits for the others to be blocked.
struct Idler {
    number: u64,
    cushion: Duration,
    wakeup: Wakeup,
}

/// The part of an executor that only tests use.
#[derive(Default)]
pub(crate) struct Schedule {
    /// Shuffles the run queue.
    random: RefCell<Option<Rand64>>,
    /// How many entries at the head of the run queue are taken as they stand.
    in_order: Cell<usize>,
    watch: RefCell<Option<Watch>>,
    idlers: RefCell<Vec<Idler>>,
    next_idler: Cell<u64>,
    /// Since when nobody has had a turn, while somebody waits for that.
    idle_since: Cell<Option<Time>>,
}

impl Schedule {
    /// Tasks that are ready together have their turns in an order that the seed picks.
    pub(crate) fn shuffle(&self, seed: u64) {
        self.random.replace(Some(Rand64::new(u128::from(seed))));
    }

    /// Calls `watch` before each turn of a task, and when nobody is ready.
    pub(crate) fn watch(&self, watch: Watch) {
        self.watch.replace(Some(watch));
    }

    /// The next entry of the run queue.
    ///
    /// Shuffling goes by rounds: all tasks that are ready have one turn each before any of them has another. A scope's
    /// own turn keeps its place: who was ready before a scope decides has a turn before it acts.
    pub(crate) fn next_turn(&self, ready: &RefCell<VecDeque<Turn>>) -> Option<Turn> {
        if let (0, Some(random)) = (self.in_order.get(), self.random.borrow_mut().as_mut()) {
            self.in_order.set(shuffle_round(&mut ready.borrow_mut(), random));
        }
        let next = match ready.borrow().front()? {
            Turn::Poll(task) => Some(task.id),
            Turn::Act(_) => None,
        };
        self.idle_since.set(None);
        if let Some(task) = next {
            self.tell(Moment::Before(task));
        }
        self.in_order.set(self.in_order.get().saturating_sub(1));
        ready.borrow_mut().pop_front()
    }

    fn tell(&self, moment: Moment) {
        let watch = self.watch.borrow().clone();
        if let Some(watch) = watch {
            watch(moment);
        }
    }

    /// An entry was put at the head of the run queue, and stays there.
    pub(crate) fn put_first(&self) {
        self.in_order.set(self.in_order.get() + 1);
    }

    /// So many entries are in the run queue, and keep their order: deadlines come one before the other.
    pub(crate) fn keep_order(&self, entries: usize) {
        self.in_order.set(entries);
    }

    /// Adds somebody who waits for the others to be blocked; gives a number to take that back with.
    pub(crate) fn add_idler(&self, cushion: Duration, wakeup: Wakeup) -> u64 {
        let number = self.next_idler.replace(self.next_idler.get() + 1);
        self.idlers.borrow_mut().push(Idler { number, cushion, wakeup });
        number
    }

    /// False if it is gone: it was woken.
    pub(crate) fn update_idler(&self, number: u64, core: &Core, cx: &std::task::Context<'_>) -> bool {
        let mut idlers = self.idlers.borrow_mut();
        let found = idlers.iter_mut().find(|idler| idler.number == number);
        found.map(|idler| idler.wakeup.update(core, cx)).is_some()
    }

    pub(crate) fn remove_idler(&self, number: u64) {
        self.idlers.borrow_mut().retain(|idler| idler.number != number);
    }

    /// Nobody is ready. Wakes those who have waited for just that, the ones with the shortest cushion first; none of
    /// them yet: the instant at which it will be so.
    pub(crate) fn idle(&self, core: &Core) -> Idle {
        self.tell(Moment::Idle);
        if core.has_ready() {
            return Idle::Woken;
        }
        let shortest = self.idlers.borrow().iter().map(|idler| idler.cushion).min();
        let Some(shortest) = shortest else { return Idle::Nobody };
        let since = self.idle_since.get().unwrap_or_else(|| core.now());
        self.idle_since.set(Some(since));
        if core.now() < since + shortest {
            return Idle::At(since + shortest);
        }
        let mut woken = Vec::new();
        let mut idlers = self.idlers.borrow_mut();
        for idler in std::mem::take(&mut *idlers) {
            if idler.cushion == shortest {
                woken.push(idler.wakeup);
            } else {
                idlers.push(idler);
            }
        }
        drop(idlers);
        woken.into_iter().for_each(|wakeup| wakeup.wake(core));
        Idle::Woken
    }
}

/// What came of nobody being ready.
pub(crate) enum Idle {
    /// Nothing: nobody waits for that.
    Nobody,
    /// Somebody is ready now.
    Woken,
    /// Those who wait for it are woken at this instant if nobody has a turn before it.
    At(Time),
}

/// Shuffles the tasks at the head of the queue, up to the first scope; says how many there are (Fisher and Yates, 1938).
fn shuffle_round(ready: &mut VecDeque<Turn>, random: &mut Rand64) -> usize {
    let round = ready.iter().take_while(|turn| matches!(turn, Turn::Poll(_))).count();
    for last in (1..round).rev() {
        let picked = random.rand_range(0..last as u64 + 1);
        ready.swap(last, picked as usize);
    }
    round
}
