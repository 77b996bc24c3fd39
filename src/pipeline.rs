//! The one place that names all phases, from text to picture.
