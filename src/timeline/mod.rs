//! From a trace to what a picture shows: lanes, bars, marks, links, and the words for them.
//!
//! [`Layout`] is made once per trace and holds instants, never pixels.
//! [`Rows`] says which lanes stand where once some are collapsed,
//! [`Viewport`] which stretch of time and which rows are in view, and
//! [`TimeScale`] turns instants into pixels. [`pick`] goes the way back.

mod bars;
mod build;
mod describe;
mod facts;
mod keep;
mod lanes;
mod layout;
mod links;
mod occupancy;
mod picking;
mod rows;
mod scale;
mod story;
mod viewport;
mod why;
mod words;

// Drawing needs these words of an event and no others.
pub use crate::event::{End, ScopeKind};

pub use bars::{Bars, CLASSES, Class, State};
pub use describe::{describe_bar, describe_hit, describe_mark, summary_of};
pub use facts::{Cancelled, Facts, Raised, Resource, Scope, Task};
pub use keep::{Matching, lane_of};
pub use layout::{Anchor, Blocked, Bracket, Lane, LaneKind, Layout, Link, Mark, MarkKind, Rank};
pub use occupancy::Occupancy;
pub use picking::{Geometry, Hit, pick};
pub use rows::{Collapsed, Row, Rows, Summary};
pub use scale::{Tick, TimeScale, ticks};
pub use story::{Sentence, story};
pub use viewport::Viewport;
pub use why::why;
pub use words::{instant, length};
