//! A whole program: resources, functions, `main`.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use crate::export::tree::infer::Types;
use crate::export::tree::raises::Errors;
use crate::export::tree::{Block, Op, Stmt, Tree};
use crate::lang::plan::{FunctionIndex, Plan, Stimulus};

use super::block::parameter;
use super::captures::Captures;
use super::declare::{Declared, TAKEN};
use super::names::{Names, quoted};
use super::types::Ty;
use super::writer::{End, Found, Spelled, Target, Want, Writer};
use super::{Pieces, Refusal, helpers, layout};

/// What is found out while writing settles in fewer rounds.
const MOST_ROUNDS: usize = 20;

/// Writes the program.
pub fn write(plan: &Plan) -> Result<Pieces, Refusal> {
    let tree = Tree::of(plan);
    let mut known = Found::default();
    for _ in 0..MOST_ROUNDS {
        let mut writer = Writer::new(&tree, known.clone());
        let body = writer.program();
        writer.found.wanted.extend(&known.wanted);
        writer.found.awaits |= known.awaits;
        writer.found.alike |= known.alike;
        if writer.found == known {
            return writer.finish(plan, &body);
        }
        known = writer.found;
    }
    Err(Refusal { reason: "its values are too tangled".to_owned() })
}

impl<'t> Writer<'t> {
    fn new(tree: &'t Tree<'t>, known: Found) -> Writer<'t> {
        let mut types = Types::of(tree);
        let errors = Errors::of(tree, &mut types);
        let captures = Captures::of(tree);
        let mut names = Names::default();
        let declared = Declared::new(tree, &mut names);
        let functions = tree.plan.functions.iter().map(|function| names.global(&function.name)).collect();
        let mut vars = BTreeMap::new();
        for var in tree.body.vars.iter().filter(|var| captures.var(**var).shared) {
            vars.insert(*var, names.global(&tree.var(*var).name));
        }
        let constants = captures.constants.iter();
        let constants =
            constants.map(|var| (*var, names.global(&tree.var(*var).name.to_uppercase()))).collect();
        let env = if captures.lasts { "'static " } else { "'env " };
        Writer {
            tree,
            types: RefCell::new(types),
            errors,
            captures,
            names,
            declared,
            functions,
            vars,
            constants,
            imports: BTreeSet::new(),
            helpers: BTreeSet::new(),
            kinds: BTreeSet::new(),
            frames: Vec::new(),
            into: Target::Scope,
            known,
            found: Found::default(),
            refused: None,
            env,
        }
    }

    fn finish(mut self, plan: &Plan, body: &str) -> Result<Pieces, Refusal> {
        helpers::complete(&mut self.helpers, &mut self.imports, &mut self.kinds);
        if let Some(kind) = self.kinds.iter().find(|kind| TAKEN.contains(&kind.as_str())) {
            self.refused.get_or_insert(format!("the name of the error `{kind}` is taken"));
        }
        if let Some(reason) = self.refused {
            return Err(Refusal { reason });
        }
        Ok(Pieces {
            title: plan.scenario.as_deref().unwrap_or("A scenario").replace(['\n', '\r'], " "),
            imports: self.imports,
            errors: self.kinds,
            helpers: self.helpers,
            body: layout::laid_out(body),
        })
    }

    fn program(&mut self) -> String {
        let mut out = self.constant_items();
        out += &self.resources();
        let tree = self.tree;
        for (at, function) in tree.functions.iter().enumerate() {
            out += &self.function(at, function);
        }
        out + &self.main()
    }

    fn constant_items(&mut self) -> String {
        let tree = self.tree;
        let mut out = String::new();
        for Stmt { op, into } in &tree.body.stmts {
            if let (Op::Value(value), Some((var, _))) = (op, into)
                && let Some(name) = self.constants.get(var).cloned()
            {
                let code = self.expr(value);
                let ty = if code.ty == Ty::Str { "&str".to_owned() } else { code.ty.name() };
                out += &format!("const {name}: {ty} = {};\n", code.text);
            }
        }
        if out.is_empty() { out } else { out + "\n" }
    }

    fn function(&mut self, at: usize, body: &Block) -> String {
        let returns = self.returns(FunctionIndex(at as u32));
        let spawns = self.captures.spawns(body.id);
        let lifetime = match (self.captures.lasts, spawns) {
            (true, _) => "'static ",
            (false, true) => "'env ",
            (false, false) => "",
        };
        let mut params = Vec::new();
        if spawns {
            params.push(format!("s: &{}<{}>", self.rt("Scope"), self.env.trim()));
        }
        params.extend(self.global_params(body, lifetime));
        let mut first = String::new();
        for input in &body.inputs {
            let (name, cell) = self.input(*input);
            first += &cell;
            params.push(format!("{name}: {}", self.var_ty(*input).name()));
        }
        let generic = if spawns && !self.captures.lasts { "<'env>" } else { "" };
        let end = End { ty: returns.clone(), flow: false, spelled: Spelled::Nothing };
        self.into = Target::Scope;
        let inside = self.in_unit(returns.clone(), |it| it.block(body, &Want::End(end)));
        let (name, result) = (self.functions[at].clone(), self.rt("Result"));
        let params = params.join(", ");
        format!(
            "async fn {name}{generic}({params}) -> {result}<{}> {{\n{first}{inside}}}\n\n",
            returns.name()
        )
    }

    fn main(&mut self) -> String {
        let tree = self.tree;
        let exit = self.import("std::process::ExitCode");
        let program = self.import("taskscope::program::Program");
        let declarations = self.declarations();
        let end = End { ty: Ty::Unit, flow: false, spelled: Spelled::Nothing };
        self.into = Target::Scope;
        let inside = self.in_unit(Ty::Unit, |it| it.block(&tree.body, &Want::End(end)));
        let mut calls = String::new();
        if let Some(seed) = tree.plan.seed {
            calls += &format!(".seed({seed})\n");
        }
        calls += &self.stimuli();
        for at in 0..tree.plan.declarations.pools.len() {
            let pool = self.declared.pool(crate::lang::plan::PoolIndex(at as u32));
            calls += &format!(".finally(async move {{ {pool}.drain().await }})\n");
        }
        calls += &self.expectations();
        let scope = parameter(&inside);
        format!(
            "fn main() -> {exit} {{\n{declarations}{program}::new()\n{calls}.run(async |{scope}| {{\n{inside}}})\n}}\n"
        )
    }

    fn stimuli(&mut self) -> String {
        let tree = self.tree;
        let mut out = String::new();
        for (stimulus, body) in tree.plan.stimuli.iter().zip(&tree.stimuli) {
            match (stimulus, body) {
                (Stimulus::At { at, .. }, Some(body)) => {
                    let at = self.duration(&Tree::constant(at));
                    let end = End { ty: Ty::Unit, flow: false, spelled: Spelled::Nothing };
                    self.into = Target::Scope;
                    let inside = self.in_unit(Ty::Unit, |it| it.block(body, &Want::End(end)));
                    let scope = parameter(&inside);
                    out += &format!(".at({at}, move |{scope}| async move {{\n{inside}}})\n");
                }
                (Stimulus::Shutdown { at, grace, .. }, _) => {
                    let at = self.duration(&Tree::constant(at));
                    let grace = match grace {
                        Some(grace) => self.duration(&Tree::constant(grace)),
                        None => "None".to_owned(),
                    };
                    out += &format!(".shutdown_at({at}, {grace})\n");
                }
                (Stimulus::At { .. }, None) => {}
            }
        }
        out
    }

    /// What is expected of the whole run.
    fn expectations(&mut self) -> String {
        let tree = self.tree;
        let mut out = String::new();
        for ((condition, message), written) in tree.expectations.iter().zip(&tree.plan.expectations) {
            let message = match message {
                None => quoted(&written.text),
                Some(message) => match self.fixed_text(message) {
                    Some(message) => quoted(&message),
                    None => {
                        self.refuse("what an expectation says is only known at the end");
                        String::new()
                    }
                },
            };
            let condition = self.condition(condition);
            let ended = if condition.contains("ended.") { "ended" } else { "_" };
            let condition = match condition.contains('?') {
                true => {
                    format!("(|| -> {}<bool> {{ Ok({condition}) }})().unwrap_or(false)", self.rt("Result"))
                }
                false => condition,
            };
            out += &format!(".expect({message}, |{ended}| {condition})\n");
        }
        out
    }
}
