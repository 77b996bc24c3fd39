//! Classes: the only object of a class is its fields, each a variable of the top level, and its methods are functions.

use super::facts::{Known, Thing};
use super::python::{Expr, ExprKind, Stmt, StmtKind, each_stmt};
use super::translate::{Cannot, Local, Translator, Ty, Var};
use super::{Sort, words};

impl<'a> Translator<'a> {
    /// The variable that is field `name` of the object `of`.
    pub fn object_field(&self, of: &Expr, name: &str) -> Option<String> {
        let class = match of.name()? {
            "self" => self.key.split_once('.')?.0.to_owned(),
            _ => match self.thing(of)? {
                Thing::Object(class) => class,
                _ => return None,
            },
        };
        self.env.get(&format!("{class}.{name}")).map(|var| var.word.clone())
    }

    /// Declares the fields of every class as variables of the top level.
    pub fn fields(&mut self) {
        let classes: Vec<&String> = self.facts.classes.keys().collect();
        for class in classes {
            if matches!(self.facts.made.get(class), Some(None)) {
                let span = self.facts.classes[class].body.first().map(|stmt| stmt.span).unwrap_or_default();
                let why = format!(
                    "several objects of `{class}` have no counterpart: a scenario has variables only"
                );
                self.say(Cannot { span, why, instead: None }, Sort::NoCounterpart);
            }
            for (name, value) in self.fields_of(class) {
                let key = format!("{class}.__init__");
                let constant = value.and_then(|value| self.facts.constant(&key, value));
                let text = constant.as_ref().and_then(literal);
                let word =
                    words::fresh(&format!("{class}_{}", name.trim_start_matches('_')), &self.facts.taken);
                self.in_use.push(word.clone());
                self.out.line(&format!("let {word} = {}", text.as_deref().unwrap_or("none")));
                let var = Var { word, local: Local::Value(Ty::Unknown) };
                self.env.insert(format!("{class}.{name}"), var);
            }
        }
    }

    /// Names of the fields of a class, and what `__init__` puts into them.
    fn fields_of(&self, class: &str) -> Vec<(&'a str, Option<&'a Expr>)> {
        let mut fields: Vec<(&'a str, Option<&'a Expr>)> = Vec::new();
        let methods: Vec<&Known<'a>> = self
            .facts
            .functions
            .values()
            .filter(|known| known.class.is_some_and(|it| it.name == class))
            .collect();
        for known in methods {
            let first = known.function.name == "__init__";
            let body: &'a [Stmt] = &known.function.body;
            each_stmt(body, &mut |stmt| {
                let StmtKind::Assign(target, value) = &stmt.kind else { return };
                let ExprKind::Field(of, name) = &target.kind else { return };
                let is_thing = self.facts.things.contains_key(&(class.to_owned(), name.clone()));
                if of.name() != Some("self") || is_thing {
                    return;
                }
                let value = first.then_some(value);
                match fields.iter_mut().find(|(known, _)| known == name) {
                    Some((_, known)) => *known = known.or(value),
                    None => fields.push((name, value)),
                }
            });
        }
        fields
    }

    /// Whether values come out of it by `yield`.
    pub fn yields(&self, known: &Known<'a>) -> bool {
        let mut found = false;
        super::python::each_expr(&known.function.body, &mut |expr| {
            found |= matches!(expr.kind, ExprKind::Yield(_));
        });
        found
    }
}

fn literal(expr: &Expr) -> Option<String> {
    Some(match &expr.kind {
        ExprKind::None => "none".to_owned(),
        ExprKind::Bool(it) => it.to_string(),
        ExprKind::Int(it) => it.to_string(),
        ExprKind::Float(it) => format!("{it:?}"),
        ExprKind::Text(it) => format!("\"{}\"", words::escaped(it)),
        ExprKind::List(items) if items.is_empty() => "[]".to_owned(),
        _ => return None,
    })
}
