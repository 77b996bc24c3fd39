//! A race: several tasks for one value, the first to end decides.

use std::cell::RefCell;
use std::fmt;
use std::future::Future;
use std::rc::Rc;

use crate::event::{Name, ScopeKind};

use crate::runtime::errors::error::Result;
use crate::runtime::errors::group::ErrorGroup;
use crate::runtime::scope::handle::{Scope, ScopeOptions};
use crate::runtime::scope::task::Task;

/// Lets the tasks that `body` spawns race, and gives what the first to end came
/// to, its error if it failed. The others are cancelled at that instant, and
/// have cleaned up when this returns.
///
/// Contenders may borrow and may be spawned at any time until somebody has won;
/// that the body ends decides nothing. Of two that end at one instant the first
/// in the run queue wins, and the value of the other is dropped. One that is
/// cancelled on its own drops out. [`race_ok`] goes on after a failure instead.
///
/// # Errors
/// The winner's if it failed; the body's; [`NoWinner`]. Should a loser fail
/// while it is being cancelled, its error leaves and not the winner's value: as
/// everywhere, no error is lost.
///
/// # Cancellation
/// Dropping it cancels body and contenders; the block around it waits for their cleanups.
///
/// # Panics
/// Outside a run.
///
/// ```
/// use std::time::Duration;
/// use taskscope::runtime::{block_on_virtual, now, race, sleep};
///
/// let answer = block_on_virtual(async {
///     let mirrors = [("near", 20), ("far", 90)];
///     let first = race(async |r| {
///         for (name, ms) in mirrors {
///             r.spawn_named(name, async move {
///                 sleep(Duration::from_millis(ms)).await;
///                 Ok(name)
///             });
///         }
///         Ok(())
///     })
///     .await?;
///     Ok((first, now().as_us()))
/// });
/// assert_eq!(answer.unwrap(), ("near", 20_000));
/// ```
pub async fn race<'env, T: 'env>(body: impl AsyncFnOnce(Race<'env, T>) -> Result<()>) -> Result<T> {
    match run(false, body).await {
        Ok(Some(value)) => Ok(value),
        Ok(None) => Err(NoWinner.into()),
        // What a failure decided is raised as it is.
        Err(group) => match group.entries() {
            [entry] => Err(entry.error.clone()),
            _ => Err(group.into()),
        },
    }
}

/// As [`race`], but the first to succeed wins: a failure is kept until it is
/// known whether anybody does, and forgotten if so.
///
/// # Errors
/// With no success at all, every error as a group; [`NoWinner`] as its only one if there was none.
/// The body's error, and those of losers that fail while they are cancelled, as a group too.
///
/// # Cancellation
/// As [`race`].
///
/// # Panics
/// Outside a run.
///
/// ```
/// use taskscope::runtime::{Error, block_on_virtual, race_ok, sleep};
///
/// let answer = block_on_virtual(async {
///     let answer = race_ok(async |r| {
///         r.spawn(async { Err(Error::msg("refused")) });
///         r.spawn(async { Ok(7) });
///         Ok(())
///     })
///     .await?;
///     Ok(answer)
/// });
/// assert_eq!(answer.unwrap(), 7);
/// ```
pub async fn race_ok<'env, T: 'env>(
    body: impl AsyncFnOnce(Race<'env, T>) -> Result<()>,
) -> std::result::Result<T, ErrorGroup> {
    match run(true, body).await? {
        Some(value) => Ok(value),
        None => Err(ErrorGroup::loose(vec![NoWinner.into()])),
    }
}

async fn run<'env, T: 'env>(
    first_ok: bool,
    body: impl AsyncFnOnce(Race<'env, T>) -> Result<()>,
) -> std::result::Result<Option<T>, ErrorGroup> {
    let options = ScopeOptions { kind: ScopeKind::Race, first_ok, name: "race".into() };
    let mut opened = None;
    let outcome = options
        .run(async |scope: Scope<'env>| {
            let race = Race { scope, contenders: Rc::default() };
            opened = Some(race.clone());
            body(race).await
        })
        .await;
    match outcome {
        // A body that was still at it when somebody won is cancelled with the losers.
        Err(group) if !group.entries().is_empty() => Err(group),
        _ => Ok(opened.and_then(|race| race.take_winner())),
    }
}

/// The handle of a race: spawns contenders. Cloning gives another handle to the same race.
pub struct Race<'env, T> {
    scope: Scope<'env>,
    contenders: Rc<RefCell<Vec<Task<T>>>>,
}

impl<T> Clone for Race<'_, T> {
    fn clone(&self) -> Self {
        Race { scope: self.scope.clone(), contenders: self.contenders.clone() }
    }
}

impl<'env, T: 'env> Race<'env, T> {
    /// Spawns a contender. When the race is decided it ends cancelled without a poll.
    ///
    /// # Panics
    /// If the race is over, which only a handle that escaped from it can see.
    pub fn spawn(&self, future: impl Future<Output = Result<T>> + 'env) -> Task<T> {
        self.enter(self.scope.spawn(future))
    }

    /// As [`Race::spawn`] with a name, which stands in paths, traces and errors.
    ///
    /// # Panics
    /// As [`Race::spawn`].
    pub fn spawn_named(
        &self,
        name: impl Into<Name>,
        future: impl Future<Output = Result<T>> + 'env,
    ) -> Task<T> {
        self.enter(self.scope.spawn_named(name, future))
    }

    fn enter(&self, task: Task<T>) -> Task<T> {
        self.contenders.borrow_mut().push(task.clone());
        task
    }

    fn take_winner(&self) -> Option<T> {
        let winner = self.scope.winner()?;
        let contenders = self.contenders.take();
        let task = contenders.into_iter().find(|task| task.id() == winner)?;
        task.try_take()?.ok()
    }
}

/// A race without a winner: nobody took part, or everybody was cancelled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoWinner;

impl fmt::Display for NoWinner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("nobody won the race: no contender was left")
    }
}

impl std::error::Error for NoWinner {}
