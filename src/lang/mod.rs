//! The scenario language: text to tree, diagnostics and an inert plan.

pub mod plan;
