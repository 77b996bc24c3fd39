//! Expressions: as Python has them where that comes to the same, and by a helper where it does not.

use std::cell::RefCell;

use crate::export::tree::infer::Types;
use crate::export::tree::raises::{binary, literal};
use crate::export::tree::types::{Kind, Size, Type};
use crate::export::tree::{Expr, ExprKind, Fact, Length, Op, Part, Tree, Visit, walk_expr};
use crate::lang::plan::{BinaryOp, Builtin, Field, Held, Literal, UnaryOp};

use super::program::Writer;
use super::text;

/// An expression in Python, and how strongly its outermost operator binds.
#[derive(Clone, Debug)]
pub struct Code {
    pub text: String,
    level: Level,
}

/// Weak to strong, as in Python's grammar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Level {
    Or,
    And,
    Not,
    Compare,
    Sum,
    Product,
    Sign,
    Await,
    Atom,
}

impl Code {
    /// Something that needs no parentheses anywhere.
    pub fn atom(text: impl Into<String>) -> Code {
        Code { text: text.into(), level: Level::Atom }
    }

    /// `await …`.
    pub fn awaited(text: impl AsRef<str>) -> Code {
        Code { text: format!("await {}", text.as_ref()), level: Level::Await }
    }

    fn at_least(&self, level: Level) -> String {
        if self.level < level { format!("({})", self.text) } else { self.text.clone() }
    }

    /// As what something is asked of: `x.name`, `x[0]`.
    pub fn operand(&self) -> String {
        self.at_least(Level::Atom)
    }
}

