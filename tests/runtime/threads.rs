//! Wake-ups from other threads, which a page does not have.

use std::time::Duration;

use taskscope::runtime::{RunError, block_on, defer, scope, stop_requested};

use super::story::Story;
use super::test;

#[test]
#[expect(clippy::disallowed_methods, reason = "a wake-up from another thread needs one")]
fn another_thread_wakes_a_task() {
    let story = Story::new();
    let (send, receive) = futures::channel::oneshot::channel();
    let (begin, begun) = std::sync::mpsc::channel();
    let thread = std::thread::spawn(move || {
        begun.recv().unwrap();
        send.send(7).unwrap();
    });
    let run = story.prepare(async {
        let value = scope(async |s| {
            let task = s.spawn(async {
                story.tell("waits");
                begin.send(()).unwrap();
                let value = receive.await.unwrap();
                story.tell("woke");
                Ok(value)
            });
            Ok(task.await?)
        })
        .await?;
        Ok(value)
    });
    assert_eq!(block_on(run.open_world()).unwrap(), 7);
    thread.join().unwrap();
    story.is(&["0 waits", "0 woke"]); // the inbox took the wake-up and called the driver
}

#[test]
#[expect(clippy::disallowed_methods, reason = "a request from another thread needs one")]
fn another_thread_asks_for_a_stop_politely_and_then_less_so() {
    let story = Story::new();
    let (up, is_up) = std::sync::mpsc::channel();
    let run = story.prepare(async {
        let guard = story.clone();
        let _guard = defer(async move {
            guard.tell("cleaned up");
            Ok(())
        });
        stop_requested().await;
        story.tell("asked");
        up.send(()).unwrap();
        std::future::pending::<()>().await;
        Ok(())
    });
    let stop = run.handle().stop_handle();
    // Before the first turn: it is not lost.
    stop.request_stop(None);
    let impatient = stop.clone();
    let thread = std::thread::spawn(move || {
        is_up.recv().unwrap();
        impatient.request_stop(Some(Duration::ZERO));
        impatient.request_stop(None); // takes nothing back
    });
    assert!(matches!(block_on(run.open_world()), Err(RunError::Cancelled)));
    thread.join().unwrap();
    stop.request_stop(None); // it is over
    story.is(&["0 asked", "0 cleaned up"]);
}

#[test]
fn of_several_requests_to_stop_the_shortest_grace_holds() {
    let story = Story::new();
    let run = story.prepare(async {
        let told = story.clone();
        let _guard = defer(async move {
            told.tell("cleaned up");
            Ok(())
        });
        std::future::pending::<()>().await;
        Ok(())
    });
    let stop = run.handle().stop_handle();
    for grace in [None, Some(5), Some(2), Some(9)] {
        stop.request_stop(grace.map(Duration::from_secs));
    }
    assert!(matches!(block_on(run), Err(RunError::Cancelled)));
    story.is(&["2 cleaned up"]);
}

/// Two threads pass a ball: each throw races with the turn that the throw before it began, so that a wake-up which finds
/// the task queued must still be seen by the poll that follows. A lost one would leave both waiting for ever.
#[test]
#[expect(clippy::disallowed_methods, reason = "wake-ups from another thread need one")]
fn a_wake_up_that_meets_a_beginning_turn_is_not_lost() {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU32, Ordering};

    use futures::task::AtomicWaker;

    const THROWS: u32 = 20_000;
    let court = Arc::new((AtomicU32::new(0), AtomicWaker::new()));
    let other = court.clone();
    let thread = std::thread::spawn(move || {
        for throw in 0..THROWS {
            other.0.store(throw + 1, Ordering::Release);
            // Twice: the second finds the task queued, or its turn begun.
            other.1.wake();
            other.1.wake();
            while other.0.load(Ordering::Acquire) != 0 {
                std::hint::spin_loop();
            }
        }
    });
    let caught = Story::new().prepare(async {
        let mut caught = 0;
        while caught < THROWS {
            caught = std::future::poll_fn(|cx| {
                court.1.register(cx.waker());
                match court.0.swap(0, Ordering::AcqRel) {
                    0 => std::task::Poll::Pending,
                    ball => std::task::Poll::Ready(ball),
                }
            })
            .await;
        }
        Ok(caught)
    });
    assert_eq!(block_on(caught.open_world()).unwrap(), THROWS);
    thread.join().unwrap();
}
