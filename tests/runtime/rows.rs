//! Siblings that take their turns in a row, interrupted at every turn in every way.
//!
//! `interrupt_everywhere` sees each turn by a hook, with which there are no rows. Here the children count their own turns,
//! and one of them interrupts from inside; or the host has the run pause between two turns, and the driver interrupts.

use std::cell::{Cell, RefCell};
use std::future::Future;
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use taskscope::event::Outcome;
use taskscope::host::sim::SimHost;
use taskscope::host::{Answer, FetchError, Host, Job, Request, Response, WorkerError};
use taskscope::runtime::{
    Error, Event, Limiter, Lock, Queue, Result, Run, RunError, RunHandle, Scope, Task, defer, scope, timeout,
};
use taskscope::time::Time;
use taskscope::trace::{Recorder, Stamped};

use super::story::{orderly, secs, sized, sleep, turn};
use super::test;

/// When the executor has to hand its thread back.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Pauses {
    /// Never: children that follow each other take their turns in a row.
    Never,
    /// After each turn, so that there is no row.
    Always,
    /// Once, when it has asked so many times: a row ends there first.
    Once(u32),
}

/// A world of virtual time with pauses.
struct Pausing {
    world: SimHost,
    pauses: Pauses,
    asked: Cell<u32>,
    paused: Cell<bool>,
}

impl Host for Pausing {
    fn now(&self) -> Time {
        self.world.now()
    }

    fn poll_alarm(&self, at: Option<Time>, cx: &mut Context<'_>) -> Poll<()> {
        self.world.poll_alarm(at, cx)
    }

    fn must_yield(&self, _: u32) -> bool {
        self.asked.set(self.asked.get() + 1);
        match self.pauses {
            Pauses::Never => false,
            Pauses::Always => true,
            Pauses::Once(number) => !self.paused.get() && number <= self.asked.get(),
        }
    }

    fn yield_thread(&self, cx: &mut Context<'_>) {
        self.paused.set(true);
        cx.waker().wake_by_ref();
    }

    fn work(&self, length: Duration) {
        self.world.work(length);
    }

    fn fetch(&self, request: Request) -> Answer<std::result::Result<Response, FetchError>> {
        self.world.fetch(request)
    }

    fn offload(&self, job: Job) -> Answer<std::result::Result<i64, WorkerError>> {
        self.world.offload(job)
    }

    fn is_simulated(&self) -> bool {
        true
    }

    fn random(&self) -> u64 {
        self.world.random()
    }
}

/// What is done to the children.
#[derive(Clone, Copy, Debug, PartialEq)]
enum How {
    /// One task is cancelled; the first is the one around them all.
    Task(usize),
    /// Their scope is cancelled.
    Scope,
    /// Their scope is dropped by the future around it, as soon as that has its turn.
    Drop,
    /// The run is cancelled.
    Cancel,
    /// The run ends where it stands.
    Stop,
}

/// The one around them all, eight children, and two grandchildren, which are there later.
const TASKS: usize = 11;

/// Everything that may happen.
fn ways() -> impl Iterator<Item = How> {
    (0..TASKS).map(How::Task).chain([How::Scope, How::Drop, How::Cancel, How::Stop])
}

/// An interruption from inside: before or after the so many-th turn of a child.
#[derive(Clone, Copy, Debug)]
struct Strike {
    turn: u32,
    before: bool,
    how: How,
}

/// What kind of children.
#[derive(Clone, Copy, Debug)]
struct Kind {
    /// They are kept in the executor's table, not in the future of their scope.
    owned: bool,
    /// The last of them fails.
    fails: bool,
}

/// Those that are tried.
const KINDS: [Kind; 3] = [
    Kind { owned: false, fails: false },
    Kind { owned: false, fails: true },
    Kind { owned: true, fails: true },
];

