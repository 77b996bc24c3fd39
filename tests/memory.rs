//! Memory, counted by the allocator: a run leaves none behind, and grows only with what is alive.
#![cfg(not(target_arch = "wasm32"))]

use std::time::Duration;

use allocation_counter::{AllocationInfo, measure};
use taskscope::runtime::{
    Barrier, Event, Limiter, Queue, Result, block_on_virtual, collect, defer, join, race, scope, shield,
    sleep, timeout,
};
use taskscope::testing::Clock;

const SECOND: Duration = Duration::from_secs(1);

/// What a run of `main` allocates.
fn of_run(main: impl Future<Output = Result<()>>) -> AllocationInfo {
    // Once before, so that what is made once for all runs does not count.
    block_on_virtual(something_of_everything()).unwrap();
    measure(|| block_on_virtual(main).unwrap())
}

/// Spawns `count` children, one after the other, each of which ends before the next.
async fn one_by_one(count: u32) -> Result<()> {
    scope(async |s| {
        for number in 0..count {
            let task = if number % 2 == 0 {
                s.spawn(async move { Ok(number) })
            } else {
                s.spawn_owned(async move { Ok(number) })
            };
            task.await?;
        }
        Ok(())
    })
    .await?;
    Ok(())
}

#[test]
fn a_million_spawned_and_finished_leave_memory_flat() {
    let few = of_run(one_by_one(1_000));
    let many = of_run(one_by_one(1_000_000));
    assert_eq!(many.bytes_current, 0, "nothing is left");
    assert_eq!(many.bytes_max, few.bytes_max, "at no time is there more than with a thousand");
}

async fn all_at_once(count: u32) -> Result<()> {
    scope(async |s| {
        for _ in 0..count {
            s.spawn(async {
                sleep(SECOND).await;
                Ok(())
            });
        }
        Ok(())
    })
    .await?;
    Ok(())
}

#[test]
fn a_million_children_at_once_take_as_much_each_as_a_thousand() {
    // The step between the sizes of a growing list is 2, so that both stand equally well between two steps.
    let each = |count: u32| {
        let info = of_run(all_at_once(count));
        assert_eq!(info.bytes_current, 0, "nothing is left of {count}");
        info.bytes_max / u64::from(count)
    };
    let (few, many) = (each(1_000_000 >> 10), each(1_000_000));
    println!("bytes for each of a thousand sleeping children: {few}; of a million: {many}");
    assert!(many <= few + few / 10, "{many} bytes each, {few} where they are few");
}

/// Something of everything, most of it cut short.
async fn something_of_everything() -> Result<()> {
    let (limiter, queue) = (Limiter::new(2), Queue::bounded("queue", 1));
    let (event, barrier) = (Event::new("event"), Barrier::new("barrier", 3));
    let failed = timeout(
        5 * SECOND,
        collect(async |s| {
            for number in 0..4_u32 {
                let (limiter, queue, event, barrier) = (&limiter, &queue, &event, &barrier);
                s.spawn_named(format!("task {number}"), async move {
                    let _permit = limiter.acquire().await;
                    let _guard = defer(async {
                        sleep(SECOND).await;
                        Ok(())
                    });
                    queue.put(vec![number; 100]).await?;
                    event.wait().await;
                    barrier.wait().await;
                    Ok(())
                });
            }
            let first = race(async |r| {
                r.spawn(async { Ok(queue.take().await) });
                r.spawn(async {
                    sleep(SECOND).await;
                    Ok(None)
                });
                Ok(())
            });
            first.await?;
            join([1, 2, 3].map(async |number| Ok(vec![number; 10]))).await?;
            shield(None, async {
                sleep(SECOND).await;
                Ok(())
            })
            .await?;
            std::future::pending::<Result<()>>().await
        }),
    )
    .await;
    assert!(failed.is_err());
    Ok(())
}

#[test]
fn a_run_leaves_no_memory_behind() {
    let info = of_run(something_of_everything());
    assert!(info.count_total > 100, "there was something to leave");
    assert_eq!((info.count_current, info.bytes_current), (0, 0));
}

#[test]
fn a_run_that_is_dropped_half_way_leaves_no_memory_behind() {
    let dropped = || {
        // Paused, it goes as far as it can at instant zero.
        let clock = Clock::paused();
        assert!(clock.run(something_of_everything()).is_err());
    };
    dropped();
    let info = measure(dropped);
    assert_eq!((info.count_current, info.bytes_current), (0, 0));
}
