//! `async with`: scopes, timeouts, what is held, and context managers that the text writes itself.

use super::called::{last, receiver};
use super::facts::Thing;
use super::python::{Expr, Stmt};
use super::translate::{Local, Said, Translator, Ty, cannot};
use super::words;

impl<'a> Translator<'a> {
    /// `with items: body`, the items from the left to the right.
    pub fn with(&mut self, items: &'a [(Expr, Option<Expr>)], body: &'a [Stmt]) -> Said<()> {
        let Some(((value, name), rest)) = items.split_first() else {
            let body: Vec<&Stmt> = body.iter().collect();
            self.block(&body);
            return Ok(());
        };
        if let Some(thing) = self.thing(value) {
            return match thing {
                Thing::Shared(shared) if matches!(shared.kind, "limiter" | "lock") => {
                    self.within(&format!("with {}", shared.name), rest, body)
                }
                Thing::Client { .. } | Thing::Silent => self.with(rest, body),
                Thing::Object(class) => self.entered(value, &class, name.as_ref(), rest, body),
                _ => cannot(value.span, "this cannot be held"),
            };
        }
        // A variable that holds a generator: `aclosing(pages()) as listing`.
        let Some((path, args, named)) = value.call() else {
            return cannot(value.span, "what is entered here, this text does not say");
        };
        let by_name = |wanted: &str| named.iter().find(|(name, _)| name == wanted).map(|(_, value)| value);
        match last(&path).as_str() {
            "TaskGroup" => {
                let label = name.as_ref().and_then(Expr::name).map_or("group".to_owned(), words::label);
                self.unnamed(name.as_ref());
                self.within(&format!("scope {label}"), rest, body)
            }
            "timeout" => {
                let Some(limit) = args.first().or(by_name("delay")) else {
                    return cannot(value.span, "a timeout without a length");
                };
                let limit = self.length(limit)?;
                let named = name.as_ref().and_then(Expr::name);
                let named = named.map(|name| format!(" as {}", self.declare(name, Local::Deadline)));
                self.within(&format!("timeout {limit}{}", named.unwrap_or_default()), rest, body)
            }
            "ClientSession" | "AsyncClient" | "ThreadPoolExecutor" => {
                self.unnamed(name.as_ref());
                self.with(rest, body)
            }
            "aclosing" => match (args, name.as_ref().and_then(Expr::name)) {
                ([generator], Some(name)) => {
                    self.declare(name, Local::Job(generator));
                    self.with(rest, body)
                }
                _ => cannot(value.span, "what is closed here, this text does not say"),
            },
            _ => self.entered_call(value, &path, args, name.as_ref(), rest, body),
        }
    }

    /// What the text, or nothing, says about the call that is entered.
    fn entered_call(
        &mut self,
        value: &'a Expr,
        path: &str,
        args: &'a [Expr],
        name: Option<&'a Expr>,
        rest: &'a [(Expr, Option<Expr>)],
        body: &'a [Stmt],
    ) -> Said<()> {
        if self.facts.classes.contains_key(path) {
            return self.entered(value, path, name, rest, body);
        }
        if let Some((engine, "begin" | "connect")) = receiver(value)
            && let Some(Thing::Shared(shared)) = self.thing(engine)
            && shared.kind == "pool"
        {
            self.unnamed(name);
            return self.within(&format!("with {}", shared.name), rest, body);
        }
        if let Some((key, known)) = self.facts.callee(&self.key, path) {
            if !known.function.decorators.iter().any(|it| it == "asynccontextmanager") || !rest.is_empty() {
                return cannot(value.span, format!("`{path}` cannot be entered here"));
            }
            return self.inline(value, &key, &known, args, name, body);
        }
        if let Some((client, method)) = receiver(value) {
            let is_client = matches!(self.thing(client), Some(Thing::Client { .. }));
            let path = client.path().unwrap_or_default().to_lowercase();
            if is_client || path.ends_with("session") || path.ends_with("client") {
                let request = if is_client {
                    self.client_call(value, client, method, args)?
                } else {
                    self.awaited(value)?
                };
                match name.and_then(Expr::name) {
                    Some(name) => {
                        let word = self.declare(name, Local::Value(Ty::Response));
                        self.out.line(&format!("let {word} = {}", request.text));
                    }
                    None => self.out.line(&request.text),
                }
                return self.with(rest, body);
            }
        }
        cannot(value.span, format!("this text does not say what `{path}` enters"))
    }

    /// A name that stands for nothing here.
    fn unnamed(&mut self, name: Option<&Expr>) {
        if let Some(name) = name.and_then(Expr::name) {
            let var = super::translate::Var { word: words::word(name), local: Local::Unnamed };
            self.env.insert(name.to_owned(), var);
        }
    }

    fn within(&mut self, head: &str, rest: &'a [(Expr, Option<Expr>)], body: &'a [Stmt]) -> Said<()> {
        self.out.open(head);
        let mark = self.in_use.len();
        let said = self.with(rest, body);
        self.in_use.truncate(mark);
        self.out.close();
        said
    }
}
