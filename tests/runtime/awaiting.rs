//! Awaiting tasks: to whom an error belongs, and collecting scopes.

use taskscope::runtime::{Error, Task, TaskError, collect, scope};

use super::story::{Story, fail_after, sleep};
use super::test;

#[test]
fn collect_lets_everybody_end_and_then_tells_all() {
    let story = Story::new();
    story.run(async {
        let result = collect(async |s| {
            s.spawn(fail_after(0.1, "A"));
            s.spawn(async {
                sleep(0.3).await;
                story.tell("b ended");
                Ok(())
            });
            s.spawn(fail_after(0.2, "C"));
            Err::<(), _>(Error::msg("body"))
        })
        .await;
        story.left("collect", &result);
        Ok(())
    });
    story.is(&[
        "0.3 b ended",                                // no failure cancelled it
        "0.3 collect: {body body, cause A, cause C}", // in the order in which they came up
        "0.3 run = ()",
    ]);
}

#[test]
fn an_awaited_failure_still_fails_its_scope_and_counts_once() {
    let story = Story::new();
    story.run(async {
        let result = scope(async |s| {
            let a = s.spawn_named("a", fail_after(0.1, "A"));
            let error = a.await.unwrap_err();
            story.tell(format!("handled {error}"));
            sleep(1.0).await;
            story.tell("never");
            Ok(())
        })
        .await;
        story.left("handled", &result);
        let result = scope(async |s| {
            let a = s.spawn_named("a", fail_after(0.1, "A"));
            a.await?;
            Ok(())
        })
        .await;
        story.left("raised on", &result);
        Ok(())
    });
    story.is(&[
        "0.1 handled A",            // who awaits has it first
        "0.1 handled: {cause A}",   // and the scope fails all the same
        "0.2 raised on: {cause A}", // one error, however often it is raised on
        "0.2 run = ()",
    ]);
}

#[test]
fn awaiting_a_child_that_was_cancelled_on_its_own() {
    let story = Story::new();
    story.run(async {
        let text = scope(async |s| {
            let a = s.spawn_named("a", async {
                sleep(1.0).await;
                Ok(())
            });
            s.spawn(async {
                sleep(0.2).await;
                story.tell("sibling ended");
                Ok(())
            });
            sleep(0.1).await;
            a.cancel();
            match a.await {
                Err(TaskError::Cancelled { path, reason }) => Ok(format!("{path} {reason:?}")),
                other => Ok(format!("{other:?}")),
            }
        })
        .await?;
        Ok(text)
    });
    story.is(&[
        "0.2 sibling ended",                   // not affected
        "0.2 run = \"main/scope/a Explicit\"", // the awaiter is told, and by whom
    ]);
}

#[test]
fn in_a_collecting_scope_an_awaited_error_belongs_to_the_awaiter() {
    let story = Story::new();
    story.run(async {
        let result = collect(async |s| {
            let a = s.spawn_named("a", fail_after(0.1, "A"));
            s.spawn(async move {
                take_result(a).await;
                Ok(())
            });
            s.spawn(fail_after(0.1, "B"));
            Ok(())
        })
        .await;
        story.left("collect", &result);
        Ok(())
    });
    story.is(&[
        "0.1 collect: {cause B}", // A was delivered, B was not
        "0.1 run = ()",
    ]);
}

async fn take_result(task: Task<()>) {
    let _ = task.await;
}

#[test]
fn an_awaiter_cancelled_before_it_has_the_error_does_not_take_it_along() {
    let story = Story::new();
    story.run(async {
        let result = collect(async |s| {
            let a = s.spawn_named("a", fail_after(0.1, "A"));
            let waiter = s.spawn(async move {
                take_result(a).await;
                Ok(())
            });
            s.spawn(async move {
                sleep(0.1).await; // behind `a`, ahead of the waiter's turn
                waiter.cancel();
                Ok(())
            });
            Ok(())
        })
        .await;
        story.left("collect", &result);
        Ok(())
    });
    story.is(&[
        "0.1 collect: {cause A}", // delivered or still there, never neither
        "0.1 run = ()",
    ]);
}
