//! `try`, `catch`, `finally`: taking errors out of a tree, and running something on every way out.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::rc::Rc;

use crate::event::Event;
use crate::ids::ErrorId;
use crate::lang::plan::{Block, Handler, Try};
use crate::runtime::{Deferred, Error, Leaf, Result, after_cleanup, defer};

use super::fault::Fault;
use super::frame::Frame;
use super::step::{Cx, Flow};
use super::value::Value;

impl Cx {
    /// A body with its handlers and its `finally`.
    pub(crate) async fn guarded(&self, guarded: &Try, frame: &Rc<Frame>) -> Result<Flow> {
        let left = Rc::new(RefCell::new(None));
        // Made before the body: a cancellation drops it, and so hands it over.
        let finally = guarded.finally.as_ref().map(|block| self.finally(block, frame, &left));
        let result = self.handled(guarded, frame).await;
        let Some(finally) = finally else { return result };
        let flow = after_cleanup(result, finally.await)?;
        Ok(left.take().unwrap_or(flow))
    }

    /// `finally` as a cleanup. Where it leaves its block by `return` or `break`, that goes to `left`.
    fn finally(&self, block: &Block, frame: &Rc<Frame>, left: &Rc<RefCell<Option<Flow>>>) -> Deferred {
        let (cx, block, frame, left) = (self.clone(), block.clone(), frame.clone(), left.clone());
        defer(async move {
            match cx.block(&block, &frame, Vec::new()).await? {
                Flow::Value(_) => {}
                leaves => drop(left.replace(Some(leaves))),
            }
            Ok(())
        })
    }

    async fn handled(&self, guarded: &Try, frame: &Rc<Frame>) -> Result<Flow> {
        let error = match self.block(&guarded.body, frame, Vec::new()).await {
            Ok(flow) => return Ok(flow),
            Err(error) => error,
        };
        let mut flow = Flow::Value(Value::None);
        let mut rest = ids(&error);
        let mut raised_on: BTreeSet<ErrorId> = BTreeSet::new();
        let mut new = Vec::new();
        for handler in guarded.handlers.iter() {
            let wanted = |leaf: &Leaf| {
                rest.contains(&leaf.id())
                    && handler.kind.as_ref().is_none_or(|kind| Fault::of(leaf).kind == *kind)
            };
            let Some(taken) = error.subgroup(wanted) else { continue };
            let own = ids(&taken);
            rest.retain(|id| !own.contains(id));
            match self.handle(handler, taken, frame).await {
                Ok(result) => flow = result,
                Err(failure) => {
                    // What it took and raised on goes back to its place; what is new stands beside.
                    raised_on.extend(ids(&failure).intersection(&own));
                    new.extend(failure.subgroup(|leaf| !own.contains(&leaf.id())));
                }
            }
        }
        let remains = |leaf: &Leaf| rest.contains(&leaf.id()) || raised_on.contains(&leaf.id());
        let mut errors: Vec<Error> = error.subgroup(remains).into_iter().collect();
        errors.extend(new);
        match Error::all(errors) {
            Some(error) => Err(error),
            None => Ok(flow),
        }
    }

    async fn handle(&self, handler: &Handler, taken: Error, frame: &Rc<Frame>) -> Result<Flow> {
        for leaf in taken.leaves() {
            let (error, span) = (leaf.id(), Some(handler.span));
            self.world.say(|task| Event::ErrorCaught { error, task, span });
        }
        self.block(&handler.body, frame, vec![Value::Error(taken)]).await
    }
}

/// Which errors there are in a tree. A set: there may be a hundred thousand.
fn ids(error: &Error) -> BTreeSet<ErrorId> {
    error.leaves().map(Leaf::id).collect()
}
