//! Expressions, and values of one type where another is wanted.

use crate::export::tree::{Expr, ExprKind, Fact, Length, Op, Part};
use crate::lang::plan::{Field, Held, Literal};

use super::names::quoted;
use super::stmt::literal;
use super::types::Ty;
use super::writer::{Code, Form, Writer};

impl Writer<'_> {
    /// An expression.
    pub fn expr(&mut self, expr: &Expr) -> Code {
        match &expr.kind {
            ExprKind::Literal(literal) => self.literal(literal),
            ExprKind::Text(parts) => self.text(parts),
            ExprKind::List(_) => {
                let ty = self.expr_ty(expr);
                self.expr_as(expr, &ty)
            }
            ExprKind::Var(var) => self.read(*var),
            ExprKind::Unary(op, operand) => self.unary(*op, operand),
            ExprKind::Binary(op, left, right) => self.binary(expr, *op, left, right),
            ExprKind::Index(of, at) => self.index(of, at),
            ExprKind::Field(of, field) => self.field(of, *field),
            ExprKind::Builtin(builtin, args) => self.builtin(expr, *builtin, args),
            ExprKind::Fact(fact) => self.fact(fact),
            ExprKind::Do(op) => self.action(op, true),
        }
    }

    /// An expression that is wanted as this type: lists are written with such items at once.
    pub fn expr_as(&mut self, expr: &Expr, ty: &Ty) -> Code {
        let ExprKind::List(items) = &expr.kind else { return self.expr(expr) };
        let wanted = match ty {
            Ty::List(item) => (**item).clone(),
            _ => match self.expr_ty(expr) {
                Ty::List(item) => *item,
                _ => Ty::Value,
            },
        };
        let mut written = Vec::new();
        for item in items {
            let code = self.expr_as(item, &wanted);
            written.push(self.kept_as(&code, &wanted));
        }
        if let (Ty::Int, Some(first)) =
            (&wanted, written.first_mut().filter(|first| first.parse::<i64>().is_ok()))
        {
            first.push_str("i64");
        }
        let text = match written.len() {
            0 if matches!(ty, Ty::List(_)) && wanted != Ty::Never => "Vec::new()".to_owned(),
            0 => format!("Vec::<{}>::new()", self.named(wanted.clone()).name()),
            _ => format!("vec![{}]", written.join(", ")),
        };
        Code::owned(text, Ty::List(Box::new(wanted)))
    }

    fn literal(&mut self, literal: &Literal) -> Code {
        match literal {
            Literal::None => Code::owned("()", Ty::Unit),
            Literal::Bool(value) => Code::owned(value.to_string(), Ty::Bool),
            Literal::Int(value) => Code { atom: *value >= 0, ..Code::owned(value.to_string(), Ty::Int) },
            Literal::Float(value) => {
                Code { atom: *value >= 0.0, ..Code::owned(format!("{value:?}"), Ty::Float) }
            }
            Literal::Duration(us) => match u64::try_from(*us) {
                Ok(us) => Code::owned(self.duration_literal(us), Ty::Duration),
                Err(_) => Code::owned(format!("{}::Duration({us})", self.helper("Value")), Ty::Value),
            },
            Literal::Str(text) => Code { form: Form::Text, ..Code::owned(quoted(text), Ty::Str) },
        }
    }

    fn duration_literal(&mut self, us: u64) -> String {
        let duration = self.import("std::time::Duration");
        match us {
            0 => format!("{duration}::ZERO"),
            us if us % 1_000_000 == 0 => format!("{duration}::from_secs({})", us / 1_000_000),
            us if us % 1_000 == 0 => format!("{}({})", self.helper("ms"), us / 1_000),
            us => format!("{duration}::from_micros({us})"),
        }
    }

    /// A value to keep.
    pub fn kept(&mut self, code: &Code) -> String {
        match code.form {
            Form::Owned => code.text.clone(),
            Form::Place => format!("{}.clone()", code.operand()),
            Form::Text => format!("{}.to_owned()", code.operand()),
        }
    }

    /// A value to keep, of this type.
    pub fn kept_as(&mut self, code: &Code, ty: &Ty) -> String {
        let text =
            if *ty == Ty::Value && code.form == Form::Text { code.text.clone() } else { self.kept(code) };
        self.converted(&text, &code.ty, ty)
    }

    /// A value of another type as one of this.
    pub fn converted(&mut self, text: &str, from: &Ty, to: &Ty) -> String {
        match (from, to) {
            (from, to) if from == to => text.to_owned(),
            (Ty::Never, Ty::Unit) | (Ty::Unit, Ty::Never) => text.to_owned(),
            // No value comes of it: what stands there is never reached.
            (Ty::Never, _) => match to.default() {
                Some(default) => format!("{{ {text}; {default} }}"),
                None => format!("{{ {text}; unreachable!(\"no value comes of it\") }}"),
            },
            (_, Ty::Unit | Ty::Never) => format!("drop({text})"),
            (Ty::Unit, Ty::Value) if text == "()" => format!("{}::None", self.helper("Value")),
            (Ty::Task(given), Ty::Value) if **given != Ty::Value => {
                self.found.alike = true;
                text.to_owned()
            }
            (Ty::List(item), Ty::Value) => {
                let list = self.converted(text, from, &Ty::List(Box::new(Ty::Value)));
                let list = if **item == Ty::Value { text.to_owned() } else { list };
                format!("{}::List({list})", self.helper("Value"))
            }
            (_, Ty::Value) => format!("{}::from({text})", self.helper("Value")),
            (Ty::Value, _) => self.narrowed(text, to),
            (Ty::List(from), Ty::List(to)) => {
                let item = self.converted("item", from, to);
                format!("{text}.into_iter().map(|item| {item}).collect::<Vec<_>>()")
            }
            (Ty::Task(_), Ty::Task(_)) => {
                self.found.alike = true;
                text.to_owned()
            }
            (Ty::Int, Ty::Float) => format!("({text}) as f64"),
            _ => {
                self.refuse("a value is of another kind than was found out");
                text.to_owned()
            }
        }
    }

    /// What is known to be of one kind, out of a `Value`.
    fn narrowed(&mut self, text: &str, to: &Ty) -> String {
        let method = match to {
            Ty::Bool => "bool",
            Ty::Int => "int",
            Ty::Float => "float",
            Ty::Duration => "duration",
            Ty::Str => "text",
            Ty::Task(_) => "task",
            Ty::Error => "error",
            Ty::Response => "response",
            Ty::Deadline => "deadline",
            Ty::List(item) => {
                let list = format!("{text}.list()");
                return self.converted(&list, &Ty::List(Box::new(Ty::Value)), &Ty::List(item.clone()));
            }
            Ty::Never | Ty::Unit | Ty::Value => return text.to_owned(),
        };
        format!("{text}.{method}()")
    }

    /// A condition.
    pub fn condition(&mut self, expr: &Expr) -> String {
        let code = self.expr(expr);
        match code.ty {
            Ty::Bool => code.text,
            _ => {
                let value = self.kept_as(&code, &Ty::Value);
                format!("{value}.truth()?")
            }
        }
    }

    /// A length of time, as Rust has it.
    pub fn duration(&mut self, expr: &Expr) -> String {
        let code = self.expr(expr);
        match code.ty {
            Ty::Duration => code.text,
            _ => {
                let value = self.kept_as(&code, &Ty::Value);
                format!("{value}.length()?")
            }
        }
    }

    /// A length of time, or one that the seed draws.
    pub fn length(&mut self, length: &Length) -> String {
        let Some(to) = &length.to else { return self.duration(&length.from) };
        let (from, to) = (self.expr(&length.from), self.expr(to));
        if from.ty == Ty::Duration && to.ty == Ty::Duration {
            return format!("{}({}, {})?", self.helper("between_lengths"), from.text, to.text);
        }
        let (from, to) = (self.kept_as(&from, &Ty::Value), self.kept_as(&to, &Ty::Value));
        format!("{}({from}, {to})?.length()?", self.helper("draw"))
    }

    /// A whole number; where something else may stand, `message` says what it is for.
    pub fn whole(&mut self, expr: &Expr, what: &str) -> String {
        let code = self.expr(expr);
        match code.ty {
            Ty::Int => code.text,
            _ => {
                let value = self.kept_as(&code, &Ty::Value);
                format!("{value}.whole({})?", quoted(what))
            }
        }
    }

    /// A text as `&str`: what `str` of the expression gives.
    pub fn text_ref(&mut self, expr: &Expr) -> String {
        let code = self.expr(expr);
        match (&code.ty, code.form) {
            (Ty::Str, Form::Text) => code.text,
            (Ty::Str, _) => format!("&{}", code.operand()),
            _ => format!("&{}", self.shown(&code)),
        }
    }

    /// What `log` prints.
    pub fn shown_ref(&mut self, expr: &Expr) -> String {
        let code = self.expr(expr);
        match (&code.ty, code.form) {
            (Ty::Str | Ty::Value, Form::Place) => format!("&{}", code.text),
            (Ty::Str | Ty::Value | Ty::Int | Ty::Bool, _) => code.text,
            _ => self.shown(&code),
        }
    }

    fn fact(&mut self, fact: &Fact) -> Code {
        match fact {
            Fact::Elapsed => Code::owned("ended.elapsed()", Ty::Duration),
            Fact::Outcome => Code { form: Form::Text, ..Code::owned("ended.outcome()", Ty::Str) },
            Fact::Peak(held) => {
                let name = match held {
                    Held::Limiter(limiter) if self.counts_inside(*limiter) => self.declared.inside(*limiter),
                    Held::Limiter(limiter) => self.declared.limiter(*limiter),
                    Held::Lock(lock) => self.declared.lock(*lock),
                    Held::Pool(pool) => self.declared.pool(*pool),
                    Held::Resource(_) => return Code::owned("0", Ty::Int),
                };
                Code::loose(format!("{name}.peak() as i64"), Ty::Int)
            }
            Fact::Logged(text) => Code::owned(format!("ended.logged({})", self.text_ref(text)), Ty::Bool),
            Fact::Cancelled(path) => {
                Code::owned(format!("ended.cancelled({})", self.text_ref(path)), Ty::Bool)
            }
        }
    }

    fn field(&mut self, of: &Expr, field: Field) -> Code {
        let code = self.expr(of);
        let of = code.operand();
        match (&code.ty, field) {
            (Ty::Error, Field::Count) => Code::loose(format!("{of}.leaves().count() as i64"), Ty::Int),
            (Ty::Error, Field::Leaves) => {
                self.rt("Error");
                let text = format!("{of}.leaves().map(|leaf| Error::Leaf(leaf.clone())).collect::<Vec<_>>()");
                Code::owned(text, Ty::List(Box::new(Ty::Error)))
            }
            (Ty::Error, Field::Kind) => {
                let kind = self.import("taskscope::program::kind");
                Code::owned(
                    format!("{}(&{of}, |leaf| {kind}(leaf).to_owned())", self.helper("joined")),
                    Ty::Str,
                )
            }
            (Ty::Error, Field::Message) => {
                let message = self.import("taskscope::program::message");
                Code::owned(format!("{}(&{of}, {message})", self.helper("joined")), Ty::Str)
            }
            (Ty::Error, Field::Task) => {
                self.rt("Leaf");
                Code::owned(format!("{}(&{of}, Leaf::path)", self.helper("joined")), Ty::Str)
            }
            (Ty::Response, Field::Status) => Code::owned(format!("i64::from({of}.status)"), Ty::Int),
            (Ty::Response, Field::Body) => Code::owned(format!("{of}.body.to_string()"), Ty::Str),
            _ => {
                let value = self.kept_as(&code, &Ty::Value);
                let name = match field {
                    Field::Count => "count",
                    Field::Leaves => "leaves",
                    Field::Kind => "kinds",
                    Field::Message => "messages",
                    Field::Task => "tasks",
                    Field::Status => "status",
                    Field::Body => "body",
                };
                Code::owned(format!("{value}.{name}()?"), Ty::Value)
            }
        }
    }

    /// An action whose value stands in an expression.
    pub fn action(&mut self, op: &Op, wanted: bool) -> Code {
        match op {
            Op::Call(function, args) => self.call(*function, args, wanted),
            Op::Await(task) => self.awaited(task, wanted),
            Op::Take(queue) => {
                let ty = self.queue_ty(*queue);
                let closed = self.rt("QueueClosed");
                let queue = self.declared.queue(*queue);
                Code::owned(format!("{queue}.take().await.ok_or({closed}(()))?"), ty)
            }
            Op::WaitBarrier(barrier) => {
                let text = format!("{}.wait().await", self.declared.barrier(*barrier));
                if wanted {
                    Code::loose(format!("{text} as i64"), Ty::Int)
                } else {
                    Code::owned(text, Ty::Int)
                }
            }
            Op::Fetch { url, takes, status, gives } => {
                self.fetched(url, takes.as_ref(), status.as_ref(), gives.as_ref())
            }
            Op::Offload { job, takes } => self.offloaded(job, takes.as_ref()),
            Op::Query { sql, takes, gives } => self.queried(sql, takes.as_ref(), gives.as_ref()),
            Op::Task(task) => self.spawned(op, task),
            Op::Detach(task) => self.detached(op, task),
            Op::Race { name, ok, tasks } => self.race(op, name, *ok, tasks, wanted),
            Op::Gather { name, keep, tasks } => self.gather(op, name, *keep, tasks),
            _ => {
                self.refuse("an action stands in an expression that has no value");
                Code::owned("()", Ty::Unit)
            }
        }
    }

    /// The text of an expression where it is known before the run.
    pub fn fixed_text(&self, expr: &Expr) -> Option<String> {
        match &expr.kind {
            ExprKind::Text(parts) => match &parts[..] {
                [] => Some(String::new()),
                [Part::Text(text)] => Some(text.to_string()),
                _ => None,
            },
            _ => match literal(expr) {
                Some(Literal::Str(text)) => Some(text.to_string()),
                _ => None,
            },
        }
    }
}
