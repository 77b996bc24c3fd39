//! Cancels a scenario at each of its suspensions, and looks whether anything is left behind.

use std::cell::{Cell, RefCell};
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use taskscope::event::Outcome;
use taskscope::runtime::{Result, RunError, RunHandle, Task, block_on, scope};

use super::story::{Story, instant, orderly};

/// A task's body that is cancelled at its suspension number `at`.
struct Probed<F> {
    body: Pin<Box<F>>,
    at: usize,
    seen: Rc<Cell<usize>>,
    me: Rc<RefCell<Option<Task<()>>>>,
}

impl<F: Future> Future for Probed<F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        let poll = self.body.as_mut().poll(cx);
        if poll.is_pending() {
            self.seen.set(self.seen.get() + 1);
            if self.seen.get() == self.at {
                let me = self.me.borrow().clone();
                me.map(|task| task.cancel());
            }
        }
        poll
    }
}

/// Runs `scenario` to its end, then once more for each suspension with a cancellation there. After each run nothing may
/// be left: no task, no timer, no block, and no error but `expected` may leave; then `check` looks at what the scenario shares with it. Gives the number of
/// suspensions.
pub fn at_each_suspension<F, S>(
    scenario: impl Fn(Story, Rc<S>) -> F,
    check: impl Fn(&str, &Story, &S),
) -> usize
where
    F: Future<Output = Result<()>> + 'static,
    S: Default,
{
    let points = interrupted_at(0, &scenario, &check);
    for at in 1..=points {
        interrupted_at(at, &scenario, &check);
    }
    points
}

fn interrupted_at<F, S>(
    at: usize,
    scenario: &impl Fn(Story, Rc<S>) -> F,
    check: &impl Fn(&str, &Story, &S),
) -> usize
where
    F: Future<Output = Result<()>> + 'static,
    S: Default,
{
    let (story, shared, name) = (Story::new(), Rc::new(S::default()), format!("interrupted at {at}"));
    let seen = Rc::new(Cell::new(0));
    let me: Rc<RefCell<Option<Task<()>>>> = Rc::default();
    let handle: Rc<RefCell<Option<RunHandle>>> = Rc::default();
    let body = Box::pin(scenario(story.clone(), shared.clone()));
    let probed = Probed { body, at, seen: seen.clone(), me: me.clone() };
    let over = Rc::new(Cell::new(None));
    let main = async {
        let result = scope(async |s| {
            me.replace(Some(s.spawn_owned(probed)));
            Ok(())
        })
        .await;
        // What was raised before the interruption leaves all the same; nothing else does.
        if let Err(group) = result {
            assert!(group.leaves().all(|leaf| leaf.message() == "expected"), "{name}: {group:?}");
        }
        me.take();
        over.set(Some((story.lines().len(), handle.borrow().as_ref().map_or(0, RunHandle::live_tasks))));
        // Only a timer that was left behind could move the clock on from here.
        story.tell("over");
        std::future::pending::<()>().await;
        Ok(())
    };
    let prepared = story.prepare(main);
    handle.replace(Some(prepared.handle()));
    let result = block_on(prepared);
    assert!(matches!(result, Err(RunError::Stuck(_))), "{name}: {result:?}");
    let Some((told, live)) = over.get() else { panic!("{name}: the scenario is not over") };
    assert_eq!(live, 1, "{name}: a task is left beside the root");
    let last = format!("{} over", instant(story.recorder.since(0).last().unwrap().at));
    assert_eq!(story.lines()[told..], [last], "{name}: a timer was left");
    check(&name, &story, &shared);
    orderly(story.recorder.take(), Outcome::Deadlock);
    seen.get()
}
