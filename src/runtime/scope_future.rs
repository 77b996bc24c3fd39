//! The future of a scope: polls its body and the children that borrow, decides when it is over.
//!
//! A poll finds out what it is for: a turn of the body; a turn of a child that
//! borrows, named by the executor's route; or the scope's own turn, in which
//! it acts on what was decided. Everything beside the way is left alone.

use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use crate::event::{End, Reason, Role, Wait};

use super::cleanup::Drain;
use super::core::{Core, current};
use super::error::{Error, Result};
use super::group::ErrorGroup;
use super::scope::{Scope, ScopeCore, ScopeState};
use super::tasks::{Body, TaskRef};
use super::turn::Polled;
use super::wait::Waiting;
use super::wake::Wakeup;

/// See [`super::scope::scope`].
pub(crate) struct ScopeFuture<'env, F, T> {
    scope: Scope<'env>,
    body: Option<Pin<Box<F>>>,
    result: Option<Result<T>>,
    /// Children that borrow, by index.
    nursery: Vec<Option<(TaskRef, Body<'env>)>>,
    drain: Drain,
    waiting: Option<Waiting>,
    /// It was empty and has let the others have a turn.
    stepped_back: bool,
}

impl<F, T> Unpin for ScopeFuture<'_, F, T> {}

/// What a poll is for.
enum Purpose {
    Body,
    Child(u32),
    Act,
}

impl<'env, F, T> ScopeFuture<'env, F, T> {
    pub(crate) fn new(scope: Scope<'env>, body: F) -> Self {
        let body = Some(Box::pin(body));
        let (nursery, drain) = (Vec::new(), Drain::default());
        ScopeFuture { scope, body, result: None, nursery, drain, waiting: None, stepped_back: false }
    }

    fn inner(&self) -> &Rc<ScopeCore> {
        &self.scope.inner
    }

    fn purpose(&self) -> Purpose {
        let mut route = self.inner().core.route.borrow_mut();
        match route.last() {
            Some(step) if step.scope == self.inner().block.id => {
                match route.pop().and_then(|step| step.child) {
                    Some(child) => Purpose::Child(child),
                    None => Purpose::Act,
                }
            }
            _ => Purpose::Body,
        }
    }

    /// Puts newly spawned children into the nursery.
    fn admit(&mut self) {
        for (index, task, body) in self.scope.arrivals.take() {
            let index = index as usize;
            if self.nursery.len() <= index {
                self.nursery.resize_with(index + 1, || None);
            }
            self.nursery[index] = Some((task, body));
        }
    }
}

impl<'env, F: Future<Output = Result<T>>, T> ScopeFuture<'env, F, T> {
    fn poll_body(&mut self, cx: &mut Context<'_>) {
        let Some(body) = &mut self.body else { return };
        let inner = self.scope.inner.clone();
        let entered = inner.core.enter_block(&inner.block);
        let poll = body.as_mut().poll(cx);
        if let Poll::Ready(result) = poll {
            self.body = None;
            drop(entered);
            self.body_over(result);
        }
    }

    fn body_over(&mut self, result: Result<T>) {
        let inner = self.inner().clone();
        if let Err(error) = &result {
            inner.add_failure(Role::Body, error.clone());
            if !inner.collects() && inner.state.get() == ScopeState::Open {
                self.stop(Reason::BodyFailed(inner.block.id));
            }
        }
        self.result = Some(result);
    }

    /// Polls one child that borrows, as that child.
    fn poll_child(&mut self, index: u32) {
        let inner = self.inner().clone();
        let core = &inner.core;
        let Some((task, mut body)) = self.nursery.get_mut(index as usize).and_then(Option::take) else {
            return;
        };
        match core.poll_task(task, body.as_mut()) {
            Polled::Pending => self.nursery[index as usize] = Some((task, body)),
            Polled::Over(result) => {
                core.drop_in_task(task, body);
                inner.free_index(index);
                core.body_over(task, result);
            }
        }
    }

    /// Drops the children that were cancelled.
    fn bury(&mut self) {
        let inner = self.inner().clone();
        for index in inner.doomed.take() {
            let Some((task, body)) = self.nursery.get_mut(index as usize).and_then(Option::take) else {
                continue;
            };
            inner.core.drop_in_task(task, body);
            inner.free_index(index);
            inner.core.body_cancelled(task);
        }
    }

    fn act(&mut self) {
        if let ScopeState::Deciding(reason) = self.inner().state.get() {
            self.stop(reason);
        }
    }

    /// Cancels the body and all children together.
    fn stop(&mut self, reason: Reason) {
        let inner = self.inner().clone();
        inner.state.set(ScopeState::Stopping(reason));
        inner.announce_cancel(reason);
        let entered = inner.core.enter_block(&inner.block);
        inner.core.drop_cancelled(self.body.take());
        drop(entered);
        inner.cancel_children(reason);
        self.bury();
    }

