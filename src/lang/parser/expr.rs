//! Expressions, by precedence climbing.
//!
//! From loose to tight: `or`, `and`, `not`, comparisons (which do not chain), `+ -`, `* / // %`, `-x`, and
//! what follows an operand: calls, indices, fields.

use crate::diag::{Edit, Hint};
use crate::lang::message::{Message, What};
use crate::lang::parser::{MAX_DEPTH, Parser, number};
use crate::lang::plan::{BinaryOp, Literal, Name, UnaryOp};
use crate::lang::syntax::{Expr, ExprKind, Ident};
use crate::lang::token::{Keyword, Sign, TokenKind};
use crate::span::Span;

const OR: u8 = 1;
const AND: u8 = 2;
const COMPARE: u8 = 3;
const ADD: u8 = 4;
const MULTIPLY: u8 = 5;

impl Parser<'_> {
    /// An expression on this line, or a report and a broken one.
    pub(super) fn expr(&mut self) -> Expr {
        if !self.starts_expr() {
            self.expected(What::Expression);
            return self.broken_expr();
        }
        self.binary(OR)
    }

    /// An expression, if one begins on this line.
    pub(super) fn opt_expr(&mut self) -> Option<Expr> {
        self.starts_expr().then(|| self.expr())
    }

    /// Whether the next token begins an expression, on the same line.
    pub(super) fn starts_expr(&self) -> bool {
        self.same_line() && (begins_expr(self.kind()) || self.foreign_value().is_some())
    }

    /// `a + b`, of operators that bind at least as tightly as `loosest`.
    fn binary(&mut self, loosest: u8) -> Expr {
        let mut left = self.unary();
        let mut compared = false;
        if self.eat_trailing_slashes(&left) {
            return left;
        }
        while let Some((op, binds)) = operator(self.kind()).filter(|it| it.1 >= loosest && self.same_line()) {
            let sign = self.bump().span;
            let chained = if binds == COMPARE && compared { self.chained(&left, sign) } else { None };
            compared = binds == COMPARE;
            // The operand may stand on the next line.
            self.fresh = self.next;
            let right = self.binary(binds + 1);
            left = match chained {
                None => self.pair(op, left, right),
                Some(middle) => {
                    let both = self.pair(op, middle, right);
                    self.pair(BinaryOp::And, left, both)
                }
            };
            if self.lost {
                break;
            }
        }
        left
    }

    fn pair(&mut self, op: BinaryOp, left: Expr, right: Expr) -> Expr {
        let (span, depth) = (left.span.to(right.span), left.depth.max(right.depth));
        self.node(ExprKind::Binary(op, Box::new(left), Box::new(right)), span, depth)
    }

    /// `a < b < c` at its second sign: reported, and `b`, which is meant twice.
    fn chained(&mut self, left: &Expr, sign: Span) -> Option<Expr> {
        let ExprKind::Binary(_, _, middle) = &left.kind else { return None };
        let text = format!("and {} ", self.slice(middle.span));
        self.report(Message::Chained { fix: Edit { span: Span::new(sign.start, sign.start), text } }, sign);
        Some((**middle).clone())
    }

    /// `-x` · `not x`.
    fn unary(&mut self) -> Expr {
        let token = self.token();
        let (op, binds) = match token.kind {
            TokenKind::Sign(Sign::Minus) => (UnaryOp::Neg, None),
            TokenKind::Keyword(Keyword::Not) => (UnaryOp::Not, Some(COMPARE)),
            _ => return self.postfix(),
        };
        self.bump();
        if self.enter().is_none() {
            return self.broken_expr();
        }
        let operand = match binds {
            Some(binds) => self.binary(binds),
            None => self.unary(),
        };
        self.leave();
        let (span, depth) = (token.span.to(operand.span), operand.depth);
        self.node(ExprKind::Unary(op, Box::new(operand)), span, depth)
    }

    /// `f(a)` · `xs[0]` · `e.message`, any number in a row.
    fn postfix(&mut self) -> Expr {
        let mut expr = self.primary();
        while self.same_line() && !self.lost {
            let start = expr.span;
            match self.kind() {
                TokenKind::Sign(Sign::BracketOpen) if !self.token().newline => {
                    let depth = expr.depth;
                    let Some(mut inside) = self.bracketed(Sign::BracketOpen, Sign::BracketClose) else {
                        break;
                    };
                    let span = self.span_from(start.start);
                    if inside.len() != 1 && !self.lost {
                        self.report(Message::OneIndex, span);
                    }
                    let index = inside.pop().unwrap_or_else(|| self.broken_expr());
                    let depth = depth.max(index.depth);
                    expr = self.node(ExprKind::Index(Box::new(expr), Box::new(index)), span, depth);
                }
                TokenKind::Sign(Sign::ParenOpen) if !self.token().newline => return self.called(expr),
                TokenKind::Sign(Sign::Dot) => {
                    self.bump();
                    let token = self.token();
                    // After the dot a reserved word is just a word: `e.task`.
                    let word =
                        matches!(token.kind, TokenKind::Name | TokenKind::Kind | TokenKind::Keyword(_));
                    if !word || !self.same_line() {
                        self.expected(What::FieldName);
                        break;
                    }
                    self.bump();
                    let field = Ident { text: Name::from(self.slice(token.span)), span: token.span };
                    let (span, depth) = (start.to(token.span), expr.depth);
                    expr = self.node(ExprKind::Field(Box::new(expr), field), span, depth);
                }
                _ => break,
            }
        }
        expr
    }

    fn primary(&mut self) -> Expr {
        let token = self.token();
        let literal = |literal| Expr { kind: ExprKind::Literal(literal), span: token.span, depth: 1 };
        match token.kind {
            TokenKind::Name => self.name_or_call(),
            TokenKind::Number => {
                self.bump();
                let unit = self.opt_unit_apart(token.span);
                let text = format!("{}{}", self.slice(token.span), self.slice(unit));
                let value = number::read(&text).unwrap_or_else(|fault| {
                    self.report(Message::Number(fault), token.span);
                    Literal::None
                });
                if value == Literal::None {
                    return Expr { kind: ExprKind::Broken, span: token.span, depth: 1 };
                }
                literal(value)
            }
            TokenKind::Kind if self.foreign_value().is_some() => self.value_of_habit(),
            TokenKind::StrOpen => self.string(),
            TokenKind::Keyword(keyword @ (Keyword::True | Keyword::False)) => {
                self.bump();
                literal(Literal::Bool(keyword == Keyword::True))
            }
            TokenKind::Keyword(Keyword::None) => {
                self.bump();
                literal(Literal::None)
            }
            // (a + b)
            TokenKind::Sign(Sign::ParenOpen) => {
                let Some(mut inside) = self.bracketed(Sign::ParenOpen, Sign::ParenClose) else {
                    return self.broken_expr();
                };
                let span = self.span_from(token.span.start);
                if inside.len() != 1 && !self.lost {
                    self.report(Message::EmptyParens, span);
                }
                let inside = inside.pop().unwrap_or_else(|| self.broken_expr());
                // One deeper, so that a literal in brackets is not taken for a bare one.
                Expr { span, depth: inside.depth.saturating_add(1), ..inside }
            }
            // [a, b]
            TokenKind::Sign(Sign::BracketOpen) => {
                let Some(items) = self.bracketed(Sign::BracketOpen, Sign::BracketClose) else {
                    return self.broken_expr();
                };
                let depth = items.iter().map(|item| item.depth).max().unwrap_or(0);
                let span = self.span_from(token.span.start);
                self.node(ExprKind::List(items), span, depth)
            }
            _ => {
                self.expected(What::Expression);
                self.broken_expr()
            }
        }
    }

    /// `x` · `f(a)` · `logged "text"`, which is `logged("text")`.
    fn name_or_call(&mut self) -> Expr {
        if self.foreign_prefix() {
            return self.string();
        }
        let name = self.ident();
        let called = self.at_sign(Sign::ParenOpen) && !self.token().newline;
        let said = self.kind() == TokenKind::StrOpen && self.same_line() && &*name.text == "logged";
        if !called && !said {
            return Expr { span: name.span, kind: ExprKind::Name(name.text), depth: 1 };
        }
        let args = if called { self.arguments() } else { vec![self.string()] };
        let depth = args.iter().map(|arg| arg.depth).max().unwrap_or(0);
        let span = self.span_from(name.span.start);
        self.node(ExprKind::Call(name, args), span, depth)
    }

    /// `(a, b)`.
    pub(super) fn arguments(&mut self) -> Vec<Expr> {
        self.bracketed(Sign::ParenOpen, Sign::ParenClose).unwrap_or_default()
    }

    /// Expressions with commas between brackets; None where the text is too deep.
    fn bracketed(&mut self, open: Sign, close: Sign) -> Option<Vec<Expr>> {
        let bracket = self.token().span;
        self.expect_sign(open);
        self.enter()?;
        self.brackets += 1;
        let mut items = Vec::new();
        while !self.at_sign(close) && !self.lost {
            items.push(self.expr());
            if !self.eat_sign(Sign::Comma) && !self.missing_comma() {
                break;
            }
        }
        // On the closing bracket, so that the line after it counts again.
        let closed = self.at_sign(close);
        if !closed {
            let ends = matches!(self.kind(), TokenKind::End | TokenKind::HoleClose);
            if ends || self.token().newline {
                self.report(Message::UnclosedBracket { sign: open, close }, bracket);
                self.lost = true;
            } else {
                self.expected(What::Sign(close));
            }
        }
        self.brackets -= 1;
        if closed {
            self.bump();
        }
        self.leave();
        Some(items)
    }

    /// Whether another item follows although there is no comma; it is reported.
    fn missing_comma(&mut self) -> bool {
        let token = self.token();
        if self.lost || token.newline || !self.starts_expr() {
            return false;
        }
        let before = Span::new(self.end_of_last(), self.end_of_last());
        self.expected_at(token.span, Sign::Comma, Hint::edit("write `,`", before, ","));
        true
    }

    /// An expression one deeper than `depth`.
    pub(super) fn node(&mut self, kind: ExprKind, span: Span, depth: u16) -> Expr {
        if depth >= MAX_DEPTH {
            self.give_up(span);
            return Expr { kind: ExprKind::Broken, span, depth: 1 };
        }
        Expr { kind, span, depth: depth + 1 }
    }
}

