//! The ruler above the lanes.

/// How tall the ruler is.
pub const RULER_PX: f64 = 28.0;
