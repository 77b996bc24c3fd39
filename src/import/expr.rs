//! Expressions: what prints, what computes, what a name stands for.

use super::python::{Expr, ExprKind, Piece};
use super::translate::{Local, Said, Translator, Ty, Var, cannot, cannot_but};
use super::words;

/// An expression of the scenario and what is known of its value.
pub struct Value {
    pub text: String,
    pub ty: Ty,
    /// Whether an operator is outermost, so that it needs parentheses inside another.
    pub is_compound: bool,
}

impl Value {
    /// As it stands beside an operator.
    pub fn operand(&self) -> String {
        if self.is_compound { format!("({})", self.text) } else { self.text.clone() }
    }
}

pub fn value(text: impl Into<String>, ty: Ty) -> Value {
    Value { text: text.into(), ty, is_compound: false }
}

fn compound(text: String, ty: Ty) -> Value {
    Value { text, ty, is_compound: true }
}

impl<'a> Translator<'a> {
    /// An expression that can stand anywhere. What must be awaited first is written above it.
    pub fn expr(&mut self, expr: &'a Expr) -> Said<Value> {
        Ok(match &expr.kind {
            ExprKind::None => value("none", Ty::None),
            ExprKind::Bool(it) => value(it.to_string(), Ty::Bool),
            ExprKind::Int(it) => value(it.to_string(), Ty::Int),
            ExprKind::Float(it) => value(format!("{it:?}"), Ty::Float),
            ExprKind::Text(it) => value(format!("\"{}\"", words::escaped(it)), Ty::Text),
            ExprKind::Format(_) | ExprKind::Dict(_) => {
                value(format!("\"{}\"", self.printed(expr)?), Ty::Text)
            }
            ExprKind::Name(name) => self.name(expr, name)?,
            ExprKind::Field(of, name) => self.field(expr, of, name)?,
            ExprKind::Await(_) | ExprKind::Call(..) => self.hoisted(expr)?,
            ExprKind::List(items) => {
                let items: Said<Vec<String>> = items.iter().map(|item| Ok(self.expr(item)?.text)).collect();
                value(format!("[{}]", items?.join(", ")), Ty::List)
            }
            ExprKind::Index(of, at) => {
                let (of, at) = (self.expr(of)?, self.expr(at)?);
                if of.ty != Ty::List && of.ty != Ty::Unknown || at.ty == Ty::Text {
                    return cannot(expr.span, "a scenario has no dictionaries to look into");
                }
                value(format!("{}[{}]", of.operand(), at.text), Ty::Unknown)
            }
            ExprKind::Not(of) => compound(format!("not {}", self.condition(of)?.operand()), Ty::Bool),
            ExprKind::Minus(of) => {
                let of = self.expr(of)?;
                value(format!("-{}", of.operand()), of.ty)
            }
            ExprKind::Binary(op, left, right) => self.binary(op, left, right)?,
            ExprKind::Each { .. } => self.mapped(expr)?,
            ExprKind::Choice(test, yes, no) => self.chosen(test, yes, no)?,
            ExprKind::Named(name, of) => {
                let action = self.action(of)?;
                let word = self.put(name, &action.text, Local::Value(action.ty.clone()));
                value(word, action.ty)
            }
            ExprKind::Spread(_) => return cannot(expr.span, "`*` has no counterpart here"),
            ExprKind::Yield(_) => return cannot(expr.span, "`yield` gives no value here"),
            ExprKind::Other(what) => return cannot(expr.span, format!("{what} has no counterpart")),
        })
    }

    /// What decides: a scenario knows only true and false.
    pub fn condition(&mut self, expr: &'a Expr) -> Said<Value> {
        let it = self.expr(expr)?;
        match it.ty {
            Ty::Bool | Ty::Unknown => Ok(it),
            Ty::Maybe => Ok(compound(format!("{} != none", it.operand()), Ty::Bool)),
            Ty::List => Ok(compound(format!("len({}) > 0", it.text), Ty::Bool)),
            _ => cannot(expr.span, "a scenario takes nothing but true and false for a condition"),
        }
    }

