//! Stimuli: what comes from outside at an instant of the run.

use std::future::Future;

use crate::runtime::Result;

use super::step::Cx;

/// Runs `body` with the plan's stimuli beside it; those that are due after its end do nothing.
pub(crate) async fn beside<T>(_cx: &Cx, body: impl Future<Output = Result<T>>) -> Result<T> {
    body.await
}
