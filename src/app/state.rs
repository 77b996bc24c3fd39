//! Everything the application knows: one value, owned by the page's root.
//!
//! Inert and cheap to clone: what is large is shared. [`super::reduce`] is the
//! only place that changes it.

use std::rc::Rc;

use crate::pipeline::{Plan, Target};
use crate::span::{LineIndex, Span};
use crate::time::Time;
use crate::timeline::Hit;

use super::bring_in::BringIn;
use super::by_hand::{ByHand, Language};
use super::explanation::Explanation;
use super::export::Export;
use super::problem::Problem;
use super::run::Run;
use super::settings::{NarrowView, Sizes, Tab, Theme};
use super::share::{self, Settings};
use super::units::Units;
use super::view::View;
use super::words::Word;

/// The application.
#[derive(Clone, Debug)]
pub struct State {
    /// The scenario.
    pub text: Rc<str>,
    /// Where the lines of [`Self::text`] begin.
    pub lines: Rc<LineIndex>,
    /// The text that the page was opened with.
    pub original: Rc<str>,
    /// The gallery entry that the text was opened from, as long as it is unchanged.
    pub example: Option<&'static str>,
    /// The language in which that entry is read.
    pub language: Language,
    /// Its program in another language, the last that was fetched.
    pub by_hand: Option<ByHand>,
    /// Whether the text is a Python program that can be brought in.
    pub bring_in: BringIn,
    /// The form in which the scenario was taken home last.
    pub export_target: Target,
    /// Bytes against the editor's units of [`Self::text`].
    pub units: Rc<Units>,
    /// The words of the text that have a colour, as of the last [`super::Action::Compute`].
    pub words: Rc<[Word]>,
    /// Where a task may wait, as of then.
    pub pauses: Rc<[Span]>,
    /// What the checker says about it, as of then.
    pub problems: Rc<[Problem]>,
    /// What it lowers to, if it can run.
    pub plan: Option<Rc<Plan>>,
    /// The last run of a text that could run.
    pub run: Option<Rc<Run>>,
    /// Whether [`Self::run`] is of an earlier text.
    pub stale: bool,
    /// The seed field as it was typed.
    pub seed_text: String,
    /// Whether runs are live.
    pub live: bool,
    /// The number of the live run that is going on.
    pub live_run: Option<u64>,
    /// Whether it was asked to end.
    pub stopping: bool,
    /// Numbers given to live runs so far.
    pub live_runs: u64,
    /// Whether a live run may ask other sites, once the reader was asked. A shared text is a stranger's.
    pub fetch_answer: Option<bool>,
    /// Whether the reader is being asked about it.
    pub asks_fetch: bool,
    /// The theme that was chosen.
    pub theme: Theme,
    /// Whether the system is dark.
    pub system_dark: bool,
    /// Sizes of the panes.
    pub sizes: Sizes,
    /// The tab under the timeline.
    pub tab: Tab,
    /// What a narrow page shows.
    pub narrow: NarrowView,
    /// What lies over the page.
    pub over: Over,
    /// The stretch of the run that is on screen.
    pub view: View,
    /// What the pointer is over.
    pub hover: Option<Hit>,
    /// What is selected.
    pub selected: Option<Hit>,
    /// A marked stretch of time.
    pub range: Option<(Time, Time)>,
    /// Where the playhead stands.
    pub playhead: Option<Time>,
    /// Whether it runs.
    pub playing: bool,
    /// Where the editor's cursor stands, in bytes.
    pub cursor: u32,
    /// What the cursor stands in.
    pub beside: Option<Hit>,
    /// Where the cursor was sent last.
    pub goto: Option<GoTo>,
    /// How often it was sent.
    pub jumps: u64,
    /// Something to say in passing.
    pub notice: Option<Notice>,
    /// Numbers given to notices so far.
    pub notices: u64,
    /// Whether this is an embed.
    pub embed: bool,
    /// Whether an embed shows its code.
    pub shows_code: bool,
}

/// What lies over the page; one thing at a time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Over {
    /// Nothing.
    #[default]
    Nothing,
    /// The gallery, with the text of its field.
    Gallery(String),
    /// The palette.
    Palette {
        /// The text of its field.
        query: String,
        /// The marked row.
        row: usize,
    },
    /// The sheet of keys.
    Keys,
    /// What a code means.
    Explanation {
        /// Which.
        code: String,
        /// The page about it.
        page: Explanation,
    },
    /// The scenario in the forms in which it can be taken home.
    Export(Export),
}

/// Something to say in passing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// Its number, so that an old timer does not take away a new notice.
    pub number: u64,
    /// One or two sentences.
    pub text: String,
}

/// An order to the editor: put the cursor there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GoTo {
    /// Its number, so that the same place can be ordered twice.
    pub number: u64,
    /// Where.
    pub span: Span,
    /// Whether the keyboard goes there too.
    pub takes_focus: bool,
}

impl State {
    /// The hash of a link to what is on screen. None: the text is too large for a link.
    pub fn link(&self) -> Option<String> {
        let zoom = self.view.port.filter(|_| !self.view.is_fitted());
        let settings = Settings {
            seed: self.seed(),
            at: self.playhead,
            zoom: zoom.map(super::view::range).filter(|(from, to)| from < to),
            live: self.live,
        };
        match self.example {
            Some(id) => Some(share::encode_example(id, &settings)),
            None => share::encode(&self.text, &settings),
        }
    }

    /// Whether the text cannot run.
    pub fn broken(&self) -> bool {
        self.problems.iter().any(|problem| problem.is_error)
    }

    /// The seed that the reader set. None: the text's own.
    pub fn seed(&self) -> Option<u64> {
        self.seed_text.trim().parse().ok()
    }

    /// The seed of the next run: the reader's, or the text's own, or 0.
    pub fn seed_in_use(&self) -> u64 {
        self.seed().or(self.plan.as_ref().and_then(|plan| plan.seed)).unwrap_or_default()
    }

    /// Whether the seed field holds something that is no seed.
    pub fn seed_is_wrong(&self) -> bool {
        !self.seed_text.trim().is_empty() && self.seed().is_none()
    }

    /// Whether the page is dark.
    pub fn is_dark(&self) -> bool {
        self.theme.is_dark(self.system_dark)
    }

    /// What the scenario is called.
    pub fn title(&self) -> &str {
        let of_run = self.run.as_ref().map(|run| run.trace.header.scenario.as_str());
        let of_text = Some(super::gallery::header(&self.text, "title"));
        [of_run, of_text].into_iter().flatten().find(|title| !title.is_empty()).unwrap_or("Untitled scenario")
    }

    /// How many errors and warnings there are.
    pub fn problem_counts(&self) -> (usize, usize) {
        let errors = self.problems.iter().filter(|problem| problem.is_error).count();
        (errors, self.problems.len() - errors)
    }
}
