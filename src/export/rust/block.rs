//! Blocks that are calls of the library: scope, timeout, shield, retry, with.

use crate::export::tree::{Block, Expr, Length, Op};
use crate::lang::plan::{Held, Literal, ResourceIndex};

use super::leaves::Leaves;
use super::stmt::literal;
use super::types::Ty;
use super::writer::{Code, End, Spelled, Target, Want, Writer};

/// The type that whoever wants a value wants.
pub fn wanted_ty(want: &Want) -> Ty {
    match want {
        Want::Nothing => Ty::Unit,
        Want::Value(ty) | Want::End(End { ty, .. }) => ty.clone(),
    }
}

impl Writer<'_> {
    /// An action with blocks.
    pub fn block_op(&mut self, op: &Op, want: &Want) -> String {
        match op {
            Op::If { arms, otherwise } => self.choice(arms, otherwise.as_ref(), want),
            Op::While(_)
            | Op::Repeat { .. }
            | Op::ForList { .. }
            | Op::ForRange { .. }
            | Op::ForQueue { .. } => self.repeated(op, want),
            Op::Try { body, handlers, finally } => self.guarded(body, handlers, finally.as_ref(), want),
            Op::Scope { name, collect, body } => self.scoped(name, *collect, body, want),
            Op::Timeout { length, body, otherwise } => self.timed(length, body, otherwise.as_ref(), want),
            Op::Shield { budget, body } => self.shielded(budget.as_ref(), body, want),
            Op::Retry { attempts, backoff, jitter, body } => {
                self.retried(attempts, backoff.as_ref(), *jitter, body, want)
            }
            Op::With { held, body } => self.holding(*held, body, want),
            _ => {
                self.refuse("an action has no form");
                String::new()
            }
        }
    }

    /// The inside of an asynchronous block that is part of a function or task.
    pub fn part(&mut self, block: &Block, ty: &Ty, spelled: bool, want: &Want) -> (String, Leaves) {
        let (leaves, is_end) = self.leaves(Leaves::of(block), want);
        let flow = self.flow(leaves);
        let spelled = if spelled || flow { Spelled::Whole } else { Spelled::Value };
        let want = Want::End(End { ty: ty.clone(), flow, spelled });
        (self.inside(is_end, |it| it.block(block, &want)), leaves)
    }

    /// How parts are left that have these ways out, and whether nothing follows them but the end of the function or
    /// task: then `return` is nothing special.
    pub fn leaves(&mut self, leaves: Leaves, want: &Want) -> (Leaves, bool) {
        let is_end = matches!(want, Want::End(end) if !end.flow) && !self.frame().inner;
        (if is_end { Leaves { by_return: false, ..leaves } } else { leaves }, is_end)
    }

    /// Writes inside of an asynchronous block; see [`Self::leaves`].
    pub fn inside(&mut self, is_end: bool, write: impl FnOnce(&mut Self) -> String) -> String {
        if is_end {
            let returns = self.frame().returns.clone();
            self.in_unit(returns, write)
        } else {
            self.in_part(write)
        }
    }

    /// What follows a part: `result` is a `Result` of what it gave, or of how it was left.
    pub fn after(&mut self, result: &str, leaves: Leaves, ty: &Ty, want: &Want) -> String {
        if !leaves.any() {
            let code = Code::owned(format!("{result}?"), ty.clone());
            return match want {
                Want::Nothing => format!("{};\n", code.text),
                want => self.give(&code, want),
            };
        }
        self.followed(&format!("{result}?"), leaves, ty, want)
    }

    /// What follows a part that came to its end or was left, as the `Flow` says.
    pub fn followed(&mut self, flow: &str, leaves: Leaves, ty: &Ty, want: &Want) -> String {
        let value = if *want == Want::Nothing { "{}" } else { "value" };
        let bound = if *want == Want::Nothing { "_" } else { "value" };
        let mut arms = format!("Flow::Value({bound}) => {value},\n");
        if leaves.by_return {
            arms += &format!("Flow::Return(value) => {},\n", self.leave("value"));
        }
        if leaves.by_break {
            arms += &format!("Flow::Break => {},\n", self.leave_loop("break"));
        }
        if leaves.by_continue {
            arms += &format!("Flow::Continue => {},\n", self.leave_loop("continue"));
        }
        if !(leaves.by_return && leaves.by_break && leaves.by_continue) {
            arms += "_ => unreachable!(\"it is left in no other way\"),\n";
        }
        let whole = format!("match {flow} {{\n{arms}}}");
        match want {
            Want::Nothing => format!("{whole}\n"),
            want => self.give(&Code::owned(whole, ty.clone()), want),
        }
    }

    fn scoped(&mut self, name: &Expr, collect: bool, body: &Block, want: &Want) -> String {
        let ty = wanted_ty(want);
        let name = match self.fixed_text(name) {
            Some(name) => super::names::quoted(&name),
            None => self.name_of(name),
        };
        let options = self.rt("ScopeOptions");
        let before = std::mem::replace(&mut self.into, Target::Scope);
        let (inside, leaves) = self.part(body, &ty, false, want);
        self.into = before;
        let head = if collect {
            let kind = self.import("taskscope::event::ScopeKind");
            format!("({options} {{ kind: {kind}::Collect, ..{options}::named({name}) }})")
        } else {
            format!("{options}::named({name})")
        };
        let scope = parameter(&inside);
        self.after(&format!("{head}.run(async |{scope}| {{\n{inside}}}).await"), leaves, &ty, want)
    }

    fn timed(&mut self, length: &Expr, body: &Block, otherwise: Option<&Block>, want: &Want) -> String {
        let ty = wanted_ty(want);
        let length = self.duration(length);
        let mut before = String::new();
        let input = body.inputs.first().map(|input| {
            let handle = format!("{}::new({length})", self.rt("TimeoutHandle"));
            before += &self.begin(*input, &handle);
            let code = self.read(*input);
            code.text
        });
        let (inside, leaves) = self.part(body, &ty, true, want);
        let call = match input {
            Some(handle) => format!("{handle}.run(async {{\n{inside}}}).await"),
            None => format!("{}({length}, async {{\n{inside}}}).await", self.rt("timeout")),
        };
        let Some(otherwise) = otherwise else {
            let after = self.after(&format!("{call}?"), leaves, &ty, want);
            return in_braces(&before, &after, want);
        };
        let inner = if *want == Want::Nothing { Want::Nothing } else { want.clone() };
        let done = self.after("result", leaves, &ty, &inner);
        let instead = self.block(otherwise, &inner);
        let text = format!(
            "match {call} {{\nOk(result) => {{\n{done}}}\n\
             Err(elapsed) if elapsed.cleanup_errors.is_empty() => {{\n{instead}}}\n\
             Err(elapsed) => return Err(elapsed.into()),\n}}\n"
        );
        in_braces(&before, &text, want)
    }

    fn shielded(&mut self, budget: Option<&Expr>, body: &Block, want: &Want) -> String {
        let ty = wanted_ty(want);
        let budget = match budget {
            Some(budget) => format!("Some({})", self.duration(budget)),
            None => "None".to_owned(),
        };
        let (inside, leaves) = self.part(body, &ty, false, want);
        let future = self.moved(body, &inside);
        let shield = self.rt("shield");
        self.after(&format!("{shield}({budget}, {future}).await"), leaves, &ty, want)
    }

    fn retried(
        &mut self,
        attempts: &Expr,
        backoff: Option<&Length>,
        jitter: bool,
        body: &Block,
        want: &Want,
    ) -> String {
        let ty = wanted_ty(want);
        let attempts = match literal(attempts) {
            Some(Literal::Int(number @ 1..=0xFFFF)) => number.to_string(),
            _ => {
                let code = self.expr(attempts);
                let value = self.kept_as(&code, &Ty::Value);
                format!("{}({value})?", self.helper("attempts"))
            }
        };
        let backoff = match backoff {
            None => "None".to_owned(),
            Some(pauses) => {
                let first = self.duration(&pauses.from);
                let cap = match &pauses.to {
                    Some(cap) => self.duration(cap),
                    None => format!("{}::MAX", self.import("std::time::Duration")),
                };
                let is_literal = |expr: &Expr| matches!(literal(expr), Some(Literal::Duration(_)));
                let us = |expr: &Expr| match literal(expr) {
                    Some(Literal::Duration(us)) => *us,
                    _ => 0,
                };
                let sound = pauses.to.as_ref().is_none_or(|cap| {
                    is_literal(cap) && is_literal(&pauses.from) && us(cap) >= us(&pauses.from)
                });
                self.rt("Backoff");
                if sound {
                    format!("Some(Backoff {{ first: {first}, cap: {cap}, jitter: {jitter} }})")
                } else {
                    format!("Some({}({first}, {cap}, {jitter})?)", self.helper("backoff"))
                }
            }
        };
        let (inside, leaves) = self.part(body, &ty, false, want);
        let retry = self.rt("retry");
        self.after(
            &format!("{retry}({attempts}, {backoff}, async |_| {{\n{inside}}}).await"),
            leaves,
            &ty,
            want,
        )
    }

    fn holding(&mut self, held: Held, body: &Block, want: &Want) -> String {
        let guard = match held {
            Held::Limiter(limiter) => {
                let declared = self.tree.plan.declarations.limiters[limiter.index()].clone();
                let mut out = String::new();
                if declared.permits.is_some() {
                    out += &format!("let _permit = {}.acquire().await;\n", self.declared.limiter(limiter));
                }
                if declared.rate.is_some() {
                    out += &format!("{}.admit().await;\n", self.declared.rate(limiter));
                }
                if self.counts_inside(limiter) {
                    out += &format!("let _inside = {}.try_acquire();\n", self.declared.inside(limiter));
                }
                out
            }
            Held::Lock(lock) => format!("let _guard = {}.lock().await;\n", self.declared.lock(lock)),
            Held::Resource(resource) => {
                let opened = self.resource_value(resource);
                let using = self.rt("using");
                return self.opened(&format!("{using}({opened}, "), resource, body, want);
            }
            Held::Pool(pool) => {
                let of = self.tree.plan.declarations.pools[pool.index()].of;
                let name = self.declared.pool(pool);
                return self.opened(&format!("{name}.with("), of, body, want);
            }
        };
        let inside = self.block(body, want);
        in_braces(&guard, &inside, want)
    }

    /// What runs with something that was opened for it.
    fn opened(&mut self, head: &str, resource: ResourceIndex, body: &Block, want: &Want) -> String {
        let ty = wanted_ty(want);
        let (mut name, mut before) = ("_".to_owned(), String::new());
        if let Some(input) = body.inputs.first() {
            if self.captures.var(*input).read || self.captures.var(*input).assigned {
                let item = self.resource_ty(resource);
                name = "item".to_owned();
                before = self.begin(*input, if item.is_copy() { "*item" } else { "item.clone()" });
            } else {
                self.vars.insert(*input, "_".to_owned());
            }
        }
        let (inside, leaves) = self.part(body, &ty, false, want);
        self.after(&format!("{head}async |{name}| {{\n{before}{inside}}}).await"), leaves, &ty, want)
    }
}

/// What the closure of a scope calls its scope.
pub fn parameter(inside: &str) -> &'static str {
    let word = |letter: char| letter.is_alphanumeric() || letter == '_' || letter == '"';
    let is_used = inside.match_indices('s').any(|(at, _)| {
        let before = inside[..at].chars().next_back().is_some_and(word);
        let after = inside[at + 1..].chars().next().is_some_and(word);
        !before && !after
    });
    if is_used { "s" } else { "_" }
}

/// Statements before an expression.
pub fn in_braces(before: &str, after: &str, want: &Want) -> String {
    match want {
        _ if before.is_empty() => after.to_owned(),
        Want::End(_) => format!("{before}{after}"),
        _ => format!("{{\n{before}{after}}}\n"),
    }
}
