//! The deadline heap against a slow model of it, and at its limits.

use std::collections::{BTreeSet, VecDeque};

use crate::ids::TaskId;
use crate::time::Time;

use super::entry::TaskRef;
use super::timers::{Class, SWEEP_MIN, TimerKey, Timers, looks};
use super::wake::Wakeup;

fn task(number: u32) -> Wakeup {
    Wakeup::Task(TaskRef { slot: number, id: TaskId(number) })
}

fn take(timers: &mut Timers, us: u64) -> Vec<u32> {
    let mut due = Vec::new();
    timers.take_due(Time::from_us(us), &mut due);
    let number = |(_, wakeup)| match wakeup {
        Wakeup::Task(task) => task.slot,
        Wakeup::Waker(_) => u32::MAX,
    };
    due.into_iter().map(number).collect()
}

#[test]
fn deadlines_come_before_timers_and_outer_before_inner() {
    let mut timers = Timers::default();
    let at = Time::from_us;
    timers.insert(at(10), Class::Timer, task(1));
    timers.insert(at(10), Class::Timer, task(2));
    timers.insert(at(10), Class::Deadline(4), task(3));
    timers.insert(at(10), Class::Deadline(1), task(4));
    timers.insert(at(5), Class::Timer, task(5));
    timers.insert(at(7), Class::Deadline(9), task(6));
    timers.insert(at(11), Class::Deadline(0), task(7));
    assert_eq!(timers.next(), Some(at(5)));
    // The clock ran past three instants at once.
    assert_eq!(take(&mut timers, 10), [6, 4, 3, 5, 1, 2]);
    assert_eq!(timers.next(), Some(at(11)));
}

#[test]
fn ten_thousand_moves_leave_a_bounded_heap() {
    let mut timers = Timers::default();
    let mut key = timers.insert(Time::from_us(1), Class::Deadline(0), task(0));
    for us in 0..10_000 {
        timers.remove(key);
        key = timers.insert(Time::from_us(us), Class::Deadline(0), task(0));
    }
    let (live, held) = timers.sizes();
    assert_eq!(live, 1);
    assert!(held <= 2 + SWEEP_MIN + 1, "{held} entries for one deadline");
}

#[test]
fn the_last_instant_of_all_comes_up_as_any_other() {
    let mut timers = Timers::default();
    timers.insert(Time::MAX, Class::Timer, task(1));
    timers.insert(Time::from_us(1 << 63), Class::Timer, task(2));
    timers.insert(Time::ZERO, Class::Timer, task(3));
    assert_eq!(take(&mut timers, 0), [3]);
    assert_eq!(timers.next(), Some(Time::from_us(1 << 63)));
    assert_eq!(take(&mut timers, u64::MAX), [2, 1]);
    assert_eq!(timers.next(), None);
}

/// How many looks at an entry it takes to set so many timers and to drop them all, in this order; where it is `asked`,
/// the first of those that are left is looked for each time.
fn looks_of(timers: u64, asked: bool, drop_order: impl Fn(u64) -> u64) -> u64 {
    looks::take();
    let mut heap = Timers::default();
    // Far away, so that most share a bucket.
    let at = |number: u64| Time::from_us((1 << 40) + number * 1_000);
    let keys: Vec<TimerKey> =
        (0..timers).map(|number| heap.insert(at(number), Class::Timer, task(0))).collect();
    let mut left: BTreeSet<u64> = (0..timers).collect();
    for number in (0..timers).map(drop_order) {
        heap.remove(keys[number as usize]);
        left.remove(&number);
        if asked {
            assert_eq!(heap.next(), left.first().map(|first| at(*first)));
        }
    }
    assert_eq!(heap.next(), None);
    looks::take()
}

#[test]
fn to_drop_twice_as_many_takes_twice_as_many_looks() {
    const FEW: u64 = 1 << 13;
    let mirrored = |timers: u64| move |number: u64| timers - 1 - number;
    // An odd factor goes through all of a power of two.
    let scattered = |timers: u64| move |number: u64| number * 40_503 % timers;
    for asked in [false, true] {
        for (few, many) in [
            (looks_of(FEW, asked, |number| number), looks_of(2 * FEW, asked, |number| number)),
            (looks_of(FEW, asked, mirrored(FEW)), looks_of(2 * FEW, asked, mirrored(2 * FEW))),
            (looks_of(FEW, asked, scattered(FEW)), looks_of(2 * FEW, asked, scattered(2 * FEW))),
        ] {
            let told = format!("{few} looks for {FEW} timers, {many} for twice as many, asked: {asked}");
            assert!(few > 0 && many * 10 <= few * 24, "{told}");
        }
    }
}

