//! The files of the gallery, in the order in which they are shown.

/// Id and text of each file in `www/gallery`.
pub static FILES: &[(&str, &str)] = &[];
