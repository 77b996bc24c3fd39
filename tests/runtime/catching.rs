//! Handling errors by kind: several handlers in a row, with nothing lost.

use std::fmt;
use std::num::ParseIntError;

use taskscope::event::Event;
use taskscope::runtime::{Catch, Error, ErrorGroup, Leaf, Result, collect, scope};

use super::story::{Story, fail_after, sleep, tree};
use super::test;

#[derive(Debug)]
struct Refused(&'static str);

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} refused", self.0)
    }
}

impl std::error::Error for Refused {}

async fn refuse(who: &'static str) -> Result<()> {
    sleep(1.0).await;
    Err(Refused(who).into())
}

async fn count(eggs: &'static str) -> Result<()> {
    sleep(1.0).await;
    eggs.parse::<u32>()?;
    Ok(())
}

/// `{cause user refused, cause A, {cause invalid digit found in string, cause prefs refused}}`.
async fn sample() -> ErrorGroup {
    let result = collect(async |outer| {
        outer.spawn(refuse("user"));
        outer.spawn(fail_after(1.0, "A"));
        outer.spawn(async {
            collect(async |inner| {
                inner.spawn(count("7 eggs"));
                inner.spawn(refuse("prefs"));
                Ok(())
            })
            .await?;
            Ok(())
        });
        Ok(())
    });
    result.await.unwrap_err()
}

const WHOLE: &str =
    "{cause user refused, cause A, {cause invalid digit found in string, cause prefs refused}}";

fn shown(error: Option<Error>) -> String {
    error.as_ref().map_or("none".to_string(), tree)
}

fn left(catch: Catch) -> String {
    shown(catch.finish().err())
}

#[test]
fn each_handler_is_given_what_is_left_and_the_rest_keeps_its_shape() {
    let story = Story::new();
    story.run(async {
        let group = sample().await;
        let mut catch = group.clone().catch();
        story.tell(shown(catch.take::<Refused>()));
        story.tell(shown(catch.take::<Refused>()));
        story.tell(shown(catch.take::<ParseIntError>()));
        story.tell(shown(catch.rest()));
        story.tell(left(catch));
        story.tell(tree(&Error::Group(group)));
        Ok(())
    });
    story.is(&[
        "1 {cause user refused, {cause prefs refused}}", // from both levels, as they stood
        "1 none",                                        // each is taken once
        "1 {{cause invalid digit found in string}}",
        "1 {cause A}",
        "1 {cause A}",
        &format!("1 {WHOLE}"), // whoever else has the group still has all of it
        "1 run = ()",
    ]);
}

#[test]
fn what_a_handler_raises_on_goes_back_to_its_place_and_what_is_new_stands_beside() {
    let story = Story::new();
    story.run(async {
        let mut catch = sample().await.catch();
        let refused = catch.take::<Refused>().unwrap();
        let inner = refused.subgroup(|leaf| leaf.to_string() == "prefs refused").unwrap();
        catch.failed(inner);
        catch.failed(Error::msg("the handler broke"));
        story.tell(shown(catch.rest()));
        story.tell(left(catch));
        Ok(())
    });
    story.is(&[
        "1 {cause A, {cause invalid digit found in string}}", // a later handler is not given it again
        "1 {{cause A, {cause invalid digit found in string, cause prefs refused}}, cause the handler broke}",
        "1 run = ()",
    ]);
}

#[test]
fn a_handler_that_raises_a_group_of_old_and_new_is_taken_apart() {
    let story = Story::new();
    story.run(async {
        let mut catch = sample().await.catch();
        let all = catch.take_all().unwrap();
        let old = all.subgroup(|leaf| leaf.to_string() == "A").unwrap();
        let both = scope(async |s| {
            s.spawn(async { Err::<(), _>(old) });
            s.spawn(async { Err::<(), _>(Error::msg("new")) });
            Ok(())
        });
        catch.failed(both.await.unwrap_err());
        story.tell(left(catch));
        Ok(())
    });
    story.is(&["1 {{cause A}, {cause new}}", "1 run = ()"]);
}

#[test]
fn all_or_nothing_taken() {
    let story = Story::new();
    story.run(async {
        let mut catch = sample().await.catch();
        assert!(catch.take::<std::io::Error>().is_none());
        story.tell(left(catch));
        let mut catch = sample().await.catch();
        catch.take_all();
        story.tell(left(catch));
        let mut catch = Error::from(Refused("nobody")).catch();
        story.tell(shown(catch.take::<Refused>()));
        story.tell(left(catch));
        Ok(())
    });
    story.is(&[
        &format!("1 {WHOLE}"),
        "2 none",
        "2 nobody refused", // a lone error is handled as a group of one would be, and stays what it is
        "2 none",
        "2 run = ()",
    ]);
}

#[test]
fn a_cancellation_cannot_be_handled_away() {
    let story = Story::new();
    story.run(async {
        let group = scope(async |s| {
            s.cancel();
            sleep(1.0).await;
            Ok(())
        })
        .await
        .unwrap_err();
        let mut catch = group.catch();
        story.tell(shown(catch.take_all()));
        story.tell(left(catch));
        Ok(())
    });
    story.is(&["0 none", "0 {} cancelled", "0 run = ()"]);
}

#[test]
fn each_leaf_is_asked_for_once_and_said_to_be_caught_once() {
    let story = Story::new();
    story.run(async {
        let outside = Error::msg("made here");
        let mut asked = Vec::new();
        let group = sample().await;
        let mut catch = group.catch();
        catch.take_if(|leaf: &Leaf| {
            asked.push(leaf.to_string());
            leaf.downcast_ref::<Refused>().is_some()
        });
        catch.take_all();
        story.tell(asked.join(", "));
        let mut alone = outside.catch();
        alone.take_all();
        alone.finish()
    });
    story.is(&["1 user refused, A, invalid digit found in string, prefs refused", "1 run = ()"]);
    let caught = |event: &Event| match event {
        Event::ErrorCaught { error, .. } => Some(error.0),
        _ => None,
    };
    let events = story.recorder.take();
    let caught: Vec<u32> = events.iter().filter_map(|stamped| caught(&stamped.event)).collect();
    assert_eq!(caught, [1, 4, 2, 3, 0], "in the order in which they were taken");
}
