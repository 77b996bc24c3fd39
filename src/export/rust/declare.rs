//! What is declared for the whole program: limiters, locks, queues, resources, variables that functions see.

use crate::export::tree::{Block, Tree, usage};
use crate::lang::plan::{
    self, BarrierIndex, EventIndex, Held, LimiterIndex, LockIndex, PoolIndex, QueueIndex, ResourceIndex,
};

use crate::export::tree::Op;

use super::captures::Global;
use super::names::{Names, camel, quoted};
use super::types::Ty;
use super::writer::{End, Spelled, Target, Want, Writer};

/// The type of errors of this kind.
pub fn error_name(kind: &str) -> String {
    kind.to_owned()
}

/// Types of errors cannot be called so: the program needs the names itself.
pub const TAKEN: &[&str] = &[
    "Backoff",
    "Barrier",
    "Box",
    "Cell",
    "Duration",
    "Elapsed",
    "Err",
    "Error",
    "Event",
    "ExitCode",
    "Flow",
    "Job",
    "Leaf",
    "Length",
    "Limiter",
    "Lock",
    "None",
    "Ok",
    "Option",
    "Pool",
    "Program",
    "Queue",
    "RateLimiter",
    "Rc",
    "RefCell",
    "Request",
    "Resource",
    "Response",
    "Result",
    "Scope",
    "ScopeKind",
    "ScopeOptions",
    "Simulated",
    "Some",
    "String",
    "Task",
    "TimeoutHandle",
    "Value",
    "Vec",
];

/// What the declared things are called.
pub struct Declared {
    limiters: Vec<String>,
    rates: Vec<String>,
    insides: Vec<String>,
    locks: Vec<String>,
    events: Vec<String>,
    barriers: Vec<String>,
    queues: Vec<String>,
    pools: Vec<String>,
    pub resources: Vec<String>,
}

impl Declared {
    /// Names what the plan declares.
    pub fn new(tree: &Tree<'_>, names: &mut Names) -> Declared {
        let declared = &tree.plan.declarations;
        let mut all = |wanted: Vec<&plan::Name>| wanted.into_iter().map(|name| names.global(name)).collect();
        let mut declared_names = Declared {
            limiters: all(declared.limiters.iter().map(|it| &it.name).collect()),
            locks: all(declared.locks.iter().map(|it| &it.name).collect()),
            events: all(declared.events.iter().map(|it| &it.name).collect()),
            barriers: all(declared.barriers.iter().map(|it| &it.name).collect()),
            queues: all(declared.queues.iter().map(|it| &it.name).collect()),
            pools: all(declared.pools.iter().map(|it| &it.name).collect()),
            resources: declared.resources.iter().map(|it| format!("{}Resource", camel(&it.name))).collect(),
            rates: Vec::new(),
            insides: Vec::new(),
        };
        // What belongs to a limiter gives way to what the text names.
        let mut beside = |ending| {
            let paced = declared.limiters.iter().map(|it| (it.name.clone(), it.rate.is_some()));
            let name =
                |(name, paced)| if paced { names.global(&format!("{name}_{ending}")) } else { String::new() };
            paced.map(name).collect()
        };
        (declared_names.rates, declared_names.insides) = (beside("rate"), beside("inside"));
        declared_names
    }

    pub fn limiter(&self, limiter: LimiterIndex) -> String {
        self.limiters[limiter.index()].clone()
    }

    pub fn rate(&self, limiter: LimiterIndex) -> String {
        self.rates[limiter.index()].clone()
    }

    /// Counts who is inside a limiter with a rate, where somebody asks how many there were.
    pub fn inside(&self, limiter: LimiterIndex) -> String {
        self.insides[limiter.index()].clone()
    }

    pub fn lock(&self, lock: LockIndex) -> String {
        self.locks[lock.index()].clone()
    }

    pub fn event(&self, event: EventIndex) -> String {
        self.events[event.index()].clone()
    }

    pub fn barrier(&self, barrier: BarrierIndex) -> String {
        self.barriers[barrier.index()].clone()
    }

    pub fn queue(&self, queue: QueueIndex) -> String {
        self.queues[queue.index()].clone()
    }

    pub fn pool(&self, pool: PoolIndex) -> String {
        self.pools[pool.index()].clone()
    }

    /// The limiter of the blocking pool.
    pub fn workers(&self) -> &'static str {
        "workers"
    }
}

