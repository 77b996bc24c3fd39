//! A whole program: what is declared, the functions, `main`, and below them the helpers.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use crate::export::tree::infer::Types;
use crate::export::tree::raises::Errors;
use crate::export::tree::types::Kind;
use crate::export::tree::usage::Usage;
use crate::export::tree::{Block, Op, Tree, VarId};
use crate::lang::plan::{Name, Stimulus};

use super::declare::Declared;
use super::helpers;
use super::names::Names;
use super::page::Page;
use super::plain;
use super::text;
use super::waits::Waits;

/// What is known of a program while it is written.
pub struct Writer<'t> {
    pub tree: &'t Tree<'t>,
    pub types: RefCell<Types<'t>>,
    pub errors: RefCell<Errors<'t>>,
    pub usage: Usage,
    pub waits: Waits,
    pub names: Names,
    /// Whether lengths of time have a class of their own, because they are mixed with other values.
    pub tagged: bool,
    /// Why asyncio's own task groups and timeouts would not do; none where they do.
    pub own: Option<&'static str>,
    /// What every timeout says whose error may be read, in a program on asyncio's own.
    pub timed_out: Option<i64>,
    /// What the declared things are called.
    pub declared: Declared,
    /// What the functions are called.
    pub functions: Vec<String>,
    /// The class of each kind of error.
    pub kinds: BTreeMap<Name, String>,
    /// What the variables are called that have had their declaration.
    pub vars: BTreeMap<VarId, String>,
    /// Those of them that can still be seen.
    pub visible: BTreeSet<VarId>,
    /// The helpers that are used.
    pub helpers: BTreeSet<&'static str>,
    /// What is asked of the run when it has ended, so that helpers note it.
    pub marks: BTreeSet<&'static str>,
    /// Functions of the file, in the order in which they were begun.
    pub defined: Vec<Page>,
    /// The function that is being written.
    pub page: Page,
    /// The scope that tasks are spawned into.
    pub scope: Option<String>,
    /// Where its tasks stand, in a program on asyncio's own.
    pub scope_path: String,
    /// The variable of the handler around that a bare `raise` sends on.
    pub handled: Option<VarId>,
    /// The variable in which a retry around notes that `break` or `continue` lead further.
    pub retry: Option<String>,
    /// Whether the function that is being written is the body of a handler.
    pub in_handler: bool,
    /// Loops around, in the same function.
    pub loops: u32,
    /// Whether any task is awaited, so that what tasks give matters.
    pub awaits: bool,
}

/// A program, and what has to be known to write it better.
pub struct Written {
    pub text: String,
    /// The helpers in it.
    pub helpers: Vec<String>,
    /// Whether something in it got another name because some helper has that.
    pub gave_way: bool,
}

/// Writes the program. No other helpers than those of the names in `known` may be in it.
pub fn write(tree: &Tree<'_>, known: &[String]) -> Written {
    let mut types = Types::of(tree);
    let errors = RefCell::new(Errors::of(tree, &mut types));
    let types = RefCell::new(types);
    let usage = Usage::of(tree);
    let mut names = Names::new(known);
    let declared = Declared::new(tree, &mut names);
    let functions = tree.plan.functions.iter().map(|function| names.global(&function.name, "_")).collect();
    let kinds = errors.borrow().all().iter().cloned().collect::<Vec<Name>>();
    let mut kinds: BTreeMap<Name, String> =
        kinds.into_iter().map(|kind| (kind.clone(), helpers::error_class(&kind, &mut names))).collect();
    let tagged = types.borrow().mixes_durations() || super::expr::reckons_with_lengths(tree, &types);
    names.global("main", "_");
    let choice = plain::choose(tree, &mut types.borrow_mut(), &errors.borrow(), &usage);
    let renamed = kinds.iter().any(|(kind, class)| **kind != **class);
    let own = choice.why_not.or(renamed.then_some("an error has the name of something that Python needs"));
    if own.is_none() {
        kinds.entry("Timeout".into()).and_modify(|class| "TimeoutError".clone_into(class));
    }
    let timed_out = choice.timed_out.filter(|_| own.is_none());
    let mut writer = Writer {
        tree,
        types,
        errors,
        usage,
        waits: Waits::of(tree),
        names,
        tagged,
        own,
        timed_out: None,
        declared,
        functions,
        kinds,
        vars: BTreeMap::new(),
        visible: BTreeSet::new(),
        helpers: BTreeSet::from(["run"]),
        marks: BTreeSet::from([
            if own.is_some() { "own" } else { "plain" },
            if tree.any(|op| matches!(op, Op::Work(_))) { "held" } else { "free" },
            if own.is_none() && choice.fails { "fails" } else { "safe" },
        ]),
        defined: Vec::new(),
        page: Page::default(),
        scope: None,
        scope_path: "main".to_string(),
        handled: None,
        retry: None,
        in_handler: false,
        loops: 0,
        awaits: tree.any(|op| matches!(op, Op::Await(_))),
    };
    writer.marks.extend(tagged.then_some("tagged"));
    writer.marks.extend((writer.marks.contains("fails")).then_some("tasks"));
    writer.marks.extend(timed_out.map(|_| "timed_out"));
    writer.timed_out = timed_out;
    writer.program()
}

