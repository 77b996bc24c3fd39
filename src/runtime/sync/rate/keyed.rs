//! A rate limiter for each key: each user, each address, each host.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt;
use std::rc::Rc;

use super::pace::Pace;
use super::{AboveCapacity, RateLimiter};
use crate::runtime::executor::core::Core;
use crate::runtime::sync::chain::{Chain, Place};
use crate::runtime::sync::identity::Identity;
use crate::time::Time;

/// Admits so many starts in a length of time for each key on its own. Cloning
/// gives another handle to the same limiter.
///
/// A key is remembered as long as its past matters or somebody waits for it,
/// and there is a limit to how many are: a stranger who invents keys cannot
/// fill the memory. Finding a key takes time logarithmic in their number.
///
/// ```
/// use std::time::Duration;
/// use taskscope::runtime::{KeyedRateLimiter, RateLimiter, block_on_virtual};
///
/// block_on_virtual(async {
///     let minute = Duration::from_secs(60);
///     let logins = KeyedRateLimiter::new(RateLimiter::sliding_window("logins", 2, minute));
///     assert!(logins.try_admit(&"ada")? && logins.try_admit(&"ada")?);
///     assert!(!logins.try_admit(&"ada")?, "the third within a minute");
///     assert!(logins.try_admit(&"grace")?, "another key");
///     Ok(())
/// })
/// .unwrap();
/// ```
pub struct KeyedRateLimiter<K> {
    inner: Rc<Inner<K>>,
}

struct Inner<K> {
    identity: Rc<Identity>,
    /// What each key begins with.
    pace: Box<dyn Pace>,
    most_keys: usize,
    keys: RefCell<Keys<K>>,
}

struct Keys<K> {
    limiters: BTreeMap<K, (RateLimiter, Place)>,
    /// Those who had no start for the longest time are first.
    by_use: Chain<K>,
}

/// How many keys a [`KeyedRateLimiter`] remembers at one time, where nothing else is said.
pub const MAX_KEYS: usize = 100_000;

/// A [`KeyedRateLimiter`] remembers as many keys as it may, and none of them is idle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooManyKeys {
    /// How many there may be.
    pub limit: usize,
}

/// Why a [`KeyedRateLimiter`] does not admit many starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyedRateError {
    /// So many are never admitted together.
    AboveCapacity(AboveCapacity),
    /// The key is new, and there is no place for one.
    TooManyKeys(TooManyKeys),
}

impl<K> Clone for KeyedRateLimiter<K> {
    fn clone(&self) -> Self {
        KeyedRateLimiter { inner: self.inner.clone() }
    }
}

impl<K: Ord + Clone> KeyedRateLimiter<K> {
    /// Each key gets a limiter like `pattern`, and all of them its name. At most [`MAX_KEYS`] at one time.
    pub fn new(pattern: RateLimiter) -> KeyedRateLimiter<K> {
        KeyedRateLimiter::with_most_keys(pattern, MAX_KEYS)
    }

    /// As [`KeyedRateLimiter::new`], with at most `most_keys` at one time.
    pub fn with_most_keys(pattern: RateLimiter, most_keys: usize) -> KeyedRateLimiter<K> {
        let keys = Keys { limiters: BTreeMap::new(), by_use: Chain::default() };
        let inner = Inner {
            identity: pattern.inner.identity.clone(),
            pace: pattern.inner.pace.borrow().fresh(),
            most_keys,
            keys: RefCell::new(keys),
        };
        KeyedRateLimiter { inner: Rc::new(inner) }
    }

    /// Waits until one more start of `key` is admitted.
    ///
    /// # Errors
    /// [`TooManyKeys`], if the key is new and there is no place for one.
    ///
    /// # Cancellation
    /// Dropping it gives up its place; no start is counted.
    ///
    /// # Panics
    /// Outside a run.
    pub async fn admit(&self, key: &K) -> Result<(), TooManyKeys> {
        let limiter = self.limiter(key)?;
        limiter.admit().await;
        self.used(key);
        Ok(())
    }

