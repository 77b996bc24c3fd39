//! Interrupts a scenario at each of its suspensions, and looks at what is left behind.

use std::cell::RefCell;
use std::fmt;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Poll, Waker};

use crate::event::{Event, Observer};
use crate::host::sim::SimHost;
use crate::runtime::{Panicked, Run, RunError, Task, scope};
use crate::time::Time;

use super::probe::{MOST_TURNS, Probe, Seen};
use super::scenario::{Interruption, Report, Scenario};

/// Runs a scenario once undisturbed to see where its tasks suspend, then again for each of these points with a
/// cancellation exactly there, in four ways: the task or the whole scenario, right after it suspended or right before
/// it goes on, when what it waited for has come already. `make` makes the scenario anew for each run.
///
/// After each run nothing may be left: no task, no timer, no permit, lock or connection that somebody holds, no request
/// to the host, and nothing that keeps the run itself alive, such as a task's handle in its own future. What else must
/// hold (no item lost, every file closed) a [`Scenario`] checks itself.
///
/// Everything runs in virtual time. The scenario must be the same each time it is made. Limit: 100,000 turns a run.
///
/// # Panics
/// When something is left, when the scenario is not the same twice, and when a task of it panicked, which would else be
/// contained in the task; with the interruption that shows it. A panic of a check goes on, after the interruption was
/// printed.
///
/// ```
/// use std::cell::Cell;
/// use std::rc::Rc;
/// use std::time::Duration;
/// use taskscope::runtime::{Limiter, Result, scope, sleep};
/// use taskscope::testing::{Scenario, interrupt_everywhere};
///
/// /// Three workers share two seats. Under test: every seat is left, whatever happens.
/// async fn workshop(seats: Limiter, seated: Rc<Cell<i32>>) -> Result<()> {
///     struct Seated(Rc<Cell<i32>>);
///     impl Drop for Seated {
///         fn drop(&mut self) {
///             self.0.set(self.0.get() - 1);
///         }
///     }
///     scope(async |s| {
///         for _ in 0..3 {
///             s.spawn(async {
///                 let _permit = seats.acquire().await;
///                 seated.set(seated.get() + 1);
///                 let _seated = Seated(seated.clone());
///                 sleep(Duration::from_secs(1)).await;
///                 Ok(())
///             });
///         }
///         Ok(())
///     })
///     .await?;
///     Ok(())
/// }
///
/// let report = interrupt_everywhere(|| {
///     let (seats, seated) = (Limiter::new(2), Rc::new(Cell::new(0)));
///     Scenario::new(workshop(seats.clone(), seated.clone()))
///         .check(move |_| assert_eq!((seated.get(), seats.available()), (0, 2)))
/// });
/// assert_eq!(report.to_string(), "5 points, 25 runs");
/// ```
#[track_caller]
pub fn interrupt_everywhere<S: Into<Scenario>>(mut make: impl FnMut() -> S) -> Report {
    let first = interrupted(make().into(), Interruption::none(), Rc::default());
    let mut report = Report { points: 0, runs: 1, deadlocks: first.deadlock.into_iter().collect() };
    let known = Rc::new(first.turns);
    for (index, turn) in known.iter().enumerate() {
        report.points += usize::from(turn.suspended);
        for interruption in turn.interruptions(index + 1) {
            let ran = interrupted(make().into(), interruption, known.clone());
            report.runs += 1;
            report.deadlocks.extend(ran.deadlock);
        }
    }
    report
}

/// What one run has shown.
struct Ran {
    turns: Vec<Seen>,
    deadlock: Option<String>,
}

/// Runs `scenario` with an interruption, and asserts that it leaves nothing behind.
#[track_caller]
fn interrupted(scenario: Scenario, interruption: Interruption, known: Rc<Vec<Seen>>) -> Ran {
    let context = Context(interruption);
    let Scenario { body, check, observer, seed, order } = scenario;
    let host = Rc::new(SimHost::new(seed));
    let victim: Rc<RefCell<Option<Task<()>>>> = Rc::default();
    let spawned = victim.clone();
    let main = async move {
        scope(async |s| {
            spawned.replace(Some(s.task(Some("scenario".into())).quiet().spawn_owned(body)));
            Ok(())
        })
        .await?;
        Ok(())
    };
    let listener = Rc::new(Listener { observer, panicked: RefCell::default() });
    let mut run = Run::with_observer(host.clone(), Some(listener.clone()), main).open_world();
    if let Some(seed) = order {
        run = run.shuffled(seed);
    }
    let probe = Rc::new(Probe::new(context.0.clone(), known, run.handle(), victim));
    // Weak: the executor must not keep itself alive.
    let watching = Rc::downgrade(&probe);
    run.handle()
        .watch(Rc::new(move |moment| watching.upgrade().into_iter().for_each(|probe| probe.see(moment))));
    let deadlock = drive(&mut run, &probe);
    if let Some(message) = listener.panicked.take() {
        panic!("{context}: the scenario panicked: {message}");
    }
    let census = run.handle().census();
    assert!(census.is_clear_but_for(0), "{context}: it leaves {census}");
    drop(run);
    let turns = probe.turns.take();
    drop(probe);
    if let Some(check) = check {
        check(&context.0);
    }
    let keepers = Rc::strong_count(&host) - 1;
    assert_eq!(
        keepers, 0,
        "{context}: something keeps the run alive, such as a task's handle inside the task"
    );
    Ran { turns, deadlock }
}

/// Drives the run to its end; where it comes to a deadlock, cancels the scenario and says so.
#[track_caller]
fn drive(run: &mut Run<'_, ()>, probe: &Probe) -> Option<String> {
    let mut deadlock = None;
    loop {
        match Pin::new(&mut *run).poll(&mut std::task::Context::from_waker(Waker::noop())) {
            Poll::Ready(Ok(())) => break,
            Poll::Ready(Err(RunError::Stopped)) => {
                panic!("{}: no end after {MOST_TURNS} turns", probe.interruption)
            }
            Poll::Ready(Err(error)) => panic!("{}: {error}", probe.interruption),
            Poll::Pending => {
                let stuck = probe.handle.everybody_stuck();
                assert!(
                    deadlock.is_none(),
                    "{}: cancelled after a deadlock, and still {stuck}",
                    probe.interruption
                );
                deadlock = Some(format!("{}: {stuck}", probe.interruption));
                probe.cancel_scenario();
            }
        }
    }
    assert!(!probe.differs.get(), "{}: the scenario is not the same twice", probe.interruption);
    deadlock
}

/// Hears of panics, which stay in their tasks, and passes everything on.
struct Listener {
    observer: Option<Rc<dyn Observer>>,
    panicked: RefCell<Option<String>>,
}

impl Observer for Listener {
    fn on_event(&self, at: Time, event: &Event) {
        if let Event::ErrorRaised { kind, message, .. } = event
            && **kind == *Panicked::KIND
        {
            self.panicked.borrow_mut().get_or_insert_with(|| message.to_string());
        }
        if let Some(observer) = &self.observer {
            observer.on_event(at, event);
        }
    }
}

/// Says, where something panics on the way, under which interruption.
struct Context(Interruption);

impl fmt::Display for Context {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Drop for Context {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("interrupt_everywhere: {}", self.0);
        }
    }
}
