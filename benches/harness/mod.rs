//! Measures and reports. A harness of our own, and a small one, because those of others (criterion, divan) measure one
//! function after the other: peers that take turns round by round on a machine that others use as well, the ratio of
//! two peers within a round, the growth from size to size, and the same in a browser are what this is about.

mod clock;
mod measure;
pub mod options;
pub mod report;
pub mod shell;
