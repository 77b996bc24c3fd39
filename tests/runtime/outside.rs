//! What happens between turns: nobody is left asleep, nothing is left behind.

use std::cell::RefCell;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Waker};

use taskscope::runtime::{Event, Limiter, Permit, Run, Scope, Task, TimeoutHandle, defer, scope};

use super::story::{Story, secs, sleep, turn};
use super::test;

/// Polls an open run once: it goes as far as it can.
fn drive<T: 'static>(run: &mut Run<'_, T>) -> bool {
    Pin::new(run).poll(&mut Context::from_waker(Waker::noop())).is_ready()
}

/// What a page keeps of a run to act on it from its buttons.
#[derive(Clone)]
struct Handles {
    event: Event,
    limiter: Limiter,
    limit: TimeoutHandle,
    permit: Rc<RefCell<Option<Permit>>>,
    victim: Rc<RefCell<Option<Task<()>>>>,
    scope: Rc<RefCell<Option<Scope<'static>>>>,
}

/// Four children, each of which waits for one of the handles.
async fn four_wait(story: Story, handles: Handles) -> taskscope::runtime::Result<()> {
    let Handles { event, limiter, limit, permit, victim, scope: known } = handles;
    scope(async |s: Scope<'static>| {
        known.replace(Some(s.clone()));
        permit.replace(Some(limiter.acquire().await));
        let told = story.clone();
        s.spawn_owned(async move {
            event.wait().await;
            told.tell("clicked");
            Ok(())
        });
        let told = story.clone();
        s.spawn_owned(async move {
            let _permit = limiter.acquire().await;
            told.tell("permit came");
            Ok(())
        });
        let told = story.clone();
        let task = s.spawn_owned(async move {
            let _guard = defer(async move {
                told.tell("cleaned up");
                Ok(())
            });
            std::future::pending::<()>().await;
            Ok(())
        });
        victim.replace(Some(task));
        let (told, disabled) = (story.clone(), limit.clone());
        s.spawn_owned(async move {
            let result = limit.run(std::future::pending::<()>()).await;
            told.tell(result.unwrap_err());
            Ok(())
        });
        turn().await;
        disabled.reschedule(None);
        Ok(())
    })
    .await?;
    Ok(())
}

#[test]
fn handles_used_between_turns_act_as_in_a_turn() {
    let story = Story::new();
    let handles = Handles {
        event: Event::new("click"),
        limiter: Limiter::new(1),
        limit: TimeoutHandle::new(secs(5.0)),
        permit: Rc::default(),
        victim: Rc::default(),
        scope: Rc::default(),
    };
    let mut run = story.prepare(four_wait(story.clone(), handles.clone())).open_world();
    let Handles { event, limit, permit, victim, scope: handle, .. } = handles;
    // The limit is disabled in the first turns, so that nothing but a click moves this run.
    assert!(!drive(&mut run));
    story.tell("-- event set");
    event.set();
    assert!(!drive(&mut run));
    story.tell("-- permit dropped");
    drop(permit.take());
    assert!(!drive(&mut run));
    story.tell("-- task cancelled");
    assert!(victim.take().unwrap().cancel());
    assert!(!drive(&mut run));
    story.tell("-- child spawned");
    let told = story.clone();
    handle.borrow().as_ref().unwrap().spawn_owned(async move {
        told.tell("spawned from outside");
        Ok(())
    });
    drop(handle.take());
    assert!(!drive(&mut run));
    story.tell("-- deadline moved");
    assert!(limit.reschedule(Some(taskscope::time::Time::ZERO)));
    assert!(drive(&mut run));
    story.is(&[
        "0 -- event set",
        "0 clicked",
        "0 -- permit dropped",
        "0 permit came",
        "0 -- task cancelled",
        "0 cleaned up",
        "0 -- child spawned",
        "0 spawned from outside",
        "0 -- deadline moved",
        "0 timed out after 0s",
    ]);
}

#[test]
fn a_run_dropped_half_way_leaks_nothing() {
    let story = Story::new();
    let limiter = Limiter::new(1);
    let handle: Rc<RefCell<Option<Scope<'static>>>> = Rc::default();
    {
        let (inner, limiter, known) = (story.clone(), limiter.clone(), handle.clone());
        let mut run = story
            .prepare(async move {
                let _root = inner.guard("root");
                let (first, second) = (inner.guard("cleanup, never run"), inner.guard("owned"));
                scope(async |s: Scope<'static>| {
                    known.replace(Some(s.clone()));
                    s.spawn_owned(async move {
                        let _own = second;
                        let _guard = defer(async move {
                            let _first = first;
                            sleep(1.0).await;
                            Ok(())
                        });
                        std::future::pending::<()>().await;
                        Ok(())
                    });
                    let story = inner.clone();
                    let permit = limiter.acquire().await;
                    s.spawn(async move {
                        let _own = (story.guard("borrowing"), permit);
                        let inside = async |inner: Scope<'_>| {
                            inner.spawn(async {
                                std::future::pending::<()>().await;
                                Ok(())
                            });
                            Ok(())
                        };
                        scope(inside).await?;
                        Ok(())
                    });
                    let limiter = limiter.clone();
                    s.spawn(async move {
                        drop(limiter.acquire().await);
                        Ok(())
                    });
                    turn().await;
                    std::future::pending::<()>().await;
                    Ok(())
                })
                .await?;
                Ok(())
            })
            .open_world();
        assert!(!drive(&mut run));
        story.tell(format!("live: {}", run.handle().live_tasks()));
        // On its way into the scope's future when the run is dropped, and it holds the scope.
        let here = handle.take().unwrap();
        let (again, late) = (here.clone(), story.guard("on its way"));
        here.spawn(async move {
            let _late = (late, again);
            Ok(())
        });
    }
    story.tell(format!("host is known to {}", Rc::strong_count(&story.host)));
    story.tell(format!("{} free, {} wait", limiter.available(), limiter.waiting()));
    let dropped = 5;
    let lines = story.lines();
    assert_eq!(lines[0], "0 live: 5");
    let mut guards = lines[1..=dropped].to_vec();
    guards.sort();
    assert_eq!(guards, ["0 borrowing", "0 cleanup, never run", "0 on its way", "0 owned", "0 root"]);
    // Only this story is left to know the host: the executor is gone.
    assert_eq!(lines[dropped + 1..], ["0 host is known to 1", "0 1 free, 0 wait"]);
}
