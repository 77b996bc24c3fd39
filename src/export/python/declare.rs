//! What a scenario declares to be shared, at the top of the program.

use crate::export::tree::{Block, Expr, ExprKind, Job, Length, Op, Tree, Visit, usage, walk_expr};
use crate::lang::plan::{self, Builtin, Held, Limiter, LimiterIndex, LockIndex, Rate, ResourceIndex};

use super::block::Want;
use super::names::{Names, identifier};
use super::page::Page;
use super::program::Writer;
use super::semaphore;
use super::task::Function;

/// What the declared things are called, by kind.
pub struct Declared {
    pub limiters: Vec<String>,
    pub locks: Vec<String>,
    pub events: Vec<String>,
    pub barriers: Vec<String>,
    pub queues: Vec<String>,
    /// The classes of resources.
    pub resources: Vec<String>,
    pub pools: Vec<String>,
}

impl Declared {
    /// Names everything.
    pub fn new(tree: &Tree<'_>, names: &mut Names) -> Declared {
        let declared = &tree.plan.declarations;
        let mut name = |text: &str| names.global(text, "_");
        Declared {
            limiters: declared.limiters.iter().map(|it| name(&it.name)).collect(),
            locks: declared.locks.iter().map(|it| name(&it.name)).collect(),
            events: declared.events.iter().map(|it| name(&it.name)).collect(),
            barriers: declared.barriers.iter().map(|it| name(&it.name)).collect(),
            queues: declared.queues.iter().map(|it| name(&it.name)).collect(),
            resources: declared.resources.iter().map(|it| name(&camel(&it.name))).collect(),
            pools: declared.pools.iter().map(|it| name(&it.name)).collect(),
        }
    }
}

/// `unit_of_work` as the name of a class.
fn camel(name: &str) -> String {
    let capital = |word: &str| {
        let mut letters = word.chars();
        letters
            .next()
            .map(|first| first.to_ascii_uppercase().to_string() + letters.as_str())
            .unwrap_or_default()
    };
    identifier(name).split('_').map(capital).collect()
}

