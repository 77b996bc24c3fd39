//! Error groups: trees that can be taken apart and keep their shape.

use std::num::ParseIntError;

use taskscope::runtime::{
    Error, ErrorGroup, Kinded, Leaf, ScopeOptions, TaskError, block_on_virtual, collect, defer, timeout,
};

use super::story::{Story, fail_after, group_tree, instant, secs, sleep, tree};
use super::test;

fn parse(text: &str) -> taskscope::runtime::Result<u32> {
    Ok(text.parse()?)
}

/// `{cause A, {cause <a number> , {cause B}}, cause <a number>}`.
fn sample() -> ErrorGroup {
    let mut found = None;
    block_on_virtual(async {
        let result = ScopeOptions::named("outer")
            .run(async |outer| {
                outer.spawn_named("first", fail_after(1.0, "A"));
                outer.spawn_named("second", async {
                    ScopeOptions::named("inner")
                        .run(async |inner| {
                            inner.spawn_named("number", async {
                                sleep(1.0).await;
                                parse("7 eggs")
                            });
                            inner.spawn_named("deeper", async {
                                ScopeOptions::named("deep")
                                    .run(async |deep| {
                                        deep.spawn(fail_after(1.0, "B"));
                                        Ok(())
                                    })
                                    .await?;
                                Ok(())
                            });
                            Ok(())
                        })
                        .await?;
                    Ok(())
                });
                outer.spawn_named("third", async {
                    sleep(1.0).await;
                    parse("")
                });
                Ok(())
            })
            .await;
        found = result.err();
        Ok(())
    })
    .unwrap();
    found.unwrap()
}

fn is_number(leaf: &Leaf) -> bool {
    leaf.downcast_ref::<ParseIntError>().is_some()
}

fn shown(group: Option<ErrorGroup>) -> String {
    group.map_or("none".to_string(), |group| group_tree(&group))
}

#[test]
fn split_keeps_nesting_and_order_and_drops_empty_branches() {
    let group = sample();
    const WHOLE: &str = "{cause A, cause cannot parse integer from empty string, \
        {cause invalid digit found in string, {cause B}}}";
    assert_eq!(group_tree(&group), WHOLE);
    let (numbers, rest) = group.split(is_number);
    assert_eq!(
        (shown(numbers).as_str(), shown(rest).as_str()),
        (
            "{cause cannot parse integer from empty string, {cause invalid digit found in string}}",
            "{cause A, {{cause B}}}",
        )
    );
    let (all, none) = group.split(|_| true);
    assert_eq!((shown(all).as_str(), shown(none).as_str()), (WHOLE, "none"), "everything matches");
    let (none, all) = group.split(|_| false);
    assert_eq!((shown(none).as_str(), shown(all).as_str()), ("none", WHOLE), "nothing does");
}

#[test]
fn each_leaf_knows_its_task_and_instant_and_only_is_for_one() {
    let group = sample();
    let told: Vec<String> = group
        .leaves()
        .map(|leaf| format!("{} {} {}", instant(leaf.at()), leaf.path(), leaf.kind()))
        .collect();
    assert_eq!(
        told,
        [
            "1 main/outer/first Error",
            "1 main/outer/third ParseIntError",
            "1 main/outer/second/inner/number ParseIntError",
            "1 main/outer/second/inner/deeper/deep/task Error",
        ]
    );
    assert!(group.single().is_none(), "there are four");
    assert!(matches!(group.clone().only(), Error::Group(_)), "so it is the group");
    let one = group.subgroup(|leaf| leaf.path().ends_with("deep/task")).unwrap();
    assert_eq!(one.only().to_string(), "B", "however deep it stands");
}

#[test]
fn an_error_made_in_one_task_and_raised_in_two_counts_once() {
    let story = Story::new();
    story.run(async {
        let result = collect(async |s| {
            let shared = Error::msg("shared");
            for _ in 0..2 {
                let shared = shared.clone();
                s.spawn(async move { Err::<(), _>(shared) });
            }
            Ok(())
        })
        .await;
        story.left("collect", &result);
        Ok(())
    });
    story.is(&["0 collect: {cause shared}", "0 run = ()"]);
}

#[test]
fn errors_made_outside_any_run_are_told_apart() {
    let (first, second) = (Error::msg("first"), Error::msg("second"));
    let story = Story::new();
    story.run(async {
        let result = collect(async |s| {
            for error in [&first, &second, &first] {
                s.spawn(async { Err::<(), _>(error.clone()) });
            }
            Ok(())
        })
        .await;
        story.left("collect", &result);
        Ok(())
    });
    story.is(&["0 collect: {cause first, cause second}", "0 run = ()"]); // though no run gave them a number
}