impl Writer<'_> {
    /// The type of an expression.
    pub fn type_of(&self, expr: &Expr) -> Type {
        self.types.borrow_mut().expr(expr)
    }

    fn is(&self, expr: &Expr, kind: Kind) -> bool {
        self.type_of(expr).is(kind)
    }

    /// An expression.
    pub fn expr(&mut self, expr: &Expr) -> Code {
        match &expr.kind {
            ExprKind::Literal(value) => self.literal(value),
            ExprKind::Text(parts) => Code::atom(self.text(parts)),
            ExprKind::List(items) => {
                let items: Vec<String> = items.iter().map(|item| self.expr(item).text).collect();
                Code::atom(format!("[{}]", items.join(", ")))
            }
            ExprKind::Var(var) => Code::atom(self.var(*var)),
            ExprKind::Unary(op, operand) => self.unary(*op, operand),
            ExprKind::Binary(op, left, right) => self.binary(*op, left, right, expr),
            ExprKind::Index(of, at) => {
                let (of, at) = (self.expr(of).text, self.expr(at).text);
                self.call("index", &[of, at])
            }
            ExprKind::Field(of, field) => self.field(of, *field),
            ExprKind::Builtin(builtin, args) => self.builtin(*builtin, args),
            ExprKind::Fact(fact) => self.fact(fact),
            ExprKind::Do(op) => self.action(op),
        }
    }

    /// A call of a helper.
    pub fn call(&mut self, helper: &'static str, args: &[String]) -> Code {
        self.needs(helper);
        Code::atom(format!("{helper}({})", args.join(", ")))
    }

    fn literal(&mut self, value: &Literal) -> Code {
        let number = |text: String| {
            let level = if text.starts_with('-') { Level::Sign } else { Level::Atom };
            Code { text, level }
        };
        match value {
            Literal::None => Code::atom("None"),
            Literal::Bool(value) => Code::atom(if *value { "True" } else { "False" }),
            Literal::Int(value) => number(value.to_string()),
            Literal::Float(value) => number(text::float(*value)),
            Literal::Duration(us) if self.tagged => self.call("Duration", &[text::seconds(*us)]),
            Literal::Duration(us) => number(text::seconds(*us)),
            Literal::Str(value) => Code::atom(text::quoted(value)),
        }
    }

    /// A text with holes: as an f-string, if what is in the holes allows that before 3.12; else joined.
    pub fn text(&mut self, parts: &[Part]) -> String {
        let mut pieces = Vec::new();
        for part in parts {
            pieces.push(match part {
                Part::Text(fixed) => Err(fixed.clone()),
                Part::Hole(hole) => Ok(self.shown(hole)),
            });
        }
        let hard = |hole: &Code| hole.text.contains(['\\', '"', '{', '}', '#', '\n']);
        if pieces.iter().flatten().any(hard) {
            let quoted_holes =
                pieces.iter().flatten().all(|hole| !hole.text.contains(['\\', '\'', '{', '}', '#']));
            if !quoted_holes {
                let pieces = pieces.iter().map(|piece| match piece {
                    Ok(hole) => hole.text.clone(),
                    Err(fixed) => text::quoted(fixed),
                });
                return format!("\"\".join([{}])", pieces.collect::<Vec<_>>().join(", "));
            }
        }
        // Texts in the holes have the other quotes.
        let pieces = pieces.iter().map(|piece| match piece {
            Ok(hole) => format!("{{{}}}", hole.text.replace('"', "'")),
            Err(fixed) => text::escaped(fixed, '"').replace('{', "{{").replace('}', "}}"),
        });
        format!("f\"{}\"", pieces.collect::<String>())
    }

    /// A value as text: what stands in a hole, what `log` and `str` print.
    pub fn shown(&mut self, expr: &Expr) -> Code {
        let kind = self.type_of(expr);
        let code = self.expr(expr);
        if kind.is(Kind::Str) || kind.is(Kind::Int) {
            return code;
        }
        if kind.is(Kind::Error) {
            return self.call("told", &[code.text]);
        }
        if kind.is(Kind::Duration) {
            return self.call("length", &[code.text]);
        }
        self.call("show", &[code.text])
    }

    /// The same where it has to be a text on its own.
    pub fn string(&mut self, expr: &Expr) -> String {
        let code = self.shown(expr);
        if self.is(expr, Kind::Int) { format!("str({})", code.text) } else { code.text }
    }

    fn unary(&mut self, op: UnaryOp, operand: &Expr) -> Code {
        let of = self.type_of(operand);
        let code = self.expr(operand);
        match op {
            UnaryOp::Not if of.is(Kind::Bool) => {
                Code { text: format!("not {}", code.at_least(Level::Not)), level: Level::Not }
            }
            UnaryOp::Not => self.call("negated", &[code.text]),
            UnaryOp::Neg if self.is_plain(&of) && of.size < Size::Wild => {
                Code { text: format!("-{}", code.at_least(Level::Sign)), level: Level::Sign }
            }
            UnaryOp::Neg => self.call("negative", &[code.text]),
        }
    }

    /// Whether Python's arithmetic is right for it.
    fn is_plain(&self, kind: &Type) -> bool {
        kind.is(Kind::Int) || (kind.is(Kind::Duration) && !self.tagged)
    }

    fn binary(&mut self, op: BinaryOp, left: &Expr, right: &Expr, whole: &Expr) -> Code {
        let (a, b, result) = (self.type_of(left), self.type_of(right), self.type_of(whole));
        let sure = binary(op, &a, &b, &result, right).is_none();
        let (left, right) = (self.expr(left), self.expr(right));
        let native = match op {
            BinaryOp::And | BinaryOp::Or => a.is(Kind::Bool) && b.is(Kind::Bool),
            BinaryOp::Eq | BinaryOp::Ne => self.equal_in_python(&a, &b),
            BinaryOp::Lt | BinaryOp::Le | BinaryOp::Gt | BinaryOp::Ge => sure,
            _ if a.is(Kind::Str) && b.is(Kind::Str) || a.is(Kind::List) && b.is(Kind::List) => sure,
            BinaryOp::Add | BinaryOp::Sub => sure && self.is_plain(&a) && self.is_plain(&b),
            BinaryOp::Mul => sure && self.is_plain(&a) && self.is_plain(&b),
            BinaryOp::FloorDiv | BinaryOp::Rem => sure && a.is(Kind::Int) && b.is(Kind::Int),
            BinaryOp::Div => sure && a.is(Kind::Int) && b.is(Kind::Int),
        };
        let (level, helper) = match op {
            BinaryOp::Or => (Level::Or, "either"),
            BinaryOp::And => (Level::And, "both"),
            BinaryOp::Eq => (Level::Compare, "equal"),
            BinaryOp::Ne => (Level::Compare, "differ"),
            BinaryOp::Lt => (Level::Compare, "less"),
            BinaryOp::Le => (Level::Compare, "at_most"),
            BinaryOp::Gt => (Level::Compare, "more"),
            BinaryOp::Ge => (Level::Compare, "at_least"),
            BinaryOp::Add => (Level::Sum, "add"),
            BinaryOp::Sub => (Level::Sum, "subtract"),
            BinaryOp::Mul => (Level::Product, "multiply"),
            BinaryOp::Div => (Level::Product, "divide"),
            BinaryOp::FloorDiv => (Level::Product, "floor_divide"),
            BinaryOp::Rem => (Level::Product, "remainder"),
        };
        if !native {
            let lazy = matches!(op, BinaryOp::And | BinaryOp::Or);
            let right = if lazy { format!("lambda: {}", right.text) } else { right.text };
            return self.call(helper, &[left.text, right]);
        }
        // Comparisons do not chain in the scenario; sums and products lean to the left.
        let tighter = match level {
            Level::Or => Level::And,
            Level::And => Level::Not,
            Level::Compare => Level::Sum,
            Level::Sum => Level::Product,
            _ => Level::Sign,
        };
        let from = if level == Level::Compare { tighter } else { level };
        let code = format!("{} {} {}", left.at_least(from), op.text(), right.at_least(tighter));
        if result.is(Kind::Duration) {
            Code::atom(format!("round({code}, 6)"))
        } else {
            Code { text: code, level }
        }
    }

    /// Whether `==` of Python says the same: it takes `True` for 1, and a length for a fraction.
    fn equal_in_python(&self, a: &Type, b: &Type) -> bool {
        let mixed = |a: &Type, b: &Type| {
            let number = |kind: &Type| kind.may_be(Kind::Int) || kind.may_be(Kind::Float);
            (a.may_be(Kind::Bool) && (number(b) || b.may_be(Kind::Duration)))
                || (a.may_be(Kind::Duration) && number(b))
        };
        let deep = |kind: &Type| kind.may_be(Kind::Error) || kind.may_be(Kind::List);
        !(mixed(a, b) || mixed(b, a) || deep(a) || deep(b))
    }

    fn field(&mut self, of: &Expr, field: Field) -> Code {
        let kind = self.type_of(of);
        let of = self.expr(of);
        if !kind.has(field) {
            let name = match field {
                Field::Kind => "kind",
                Field::Message => "message",
                Field::Task => "task",
                Field::Count => "count",
                Field::Leaves => "leaves",
                Field::Status => "status",
                Field::Body => "body",
            };
            return self.call("field", &[of.text, text::quoted(name)]);
        }
        match field {
            Field::Kind => self.call("kinds", &[of.text]),
            Field::Message => self.call("messages", &[of.text]),
            Field::Task => self.call("origins", &[of.text]),
            Field::Count => {
                self.needs("errors");
                Code::atom(format!("len(leaves({}))", of.text))
            }
            Field::Leaves => {
                self.needs("errors");
                Code::atom(format!("leaves({})", of.text))
            }
            Field::Status => Code::atom(format!("{}.status", of.operand())),
            Field::Body => Code::atom(format!("{}.body", of.operand())),
        }
    }

    fn builtin(&mut self, builtin: Builtin, args: &[Expr]) -> Code {
        let whole = |w: &mut Self, of: &Expr, fits: bool, python: &str, helper: &'static str| {
            let arg = w.expr(of).text;
            if fits { Code::atom(format!("{python}({arg})")) } else { w.call(helper, &[arg]) }
        };
        match (builtin, args) {
            (Builtin::Now, _) => self.elapsed(),
            (Builtin::Str, [of]) => Code::atom(self.string(of)),
            (Builtin::Len, [of]) => {
                let fits = self.is(of, Kind::Str) || self.is(of, Kind::List);
                whole(self, of, fits, "len", "count_of")
            }
            (Builtin::Min | Builtin::Max, [a, b, ..]) if self.is_plain(&self.type_of(a)) => {
                let kind = self.type_of(a);
                let alike =
                    args.iter().all(|arg| self.type_of(arg).may_be(Kind::Int) == kind.may_be(Kind::Int))
                        && args.iter().all(|arg| self.is_plain(&self.type_of(arg)));
                let _ = b;
                let name = if builtin == Builtin::Min { "min" } else { "max" };
                let codes: Vec<String> = args.iter().map(|arg| self.expr(arg).text).collect();
                if alike {
                    Code::atom(format!("{name}({})", codes.join(", ")))
                } else {
                    let helper = if builtin == Builtin::Min { "least" } else { "greatest" };
                    self.call(helper, &codes)
                }
            }
            _ => {
                let helper = match builtin {
                    Builtin::Sum => "total",
                    Builtin::Min => "least",
                    Builtin::Max => "greatest",
                    Builtin::Len => "count_of",
                    _ => "between",
                };
                let codes: Vec<String> = args.iter().map(|arg| self.expr(arg).text).collect();
                if helper == "between" {
                    return self.between(&args[0], &args[1], &codes);
                }
                self.call(helper, &codes)
            }
        }
    }

    fn elapsed(&mut self) -> Code {
        let now = self.call("now", &[]);
        if self.tagged { self.call("Duration", &[now.text]) } else { now }
    }

    /// A value between two, from the seed.
    fn between(&mut self, from: &Expr, to: &Expr, codes: &[String]) -> Code {
        let (a, b) = (self.type_of(from), self.type_of(to));
        if a.is(Kind::Duration) && b.is(Kind::Duration) && !self.tagged {
            return self.call("length_between", codes);
        }
        self.call("between", codes)
    }

    fn fact(&mut self, fact: &Fact) -> Code {
        match fact {
            Fact::Elapsed => self.elapsed(),
            Fact::Outcome => Code::atom("outcome"),
            Fact::Peak(held) => {
                self.marks.insert("peak");
                Code::atom(format!("{}.peak", self.held_name(*held)))
            }
            Fact::Logged(text) => {
                self.marks.insert("logged");
                let text = self.string(text);
                Code { text: format!("{text} in logged"), level: Level::Compare }
            }
            Fact::Cancelled(path) => {
                self.marks.extend(["cancelled", "tasks"]);
                let path = self.string(path);
                self.call("was_cancelled", &[path])
            }
        }
    }

    /// The name of what `with` holds.
    pub fn held_name(&self, held: Held) -> String {
        match held {
            Held::Limiter(index) => self.declared.limiters[index.index()].clone(),
            Held::Lock(index) => self.declared.locks[index.index()].clone(),
            Held::Resource(index) => self.declared.resources[index.index()].clone(),
            Held::Pool(index) => self.declared.pools[index.index()].clone(),
        }
    }

    /// A length of time to wait for, in seconds. What may be none, or less than none, is looked at.
    pub fn span(&mut self, expr: &Expr) -> String {
        let kind = self.type_of(expr);
        if let Some(us) = literal(expr).filter(|_| kind.is(Kind::Duration)) {
            return text::seconds(us);
        }
        let code = self.expr(expr).text;
        if let Some(helper) = self.span_helper(&kind) {
            return self.call(helper, &[code]).text;
        }
        // It is rounded where it is waited for.
        let rounded = code.strip_prefix("round(").and_then(|it| it.strip_suffix(", 6)"));
        rounded.filter(|_| matches!(expr.kind, ExprKind::Binary(..))).map_or(code.clone(), str::to_owned)
    }

    /// What looks whether a length can be waited for; none where it can.
    fn span_helper(&self, kind: &Type) -> Option<&'static str> {
        match (kind.is(Kind::Duration), kind.negative) {
            (true, false) => None,
            (true, true) if !self.tagged => Some("not_negative"),
            _ => Some("span"),
        }
    }

    /// `200ms` · `100ms..300ms`, to wait for.
    pub fn length(&mut self, length: &Length) -> String {
        let Some(to) = &length.to else { return self.span(&length.from) };
        let codes = [self.expr(&length.from).text, self.expr(to).text];
        let drawn = self.between(&length.from, to, &codes).text;
        match self.span_helper(&self.type_of(&length.from).join(self.type_of(to))) {
            None => drawn,
            Some(helper) => self.call(helper, &[drawn]).text,
        }
    }

    /// A condition.
    pub fn condition(&mut self, expr: &Expr) -> String {
        let code = self.expr(expr).text;
        if self.is(expr, Kind::Bool) { code } else { self.call("truth", &[code]).text }
    }

    /// A whole number to count with.
    pub fn integer(&mut self, expr: &Expr) -> String {
        let code = self.expr(expr).text;
        if self.is(expr, Kind::Int) { code } else { self.call("integer", &[code]).text }
    }

    /// A task to be asked.
    pub fn handle(&mut self, expr: &Expr, verb: &str) -> String {
        let code = self.expr(expr);
        if self.is(expr, Kind::Task) {
            return code.operand();
        }
        self.call("task_of", &[code.text, text::quoted(verb)]).text
    }

    /// What is done for its value.
    fn action(&mut self, op: &Op) -> Code {
        self.action_code(op)
    }
}