/// Whether an expression can begin with such a token.
pub(super) fn begins_expr(kind: TokenKind) -> bool {
    match kind {
        TokenKind::Name | TokenKind::Number | TokenKind::StrOpen => true,
        TokenKind::Sign(sign) => matches!(sign, Sign::ParenOpen | Sign::BracketOpen | Sign::Minus),
        TokenKind::Keyword(Keyword::And | Keyword::Or) => false,
        TokenKind::Keyword(keyword) => keyword.is_in_expression(),
        _ => false,
    }
}

/// The binary operator that a token is, and how tightly it binds.
fn operator(kind: TokenKind) -> Option<(BinaryOp, u8)> {
    Some(match kind {
        TokenKind::Keyword(Keyword::Or) => (BinaryOp::Or, OR),
        TokenKind::Keyword(Keyword::And) => (BinaryOp::And, AND),
        TokenKind::Sign(sign) => match sign {
            Sign::Eq => (BinaryOp::Eq, COMPARE),
            Sign::Ne => (BinaryOp::Ne, COMPARE),
            Sign::Lt => (BinaryOp::Lt, COMPARE),
            Sign::Le => (BinaryOp::Le, COMPARE),
            Sign::Gt => (BinaryOp::Gt, COMPARE),
            Sign::Ge => (BinaryOp::Ge, COMPARE),
            Sign::Plus => (BinaryOp::Add, ADD),
            Sign::Minus => (BinaryOp::Sub, ADD),
            Sign::Star => (BinaryOp::Mul, MULTIPLY),
            Sign::Slash => (BinaryOp::Div, MULTIPLY),
            Sign::SlashSlash => (BinaryOp::FloorDiv, MULTIPLY),
            Sign::Percent => (BinaryOp::Rem, MULTIPLY),
            _ => return None,
        },
        _ => return None,
    })
}
