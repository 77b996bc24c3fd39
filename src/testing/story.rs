//! A story: what happened in a test, a line each, with its instant.

use std::cell::RefCell;
use std::fmt::Display;
use std::future::Future;
use std::rc::Rc;

use crate::event::{Event, Observer};
use crate::host::Host;
use crate::host::sim::SimHost;
use crate::runtime::{Result, Run, RunError, block_on};
use crate::time::Time;
use crate::trace::Paths;

use super::diff::diff;
use super::words;

/// Gathers what happens in a run, a line each, with its instant in seconds: the form in which tests of this library say
/// what they expect. Cloning gives another handle to the same story.
///
/// A test tells what matters to it, with [`tell`](Story::tell) and [`guard`](Story::guard). A story made with
/// [`of_tasks`](Story::of_tasks) tells by itself, in addition, when tasks start, end, fail, are cancelled and why.
///
/// ```
/// use std::time::Duration;
/// use taskscope::runtime::{scope, sleep};
/// use taskscope::testing::Story;
///
/// let story = Story::new();
/// let result = story.run(async {
///     scope(async |s| {
///         for (name, ms) in [("slow", 300), ("fast", 100), ("also fast", 100)] {
///             let story = &story;
///             s.spawn(async move {
///                 sleep(Duration::from_millis(ms)).await;
///                 story.tell(name);
///                 Ok(())
///             });
///         }
///         story.tell("spawned");
///         Ok(())
///     })
///     .await?;
///     Ok(())
/// });
/// assert!(result.is_ok());
/// story.assert_story(&["0 spawned", "0.1 fast", "0.1 also fast", "0.3 slow"]);
/// // Where the order within an instant is not promised:
/// story.assert_story_of_sets(&[&["0 spawned"], &["0.1 also fast", "0.1 fast"], &["0.3 slow"]]);
/// ```
#[derive(Clone)]
pub struct Story {
    host: Rc<dyn Host>,
    lines: Rc<RefCell<Vec<String>>>,
    /// Where tasks stand, for a story that tells of them by itself.
    paths: Option<Rc<RefCell<Paths>>>,
}

/// Tells when it is dropped; see [`Story::guard`].
#[must_use = "it tells as soon as it is dropped"]
pub struct Guard {
    story: Story,
    text: String,
}

impl Drop for Guard {
    fn drop(&mut self) {
        self.story.tell(&self.text);
    }
}

impl Default for Story {
    fn default() -> Story {
        Story::new()
    }
}

impl Story {
    /// A story in virtual time, with seed 0.
    pub fn new() -> Story {
        Story::on(Rc::new(SimHost::new(0)))
    }

    /// A story of a run on `host`.
    pub fn on(host: Rc<dyn Host>) -> Story {
        Story { host, lines: Rc::default(), paths: None }
    }

    /// Tells in addition, by itself, what tasks do.
    ///
    /// ```
    /// use std::time::Duration;
    /// use taskscope::runtime::{Error, Result, scope, sleep};
    /// use taskscope::testing::Story;
    ///
    /// async fn after(ms: u64, fails: bool) -> Result<()> {
    ///     sleep(Duration::from_millis(ms)).await;
    ///     if fails { Err(Error::msg("corrupt")) } else { Ok(()) }
    /// }
    ///
    /// let story = Story::new().of_tasks();
    /// let result = story.run(async {
    ///     scope(async |s| {
    ///         s.spawn_named("user", after(400, false));
    ///         s.spawn_named("prefs", after(250, true));
    ///         Ok(())
    ///     })
    ///     .await?;
    ///     Ok(())
    /// });
    /// assert!(result.is_err());
    /// story.assert_story(&[
    ///     "0 main starts",
    ///     "0 main/scope/user starts",
    ///     "0 main/scope/prefs starts",
    ///     "0.25 main/scope/prefs raises Error: corrupt",
    ///     "0.25 main/scope/prefs fails",
    ///     "0.25 all in main/scope is cancelled: main/scope/prefs failed",
    ///     "0.25 main/scope/user is cancelled: main/scope/prefs failed",
    ///     "0.25 main/scope/user is gone",
    ///     "0.25 main fails",
    /// ]);
    /// ```
    pub fn of_tasks(mut self) -> Story {
        self.paths = Some(Rc::default());
        self
    }

    /// Adds a line at this instant.
    pub fn tell(&self, text: impl Display) {
        self.add(self.host.now(), text);
    }

    fn add(&self, at: Time, text: impl Display) {
        self.lines.borrow_mut().push(format!("{} {text}", seconds(at)));
    }

    /// What is returned adds the line when it is dropped: a cancelled task is dropped where it waits.
    pub fn guard(&self, text: impl Into<String>) -> Guard {
        Guard { story: self.clone(), text: text.into() }
    }

    /// A run of `main` that this story watches, to be driven by the caller.
    pub fn prepare<'main, T: 'main>(&self, main: impl Future<Output = Result<T>> + 'main) -> Run<'main, T> {
        let observer: Option<Rc<dyn Observer>> = match &self.paths {
            Some(_) => Some(Rc::new(self.clone())),
            None => None,
        };
        Run::with_observer(self.host.clone(), observer, main)
    }

    /// Runs `main` to its end.
    ///
    /// # Errors
    /// As the run.
    ///
    /// # Panics
    /// Inside a run.
    pub fn run<'main, T: 'main>(
        &self,
        main: impl Future<Output = Result<T>> + 'main,
    ) -> std::result::Result<T, RunError> {
        block_on(self.prepare(main))
    }

    /// The lines so far.
    pub fn lines(&self) -> Vec<String> {
        self.lines.borrow().clone()
    }

    /// Holds the whole story against `expected`, line by line.
    ///
    /// # Panics
    /// When they differ, with both beside each other.
    #[track_caller]
    pub fn assert_story(&self, expected: &[&str]) {
        let lines = self.lines();
        let actual: Vec<&str> = lines.iter().map(String::as_str).collect();
        complain(diff(expected, &actual));
    }

    /// As [`Story::assert_story`], where the lines of each set may come in any order among themselves.
    ///
    /// # Panics
    /// When they differ, with both beside each other.
    #[track_caller]
    pub fn assert_story_of_sets(&self, expected: &[&[&str]]) {
        let lines = self.lines();
        let mut actual: Vec<&str> = lines.iter().map(String::as_str).collect();
        let mut from = 0;
        for set in expected {
            let to = (from + set.len()).min(actual.len());
            put_in_order(&mut actual[from..to], set);
            from = to;
        }
        complain(diff(&expected.concat(), &actual));
    }
}

/// Puts `lines` in the order of `set`, those that it does not hold last.
fn put_in_order(lines: &mut [&str], set: &[&str]) {
    let mut at = 0;
    for wanted in set {
        if let Some(found) = lines[at..].iter().position(|line| line == wanted) {
            lines[at..=at + found].rotate_right(1);
            at += 1;
        }
    }
}

#[track_caller]
fn complain(differs: Option<String>) {
    if let Some(text) = differs {
        panic!("the story differs: `-` was expected, `+` happened\n{text}");
    }
}

/// Seconds without the zeros that say nothing.
fn seconds(at: Time) -> String {
    let text = at.to_string();
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

impl Observer for Story {
    fn on_event(&self, at: Time, event: &Event) {
        let Some(paths) = &self.paths else { return };
        paths.borrow_mut().hear(event);
        if let Some(text) = words::line(event, &paths.borrow()) {
            self.add(at, text);
        }
    }
}
