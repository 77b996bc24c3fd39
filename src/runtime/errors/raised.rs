//! The errors of one task.

use super::error::Error;

/// What a task failed with: its body's error first, then those of its cleanups. Nearly always none or one, and a
/// hundred thousand tasks may fail at once: these two need no allocation.
#[derive(Default)]
pub(crate) enum Raised {
    #[default]
    None,
    One(Error),
    Several(Vec<Error>),
}

impl Raised {
    pub(crate) fn is_empty(&self) -> bool {
        matches!(self, Raised::None)
    }

    pub(crate) fn as_slice(&self) -> &[Error] {
        match self {
            Raised::None => &[],
            Raised::One(error) => std::slice::from_ref(error),
            Raised::Several(errors) => errors,
        }
    }

    pub(crate) fn push(&mut self, error: Error) {
        *self = match std::mem::take(self) {
            Raised::None => Raised::One(error),
            Raised::One(first) => Raised::Several(vec![first, error]),
            Raised::Several(mut errors) => {
                errors.push(error);
                Raised::Several(errors)
            }
        };
    }
}

impl Extend<Error> for Raised {
    fn extend<I: IntoIterator<Item = Error>>(&mut self, errors: I) {
        errors.into_iter().for_each(|error| self.push(error));
    }
}

impl IntoIterator for Raised {
    type Item = Error;
    type IntoIter = std::iter::Chain<std::option::IntoIter<Error>, std::vec::IntoIter<Error>>;

    fn into_iter(self) -> Self::IntoIter {
        let (one, several) = match self {
            Raised::None => (None, Vec::new()),
            Raised::One(error) => (Some(error), Vec::new()),
            Raised::Several(errors) => (None, errors),
        };
        one.into_iter().chain(several)
    }
}
