//! Texts: the pieces between the quotes, their escapes, and the expressions in their holes.

use crate::lang::message::What;
use crate::lang::parser::Parser;
use crate::lang::plan::{Literal, Name};
use crate::lang::syntax::{Expr, ExprKind, Part};
use crate::lang::token::TokenKind;

impl Parser<'_> {
    /// `"text"` · `"text {x}"`.
    pub(super) fn string(&mut self) -> Expr {
        let open = self.bump();
        let mut parts = Vec::new();
        if self.enter().is_none() {
            return self.broken_expr();
        }
        loop {
            let token = self.token();
            match token.kind {
                TokenKind::StrText => {
                    self.bump();
                    parts.push(Part::Text(Name::from(unescape(self.slice(token.span)))));
                }
                TokenKind::HoleOpen => {
                    self.bump();
                    let hole = self.expr();
                    if self.kind() != TokenKind::HoleClose {
                        self.expected(What::HoleEnd);
                        self.skip_hole();
                    }
                    self.bump();
                    parts.push(Part::Hole(hole));
                }
                _ => break,
            }
        }
        if self.kind() == TokenKind::StrClose {
            self.bump();
        }
        self.leave();
        let span = self.span_from(open.span.start);
        let depth = parts.iter().map(|part| if let Part::Hole(it) = part { it.depth } else { 0 }).max();
        match parts.as_slice() {
            [] => Expr { kind: ExprKind::Literal(Literal::Str(Name::from(""))), span, depth: 1 },
            [Part::Text(text)] => {
                Expr { kind: ExprKind::Literal(Literal::Str(text.clone())), span, depth: 1 }
            }
            _ => self.node(ExprKind::Text(parts), span, depth.unwrap_or(0)),
        }
    }

    /// To the end of the hole; texts inside it are skipped whole.
    fn skip_hole(&mut self) {
        let mut deeper = 0_usize;
        loop {
            match self.kind() {
                TokenKind::End => return,
                TokenKind::HoleOpen => deeper += 1,
                TokenKind::HoleClose if deeper == 0 => return,
                TokenKind::HoleClose => deeper -= 1,
                _ => {}
            }
            self.bump();
        }
    }
}

/// The lexer has reported what is no escape; it stands for itself here.
fn unescape(raw: &str) -> String {
    let mut out = String::with_capacity(raw.len());
    let mut chars = raw.chars().peekable();
    while let Some(c) = chars.next() {
        match (c, chars.peek()) {
            ('\\', Some('n')) => out.push('\n'),
            ('\\', Some('t')) => out.push('\t'),
            ('\\', Some('"')) => out.push('"'),
            ('\\', Some('\\')) => out.push('\\'),
            ('{', Some('{')) => out.push('{'),
            ('}', Some('}')) => out.push('}'),
            _ => {
                out.push(c);
                continue;
            }
        }
        chars.next();
    }
    out
}
