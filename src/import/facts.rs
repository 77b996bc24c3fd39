//! What can be known of a Python module before a line of it is translated: its functions and classes, and which names
//! stand for locks, queues, clients and objects, also where they are handed on as arguments.

use std::collections::{BTreeMap, BTreeSet};

use super::python::{Class, Expr, ExprKind, Fn, Stmt, StmtKind, each_expr, each_stmt};
use super::words;

/// How often arguments are followed from caller to callee; a longer chain stays unknown.
const MOST_ROUNDS: usize = 16;

/// Python's own kinds of error that derive from another one, as far as programs tell them apart.
const DERIVED: &[(&str, &str)] = &[
    ("OSError", "ConnectionError"),
    ("OSError", "FileNotFoundError"),
    ("OSError", "PermissionError"),
    ("OSError", "TimeoutError"),
    ("ConnectionError", "ConnectionRefusedError"),
    ("ConnectionError", "ConnectionResetError"),
    ("LookupError", "IndexError"),
    ("LookupError", "KeyError"),
    ("ArithmeticError", "OverflowError"),
    ("ArithmeticError", "ZeroDivisionError"),
    ("RuntimeError", "NotImplementedError"),
];

/// What a name stands for, other than a plain value.
#[derive(Clone, Debug, PartialEq)]
pub enum Thing {
    /// Something that the scenario declares.
    Shared(Shared),
    /// An HTTP client: what stands before each path, and how long a request may take.
    Client {
        /// The base address.
        base: Option<String>,
        /// The timeout of each request, as a scenario spells it.
        limit: Option<String>,
    },
    /// The only object of a class.
    Object(String),
    /// The event loop itself.
    Loop,
    /// Something that the text does not need, such as a logger.
    Silent,
}

/// A declaration.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Shared {
    /// `limiter`, `lock`, `event`, `queue`, `barrier` or `pool`.
    pub kind: &'static str,
    /// Its name in the scenario.
    pub name: String,
    /// Its size, where it has one.
    pub size: Option<i64>,
    /// Of a pool: the name of its connections, and how many more than its size it may have for a while.
    pub pooled: Option<(String, i64)>,
}

/// A function or method: the class that it belongs to, and the function.
#[derive(Clone, Copy, Debug)]
pub struct Known<'a> {
    /// The class, if it is a method.
    pub class: Option<&'a Class>,
    /// What it is.
    pub function: &'a Fn,
}

/// Everything that is known.
#[derive(Debug, Default)]
pub struct Facts<'a> {
    /// By `name`, and by `Class.name`.
    pub functions: BTreeMap<String, Known<'a>>,
    /// Classes of objects, by name.
    pub classes: BTreeMap<String, &'a Class>,
    /// Classes of errors, and what each derives from.
    pub errors: BTreeMap<String, &'a [String]>,
    /// By where it is known (`""`, a function's key, a class) and name.
    pub things: BTreeMap<(String, String), Thing>,
    /// How each class is made: once, with these arguments; or more often.
    pub made: BTreeMap<String, Option<Vec<Expr>>>,
    /// Every name that the scenario declares or calls.
    pub taken: BTreeSet<String>,
}

/// The name of a function in the scenario.
pub fn function_word(key: &str) -> String {
    key.split('.').map(words::word).collect::<Vec<_>>().join("_")
}

