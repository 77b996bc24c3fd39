//! What the timeline shows, as one value: the screen draws it again when it differs.

use std::rc::Rc;

use crate::geom::Point;
use crate::pipeline;
use crate::span::LineIndex;
use crate::time::Time;
use crate::timeline::{Geometry, Hit, Rows, Sentence, Viewport, describe_hit, pick};

use super::run::Run;
use super::state::State;
use super::view::View;

/// What the timeline shows.
#[derive(Clone, Debug)]
pub struct Picture {
    /// The run. None: nothing has run yet.
    pub run: Option<Rc<Run>>,
    /// The window on it.
    pub port: Option<Viewport>,
    /// The rows.
    pub rows: Rc<Rows>,
    /// Whether the run is of an earlier text.
    pub stale: bool,
    /// Whether the page is dark.
    pub dark: bool,
    /// What the pointer is over.
    pub hover: Option<Hit>,
    /// What the editor's cursor stands in.
    pub beside: Option<Hit>,
    /// What is selected.
    pub selected: Option<Hit>,
    /// A marked stretch of time.
    pub range: Option<(Time, Time)>,
    /// Where the playhead stands.
    pub playhead: Option<Time>,
    /// What has to be said about the run, if it is not what a reader would take it for.
    pub notice: &'static str,
    /// Whether it is in an embed, where a plain wheel belongs to the page around it.
    pub embed: bool,
}

impl Picture {
    /// Whether the run's own layer looks the same.
    pub fn same_data(&self, other: &Picture) -> bool {
        let run = |picture: &Picture| picture.run.as_ref().map(Rc::as_ptr);
        run(self) == run(other)
            && Rc::ptr_eq(&self.rows, &other.rows)
            && (self.port, self.stale, self.dark) == (other.port, other.stale, other.dark)
    }
}

impl PartialEq for Picture {
    fn eq(&self, other: &Picture) -> bool {
        self.same_data(other)
            && (self.hover, self.beside, self.selected, self.range, self.playhead)
                == (other.hover, other.beside, other.selected, other.range, other.playhead)
            && (self.notice, self.embed) == (other.notice, other.embed)
    }
}

/// Where things are on the screen: the size of the picture and of its margins, in CSS pixels.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Frame {
    /// The picture's width.
    pub width: f64,
    /// The picture's height.
    pub height: f64,
    /// How much of the width the names take.
    pub gutter: f64,
    /// How much of the height the ruler takes.
    pub ruler: f64,
}

impl Picture {
    /// The picture's geometry in a frame. None: nothing to show.
    pub fn geometry(&self, frame: Frame) -> Option<Geometry<'_>> {
        Some(Geometry {
            rows: &self.rows,
            viewport: self.port?,
            width_px: frame.width,
            height_px: frame.height,
            gutter_px: frame.gutter,
            ruler_px: frame.ruler,
        })
    }

    /// What stands at a point.
    pub fn hit(&self, frame: Frame, point: Point) -> Option<Hit> {
        pick(&self.run.as_ref()?.layout, &self.geometry(frame)?, point)
    }

    /// What is to be said about something: nothing about empty places.
    pub fn about(&self, hit: Hit) -> Vec<Sentence> {
        self.run.as_ref().map(|run| describe_hit(&run.layout, hit)).unwrap_or_default()
    }
}

/// A text's run in virtual time with a window on all of it, for a drawing of this height. None: it cannot run.
pub fn small_picture(text: &str, height: f64) -> Option<Picture> {
    let plan = pipeline::compile(text).plan?;
    let trace = pipeline::simulate(&plan, None);
    let run = Run::new(text.into(), Rc::new(LineIndex::new(text)), trace);
    let mut view = View { size: (0.0, height), ..View::default() };
    view.enter(&run.layout);
    Some(Picture {
        port: view.port,
        rows: view.rows,
        run: Some(Rc::new(run)),
        stale: false,
        dark: false,
        hover: None,
        beside: None,
        selected: None,
        range: None,
        playhead: None,
        notice: "",
        embed: false,
    })
}

impl State {
    /// What the timeline shows.
    pub fn picture(&self) -> Picture {
        Picture {
            run: self.run.clone(),
            port: self.view.port,
            rows: self.view.rows.clone(),
            stale: self.stale,
            dark: self.is_dark(),
            hover: self.hover,
            beside: self.beside,
            selected: self.selected,
            range: self.range,
            playhead: self.playhead,
            notice: self.run_notice(),
            embed: self.embed,
        }
    }

    fn run_notice(&self) -> &'static str {
        let Some(run) = &self.run else { return "" };
        if self.text.trim().is_empty() {
            return "The scenario is empty. Open the gallery, or write a first line: sleep 1s";
        }
        match (self.stale, self.live, run.is_live()) {
            (true, _, _) if self.broken() => "This is the last run that worked; the text has changed since.",
            (true, _, _) => "This run is of an earlier text. Press Run for a new one.",
            (false, true, false) => "This is the run in virtual time. Press Run for a live one.",
            _ => "",
        }
    }
}
