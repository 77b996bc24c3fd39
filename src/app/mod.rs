//! The application without a screen: state, actions, sharing, gallery, commands.

pub mod commands;
pub mod gallery;
mod gallery_table;
pub mod keys;
pub mod share;
