//! Pools: their connections are what a declared resource opens and closes.

use std::future::Future;
use std::rc::{Rc, Weak};

use crate::lang::plan::{Block, Held, Pool as Declared, PoolIndex, ResourceIndex};
use crate::runtime::{Connect, Pool, Result, Scope};

use super::frame::Frame;
use super::ops::Problem;
use super::shared::count;
use super::step::{Cx, Flow, value_of};
use super::value::Value;
use super::world::World;

/// Opens and closes the connections of one pool by the blocks of its resource.
pub(crate) struct Connector {
    /// Weak: the world owns the pool.
    world: Weak<World>,
    /// Where a `task` in such a block would be spawned into.
    scope: Scope<'static>,
    resource: ResourceIndex,
}

impl Connector {
    fn run(
        &self,
        block: fn(&crate::lang::plan::Resource) -> &Block,
    ) -> impl Future<Output = Result<Value>> + use<> {
        let (world, scope, index) = (self.world.upgrade(), self.scope.clone(), self.resource);
        async move {
            let Some(world) = world else { return Ok(Value::None) };
            let plan = world.plan.clone();
            let Some(resource) = plan.declarations.resources.get(index.index()) else {
                return Ok(Value::None);
            };
            let top = world.top.clone();
            let flow = Cx::new(world, scope).block(block(resource), &top, Vec::new()).await?;
            Ok(value_of(flow))
        }
    }
}

impl Connect for Connector {
    type Connection = Value;

    async fn open(&self) -> Result<Value> {
        self.run(|resource| &resource.open).await
    }

    async fn close(&self, _: Value) -> Result<()> {
        self.run(|resource| &resource.close).await.map(drop)
    }
}

impl World {
    /// Makes the pool that `declared` declares; `scope` is the root.
    pub(crate) fn pool(
        self: &Rc<Self>,
        declared: &Declared,
        scope: &Scope<'static>,
    ) -> std::result::Result<Pool<Connector>, Problem> {
        let size = count(self, &declared.size)?;
        let overflow = declared.overflow.as_ref().map_or(Ok(0), |overflow| count(self, overflow))?;
        let connector = Connector { world: Rc::downgrade(self), scope: scope.clone(), resource: declared.of };
        let pool = Pool::new(declared.name.clone(), size, overflow, connector);
        pool.announce();
        Ok(pool)
    }

    /// Closes what the pools kept open, at the end of the run.
    pub(crate) async fn drain(&self) -> Result<()> {
        let mut result = Ok(());
        for pool in self.shared.get().iter().flat_map(|shared| &shared.pools) {
            let drained = pool.drain().await;
            result = result.and(drained);
        }
        result
    }
}

impl Cx {
    /// `with conns as c { }`.
    pub(crate) async fn pooled(&self, index: PoolIndex, body: &Block, frame: &Rc<Frame>) -> Result<Flow> {
        let shared = self.world.shared.get();
        let Some(pool) = shared.and_then(|shared| shared.pools.get(index.index())) else {
            return Ok(Flow::Value(Value::None));
        };
        pool.with(async |connection: &mut Value| {
            let inputs = if body.inputs > 0 { vec![connection.clone()] } else { Vec::new() };
            self.block(body, frame, inputs).await
        })
        .await
    }
}

/// The most connections that were lent out at one instant.
pub(crate) fn peak(pools: &[Pool<Connector>], held: Held) -> u64 {
    match held {
        Held::Pool(index) => pools.get(index.index()).map_or(0, Pool::peak),
        Held::Limiter(_) | Held::Lock(_) | Held::Resource(_) => 0,
    }
}
