//! Wake-ups from other threads, which a page does not have.

use taskscope::runtime::{block_on, scope};

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
