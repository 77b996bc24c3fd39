//! Charts of runs written by hand.

use super::*;
use crate::event::{Reason, ScopeKind};
use crate::trace::script::{Script, order_dashboard};

#[test]
fn a_bar_for_each_task_and_a_diamond_for_each_line() {
    let chart = "---
config:
  gantt:
    leftPadding: 102
---
gantt
  %% A run of Taskscope. Blue ended well, grey was cancelled, red failed.
  title Order dashboard, ok after 0.25 s
  dateFormat x
  axisFormat %Q ms
  todayMarker off
  section main
    main :0, 250
    main logs lost#58; ValueError#58; prefs are corrupt :milestone, 250, 250
  section dashboard
    user#58; cancelled because prefs failed :done, 0, 250
    orders#58; cancelled because prefs failed :done, 0, 250
    prefs#58; ValueError#58; prefs are corrupt :crit, 0, 250
";
    let mut trace = order_dashboard();
    // The script cancels the scope alone; a run says it of each task too.
    let cancels: Vec<_> = [1, 2].map(|task| (Target::Task(TaskId(task)), TaskId(3))).into_iter().collect();
    let at =
        trace.events.iter().position(|it| matches!(it.event, Event::Cancel { .. })).expect("it is there");
    for (target, prefs) in cancels {
        let reason = Reason::SiblingFailed(ScopeId(1), prefs);
        let mut stamped = trace.events[at].clone();
        stamped.event = Event::Cancel { target, reason, by: None };
        trace.events.insert(at + 1, stamped);
    }
    assert_eq!(write(&trace), chart);
}

#[test]
fn a_short_run_is_shown_in_microseconds_and_a_long_one_in_seconds() {
    let axis = |us: u64| {
        let mut run = Script::new("");
        run.at_us(us).log(TaskId::ROOT, "x");
        let chart = write(&run.end());
        chart
            .lines()
            .filter(|it| it.contains("axisFormat") || it.contains("main :"))
            .collect::<Vec<_>>()
            .join("\n")
    };
    assert_eq!(axis(19_999), "  axisFormat %Q µs\n    main :0, 19999");
    assert_eq!(axis(20_500), "  axisFormat %Q ms\n    main :0, 21");
    assert_eq!(axis(25_000_000), "  axisFormat %s s\n    main :0, 25000");
}

#[test]
fn a_deadlock_shows_who_is_not_over() {
    let mut run = Script::new("Stuck");
    let scope = run.open(TaskId::ROOT, None, ScopeKind::Scope, "s");
    run.spawn(TaskId::ROOT, Some(scope), "title");
    run.at_ms(30);
    let chart = write(&run.so_far());
    assert!(chart.contains("title Stuck, still running after"), "{chart}");
    assert!(chart.contains("    #116;itle#58; not over :active, 0, "), "{chart}");
}

#[test]
fn more_than_fits_is_left_out_and_said() {
    let mut run = Script::new("Many");
    let scope = run.open(TaskId::ROOT, None, ScopeKind::Scope, "s");
    for at in 0..120 {
        let task = run.spawn(TaskId::ROOT, Some(scope), &format!("t{at}"));
        run.log(task, "here").finish(task, End::Ok);
    }
    let chart = write(&run.end());
    assert!(chart.contains("%% 21 more tasks are left out."), "{chart}");
    assert!(chart.contains("%% 60 more lines of the log are left out."), "{chart}");
    assert_eq!(chart.lines().filter(|it| it.contains(" :")).count(), MOST_TASKS + MOST_INSTANTS);
}
