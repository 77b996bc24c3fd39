//! Expressions: those without calls one to one, the others with their calls as steps before them.

use crate::lang::lower::{Lowerer, literal};
use crate::lang::names::{Declared, Thing, builtin, field};
use crate::lang::plan::{
    Arm, BinaryOp, Expr, ExprKind, Fact, FunctionIndex, Held, Literal, Name, Op, Part, Place, Step, Target,
    UnaryOp,
};
use crate::lang::syntax::{self, Ident};
use crate::span::Span;

impl Lowerer<'_> {
    /// One expression; its calls become steps at the end of `out`.
    pub(super) fn expr(&mut self, expr: &syntax::Expr, out: &mut Vec<Step>) -> Expr {
        if self.names.calls(expr) { self.with_calls(expr, out) } else { self.pure(expr) }
    }

    /// Several, evaluated in order.
    pub(super) fn exprs(&mut self, list: &[&syntax::Expr], out: &mut Vec<Step>) -> Vec<Expr> {
        let last_call = list.iter().rposition(|expr| self.names.calls(expr));
        let mut lowered = Vec::with_capacity(list.len());
        for (at, expr) in list.iter().enumerate() {
            let value = self.expr(expr, out);
            // A call further right could change what this one read.
            let kept = last_call.is_some_and(|last| at < last) && !matches!(value.kind, ExprKind::Literal(_));
            let span = value.span;
            lowered.push(if kept { self.keep(Op::Value(value), span, out) } else { value });
        }
        lowered
    }

    /// Several of which some are left out, evaluated in order.
    pub(super) fn some_exprs<const N: usize>(
        &mut self,
        list: [Option<&syntax::Expr>; N],
        out: &mut Vec<Step>,
    ) -> [Option<Expr>; N] {
        let there: Vec<&syntax::Expr> = list.iter().flatten().copied().collect();
        let mut values = self.exprs(&there, out).into_iter();
        list.map(|expr| expr.and_then(|_| values.next()))
    }

    /// The arguments of a call, evaluated in order.
    pub(super) fn args(&mut self, args: &[syntax::Expr], out: &mut Vec<Step>) -> Vec<Expr> {
        let list: Vec<&syntax::Expr> = args.iter().collect();
        self.exprs(&list, out)
    }

    /// The function of the scenario that a call names.
    pub(super) fn function_of(&self, name: &Ident) -> Option<FunctionIndex> {
        match self.names.get(&name.text) {
            Some(Declared { thing: Thing::Function(index), .. }) => Some(index),
            _ => None,
        }
    }

    fn with_calls(&mut self, expr: &syntax::Expr, out: &mut Vec<Step>) -> Expr {
        let span = expr.span;
        let kind = match &expr.kind {
            syntax::ExprKind::Call(name, args) => {
                let args = self.args(args, out);
                match (self.function_of(name), builtin(&name.text)) {
                    (Some(function), _) => return self.keep(Op::Call { function, args }, span, out),
                    (None, Some(builtin)) => ExprKind::Builtin(builtin, args),
                    (None, None) => ExprKind::Literal(Literal::None),
                }
            }
            syntax::ExprKind::Binary(op @ (BinaryOp::And | BinaryOp::Or), left, right)
                if self.names.calls(right) =>
            {
                return self.short_circuit(*op, left, right, span, out);
            }
            syntax::ExprKind::Binary(op, left, right) => match self.two(left, right, out) {
                Some((left, right)) => ExprKind::Binary(*op, left, right),
                None => ExprKind::Literal(Literal::None),
            },
            syntax::ExprKind::Index(left, right) => match self.two(left, right, out) {
                Some((left, right)) => ExprKind::Index(left, right),
                None => ExprKind::Literal(Literal::None),
            },
            syntax::ExprKind::Unary(op, operand) => ExprKind::Unary(*op, Box::new(self.expr(operand, out))),
            syntax::ExprKind::Field(of, name) => {
                let of = self.expr(of, out);
                field(&name.text)
                    .map_or(ExprKind::Literal(Literal::None), |it| ExprKind::Field(Box::new(of), it))
            }
            syntax::ExprKind::List(items) => ExprKind::List(self.args(items, out)),
            syntax::ExprKind::Text(parts) => {
                let holes: Vec<&syntax::Expr> = parts.iter().filter_map(syntax::Part::hole).collect();
                let mut holes = self.exprs(&holes, out).into_iter();
                let parts = parts.iter().filter_map(|part| match part {
                    syntax::Part::Text(text) => Some(Part::Text(text.clone())),
                    syntax::Part::Hole(_) => holes.next().map(Part::Hole),
                });
                ExprKind::Text(parts.collect())
            }
            _ => return self.pure(expr),
        };
        Expr { kind, span }
    }

    fn two(
        &mut self,
        left: &syntax::Expr,
        right: &syntax::Expr,
        out: &mut Vec<Step>,
    ) -> Option<(Box<Expr>, Box<Expr>)> {
        let mut both = self.exprs(&[left, right], out).into_iter();
        Some((Box::new(both.next()?), Box::new(both.next()?)))
    }

    /// `a and f()`: `t = a`, then `if t { t = f() }`.
    fn short_circuit(
        &mut self,
        op: BinaryOp,
        left: &syntax::Expr,
        right: &syntax::Expr,
        span: Span,
        out: &mut Vec<Step>,
    ) -> Expr {
        let left = self.expr(left, out);
        let kept = self.keep(Op::Value(left), span, out);
        let ExprKind::Var(place) = kept.kind else { return kept };
        let condition = match op {
            BinaryOp::And => kept.clone(),
            _ => Expr { kind: ExprKind::Unary(UnaryOp::Not, Box::new(kept.clone())), span },
        };
        self.push_frame(&[]);
        let mut steps = Vec::new();
        let value = self.expr(right, &mut steps);
        let target = Target { place: Place { hops: place.hops + 1, ..place }, declares: false };
        steps.push(Step { op: Op::Value(value), into: Some(target), span: right.span });
        let body = self.pop_frame(0, steps, right.span);
        let arm = Arm { before: Vec::new(), condition, body };
        out.push(Step { op: Op::If { arms: vec![arm], otherwise: None }, into: None, span });
        kept
    }

    /// An expression in which the scenario's functions are not called.
    fn pure(&self, expr: &syntax::Expr) -> Expr {
        let one = |expr: &syntax::Expr| Box::new(self.pure(expr));
        let many = |list: &[syntax::Expr]| list.iter().map(|it| self.pure(it)).collect::<Vec<Expr>>();
        let kind = match &expr.kind {
            syntax::ExprKind::Broken => ExprKind::Literal(Literal::None),
            syntax::ExprKind::Literal(literal) => ExprKind::Literal(literal.clone()),
            syntax::ExprKind::Text(parts) => {
                let parts = parts.iter().map(|part| match part {
                    syntax::Part::Text(text) => Part::Text(text.clone()),
                    syntax::Part::Hole(hole) => Part::Hole(self.pure(hole)),
                });
                ExprKind::Text(parts.collect())
            }
            syntax::ExprKind::List(items) => ExprKind::List(many(items)),
            syntax::ExprKind::Name(name) => return self.name(name, expr.span),
            syntax::ExprKind::Unary(op, operand) => ExprKind::Unary(*op, one(operand)),
            syntax::ExprKind::Binary(op, left, right) => ExprKind::Binary(*op, one(left), one(right)),
            syntax::ExprKind::Index(list, index) => ExprKind::Index(one(list), one(index)),
            syntax::ExprKind::Field(of, name) => match field(&name.text) {
                Some(field) => ExprKind::Field(one(of), field),
                None => ExprKind::Literal(Literal::None),
            },
            syntax::ExprKind::Call(name, args) => match builtin(&name.text) {
                Some(builtin) => ExprKind::Builtin(builtin, many(args)),
                None => self.fact(name, args).map_or(ExprKind::Literal(Literal::None), ExprKind::Fact),
            },
        };
        Expr { kind, span: expr.span }
    }

    fn name(&self, name: &Name, span: Span) -> Expr {
        let constant = || self.names.constant(name, span.start).map(|value| self.pure(value).kind);
        let kind = if self.before_run { constant() } else { self.resolve(name).map(ExprKind::Var) };
        let fact = || match &**name {
            "elapsed" => ExprKind::Fact(Fact::Elapsed),
            "outcome" => ExprKind::Fact(Fact::Outcome),
            _ => ExprKind::Literal(Literal::None),
        };
        Expr { kind: kind.unwrap_or_else(fact), span }
    }

    /// `peak(api)` · `logged("text")` · `cancelled("path")`.
    fn fact(&self, name: &Ident, args: &[syntax::Expr]) -> Option<Fact> {
        let arg = args.first()?;
        Some(match &*name.text {
            "peak" => match &arg.kind {
                syntax::ExprKind::Name(held) => Fact::Peak(self.held(held)?),
                _ => return None,
            },
            "logged" => Fact::Logged(Box::new(self.pure(arg))),
            "cancelled" => Fact::Cancelled(Box::new(self.pure(arg))),
            _ => return None,
        })
    }

    pub(super) fn held(&self, name: &str) -> Option<Held> {
        match self.names.get(name)?.thing {
            Thing::Limiter(index) => Some(Held::Limiter(index)),
            Thing::Lock(index) => Some(Held::Lock(index)),
            Thing::Resource(index) => Some(Held::Resource(index)),
            Thing::Pool(index) => Some(Held::Pool(index)),
            _ => None,
        }
    }

    /// A constant of a declaration: variables that never change become their values.
    pub(super) fn constant(&mut self, expr: &syntax::Expr) -> Expr {
        self.before_run = true;
        let value = self.pure(expr);
        self.before_run = false;
        value
    }

    /// A text that was left out.
    pub(super) fn label(
        &mut self,
        name: Option<&syntax::Expr>,
        default: &str,
        span: Span,
        out: &mut Vec<Step>,
    ) -> Expr {
        match name {
            Some(name) => self.expr(name, out),
            None => literal(Literal::Str(Name::from(default)), span),
        }
    }
}

/// Whether `expr` reads a fact; `taken` says which names mean something else.
pub fn has_fact(expr: &syntax::Expr, taken: &dyn Fn(&str) -> bool) -> bool {
    let any = |list: &[syntax::Expr]| list.iter().any(|it| has_fact(it, taken));
    match &expr.kind {
        syntax::ExprKind::Broken | syntax::ExprKind::Literal(_) => false,
        syntax::ExprKind::Name(name) => matches!(&**name, "elapsed" | "outcome") && !taken(name),
        syntax::ExprKind::Text(parts) => {
            parts.iter().filter_map(syntax::Part::hole).any(|it| has_fact(it, taken))
        }
        syntax::ExprKind::List(items) => any(items),
        syntax::ExprKind::Unary(_, operand) | syntax::ExprKind::Field(operand, _) => has_fact(operand, taken),
        syntax::ExprKind::Binary(_, left, right) | syntax::ExprKind::Index(left, right) => {
            has_fact(left, taken) || has_fact(right, taken)
        }
        syntax::ExprKind::Call(name, args) => {
            (matches!(&*name.text, "peak" | "logged" | "cancelled") && !taken(&name.text)) || any(args)
        }
    }
}
