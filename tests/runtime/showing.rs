//! What errors say of themselves: a line, a tree, a chain of sources, and a report that may leave the thread.

use std::error::Error as StdError;
use std::fmt;

use expect_test::{Expect, expect};
use taskscope::runtime::{Error, ErrorGroup, Report, block_on_virtual, defer, scope};

use super::story::{fail_after, sleep, turn};
use super::test;

/// An error that came from another.
#[derive(Debug)]
struct Lost(std::num::ParseIntError);

impl fmt::Display for Lost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("lost\ncount")
    }
}

impl StdError for Lost {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        Some(&self.0)
    }
}

fn lost() -> Lost {
    Lost("7 eggs".parse::<u32>().unwrap_err())
}

fn group(errors: usize) -> ErrorGroup {
    let mut found = None;
    block_on_virtual(async {
        let result = scope(async |outer| {
            outer.spawn_named("eggs", async {
                sleep(0.25).await;
                Err::<(), _>(lost().into())
            });
            outer.spawn_named("milk", async {
                scope(async |inner| {
                    (1..errors).for_each(|_| drop(inner.spawn(fail_after(0.25, "sour"))));
                    Ok(())
                })
                .await?;
                Ok(())
            });
            let _goodbye = defer(async { Err(Error::msg("no goodbye")) });
            turn().await; // so that its timer is set after the others
            sleep(0.25).await;
            Err::<(), _>(Error::msg("burnt"))
        });
        found = result.await.err();
        Ok(())
    })
    .unwrap();
    found.unwrap()
}

fn check(actual: impl fmt::Debug, expected: Expect) {
    expected.assert_eq(&format!("{actual:?}"));
}

#[test]
fn the_tree_tells_kind_message_path_instant_role_and_where_it_came_from() {
    check(
        group(2),
        expect![[r#"
            scope main/scope failed
            ├─ cause: Lost: lost
            │  count, in main/scope/eggs at 0.25 s
            │  because: invalid digit found in string
            ├─ body: Error: burnt, in main at 0.25 s
            ├─ raised during cancellation: scope main/scope/milk/scope failed
            │  └─ cause: Error: sour, in main/scope/milk/scope/task at 0.25 s
            └─ raised during cancellation: Error: no goodbye, in main at 0.25 s"#]],
    );
}

#[test]
fn a_line_leads_with_the_first_error() {
    assert_eq!(group(2).to_string(), "lost\ncount, in main/scope/eggs at 0.25 s; and 3 more errors");
    let one = group(2).subgroup(|leaf| leaf.path().ends_with("eggs")).unwrap();
    assert_eq!(one.to_string(), "lost\ncount, in main/scope/eggs at 0.25 s");
    assert_eq!(one.only().to_string(), "lost\ncount", "a single error says what it says");
    let outside = Error::all(vec![Error::msg("a"), Error::msg("b")]).unwrap();
    assert_eq!(outside.to_string(), "a; and 1 more error", "no task and no instant are known");
}

#[test]
fn a_large_tree_is_cut_and_says_so() {
    let text = format!("{:?}", group(10_000));
    assert_eq!(text.lines().count(), 104, "{text}");
    assert!(text.ends_with("\n│  └─ and 9903 more"), "{text}");
}

#[test]
fn sources_lead_to_the_first_error_and_on_to_its_own() {
    let chain = |error: &dyn StdError| {
        let mut said = vec![error.to_string()];
        let mut next = error.source();
        while let Some(error) = next {
            said.push(error.to_string());
            next = error.source();
        }
        said
    };
    let first = ["lost\ncount, in main/scope/eggs at 0.25 s; and 3 more errors", "lost\ncount"];
    let expected = [&first[..], &["invalid digit found in string"]].concat();
    assert_eq!(chain(&group(2)), expected);
    let group = group(2);
    let run = block_on_virtual(async { Err::<(), _>(group.into()) }).unwrap_err();
    assert_eq!(chain(&run), expected, "through the run as well");
    assert_eq!(chain(&Report::from(run)), expected, "and in a report");
    let boxed: Box<dyn StdError> = Error::from(lost()).into();
    assert_eq!(chain(&*boxed), expected[1..], "a single error adds nothing");
}

#[test]
fn a_report_may_leave_the_thread_and_says_the_same() {
    fn leaves<T: Send + Sync + 'static>(value: T) -> T {
        value
    }
    let group = group(2);
    let report = leaves(Report::from(group.clone()));
    assert_eq!(report.to_string(), group.to_string());
    assert_eq!(format!("{report:?}"), format!("{group:?}"));
    let boxed: Box<dyn StdError + Send + Sync> = Error::from(group).into();
    assert_eq!(boxed.downcast_ref::<Report>(), Some(&report));
}

#[test]
fn what_comes_back_out_of_a_box_is_the_same_error() {
    let there_and_back = |error: Error| {
        let boxed: Box<dyn StdError> = error.into();
        Error::boxed(boxed)
    };
    let error = Error::from(lost());
    let again = there_and_back(error.clone());
    let both = block_on_virtual(async {
        let result = taskscope::runtime::collect(async |s| {
            for error in [&error, &again] {
                s.spawn(async { Err::<(), _>(error.clone()) });
            }
            Ok(())
        });
        Ok(result.await.unwrap_err().leaves().count())
    });
    assert_eq!(both.unwrap(), 1, "counted once");
    assert!(matches!(there_and_back(group(2).into()), Error::Group(_)));
    let foreign: Box<dyn StdError> = "just a text".into();
    assert_eq!(Error::boxed(foreign).to_string(), "just a text");
}

#[test]
fn an_anyhow_error_is_found_by_type_under_its_contexts() {
    let error = anyhow::Error::new(lost()).context("no breakfast");
    let error = Error::from_anyhow(error);
    assert_eq!(error.to_string(), "no breakfast");
    assert!(error.downcast_ref::<Lost>().is_some());
    assert!(error.downcast_ref::<std::num::ParseIntError>().is_some(), "and what that came from");
    assert!(error.downcast_ref::<std::io::Error>().is_none());
    let back = anyhow::Error::new(Report::from(error));
    assert_eq!(format!("{back:#}"), "no breakfast: lost\ncount: invalid digit found in string");
}

#[test]
fn a_hundred_thousand_groups_inside_each_other_are_read_parted_and_dropped() {
    const DEPTH: usize = 100_000;
    let deepest = Error::from(lost());
    let mut error = deepest;
    for _ in 0..DEPTH {
        error = Error::all(vec![error, Error::msg("beside")]).unwrap();
    }
    let Error::Group(group) = error else { panic!("a group") };
    assert_eq!(group.to_string(), format!("lost\ncount; and {DEPTH} more errors"));
    assert_eq!(StdError::source(&group).unwrap().to_string(), "lost\ncount");
    let text = format!("{group:?}");
    assert!(text.lines().count() < 110 && text.len() < 10_000, "{text}");
    let (lost, beside) = group.split(|leaf| leaf.downcast_ref::<Lost>().is_some());
    assert_eq!(lost.unwrap().only().to_string(), "lost\ncount", "under every level");
    assert_eq!(beside.unwrap().leaves().count(), DEPTH);
    let mut catch = group.catch();
    assert!(catch.take::<Lost>().is_some());
    let rest = catch.finish().unwrap_err();
    assert_eq!(Report::from(rest).to_string(), format!("beside; and {} more errors", DEPTH - 1));
}
