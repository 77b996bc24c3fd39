//! Checks expressions and finds out their types.

use crate::diag::Hint;
use crate::lang::check::Checker;
use crate::lang::check::types::{Type, binary};
use crate::lang::habit;
use crate::lang::message::Message;
use crate::lang::names::{BUILTINS, Declared, FACTS, FIELDS, Thing, builtin, field};
use crate::lang::near::nearest;
use crate::lang::plan::{Builtin, Literal, UnaryOp};
use crate::lang::syntax::{Block, Expr, ExprKind, Ident, Part, StmtKind};

impl<'a> Checker<'a> {
    /// Checks `expr` and says what it is.
    pub(super) fn expr(&mut self, expr: &Expr) -> Type {
        match &expr.kind {
            ExprKind::Broken => Type::Unknown,
            ExprKind::Literal(literal) => Type::of(literal),
            ExprKind::Text(parts) => {
                parts.iter().filter_map(Part::hole).for_each(|hole| {
                    self.expr(hole);
                });
                Type::Str
            }
            ExprKind::List(items) => {
                items.iter().for_each(|item| {
                    self.expr(item);
                });
                Type::List
            }
            ExprKind::Name(name) => match &**name {
                fact @ ("elapsed" | "outcome") if !self.is_taken(fact) => {
                    if !self.around.in_expectation {
                        self.report(Message::FactOutside { name: fact.to_owned() }, expr.span);
                    }
                    if fact == "elapsed" { Type::Duration } else { Type::Str }
                }
                name => self.use_variable(name, expr.span),
            },
            ExprKind::Unary(op, operand) => self.unary(*op, operand, expr),
            ExprKind::Binary(op, left, right) => {
                let (left, right) = (self.expr(left), self.expr(right));
                binary(*op, left, right).unwrap_or_else(|| {
                    let message = Message::Operands { op: op.text(), left: left.text(), right: right.text() };
                    self.report(message, expr.span);
                    Type::Unknown
                })
            }
            ExprKind::Index(list, index) => {
                let kind = self.expr(list);
                if !kind.fits(Type::List) && kind != Type::Str {
                    let (wanted, found) = (Type::List.text(), kind.text());
                    self.report(Message::WrongType { wanted, found, number: None }, list.span);
                }
                self.wants(index, Type::Int);
                Type::Unknown
            }
            ExprKind::Field(of, name) => self.field(of, name),
            ExprKind::Call(name, args) => self.call(name, args, expr),
        }
    }

    /// Checks that `expr` is of type `wanted`, if that can be known.
    pub(super) fn wants(&mut self, expr: &Expr, wanted: Type) {
        let found = self.expr(expr);
        if found.fits(wanted) || (wanted == Type::Int && found == Type::Float && !is_literal(expr)) {
            return;
        }
        let bare =
            expr.depth == 1 && matches!(expr.kind, ExprKind::Literal(Literal::Int(_) | Literal::Float(_)));
        let number = (wanted == Type::Duration && bare).then_some(expr.span);
        self.report(Message::WrongType { wanted: wanted.text(), found: found.text(), number }, expr.span);
    }

    /// Whether a name that could be a fact is something else.
    fn is_taken(&self, name: &str) -> bool {
        self.variable(name).is_some() || self.names.get(name).is_some()
    }

    fn unary(&mut self, op: UnaryOp, operand: &Expr, expr: &Expr) -> Type {
        let found = self.expr(operand);
        let (sign, fits, gives) = match op {
            UnaryOp::Not => ("not", found.fits(Type::Bool), Type::Bool),
            UnaryOp::Neg => ("-", found.is_number() || found.fits(Type::Duration), found),
        };
        if !fits {
            self.report(Message::Operand { op: sign, found: found.text() }, expr.span);
        }
        gives
    }

    fn field(&mut self, of: &Expr, name: &Ident) -> Type {
        let found = self.expr(of);
        match field(&name.text) {
            Some(field) if found.has(field) => Type::Unknown,
            Some(_) => {
                let message = Message::NoField { name: name.text.to_string(), found: found.text() };
                self.report(message, name.span);
                Type::Unknown
            }
            None => {
                let near = nearest(&name.text, FIELDS.iter().map(|it| it.0)).map(str::to_owned);
                let (name, span) = (name.text.to_string(), name.span);
                self.report(Message::UnknownField { name, near, span }, span);
                Type::Unknown
            }
        }
    }

    fn call(&mut self, name: &Ident, args: &[Expr], expr: &Expr) -> Type {
        if let Some(declared) = self.names.get(&name.text) {
            args.iter().for_each(|arg| {
                self.expr(arg);
            });
            return self.call_declared(name, args.len(), declared, expr);
        }
        if let Some(builtin) = builtin(&name.text) {
            return self.call_builtin(builtin, name, args, expr);
        }
        if FACTS.iter().skip(2).any(|fact| *fact == &*name.text) {
            return self.call_fact(name, args, expr);
        }
        args.iter().for_each(|arg| {
            self.expr(arg);
        });
        if self.is_full() {
            return Type::Unknown;
        }
        let span = name.span;
        let text = name.text.to_string();
        if let Some(variable) = self.variable(&name.text) {
            let declared = variable.span;
            let (found, wanted) = ("a variable", "a function");
            self.report(Message::WrongThing { name: text, found, wanted, declared, hint: None }, span);
            return Type::Unknown;
        }
        let advice = habit::function(&text).map(|hint| match self.range_of(name, args, expr) {
            Some(range) => Hint::edit(hint, expr.span, range),
            None => Hint::new(hint),
        });
        let functions = self.names.all().filter(|it| matches!(it.1, Thing::Function(_))).map(|it| it.0);
        let near = nearest(&text, functions.chain(BUILTINS.iter().map(|it| it.0))).map(str::to_owned);
        self.report(Message::UnknownFunction { name: text, near, span, blocking: false, advice }, span);
        Type::Unknown
    }

