//! The shapes of the small signs.
