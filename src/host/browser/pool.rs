//! A few workers, and what is asked of them, in order of arrival.
//!
//! Workers start when first needed and are kept for the next job. A worker
//! whose job is dropped is terminated, since nothing else stops a computation;
//! another one starts when a job needs it, and begins with what the one before left to be kept.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::future::Future;
use std::pin::Pin;
use std::rc::{Rc, Weak};
use std::task::{Context, Poll, Waker};

use wasm_bindgen::JsValue;

use crate::host::browser::wire;
use crate::host::browser::worker::{News, Worker};

/// More workers than this only fill memory: machines have fewer cores.
pub const WORKERS_LIMIT: usize = 32;

/// The pool. Dropping it terminates every worker and fails what they did.
pub(super) struct Pool {
    inner: Rc<RefCell<Inner>>,
}

struct Inner {
    url: Rc<str>,
    size: usize,
    next_id: u32,
    workers: Vec<Member>,
    waiting: VecDeque<Rc<Ticket>>,
    /// What every further worker is told first.
    keep: Option<JsValue>,
}

/// A worker and what it is at: nothing, when it is kept for the next job.
struct Member {
    id: u32,
    worker: Worker,
    ticket: Option<Rc<Ticket>>,
}

/// One job, shared by whoever waits for it and the pool.
struct Ticket {
    id: u32,
    order: JsValue,
    result: Cell<Option<Result<JsValue, String>>>,
    waker: Cell<Option<Waker>>,
}

impl Ticket {
    fn finish(&self, result: Result<JsValue, String>) {
        self.result.set(Some(result));
        if let Some(waker) = self.waker.take() {
            waker.wake();
        }
    }
}

impl Pool {
    /// A pool of at most `size` workers that run the script at `url`.
    pub(super) fn new(url: Rc<str>, size: usize) -> Pool {
        let size = size.clamp(1, WORKERS_LIMIT);
        let inner =
            Inner { url, size, next_id: 0, workers: Vec::new(), waiting: VecDeque::new(), keep: None };
        Pool { inner: Rc::new(RefCell::new(inner)) }
    }

    /// Hands a job to the next free worker; `order` writes it down with its number.
    pub(super) fn send(&self, order: impl FnOnce(u32) -> JsValue) -> Working {
        let id = self.inner.borrow_mut().take_id();
        let ticket =
            Rc::new(Ticket { id, order: order(id), result: Cell::default(), waker: Cell::default() });
        self.inner.borrow_mut().waiting.push_back(Rc::clone(&ticket));
        dispatch(&self.inner);
        Working { ticket, pool: Rc::downgrade(&self.inner) }
    }
}

impl Drop for Pool {
    fn drop(&mut self) {
        let (workers, waiting) = {
            let mut inner = self.inner.borrow_mut();
            (std::mem::take(&mut inner.workers), std::mem::take(&mut inner.waiting))
        };
        let at_work = workers.into_iter().filter_map(|member| member.ticket);
        for ticket in at_work.chain(waiting) {
            ticket.finish(Err("the run is over".to_owned()));
        }
    }
}

/// A job under way, or waiting for its worker.
#[must_use = "dropping it terminates the worker that is at it"]
pub(super) struct Working {
    ticket: Rc<Ticket>,
    pool: Weak<RefCell<Inner>>,
}

impl Future for Working {
    type Output = Result<JsValue, String>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        match self.ticket.result.take() {
            Some(result) => Poll::Ready(result),
            None => {
                self.ticket.waker.set(Some(cx.waker().clone()));
                Poll::Pending
            }
        }
    }
}

impl Drop for Working {
    fn drop(&mut self) {
        if let Some(pool) = self.pool.upgrade() {
            pool.borrow_mut().withdraw(&self.ticket);
            dispatch(&pool);
        }
    }
}

impl Inner {
    fn take_id(&mut self) -> u32 {
        self.next_id = self.next_id.wrapping_add(1);
        self.next_id
    }

