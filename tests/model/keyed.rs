//! A keyed rate limiter against a list of every start of every key.

use std::time::Duration;

use proptest::prelude::Strategy;
use proptest::prop_oneof;
use taskscope::runtime::{KeyedRateLimiter, RateLimiter, Result, TooManyKeys, now, sleep};

use super::trial::{same, trial};

const KEYS: u8 = 12;

#[derive(Clone, Debug)]
enum Operation {
    Try(u8),
    Advance(u64),
}

fn operation() -> impl Strategy<Value = Operation> {
    prop_oneof![
        4 => (0..KEYS).prop_map(Operation::Try),
        1 => (0..15_u64).prop_map(Operation::Advance),
    ]
}

struct Model {
    starts: u64,
    per_us: u64,
    most_keys: usize,
    log: Vec<(u8, u64)>,
}

impl Model {
    /// The starts of a key that count at this instant.
    fn count(&self, key: u8, now: u64) -> u64 {
        let counts = |(other, at): &&(u8, u64)| *other == key && at + self.per_us > now;
        self.log.iter().filter(counts).count() as u64
    }

    fn keys(&self, now: u64) -> usize {
        (0..KEYS).filter(|key| self.count(*key, now) > 0).count()
    }

    fn try_admit(&mut self, key: u8, now: u64) -> std::result::Result<bool, TooManyKeys> {
        let count = self.count(key, now);
        if count == 0 && self.keys(now) >= self.most_keys {
            return Err(TooManyKeys { limit: self.most_keys });
        }
        if count < self.starts {
            self.log.push((key, now));
        }
        Ok(count < self.starts)
    }
}

#[test]
fn a_keyed_rate_limiter_does_what_its_model_does() {
    let setting = (1..4_u64, 1..40_u64, 1..9_usize);
    trial(setting, operation(), |(starts, per_us, most_keys), operations| async move {
        let pattern = RateLimiter::sliding_window("rate", starts, Duration::from_micros(per_us));
        let limiter = KeyedRateLimiter::with_most_keys(pattern, most_keys);
        let mut model = Model { starts, per_us, most_keys, log: Vec::new() };
        for operation in operations {
            match operation {
                Operation::Try(key) => {
                    let now = now().as_us();
                    same("try", limiter.try_admit(&key), model.try_admit(key, now))?;
                    same("keys", limiter.keys(), model.keys(now))?;
                }
                Operation::Advance(us) => sleep(Duration::from_micros(us)).await,
            }
        }
        Result::Ok(())
    });
}
