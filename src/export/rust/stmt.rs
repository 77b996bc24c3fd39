//! Statements, variables, and what becomes of values.

use crate::export::tree::{Block, Expr, ExprKind, Op, Stmt, VarId};
use crate::lang::plan::{Held, Literal};

use super::leaves::Leaves;
use super::names::quoted;
use super::types::Ty;
use super::writer::{Code, End, Form, Spelled, Want, Writer};

impl Writer<'_> {
    /// The statements of a block, its value as wanted.
    pub fn block(&mut self, block: &Block, want: &Want) -> String {
        self.stmts(&block.stmts, want)
    }

    /// Statements, the value of the last as wanted.
    pub fn stmts(&mut self, stmts: &[Stmt], want: &Want) -> String {
        // Nothing follows what leaves.
        let leaves = stmts.iter().position(|stmt| leaves(&stmt.op));
        let stmts = leaves.map_or(stmts, |at| &stmts[..=at]);
        let Some((last, before)) = stmts.split_last() else {
            return self.give(&Code::owned("()", Ty::Unit), want);
        };
        let mut out: String = before.iter().map(|stmt| self.stmt(stmt, &Want::Nothing)).collect();
        out += &self.stmt(last, want);
        out
    }

    fn stmt(&mut self, stmt: &Stmt, want: &Want) -> String {
        let Some((var, declares)) = stmt.into else { return self.op(&stmt.op, want) };
        let ty = self.var_ty(var);
        let value = self.op(&stmt.op, &Want::Value(ty.clone()));
        let value = value.trim_end();
        let mut out = if declares { self.begin(var, value) } else { self.assign(var, value) };
        if *want != Want::Nothing {
            let read = self.read(var);
            out += &self.give(&read, want);
        }
        out
    }

    /// Declares a variable with its first value.
    pub fn begin(&mut self, var: VarId, value: &str) -> String {
        if self.constants.contains_key(&var) {
            return String::new();
        }
        if self.captures.var(var).shared {
            return self.assign(var, value);
        }
        let known = self.captures.var(var);
        let mut name = self.names.local(&self.tree.var(var).name);
        if !known.read && !name.starts_with('_') {
            name = format!("_{name}");
        }
        self.vars.insert(var, name.clone());
        let ty = self.var_ty(var);
        if self.captures.is_cell(var) {
            return format!("let {name} = {};\n", self.cell(&ty, value));
        }
        let mutable = if known.assigned { "mut " } else { "" };
        // An empty list does not tell of what, nor a number of how many bits.
        let untold = value == "Vec::new()" || ty == Ty::Int && !value.contains(char::is_alphabetic);
        let told = if untold { format!(": {}", ty.name()) } else { String::new() };
        format!("let {mutable}{name}{told} = {value};\n")
    }

    fn cell(&mut self, ty: &Ty, value: &str) -> String {
        let rc = self.import("std::rc::Rc");
        let cell = self.cell_name(ty);
        let value = match value {
            "Vec::new()" => format!("{}::new()", ty.name().replacen('<', "::<", 1)),
            value if *ty == Ty::Int => super::ops::in_bits(value),
            value => value.to_owned(),
        };
        format!("{rc}::new({cell}::new({value}))")
    }

    /// What keeps a value of this type that several share.
    pub fn cell_name(&mut self, ty: &Ty) -> &'static str {
        self.import(if ty.is_copy() { "std::cell::Cell" } else { "std::cell::RefCell" })
    }

    /// The name of an input, and what stands first in the block that it is an input of.
    pub fn input(&mut self, var: VarId) -> (String, String) {
        let known = self.captures.var(var);
        let name = self.names.local(&self.tree.var(var).name);
        self.vars.insert(var, name.clone());
        if self.captures.is_cell(var) {
            let ty = self.var_ty(var);
            let cell = self.cell(&ty, &name);
            return (name.clone(), format!("let {name} = {cell};\n"));
        }
        match (known.read, known.assigned) {
            (_, true) => (format!("mut {name}"), String::new()),
            (true, false) => (name, String::new()),
            (false, false) => (format!("_{name}"), String::new()),
        }
    }

    fn assign(&mut self, var: VarId, value: &str) -> String {
        let name = self.var_name(var);
        let ty = self.var_ty(var);
        match (self.in_cell(var), ty.is_copy()) {
            (false, _) => format!("{name} = {value};\n"),
            (true, true) => format!("{name}.set({value});\n"),
            (true, false) if ty.default().is_none() && self.captures.var(var).shared => {
                format!("{name}.replace(Some({value}));\n")
            }
            (true, false) => format!("{name}.replace({value});\n"),
        }
    }

    fn in_cell(&self, var: VarId) -> bool {
        self.captures.is_cell(var) || self.captures.var(var).shared
    }

    fn var_name(&mut self, var: VarId) -> String {
        match self.vars.get(&var) {
            Some(name) => name.clone(),
            None => {
                self.refuse("a variable is used before its declaration");
                "()".to_owned()
            }
        }
    }

    /// A variable's value.
    pub fn read(&mut self, var: VarId) -> Code {
        let ty = self.var_ty(var);
        if let Some(name) = self.constants.get(&var) {
            let form = if ty == Ty::Str { Form::Text } else { Form::Owned };
            return Code { form, ..Code::owned(name.clone(), ty) };
        }
        let name = self.var_name(var);
        if self.in_cell(var) {
            let text = match ty.is_copy() {
                true => format!("{name}.get()"),
                false if ty.default().is_none() && self.captures.var(var).shared => {
                    format!("{}(&{name}).expect(\"it has a value by now\")", self.helper("read"))
                }
                // Not in place: the borrow would last to the end of the statement, over what that waits for.
                false => format!("{}(&{name})", self.helper("read")),
            };
            return Code::owned(text, ty);
        }
        let form = if ty.is_copy() { Form::Owned } else { Form::Place };
        Code { form, ..Code::owned(name, ty) }
    }

    /// Gives a value to who wants it.
    pub fn give(&mut self, code: &Code, want: &Want) -> String {
        match want {
            Want::Nothing if is_idle(code) => String::new(),
            Want::Nothing if code.ty == Ty::Unit || code.ty == Ty::Never => format!("{};\n", code.text),
            Want::Nothing if code.text.contains("await") || code.text.contains("spawn_named") => {
                format!("{};\n", code.text)
            }
            Want::Nothing => format!("let _ = {};\n", code.text),
            Want::Value(ty) => format!("{}\n", self.kept_as(code, ty)),
            Want::End(end) if code.ty == end.ty && !end.flow && code.is_call => {
                format!("{}\n", code.text.trim_end_matches('?'))
            }
            Want::End(end) => {
                let value = self.kept_as(code, &end.ty);
                format!("{}\n", self.ok(&value, end))
            }
        }
    }

    /// `Ok(value)`.
    pub fn ok(&mut self, value: &str, end: &End) -> String {
        let value = if end.flow { format!("Flow::Value({value})") } else { value.to_owned() };
        self.spelled("Ok", &value, end)
    }

    /// `Ok(value)` or `Err(error)`, with types where nothing else tells them.
    pub fn spelled(&mut self, variant: &str, value: &str, end: &End) -> String {
        let spelled = match end.spelled {
            // A value tells what it is, but for a number.
            Spelled::Value if variant == "Ok" && end.ty == Ty::Int && value.parse::<i64>().is_ok() => {
                return format!("Ok({value}i64)");
            }
            Spelled::Value if variant == "Ok" => Spelled::Nothing,
            spelled => spelled,
        };
        if spelled == Spelled::Nothing {
            return format!("{variant}({value})");
        }
        let error = if spelled == Spelled::Whole { self.rt("Error") } else { "_" };
        let ty = self.named(end.ty.clone()).name();
        let ty = if end.flow {
            let returns = self.frame().returns.clone();
            let returns = self.named(returns);
            format!("Flow<{ty}, {}>", returns.name())
        } else {
            ty
        };
        format!("{variant}::<{ty}, {error}>({value})")
    }

    /// An action, its value as wanted.
    pub fn op(&mut self, op: &Op, want: &Want) -> String {
        if let Want::End(End { ty: Ty::Unit, .. }) = want
            && !is_last(op)
            && !(Leaves::of_op(op).by_return && self.leaves(Leaves::default(), want).1)
        {
            let out = self.op(op, &Want::Nothing);
            return out + &self.give(&Code::owned("()", Ty::Unit), want);
        }
        match op {
            Op::Value(value) => {
                let code = self.expr_for(value, want);
                self.give(&code, want)
            }
            Op::Return(value) => self.returned(value.as_ref(), want),
            Op::Break => self.left("break", want),
            Op::Continue => self.left("continue", want),
            Op::Fail { kind, message } => {
                let name = self.error_type(kind);
                let error = match message {
                    None => format!("{name}::from(\"\")"),
                    Some(message) => {
                        let code = self.expr(message);
                        match (&code.ty, code.form) {
                            (Ty::Str, Form::Text) => format!("{name}::from({})", code.text),
                            _ => format!("{name}({})", self.shown(&code)),
                        }
                    }
                };
                self.raised(&format!("{error}.into()"), want)
            }
            Op::Raise(error) => {
                let code = self.expr(error);
                match code.ty {
                    Ty::Error => {
                        let error = self.kept(&code);
                        self.raised(&error, want)
                    }
                    _ => {
                        let value = self.kept_as(&code, &Ty::Value);
                        self.raised(&format!("{value}.raised()"), want)
                    }
                }
            }
            op if op.is_expression() => {
                let wanted = !super::block::wanted_ty(want).is_nothing();
                let code = self.action(op, wanted);
                self.give(&code, want)
            }
            op => self.simple(op, want),
        }
    }

    /// An expression, written with the type that is wanted in mind.
    fn expr_for(&mut self, value: &Expr, want: &Want) -> Code {
        match want {
            Want::Value(ty) | Want::End(End { ty, .. }) => self.expr_as(value, ty),
            Want::Nothing => match &value.kind {
                ExprKind::Do(op) => self.action(op, false),
                _ => self.expr(value),
            },
        }
    }

    /// Leaves with an error.
    pub fn raised(&mut self, error: &str, want: &Want) -> String {
        match want {
            Want::End(end) => format!("{}\n", self.spelled("Err", error, end)),
            Want::Nothing => format!("return Err({error});\n"),
            Want::Value(_) => format!("return Err({error})\n"),
        }
    }

    fn returned(&mut self, value: Option<&Expr>, want: &Want) -> String {
        let (returns, inner) = (self.frame().returns.clone(), self.frame().inner);
        let mut before = String::new();
        let value = match value {
            None => self.converted("()", &Ty::Unit, &returns),
            Some(value) if returns == Ty::Unit => {
                let code = self.expr(value);
                before = self.give(&code, &Want::Nothing);
                "()".to_owned()
            }
            Some(value) => {
                let code = self.expr_as(value, &returns);
                self.kept_as(&code, &returns)
            }
        };
        match want {
            Want::End(end) if inner => {
                let value = self.spelled("Ok", &format!("Flow::Return({value})"), end);
                format!("{before}{value}\n")
            }
            Want::End(end) => {
                let value = self.ok(&value, end);
                format!("{before}{value}\n")
            }
            want => {
                let left = self.leave(&value);
                let end = if *want == Want::Nothing { ";\n" } else { "\n" };
                if before.is_empty() {
                    format!("{left}{end}")
                } else {
                    format!("{{\n{before}{left}\n}}{end}")
                }
            }
        }
    }

    /// `return` from the function or task around, with this value.
    pub fn leave(&mut self, value: &str) -> String {
        if self.frame().inner {
            format!("return Ok(Flow::Return({value}))")
        } else {
            format!("return Ok({value})")
        }
    }

    fn left(&mut self, word: &str, want: &Want) -> String {
        let left = self.leave_loop(word);
        if *want == Want::Nothing { format!("{left};\n") } else { format!("{left}\n") }
    }

    /// `break` or `continue` of the loop around.
    pub fn leave_loop(&mut self, word: &str) -> String {
        if self.frame().loops > 0 || !self.frame().inner {
            return word.to_owned();
        }
        format!("return Ok(Flow::{})", if word == "break" { "Break" } else { "Continue" })
    }

    /// Actions without a value.
    fn simple(&mut self, op: &Op, want: &Want) -> String {
        let code = match op {
            Op::Log(text) => format!("{}({})", self.import("taskscope::program::log"), self.shown_ref(text)),
            Op::Mark(text) => {
                format!("{}({})", self.import("taskscope::program::mark"), self.shown_ref(text))
            }
            Op::Expect { condition, message, text } => {
                let held = self.condition(condition);
                let message = match message {
                    Some(message) => self.shown_ref(message),
                    None => quoted(text),
                };
                format!("{}({held}, {message})", self.import("taskscope::program::expect"))
            }
            Op::Cancel(handle) => {
                let code = self.expr(handle);
                match code.ty {
                    Ty::Task(_) => format!("{}.cancel()", code.operand()),
                    _ => format!("{}.cancel()?", self.kept_as(&code, &Ty::Value)),
                }
            }
            Op::Extend { deadline, by } => {
                let code = self.expr(deadline);
                let by = self.duration(by);
                match code.ty {
                    Ty::Deadline => format!("{}.extend({by})", code.operand()),
                    _ => format!("{}.extend({by})?", self.kept_as(&code, &Ty::Value)),
                }
            }
            Op::Sleep(length) => {
                let length = self.length(length);
                format!("{}({length}).await", self.rt("sleep"))
            }
            Op::Work(length) => {
                let length = self.length(length);
                format!("{}({length})", self.rt("work"))
            }
            Op::Put { queue, item } => {
                let ty = self.queue_ty(*queue);
                let code = self.expr_as(item, &ty);
                let item = self.kept_as(&code, &ty);
                format!("{}.put({item}).await?", self.declared.queue(*queue))
            }
            Op::Done(queue) => format!("{}.done()?", self.declared.queue(*queue)),
            Op::Join(queue) => format!("{}.join().await", self.declared.queue(*queue)),
            Op::Close(queue) => format!("{}.close()", self.declared.queue(*queue)),
            Op::Set(event) => format!("{}.set()", self.declared.event(*event)),
            Op::Clear(event) => format!("{}.clear()", self.declared.event(*event)),
            Op::WaitEvent(event) => format!("{}.wait().await", self.declared.event(*event)),
            op => return self.block_op(op, want),
        };
        let mut out = format!("{code};\n");
        out += &self.give(&Code::owned("()", Ty::Unit), want);
        match want {
            Want::Value(_) => format!("{{\n{out}}}\n"),
            _ => out,
        }
    }
}

