//! Each rate limiter against its definition, tried out microsecond by microsecond.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::time::Duration;

use proptest::prelude::{Just, Strategy, any};
use proptest::prop_oneof;
use taskscope::runtime::{RateLimiter, RateStatistics, Result, Scope, Task, now, scope, sleep};

use super::trial::{Ready, choose, same, trial, turn};

#[derive(Clone, Copy, Debug)]
enum Algorithm {
    Sliding,
    Fixed,
    Bucket,
    Gcra,
}

#[derive(Clone, Copy, Debug)]
struct Setting {
    algorithm: Algorithm,
    starts: u64,
    per_us: u64,
    burst: u64,
}

#[derive(Clone, Debug)]
enum Operation {
    Admit(u64),
    Try(u64),
    Cancel(usize),
    Turn,
    Advance(u64),
}

fn operation() -> impl Strategy<Value = Operation> {
    prop_oneof![
        5 => (1..5_u64).prop_map(Operation::Admit),
        1 => (1..5_u64).prop_map(Operation::Try),
        2 => any::<usize>().prop_map(Operation::Cancel),
        3 => Just(Operation::Turn),
        5 => (0..12_u64).prop_map(Operation::Advance),
    ]
}

fn setting() -> impl Strategy<Value = Setting> {
    let algorithm = prop_oneof![
        Just(Algorithm::Sliding),
        Just(Algorithm::Fixed),
        Just(Algorithm::Bucket),
        Just(Algorithm::Gcra),
    ];
    (algorithm, 1..5_u64, 0..14_u64, 1..5_u64).prop_map(|(algorithm, starts, per_us, burst)| Setting {
        algorithm,
        starts,
        per_us,
        burst,
    })
}

impl Setting {
    fn limiter(&self) -> RateLimiter {
        let per = Duration::from_micros(self.per_us);
        match self.algorithm {
            Algorithm::Sliding => RateLimiter::sliding_window("rate", self.starts, per),
            Algorithm::Fixed => RateLimiter::fixed_window("rate", self.starts, per),
            Algorithm::Bucket => RateLimiter::token_bucket("rate", self.starts, per, self.burst),
            Algorithm::Gcra => RateLimiter::gcra("rate", self.starts, per, self.burst),
        }
    }

    fn capacity(&self) -> u64 {
        match self.algorithm {
            Algorithm::Sliding | Algorithm::Fixed => self.starts,
            Algorithm::Bucket | Algorithm::Gcra => self.burst,
        }
    }

