//! Error groups: trees that can be taken apart and keep their shape.

use std::num::ParseIntError;

use taskscope::runtime::{Error, ErrorGroup, Leaf, ScopeOptions, block_on_virtual};

use super::story::{Story, fail_after, group_tree, instant, sleep};
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
    assert_eq!(group.to_string().split("; ").count(), 4, "display leads with the leaves");
}

#[test]
fn each_leaf_knows_its_task_and_instant_and_only_is_for_one() {
    let group = sample();
    let told: Vec<String> = group
        .leaves()
        .iter()
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
    assert!(group.only().is_none(), "there are four");
    let one = group.filter(&mut |leaf| leaf.path().ends_with("deep/task")).unwrap();
    assert_eq!(one.only().unwrap().error().to_string(), "B", "however deep it stands");
}

#[test]
fn an_error_made_in_one_task_and_raised_in_two_counts_once() {
    let story = Story::new();
    story.run(async {
        let result = taskscope::runtime::collect(async |s| {
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
