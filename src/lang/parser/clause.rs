//! What may follow a block: `else`, `catch` and `finally`.

use crate::lang::message::{Message, What};
use crate::lang::parser::Parser;
use crate::lang::plan::Name;
use crate::lang::syntax::{Block, Body, Catch, Clauses, Ident};
use crate::lang::token::{Keyword, Sign, TokenKind};

impl Parser<'_> {
    /// `else { }` of a timeout.
    pub(super) fn opt_else(&mut self) -> Option<Block> {
        self.eat_keyword(Keyword::Else).then(|| self.block())
    }

    /// `catch Kind as e { } catch * { } finally { }`. The order is reported, and put right in the tree.
    /// `otherwise` is where a late `else` belongs; None where the statement takes none.
    pub(super) fn clauses(&mut self, mut otherwise: Option<&mut Option<Block>>) -> Clauses {
        let mut clauses = Clauses::default();
        loop {
            let token = self.token();
            match token.kind {
                TokenKind::Keyword(Keyword::Catch) => {
                    if clauses.finally.is_some() {
                        self.report(Message::ClauseOrder { late: "catch", early: "finally" }, token.span);
                    }
                    let catch = self.catch();
                    clauses.catches.push(catch);
                }
                TokenKind::Keyword(Keyword::Finally) => {
                    if clauses.finally.is_some() {
                        self.report(Message::ClauseTwice { clause: "finally" }, token.span);
                    }
                    self.bump();
                    clauses.finally = Some(self.block());
                }
                TokenKind::Keyword(Keyword::Else) => {
                    let message = match &otherwise {
                        None => Message::ElseNotHere,
                        Some(Some(_)) => Message::ClauseTwice { clause: "else" },
                        Some(None) if clauses.catches.is_empty() => {
                            Message::ClauseOrder { late: "else", early: "finally" }
                        }
                        Some(None) => Message::ClauseOrder { late: "else", early: "catch" },
                    };
                    self.report(message, token.span);
                    self.bump();
                    let block = self.block();
                    if let Some(place) = otherwise.as_deref_mut() {
                        place.get_or_insert(block);
                    }
                }
                _ => return clauses,
            }
        }
    }

    /// `catch Kind as e { }` · `catch * { }`.
    fn catch(&mut self) -> Catch {
        let start = self.bump().span.start;
        let token = self.token();
        let kind = match token.kind {
            TokenKind::Kind if self.same_line() => {
                self.bump();
                Some(Ident { text: Name::from(self.slice(token.span)), span: token.span })
            }
            TokenKind::Sign(Sign::Star) => {
                self.bump();
                None
            }
            _ => {
                self.expected(What::KindOrStar);
                None
            }
        };
        let name = self.opt_as();
        let head = self.span_from(start);
        let body = self.block();
        Catch { kind, name, body, head }
    }

    /// `as name`.
    pub(super) fn opt_as(&mut self) -> Option<Ident> {
        self.eat_word("as").then(|| self.ident())
    }

    /// A block with clauses that guard it from inside.
    pub(super) fn guarded_block(&mut self) -> Body {
        let block = self.block();
        Body { block, clauses: self.clauses(None) }
    }
}
