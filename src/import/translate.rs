//! The translation itself: what it knows at each place, and the order in which a scenario is put together.

use std::collections::{BTreeMap, BTreeSet};

use crate::span::{LineIndex, Span};

use super::emit::Emit;
use super::facts::{Facts, Known, Shared, Thing, function_word};
use super::python::{Expr, ExprKind, Param, Stmt, StmtKind, each_expr};
use super::standin::StandIns;
use super::{Finding, Imported, Sort, words};

/// Why something cannot be said in a scenario.
#[derive(Debug)]
pub struct Cannot {
    pub span: Span,
    pub why: String,
    pub instead: Option<&'static str>,
}

pub type Said<T> = Result<T, Cannot>;

/// What is known of a value; enough to print it as Python does, or to refuse to.
#[derive(Clone, Debug, PartialEq)]
pub enum Ty {
    Text,
    Int,
    Float,
    Bool,
    None,
    List,
    /// An error, which prints as its message.
    Error,
    /// An error group.
    Group,
    Response,
    /// Now and then `None`, which prints otherwise.
    Maybe,
    Unknown,
}

/// What a variable of Python is here.
#[derive(Clone, Debug)]
pub enum Local<'a> {
    Value(Ty),
    /// A task, and what it gives.
    Task(Ty),
    /// A list of tasks.
    Tasks(Ty),
    /// A task group, an event loop's executor: nothing that a scenario has to name.
    Unnamed,
    /// A timeout that can be moved.
    Deadline,
    /// A coroutine, a list of coroutines or a generator that has not been started.
    Job(&'a Expr),
}

/// A variable: its word in the scenario, or what stands for it.
#[derive(Clone, Debug)]
pub struct Var<'a> {
    pub word: String,
    pub local: Local<'a>,
}

pub type Env<'a> = BTreeMap<String, Var<'a>>;

/// Where the values of a generator go: the consumer's view of the world, and its block.
#[derive(Clone)]
pub struct Sink<'a> {
    pub key: String,
    pub env: Env<'a>,
    pub target: Option<&'a Expr>,
    pub body: &'a [Stmt],
    /// Whether `return` gives an item, and the end of a turn must be said: the body of `__anext__`.
    pub is_next: bool,
}

/// What is known at the place that is being translated.
pub struct Translator<'a> {
    pub facts: &'a Facts<'a>,
    pub module: &'a [Stmt],
    pub text: &'a str,
    pub out: Emit,
    /// The function whose body this is; empty at the top.
    pub key: String,
    pub env: Env<'a>,
    /// The variables of the top level.
    pub globals: Env<'a>,
    /// Words in use where the translation stands, inner blocks last.
    pub in_use: Vec<String>,
    pub sinks: Vec<Sink<'a>>,
    /// How many bodies stand inside each other that were written where they are used.
    pub depth: usize,
    /// Set where `return` has to say first that nothing was cancelled.
    pub before_return: Vec<String>,
    pub stand_ins: StandIns,
    pub found: Vec<(Cannot, Sort)>,
    pub shared: BTreeSet<Shared>,
}

/// Writes the scenario of a module.
pub fn translate<'a>(module: &'a [Stmt], facts: &'a Facts<'a>, text: &'a str, lines: &LineIndex) -> Imported {
    let mut it = Translator {
        facts,
        module,
        text,
        out: Emit::default(),
        key: String::new(),
        env: Env::new(),
        globals: Env::new(),
        in_use: Vec::new(),
        sinks: Vec::new(),
        depth: 0,
        before_return: Vec::new(),
        stand_ins: StandIns::default(),
        found: Vec::new(),
        shared: facts.things.values().filter_map(shared).cloned().collect(),
    };
    let rest = it.globals(module);
    let globals = std::mem::take(&mut it.out);
    it.globals = it.env.clone();
    it.functions(module);
    let functions = std::mem::take(&mut it.out);
    it.env = it.globals.clone();
    it.block(&rest);
    let body = std::mem::take(&mut it.out);
    let mut declared = Emit::default();
    it.shared.iter().for_each(|shared| declared.line(&declaration(shared)));
    let mut missing = Emit::default();
    it.stand_ins.emit(&mut missing);
    let parts = [declared, globals, missing, functions, body].map(|part| part.finish());
    let scenario: Vec<&str> =
        parts.iter().map(|part| part.trim_end()).filter(|part| !part.is_empty()).collect();
    let stand_ins = it.stand_ins.paths();
    let finding = |(cannot, sort): (Cannot, Sort)| Finding {
        line: lines.line(cannot.span.start),
        sort,
        text: cannot.why,
        instead: cannot.instead.map(str::to_owned),
    };
    let findings = it.found.into_iter().map(finding).collect();
    Imported { scenario: format!("{}\n", scenario.join("\n\n")), findings, stand_ins }
}

fn shared(thing: &Thing) -> Option<&Shared> {
    match thing {
        Thing::Shared(shared) => Some(shared),
        _ => None,
    }
}

fn declaration(shared: &Shared) -> String {
    let name = &shared.name;
    match (shared.size, &shared.pooled) {
        (Some(size), Some((connection, most))) => {
            let resource = format!("resource {connection} {{ open {{ }} close {{ }} }}");
            format!("{resource}\npool {name} = {size} of {connection}, overflow {most}")
        }
        (Some(size), None) => format!("{} {name} = {size}", shared.kind),
        (None, _) => format!("{} {name}", shared.kind),
    }
}

