//! A trace file comes back as it was, and what is damaged is refused with its line.

use std::rc::Rc;

use crate::event::{End, Event, Leaf, Outcome, Reason, ResourceKind, Role, ScopeKind, Target, Wait};
use crate::ids::{ErrorId, ResourceId, ScopeId, TaskId};
use crate::span::Span;
use crate::time::Time;
use crate::trace::script::{Script, order_dashboard};
use crate::trace::{Clock, Header, Stamped, Trace};

use super::{read, write};

const MAIN: TaskId = TaskId::ROOT;

fn back_and_forth(trace: &Trace) {
    let file = write(trace);
    let again = read(&file).unwrap_or_else(|error| panic!("{error}\n{file}"));
    assert_eq!(&again, trace, "\n{file}");
    assert_eq!(write(&again), file);
}

#[test]
fn a_whole_run_comes_back() {
    back_and_forth(&order_dashboard());
    back_and_forth(&Script::new("").so_far());
    let mut unfinished = Script::new("a \"name\"\n");
    unfinished.log(MAIN, "on").at_ms(4).log(MAIN, "ü\u{2028}\n");
    back_and_forth(&unfinished.so_far());
}

#[test]
fn the_fixed_lines_hold_nothing_else() {
    let mut run = Script::new("Order dashboard");
    let scope = run.open(MAIN, None, ScopeKind::Scope, "dashboard");
    let prefs = run.spawn(MAIN, Some(scope), "prefs");
    run.at_ms(250).log(prefs, "user ready");
    let error = run.raise(prefs, "ValueError", "prefs are corrupt");
    run.finish(prefs, End::Failed);
    run.push(Event::Expect { task: MAIN, held: false, text: "x == 2".into(), span: None });
    let (kind, message) = ("ValueError".into(), "prefs are corrupt".into());
    let (at, role, groups) = (Time::from_us(250_000), Role::Cause, vec![scope]);
    let leaf = Leaf { error, kind, message, task: prefs, at, role, groups };
    run.push(Event::RunEnd { outcome: Outcome::Failed, errors: vec![leaf], notes: vec![] });
    let trace = run.so_far();
    let file = write(&trace);
    let expected = [
        r#"{"format":"taskscope-trace","version":1,"scenario":"Order dashboard","seed":7,"clock":"virtual"}"#,
        r#"{"t_us":0,"task":"main","event":"task_spawn","name":"main","by":null,"scope":null,"span":null,"id":0}"#,
        r#"{"t_us":0,"task":"main","event":"task_start"}"#,
        r#"{"t_us":0,"task":"main","event":"scope_open","scope":0,"kind":"scope","name":"dashboard","parent":null,"span":null}"#,
        r#"{"t_us":0,"task":"main/dashboard/prefs","event":"task_spawn","name":"prefs","by":"main","scope":0,"span":[20,29],"id":1}"#,
        r#"{"t_us":0,"task":"main/dashboard/prefs","event":"task_start"}"#,
        r#"{"t_us":250000,"task":"main/dashboard/prefs","event":"log","text":"user ready"}"#,
        r#"{"t_us":250000,"task":"main/dashboard/prefs","event":"error_raised","error":0,"kind":"ValueError","message":"prefs are corrupt","span":[10,19]}"#,
        r#"{"t_us":250000,"task":"main/dashboard/prefs","event":"task_end","result":"failed"}"#,
        r#"{"t_us":250000,"task":"main","event":"expect","held":false,"text":"x == 2","span":null}"#,
        r#"{"t_us":250000,"event":"details","logs":[[10,19]],"errors":[{"error":0,"at_us":250000,"role":"cause","groups":[0]}],"notes":[]}"#,
        r#"{"t_us":250000,"event":"run_end","outcome":"failed","errors":[{"kind":"ValueError","message":"prefs are corrupt","task":"main/dashboard/prefs"},{"kind":"ExpectationFailed","message":"x == 2","task":"main"}]}"#,
    ];
    assert_eq!(file.lines().collect::<Vec<_>>(), expected);
    back_and_forth(&trace);
}