/// Whether nothing comes after it.
fn leaves(op: &Op) -> bool {
    matches!(op, Op::Return(_) | Op::Break | Op::Continue | Op::Fail { .. } | Op::Raise(_))
}

/// Whether nothing can follow it, or it ends a block best by itself.
fn is_last(op: &Op) -> bool {
    matches!(
        op,
        Op::Value(Expr { kind: ExprKind::Do(_) | ExprKind::Literal(_) | ExprKind::Var(_), .. })
            | Op::Call(..)
            | Op::Return(_)
            | Op::Break
            | Op::Continue
            | Op::Fail { .. }
            | Op::Raise(_)
            | Op::If { .. }
            | Op::With { held: Held::Limiter(_) | Held::Lock(_), .. }
    )
}

/// Whether nothing happens when it is evaluated.
fn is_idle(code: &Code) -> bool {
    let word = code.text.chars().all(|letter| letter.is_alphanumeric() || "_.() ".contains(letter));
    word && !code.text.contains("await") && !code.text.contains("unwrap") && !code.text.contains("random")
        || code.form == Form::Text
}

/// Whether a literal says so.
pub fn literal(expr: &Expr) -> Option<&Literal> {
    match &expr.kind {
        ExprKind::Literal(literal) => Some(literal),
        _ => None,
    }
}
