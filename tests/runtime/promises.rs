//! What the runtime promises, number by number, and the tests that hold it to that.

use std::fs;
use std::path::Path;

use super::test;

/// The behaviours of the runtime, each with its tests: the module in `tests/runtime` and the name, or a file of the
/// library and the name for what only shows inside. Times are virtual seconds from entry.
const BEHAVIOURS: [(&str, &[&str]); 38] = [
    // Scopes, from 1.
    (
        "children sleep 0.1 and 0.2 under an empty body: ends at 0.2, both values are there",
        &["scopes::an_empty_body_waits_for_both_children_and_both_values_are_there"],
    ),
    (
        "the body cancels one child at 0.15, then spawns another: ends without error",
        &["scopes::the_body_cancels_one_child_and_spawns_another"],
    ),
    (
        "a child fails at 0.1: its sibling is cancelled, what follows the scope does not run",
        &["scopes::a_child_fails_and_its_sibling_is_cancelled"],
    ),
    (
        "three children fail at one instant: all three errors leave",
        &[
            "scopes::three_children_fail_at_one_instant_and_all_count",
            "orders::failures_of_one_instant_all_count",
        ],
    ),
    (
        "five cleanups fail under a cancellation from outside: five errors leave, the cancellation stays pending",
        &["cancelling::five_cleanups_fail_under_a_cancellation_and_five_errors_leave"],
    ),
    (
        "the body fails: one error in the role of the body, both children cancelled",
        &["scopes::the_body_fails_and_both_children_are_cancelled"],
    ),
    ("groups nest as scopes do", &["scopes::an_inner_child_fails_and_the_groups_nest"]),
    (
        "cancelled while the body's cleanup outlasts the failure that a child was about to have: no error",
        &["cancelling::cancel_while_the_bodys_cleanup_outlasts_a_childs_failure"],
    ),
    (
        "a child fails and the body's cleanup fails too: both, with their roles",
        &["cleaning::a_child_fails_and_the_cleanups_of_body_and_sibling_fail_too"],
    ),
    (
        "a scope waits for its children and for those that they spawn beside them",
        &["scopes::a_scope_waits_for_children_of_children"],
    ),
    ("children that multiply are all stopped", &["scopes::children_that_multiply_are_all_stopped"]),
    (
        "inner and outer fail at one instant and a handler takes the inner: the outer leaves",
        &["scopes::inner_and_outer_fail_at_one_instant_and_a_handler_takes_the_inner"],
    ),
    ("an empty scope is a turn for others", &["scopes::an_empty_scope_is_a_turn_for_others"]),
    (
        "ten thousand nested scopes, the outermost cancelled: a flat stack",
        &["scale::ten_thousand_nested_scopes_and_the_outermost_is_cancelled"],
    ),
    (
        "a scenario with every primitive interrupted at every suspension loses nothing",
        &["everywhere::everything_interrupted_at_every_suspension_loses_nothing"],
    ),
    // Timeouts, from 16.
    (
        "fires at its instant; one that does not fire leaves no timer",
        &["deadlines::a_timeout_fires_and_one_that_does_not_leaves_no_timer"],
    ),
    (
        "nested at one instant: the outer reports; the loop blocked past both: both behave",
        &[
            "deadlines::nested_at_one_instant_and_the_outer_reports",
            "deadlines::the_loop_is_blocked_past_both_and_both_behave",
            "orders::an_outer_deadline_reports_whatever_else_is_due_then",
        ],
    ),
    (
        "moved forward, disabled, cancelled: never fires; into the past: at the next turn",
        &[
            "deadlines::moved_forward_then_disabled_then_cancelled_and_never_fires",
            "deadlines::moved_into_the_past_and_it_fires_at_the_next_turn",
        ],
    ),
    (
        "the inner's cleanup goes past the outer deadline: the outer reports",
        &["deadlines::the_inner_cleans_up_past_the_outer_and_the_outer_reports"],
    ),
    (
        "a timeout inside the cleanup of one that fired works",
        &["deadlines::a_timeout_inside_the_cleanup_of_a_timeout_that_fired"],
    ),
    (
        "thousands of moved deadlines leave a bounded heap",
        &[
            "scale::thousands_of_moved_deadlines_and_one_fires",
            "src/runtime/executor/timers_tests.rs::ten_thousand_moves_leave_a_bounded_heap",
        ],
    ),
    // Cancelling, from 22.
    (
        "twice: one delivery, the first reason is kept; after the end: no effect",
        &[
            "cancelling::cancel_twice_and_the_first_reason_is_kept",
            "cancelling::cancel_after_the_end_and_nothing_changes",
        ],
    ),
    (
        "before the first turn: no poll, and what the future owned is dropped",
        &["cancelling::cancel_before_the_first_turn_and_what_it_owned_is_dropped"],
    ),
    (
        "a task that cancels itself stops at its next suspension",
        &[
            "cancelling::a_task_that_cancels_itself_stops_at_its_next_suspension",
            "cancelling::a_task_that_borrows_and_cancels_itself_stops_at_its_next_suspension",
        ],
    ),
    (
        "of three nested scopes the middle one cancelled: that one ends, its parent goes on",
        &["scopes::a_cancelled_scope_ends_alone_and_its_parent_goes_on"],
    ),
    // Limiters, locks, queues, from 26.
    (
        "a limiter of none, four wait, two are cancelled, one release: the third has it",
        &["limits::four_wait_two_are_cancelled_and_the_release_goes_to_the_third"],
    ),
    (
        "a release and the cancellation of who was next at one instant: the permit is there",
        &["limits::many_permits_handed_to_a_waiter_that_is_cancelled_at_the_same_instant"],
    ),
    (
        "one permit, three who come again: in turns, and a releaser queues behind the waiters",
        &[
            "limits::one_permit_and_three_who_come_again_take_turns",
            "limits::nobody_barges_in_between_a_release_and_the_turn_of_the_waiter",
        ],
    ),
    (
        "resized under its holders: nobody is evicted, nobody admitted too early",
        &["limits::made_larger_and_smaller_under_its_holders_it_evicts_nobody_and_admits_nobody_too_early"],
    ),
    (
        "a queue of two blocks the third put; an item handed to a cancelled taker is not lost",
        &[
            "queues::three_puts_into_a_queue_of_two_and_the_third_waits",
            "queues::an_item_handed_to_a_taker_that_is_cancelled_at_the_same_instant",
        ],
    ),
    (
        "closed with an item and a put that waits: the put fails, the item is taken, then the end",
        &["queues::closed_with_one_item_and_a_put_that_waits"],
    ),
    (
        "a barrier of three, one who waits is cancelled, two more come: indices 0, 1, 2",
        &["sharing::two_wait_at_a_barrier_one_is_cancelled_and_two_more_arrive"],
    ),
    (
        "a lock handed to a waiter that is cancelled: the next has it",
        &["locks::handed_to_a_waiter_that_is_cancelled_at_the_same_instant"],
    ),
    (
        "an event set and cleared before the waiter's turn still wakes it",
        &["sharing::an_event_that_is_cleared_before_the_waiter_runs_still_wakes_it"],
    ),
    // Errors and time, from 35.
    (
        "split keeps nesting and order and drops empty branches; all, or none, match",
        &["errors::split_keeps_nesting_and_order_and_drops_empty_branches"],
    ),
    (
        "sleeps of 0, 10 … 90: 450 virtual seconds, no real one",
        &["deadlines::sleeping_one_after_the_other_takes_the_sum_and_no_real_time"],
    ),
    (
        "the clock stands still while a task is ready, and each sleeper sees its own instant",
        &["deadlines::each_sleeper_sees_its_own_instant_and_the_clock_stands_still_for_the_ready"],
    ),
    ("two runs, one trace, byte for byte", &["scale::two_runs_give_the_same_trace_byte_for_byte"]),
];

#[test]
fn each_behaviour_has_its_tests() {
    let top = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut missing = Vec::new();
    for (index, (behaviour, tests)) in BEHAVIOURS.iter().enumerate() {
        let number = index + 1;
        assert!(!tests.is_empty(), "{number}: {behaviour}: no test");
        for name in *tests {
            let Some((module, function)) = name.rsplit_once("::") else { panic!("{number}: {name}") };
            let path = match module.ends_with(".rs") {
                true => top.join(module),
                false => top.join(format!("tests/runtime/{module}.rs")),
            };
            let text = fs::read_to_string(&path).unwrap_or_default();
            // Nothing but attributes may stand between.
            let is_test = text.split("#[test]\n").skip(1).any(|rest| {
                let line = rest.lines().map(str::trim).find(|line| !line.starts_with("#["));
                line.is_some_and(|line| line.starts_with(&format!("fn {function}()")))
            });
            if !is_test {
                missing.push(format!("{number}: {behaviour}: there is no test {name}"));
            }
        }
    }
    assert!(missing.is_empty(), "\n{}\n", missing.join("\n"));
}