impl<'a> Translator<'a> {
    /// Writes the variables that functions may read, which must stand above them; gives the other statements.
    fn globals(&mut self, module: &'a [Stmt]) -> Vec<&'a Stmt> {
        self.fields();
        let mut rest = Vec::new();
        for stmt in module {
            match &stmt.kind {
                StmtKind::Assign(target, value)
                    if (is_literal(value) || is_object(value)) && self.thing(target).is_none() =>
                {
                    self.one(stmt);
                }
                StmtKind::Fn(_) | StmtKind::Class(_) | StmtKind::Nothing => {}
                StmtKind::If(branches) => match branches.first() {
                    Some((Some(test), body)) if is_main_guard(test) => rest.extend(body),
                    _ => rest.push(stmt),
                },
                _ => rest.push(stmt),
            }
        }
        rest
    }

    fn functions(&mut self, module: &'a [Stmt]) {
        let called = self.called_directly(module);
        let mut order: Vec<(&String, &Known<'a>)> = self.facts.functions.iter().collect();
        order.sort_by_key(|(_, known)| known.function.body.first().map(|stmt| stmt.span.start));
        for (key, known) in order {
            let function = known.function;
            let special = function.name.starts_with("__") && function.name.ends_with("__");
            if special || self.yields(known) || !(function.is_async || called.contains(key)) {
                continue;
            }
            self.key = key.clone();
            self.env = self.globals.clone();
            let mark = self.in_use.len();
            let params: Vec<String> =
                self.own_params(key, known).into_iter().map(|param| self.parameter(param)).collect();
            self.out.open(&format!("fn {}({})", function_word(key), params.join(", ")));
            let body: Vec<&Stmt> = function.body.iter().collect();
            self.block(&body);
            self.out.close();
            self.out.line("");
            self.in_use.truncate(mark);
        }
        self.key = String::new();
    }

    /// The functions that are called as such, not handed to a thread.
    fn called_directly(&self, module: &[Stmt]) -> BTreeSet<String> {
        let mut called = BTreeSet::new();
        let functions =
            self.facts.functions.iter().map(|(key, known)| (key.as_str(), known.function.body.as_slice()));
        for (key, body) in functions.chain([("", module)]) {
            each_expr(body, &mut |expr| {
                if let Some((path, ..)) = expr.call()
                    && let Some((callee, _)) = self.facts.callee(key, &path)
                {
                    called.insert(callee);
                }
            });
        }
        called
    }

    fn parameter(&mut self, param: &Param) -> String {
        let ty = match param.annotation.as_deref() {
            Some("str") => Ty::Text,
            Some("int") => Ty::Int,
            Some("float") => Ty::Float,
            Some("list" | "List" | "tuple") => Ty::List,
            _ => Ty::Unknown,
        };
        self.declare(&param.name, Local::Value(ty))
    }

    /// The parameters that a scenario passes: those that stand for a declaration are known without.
    pub fn own_params(&self, key: &str, known: &Known<'a>) -> Vec<&'a Param> {
        let skipped = usize::from(known.class.is_some());
        let function: &'a super::python::Fn = known.function;
        let is_known = |param: &&Param| self.facts.things.contains_key(&(key.to_owned(), param.name.clone()));
        function.params.iter().skip(skipped).filter(|param| !is_known(param)).collect()
    }

    /// Gives `name` a word that means nothing else here.
    pub fn declare(&mut self, name: &str, local: Local<'a>) -> String {
        let mut word = words::word(name);
        let stands_in = |word: &String| self.stand_ins.names().any(|taken| taken == word);
        while self.facts.taken.contains(&word) || self.in_use.contains(&word) || stands_in(&word) {
            word.push('_');
        }
        self.in_use.push(word.clone());
        self.env.insert(name.to_owned(), Var { word: word.clone(), local });
        word
    }

    /// What `expr` stands for, other than a value.
    pub fn thing(&self, expr: &Expr) -> Option<Thing> {
        self.facts.thing(&self.key, expr)
    }

    pub fn say(&mut self, cannot: Cannot, sort: Sort) {
        self.found.push((cannot, sort));
    }

    /// The text of an expression as Python has it, on one line.
    pub fn source(&self, span: Span) -> String {
        let text = self.text.get(span.range()).unwrap_or_default();
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }
}

pub fn cannot<T>(span: Span, why: impl Into<String>) -> Said<T> {
    Err(Cannot { span, why: why.into(), instead: None })
}

pub fn cannot_but<T>(span: Span, why: impl Into<String>, instead: &'static str) -> Said<T> {
    Err(Cannot { span, why: why.into(), instead: Some(instead) })
}

fn is_literal(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::None | ExprKind::Bool(_) | ExprKind::Int(_) | ExprKind::Float(_) | ExprKind::Text(_) => {
            true
        }
        ExprKind::List(items) => items.iter().all(is_literal),
        ExprKind::Minus(of) => is_literal(of),
        _ => false,
    }
}

/// `object()`, which a program makes to have something that nothing else is.
fn is_object(expr: &Expr) -> bool {
    expr.call().is_some_and(|(path, args, _)| path == "object" && args.is_empty())
}

/// `__name__ == "__main__"`.
fn is_main_guard(test: &Expr) -> bool {
    matches!(&test.kind, ExprKind::Binary("==", left, _) if left.name() == Some("__name__"))
}
