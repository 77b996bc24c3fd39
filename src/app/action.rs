//! What can happen to the application, and what it asks the page to do about it.

use std::rc::Rc;

use crate::pipeline::Target;
use crate::span::Span;
use crate::time::Time;
use crate::timeline::Hit;
use crate::trace::Stamped;

use super::by_hand::{ByHand, Language};
use super::commands::Command;
use super::settings::{Divider, NarrowView, Tab, Theme};
use super::view::Motion;

/// Something that happened: a key, a click, an answer.
#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    /// The reader changed the text.
    Edit(Rc<str>),
    /// The frame after an edit: compute what the text now does.
    Compute,
    /// A command, by key, palette or button.
    Do(Command),
    /// Open an entry of the gallery.
    Open(&'static str),
    /// The address changed under the page: another link was opened in it.
    Follow(String),
    /// The text of the seed field.
    Seed(String),
    /// Use the seed after the one that is in use.
    NextSeed,
    /// Set the clock switch: live or virtual.
    Live(bool),
    /// A live run said something.
    LiveEvents {
        /// Which run.
        run: u64,
        /// What it said since the last time, in order.
        events: Vec<Stamped>,
    },
    /// A live run could not start.
    LiveFailed {
        /// Which run.
        run: u64,
        /// Why, in words.
        reason: String,
    },
    /// The reader lets a live run ask other sites, or not.
    AllowFetch(bool),
    /// Set the theme.
    Theme(Theme),
    /// The system's theme changed.
    SystemDark(bool),
    /// A divider was dragged.
    Divide(Divider, f64),
    /// A divider was let go.
    Divided,
    /// Show a tab.
    Tab(Tab),
    /// What a narrow page shows.
    Narrow(NarrowView),
    /// The window of the timeline moves.
    Move(Motion),
    /// The timeline's size on screen: of the lanes, without gutter and ruler.
    Resize {
        /// Width, CSS pixels.
        width: f64,
        /// Height, CSS pixels.
        height: f64,
    },
    /// The pointer is over this.
    Hover(Option<Hit>),
    /// Select this.
    Select(Option<Hit>),
    /// Hide or show what is inside this lane.
    Fold(u32),
    /// Put the playhead there.
    Seek(Option<Time>),
    /// A frame passed while the playhead runs; real microseconds since the last.
    Tick(u64),
    /// A stretch of time was marked.
    Range(Option<(Time, Time)>),
    /// The cursor of the editor moved to this byte.
    Cursor(u32),
    /// Put the cursor on this place of the text.
    GoTo(Span),
    /// Carry out the fix of this hint: number of the problem, number of its hint.
    Fix(usize, usize),
    /// Explain this code of a problem.
    Explain(String),
    /// The page about a code has come; none if it could not be had.
    Explained {
        /// Of which code.
        code: String,
        /// The page.
        text: Option<String>,
    },
    /// Text of the palette's field.
    PaletteQuery(String),
    /// The palette's marked row moves.
    PaletteMove(isize),
    /// Carry out the palette's marked row.
    PaletteRun,
    /// Text of the gallery's field.
    GalleryQuery(String),
    /// Copy this to the clipboard.
    Copy(String),
    /// The clipboard took it, or not.
    Copied {
        /// Whether it did.
        done: bool,
        /// Whether it was a link.
        link: bool,
    },
    /// A notice has been up long enough.
    Dismiss(u64),
    /// An embed shows its code, or hides it.
    ShowCode(bool),
    /// Back to the text that the page was opened with.
    Reset,
    /// Show this scenario in the whole playground.
    OpenPlayground,
    /// Read the entry of the gallery that is open in this language.
    Read(Language),
    /// A program was fetched, or could not be.
    Fetched(ByHand),
    /// Make a scenario of the Python program in the editor, or leave it.
    BringIn(bool),
    /// The scenario that was made of it, or why none could be.
    BroughtIn(Result<String, String>),
    /// Show the scenario in this form to take home.
    ExportAs(Target),
    /// The scenario in every form, or why it could not be had.
    Exported(Result<Vec<String>, String>),
}

/// What the page must do; the application itself touches nothing.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Send [`Action::Compute`] in the next frame, once however often it is asked.
    Compute,
    /// Write text and settings to the storage and to the address, when things have calmed down.
    Remember,
    /// Put this on the clipboard, then say [`Action::Copied`].
    Copy(String),
    /// Start a live run with this number.
    StartLive(u64),
    /// Ask the live run to end; its tasks clean up first.
    StopLive,
    /// Drop the live run with all that it holds.
    DropLive,
    /// Fetch the page about this code, then say [`Action::Explained`].
    FetchPage(String),
    /// Move the focus.
    Focus(Focus),
    /// Send [`Action::Dismiss`] with this number after a while.
    DismissLater(u64),
    /// Send [`Action::Tick`] each frame while [`super::State::playing`] holds.
    Animate,
    /// The playhead rests: no more frames.
    Rest,
    /// Put a link to what is on screen on the clipboard, then say [`Action::Copied`].
    CopyLink,
    /// Open this scenario in the whole playground.
    OpenPlayground,
    /// Fetch the program of this entry in this language, then say [`Action::Fetched`].
    FetchByHand(&'static str, Language),
    /// Load the importer, give it this program, then say [`Action::BroughtIn`].
    BringIn(Rc<str>),
    /// Load the exporter, give it this scenario and the reader's seed, then say [`Action::Exported`].
    Export(Rc<str>, Option<u64>),
}

/// Where the keyboard may be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Focus {
    /// The editor.
    Editor,
    /// The timeline.
    Timeline,
    /// The field of what was just opened: palette or gallery.
    Field,
}
