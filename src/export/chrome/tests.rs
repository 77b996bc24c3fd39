//! What a viewer of Chrome's traces needs: valid JSON, slices inside each other, arrows in pairs.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::event::{End, Reason, ScopeKind, Target};
use crate::ids::TaskId;
use crate::trace::Trace;
use crate::trace::script::{Script, order_dashboard};

use super::write;

const MAIN: TaskId = TaskId::ROOT;

fn entries(trace: &Trace) -> Vec<Value> {
    let file: Value = serde_json::from_str(&write(trace)).expect("JSON");
    file["traceEvents"].as_array().expect("a list").clone()
}

/// The slices of each thread as `name start+length`, in the order of the file.
fn slices(entries: &[Value]) -> BTreeMap<u64, Vec<String>> {
    let mut threads: BTreeMap<u64, Vec<String>> = BTreeMap::new();
    for entry in entries.iter().filter(|entry| entry["ph"] == "X") {
        let line = format!("{} {}+{}", entry["name"].as_str().unwrap_or("?"), entry["ts"], entry["dur"]);
        threads.entry(entry["tid"].as_u64().unwrap_or(0)).or_default().push(line);
    }
    threads
}

/// Panics where two slices of a thread overlap without one holding the other.
fn check_nesting(entries: &[Value]) {
    let mut open: BTreeMap<u64, Vec<u64>> = BTreeMap::new();
    for entry in entries.iter().filter(|entry| entry["ph"] == "X") {
        let number = |key: &str| entry[key].as_u64().expect("a number");
        let (start, end) = (number("ts"), number("ts") + number("dur"));
        let stack = open.entry(number("tid")).or_default();
        while stack.last().is_some_and(|outer| *outer <= start && *outer < end) {
            stack.pop();
        }
        assert!(stack.last().is_none_or(|outer| end <= *outer), "{entry} reaches out of what it is in");
        stack.push(end);
    }
}

#[test]
fn a_run_as_threads() {
    let entries = entries(&order_dashboard());
    check_nesting(&entries);
    let threads = slices(&entries);
    let main = [
        "main 0+250000",
        "timeout 0+250000",
        "scope dashboard 0+250000",
        "children of main/dashboard 0+250000",
    ];
    assert_eq!(threads[&1], main);
    assert_eq!(threads[&2], ["user 0+250000", "sleep 0+250000"]);
    let names: Vec<&str> = entries
        .iter()
        .filter(|entry| entry["name"] == "thread_name")
        .filter_map(|entry| entry["args"]["name"].as_str())
        .collect();
    assert_eq!(names, ["main", "main/dashboard/user", "main/dashboard/orders", "main/dashboard/prefs"]);
    let counts: Vec<&Value> =
        entries.iter().filter(|entry| entry["ph"] == "C").map(|entry| &entry["args"]["in use"]).collect();
    assert_eq!(counts, [1, 2, 1, 0], "of the limiter");
    assert!(
        entries.iter().any(|entry| entry["name"] == "ValueError: prefs are corrupt" && entry["ph"] == "i")
    );
    assert!(entries.iter().any(|entry| entry["name"] == "outcome: ok" && entry["s"] == "g"));
}

#[test]
fn what_does_not_nest_is_cut() {
    let mut run = Script::new("");
    let block = run.open(MAIN, None, ScopeKind::Timeout, "timeout");
    run.at_ms(1).sleep(MAIN, 9).at_ms(2).close(block, End::Cancelled).at_ms(4).wake(MAIN);
    let entries = entries(&run.end());
    check_nesting(&entries);
    let expected = ["main 0+4000", "timeout 0+2000", "sleep 1000+1000", "sleep 2000+2000"];
    assert_eq!(slices(&entries)[&1], expected);
}

#[test]
fn a_cancellation_is_an_arrow_and_what_never_ends_ends_with_the_run() {
    let mut run = Script::new("");
    let scope = run.open(MAIN, None, ScopeKind::Scope, "s");
    let child = run.spawn(MAIN, Some(scope), "child");
    run.sleep(child, 50).at_ms(3);
    run.cancel(Target::Task(child), Reason::Explicit, Some(MAIN));
    let entries = entries(&run.so_far());
    let arrows: Vec<String> = entries
        .iter()
        .filter(|entry| entry["cat"] == "cancel")
        .map(|entry| format!("{} {} {} {}", entry["ph"], entry["tid"], entry["ts"], entry["name"]))
        .collect();
    let expected =
        [r#""i" 2 3000 "cancelled: asked for""#, r#""s" 1 3000 "cancel""#, r#""f" 2 3000 "cancel""#];
    assert_eq!(arrows, expected);
    assert_eq!(slices(&entries)[&2], ["child 0+3000", "sleep 0+3000"]);
}
