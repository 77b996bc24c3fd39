//! Choices and loops.

use crate::export::tree::{Arm, Block, Expr, Op, VarId};
use crate::lang::plan::Literal;

use super::stmt::literal;
use super::types::Ty;
use super::writer::{Code, Want, Writer};

impl Writer<'_> {
    /// `if a { } else if b { } else { }`.
    pub fn choice(&mut self, arms: &[Arm], otherwise: Option<&Block>, want: &Want) -> String {
        let Some((arm, rest)) = arms.split_first() else {
            return match otherwise {
                Some(block) => self.block(block, want),
                None => self.give(&Code::owned("()", Ty::Unit), want),
            };
        };
        let before: String = self.stmts_before(arm);
        let condition = self.condition(&arm.condition);
        let body = self.block(&arm.body, want);
        let mut out = format!("if {} {{\n{body}}}", bare(&condition));
        let is_last = rest.is_empty() && otherwise.is_none();
        if !is_last || *want != Want::Nothing {
            let other = self.choice(rest, otherwise, want);
            let chained = rest.first().is_some_and(|arm| arm.before.is_empty()) && other.starts_with("if ");
            out +=
                &if chained { format!(" else {}", other.trim_end()) } else { format!(" else {{\n{other}}}") };
        }
        let out = format!("{out}\n");
        if before.is_empty() { out } else { format!("{{\n{before}{out}}}\n") }
    }

    fn stmts_before(&mut self, arm: &Arm) -> String {
        if arm.before.is_empty() { String::new() } else { self.stmts(&arm.before, &Want::Nothing) }
    }

    /// Every kind of loop; its value is `none`.
    pub fn repeated(&mut self, op: &Op, want: &Want) -> String {
        let text = match op {
            Op::While(arm) => {
                self.frame().loops += 1;
                let before = self.stmts_before(arm);
                let condition = self.condition(&arm.condition);
                let body = self.block(&arm.body, &Want::Nothing);
                self.frame().loops -= 1;
                if before.is_empty() && condition == "true" {
                    format!("loop {{\n{body}}}\n")
                } else if before.is_empty() {
                    format!("while {} {{\n{body}}}\n", bare(&condition))
                } else {
                    format!("loop {{\n{before}if !({condition}) {{\nbreak;\n}}\n{body}}}\n")
                }
            }
            Op::Repeat { times, body } => {
                let times = self.whole(times, "a loop counts in integers, not");
                let body = self.loop_body(body);
                format!("for _ in 0..{times} {{\n{body}}}\n")
            }
            Op::ForList { list, body } => self.over_list(list, body),
            Op::ForRange { from, to, every, body } => self.over_range(from, to, every.as_ref(), body),
            Op::ForQueue { queue, body } => {
                let (name, first) = self.loop_input(body.inputs.first().copied());
                let queue = self.declared.queue(*queue);
                let body = self.loop_body(body);
                format!("while let Some({name}) = {queue}.take().await {{\n{first}{body}}}\n")
            }
            _ => String::new(),
        };
        match want {
            Want::Nothing => text,
            Want::Value(_) => {
                let value = self.give(&Code::owned("()", Ty::Unit), want);
                format!("{{\n{text}{value}}}\n")
            }
            Want::End(_) => text + &self.give(&Code::owned("()", Ty::Unit), want),
        }
    }

    fn loop_input(&mut self, input: Option<VarId>) -> (String, String) {
        input.map_or_else(|| ("_".to_owned(), String::new()), |input| self.input(input))
    }

    fn loop_body(&mut self, body: &Block) -> String {
        self.frame().loops += 1;
        let body = self.block(body, &Want::Nothing);
        self.frame().loops -= 1;
        body
    }

    fn over_list(&mut self, list: &Expr, body: &Block) -> String {
        let wanted = match body.inputs.first() {
            Some(input) => self.var_ty(*input),
            None => Ty::Never,
        };
        let code = self.expr_as(list, &Ty::List(Box::new(wanted.clone())));
        let (code, item) = match &code.ty {
            Ty::List(item) => {
                let list = self.kept(&code);
                (list.strip_prefix("vec!").map_or(list.clone(), str::to_owned), (**item).clone())
            }
            _ => {
                let value = self.kept_as(&code, &Ty::Value);
                (format!("{value}.items()?"), Ty::Value)
            }
        };
        let Some(input) = body.inputs.first().copied() else {
            let body = self.loop_body(body);
            return format!("for _ in {code} {{\n{body}}}\n");
        };
        let (name, mut first) = self.input(input);
        if wanted != item && wanted != Ty::Never {
            let plain = name.trim_start_matches("mut ").to_owned();
            let value = self.converted(&plain, &item, &wanted);
            let mutable = if name.starts_with("mut ") { "mut " } else { "" };
            first = format!("let {mutable}{plain} = {value};\n{first}");
        }
        let name = if item != wanted { name.trim_start_matches("mut ").to_owned() } else { name };
        let body = self.loop_body(body);
        format!("for {name} in {code} {{\n{first}{body}}}\n")
    }

    fn over_range(&mut self, from: &Expr, to: &Expr, every: Option<&Expr>, body: &Block) -> String {
        let words = "a loop counts in integers, not";
        let is_literal = matches!(literal(from), Some(Literal::Int(_)));
        let (from, to) = (self.whole(from, words), self.whole(to, words));
        let mut before = String::new();
        let mut from = if is_literal { format!("{from}i64") } else { from };
        let mut pause = String::new();
        if let Some(every) = every {
            let every = self.duration(every);
            let (now, sleep_until) = (self.rt("now"), self.rt("sleep_until"));
            before += &format!("let first = {from};\nlet last = {to};\nlet every = {every};\n");
            before += &format!("let mut due = {now}();\n");
            pause = format!("if turn > first {{\ndue = due + every;\n{sleep_until}(due).await;\n}}\n");
            from = "first".to_owned();
        }
        let (name, first) = self.loop_input(body.inputs.first().copied());
        let body = self.loop_body(body);
        if every.is_none() {
            return format!("for {name} in {from}..={to} {{\n{first}{body}}}\n");
        }
        let bind = if name == "_" { String::new() } else { format!("let {name} = turn;\n") };
        format!("{{\n{before}for turn in first..=last {{\n{pause}{bind}{first}{body}}}\n}}\n")
    }
}

/// A condition without parentheses around all of it.
fn bare(condition: &str) -> &str {
    condition
}
