//! From Python text to [`python`](super::python): the only file that knows the parser's own tree.

use ruff_python_ast::{self as ast, Expr as AstExpr, Stmt as AstStmt};
use ruff_text_size::{Ranged, TextRange};

use crate::span::Span;

use super::python::{Class, Expr, ExprKind, Fn, Handler, Param, Piece, Stmt, StmtKind, Try};

/// Nesting beyond this is not read: a walk over the tree must not exhaust the stack.
const MAX_DEPTH: u32 = 100;

/// What `text` says; or why it is no Python, and where.
pub fn read(text: &str) -> Result<Vec<Stmt>, (Span, String)> {
    let parsed = ruff_python_parser::parse_module(text)
        .map_err(|error| (span(error.location), error.error.to_string()))?;
    Ok(Reader { depth: 0 }.block(&parsed.syntax().body))
}

struct Reader {
    depth: u32,
}

fn span(range: TextRange) -> Span {
    Span { start: range.start().to_u32(), end: range.end().to_u32() }
}

/// The last name of `a.b.c`, also of `a.b[c]`.
fn last_name(expr: &AstExpr) -> Option<String> {
    match expr {
        AstExpr::Name(it) => Some(it.id.to_string()),
        AstExpr::Attribute(it) => Some(it.attr.to_string()),
        AstExpr::Subscript(it) => last_name(&it.value),
        AstExpr::Call(it) => last_name(&it.func),
        _ => None,
    }
}

impl Reader {
    fn block(&mut self, body: &[AstStmt]) -> Vec<Stmt> {
        if self.depth >= MAX_DEPTH {
            return Vec::new();
        }
        self.depth += 1;
        let read = body.iter().map(|stmt| self.stmt(stmt)).collect();
        self.depth -= 1;
        read
    }

    fn stmt(&mut self, stmt: &AstStmt) -> Stmt {
        let kind = match stmt {
            AstStmt::Expr(it) => self.expression(&it.value),
            AstStmt::Assign(it) => match it.targets.as_slice() {
                [target] => StmtKind::Assign(self.expr(target), self.expr(&it.value)),
                _ => StmtKind::Other("an assignment to several targets"),
            },
            AstStmt::AnnAssign(it) => match &it.value {
                Some(value) => StmtKind::Assign(self.expr(&it.target), self.expr(value)),
                None => StmtKind::Nothing,
            },
            AstStmt::AugAssign(it) => match operator(it.op) {
                Some(op) => StmtKind::Change(self.expr(&it.target), op, self.expr(&it.value)),
                None => StmtKind::Other("this operator"),
            },
            AstStmt::Return(it) => StmtKind::Return(self.maybe(it.value.as_deref())),
            AstStmt::Raise(it) => StmtKind::Raise(self.maybe(it.exc.as_deref())),
            AstStmt::If(it) => {
                let mut branches = vec![(Some(self.expr(&it.test)), self.block(&it.body))];
                for clause in &it.elif_else_clauses {
                    branches.push((self.maybe(clause.test.as_ref()), self.block(&clause.body)));
                }
                StmtKind::If(branches)
            }
            AstStmt::While(it) if it.orelse.is_empty() => {
                StmtKind::While(self.expr(&it.test), self.block(&it.body))
            }
            AstStmt::For(it) if it.orelse.is_empty() => StmtKind::For {
                is_async: it.is_async,
                target: self.expr(&it.target),
                list: self.expr(&it.iter),
                body: self.block(&it.body),
            },
            AstStmt::With(it) => {
                let item = |item: &ast::WithItem| {
                    (self.expr(&item.context_expr), self.maybe(item.optional_vars.as_deref()))
                };
                StmtKind::With(it.items.iter().map(item).collect(), self.block(&it.body))
            }
            AstStmt::Try(it) => StmtKind::Try(self.tried(it)),
            AstStmt::FunctionDef(it) => StmtKind::Fn(self.function(it)),
            AstStmt::ClassDef(it) => StmtKind::Class(Class {
                name: it.name.to_string(),
                bases: it.bases().iter().filter_map(last_name).collect(),
                body: self.block(&it.body),
            }),
            AstStmt::Pass(_)
            | AstStmt::Global(_)
            | AstStmt::Nonlocal(_)
            | AstStmt::Import(_)
            | AstStmt::ImportFrom(_) => StmtKind::Nothing,
            AstStmt::Break(_) => StmtKind::Break,
            AstStmt::Continue(_) => StmtKind::Continue,
            AstStmt::For(_) | AstStmt::While(_) => StmtKind::Other("`else` after a loop"),
            AstStmt::Match(_) => StmtKind::Other("`match`"),
            AstStmt::Assert(_) => StmtKind::Other("`assert`"),
            AstStmt::Delete(_) => StmtKind::Other("`del`"),
            _ => StmtKind::Other("this statement"),
        };
        Stmt { kind, span: span(stmt.range()) }
    }

