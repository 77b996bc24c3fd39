//! An error as a value without handles, for wherever errors must be `Send`.

use std::error::Error as StdError;
use std::fmt;

use super::error::Error;
use super::group::ErrorGroup;
use super::show::sources;

/// What an error or a group came to, written out: `Send` and `Sync`, which [`Error`] is not, because a run and its
/// errors belong to one thread. It displays as the error did, `{:?}` gives the tree, and its sources are the
/// messages of the first error and of those that one came from.
///
/// This is what crosses into `Box<dyn Error + Send + Sync>`, and so into `anyhow` and its like:
///
/// ```
/// use std::error::Error as _;
/// use taskscope::runtime::{Report, block_on_virtual, scope};
///
/// fn main() -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
///     let eggs = block_on_virtual(async {
///         let eggs = scope(async |s| Ok(s.spawn_named("count", async { Ok("7".parse::<u32>()?) }).await?));
///         Ok(eggs.await?)
///     });
///     assert_eq!(eggs.map_err(Report::from)?, 7);
///     let lost = block_on_virtual(async {
///         let lost = scope(async |s| Ok(s.spawn_named("count", async { Ok("7 eggs".parse::<u32>()?) }).await?));
///         Ok(lost.await?)
///     });
///     let report = Report::from(lost.unwrap_err());
///     assert_eq!(report.to_string(), "invalid digit found in string, in main/scope/count at 0 s");
///     assert_eq!(report.source().unwrap().to_string(), "invalid digit found in string");
///     Ok(())
/// }
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Report {
    line: String,
    tree: String,
    source: Option<Box<Said>>,
}

/// What one error said, and the one that it came from.
#[derive(Clone, PartialEq, Eq)]
struct Said {
    message: String,
    source: Option<Box<Said>>,
}

impl Report {
    /// Writes out any error: its message, its sources as messages, its debugging form as the tree.
    pub fn of(error: &(dyn StdError + 'static)) -> Report {
        let sources: Vec<String> = sources(error).map(ToString::to_string).collect();
        let chain = |source, message| Some(Box::new(Said { message, source }));
        let source = sources.into_iter().rev().fold(None, chain);
        Report { line: error.to_string(), tree: format!("{error:?}"), source }
    }
}

impl From<Error> for Report {
    fn from(error: Error) -> Report {
        match &error {
            Error::Leaf(leaf) => Report::of(leaf),
            Error::Group(group) => Report::of(group),
        }
    }
}

impl From<ErrorGroup> for Report {
    fn from(group: ErrorGroup) -> Report {
        Report::of(&group)
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.line)
    }
}

impl fmt::Debug for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.tree)
    }
}

impl StdError for Report {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.source.as_deref().map(|said| said as &(dyn StdError + 'static))
    }
}

impl fmt::Display for Said {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl fmt::Debug for Said {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl StdError for Said {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.source.as_deref().map(|said| said as &(dyn StdError + 'static))
    }
}