    /// Forgets a job, and terminates the worker that may have begun it.
    fn withdraw(&mut self, ticket: &Rc<Ticket>) {
        self.waiting.retain(|other| !Rc::ptr_eq(other, ticket));
        let is_at_it = |member: &Member| member.ticket.as_ref().is_some_and(|t| Rc::ptr_eq(t, ticket));
        if let Some(index) = self.workers.iter().position(is_at_it) {
            if self.workers[index].worker.is_ready() {
                self.workers.remove(index);
            } else {
                // It was not sent yet. The worker goes on starting, for the next job.
                self.workers[index].ticket = None;
            }
        }
    }

    /// Gives the first waiting job to a worker, if one is free or may start.
    /// A job that fails at once is returned with the reason.
    fn assign(&mut self, pool: &Rc<RefCell<Inner>>) -> Step {
        let free = self.workers.iter().position(|member| member.ticket.is_none());
        if free.is_none() && self.workers.len() >= self.size {
            return Step::Rest;
        }
        let Some(ticket) = self.waiting.pop_front() else {
            return Step::Rest;
        };
        let index = match free {
            Some(index) => index,
            None => match self.start(pool) {
                Ok(index) => index,
                Err(message) => return Step::Failed(ticket, message),
            },
        };
        let member = &mut self.workers[index];
        if member.worker.is_ready()
            && let Err(message) = member.worker.post(&ticket.order)
        {
            return Step::Failed(ticket, message);
        }
        member.ticket = Some(ticket);
        Step::Assigned
    }

    fn start(&mut self, pool: &Rc<RefCell<Inner>>) -> Result<usize, String> {
        let id = self.take_id();
        let pool = Rc::downgrade(pool);
        let report = Rc::new(move |news| {
            if let Some(pool) = pool.upgrade() {
                hear(&pool, id, news);
            }
        });
        let worker = Worker::start(&self.url, report)?;
        self.workers.push(Member { id, worker, ticket: None });
        Ok(self.workers.len() - 1)
    }

    /// Takes in what the worker `id` reports. A job that ended thereby is returned.
    fn hear(&mut self, id: u32, news: News) -> Option<(Rc<Ticket>, Result<JsValue, String>)> {
        let index = self.workers.iter().position(|member| member.id == id)?;
        let member = &mut self.workers[index];
        match news {
            News::Ready => {
                member.worker.set_ready();
                let told = self.keep.as_ref().map_or(Ok(()), |keep| member.worker.post(&wire::kept(keep)));
                let ticket = member.ticket.take()?;
                match told.and_then(|()| member.worker.post(&ticket.order)) {
                    Ok(()) => {
                        member.ticket = Some(ticket);
                        None
                    }
                    Err(message) => Some((ticket, Err(message))),
                }
            }
            // A worker has one job at a time, so the numbers agree unless the
            // script is not ours.
            News::Done { id, result, keep } => {
                self.keep = keep.or(self.keep.take());
                let ticket = member.ticket.take_if(|ticket| ticket.id == id)?;
                Some((ticket, result))
            }
            News::Broken(message) => {
                let member = self.workers.remove(index);
                Some((member.ticket?, Err(message)))
            }
        }
    }
}

enum Step {
    /// No job waits, or no worker is free.
    Rest,
    Assigned,
    Failed(Rc<Ticket>, String),
}

fn hear(pool: &Rc<RefCell<Inner>>, id: u32, news: News) {
    // Waking may run anything, so the pool is not borrowed meanwhile.
    let ended = pool.borrow_mut().hear(id, news);
    if let Some((ticket, result)) = ended {
        ticket.finish(result);
    }
    dispatch(pool);
}

/// Assigns as many waiting jobs as there are workers for.
fn dispatch(pool: &Rc<RefCell<Inner>>) {
    loop {
        let step = pool.borrow_mut().assign(pool);
        match step {
            Step::Rest => return,
            Step::Assigned => {}
            Step::Failed(ticket, message) => ticket.finish(Err(message)),
        }
    }
}