/// What the children share, and what is known of them.
struct Shop {
    kind: Kind,
    seat: Limiter,
    till: Lock<u32>,
    goods: Queue<Held>,
    open: Event,
    strike: Option<Strike>,
    /// Turns of children so far, and polls of their scope.
    turns: Cell<u32>,
    polls: Cell<u32>,
    drop_asked: Cell<bool>,
    tasks: RefCell<Vec<Task<()>>>,
    held: Rc<Cell<i32>>,
}

/// Counted until it is dropped.
struct Held(Rc<Cell<i32>>);

impl Drop for Held {
    fn drop(&mut self) {
        self.0.set(self.0.get() - 1);
    }
}

/// Closes when it is dropped, so that nobody waits for somebody who is gone.
struct Closing<'shop>(&'shop Queue<Held>);

impl Drop for Closing<'_> {
    fn drop(&mut self) {
        self.0.close();
    }
}

impl Shop {
    /// Never given back, so that children may own what they use and be the same as those that borrow.
    fn new(kind: Kind, strike: Option<Strike>) -> &'static Shop {
        Box::leak(Box::new(Shop {
            kind,
            seat: Limiter::new(1),
            till: Lock::new(0),
            goods: Queue::bounded("goods", 1),
            open: Event::new("open"),
            strike,
            turns: Cell::new(0),
            polls: Cell::new(0),
            drop_asked: Cell::new(false),
            tasks: RefCell::default(),
            held: Rc::default(),
        }))
    }

    fn hold(&self) -> Held {
        self.held.set(self.held.get() + 1);
        Held(self.held.clone())
    }

    fn strike_if_now(&self, turn: u32, before: bool, s: &Scope<'_>) {
        let now = self.strike.filter(|strike| (strike.turn, strike.before) == (turn, before));
        match now.map(|strike| strike.how) {
            None => {}
            Some(How::Task(index)) => _ = self.tasks.borrow().get(index).map(Task::cancel),
            Some(How::Scope) => _ = s.cancel(),
            Some(How::Drop) => self.drop_asked.set(true),
            Some(How::Cancel) => _ = RunHandle::current().cancel(),
            Some(How::Stop) => RunHandle::current().stop(),
        }
    }

    /// `work` with each of its turns counted, any of which may interrupt what is in `s`.
    async fn counted(&self, s: Scope<'static>, work: impl Future<Output = Result<()>>) -> Result<()> {
        let _held = self.hold();
        let mut work = pin!(work);
        std::future::poll_fn(|cx| {
            let turn = self.turns.get() + 1;
            self.turns.set(turn);
            self.strike_if_now(turn, true, &s);
            let poll = work.as_mut().poll(cx);
            self.strike_if_now(turn, false, &s);
            poll
        })
        .await
    }

    fn spawn(
        &self,
        s: &Scope<'static>,
        name: &'static str,
        work: impl Future<Output = Result<()>> + 'static,
    ) {
        let child = s.task(Some(name.into()));
        let task = if self.kind.owned { child.spawn_owned(work) } else { child.spawn(work) };
        self.tasks.borrow_mut().push(task);
    }

    /// `work` as a child of `s`, counted.
    fn child(
        &'static self,
        s: &Scope<'static>,
        name: &'static str,
        work: impl Future<Output = Result<()>> + 'static,
    ) {
        self.spawn(s, name, self.counted(s.clone(), work));
    }

    /// Cleaning up takes a turn, too.
    fn cleans_up(&self) -> taskscope::runtime::Deferred {
        let held = self.hold();
        defer(async move {
            turn().await;
            drop(held);
            Ok(())
        })
    }
}

async fn turns(number: u32) {
    for _ in 0..number {
        turn().await;
    }
}

