//! The application without a screen: state, actions, sharing, gallery, commands.
//!
//! [`State`] is everything it knows, [`reduce`] the only way to change it;
//! what the page must do beside comes back as [`Effect`]s. Nothing here touches
//! a screen, a clock or a store, so that all of it is tested natively.

pub mod commands;
pub mod gallery;
pub mod keys;
pub mod settings;
pub mod share;

mod action;
mod assist;
mod boot;
mod bring_in;
mod by_hand;
mod compute;
mod errors;
mod explanation;
mod export;
mod gallery_table;
mod inspect;
mod moves;
mod panels;
mod picture;
mod problem;
mod reduce;
mod run;
mod state;
mod units;
mod view;
mod words;

#[cfg(test)]
mod tests;

pub use crate::pipeline::Target;
pub use crate::pipeline::start as live_run;
pub use crate::timeline::{Hit, Sentence, TimeScale, instant, length};
pub use crate::trace::Recorder;
pub use action::{Action, Effect, Focus};
pub use assist::{Proposal, Proposals, Saying, propose, say};
pub use boot::{Boot, boot};
pub use bring_in::{BringIn, is_python};
pub use by_hand::{ByHand, Language};
pub use compute::is_over;
pub use errors::{ErrorTree, Node};
pub use explanation::{Explanation, Piece, Prose};
pub use export::{Export, Texts, file_name, label};
pub use inspect::{About, Fact, inspect, overview, summary};
pub use picture::{Frame, Picture, small_picture};
pub use problem::{Advice, Problem};
pub use reduce::reduce;
pub use run::{LogLine, Run};
pub use state::{GoTo, Notice, Over, State};
pub use units::Units;
pub use view::{Motion, View};
pub use words::{Word, words};
