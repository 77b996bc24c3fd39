//! A finished or growing run with everything that the page derives from it once.

use std::rc::Rc;

use crate::event::{Event, Outcome};
use crate::span::{LineIndex, Span};
use crate::time::Time;
use crate::timeline::{Layout, Sentence, story};
use crate::trace::{Stamped, Trace};

use super::errors::ErrorTree;

/// A run, and what is shown of it.
#[derive(Clone, Debug)]
pub struct Run {
    /// The text that ran.
    pub text: Rc<str>,
    /// Its lines.
    pub lines: Rc<LineIndex>,
    /// The number of the live run that it is. None: it ran in virtual time.
    pub live_run: Option<u64>,
    /// What happened.
    pub trace: Trace,
    /// The picture of it.
    pub layout: Layout,
    /// Its log.
    pub log: Vec<LogLine>,
    /// The errors that it ended with.
    pub errors: ErrorTree,
    /// The run in sentences.
    pub story: Vec<Sentence>,
    /// The instants at which something happened, each once, in order.
    pub instants: Vec<Time>,
}

/// A line of the log.
#[derive(Clone, Debug, PartialEq)]
pub struct LogLine {
    /// When.
    pub at: Time,
    /// Who, as a path.
    pub path: String,
    /// What.
    pub text: Rc<str>,
    /// Where in the text.
    pub span: Option<Span>,
    /// Whether it is an expectation that did not hold.
    pub bad: bool,
}

impl Run {
    /// Derives what is shown of `trace`, a run of `text`.
    pub fn new(text: Rc<str>, lines: Rc<LineIndex>, trace: Trace) -> Run {
        let layout = Layout::new(&trace);
        let log = trace.events.iter().filter_map(|stamped| log_line(stamped, &layout)).collect();
        let errors = ErrorTree::new(&trace, &layout);
        let mut instants: Vec<Time> = trace.events.iter().map(|stamped| stamped.at).collect();
        instants.dedup();
        let story = story(&trace);
        Run { text, lines, live_run: None, trace, layout, log, errors, story, instants }
    }

    /// Whether it ran on the wall's clock.
    pub fn is_live(&self) -> bool {
        self.live_run.is_some()
    }

    /// How it ended. None while it goes on.
    pub fn outcome(&self) -> Option<Outcome> {
        match self.trace.events.last()?.event {
            Event::RunEnd { outcome, .. } => Some(outcome),
            _ => None,
        }
    }

    /// How it ended, in a word.
    pub fn outcome_word(&self) -> &'static str {
        match self.outcome() {
            None => "running",
            Some(Outcome::Ok) => "ok",
            Some(Outcome::Failed) => "failed",
            Some(Outcome::Cancelled) => "cancelled",
            Some(Outcome::Deadlock) => "deadlock",
            Some(Outcome::Limit) => "limit",
        }
    }

    /// The instant of its last event.
    pub fn end(&self) -> Time {
        self.layout.end()
    }

    /// The line of a place in the text that ran, from 1.
    pub fn line_of(&self, span: Span) -> u32 {
        self.lines.line(span.start)
    }
}

fn log_line(stamped: &Stamped, layout: &Layout) -> Option<LogLine> {
    let (task, text, span, bad) = match &stamped.event {
        Event::Log { task, text, span } => (task, text.clone(), span, false),
        Event::Expect { task, held: false, text, span } => {
            (task, format!("expected {text}, and it did not hold").into(), span, true)
        }
        _ => return None,
    };
    Some(LogLine { at: stamped.at, path: layout.paths.task(*task), text, span: *span, bad })
}
