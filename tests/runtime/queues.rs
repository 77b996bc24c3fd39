//! Queues: an item is with who puts it, inside, or with who took it; never lost, never there twice.

use futures::StreamExt;
use taskscope::runtime::{
    DoneTooMany, Queue, QueueClosed, QueueStatistics, Scope, Task, TryPutError, TryTakeError, scope,
};

use super::story::{Story, sleep, turn};
use super::test;

/// A child that takes once and tells.
fn taker<'env>(s: &Scope<'env>, story: &'env Story, queue: &'env Queue<u32>, name: &'static str) -> Task<()> {
    s.spawn_named(name, async move {
        story.tell(format!("{name} takes {:?}", queue.take().await));
        Ok(())
    })
}

/// A child that puts once and tells.
fn putter<'env>(s: &Scope<'env>, story: &'env Story, queue: &'env Queue<u32>, item: u32) -> Task<()> {
    s.spawn_named("putter", async move {
        match queue.put(item).await {
            Ok(()) => story.tell(format!("put {item}")),
            Err(QueueClosed(item)) => story.tell(format!("{item} comes back")),
        }
        Ok(())
    })
}

#[test]
fn items_come_first_in_first_out_last_in_first_out_or_largest_first() {
    for (queue, order) in [
        (Queue::unbounded("queue"), [2, 3, 1, 3]),
        (Queue::lifo("queue", None), [3, 1, 3, 2]),
        (Queue::priority("queue", None), [3, 3, 2, 1]),
    ] {
        [2, 3, 1, 3].into_iter().for_each(|item| queue.try_put(item).unwrap());
        assert_eq!(queue.abort(), order);
    }
}