#[test]
fn what_is_given_up_leaves_its_place_and_what_comes_back_stands_at_the_end() {
    let story = Story::new();
    story.run(async {
        let result = collect(async |s| {
            let [a, b, c] = ["A", "B", "C"].map(|name| s.spawn_named(name, fail_after(1.0, name)));
            let inner = s.spawn(async {
                collect(async |s| {
                    s.spawn(fail_after(2.0, "D"));
                    s.spawn(fail_after(2.0, "E"));
                    Ok(())
                })
                .await?;
                Ok(())
            });
            drop((a, c.await));
            let b = b.await.unwrap_err(); // taken from the scope, and raised on into it
            let group = inner.await.unwrap_err();
            let TaskError::Failed(group) = &group else { return Ok(()) };
            let one = group.subgroup(|leaf| leaf.to_string() == "E").unwrap();
            s.spawn(async { Err::<(), _>(one) });
            Err::<(), _>(b.into())
        })
        .await;
        story.left("collect", &result);
        Ok(())
    });
    story.is(&["2 collect: {cause A, body B, {cause E}}", "2 run = ()"]);
}

#[test]
fn a_group_given_up_whole_is_let_go_in_one_go() {
    let story = Story::new();
    story.run(async {
        let result = collect(async |s| {
            let many = s.spawn(async {
                collect(async |s| {
                    (0..20_000).for_each(|_| drop(s.spawn_owned(async { Err::<(), _>(Error::msg("x")) })));
                    Ok(())
                })
                .await?;
                Ok(())
            });
            let error = many.await.unwrap_err();
            let TaskError::Failed(error) = error else { return Ok(0) };
            Ok(error.leaves().count())
        })
        .await;
        story.left("collect", &result); // squared, this would take minutes
        Ok(())
    });
    story.is(&["0 collect = 20000", "0 run = ()"]);
}

#[test]
fn a_hundred_thousand_children_fail_and_each_is_awaited() {
    let story = Story::new();
    story.run(async {
        let result = collect(async |s| {
            let tasks: Vec<_> = (0..100_000)
                .map(|n| s.spawn_owned(async move { Err::<(), _>(Error::msg(n.to_string())) }))
                .collect();
            let mut right = 0;
            for (n, task) in tasks.into_iter().enumerate() {
                let error = task.await.unwrap_err();
                right += usize::from(error.to_string() == n.to_string());
            }
            Ok(right)
        })
        .await;
        story.left("collect", &result); // nothing is left: each was given to whoever awaited it
        Ok(())
    });
    story.is(&["0 collect = 100000", "0 run = ()"]);
}

#[test]
fn a_deadline_and_failed_cleanups_stand_side_by_side() {
    let story = Story::new();
    story.run(async {
        let error: Error = timeout(secs(1.0), async {
            let _guard = defer(async { Err(Error::msg("no goodbye")) });
            sleep(9.0).await;
        })
        .await
        .unwrap_err()
        .into();
        story.tell(tree(&error));
        Ok(())
    });
    story.is(&["1 {cause timed out after 1s, cause no goodbye}", "1 run = ()"]);
}

/// What says itself what it is.
#[derive(Debug)]
struct Refused(u16);

impl std::fmt::Display for Refused {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "refused with {}", self.0)
    }
}

impl std::error::Error for Refused {}

impl Kinded for Refused {
    fn kind(&self) -> &str {
        "HttpError"
    }

    fn message(&self) -> String {
        self.0.to_string()
    }
}

#[derive(Debug)]
struct Generic<T>(T);

impl<T> std::fmt::Display for Generic<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("generic")
    }
}

impl<T: std::fmt::Debug> std::error::Error for Generic<T> {}

#[test]
fn a_kind_is_the_name_of_the_type_or_what_the_error_says() {
    let said = |error: Error| {
        let leaf = error.leaves().next().unwrap().clone();
        format!("{}, {}, {leaf}", leaf.kind(), leaf.message())
    };
    assert_eq!(said(Error::raise(Refused(503))), "HttpError, 503, refused with 503");
    assert_eq!(said(Refused(503).into()), "Refused, refused with 503, refused with 503");
    assert_eq!(said(Generic(Some(Refused(1))).into()), "Generic, generic, generic");
    assert_eq!(said(Error::msg("eggs")), "Error, eggs, eggs");
}