impl Writer<'_> {
    /// Says that a helper is used.
    pub fn needs(&mut self, helper: &'static str) {
        self.helpers.insert(helper);
    }

    /// The class of a kind of error.
    pub fn kind(&mut self, kind: &Name) -> String {
        self.kinds[kind].clone()
    }

    fn program(&mut self) -> Written {
        let tree = self.tree;
        let shared: Vec<VarId> =
            tree.body.vars.iter().copied().filter(|var| self.usage.var(*var).shared).collect();
        for var in &shared {
            let name = self.names.global(&tree.var(*var).name, "_");
            self.vars.insert(*var, name);
        }
        let declarations = self.declarations();
        for (function, name) in tree.functions.iter().zip(self.functions.clone()) {
            let waits = self.waits.block(function);
            let scope = self.usage.spawns(function.id).then(|| "scope".to_string());
            self.function(&name, waits, scope, &[], function);
        }
        let stimuli = self.stimuli();
        let main = self.main();
        let expectations = self.expectations();
        let mut out = String::new();
        let title = tree.plan.scenario.as_deref().unwrap_or("A scenario");
        out += &format!("\"\"\"{}\n\n", text::escaped(title, '"'));
        out += "A scenario of Taskscope as an asyncio program. It runs for real; started with `--virtual` it runs in\n";
        out += "virtual time and prints what `taskscope run` prints.\n";
        if let Some(why) = self.own {
            out += "\nIts scopes and tasks are its own, at the end of the file, and not asyncio's, because with those it\n";
            out += &format!("might come out otherwise: {why}.\n");
        }
        out += "\"\"\"\n\n";
        let mut globals = Page::default();
        shared.iter().for_each(|var| globals.line(format!("{} = None", self.vars[var])));
        self.marks.insert(match (self.marks.contains("expect"), self.marks.contains("fails")) {
            (true, true) => "both",
            (true, false) => "only",
            (false, _) => "trusting",
        });
        let program: String = self.defined.iter().chain([&main, &expectations]).map(Page::text).collect();
        let parts =
            helpers::assemble(&self.helpers, &self.marks, &self.kinds, &self.names, &declarations, &program);
        out += &parts.imports;
        out += &parts.early;
        out += &section(&declarations.text());
        out += &section(&globals.text());
        self.defined.iter().for_each(|page| out += &format!("\n\n{}", page.text()));
        out += &format!("\n\n{}", main.text());
        out += &section(&expectations.text());
        out += &parts.late;
        if let Some(us) = self.timed_out {
            out += &format!("\n\nTIMED_OUT = \"timed out after {}\"\n", text::length(us));
        }
        let expected = if expectations.len() > 0 { ", expectations=expectations" } else { "" };
        let stimuli: String = stimuli.iter().map(|stimulus| format!(", {stimulus}")).collect();
        out += &format!("\n\nif __name__ == \"__main__\":\n    run(main(){stimuli}{expected})\n");
        Written { text: out, helpers: parts.helpers, gave_way: self.names.gave_way }
    }

    /// What comes from outside, each as an argument of `run`.
    fn stimuli(&mut self) -> Vec<String> {
        let tree = self.tree;
        let mut stimuli = Vec::new();
        for (stimulus, body) in tree.plan.stimuli.iter().zip(&tree.stimuli) {
            match (stimulus, body) {
                (Stimulus::At { at, .. }, Some(body)) => {
                    self.needs("at");
                    let name = self.names.global("at", "_stimulus");
                    self.function(&name, true, Some("scope".to_string()), &[], body);
                    let at = self.constant(at);
                    stimuli.push(format!("at({at}, {name})"));
                }
                (Stimulus::Shutdown { at, grace, .. }, _) => {
                    self.needs("shutdown");
                    let at = self.constant(at);
                    let grace = grace.as_ref().map(|grace| format!(", grace={}", self.constant(grace)));
                    stimuli.push(format!("shutdown({at}{})", grace.unwrap_or_default()));
                }
                (Stimulus::At { .. }, None) => {}
            }
        }
        stimuli
    }

    /// What is expected of the whole run, as a function that is called at its end.
    fn expectations(&mut self) -> Page {
        let tree = self.tree;
        let before = std::mem::take(&mut self.page);
        if !tree.expectations.is_empty() {
            self.needs("expect");
            self.marks.extend(["expect", "expectations"]);
            self.page.open("def expectations(outcome):");
            let from = self.page.len();
            for ((condition, message), written) in tree.expectations.iter().zip(&tree.plan.expectations) {
                let sure = self.type_of(condition).is(Kind::Bool)
                    && self.errors.borrow_mut().expr(condition, &mut self.types.borrow_mut()).is_none();
                let code = self.expr(condition).text;
                let code = if sure { code } else { self.call("is_met", &[format!("lambda: {code}")]).text };
                let message = message.as_ref().map(|message| self.string(message));
                let message = message.unwrap_or_else(|| text::quoted(&written.text));
                self.page.line(format!("expect({code}, {message})"));
            }
            self.page.close(from);
        }
        std::mem::replace(&mut self.page, before)
    }

    fn main(&mut self) -> Page {
        let tree = self.tree;
        let outer = self.names.enter(false);
        let before = std::mem::take(&mut self.page);
        self.page.open("async def main():");
        let from = self.page.len();
        self.globals_of(&tree.body);
        let mut closes = Vec::new();
        if !tree.plan.declarations.pools.is_empty() {
            self.needs("pool");
            let pools = self.declared.pools.join(", ");
            self.page.open(format!("async with drained({pools}):"));
            closes.push(self.page.len());
        }
        let detaches = tree.any(|op| matches!(op, Op::Detach(_)));
        let stimulated = !tree.stimuli.is_empty();
        if self.usage.spawns(tree.body.id) || detaches || stimulated {
            let name = self.names.local("root", None, |_| false);
            let group = if self.own.is_some() { "Scope(\"\")" } else { "asyncio.TaskGroup()" };
            self.page.open(format!("async with {group} as {name}:"));
            self.scope = Some(name);
            closes.push(self.page.len());
        }
        self.visible.extend(tree.body.vars.iter());
        self.stmts(&tree.body.stmts, &super::block::Want::Nothing);
        closes.into_iter().rev().for_each(|from| self.page.close(from));
        self.page.close(from);
        self.scope = None;
        self.names.leave(outer);
        std::mem::replace(&mut self.page, before)
    }

    /// The `global` line of a function: what it assigns of what all can see.
    pub fn globals_of(&mut self, body: &Block) {
        let assigned = super::block::assigned(body);
        let names: BTreeSet<String> = assigned
            .iter()
            .filter(|var| self.usage.var(**var).shared)
            .map(|var| self.vars[var].clone())
            .collect();
        if !names.is_empty() {
            self.page.line(format!("global {}", names.into_iter().collect::<Vec<_>>().join(", ")));
        }
    }
}

fn section(text: &str) -> String {
    if text.is_empty() { String::new() } else { format!("\n\n{text}") }
}