impl<'a> Facts<'a> {
    /// Reads the module once, then follows arguments.
    pub fn gather(module: &'a [Stmt]) -> Facts<'a> {
        let mut facts = Facts::default();
        each_stmt(module, &mut |stmt| facts.definition(stmt));
        facts.taken.extend(facts.functions.keys().map(|key| function_word(key)));
        let bodies = facts.bodies(module);
        bodies.iter().for_each(|(key, body)| facts.count_objects(key, body));
        // Objects first: what they hold depends on what they were made with.
        bodies.iter().for_each(|(key, body)| facts.assigned(key, body));
        for _ in 0..MOST_ROUNDS {
            let before = facts.things.len();
            bodies.iter().for_each(|(key, body)| facts.handed_on(key, body));
            if facts.things.len() == before {
                break;
            }
        }
        facts
    }

    fn definition(&mut self, stmt: &'a Stmt) {
        match &stmt.kind {
            StmtKind::Fn(function) => {
                self.functions.insert(function.name.clone(), Known { class: None, function });
            }
            StmtKind::Class(class) => {
                let is_error = |base: &String| {
                    base.ends_with("Error") || base.ends_with("Exception") || self.errors.contains_key(base)
                };
                if class.bases.iter().any(is_error) {
                    self.errors.insert(class.name.clone(), &class.bases);
                    return;
                }
                self.classes.insert(class.name.clone(), class);
                for stmt in &class.body {
                    if let StmtKind::Fn(function) = &stmt.kind {
                        let key = format!("{}.{}", class.name, function.name);
                        self.functions.insert(key, Known { class: Some(class), function });
                    }
                }
            }
            _ => {}
        }
    }

    /// The module and every function, by key.
    fn bodies(&self, module: &'a [Stmt]) -> Vec<(String, &'a [Stmt])> {
        let functions =
            self.functions.iter().map(|(key, known)| (key.clone(), known.function.body.as_slice()));
        std::iter::once((String::new(), module)).chain(functions).collect()
    }

    /// Notes which classes are made in `body`, and with what.
    fn count_objects(&mut self, key: &str, body: &'a [Stmt]) {
        let mut made = Vec::new();
        each_expr(body, &mut |expr| {
            if let Some((path, args, named)) = expr.call()
                && self.classes.contains_key(&path)
            {
                let args =
                    args.iter().chain(named.iter().map(|(_, value)| value)).cloned().collect::<Vec<_>>();
                made.push((path, args));
            }
        });
        for (class, args) in made {
            let again = self.made.contains_key(&class);
            self.made.insert(class, if again { None } else { Some(args) });
        }
        let mut objects = Vec::new();
        each_stmt(body, &mut |stmt| {
            let mut note = |target: &Expr, value: &Expr| {
                if let (Some(name), Some((class, ..))) = (target.name(), value.call())
                    && self.classes.contains_key(&class)
                {
                    objects.push((name.to_owned(), class));
                }
            };
            match &stmt.kind {
                StmtKind::Assign(target, value) => note(target, value),
                StmtKind::With(items, _) => {
                    let entered = items.iter().filter(|(value, _)| self.enters_as_itself(value));
                    entered.for_each(|(value, name)| name.iter().for_each(|name| note(name, value)));
                }
                _ => {}
            }
        });
        for (name, class) in objects {
            self.things.insert((key.to_owned(), name), Thing::Object(class));
        }
    }

    /// The kinds that an `except` of `kind` takes: itself, and what derives from it.
    pub fn kinds_of(&self, kind: &str) -> Vec<String> {
        let mut kinds = vec![kind.to_owned()];
        // Each turn adds what derives from the kinds found so far; a kind is added once.
        let mut at = 0;
        while let Some(of) = kinds.get(at).cloned() {
            let own =
                self.errors.iter().filter(|(_, bases)| bases.contains(&of)).map(|(kind, _)| kind.clone());
            let built_in = DERIVED.iter().filter(|(base, _)| *base == of).map(|(_, kind)| (*kind).to_owned());
            for kind in own.chain(built_in) {
                if !kinds.contains(&kind) {
                    kinds.push(kind);
                }
            }
            at += 1;
        }
        kinds
    }

    /// Whether `async with` gives the object itself, and not something that it holds.
    fn enters_as_itself(&self, value: &Expr) -> bool {
        let enter = value.call().and_then(|(class, ..)| self.functions.get(&format!("{class}.__aenter__")));
        let mut itself = true;
        each_stmt(enter.map_or(&[], |known| &known.function.body), &mut |stmt| {
            if let StmtKind::Return(Some(given)) = &stmt.kind {
                itself &= given.name() == Some("self");
            }
        });
        itself
    }

    /// Notes the names that are given something other than a value in `body`.
    fn assigned(&mut self, key: &str, body: &'a [Stmt]) {
        let mut found = Vec::new();
        each_stmt(body, &mut |stmt| match &stmt.kind {
            StmtKind::Assign(target, value) => found.push((target, value)),
            StmtKind::With(items, _) => {
                found.extend(items.iter().filter_map(|(value, name)| Some((name.as_ref()?, value))));
            }
            _ => {}
        });
        for (target, value) in found {
            let place = match (&target.kind, key.split_once('.')) {
                (ExprKind::Name(name), _) => (key.to_owned(), name.clone()),
                (ExprKind::Field(of, name), Some((class, _))) if of.name() == Some("self") => {
                    (class.to_owned(), name.clone())
                }
                _ => continue,
            };
            if let Some(thing) = self.constructed(&place, key, value) {
                self.things.insert(place, thing);
            }
        }
    }

    /// What a call makes, if it is something that is known.
    fn constructed(&mut self, place: &(String, String), key: &str, value: &Expr) -> Option<Thing> {
        let (path, args, named) = value.call()?;
        let by_name = |wanted: &str| named.iter().find(|(name, _)| name == wanted).map(|(_, value)| value);
        let last = path.rsplit('.').next().unwrap_or_default();
        let (kind, size) = match last {
            "Semaphore" | "BoundedSemaphore" => ("limiter", args.first().or(by_name("value"))),
            "Lock" => ("lock", None),
            "Event" => ("event", None),
            "Queue" => ("queue", args.first().or(by_name("maxsize"))),
            "Barrier" => ("barrier", args.first().or(by_name("parties"))),
            "ClientSession" | "AsyncClient" => {
                let base = by_name("base_url").and_then(|it| self.constant(key, it));
                let base = base.and_then(|it| match it.kind {
                    ExprKind::Text(text) => Some(text),
                    _ => None,
                });
                let limit = by_name("timeout").and_then(words::seconds);
                return Some(Thing::Client { base, limit });
            }
            "get_running_loop" | "get_event_loop" => return Some(Thing::Loop),
            "create_async_engine" => ("pool", by_name("pool_size")),
            "getLogger" | "sessionmaker" | "ThreadPoolExecutor" => return Some(Thing::Silent),
            _ => return None,
        };
        let size = match size.map(|size| self.constant(key, size).map(|it| it.kind)) {
            None if kind == "limiter" => Some(1),
            // What SQLAlchemy takes where nothing is said; the same for what comes on top.
            None if kind == "pool" => Some(5),
            None => None,
            Some(Some(ExprKind::Int(size))) => (size > 0).then_some(size),
            Some(_) => return None,
        };
        let python = if key.contains('.') { format!("{}_{}", place.0, place.1) } else { place.1.clone() };
        let name = words::fresh(&python.replace("__", "_"), &self.taken);
        self.taken.insert(name.clone());
        let pooled =
            match (kind, by_name("max_overflow").map(|most| self.constant(key, most).map(|it| it.kind))) {
                ("pool", None) => Some(10),
                ("pool", Some(Some(ExprKind::Int(most)))) if most >= 0 => Some(most),
                ("pool", Some(_)) => return None,
                _ => None,
            };
        // One without limit is no pool here.
        if kind == "pool" && size.is_none() {
            return None;
        }
        let pooled = pooled.map(|most| {
            let connection = words::fresh(&format!("{name}_connection"), &self.taken);
            self.taken.insert(connection.clone());
            (connection, most)
        });
        Some(Thing::Shared(Shared { kind, name, size, pooled }))
    }

    /// A value that stands in the text, followed through the parameters of `__init__`.
    pub fn constant(&self, key: &str, value: &Expr) -> Option<Expr> {
        let Some(name) = value.name() else { return Some(value.clone()) };
        let known = self.functions.get(key)?;
        let at = known.function.params.iter().position(|param| param.name == name)?;
        let param = known.function.params.get(at)?;
        let class = known.class.filter(|_| known.function.name == "__init__")?;
        // `self` is the first parameter, and no argument.
        let given = self.made.get(&class.name).and_then(|made| made.as_ref()?.get(at.checked_sub(1)?));
        given.or(param.default.as_ref()).cloned()
    }

    /// Follows known arguments into the functions that are called with them.
    fn handed_on(&mut self, key: &str, body: &'a [Stmt]) {
        let mut found = Vec::new();
        each_expr(body, &mut |expr| {
            let Some((path, args, named)) = expr.call() else { return };
            let Some((callee, known)) = self.callee(key, &path) else { return };
            let skipped = usize::from(known.class.is_some());
            let params = &known.function.params;
            for (at, arg) in args.iter().enumerate() {
                if let (Some(param), Some(thing)) = (params.get(at + skipped), self.thing(key, arg)) {
                    found.push((callee.clone(), param.name.clone(), thing));
                }
            }
            for (name, arg) in named {
                if let Some(thing) = self.thing(key, arg) {
                    found.push((callee.clone(), name.clone(), thing));
                }
            }
        });
        for (callee, param, thing) in found {
            self.things.entry((callee, param)).or_insert(thing);
        }
    }

    /// The function that `path` calls in the body of `key`.
    pub fn callee(&self, key: &str, path: &str) -> Option<(String, Known<'a>)> {
        let key = match path.split_once('.') {
            None => path.to_owned(),
            Some(("self", method)) => format!("{}.{method}", key.split_once('.')?.0),
            Some((object, method)) => match self.look_up(key, object)? {
                Thing::Object(class) => format!("{class}.{method}"),
                _ => return None,
            },
        };
        let known = self.functions.get(&key)?;
        Some((key, *known))
    }

    fn look_up(&self, key: &str, name: &str) -> Option<&Thing> {
        let own = self.things.get(&(key.to_owned(), name.to_owned()));
        own.or_else(|| self.things.get(&(String::new(), name.to_owned())))
    }

    /// What `expr` stands for in the body of `key`.
    pub fn thing(&self, key: &str, expr: &Expr) -> Option<Thing> {
        match &expr.kind {
            ExprKind::Name(name) => self.look_up(key, name).cloned(),
            ExprKind::Field(of, name) => {
                let class = match of.name()? {
                    "self" => key.split_once('.')?.0.to_owned(),
                    object => match self.look_up(key, object)? {
                        Thing::Object(class) => class.clone(),
                        _ => return None,
                    },
                };
                self.things.get(&(class, name.clone())).cloned()
            }
            _ => None,
        }
    }
}