/// Eight children, ready together most of the time.
fn open_shop(s: &Scope<'static>, shop: &'static Shop) {
    shop.child(s, "idle", async {
        turns(4).await;
        Ok(())
    });
    for name in ["guest", "guest"] {
        shop.child(s, name, async {
            let _seat = shop.seat.acquire().await;
            let _cleanup = shop.cleans_up();
            turns(2).await;
            Ok(())
        });
    }
    let closing = Closing(&shop.goods);
    shop.child(s, "baker", async move {
        let _closing = closing;
        for _ in 0..3 {
            if shop.goods.put(shop.hold()).await.is_err() {
                break; // nobody buys any more
            }
        }
        Ok(())
    });
    let closing = Closing(&shop.goods);
    shop.child(s, "buyer", async move {
        let _closing = closing;
        while let Some(_goods) = shop.goods.take().await {
            *shop.till.lock().await += 1;
        }
        shop.open.set();
        Ok(())
    });
    // Its own polls are no turns: a row of the children inside is one of them.
    let own = s.clone();
    let family = async move {
        scope(async |inner: Scope<'static>| {
            for _ in 0..2 {
                let kid = async move {
                    let _cleanup = shop.cleans_up();
                    turns(3).await;
                    let _till = shop.till.lock().await;
                    turn().await;
                    Ok(())
                };
                shop.spawn(&inner, "kid", shop.counted(own.clone(), kid));
            }
            turn().await;
            Ok(())
        })
        .await?;
        Ok(())
    };
    shop.spawn(s, "family", family);
    shop.child(s, "waiter", async {
        let _ = timeout(secs(1.0), shop.open.wait()).await;
        turns(2).await;
        Ok(())
    });
    shop.child(s, "sleeper", async move {
        let _cleanup = shop.cleans_up();
        sleep(2.0).await;
        turns(2).await;
        if shop.kind.fails { Err(Error::msg("burnt")) } else { Ok(()) }
    });
}

/// The scope of the children, in a future that counts its polls and drops it when asked to.
async fn shop_scope(shop: &'static Shop) -> Result<()> {
    let mut inside = Some(Box::pin(scope(async |s| {
        open_shop(&s, shop);
        Ok(())
    })));
    std::future::poll_fn(|cx| {
        shop.polls.set(shop.polls.get() + 1);
        let Some(future) = &mut inside else { return Poll::Ready(Ok(())) };
        let poll = future.as_mut().poll(cx);
        if poll.is_pending() && shop.drop_asked.get() {
            inside = None;
            return Poll::Ready(Ok(()));
        }
        poll.map_err(Error::from)
    })
    .await
}

async fn main(shop: &'static Shop) -> Result<()> {
    scope(async |s| {
        let task = s.spawn_named("shop", shop_scope(shop));
        shop.tasks.borrow_mut().push(task);
        Ok(())
    })
    .await?;
    Ok(())
}

/// A run with one interruption at the most, as it left the world.
struct Ran {
    events: Vec<Stamped>,
    told: String,
    /// It came to the pause.
    paused: bool,
    turns: u32,
    polls: u32,
}