/// A thousand requests under way, each with a timeout: one is answered, the next one sent, for a while.
#[test]
fn to_take_back_the_first_again_and_again_takes_few_looks() {
    const UNDER_WAY: u64 = 1_000;
    const SENT: u64 = 20_000;
    let mut heap = Timers::default();
    let at = |number: u64| Time::from_us((1 << 40) + number);
    let mut under_way: VecDeque<TimerKey> = VecDeque::new();
    looks::take();
    for number in 0..SENT {
        under_way.push_back(heap.insert(at(number), Class::Deadline(1), task(0)));
        if number >= UNDER_WAY {
            heap.remove(under_way.pop_front().unwrap());
            assert_eq!(heap.next(), Some(at(number - UNDER_WAY + 1)));
        }
    }
    let looked = looks::take();
    assert!(looked < 8 * SENT, "{looked} looks for {SENT} requests");
}

#[cfg(not(target_arch = "wasm32"))]
mod against_the_model {
    use std::collections::BTreeMap;

    use proptest::prelude::{Just, Strategy, any, prop_oneof, proptest};
    use proptest::test_runner::Config;

    use super::*;

    /// The same in one ordered map. What orders it: an instant, then the class, then who was first.
    #[derive(Default)]
    struct Model {
        entries: BTreeMap<(Time, Class, u32), TimerKey>,
    }

    impl Model {
        fn take(&mut self, now: Time) -> Vec<u32> {
            let mut due: Vec<_> = self.entries.keys().copied().filter(|(at, ..)| *at <= now).collect();
            self.entries.retain(|(at, ..), _| *at > now);
            due.sort_by_key(|(at, class, number)| (matches!(class, Class::Timer), *at, *class, *number));
            due.into_iter().map(|(.., number)| number).collect()
        }
    }

    /// Runs of so many operations each, so many times: 128,000 operations.
    const RUNS: u32 = 256;
    const OPERATIONS: usize = 500;

    #[derive(Clone, Debug)]
    enum Operation {
        /// So far from now, into the past too.
        Insert(i64, Class),
        /// One of those that were ever set, gone or not.
        Remove(usize),
        Advance(u64),
    }

    fn operation() -> impl Strategy<Value = Operation> {
        let class = || {
            let deadline = (0..4_u32).prop_map(Class::Deadline);
            prop_oneof![4 => Just(Class::Timer), 3 => deadline, 1 => Just(Class::Outside)]
        };
        // Near, so that many fall on one instant, and far, so that every bucket is used.
        let insert = || {
            let from_now = prop_oneof![-20..40_i64, 0..5_000_i64, 0..(1_i64 << 40)];
            (from_now, class()).prop_map(|(from_now, class)| Operation::Insert(from_now, class))
        };
        let advance = prop_oneof![0..10_u64, 0..3_000_u64, 0..(1_u64 << 39)];
        prop_oneof![
            6 => insert(),
            3 => any::<usize>().prop_map(Operation::Remove),
            2 => advance.prop_map(Operation::Advance),
        ]
    }

    fn compare(operations: Vec<Operation>) {
        let (mut timers, mut model) = (Timers::default(), Model::default());
        let mut ever: Vec<(TimerKey, (Time, Class, u32))> = Vec::new();
        let mut now_us = 0_u64;
        for operation in operations {
            match operation {
                Operation::Insert(from_now, class) => {
                    let number = ever.len() as u32;
                    let at = Time::from_us(now_us.saturating_add_signed(from_now));
                    let key = timers.insert(at, class, task(number));
                    model.entries.insert((at, class, number), key);
                    ever.push((key, (at, class, number)));
                }
                Operation::Remove(which) => {
                    if let Some((key, place)) = ever.get(which % ever.len().max(1)) {
                        timers.remove(*key);
                        model.entries.remove(place);
                    }
                }
                Operation::Advance(us) => {
                    now_us += us;
                    assert_eq!(take(&mut timers, now_us), model.take(Time::from_us(now_us)));
                }
            }
            assert_eq!(timers.next(), model.entries.keys().next().map(|(at, ..)| *at));
            let (live, held) = timers.sizes();
            assert_eq!(live, model.entries.len());
            assert!(held <= 2 * live + SWEEP_MIN + 1, "{held} entries held for {live}");
        }
    }

    proptest! {
        #![proptest_config(Config { cases: RUNS, failure_persistence: None, ..Config::default() })]

        #[test]
        fn the_heap_is_its_model(operations in proptest::collection::vec(operation(), OPERATIONS)) {
            compare(operations);
        }
    }
}