    /// `range(5)` as it is written here, if both ends are numbers that stand there.
    fn range_of(&self, name: &Ident, args: &[Expr], expr: &Expr) -> Option<String> {
        let number = |expr: &Expr| match expr.kind {
            ExprKind::Literal(Literal::Int(it)) => Some(it),
            _ => None,
        };
        let (from, end) = match args {
            [end] => (0, number(end)?),
            [from, end] => (number(from)?, number(end)?),
            _ => return None,
        };
        let in_loop = self.items_of.is_some_and(|span| span == expr.span);
        (in_loop && &*name.text == "range").then(|| format!("{from} to {}", end.saturating_sub(1)))
    }

    fn call_declared(&mut self, name: &Ident, found: usize, declared: Declared, expr: &Expr) -> Type {
        let text = name.text.to_string();
        if !matches!(declared.thing, Thing::Function(_)) {
            let (found, wanted) = (declared.thing.text(), "a function");
            let message =
                Message::WrongThing { name: text, found, wanted, declared: declared.span, hint: None };
            self.report(message, name.span);
            return Type::Unknown;
        }
        if self.around.in_expectation {
            self.report(Message::CallInExpectation, expr.span);
        }
        let wanted = self.names.params(&name.text).unwrap_or(found);
        if wanted != found {
            let message = Message::Arguments {
                name: text,
                wanted: count(wanted),
                found,
                declared: Some(declared.span),
            };
            self.report(message, expr.span);
        }
        Type::Unknown
    }

    fn call_builtin(&mut self, which: Builtin, name: &Ident, args: &[Expr], expr: &Expr) -> Type {
        let kinds: Vec<Type> = args.iter().map(|arg| self.expr(arg)).collect();
        let (least, most) = match which {
            Builtin::Now => (0, 0),
            Builtin::Len | Builtin::Sum | Builtin::Str => (1, 1),
            Builtin::Random => (2, 2),
            Builtin::Min | Builtin::Max => (1, usize::MAX),
        };
        if kinds.len() < least || kinds.len() > most {
            let wanted = if least == most { count(least) } else { "at least one argument".to_owned() };
            let (name, found) = (name.text.to_string(), kinds.len());
            self.report(Message::Arguments { name, wanted, found, declared: None }, expr.span);
            return Type::Unknown;
        }
        let first = kinds.first().copied().unwrap_or(Type::Unknown);
        let all_same = kinds.iter().all(|kind| *kind == first);
        let wants_list = match which {
            Builtin::Sum => !first.fits(Type::List),
            Builtin::Len => !first.fits(Type::List) && first != Type::Str,
            _ => false,
        };
        if let (true, Some(arg)) = (wants_list, args.first()) {
            let (wanted, found) =
                (if which == Builtin::Sum { "a list" } else { "a list or a text" }, first.text());
            self.report(Message::WrongType { wanted, found, number: None }, arg.span);
        }
        match which {
            Builtin::Now => Type::Duration,
            Builtin::Len => Type::Int,
            Builtin::Str => Type::Str,
            Builtin::Random if all_same => first,
            Builtin::Min | Builtin::Max if all_same && kinds.len() > 1 => first,
            _ => Type::Unknown,
        }
    }

    /// `peak(api)` · `logged("text")` · `cancelled("path")`.
    fn call_fact(&mut self, name: &Ident, args: &[Expr], expr: &Expr) -> Type {
        let text = name.text.to_string();
        if !self.around.in_expectation {
            self.report(Message::FactOutside { name: text }, name.span);
            return Type::Unknown;
        }
        let [arg] = args else {
            let found = args.len();
            self.report(
                Message::Arguments { name: text, wanted: count(1), found, declared: None },
                expr.span,
            );
            return Type::Unknown;
        };
        if &*name.text != "peak" {
            self.wants(arg, Type::Str);
            return Type::Bool;
        }
        match &arg.kind {
            ExprKind::Name(thing) => {
                let ident = Ident { text: thing.clone(), span: arg.span };
                self.thing(&ident, "a limiter, lock, resource or pool", None, can_be_held);
            }
            _ => {
                let (wanted, found) = ("the name of a limiter", "an expression");
                self.report(Message::WrongType { wanted, found, number: None }, arg.span);
            }
        }
        Type::Int
    }

    /// The tasks of a race or gather: nothing else may stand there.
    pub(super) fn only_tasks(&mut self, block: &'a Block, word: &'static str) {
        for stmt in &block.statements {
            if !matches!(stmt.kind, StmtKind::Task(..) | StmtKind::Broken(_)) {
                self.report(Message::OnlyTasks { block: word }, stmt.head);
            }
        }
        // Without braces, something else was said.
        if block.statements.is_empty() && block.span.start < block.span.end {
            self.report(Message::NoTasks { block: word }, block.span);
        }
    }
}

/// Whether `with` can hold it.
pub fn can_be_held(thing: Thing) -> bool {
    matches!(thing, Thing::Limiter(_) | Thing::Lock(_) | Thing::Resource(_) | Thing::Pool(_))
}

/// So many arguments, in words.
pub fn count(arguments: usize) -> String {
    match arguments {
        0 => "no arguments".to_owned(),
        1 => "1 argument".to_owned(),
        more => format!("{more} arguments"),
    }
}

fn is_literal(expr: &Expr) -> bool {
    matches!(expr.kind, ExprKind::Literal(_))
}