    /// A text or `...` by itself is a docstring or a placeholder.
    fn expression(&mut self, value: &AstExpr) -> StmtKind {
        match value {
            AstExpr::StringLiteral(_) | AstExpr::EllipsisLiteral(_) => StmtKind::Nothing,
            value => StmtKind::Expr(self.expr(value)),
        }
    }

    fn tried(&mut self, it: &ast::StmtTry) -> Try {
        let mut handlers = Vec::new();
        for ast::ExceptHandler::ExceptHandler(handler) in &it.handlers {
            let kinds = match handler.type_.as_deref() {
                Some(AstExpr::Tuple(kinds)) => kinds.elts.iter().filter_map(last_name).collect(),
                Some(kind) => last_name(kind).into_iter().collect(),
                None => Vec::new(),
            };
            let name = handler.name.as_ref().map(|name| name.to_string());
            handlers.push(Handler {
                kinds,
                name,
                body: self.block(&handler.body),
                span: span(handler.range()),
            });
        }
        Try {
            body: self.block(&it.body),
            handlers,
            otherwise: self.block(&it.orelse),
            finally: self.block(&it.finalbody),
            is_star: it.is_star,
        }
    }

    fn function(&mut self, it: &ast::StmtFunctionDef) -> Fn {
        let from = &it.parameters;
        let params = from.posonlyargs.iter().chain(&from.args).chain(&from.kwonlyargs);
        let params = params
            .map(|param| Param {
                name: param.parameter.name.to_string(),
                annotation: param.parameter.annotation.as_deref().and_then(last_name),
                default: self.maybe(param.default.as_deref()),
            })
            .collect();
        Fn {
            name: it.name.to_string(),
            is_async: it.is_async,
            params,
            is_variadic: from.vararg.is_some() || from.kwarg.is_some(),
            decorators: it.decorator_list.iter().filter_map(|it| last_name(&it.expression)).collect(),
            body: self.block(&it.body),
        }
    }

    fn maybe(&mut self, expr: Option<&AstExpr>) -> Option<Expr> {
        expr.map(|expr| self.expr(expr))
    }

    fn boxed(&mut self, expr: &AstExpr) -> Box<Expr> {
        Box::new(self.expr(expr))
    }

    fn all(&mut self, exprs: &[AstExpr]) -> Vec<Expr> {
        exprs.iter().map(|expr| self.expr(expr)).collect()
    }

    fn expr(&mut self, expr: &AstExpr) -> Expr {
        let kind = if self.depth >= MAX_DEPTH {
            ExprKind::Other("nesting this deep")
        } else {
            self.depth += 1;
            let kind = self.kind(expr);
            self.depth -= 1;
            kind
        };
        Expr { kind, span: span(expr.range()) }
    }

    fn kind(&mut self, expr: &AstExpr) -> ExprKind {
        match expr {
            AstExpr::NoneLiteral(_) => ExprKind::None,
            AstExpr::BooleanLiteral(it) => ExprKind::Bool(it.value),
            AstExpr::NumberLiteral(it) => match &it.value {
                ast::Number::Int(it) => {
                    it.as_i64().map_or(ExprKind::Other("so large a number"), ExprKind::Int)
                }
                ast::Number::Float(it) => ExprKind::Float(*it),
                ast::Number::Complex { .. } => ExprKind::Other("a complex number"),
            },
            AstExpr::StringLiteral(it) => ExprKind::Text(it.value.to_str().to_owned()),
            AstExpr::FString(it) => ExprKind::Format(self.pieces(&it.value)),
            AstExpr::Name(it) => ExprKind::Name(it.id.to_string()),
            AstExpr::Attribute(it) => ExprKind::Field(self.boxed(&it.value), it.attr.to_string()),
            AstExpr::Await(it) => ExprKind::Await(self.boxed(&it.value)),
            AstExpr::Yield(it) => ExprKind::Yield(self.maybe(it.value.as_deref()).map(Box::new)),
            AstExpr::List(it) => ExprKind::List(self.all(&it.elts)),
            AstExpr::Tuple(it) => ExprKind::List(self.all(&it.elts)),
            AstExpr::Starred(it) => ExprKind::Spread(self.boxed(&it.value)),
            AstExpr::Subscript(it) => ExprKind::Index(self.boxed(&it.value), self.boxed(&it.slice)),
            AstExpr::Call(it) => {
                let named = it.arguments.keywords.iter();
                let named = named.filter_map(|it| Some((it.arg.as_ref()?.to_string(), self.expr(&it.value))));
                let named = named.collect();
                ExprKind::Call(self.boxed(&it.func), self.all(&it.arguments.args), named)
            }
            AstExpr::Dict(it) => {
                let items: Option<Vec<_>> = it
                    .items
                    .iter()
                    .map(|item| Some((self.expr(item.key.as_ref()?), self.expr(&item.value))))
                    .collect();
                items.map_or(ExprKind::Other("`**` in a dictionary"), ExprKind::Dict)
            }
            AstExpr::UnaryOp(it) => match it.op {
                ast::UnaryOp::Not => ExprKind::Not(self.boxed(&it.operand)),
                ast::UnaryOp::USub => ExprKind::Minus(self.boxed(&it.operand)),
                _ => ExprKind::Other("this operator"),
            },
            AstExpr::BinOp(it) => match operator(it.op) {
                Some(op) => ExprKind::Binary(op, self.boxed(&it.left), self.boxed(&it.right)),
                None => ExprKind::Other("this operator"),
            },
            AstExpr::BoolOp(it) => {
                self.chain(if it.op == ast::BoolOp::And { "and" } else { "or" }, &it.values)
            }
            AstExpr::Compare(it) => self.compared(it),
            AstExpr::ListComp(it) => self.each(&it.elt, &it.generators),
            AstExpr::Generator(it) => self.each(&it.elt, &it.generators),
            AstExpr::Lambda(_) => ExprKind::Other("`lambda`"),
            AstExpr::If(it) => {
                ExprKind::Choice(self.boxed(&it.test), self.boxed(&it.body), self.boxed(&it.orelse))
            }
            AstExpr::Named(it) => match it.target.as_ref() {
                AstExpr::Name(name) => ExprKind::Named(name.id.to_string(), self.boxed(&it.value)),
                _ => ExprKind::Other("this target"),
            },
            AstExpr::DictComp(_) | AstExpr::SetComp(_) | AstExpr::Set(_) => {
                ExprKind::Other("a set or dictionary")
            }
            // What it prints; nothing else is ever done with it.
            AstExpr::EllipsisLiteral(_) => ExprKind::Text("Ellipsis".to_owned()),
            _ => ExprKind::Other("this expression"),
        }
    }