impl Writer<'_> {
    /// What stands in a queue.
    pub fn queue_ty(&mut self, queue: QueueIndex) -> Ty {
        let known = self.types.borrow().queued(queue);
        match self.named(self.ty(&known)) {
            Ty::Never => Ty::Unit,
            ty => ty,
        }
    }

    /// What opening a resource gives.
    pub fn resource_ty(&mut self, resource: ResourceIndex) -> Ty {
        let known = self.types.borrow().opened(resource);
        self.named(self.ty(&known))
    }

    /// The names under which a declared thing is given to those who use it.
    pub fn global_names(&mut self, global: Global) -> Vec<String> {
        self.global_fields(global).into_iter().map(|(name, _)| name).collect()
    }

    /// A declared thing's names and types.
    fn global_fields(&mut self, global: Global) -> Vec<(String, String)> {
        let declared = &self.tree.plan.declarations;
        match global {
            Global::Limiter(at) => {
                let (index, limiter) = (LimiterIndex(at), declared.limiters[at as usize].clone());
                let mut fields = Vec::new();
                if limiter.permits.is_some() {
                    fields.push((self.declared.limiter(index), self.rt("Limiter").to_owned()));
                }
                if limiter.rate.is_some() {
                    fields.push((self.declared.rate(index), self.rt("RateLimiter").to_owned()));
                }
                if self.counts_inside(index) {
                    fields.push((self.declared.inside(index), self.rt("Limiter").to_owned()));
                }
                fields
            }
            Global::Lock(at) => vec![(self.declared.lock(LockIndex(at)), format!("{}<()>", self.rt("Lock")))],
            Global::Event(at) => vec![(self.declared.event(EventIndex(at)), self.rt("Event").to_owned())],
            Global::Barrier(at) => {
                vec![(self.declared.barrier(BarrierIndex(at)), self.rt("Barrier").to_owned())]
            }
            Global::Queue(at) => {
                let ty = self.queue_ty(QueueIndex(at)).name();
                vec![(self.declared.queue(QueueIndex(at)), format!("{}<{ty}>", self.rt("Queue")))]
            }
            Global::Pool(at) => {
                let of = self.declared.resources[declared.pools[at as usize].of.index()].clone();
                vec![(self.declared.pool(PoolIndex(at)), format!("{}<{of}>", self.rt("Pool")))]
            }
            Global::Workers => vec![("workers".to_owned(), self.rt("Limiter").to_owned())],
            Global::Var(var) => {
                let ty = self.var_ty(var);
                let cell = self.cell_name(&ty);
                let item = if ty.default().is_some() { ty.name() } else { format!("Option<{}>", ty.name()) };
                vec![(self.vars.get(&var).cloned().unwrap_or_default(), format!("{cell}<{item}>"))]
            }
        }
    }

    /// The parameters through which a function gets what it uses, each with a comma behind it.
    pub fn global_params(&mut self, piece: &Block, lifetime: &str) -> Vec<String> {
        let mut params = Vec::new();
        for global in self.captures.globals(piece.id) {
            let fields = self.global_fields(global);
            params.extend(fields.into_iter().map(|(name, ty)| format!("{name}: &{lifetime}{ty}")));
        }
        params
    }

    /// Whether somebody asks how many were inside a limiter with a rate: its permits are taken before its pace lets in.
    pub fn counts_inside(&self, limiter: LimiterIndex) -> bool {
        let paced = self.tree.plan.declarations.limiters[limiter.index()].rate.is_some();
        paced && usage::asks_peak(self.tree, Held::Limiter(limiter))
    }

    /// A constant number of things.
    fn count(&mut self, expr: &plan::Expr) -> String {
        let code = self.expr(&Tree::constant(expr));
        let plain = code.text.chars().all(|letter| letter.is_ascii_digit() || " +*()".contains(letter));
        if code.ty != Ty::Int || !plain {
            self.refuse("a number in a declaration is no plain constant");
        }
        code.text
    }

    /// A reference to something that lives as long as the program.
    fn kept_for_all(&mut self, name: &str, value: &str) -> String {
        if self.captures.lasts {
            format!("let {name} = {}({value});\n", self.helper("leak"))
        } else {
            format!("let {name} = &{value};\n")
        }
    }

    /// Everything that is declared and used.
    pub fn declarations(&mut self) -> String {
        let declared = self.tree.plan.declarations.clone();
        let mut out = String::new();
        for (at, limiter) in declared.limiters.iter().enumerate() {
            let index = LimiterIndex(at as u32);
            let name = quoted(&limiter.name);
            if let Some(permits) = &limiter.permits {
                let value = format!("{}::named({name}, {})", self.rt("Limiter"), self.count(permits));
                out += &self.kept_for_all(&self.declared.limiter(index), &value);
            }
            if let Some(rate) = &limiter.rate {
                let per = self.duration(&Tree::constant(&rate.per));
                let rate_limiter = self.rt("RateLimiter");
                let value =
                    format!("{rate_limiter}::sliding_window({name}, {}, {per})", self.count(&rate.starts));
                out += &self.kept_for_all(&self.declared.rate(index), &value);
            }
            if self.counts_inside(index) {
                let value = format!("{}::new(u64::MAX)", self.rt("Limiter"));
                out += &self.kept_for_all(&self.declared.inside(index), &value);
            }
        }
        for (at, lock) in declared.locks.iter().enumerate() {
            let value = format!("{}::named({}, ())", self.rt("Lock"), quoted(&lock.name));
            out += &self.kept_for_all(&self.declared.lock(LockIndex(at as u32)), &value);
        }
        for (at, event) in declared.events.iter().enumerate() {
            let value = format!("{}::new({})", self.rt("Event"), quoted(&event.name));
            out += &self.kept_for_all(&self.declared.event(EventIndex(at as u32)), &value);
        }
        for (at, barrier) in declared.barriers.iter().enumerate() {
            let parties = self.count(&barrier.parties);
            let value = format!("{}::new({}, {parties})", self.rt("Barrier"), quoted(&barrier.name));
            out += &self.kept_for_all(&self.declared.barrier(BarrierIndex(at as u32)), &value);
        }
        for (at, queue) in declared.queues.iter().enumerate() {
            let index = QueueIndex(at as u32);
            let (ty, name) = (self.queue_ty(index).name(), quoted(&queue.name));
            let of = self.rt("Queue");
            let value = match &queue.capacity {
                Some(capacity) => format!("{of}::<{ty}>::bounded({name}, {})", self.count(capacity)),
                None => format!("{of}::<{ty}>::unbounded({name})"),
            };
            out += &self.kept_for_all(&self.declared.queue(index), &value);
        }
        out += &self.late_declarations(&declared);
        out
    }

    fn late_declarations(&mut self, declared: &plan::Declarations) -> String {
        let mut out = String::new();
        if self.tree.any(|op| matches!(op, Op::Offload { .. })) {
            let size = match &self.tree.plan.workers {
                Some(size) => self.count(size),
                None => "4".to_owned(),
            };
            let value = format!("{}::workers({size})", self.rt("Limiter"));
            out += &self.kept_for_all("workers", &value);
        }
        for var in self.tree.body.vars.clone() {
            if self.captures.var(var).shared && !self.constants.contains_key(&var) {
                let ty = self.var_ty(var);
                let cell = self.cell_name(&ty);
                let value = match ty.default() {
                    Some("Vec::new()") => {
                        format!("{cell}::new({}::new())", ty.name().replacen('<', "::<", 1))
                    }
                    Some("0") => format!("{cell}::new(0i64)"),
                    Some(default) => format!("{cell}::new({default})"),
                    None => format!("{cell}::new(None::<{}>)", ty.name()),
                };
                let name = self.vars.get(&var).cloned().unwrap_or_default();
                out += &self.kept_for_all(&name, &value);
            }
        }
        for (at, pool) in declared.pools.iter().enumerate() {
            let index = PoolIndex(at as u32);
            let size = self.count(&pool.size);
            let overflow = pool.overflow.as_ref().map_or_else(|| "0".to_owned(), |it| self.count(it));
            if self.hooks(pool.of).iter().any(|hook| self.captures.spawns(hook.id)) {
                self.refuse("what opens or closes the connections of a pool spawns");
            }
            let connect = self.resource_value(pool.of);
            let value =
                format!("{}::new({}, {size}, {overflow}, {connect})", self.rt("Pool"), quoted(&pool.name));
            out += &self.kept_for_all(&self.declared.pool(index), &value);
        }
        out
    }

    fn hooks(&self, resource: ResourceIndex) -> [&Block; 2] {
        let (open, close) = &self.tree.resources[resource.index()];
        [open, close]
    }

    fn resource_fields(&mut self, resource: ResourceIndex) -> Vec<(String, String)> {
        let ids = self.hooks(resource).map(|hook| hook.id);
        let globals = ids.into_iter().flat_map(|id| self.captures.globals(id));
        let globals: std::collections::BTreeSet<Global> = globals.collect();
        let mut fields = Vec::new();
        for global in globals {
            if matches!(global, Global::Pool(_)) {
                self.refuse("what opens or closes a resource uses a pool");
            }
            let of = self.global_fields(global);
            fields.extend(of.into_iter().map(|(name, ty)| (name, format!("&'static {ty}"))));
        }
        if ids.into_iter().any(|id| self.captures.spawns(id)) {
            fields.push(("s".to_owned(), format!("{}<'static>", self.rt("Scope"))));
        }
        fields
    }

    /// A resource that is about to be opened.
    pub fn resource_value(&mut self, resource: ResourceIndex) -> String {
        let name = self.declared.resources[resource.index()].clone();
        let fields = self.resource_fields(resource);
        if fields.is_empty() {
            return name;
        }
        if self.into != Target::Scope && fields.iter().any(|(name, _)| name == "s") {
            self.refuse("a resource that spawns is opened by a task of a race");
        }
        let field =
            |(name, _): &(String, String)| if name == "s" { "s: s.clone()".to_owned() } else { name.clone() };
        format!("{name} {{ {} }}", fields.iter().map(field).collect::<Vec<_>>().join(", "))
    }

    /// The resources, as types.
    pub fn resources(&mut self) -> String {
        let mut out = String::new();
        for (at, declared) in self.tree.plan.declarations.resources.clone().iter().enumerate() {
            let resource = ResourceIndex(at as u32);
            let pooled = self.tree.plan.declarations.pools.iter().any(|pool| pool.of == resource);
            let held = |op: &Op| matches!(op, Op::With { held: Held::Resource(it), .. } if *it == resource);
            let used = self.tree.any(held);
            if !pooled && !used {
                continue;
            }
            let name = self.declared.resources[at].clone();
            let fields = self.resource_fields(resource);
            let (body, unpack) = match fields.is_empty() {
                true => (";".to_owned(), String::new()),
                false => {
                    let lines: String = fields.iter().map(|(name, ty)| format!("{name}: {ty},\n")).collect();
                    let names: Vec<&str> = fields.iter().map(|(name, _)| name.as_str()).collect();
                    (
                        format!(" {{\n{lines}}}"),
                        format!("let Self {{ {} }} = self.clone();\n", names.join(", ")),
                    )
                }
            };
            out += &format!("/// `resource {}`\n#[derive(Clone)]\nstruct {name}{body}\n\n", declared.name);
            let ty = self.resource_ty(resource);
            let (open, close) = self.tree.resources[at].clone();
            let open = self.hook(&open, &ty);
            let close = self.hook(&close, &Ty::Unit);
            let (ty, result) = (ty.name(), self.rt("Result"));
            let open_with =
                |unpack: &str| if uses_fields(&open, &fields) { unpack.to_owned() } else { String::new() };
            let close_with =
                |unpack: &str| if uses_fields(&close, &fields) { unpack.to_owned() } else { String::new() };
            let (opens, closes) = (open_with(&unpack) + &open, close_with(&unpack) + &close);
            if used {
                out += &format!(
                    "impl {} for {name} {{\ntype Item = {ty};\n\nasync fn open(&mut self) -> {result}<{ty}> {{\n\
                     {opens}}}\n\nasync fn close(self, _: {ty}) -> {result}<()> {{\n{closes}}}\n}}\n\n",
                    self.rt("Resource")
                );
            }
            if pooled {
                out += &format!(
                    "impl {} for {name} {{\ntype Connection = {ty};\n\nasync fn open(&self) -> {result}<{ty}> {{\n\
                     {opens}}}\n\nasync fn close(&self, _: {ty}) -> {result}<()> {{\n{closes}}}\n}}\n\n",
                    self.rt("Connect")
                );
            }
        }
        out
    }

    fn hook(&mut self, block: &Block, ty: &Ty) -> String {
        let end = End { ty: ty.clone(), flow: false, spelled: Spelled::Nothing };
        self.into = Target::Scope;
        self.in_unit(ty.clone(), |it| it.block(block, &Want::End(end)))
    }
}

fn uses_fields(_body: &str, fields: &[(String, String)]) -> bool {
    !fields.is_empty()
}