    fn binary(&mut self, op: &'static str, left: &'a Expr, right: &'a Expr) -> Said<Value> {
        if matches!(op, "and" | "or") {
            let (left, right) = (self.condition(left)?, self.condition(right)?);
            return Ok(compound(format!("{} {op} {}", left.operand(), right.operand()), Ty::Bool));
        }
        let (left, right) = (self.expr(left)?, self.expr(right)?);
        let text = format!("{} {op} {}", left.operand(), right.operand());
        let ty = match op {
            "+" | "-" | "*" | "//" | "%" if left.ty == right.ty => left.ty,
            "/" => Ty::Float,
            "+" | "-" | "*" | "//" | "%" => Ty::Unknown,
            _ => Ty::Bool,
        };
        Ok(compound(text, ty))
    }

    fn name(&mut self, expr: &Expr, name: &str) -> Said<Value> {
        let Some(var) = self.env.get(name) else {
            return cannot(expr.span, format!("this text does not say what `{name}` is"));
        };
        match &var.local {
            Local::Value(ty) => Ok(value(var.word.clone(), ty.clone())),
            Local::Task(_) | Local::Tasks(_) => Ok(value(var.word.clone(), Ty::Unknown)),
            Local::Unnamed | Local::Deadline | Local::Job(_) => {
                cannot(expr.span, format!("`{name}` cannot be handed on as a value"))
            }
        }
    }

    fn field(&mut self, expr: &'a Expr, of: &'a Expr, name: &str) -> Said<Value> {
        if let Some(field) = self.object_field(of, name) {
            return Ok(value(field, Ty::Unknown));
        }
        if self.thing(expr).is_some() {
            return cannot(expr.span, format!("`{name}` is nothing that a variable could hold"));
        }
        let of = self.expr(of)?;
        match (&of.ty, name) {
            (Ty::Group, "exceptions") => Ok(value(format!("{}.leaves", of.text), Ty::List)),
            (Ty::Response, "status" | "status_code") => Ok(value(format!("{}.status", of.text), Ty::Int)),
            (Ty::Response, "text") => Ok(value(format!("{}.body", of.text), Ty::Text)),
            _ => cannot(expr.span, format!("`.{name}` has no counterpart")),
        }
    }

    /// An expression as it prints, to stand inside quotes.
    pub fn printed(&mut self, expr: &'a Expr) -> Said<String> {
        match &expr.kind {
            ExprKind::Text(text) => return Ok(words::escaped(text)),
            ExprKind::Format(pieces) => {
                let mut text = String::new();
                for piece in pieces {
                    match piece {
                        Piece::Text(it) => text.push_str(&words::escaped(it)),
                        Piece::Value(it) => text.push_str(&self.printed(it)?),
                        Piece::Formatted => {
                            return cannot(expr.span, "a scenario prints without formats and conversions");
                        }
                    }
                }
                return Ok(text);
            }
            ExprKind::Dict(items) => return self.printed_dict(items),
            _ => {}
        }
        let it = self.expr(expr)?;
        match it.ty {
            Ty::Text | Ty::Int | Ty::Float | Ty::Unknown => Ok(format!("{{{}}}", it.text)),
            Ty::Error => Ok(format!("{{{}.message}}", it.text)),
            Ty::None => {
                if it.text != "none" {
                    self.out.line(&it.text);
                }
                Ok("None".to_owned())
            }
            Ty::Maybe => cannot(expr.span, "this may be `None`, which prints otherwise in a scenario"),
            Ty::Bool => cannot(expr.span, "true and false print otherwise in a scenario"),
            Ty::List => cannot(expr.span, "lists print otherwise in a scenario"),
            Ty::Group => {
                cannot_but(expr.span, "a group prints otherwise in a scenario", "print each of its errors")
            }
            Ty::Response => cannot(expr.span, "a response prints otherwise in a scenario"),
        }
    }