    /// Waits until `amount` more starts of `key` are admitted at one instant.
    ///
    /// # Errors
    /// [`KeyedRateError`] at once.
    ///
    /// # Cancellation
    /// As [`KeyedRateLimiter::admit`].
    ///
    /// # Panics
    /// Outside a run.
    pub async fn admit_many(&self, key: &K, amount: u64) -> Result<(), KeyedRateError> {
        let limiter = self.limiter(key)?;
        limiter.admit_many(amount).await?;
        self.used(key);
        Ok(())
    }

    /// Counts one more start of `key`, if it is admitted now and nobody waits. Never waits.
    ///
    /// # Errors
    /// [`TooManyKeys`], if the key is new and there is no place for one.
    ///
    /// # Panics
    /// Outside a run.
    pub fn try_admit(&self, key: &K) -> Result<bool, TooManyKeys> {
        let admitted = self.limiter(key)?.try_admit();
        if admitted {
            self.used(key);
        }
        Ok(admitted)
    }

    /// How many keys are remembered. Those that became idle are forgotten at the next use of any.
    pub fn keys(&self) -> usize {
        self.inner.keys.borrow().limiters.len()
    }

    fn limiter(&self, key: &K) -> Result<RateLimiter, TooManyKeys> {
        let core = Core::expect_current("KeyedRateLimiter::admit");
        let inner = &self.inner;
        // Dropped when nothing is borrowed any more.
        let _forgotten;
        let mut keys = inner.keys.borrow_mut();
        if inner.identity.is_known_to(&core) {
            _forgotten = keys.forget_idle(core.now());
        } else {
            // Instants of one run mean nothing in another.
            inner.identity.number(&core);
            _forgotten = keys.forget_all();
        }
        if let Some((limiter, _)) = keys.limiters.get(key) {
            return Ok(limiter.clone());
        }
        if keys.limiters.len() >= inner.most_keys {
            return Err(TooManyKeys { limit: inner.most_keys });
        }
        let limiter = RateLimiter::with_pace(inner.identity.clone(), inner.pace.fresh());
        let place = keys.by_use.push(key.clone());
        keys.limiters.insert(key.clone(), (limiter.clone(), place));
        Ok(limiter)
    }

    /// A start of `key` was counted: it is the last to become idle.
    fn used(&self, key: &K) {
        let mut keys = self.inner.keys.borrow_mut();
        let Keys { limiters, by_use } = &mut *keys;
        if let Some((_, place)) = limiters.get_mut(key)
            && let Some(key) = by_use.remove(*place)
        {
            *place = by_use.push(key);
        }
    }
}

impl<K: Ord> Keys<K> {
    /// Forgets the keys that are idle, in order of use up to the first that is not. Whoever waits is admitted, and so
    /// used, before the past of the key ceases to matter: the first is not in the way of the others for long.
    fn forget_idle(&mut self, now: Time) -> Vec<K> {
        let mut forgotten = Vec::new();
        while let Some(place) = self.by_use.first() {
            let key = self.by_use.get(place);
            let entry = key.and_then(|key| self.limiters.get(key));
            if entry.is_some_and(|(limiter, _)| !limiter.is_idle(now)) {
                break;
            }
            let Some(key) = self.by_use.remove(place) else { break };
            forgotten.extend(self.limiters.remove_entry(&key).map(|(key, _)| key));
            forgotten.push(key);
        }
        forgotten
    }

    fn forget_all(&mut self) -> Vec<K> {
        self.by_use = Chain::default();
        std::mem::take(&mut self.limiters).into_keys().collect()
    }
}

impl RateLimiter {
    /// Nobody has a handle beside the one that asks, and the past does not matter any more.
    fn is_idle(&self, now: Time) -> bool {
        Rc::strong_count(&self.inner) == 1 && self.inner.pace.borrow().idle_at() <= now
    }
}

impl fmt::Display for TooManyKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "no place for another key: {} are in use", self.limit)
    }
}

impl std::error::Error for TooManyKeys {}

impl fmt::Display for KeyedRateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            KeyedRateError::AboveCapacity(error) => error.fmt(f),
            KeyedRateError::TooManyKeys(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for KeyedRateError {}

impl From<AboveCapacity> for KeyedRateError {
    fn from(error: AboveCapacity) -> KeyedRateError {
        KeyedRateError::AboveCapacity(error)
    }
}

impl From<TooManyKeys> for KeyedRateError {
    fn from(error: TooManyKeys) -> KeyedRateError {
        KeyedRateError::TooManyKeys(error)
    }
}