#[test]
fn two_tasks_with_one_path_are_told_apart_by_number() {
    let mut run = Script::new("");
    let a = run.open(MAIN, None, ScopeKind::Scope, "a");
    let first = run.spawn(MAIN, Some(a), "b/c");
    let b = run.open(MAIN, Some(a), ScopeKind::Scope, "b");
    let second = run.spawn(MAIN, Some(b), "c");
    run.log(first, "first").log(second, "second");
    run.cancel(Target::Task(first), Reason::ParentCancelled(second), Some(first));
    let trace = run.end();
    let file = write(&trace);
    assert!(file.contains(r#"{"t_us":0,"task":"main/a/b/c","event":"log","text":"first","id":1}"#), "{file}");
    assert!(file.contains(r#"{"t_us":0,"task":"main/a/b/c","event":"log","text":"second"}"#), "{file}");
    back_and_forth(&trace);
}

#[test]
fn any_trace_comes_back_however_damaged() {
    for seed in 0..300 {
        back_and_forth(&Chance(oorandom::Rand32::new(seed)).trace());
    }
}

#[test]
fn what_is_no_trace_is_refused_with_its_line() {
    let file = write(&order_dashboard());
    let check = |file: &str, expected: &str| {
        let error = read(file).expect_err(expected);
        assert!(error.to_string().starts_with(expected), "{error}");
    };
    check("", "line 1: this is no trace");
    check("{\"a\":1}", "line 1: this is no trace");
    check(&file.replacen("-trace", "-picture", 1), "line 1: this is no trace");
    let newer = file.replacen("\"version\":1", "\"version\":2", 1);
    check(&newer, "line 1: the trace has version 2; this program reads version 1");
    check(&file.replacen(",\"clock\":\"virtual\"", "", 1), "line 1: missing field `clock`");
    let spoil = |number: usize, line: &str| {
        let mut lines: Vec<&str> = file.lines().collect();
        lines[number - 1] = line;
        lines.join("\n")
    };
    check(&spoil(3, "{\"t_us\":0"), "line 3: EOF while parsing");
    check(&spoil(3, "{\"t_us\":0,\"event\":\"dance\"}"), "line 3: unknown variant `dance`");
    check(&spoil(3, "{\"t_us\":0,\"task\":\"main\",\"event\":\"log\"}"), "line 3: missing field `text`");
    check(&spoil(3, "{\"t_us\":0,\"event\":\"task_start\"}"), "line 3: the `task` is missing");
    check(&spoil(3, "{\"t_us\":-1,\"task\":\"main\",\"event\":\"task_start\"}"), "line 3: invalid value");
    let stranger = "{\"t_us\":0,\"task\":\"main/x\",\"event\":\"task_start\"}";
    check(&spoil(3, stranger), "line 3: no task `main/x` was spawned before this line");
    let lines: Vec<&str> = file.lines().collect();
    let details = lines.iter().position(|line| line.contains("\"details\"")).expect("details");
    check(&lines[..details].join("\n"), &format!("line {details}: the file is cut off"));
    let without = [&lines[..details], &lines[details + 1..]].concat().join("\n");
    check(&without, &format!("line {}: the file is cut off", lines.len() - 1));
    assert_eq!(
        read(&lines.join("\r\n\r\n")),
        Ok(order_dashboard()),
        "other line ends and empty lines do no harm"
    );
}

/// Makes traces that no run would make: numbers that nobody gave, paths twice, ends in the middle.
struct Chance(oorandom::Rand32);

impl Chance {
    fn below(&mut self, end: u32) -> u32 {
        self.0.rand_range(0..end)
    }

    fn maybe<T>(&mut self, make: impl FnOnce(&mut Chance) -> T) -> Option<T> {
        (self.below(3) > 0).then(|| make(self))
    }

    fn one_of<T: Clone>(&mut self, all: &[T]) -> T {
        all[self.below(all.len() as u32) as usize].clone()
    }

    fn task(&mut self) -> TaskId {
        TaskId(if self.below(40) == 0 { u32::MAX } else { self.below(8) })
    }

    fn scope(&mut self) -> ScopeId {
        ScopeId(self.below(6))
    }

    fn resource(&mut self) -> ResourceId {
        ResourceId(self.below(3))
    }

    fn span(&mut self) -> Option<Span> {
        self.maybe(|c| Span::new(c.below(9), c.below(99)))
    }

    fn name(&mut self) -> Rc<str> {
        self.one_of(&["", "a", "b", "a/b", "main", "?", "a#2", "\u{feff}\"\\\n\u{1}é🦀"]).into()
    }

    fn big(&mut self) -> u64 {
        self.one_of(&[0, 1, 250_000, u64::MAX])
    }

    fn end(&mut self) -> End {
        self.one_of(&[End::Ok, End::Failed, End::Cancelled])
    }

    fn wait(&mut self) -> Wait {
        match self.below(7) {
            0 => Wait::Timer { until: Time::from_us(self.big()) },
            1 => Wait::Task(self.task()),
            2 => Wait::Children(self.scope()),
            3 => Wait::Resource { resource: self.resource(), ahead: self.below(9) },
            4 => Wait::Fetch { url: self.name() },
            5 => Wait::Worker { what: self.name() },
            _ => Wait::Other(self.name()),
        }
    }

    fn reason(&mut self) -> Reason {
        match self.below(9) {
            0 => Reason::Explicit,
            1 => Reason::Timeout(self.scope()),
            2 => Reason::SiblingFailed(self.scope(), self.task()),
            3 => Reason::BodyFailed(self.scope()),
            4 => Reason::ScopeDropped(self.scope()),
            5 => Reason::ParentCancelled(self.task()),
            6 => Reason::LostRace(self.scope(), self.task()),
            7 => Reason::Shutdown,
            _ => Reason::GraceSpent(self.scope()),
        }
    }

    fn leaf(&mut self) -> Leaf {
        Leaf {
            error: ErrorId(self.below(9)),
            kind: self.name(),
            message: self.name(),
            task: self.task(),
            at: Time::from_us(self.big()),
            role: self.one_of(&[Role::Cause, Role::Body, Role::DuringCancellation]),
            groups: (0..self.below(3)).map(|_| self.scope()).collect(),
        }
    }

    fn run_end(&mut self) -> Event {
        use Outcome::{Cancelled, Deadlock, Failed, Limit, Ok};
        let outcome = self.one_of(&[Ok, Failed, Cancelled, Deadlock, Limit]);
        let errors = (0..self.below(3)).map(|_| self.leaf()).collect();
        let notes = (0..self.below(3)).map(|_| self.name().to_string()).collect();
        Event::RunEnd { outcome, errors, notes }
    }

    fn of_scope(&mut self) -> Event {
        let scope = self.scope();
        match self.below(4) {
            0 => Event::DeadlineSet { scope, at: self.maybe(|c| Time::from_us(c.big())) },
            1 => Event::ScopeClose { scope, result: self.end() },
            _ => {
                use ScopeKind::{Collect, Gather, Race, Retry, Scope, Shield, Timeout};
                let kind = self.one_of(&[Scope, Collect, Race, Gather, Timeout, Shield, Retry]);
                let (task, parent) = (self.task(), self.maybe(Chance::scope));
                Event::ScopeOpen { scope, kind, task, parent, name: self.name(), span: self.span() }
            }
        }
    }

    fn event(&mut self) -> Event {
        let task = self.task();
        match self.below(21) {
            0 | 1 => self.of_scope(),
            2 | 3 => {
                let (by, scope) = (self.maybe(Chance::task), self.maybe(Chance::scope));
                Event::TaskSpawn { task, by, scope, name: self.name(), span: self.span() }
            }
            4 => Event::TaskStart { task },
            5 => Event::WaitStart { task, on: self.wait(), span: self.span() },
            6 => Event::WaitEnd { task },
            7 => Event::WorkStart { task, span: self.span() },
            8 => Event::WorkEnd { task },
            9 => {
                let target = match self.below(2) {
                    0 => Target::Task(task),
                    _ => Target::Scope(self.scope()),
                };
                Event::Cancel { target, reason: self.reason(), by: self.maybe(Chance::task) }
            }
            10 => Event::CleanupStart { task },
            11 => Event::CleanupEnd { task },
            12 => Event::TaskEnd { task, result: self.end() },
            13 => {
                use ResourceKind::{
                    Barrier, Condition, Event as Flag, Limiter, Lock, Pool, Queue, RateLimiter, Workers,
                };
                let kind = self.one_of(&[
                    Limiter,
                    RateLimiter,
                    Lock,
                    Flag,
                    Condition,
                    Barrier,
                    Queue,
                    Pool,
                    Workers,
                ]);
                let (resource, name) = (self.resource(), self.name());
                Event::ResourceNew { resource, kind, name, capacity: self.maybe(Chance::big) }
            }
            14 => Event::Acquire { task, resource: self.resource(), amount: self.big() },
            15 => Event::Release { task, resource: self.resource(), amount: self.big() },
            16 => {
                let (error, kind, message) = (ErrorId(self.below(9)), self.name(), self.name());
                Event::ErrorRaised { error, task, kind, message, span: self.span() }
            }
            17 => Event::ErrorCaught { error: ErrorId(self.below(9)), task, span: self.span() },
            18 => Event::Log { task, text: self.name(), span: self.span() },
            19 => Event::Mark { task, text: self.name(), span: self.span() },
            _ if self.below(4) == 0 => self.run_end(),
            _ => Event::Expect { task, held: self.below(2) == 0, text: self.name(), span: self.span() },
        }
    }

    fn trace(&mut self) -> Trace {
        let clock = self.one_of(&[Clock::Virtual, Clock::Live]);
        let header = Header { scenario: self.name().to_string(), seed: self.big(), clock };
        let length = self.below(60);
        let events =
            (0..length).map(|_| Stamped { at: Time::from_us(self.big()), event: self.event() }).collect();
        Trace { header, events }
    }
}