    /// Whether body, children and cleanups are over.
    fn poll_over(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let inner = self.inner().clone();
        if self.body.is_some() {
            return Poll::Pending;
        }
        if inner.children.get().count > 0 {
            let wait = || Waiting::start(&inner.core, Wait::Children(inner.block.id));
            self.waiting.get_or_insert_with(wait);
            return Poll::Pending;
        }
        self.waiting = None;
        let entered = inner.core.enter_block(&inner.block);
        let errors = std::task::ready!(self.drain.poll(&inner.block.cleanups, cx));
        drop(entered);
        errors.into_iter().for_each(|error| inner.add_failure(Role::DuringCancellation, error));
        // An empty scope is a suspension like any other, so that a loop around one starves nobody.
        if inner.state.get() == ScopeState::Open && inner.block.node.is_bare() && !self.stepped_back {
            self.stepped_back = true;
            inner.core.push_act(&inner);
            return Poll::Pending;
        }
        Poll::Ready(())
    }

    fn finish(&mut self) -> std::result::Result<T, ErrorGroup> {
        let inner = self.inner().clone();
        let state = inner.state.get();
        let group = inner.take_group();
        let result = self.result.take();
        match (group, result, state) {
            (
                None,
                Some(Ok(value)),
                ScopeState::Open
                | ScopeState::Deciding(Reason::LostRace(..))
                | ScopeState::Stopping(Reason::LostRace(..)),
            ) => {
                inner.close(End::Ok);
                Ok(value)
            }
            (Some(group), ..) => {
                inner.close(End::Failed);
                Err(group)
            }
            (None, result, state) => {
                let reason = match state {
                    ScopeState::Stopping(reason) | ScopeState::Deciding(reason) => Some(reason),
                    ScopeState::Open | ScopeState::Closed => None,
                };
                inner.close(End::Cancelled);
                match result {
                    // The body came to its end before it was cancelled, and so did every child.
                    Some(Ok(value)) if reason != Some(Reason::Explicit) => Ok(value),
                    _ => Err(inner.empty_group(reason)),
                }
            }
        }
    }
}

impl<'env, F: Future<Output = Result<T>>, T> Future for ScopeFuture<'env, F, T> {
    type Output = std::result::Result<T, ErrorGroup>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = &mut *self;
        let inner = this.inner().clone();
        inner.polled_by.replace(Some(Wakeup::new(&inner.core, cx)));
        this.admit();
        match this.purpose() {
            Purpose::Child(index) => this.poll_child(index),
            Purpose::Act => {
                inner.act_queued.set(false);
                this.bury();
                this.act();
            }
            Purpose::Body => this.poll_body(cx),
        }
        this.admit();
        std::task::ready!(this.poll_over(cx));
        Poll::Ready(this.finish())
    }
}

impl<F, T> Drop for ScopeFuture<'_, F, T> {
    /// The scope is left before its end: its task was cancelled, or a combinator gave it up.
    fn drop(&mut self) {
        let inner = self.scope.inner.clone();
        if inner.state.get() == ScopeState::Closed {
            return;
        }
        self.waiting = None;
        let core = &inner.core;
        if current().is_none_or(|running| !Rc::ptr_eq(&running, core)) || core.stopped.get() {
            inner.close_silently();
            return;
        }
        let reason = Reason::ScopeDropped(inner.block.id);
        inner.state.set(ScopeState::Stopping(reason));
        core.drop_cancelled(self.body.take());
        inner.orphaned.set(true);
        inner.cancel_children(reason);
        self.admit();
        for (task, body) in std::mem::take(&mut self.nursery).into_iter().flatten() {
            core.drop_in_task(task, body);
            core.body_cancelled(task);
        }
        self.leave_rest(core, &inner);
    }
}

impl<F, T> ScopeFuture<'_, F, T> {
    /// Hands to the block around it what the scope would have waited for.
    fn leave_rest(&mut self, core: &Rc<Core>, inner: &Rc<ScopeCore>) {
        for cleanup in std::mem::take(&mut self.drain).into_rest(&inner.block.cleanups) {
            core.hand_over(cleanup);
        }
        let scope = inner.clone();
        core.hand_over(Box::pin(async move {
            std::future::poll_fn(|cx| scope.poll_orphaned(cx)).await;
            match scope.take_group() {
                Some(group) => {
                    scope.close(End::Failed);
                    Err(Error::Group(Rc::new(group)))
                }
                None => {
                    scope.close(End::Cancelled);
                    Ok(())
                }
            }
        }));
    }
}