    /// A dictionary with known keys is the text that it prints; who looks into it is told that this cannot be.
    fn printed_dict(&mut self, items: &'a [(Expr, Expr)]) -> Said<String> {
        let mut parts = Vec::new();
        for (key, item) in items {
            let ExprKind::Text(key) = &key.kind else {
                return cannot(key.span, "a dictionary whose keys are no texts has no counterpart");
            };
            let it = self.expr(item)?;
            let shown = match (&item.kind, it.ty) {
                (ExprKind::Text(text), _) => format!("'{}'", words::escaped(text)),
                (_, Ty::Text) => format!("'{{{}}}'", it.text),
                (_, Ty::Int | Ty::Float) => format!("{{{}}}", it.text),
                (_, Ty::None) => "None".to_owned(),
                _ => {
                    return cannot(
                        item.span,
                        "a scenario has no dictionaries, and cannot know how this one prints",
                    );
                }
            };
            parts.push(format!("'{}': {shown}", words::escaped(key)));
        }
        Ok(format!("{{{{{}}}}}", parts.join(", ")))
    }

    /// `yes if test else no`: a variable above, and the branch that fills it.
    fn chosen(&mut self, test: &'a Expr, yes: &'a Expr, no: &'a Expr) -> Said<Value> {
        let word = self.declare("chosen", Local::Value(Ty::Unknown));
        self.out.line(&format!("let {word} = none"));
        let test = self.condition(test)?;
        self.out.open(&format!("if {}", test.text));
        let yes = self.action(yes)?;
        self.out.line(&format!("{word} = {}", yes.text));
        self.out.close();
        self.out.open("else");
        let no = self.action(no)?;
        self.out.line(&format!("{word} = {}", no.text));
        self.out.close();
        let ty = match (yes.ty, no.ty) {
            (yes, no) if yes == no => yes,
            (Ty::None | Ty::Maybe, _) | (_, Ty::None | Ty::Maybe) => Ty::Maybe,
            _ => Ty::Unknown,
        };
        Ok(value(word, ty))
    }

    /// `[item for x in list]`: a loop above, and the list that it fills.
    fn mapped(&mut self, expr: &'a Expr) -> Said<Value> {
        let ExprKind::Each { item, target, list, condition } = &expr.kind else {
            return cannot(expr.span, "this has no counterpart");
        };
        let all = self.declare("all", Local::Value(Ty::List));
        self.out.line(&format!("let {all} = []"));
        let before = self.env.clone();
        let mark = self.in_use.len();
        self.loop_head(target, list)?;
        if let Some(condition) = condition {
            let condition = self.condition(condition)?.text;
            self.out.open(&format!("if {condition}"));
        }
        let item = self.expr(item)?;
        self.out.line(&format!("{all} = {all} + [{}]", item.text));
        if condition.is_some() {
            self.out.close();
        }
        self.out.close();
        self.in_use.truncate(mark);
        self.env = before;
        Ok(value(all, Ty::List))
    }

    /// `for target in list {`, the variables declared.
    pub fn loop_head(&mut self, target: &'a Expr, list: &'a Expr) -> Said<()> {
        let Some(target) = target.name() else { return self.loop_over_several(target, list) };
        if let Some((path, args, _)) = list.call()
            && path == "range"
        {
            let (from, to) = match args {
                [to] => (value("0", Ty::Int), self.expr(to)?),
                [from, to] => (self.expr(from)?, self.expr(to)?),
                _ => return cannot(list.span, "a range with a step has no counterpart"),
            };
            let last =
                to.text.parse::<i64>().map_or(format!("{} - 1", to.operand()), |to| (to - 1).to_string());
            let word = self.declare(target, Local::Value(Ty::Int));
            self.out.open(&format!("for {word} in {} to {last}", from.text));
            return Ok(());
        }
        let tasks = list.name().and_then(|name| self.env.get(name)).map(|var| var.local.clone());
        let over = self.expr(list)?;
        let is_group = matches!(&list.kind, ExprKind::Field(_, name) if name == "exceptions");
        let local = match tasks {
            Some(Local::Tasks(ty)) => Local::Task(ty),
            _ if is_group => Local::Value(Ty::Error),
            _ => Local::Value(Ty::Unknown),
        };
        let word = self.declare(target, local);
        self.out.open(&format!("for {word} in {}", over.text));
        Ok(())
    }