impl Writer<'_> {
    /// A constant that is no length.
    fn number(&mut self, expr: &plan::Expr) -> String {
        self.expr(&Tree::constant(expr)).text
    }

    /// A constant length of time, in seconds.
    pub fn constant(&mut self, expr: &plan::Expr) -> String {
        self.span(&Tree::constant(expr))
    }

    /// The lines that make everything that is declared.
    pub fn declarations(&mut self) -> Page {
        let declared = &self.tree.plan.declarations;
        let mut page = Page::default();
        for (index, resource) in self.tree.resources.iter().enumerate() {
            // One that is only asked, by `query`, is never opened.
            let held = Held::Resource(ResourceIndex(index as u32));
            let pooled = declared.pools.iter().any(|pool| pool.of.index() == index);
            if !pooled && !self.tree.any(|op| matches!(op, Op::With { held: it, .. } if *it == held)) {
                continue;
            }
            let name = self.declared.resources[index].clone();
            let written = self.resource(&name, &resource.0, &resource.1);
            page.paste(&written);
            page.line("");
            page.line("");
        }
        for (index, limiter) in declared.limiters.iter().enumerate() {
            let (index, name) = (LimiterIndex(index as u32), self.declared.limiters[index].clone());
            let made = self.limiter(index, limiter);
            page.line(format!("{name} = {made}"));
        }
        for (index, name) in self.declared.locks.clone().iter().enumerate() {
            // Only the limiter counts its holders.
            match self.asks_peak(Held::Lock(LockIndex(index as u32))) {
                true => page.line(format!("{name} = {}", self.call("Limiter", &["1".to_string()]).text)),
                false => page.line(format!("{name} = asyncio.Lock()")),
            }
        }
        self.declared.events.iter().for_each(|name| page.line(format!("{name} = asyncio.Event()")));
        for (barrier, name) in declared.barriers.iter().zip(self.declared.barriers.clone()) {
            let parties = self.number(&barrier.parties);
            let made = self.call("Barrier", &[parties]).text;
            page.line(format!("{name} = {made}"));
        }
        for (queue, name) in declared.queues.iter().zip(self.declared.queues.clone()) {
            let capacity = queue.capacity.as_ref().map(|capacity| self.number(capacity));
            let made = self.call("Queue", &capacity.into_iter().collect::<Vec<_>>()).text;
            page.line(format!("{name} = {made}"));
        }
        if self.tree.any(|op| matches!(op, Op::Offload { .. })) {
            let size = self.tree.plan.workers.as_ref().map_or("4".to_string(), |size| self.number(size));
            let made = self.call("Limiter", &[size]).text;
            page.line(format!("workers = {made}"));
        }
        if self.draws() {
            let made = self.call("Chance", &[self.tree.plan.seed.unwrap_or(0).to_string()]).text;
            page.line(format!("chance = {made}"));
        }
        for (pool, name) in declared.pools.iter().zip(self.declared.pools.clone()) {
            let mut args =
                vec![format!("{}()", self.declared.resources[pool.of.index()]), self.number(&pool.size)];
            args.extend(pool.overflow.as_ref().map(|overflow| format!("overflow={}", self.number(overflow))));
            let made = self.call("Pool", &args).text;
            page.line(format!("{name} = {made}"));
        }
        page
    }

    /// Whether an expectation asks how many held it.
    fn asks_peak(&self, held: Held) -> bool {
        usage::asks_peak(self.tree, held)
    }

    /// Whether anything is left to the seed.
    fn draws(&self) -> bool {
        let range = |length: &Length| length.to.is_some();
        let mut random = Random(self.tree.any(|op| match op {
            Op::Sleep(length) | Op::Work(length) => range(length),
            Op::Offload { job: Job::Block(length), .. } => range(length),
            Op::Offload { takes: Some(length), .. }
            | Op::Fetch { takes: Some(length), .. }
            | Op::Query { takes: Some(length), .. } => range(length),
            Op::Retry { jitter, .. } => *jitter,
            _ => false,
        }));
        self.tree.every_block().for_each(|block| random.block(block));
        random.0
    }

    fn limiter(&mut self, index: LimiterIndex, limiter: &Limiter) -> String {
        let permits = limiter.permits.as_ref().map(|permits| self.number(permits));
        let pace = limiter.rate.as_ref().map(|Rate { starts, per }| {
            let args = [self.number(starts), format!("per={}", self.constant(per))];
            self.call("Pace", &args).text
        });
        match (permits, pace) {
            (Some(permits), Some(pace)) => self.call("Gate", &[permits, pace]).text,
            (Some(permits), None) => {
                let counted = self.asks_peak(Held::Limiter(index));
                let own = self.own.is_some() || !semaphore::suffices(self.tree, &self.waits, index);
                match counted || own {
                    true => self.call("Limiter", &[permits]).text,
                    false => format!("asyncio.Semaphore({permits})"),
                }
            }
            (None, Some(pace)) => pace,
            (None, None) => "None".to_string(),
        }
    }

    /// The class of a resource.
    fn resource(&mut self, name: &str, open: &Block, close: &Block) -> Page {
        self.needs("Resource");
        let outer = std::mem::take(&mut self.page);
        self.page.open(format!("class {name}(Resource):"));
        let from = self.page.len();
        for (word, body, want) in [("open", open, Want::Return), ("close", close, Want::Nothing)] {
            if body.stmts.is_empty() {
                continue;
            }
            let scope = self.usage.spawns(body.id).then(|| self.call("nearest_scope", &[]).text);
            let before = std::mem::replace(&mut self.scope, scope);
            self.method(word, body, want);
            self.scope = before;
        }
        self.page.close(from);
        std::mem::replace(&mut self.page, outer)
    }

    fn method(&mut self, name: &str, body: &Block, want: Want) {
        let scope = self.scope.clone();
        self.write(Function { want, nested: true, method: true, ..Function::new(name, body) });
        self.scope = scope;
    }
}

/// Whether `random` is called.
struct Random(bool);

impl Visit for Random {
    fn expr(&mut self, expr: &Expr) {
        self.0 |= matches!(expr.kind, ExprKind::Builtin(Builtin::Random, _));
        walk_expr(self, expr);
    }
}
