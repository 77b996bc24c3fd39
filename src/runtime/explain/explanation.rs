//! What a task is about at one instant, as a value and in words.

use std::fmt;

use crate::event::{End, Reason, Wait};
use crate::ids::TaskId;
use crate::time::Time;

/// What a task is about at one instant: what it waits for and who holds that, which deadline counts for it, and why it
/// was cancelled or failed. It displays as one or a few sentences.
///
/// [`Task::explain`](crate::runtime::Task::explain) gives one, in a run or between its turns, and
/// [`RunHandle::explain`](crate::runtime::RunHandle::explain) one for each task that has not ended.
///
/// ```
/// use std::time::Duration;
/// use taskscope::runtime::{Limiter, block_on_virtual, scope, sleep, timeout};
///
/// block_on_virtual(async {
///     let api = Limiter::named("api", 1);
///     timeout(Duration::from_secs(3), scope(async |s| {
///         s.spawn_named("a", async {
///             let _permit = api.acquire().await;
///             sleep(Duration::from_secs(2)).await;
///             Ok(())
///         });
///         let b = s.spawn_named("b", async {
///             let _permit = api.acquire().await;
///             Ok(())
///         });
///         sleep(Duration::from_secs(1)).await;
///         assert_eq!(
///             b.explain().to_string(),
///             "main/scope/b waits for limiter `api` (1st in line), held by main/scope/a until 2 s; \
///              its deadline is 3 s, set by timeout in main"
///         );
///         Ok(())
///     }))
///     .await??;
///     Ok(())
/// })
/// .unwrap();
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Explanation {
    /// The task.
    pub task: TaskId,
    /// Its path.
    pub path: String,
    /// When this was so.
    pub at: Time,
    /// What it does.
    pub doing: Doing,
    /// Everything that it waits for; several where a combinator waits.
    pub waits: Vec<WaitsFor>,
    /// The deadline that counts for it, as things stand: the first of all timeouts around the place where it waits.
    pub deadline: Option<EffectiveDeadline>,
    /// Why it was cancelled, if it was; the first cause is the end of [`Explanation::because`].
    pub reason: Option<Reason>,
    /// For a task that was cancelled or failed: a sentence for that, then one for what it followed from, up to the first cause.
    pub because: Vec<String>,
}

/// What a task does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doing {
    /// It has its turn.
    Running,
    /// It is in the run queue.
    Ready,
    /// It waits.
    Waiting,
    /// It was cancelled, or left a block early, and cleans up; what it waits for, it waits for to that end.
    CleaningUp,
    /// It has ended.
    Ended(End),
}

/// One thing that a task waits for.
#[derive(Clone, Debug, PartialEq)]
pub struct WaitsFor {
    /// As traces have it.
    pub on: Wait,
    /// What it is called: "limiter `api`", "the end of main/user".
    pub name: String,
    /// The task's place in the line, from 1; none where there is no line.
    pub place: Option<usize>,
    /// Who holds it, in order of arrival, each once.
    pub holders: Vec<Holder>,
}

/// A task that holds what another waits for.
#[derive(Clone, Debug, PartialEq)]
pub struct Holder {
    /// The task.
    pub task: TaskId,
    /// Its path.
    pub path: String,
    /// When it goes on, if it sleeps.
    pub until: Option<Time>,
}

/// The deadline that counts for a task.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EffectiveDeadline {
    /// When it comes.
    pub at: Time,
    /// Whose it is: "timeout in main".
    pub set_by: String,
}

/// Of more holders only the number is told.
const MOST_NAMES: usize = 3;

impl Explanation {
    /// What it waits for, as the rest of a sentence that begins with its path.
    pub(crate) fn waiting(&self, with_place: bool) -> String {
        if let [WaitsFor { on: Wait::Timer { until }, .. }] = &self.waits[..] {
            return format!("sleeps until {}", until.readable());
        }
        let waits: Vec<String> = self.waits.iter().map(|wait| wait.told(with_place)).collect();
        match waits.is_empty() {
            true => "waits for something outside the run".to_owned(),
            false => format!("waits for {}", waits.join(" and for ")),
        }
    }
}

impl WaitsFor {
    fn told(&self, with_place: bool) -> String {
        let mut text = self.name.clone();
        if let Some(place) = self.place.filter(|_| with_place) {
            text += &format!(" ({} in line)", ordinal(place));
        }
        let held = |holder: &Holder| match holder.until {
            None => holder.path.clone(),
            Some(until) => format!("{} until {}", holder.path, until.readable()),
        };
        match &self.holders[..] {
            [] => {}
            holders if holders.len() > MOST_NAMES + 1 => {
                let names: Vec<String> = holders.iter().take(MOST_NAMES).map(held).collect();
                let more = holders.len() - MOST_NAMES;
                text += &format!(", held by {} and {more} more", names.join(", "));
            }
            holders => {
                let names: Vec<String> = holders.iter().map(held).collect();
                text += &format!(", held by {}", names.join(", "));
            }
        }
        text
    }
}

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = &self.path;
        match self.doing {
            Doing::Running => write!(f, "{path} runs")?,
            Doing::Ready => write!(f, "{path} is ready and has no turn yet")?,
            Doing::Waiting => write!(f, "{path} {}", self.waiting(true))?,
            Doing::CleaningUp => write!(f, "{path} cleans up, and {}", self.waiting(true))?,
            Doing::Ended(End::Ok) => write!(f, "{path} has ended")?,
            Doing::Ended(End::Failed | End::Cancelled) => {}
        }
        if let Some(EffectiveDeadline { at, set_by }) = &self.deadline {
            write!(f, "; its deadline is {}, set by {set_by}", at.readable())?;
        }
        for (number, sentence) in self.because.iter().enumerate() {
            let gap = if number == 0 && matches!(self.doing, Doing::Ended(_)) { "" } else { ". " };
            write!(f, "{gap}{sentence}")?;
        }
        Ok(())
    }
}

/// `1st`, `2nd`, `3rd`, `4th`, `11th`, `21st`.
fn ordinal(number: usize) -> String {
    let ending = match (number % 10, number % 100) {
        (_, 11..=13) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    };
    format!("{number}{ending}")
}

#[cfg(test)]
mod tests {
    use super::ordinal;

    #[test]
    fn places_are_counted_as_people_do() {
        let told = [1, 2, 3, 4, 11, 12, 13, 21, 102, 111].map(ordinal);
        assert_eq!(told, ["1st", "2nd", "3rd", "4th", "11th", "12th", "13th", "21st", "102nd", "111th"]);
    }
}