/// Whether a program reckons with lengths of time in ways that whole microseconds are needed for.
pub fn reckons_with_lengths<'t>(tree: &'t Tree<'t>, types: &RefCell<Types<'t>>) -> bool {
    let mut reckons = Reckons(types, false);
    tree.every_block().for_each(|block| reckons.block(block));
    reckons.1
}

struct Reckons<'a, 't>(&'a RefCell<Types<'t>>, bool);

impl Visit for Reckons<'_, '_> {
    fn expr(&mut self, expr: &Expr) {
        let mut length = |expr: &Expr| self.0.borrow_mut().expr(expr).may_be(Kind::Duration);
        self.1 |= match &expr.kind {
            ExprKind::Binary(BinaryOp::Add | BinaryOp::Sub, left, right) => {
                (length(left) || length(right)) && !binary_is_sure(self.0, expr)
            }
            ExprKind::Binary(BinaryOp::Mul, left, right) if length(left) || length(right) => {
                let whole = |expr: &Expr| {
                    let kind = self.0.borrow_mut().expr(expr);
                    kind.is(Kind::Int) || kind.is(Kind::Duration)
                };
                !(whole(left) && whole(right) && binary_is_sure(self.0, expr))
            }
            ExprKind::Binary(BinaryOp::Div | BinaryOp::FloorDiv | BinaryOp::Rem, left, right) => {
                length(left) || length(right)
            }
            ExprKind::Unary(UnaryOp::Neg, of) => {
                length(of) && self.0.borrow_mut().expr(of).size == Size::Wild
            }
            ExprKind::Builtin(Builtin::Sum | Builtin::Min | Builtin::Max, args) => {
                args.iter().any(|arg| self.0.borrow_mut().expr(arg).item().may_be(Kind::Duration))
                    || (args.iter().any(&mut length)
                        && !args.iter().all(|arg| self.0.borrow_mut().expr(arg).is(Kind::Duration)))
            }
            _ => false,
        };
        walk_expr(self, expr);
    }
}

fn binary_is_sure(types: &RefCell<Types<'_>>, expr: &Expr) -> bool {
    let ExprKind::Binary(op, left, right) = &expr.kind else { return true };
    let mut types = types.borrow_mut();
    let (a, b, result) = (types.expr(left), types.expr(right), types.expr(expr));
    binary(*op, &a, &b, &result, right).is_none()
}