/// Runs the shop; `pause` is what happens outside when the host has the run pause.
fn ran(kind: Kind, strike: Option<Strike>, pauses: Pauses, pause: Option<How>) -> Ran {
    let told = || format!("{kind:?} {strike:?} {pauses:?} {pause:?}");
    let host =
        Rc::new(Pausing { world: SimHost::new(0), pauses, asked: Cell::new(0), paused: Cell::new(false) });
    let recorder = Rc::new(Recorder::new(1_000_000));
    let shop = Shop::new(kind, strike);
    let mut run = Run::with_observer(host.clone(), Some(recorder.clone()), main(shop)).open_world();
    let handle = run.handle();
    let mut interrupt = pause;
    let result = loop {
        if let Poll::Ready(over) = Pin::new(&mut run).poll(&mut Context::from_waker(Waker::noop())) {
            break Some(over);
        }
        assert!(host.paused.replace(false) && host.asked.get() < 10_000, "{}: it never ends", told());
        host.paused.set(pauses != Pauses::Always);
        match interrupt.take() {
            None => {}
            Some(How::Task(index)) => _ = shop.tasks.borrow().get(index).map(Task::cancel),
            Some(How::Cancel) => _ = handle.cancel(),
            Some(How::Stop) => handle.stop(),
            Some(How::Drop | How::Scope) => break None, // the run
        }
    };
    if !matches!(result, None | Some(Err(RunError::Stopped))) {
        let census = handle.census();
        assert!(census.is_clear_but_for(0), "{}: it leaves {census}", told());
        let outcome = match &result {
            Some(Ok(())) => Outcome::Ok,
            Some(Err(RunError::Failed(_))) => Outcome::Failed,
            _ => Outcome::Cancelled,
        };
        // One without rows is compared with one that was looked at.
        if pauses != Pauses::Always {
            orderly(recorder.since(0), outcome);
        }
    }
    drop((run, handle));
    shop.tasks.take();
    let (seat, till, goods) = (shop.seat.statistics(), shop.till.statistics(), shop.goods.statistics());
    assert_eq!((seat.held, till.locked), (0, false), "{}", told());
    assert_eq!((seat.waiting, till.waiting, goods.putting, goods.taking), (0, 0, 0, 0), "{}", told());
    assert_eq!(shop.held.get(), goods.len as i32, "{}: what was held is dropped, or in the queue", told());
    assert_eq!(Rc::strong_count(&host), 1, "{}: something keeps the run alive", told());
    let told = result.map_or_else(String::new, |result| format!("{result:?}"));
    let paused = pause.is_some() && interrupt.is_none();
    Ran { events: recorder.since(0), told, paused, turns: shop.turns.get(), polls: shop.polls.get() }
}

#[test]
fn undisturbed_children_take_most_turns_in_rows() {
    let in_rows = ran(KINDS[0], None, Pauses::Never, None);
    let one_by_one = ran(KINDS[0], None, Pauses::Always, None);
    assert_eq!(in_rows.turns, one_by_one.turns);
    assert!(one_by_one.polls > one_by_one.turns, "each is a poll of the scope");
    assert!(in_rows.polls * 2 < in_rows.turns, "{} polls for {} turns", in_rows.polls, in_rows.turns);
    assert_eq!(in_rows.events, one_by_one.events);
}

#[test]
fn interrupted_from_inside_at_every_turn_it_is_as_without_rows() {
    let mut runs = 0;
    for kind in KINDS {
        let last = ran(kind, None, Pauses::Never, None).turns;
        for turn in (1..=last).step_by(sized(1, 4) as usize) {
            for (before, how) in
                [true, false].into_iter().flat_map(|before| ways().map(move |how| (before, how)))
            {
                let strike = Some(Strike { turn, before, how });
                let in_rows = ran(kind, strike, Pauses::Never, None);
                runs += 1;
                // What is dropped by the future around has its turn first, which in a row is later.
                if how == How::Drop {
                    continue;
                }
                let one_by_one = ran(kind, strike, Pauses::Always, None);
                assert_eq!(in_rows.told, one_by_one.told, "{strike:?}");
                let differs = in_rows.events.iter().zip(&one_by_one.events).position(|(a, b)| a != b);
                assert!(
                    in_rows.events == one_by_one.events,
                    "{strike:?}: from event {differs:?} on:\n{:#?}\n{:#?}",
                    &in_rows.events[differs.unwrap_or(0)..],
                    &one_by_one.events[differs.unwrap_or(0)..],
                );
            }
        }
    }
    assert!(runs >= sized(3_000, 700), "{runs} runs");
}

#[test]
fn interrupted_from_outside_between_any_two_turns_nothing_is_left() {
    let mut runs = 0;
    for kind in KINDS {
        for pause in (1..).step_by(sized(1, 4) as usize) {
            let mut paused = false;
            for how in ways().filter(|how| *how != How::Scope) {
                paused |= ran(kind, None, Pauses::Once(pause), Some(how)).paused;
                runs += 1;
            }
            if !paused {
                break;
            }
        }
    }
    assert!(runs >= sized(1_500, 350), "{runs} runs");
}