    /// Whether `amount` starts at `at` are admitted after those of `log`, by the definition.
    fn admits(&self, log: &[(u64, u64)], at: u64, amount: u64) -> bool {
        let sum = |counts: &dyn Fn(u64) -> bool| -> u64 {
            log.iter().filter(|(then, _)| counts(*then)).map(|(_, amount)| amount).sum()
        };
        match self.algorithm {
            Algorithm::Sliding => sum(&|then| then + self.per_us > at) + amount <= self.starts,
            Algorithm::Fixed => {
                let window = |at: u64| at.checked_div(self.per_us);
                let counts = |then| window(then).is_some() && window(then) == window(at);
                sum(&counts) + amount <= self.starts
            }
            // A token is `per_us` parts, a microsecond brings `starts` of them.
            Algorithm::Bucket => {
                let full = self.burst * self.per_us;
                let (mut parts, mut clock) = (full, 0);
                for (then, amount) in log.iter().copied().chain([(at, 0)]) {
                    while clock < then {
                        parts = full.min(parts + self.starts);
                        clock += 1;
                    }
                    parts -= amount * self.per_us;
                }
                parts >= amount * self.per_us
            }
            // The text of I.371, with an increment of `per_us` and a microsecond of `starts`.
            Algorithm::Gcra => {
                let (increment, tolerance) = (self.per_us, (self.burst - 1) * self.per_us);
                let mut theoretical = 0;
                let mut conforms = true;
                for (then, amount) in log.iter().copied().chain([(at, amount)]) {
                    for _ in 0..amount {
                        let arrival = then * self.starts;
                        conforms = theoretical <= arrival + tolerance;
                        theoretical = theoretical.max(arrival) + increment;
                    }
                }
                conforms
            }
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Stage {
    New,
    InLine,
    /// The first; its turn has not come.
    First,
    /// The first, and waits for this instant.
    Until(u64),
}

struct Model {
    setting: Setting,
    now: u64,
    requests: BTreeMap<usize, (u64, Stage)>,
    first: Option<usize>,
    line: Vec<usize>,
    ready: Ready,
    /// When how many started.
    starts: Vec<(u64, u64)>,
    log: Vec<(usize, u64)>,
}

impl Model {
    fn next_first(&mut self) {
        self.first = (!self.line.is_empty()).then(|| self.line.remove(0));
        if let Some(id) = self.first {
            self.requests.get_mut(&id).unwrap().1 = Stage::First;
            self.ready.wake(id);
        }
    }

    /// Everybody who is ready now has a turn.
    fn turn(&mut self) {
        for _ in 0..self.ready.len() {
            if let Some(id) = self.ready.next() {
                self.turn_of(id);
            }
        }
    }

    fn turn_of(&mut self, id: usize) {
        let Some((amount, stage)) = self.requests.get(&id).copied() else { return };
        match stage {
            Stage::New if self.first.is_some() => {
                self.requests.insert(id, (amount, Stage::InLine));
                self.line.push(id);
            }
            Stage::New | Stage::First => {
                self.first = Some(id);
                self.start(id, amount);
            }
            Stage::Until(at) if at <= self.now => self.start(id, amount),
            Stage::InLine | Stage::Until(_) => {}
        }
    }

    fn start(&mut self, id: usize, amount: u64) {
        if !self.setting.admits(&self.starts, self.now, amount) {
            let admitted = |at: &u64| self.setting.admits(&self.starts, *at, amount);
            let at = (self.now..).find(admitted).expect("a time will come");
            self.requests.insert(id, (amount, Stage::Until(at)));
            return;
        }
        self.starts.push((self.now, amount));
        self.log.push((id, self.now));
        self.requests.remove(&id);
        self.next_first();
    }

    fn try_start(&mut self, amount: u64) -> bool {
        let admitted = self.first.is_none() && self.setting.admits(&self.starts, self.now, amount);
        if admitted {
            self.starts.push((self.now, amount));
        }
        admitted
    }

    fn cancel(&mut self, id: usize) {
        self.requests.remove(&id);
        self.ready.forget(id);
        self.line.retain(|other| *other != id);
        if self.first == Some(id) {
            self.next_first();
        }
    }

    fn settle(&mut self) {
        while !self.ready.is_empty() {
            self.turn();
        }
    }

    fn advance(&mut self, us: u64) {
        self.settle();
        for _ in 0..us {
            self.now += 1;
            if let Some(id) = self.first {
                self.ready.wake(id);
            }
            self.settle();
        }
    }

    fn statistics(&self) -> RateStatistics {
        RateStatistics {
            capacity: self.setting.capacity(),
            admitted: self.starts.iter().map(|(_, amount)| amount).sum(),
            waiting: self.line.len() + usize::from(self.first.is_some()),
        }
    }
}

struct Thing {
    limiter: RateLimiter,
    scope: Scope<'static>,
    tasks: BTreeMap<usize, Task<()>>,
    log: Rc<RefCell<Vec<(usize, u64)>>>,
}

impl Thing {
    fn spawn(&mut self, id: usize, amount: u64) {
        let (limiter, log) = (self.limiter.clone(), self.log.clone());
        let task = self.scope.spawn_owned(async move {
            limiter.admit_many(amount).await?;
            log.borrow_mut().push((id, now().as_us()));
            Ok(())
        });
        self.tasks.insert(id, task);
    }

    /// Lets time pass, and everybody who is ready then have their turns.
    async fn advance(&self, us: u64) {
        sleep(Duration::from_micros(us)).await;
        let mut lines = usize::MAX;
        while lines != self.log.borrow().len() {
            lines = self.log.borrow().len();
            turn().await;
            turn().await;
        }
    }
}

async fn step(id: usize, operation: Operation, thing: &mut Thing, model: &mut Model) -> Result<()> {
    let capacity = model.setting.capacity();
    match operation {
        Operation::Admit(amount) if amount > capacity => {
            same("above", thing.limiter.admit_many(amount).await.is_err(), true)?;
        }
        Operation::Admit(amount) => {
            thing.spawn(id, amount);
            model.requests.insert(id, (amount, Stage::New));
            model.ready.wake(id);
        }
        Operation::Try(amount) if amount > capacity => {
            same("above", thing.limiter.try_admit_many(amount).is_err(), true)?;
        }
        Operation::Try(amount) => {
            same("try", thing.limiter.try_admit_many(amount)?, model.try_start(amount))?;
        }
        Operation::Cancel(by) => {
            let all: Vec<usize> = model.requests.keys().copied().collect();
            if let Some(id) = choose(&all, by) {
                same("cancel", thing.tasks[&id].cancel(), true)?;
                model.cancel(id);
            }
        }
        Operation::Turn => {
            turn().await;
            model.turn();
        }
        Operation::Advance(us) => {
            thing.advance(us).await;
            model.advance(us);
            same("clock", now().as_us(), model.now)?;
        }
    }
    same("order", &*thing.log.borrow(), &model.log)?;
    same("statistics", thing.limiter.statistics(), model.statistics())
}

#[test]
fn rate_limiters_admit_what_their_definitions_admit_and_at_once() {
    trial(setting(), operation(), |setting, operations| async move {
        let limiter = setting.limiter();
        let mut model = Model {
            setting,
            now: 0,
            requests: BTreeMap::new(),
            first: None,
            line: Vec::new(),
            ready: Ready::default(),
            starts: Vec::new(),
            log: Vec::new(),
        };
        scope(async move |s: Scope<'static>| {
            let mut thing = Thing { limiter, scope: s, tasks: BTreeMap::new(), log: Rc::default() };
            for (id, operation) in operations.into_iter().enumerate() {
                step(id, operation, &mut thing, &mut model).await?;
            }
            for task in thing.tasks.values() {
                task.cancel();
            }
            same("at the end", thing.limiter.statistics().waiting, 0)
        })
        .await?;
        Ok(())
    });
}
