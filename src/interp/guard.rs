//! `try`, `catch`, `finally`: taking errors out of a tree, and running something on every way out.

use std::cell::RefCell;
use std::rc::Rc;

use crate::lang::plan::{Block, Try};
use crate::runtime::{Deferred, Leaf, Result, after_cleanup, defer};

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
        let mut catch = error.catch();
        for handler in guarded.handlers.iter() {
            let wanted = |leaf: &Leaf| handler.kind.as_ref().is_none_or(|kind| Fault::of(leaf).kind == *kind);
            let Some(taken) = catch.at(handler.span).take_if(wanted) else { continue };
            match self.block(&handler.body, frame, vec![Value::Error(taken)]).await {
                Ok(result) => flow = result,
                Err(failure) => catch.failed(failure),
            }
        }
        catch.finish().map(|()| flow)
    }
}
