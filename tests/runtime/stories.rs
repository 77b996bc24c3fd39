//! Stories: what they tell by themselves, and how they differ from what was expected.

use taskscope::runtime::{Error, scope, timeout};
use taskscope::testing::Story;

use super::story::{fail_after, secs, sleep};
use super::test;

fn three_at_once() -> Story {
    let story = Story::new();
    let result = story.run(async {
        scope(async |s| {
            for name in ["a", "b", "c"] {
                let story = &story;
                s.spawn(async move {
                    sleep(1.0).await;
                    story.tell(name);
                    Ok(())
                });
            }
            Ok(())
        })
        .await?;
        story.tell("over");
        Ok(())
    });
    result.unwrap();
    story
}

#[test]
fn lines_of_one_set_come_in_any_order() {
    let story = three_at_once();
    story.assert_story(&["1 a", "1 b", "1 c", "1 over"]);
    story.assert_story_of_sets(&[&["1 c", "1 a", "1 b"], &["1 over"]]);
}

#[cfg(not(target_arch = "wasm32"))] // where a panic is the end of the program
#[test]
fn a_difference_is_told_line_by_line() {
    use std::panic::{AssertUnwindSafe, catch_unwind};
    let story = three_at_once();
    let message = |assertion: &dyn Fn()| {
        let panic = catch_unwind(AssertUnwindSafe(assertion)).expect_err("they differ");
        *panic.downcast::<String>().expect("a message")
    };
    let ordered = message(&|| story.assert_story(&["1 a", "1 b", "2 c", "1 over"]));
    assert_eq!(
        ordered,
        "the story differs: `-` was expected, `+` happened\n  1 a\n  1 b\n- 2 c\n+ 1 c\n  1 over\n"
    );
    let sets = message(&|| story.assert_story_of_sets(&[&["1 c", "1 x", "1 a"], &["1 over"]]));
    assert_eq!(
        sets,
        "the story differs: `-` was expected, `+` happened\n  1 c\n- 1 x\n  1 a\n+ 1 b\n  1 over\n"
    );
    // A line more than once is so in the set as well.
    let twice = message(&|| story.assert_story_of_sets(&[&["1 a", "1 a", "1 b"], &["1 over"]]));
    assert_eq!(
        twice,
        "the story differs: `-` was expected, `+` happened\n  1 a\n- 1 a\n  1 b\n+ 1 c\n  1 over\n"
    );
}

#[test]
fn a_story_of_tasks_tells_who_was_cancelled_and_why() {
    let story = Story::new().of_tasks();
    let result = story.run(async {
        let slow = scope(async |s| {
            s.spawn_named("slow", async {
                let _guard = story.guard("dropped where it waits");
                sleep(9.0).await;
                Ok(())
            });
            s.spawn_named("fails", fail_after(5.0, "late"));
            Ok(())
        });
        timeout(secs(1.0), slow).await??;
        Ok(())
    });
    assert_eq!(result.unwrap_err().to_string(), "timed out after 1s");
    story.assert_story(&[
        "0 main starts",
        "0 main/scope/slow starts",
        "0 main/scope/fails starts",
        "1 all in main is cancelled: its time was up",
        "1 main/scope/slow is cancelled: its scope was left",
        "1 main/scope/fails is cancelled: its scope was left",
        "1 dropped where it waits",
        "1 main/scope/slow is gone",
        "1 main/scope/fails is gone",
        "1 main raises Elapsed: timed out after 1s",
        "1 main fails",
    ]);
}

#[test]
fn a_story_of_tasks_tells_of_errors_once() {
    let story = Story::new().of_tasks();
    let result = story.run(async {
        let group = scope(async |s| {
            s.spawn_named("child", async { Err::<(), _>(Error::msg("boom")) });
            Ok(())
        })
        .await;
        story.tell(group.unwrap_err());
        Ok(())
    });
    result.unwrap();
    story.assert_story(&[
        "0 main starts",
        "0 main/scope/child starts",
        "0 main/scope/child raises Error: boom",
        "0 main/scope/child fails",
        "0 boom, in main/scope/child at 0 s",
        "0 main ends",
    ]);
}
