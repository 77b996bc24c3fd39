//! Declarations: what stands at the top level and is shared.

use crate::diag::Hint;
use crate::lang::message::{Message, What};
use crate::lang::parser::Parser;
use crate::lang::syntax::{Body, Ident, StmtKind};
use crate::lang::token::{Keyword, Sign, TokenKind};
use crate::span::Span;

impl Parser<'_> {
    /// A declaration, if `keyword` begins one. The keyword is taken.
    pub(super) fn opt_declaration(&mut self, keyword: Keyword) -> Option<StmtKind> {
        Some(match keyword {
            Keyword::Scenario => StmtKind::Scenario(self.expr()),
            Keyword::Seed => {
                self.eat_sign(Sign::Assign);
                StmtKind::Seed(self.expr())
            }
            Keyword::Workers => {
                self.expect_assign();
                StmtKind::Workers(self.expr())
            }
            Keyword::Limiter => self.limiter(),
            Keyword::Lock => StmtKind::Lock(self.ident()),
            Keyword::Event => StmtKind::Event(self.ident()),
            Keyword::Barrier => {
                let name = self.ident();
                self.expect_assign();
                StmtKind::Barrier(name, self.expr())
            }
            Keyword::Queue => {
                let name = self.ident();
                let capacity = (self.same_line() && self.eat_sign(Sign::Assign)).then(|| self.expr());
                StmtKind::Queue(name, capacity)
            }
            Keyword::Resource => self.resource(),
            Keyword::Pool => self.pool(),
            Keyword::Fn => self.function(),
            _ => return None,
        })
    }

    /// `=`; where a number or a colon stands instead, it is what was meant.
    fn expect_assign(&mut self) {
        let token = self.token();
        let advice = match token.kind {
            TokenKind::Sign(Sign::Colon) => Hint::edit("write `=`", token.span, " ="),
            TokenKind::Number | TokenKind::Sign(Sign::ParenOpen) => {
                Hint::edit("write `=`", Span::new(token.span.start, token.span.start), "= ")
            }
            _ => {
                self.expect_sign(Sign::Assign);
                return;
            }
        };
        if self.same_line() {
            self.expected_at(token.span, Sign::Assign, advice);
            self.eat_sign(Sign::Colon);
        } else {
            self.expect_sign(Sign::Assign);
        }
    }

    /// `limiter api = 3` · `limiter quota = 5 per 1s` · `limiter both = 3, 5 per 1s`.
    fn limiter(&mut self) -> StmtKind {
        let name = self.ident();
        self.expect_assign();
        let (mut permits, mut rate) = (None, None);
        loop {
            let start = self.token().span.start;
            let count = self.expr();
            let twice = if self.eat_word("per") {
                rate.replace((count, self.expr())).is_some()
            } else {
                permits.replace(count).is_some()
            };
            if twice {
                let span = self.span_from(start);
                self.report(Message::LimitTwice, span);
            }
            if !(self.same_line() && self.eat_sign(Sign::Comma)) {
                return StmtKind::Limiter { name, permits, rate };
            }
        }
    }

    /// `resource db { open { } close { } }`.
    fn resource(&mut self) -> StmtKind {
        let name = self.ident();
        let (mut open, mut close): (Option<Body>, Option<Body>) = (None, None);
        if !self.expect_sign(Sign::BraceOpen) {
            return StmtKind::Resource { name, open, close };
        }
        let brace = self.tokens.get(self.next.saturating_sub(1)).map_or(name.span, |token| token.span);
        loop {
            let token = self.token();
            // A line ends between the two; `at_word` would want them on one.
            let is_open = self.slice(token.span) == "open";
            if is_open || self.at_keyword(Keyword::Close) {
                self.bump();
                let body = self.guarded_block();
                let place = if is_open { &mut open } else { &mut close };
                if place.replace(body).is_some() {
                    let clause = if is_open { "open" } else { "close" };
                    self.report(Message::ClauseTwice { clause }, token.span);
                }
            } else if self.eat_sign(Sign::BraceClose) {
                break;
            } else if matches!(token.kind, TokenKind::End) {
                self.unclosed(brace);
                break;
            } else {
                self.brackets += 1;
                self.expected(What::OpenOrClose);
                self.brackets -= 1;
                self.bump();
                self.recover();
            }
        }
        StmtKind::Resource { name, open, close }
    }

    /// `pool conns = 2 of db, overflow 1`.
    fn pool(&mut self) -> StmtKind {
        let name = self.ident();
        self.expect_assign();
        let size = self.expr();
        self.expect_word("of");
        let of = self.ident();
        let overflow = (self.same_line() && self.eat_sign(Sign::Comma)).then(|| {
            self.expect_word("overflow");
            self.expr()
        });
        StmtKind::Pool { name, size, of, overflow }
    }

    /// `fn name(a, b) { }`.
    fn function(&mut self) -> StmtKind {
        let name = self.ident();
        let mut params: Vec<Ident> = Vec::new();
        if self.at_sign(Sign::BraceOpen) && self.same_line() && !self.lost {
            let end = Span::new(name.span.end, name.span.end);
            self.expected_at(self.token().span, Sign::ParenOpen, Hint::edit("write `()`", end, "()"));
        } else if self.expect_sign(Sign::ParenOpen) {
            self.brackets += 1;
            while !self.at_sign(Sign::ParenClose) {
                params.push(self.ident());
                self.skip_annotation();
                if self.lost || !self.eat_sign(Sign::Comma) {
                    break;
                }
            }
            self.brackets -= 1;
            if self.at_sign(Sign::ParenClose) {
                self.bump();
            } else {
                self.expected(What::Sign(Sign::ParenClose));
            }
        }
        self.skip_result_type();
        let body = self.block();
        StmtKind::Fn { name, params, body }
    }
}