    /// `for number, item in enumerate(list)` and `for one, other in zip(ones, others)`: a loop over places.
    fn loop_over_several(&mut self, target: &'a Expr, list: &'a Expr) -> Said<()> {
        let several = "several names for one value have no counterpart here";
        let (ExprKind::List(names), Some((path, args, named))) = (&target.kind, list.call()) else {
            return cannot(target.span, several);
        };
        let names: Option<Vec<&str>> = names.iter().map(Expr::name).collect();
        match (path.as_str(), names.as_deref(), args) {
            ("enumerate", Some([number, item]), [of, rest @ ..]) => {
                let start = rest.first().or(named.first().map(|(_, start)| start));
                let start = start.map(|start| self.expr(start)).transpose()?;
                let of = self.listed(of)?;
                let at = self.declare("at", Local::Value(Ty::Int));
                self.out.open(&format!("for {at} in 0 to len({of}) - 1"));
                let from = start.map_or(at.clone(), |start| format!("{at} + {}", start.operand()));
                self.let_value(number, &from, Ty::Int);
                self.let_value(item, &format!("{of}[{at}]"), Ty::Unknown);
                Ok(())
            }
            ("zip", Some(names), lists) if names.len() == lists.len() => {
                let lists: Vec<String> = lists.iter().map(|of| self.listed(of)).collect::<Said<_>>()?;
                let lengths: Vec<String> = lists.iter().map(|of| format!("len({of})")).collect();
                let at = self.declare("at", Local::Value(Ty::Int));
                self.out.open(&format!("for {at} in 0 to min({}) - 1", lengths.join(", ")));
                for (name, of) in names.iter().zip(&lists) {
                    self.let_value(name, &format!("{of}[{at}]"), Ty::Unknown);
                }
                Ok(())
            }
            _ => cannot(target.span, several),
        }
    }

    /// A list that is read more than once: what is computed is computed once.
    fn listed(&mut self, of: &'a Expr) -> Said<String> {
        let it = self.expr(of)?;
        if self.in_use.contains(&it.text) {
            return Ok(it.text);
        }
        let word = self.declare("list", Local::Value(Ty::List));
        self.out.line(&format!("let {word} = {}", it.text));
        Ok(word)
    }

    /// A new variable with this value.
    pub fn let_value(&mut self, name: &str, text: &str, ty: Ty) {
        let word = self.declare(name, Local::Value(ty));
        self.out.line(&format!("let {word} = {text}"));
    }

    /// A length of time, given in seconds.
    pub fn length(&mut self, expr: &'a Expr) -> Said<String> {
        if let Some(length) = words::seconds(expr) {
            return Ok(length);
        }
        let it = self.expr(expr)?;
        match it.ty {
            Ty::Int | Ty::Float | Ty::Unknown => Ok(format!("{} * 1s", it.operand())),
            _ => cannot(expr.span, "this is no number of seconds"),
        }
    }

    /// Puts the value of an action into a variable, where it must stand inside an expression.
    fn hoisted(&mut self, expr: &'a Expr) -> Said<Value> {
        let action = self.action(expr)?;
        if action.is_plain {
            return Ok(Value { text: action.text, ty: action.ty, is_compound: action.is_compound });
        }
        let word = self.declare("got", Local::Value(action.ty.clone()));
        self.out.line(&format!("let {word} = {}", action.text));
        Ok(value(word, action.ty))
    }

    /// The variable that `name` is.
    pub fn var(&self, expr: &Expr) -> Option<&Var<'a>> {
        self.env.get(expr.name()?)
    }
}
