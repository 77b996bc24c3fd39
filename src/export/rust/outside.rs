//! The world outside: requests, queries, blocking work.

use crate::export::tree::{Expr, Job, Length};
use crate::lang::plan::Literal;

use super::names::quoted;
use super::stmt::literal;
use super::types::Ty;
use super::writer::{Code, Form, Writer};

impl Writer<'_> {
    /// How long a simulated answer takes.
    fn takes(&mut self, takes: Option<&Length>) -> String {
        match takes {
            Some(length) => self.length(length),
            None => format!("{}(100)", self.helper("ms")),
        }
    }

    /// `fetch "/api" in 300ms`.
    pub fn fetched(
        &mut self,
        url: &Expr,
        takes: Option<&Length>,
        status: Option<&Expr>,
        gives: Option<&Expr>,
    ) -> Code {
        let url = self.text_ref(url);
        let takes = self.takes(takes);
        let status = match status.map(|status| (status, literal(status))) {
            None => "200".to_owned(),
            Some((_, Some(Literal::Int(number @ 100..=599)))) => number.to_string(),
            Some((status, _)) => {
                let code = self.expr(status);
                let value = self.kept_as(&code, &Ty::Value);
                format!("{}({value})?", self.helper("status"))
            }
        };
        let gives = gives.map_or_else(|| "\"\"".to_owned(), |gives| self.text_ref(gives));
        let fetch = self.helper("fetch");
        Code::owned(format!("{fetch}({url}, {takes}, {status}, {gives}).await?"), Ty::Response)
    }

    /// `offload primes(200000) in 300ms`.
    pub fn offloaded(&mut self, job: &Job, takes: Option<&Length>) -> Code {
        let workers = self.declared.workers();
        let on_worker = self.helper("on_worker");
        match job {
            Job::Block(length) => {
                let length = self.length(length);
                let busy = self.helper("busy");
                Code::owned(format!("{busy}({workers}, {length}).await?"), Ty::Unit)
            }
            Job::Call(function, args) => {
                let words = format!("`{function}` wants integers, not");
                let args: Vec<String> = args.iter().map(|arg| self.whole(arg, &words)).collect();
                let (name, args, takes) = (quoted(function), args.join(", "), self.takes(takes));
                Code::owned(format!("{on_worker}({workers}, {name}, vec![{args}], {takes}).await?"), Ty::Int)
            }
        }
    }

    /// `query db "select …" in 40ms gives [..]`: only a simulated one is answered.
    pub fn queried(&mut self, sql: &Expr, takes: Option<&Length>, gives: Option<&Expr>) -> Code {
        let sql = self.expr(sql);
        if sql.ty != Ty::Str {
            self.refuse("a query is no text");
        }
        let sql = if sql.form == Form::Text { sql.text } else { format!("&{}", sql.operand()) };
        let takes = self.takes(takes);
        let rows = match gives {
            Some(gives) => self.expr(gives),
            None => Code::owned("Vec::<()>::new()", Ty::List(Box::new(Ty::Never))),
        };
        if !matches!(rows.ty, Ty::List(_)) {
            self.refuse("a query gives no list");
        }
        let kept = self.kept(&rows);
        let query = self.helper("query");
        Code::owned(format!("{query}({sql}, {takes}, {kept}).await?"), rows.ty)
    }
}
