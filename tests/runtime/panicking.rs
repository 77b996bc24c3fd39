//! Panics: contained in the task in which they come up, and told as any other error.
#![cfg(not(target_arch = "wasm32"))]

use std::cell::Cell;

use taskscope::runtime::{
    Error, ErrorGroup, Panicked, RunError, block_on_virtual, collect, defer, detach, scope, sleep_until,
    timeout,
};
use taskscope::time::Time;

use super::story::{Story, sleep};
use super::test;

/// Drops with a panic.
struct Bomb;

impl Drop for Bomb {
    fn drop(&mut self) {
        panic!("dropped a bomb");
    }
}

fn message(error: &Error) -> Vec<String> {
    error.leaves().map(|leaf| format!("{} in {} at {}", leaf.error(), leaf.path(), leaf.at())).collect()
}

fn failed<T: std::fmt::Debug>(result: std::result::Result<T, RunError>) -> Vec<String> {
    match result {
        Err(RunError::Failed(error)) => message(&error),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_child_panics_its_siblings_are_cancelled_and_cleaned_up() {
    let story = Story::new();
    story.run(async {
        let result: std::result::Result<(), ErrorGroup> = scope(async |s| {
            s.spawn_named("sibling", async {
                let told = story.clone();
                let _guard = defer(async move {
                    sleep(0.5).await;
                    told.tell("sibling cleaned up");
                    Ok(())
                });
                sleep(5.0).await;
                story.tell("the sibling ends");
                Ok(())
            });
            s.spawn_named("faulty", async {
                sleep(1.0).await;
                let empty: [u8; 0] = [];
                Ok(empty[empty.len()])
            });
            sleep(9.0).await;
            Ok(())
        })
        .await;
        let group = result.unwrap_err();
        story.tell(group.leaves().next().unwrap().path());
        assert!(group.leaves().next().unwrap().downcast_ref::<Panicked>().is_some());
        Ok(())
    });
    story.is(&[
        "1.5 sibling cleaned up", // the panic at 1 cancelled it
        "1.5 main/scope/faulty",  // and left the scope as an error with its path
        "1.5 run = ()",
    ]);
}

#[test]
fn a_panic_in_an_owned_child_in_the_body_and_in_the_root_fails_the_run() {
    let owned = block_on_virtual(async {
        scope(async |s| {
            s.spawn_owned::<()>(async { panic!("owned") });
            Ok(())
        })
        .await?;
        Ok(())
    });
    assert_eq!(failed(owned), ["panicked: owned in main/scope/task at 0.000000"]);
    let root = block_on_virtual::<()>(async { panic!("{} {}", "the", "root") });
    assert_eq!(failed(root), ["panicked: the root in main at 0.000000"]);
}

#[test]
fn a_panic_in_the_body_cancels_the_children_whose_cleanups_run() {
    let cleaned = Cell::new(false);
    let result = block_on_virtual::<()>(async {
        scope(async |s| {
            s.spawn(async {
                let _guard = on_drop(&cleaned);
                sleep(5.0).await;
                Ok(())
            });
            sleep(1.0).await;
            panic!("the body")
        })
        .await?;
        Ok(())
    });
    assert_eq!(failed(result), ["panicked: the body in main at 1.000000"]);
    assert!(cleaned.get());
}

struct OnDrop<'a>(&'a Cell<bool>);

impl Drop for OnDrop<'_> {
    fn drop(&mut self) {
        self.0.set(true);
    }
}

fn on_drop(cell: &Cell<bool>) -> OnDrop<'_> {
    OnDrop(cell)
}

#[test]
fn panics_of_one_instant_all_count() {
    let result = block_on_virtual(async {
        collect(async |s| {
            for number in 0..3 {
                s.spawn::<()>(async move {
                    sleep(1.0).await;
                    panic!("number {number}")
                });
            }
            Ok(())
        })
        .await?;
        Ok(())
    });
    assert_eq!(
        failed(result),
        [
            "panicked: number 0 in main/scope/task at 1.000000",
            "panicked: number 1 in main/scope/task#2 at 1.000000",
            "panicked: number 2 in main/scope/task#3 at 1.000000",
        ]
    );
}

#[test]
fn a_cleanup_that_panics_keeps_no_other_from_running() {
    let story = Story::new();
    story.run(async {
        let cut = timeout(std::time::Duration::from_secs(1), async {
            let told = story.clone();
            let _outer = defer(async move {
                told.tell("outer cleanup");
                Ok(())
            });
            let _inner = defer(async { panic!("inner cleanup") });
            sleep(5.0).await;
        })
        .await;
        story.tell(cut.unwrap_err().to_string());
        Ok(())
    });
    story.is(&["1 outer cleanup", "1 timed out after 1s; panicked: inner cleanup", "1 run = ()"]);
}

#[test]
fn a_drop_that_panics_fails_its_task_and_frees_the_others() {
    let after = Cell::new(false);
    let result = block_on_virtual(async {
        scope(async |s| {
            let bomb = s.spawn_named::<()>("bomb", async {
                let _bomb = Bomb;
                sleep(5.0).await;
                Ok(())
            });
            s.spawn(async {
                sleep(1.0).await;
                after.set(true);
                Ok(())
            });
            sleep(0.5).await;
            bomb.cancel();
            sleep_until(Time::from_us(500_000)).await;
            Ok(())
        })
        .await?;
        Ok(())
    });
    assert_eq!(failed(result), ["panicked: dropped a bomb in main/scope/bomb at 0.500000"]);
    assert!(!after.get(), "its scope failed");
}

#[test]
fn a_detached_task_that_panics_takes_nobody_with_it() {
    let result = block_on_virtual(async {
        let beacon = detach::<()>("beacon", async { panic!("the beacon") });
        sleep(1.0).await;
        Ok(beacon.await.unwrap_err().to_string())
    });
    assert_eq!(result.unwrap(), "panicked: the beacon");
}