#[test]
fn of_equal_items_the_one_that_was_put_first_is_taken_first() {
    let story = Story::new();
    story.run(async {
        let calls = Queue::priority("calls", 9);
        for (rank, name) in [(1, "a"), (2, "fire"), (1, "c"), (2, "flood"), (1, "b")] {
            calls.put(Ranked(rank, name)).await?;
        }
        calls.close();
        Ok(calls.stream().map(|ranked| ranked.1).collect::<Vec<_>>().await)
    });
    story.is(&[r#"0 run = ["fire", "flood", "a", "c", "b"]"#]);
}

/// Compared by its number alone.
struct Ranked(u32, &'static str);

impl Ord for Ranked {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.cmp(&other.0)
    }
}

impl PartialOrd for Ranked {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Ranked {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Ranked {}

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
fn without_room_items_pass_from_hand_to_hand() {
    let story = Story::new();
    story.run(async {
        let queue = Queue::bounded("hands", 0);
        scope(async |s| {
            putter(&s, &story, &queue, 1);
            turn().await;
            story.tell(format!("{:?}, try: {:?}", queue.len(), queue.try_put(9)));
            taker(&s, &story, &queue, "a");
            sleep(1.0).await;
            taker(&s, &story, &queue, "b");
            turn().await;
            story.tell(format!("try: {:?}", queue.try_put(2))); // somebody's hand is open
            Ok(())
        })
        .await?;
        Ok(queue.is_empty())
    });
    story.is(&[
        "0 0, try: Err(Full(_))",
        "0 a takes Some(1)",
        "0 put 1",
        "1 try: Ok(())",
        "1 b takes Some(2)",
        "1 run = true",
    ]);
}

#[test]
fn nobody_barges_in_before_those_who_wait() {
    let story = Story::new();
    story.run(async {
        let queue = Queue::bounded("queue", 1);
        scope(async |s| {
            for name in ["a", "b"] {
                taker(&s, &story, &queue, name);
            }
            turn().await;
            queue.put(1).await?; // to a
            story.tell(format!("take {:?}", queue.try_take()));
            queue.put(2).await?; // to b
            queue.put(3).await?;
            putter(&s, &story, &queue, 4);
            turn().await;
            story.tell(format!("take {:?}", queue.try_take())); // makes room for 4, which goes in
            story.tell(format!("put {:?}", queue.try_put(5)));
            Ok(())
        })
        .await?;
        Ok(queue.try_take())
    });
    story.is(&[
        "0 take Err(Empty)",
        "0 a takes Some(1)",
        "0 b takes Some(2)",
        "0 take Ok(3)",
        "0 put Err(Full(_))",
        "0 put 4",
        "0 run = Ok(4)",
    ]);
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
fn items_handed_to_several_takers_that_are_cancelled_come_back_in_order() {
    for (queue, order) in [
        (Queue::bounded("queue", 1), [1, 2, 3, 4]),
        (Queue::lifo("queue", 1), [4, 3, 2, 1]),
        (Queue::priority("queue", 1), [4, 3, 2, 1]),
    ] {
        let story = Story::new();
        story.run(async {
            scope(async |s| {
                let takers: Vec<Task<()>> =
                    ["a", "b", "c"].map(|name| taker(&s, &story, &queue, name)).into();
                turn().await;
                for item in 1..=4 {
                    queue.put(item).await?; // three are handed over, the fourth is inside
                }
                for number in [1, 0, 2] {
                    takers[number].cancel();
                }
                Ok(())
            })
            .await?;
            story.tell(format!("{} inside", queue.len())); // more than there is room for, and none is lost
            Ok(queue.abort() == order)
        });
        story.is(&["0 4 inside", "0 run = true"]);
    }
}

#[test]
fn an_item_handed_to_a_cancelled_taker_goes_to_the_next_who_waits() {
    let story = Story::new();
    story.run(async {
        let queue = Queue::bounded("queue", 1);
        scope(async |s| {
            let first = taker(&s, &story, &queue, "a");
            taker(&s, &story, &queue, "b");
            turn().await;
            queue.put(1).await?;
            first.cancel();
            Ok(())
        })
        .await?;
        Ok(())
    });
    story.is(&["0 b takes Some(1)", "0 run = ()"]);
}

#[test]
fn a_put_that_is_admitted_and_cancelled_at_the_same_instant_was_put_once() {
    let story = Story::new();
    story.run(async {
        let queue = Queue::bounded("queue", 1);
        scope(async |s| {
            queue.put(1).await?;
            let second = putter(&s, &story, &queue, 2);
            let third = putter(&s, &story, &queue, 3);
            turn().await;
            third.cancel(); // waits: its item goes with it
            turn().await;
            story.tell(format!("{:?}", queue.take().await));
            second.cancel(); // admitted: its item is inside
            Ok(())
        })
        .await?;
        Ok((queue.try_take(), queue.try_take()))
    });
    story.is(&["0 Some(1)", "0 run = (Ok(2), Err(Empty))"]);
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
fn closing_wakes_takers_and_gives_each_blocked_put_its_item_back() {
    let story = Story::new();
    story.run(async {
        let (empty, full) = (Queue::bounded("empty", 1), Queue::bounded("full", 1));
        scope(async |s| {
            full.put(1).await?;
            putter(&s, &story, &full, 2);
            putter(&s, &story, &full, 3);
            taker(&s, &story, &empty, "a");
            turn().await;
            full.close();
            empty.close();
            turn().await;
            story.tell(format!("{:?} {:?}", full.try_put(4), full.put(5).await));
            story.tell(format!("{:?} {:?}", full.try_take(), full.try_take()));
            Ok(())
        })
        .await?;
        Ok(TryPutError::Closed(4).into_inner())
    });
    story.is(&[
        "0 2 comes back",
        "0 3 comes back",
        "0 a takes None",
        "0 Err(Closed(_)) Err(QueueClosed(_))",
        "0 Ok(1) Err(Ended)",
        "0 run = 4",
    ]);
    assert_eq!(TryTakeError::Ended.to_string(), "the queue is empty and closed");
}

#[test]
fn aborting_gives_back_what_nobody_took_and_wakes_everybody() {
    let story = Story::new();
    story.run(async {
        let queue = Queue::bounded("queue", 2);
        scope(async |s| {
            taker(&s, &story, &queue, "a");
            taker(&s, &story, &queue, "b");
            turn().await;
            for item in 1..=4 {
                queue.put(item).await?; // two are handed over and not taken yet
            }
            putter(&s, &story, &queue, 5);
            s.spawn(async {
                queue.join().await;
                story.tell("joined");
                Ok(())
            });
            // Their turn comes behind this one's.
            story.tell(format!("undelivered: {:?}", queue.abort()));
            turn().await;
            story.tell(format!("{:?}", queue.statistics()));
            Ok(())
        })
        .await?;
        Ok(())
    });
    story.is(&[
        "0 undelivered: [1, 2, 3, 4]",
        "0 a takes None",
        "0 b takes None",
        "0 5 comes back",
        "0 joined",
        "0 QueueStatistics { capacity: Some(2), len: 0, peak: 2, putting: 0, taking: 0, joining: 0, \
         unfinished: 0, closed: true }",
        "0 run = ()",
    ]);
}

#[test]
fn join_waits_for_what_was_taken_before_an_abort() {
    let story = Story::new();
    story.run(async {
        let queue = Queue::unbounded("queue");
        scope(async |s| {
            queue.put(1).await?;
            queue.put(2).await?;
            let first = queue.take().await;
            s.spawn(async {
                queue.join().await;
                story.tell("joined");
                Ok(())
            });
            turn().await;
            story.tell(format!("{first:?}, {:?} undelivered", queue.abort()));
            sleep(1.0).await;
            story.tell(format!("{:?}", queue.done()));
            story.tell(format!("{:?}", queue.done()));
            Ok(())
        })
        .await?;
        Ok(())
    });
    story.is(&[
        "0 Some(1), [2] undelivered",
        "1 Ok(())",
        "1 Err(DoneTooMany)", // one too many is an error, and changes nothing
        "1 joined",
        "1 run = ()",
    ]);
    assert_eq!(DoneTooMany.to_string(), "done was called more often than items were put");
}

#[test]
fn a_queue_tells_its_numbers() {
    let story = Story::new();
    story.run(async {
        let queue = Queue::bounded("queue", 1);
        scope(async |s| {
            queue.put(1).await?;
            let waiting = putter(&s, &story, &queue, 2);
            let joining = s.spawn(async {
                queue.join().await;
                Ok(())
            });
            turn().await;
            let QueueStatistics { len, putting, taking, joining: join, unfinished, .. } = queue.statistics();
            story.tell(format!("{len} {putting} {taking} {join} {unfinished}"));
            waiting.cancel();
            joining.cancel();
            Ok(())
        })
        .await?;
        Ok(queue.statistics().putting + queue.statistics().joining)
    });
    story.is(&["0 1 1 0 1 1", "0 run = 0"]); // what waits to be put is not counted as unfinished
}

#[test]
fn a_stream_takes_one_at_a_time_and_leaves_the_rest() {
    let story = Story::new();
    story.run(async {
        let queue = Queue::bounded("queue", 1);
        scope(async |s| {
            s.spawn(async {
                for item in 1..=5 {
                    queue.put(item).await?;
                }
                queue.close();
                Ok(())
            });
            let firsts: Vec<u32> = queue.stream().take(2).collect().await;
            story.tell(format!("{firsts:?}"));
            let mut waiting = queue.stream();
            story.tell(format!("{:?}", waiting.next().await));
            drop(waiting);
            story.tell(format!("{:?}", queue.stream().collect::<Vec<u32>>().await));
            Ok(())
        })
        .await?;
        Ok(())
    });
    story.is(&["0 [1, 2]", "0 Some(3)", "0 [4, 5]", "0 run = ()"]);
}
