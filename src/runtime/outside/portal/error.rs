//! Why a call through a portal gave no value.

use std::fmt;

use crate::runtime::errors::report::Report;

/// Why a call through a [`Portal`](super::Portal) gave no value.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PortalError {
    /// The portal's scope has ended, was cancelled, or is gone with its run. What had begun was cancelled.
    Closed,
    /// The thread of the run asked to wait for what only it could do.
    SameThread,
    /// [`MAX_CALLS`](super::MAX_CALLS) calls are under way.
    Full,
    /// The call was cancelled through its handle.
    Cancelled,
    /// The work failed or panicked.
    Failed(Report),
}

impl fmt::Display for PortalError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            PortalError::Closed => f.write_str("the portal is closed: its scope has ended or was cancelled"),
            PortalError::SameThread => f.write_str(
                "the run's own thread would wait for itself: await the work in a task, or await what `spawn` gives",
            ),
            PortalError::Full => write!(f, "the portal is full: {} calls are under way", super::MAX_CALLS),
            PortalError::Cancelled => f.write_str("the call was cancelled"),
            PortalError::Failed(report) => write!(f, "{report}"),
        }
    }
}

impl std::error::Error for PortalError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            PortalError::Failed(report) => report.source(),
            PortalError::Closed | PortalError::SameThread | PortalError::Full | PortalError::Cancelled => {
                None
            }
        }
    }
}
