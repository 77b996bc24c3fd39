//! Queues, events and barriers: an item is delivered or still in its container, a waiter counts while it waits.

use taskscope::runtime::{Barrier, Event, Queue, scope};

use super::story::{Story, turn};
use super::test;

#[test]
fn three_puts_into_a_queue_of_two_and_the_third_waits() {
    let story = Story::new();
    story.run(async {
        let queue = Queue::bounded("queue", 2);
        scope(async |s| {
            s.spawn(async {
                for number in 1..=3 {
                    queue.put(number).await?;
                    story.tell(format!("put {number}"));
                }
                Ok(())
            });
            turn().await;
            turn().await;
            story.tell(format!("take {:?}", queue.take().await));
            Ok(())
        })
        .await?;
        Ok(queue.len())
    });
    story.is(&["0 put 1", "0 put 2", "0 take Some(1)", "0 put 3", "0 run = 2"]);
}

#[test]
fn an_item_handed_to_a_taker_that_is_cancelled_at_the_same_instant() {
    let story = Story::new();
    story.run(async {
        let queue = Queue::bounded("queue", 2);
        scope(async |s| {
            let taker = s.spawn(async {
                story.tell(format!("never: {:?}", queue.take().await));
                Ok(())
            });
            turn().await;
            queue.put(1).await?;
            queue.put(2).await?;
            taker.cancel();
            Ok(())
        })
        .await?;
        Ok((queue.take().await, queue.take().await))
    });
    story.is(&["0 run = (Some(1), Some(2))"]); // it goes back to the front
}

#[test]
fn closed_with_one_item_and_a_put_that_waits() {
    let story = Story::new();
    story.run(async {
        let queue = Queue::bounded("queue", 1);
        scope(async |s| {
            queue.put(1).await?;
            s.spawn(async {
                story.tell(format!("put: {}", queue.put(2).await.unwrap_err()));
                Ok(())
            });
            turn().await;
            queue.close();
            turn().await;
            story.tell(format!("{:?} {:?}", queue.take().await, queue.take().await));
            Ok(())
        })
        .await?;
        Ok(())
    });
    story.is(&["0 put: the queue is closed", "0 Some(1) None", "0 run = ()"]);
}

#[test]
fn two_wait_at_a_barrier_one_is_cancelled_and_two_more_arrive() {
    let story = Story::new();
    story.run(async {
        let barrier = Barrier::new("line", 3);
        scope(async |s| {
            let arrive = |name: &'static str| {
                let (story, barrier) = (&story, &barrier);
                s.spawn(async move {
                    story.tell(format!("{name} {}", barrier.wait().await));
                    Ok(())
                })
            };
            let (_a, b) = (arrive("a"), arrive("b"));
            turn().await;
            b.cancel();
            turn().await;
            story.tell(format!("{} waits", barrier.waiting()));
            arrive("c");
            arrive("d");
            Ok(())
        })
        .await?;
        Ok(())
    });
    story.is(&["0 1 waits", "0 d 2", "0 a 0", "0 c 1", "0 run = ()"]); // indices in order of arrival
}

#[test]
fn an_event_that_is_cleared_before_the_waiter_runs_still_wakes_it() {
    let story = Story::new();
    story.run(async {
        let event = Event::new("ready");
        scope(async |s| {
            s.spawn(async {
                event.wait().await;
                story.tell(format!("woke, set: {}", event.is_set()));
                Ok(())
            });
            turn().await;
            event.set();
            event.clear();
            Ok(())
        })
        .await?;
        Ok(())
    });
    story.is(&["0 woke, set: false", "0 run = ()"]);
}