    fn compared(&mut self, it: &ast::ExprCompare) -> ExprKind {
        match (it.ops.as_ref(), it.comparators.as_ref()) {
            ([op], [right]) => match comparison(*op) {
                Some(op) => ExprKind::Binary(op, self.boxed(&it.left), self.boxed(right)),
                None => ExprKind::Other("this comparison"),
            },
            _ => ExprKind::Other("a chain of comparisons"),
        }
    }

    fn chain(&mut self, op: &'static str, values: &[AstExpr]) -> ExprKind {
        let mut read = self.all(values).into_iter();
        let Some(first) = read.next() else { return ExprKind::Other("this expression") };
        let join = |left: Expr, right: Expr| {
            let span = Span { start: left.span.start, end: right.span.end };
            Expr { kind: ExprKind::Binary(op, Box::new(left), Box::new(right)), span }
        };
        read.fold(first, join).kind
    }

    fn each(&mut self, item: &AstExpr, generators: &[ast::Comprehension]) -> ExprKind {
        let [one] = generators else { return ExprKind::Other("a comprehension over several lists") };
        let condition = match one.ifs.as_slice() {
            [] => None,
            [condition] => Some(self.boxed(condition)),
            _ => return ExprKind::Other("a comprehension with several conditions"),
        };
        if one.is_async {
            return ExprKind::Other("an asynchronous comprehension");
        }
        let (item, target, list) = (self.boxed(item), self.boxed(&one.target), self.boxed(&one.iter));
        ExprKind::Each { item, target, list, condition }
    }

    fn pieces(&mut self, value: &ast::FStringValue) -> Vec<Piece> {
        let mut pieces = Vec::new();
        for part in value.iter() {
            match part {
                ast::FStringPart::Literal(it) => pieces.push(Piece::Text(it.value.to_string())),
                ast::FStringPart::FString(it) => {
                    for element in &it.elements {
                        pieces.push(match element {
                            ast::InterpolatedStringElement::Literal(it) => Piece::Text(it.value.to_string()),
                            ast::InterpolatedStringElement::Interpolation(it) => {
                                let plain = it.conversion == ast::ConversionFlag::None
                                    && it.format_spec.is_none()
                                    && it.debug_text.is_none();
                                if plain { Piece::Value(self.expr(&it.expression)) } else { Piece::Formatted }
                            }
                        });
                    }
                }
            }
        }
        pieces
    }
}

fn operator(op: ast::Operator) -> Option<&'static str> {
    match op {
        ast::Operator::Add => Some("+"),
        ast::Operator::Sub => Some("-"),
        ast::Operator::Mult => Some("*"),
        ast::Operator::Div => Some("/"),
        ast::Operator::FloorDiv => Some("//"),
        ast::Operator::Mod => Some("%"),
        _ => None,
    }
}

fn comparison(op: ast::CmpOp) -> Option<&'static str> {
    match op {
        ast::CmpOp::Eq | ast::CmpOp::Is => Some("=="),
        ast::CmpOp::NotEq | ast::CmpOp::IsNot => Some("!="),
        ast::CmpOp::Lt => Some("<"),
        ast::CmpOp::LtE => Some("<="),
        ast::CmpOp::Gt => Some(">"),
        ast::CmpOp::GtE => Some(">="),
        _ => None,
    }
}
