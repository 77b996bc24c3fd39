//! What may follow a block: `else`, `catch` and `finally`.

use crate::diag::Hint;
use crate::lang::message::{Message, What};
use crate::lang::parser::Parser;
use crate::lang::plan::Name;
use crate::lang::syntax::{Block, Body, Catch, Clauses, Ident};
use crate::lang::token::{Keyword, Sign, TokenKind};
use crate::span::Span;

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
                TokenKind::Name if self.eat_foreign_clause("except", "catch") => {
                    let catch = self.catch(token.span);
                    clauses.catches.push(catch);
                }
                TokenKind::Keyword(Keyword::Catch) => {
                    if clauses.finally.is_some() {
                        self.report(Message::ClauseOrder { late: "catch", early: "finally" }, token.span);
                    }
                    self.bump();
                    let catch = self.catch(token.span);
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

    /// `catch Kind as e { }` · `catch * { }`, behind its word.
    fn catch(&mut self, word: Span) -> Catch {
        let start = word.start;
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
            TokenKind::Sign(Sign::BraceOpen | Sign::Colon) if self.same_line() => {
                let here = Span::new(word.end, word.end);
                let advice = Hint::edit("`*` takes every error", here, " *");
                let found = What::Found(self.slice(token.span).to_owned());
                self.report(
                    Message::Expected { what: What::KindOrStar, found, advice: Some(advice) },
                    token.span,
                );
                None
            }
            TokenKind::Name if self.same_line() => {
                let advice = self.kind_of(token.span);
                self.expected_but(What::KindOrStar, advice);
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

    /// A name as the kind that is probably meant.
    pub(super) fn kind_of(&self, name: Span) -> Option<Hint> {
        let mut camel = String::new();
        for word in self.slice(name).split('_') {
            let mut letters = word.chars();
            camel.extend(letters.next().map(|first| first.to_ascii_uppercase()));
            camel.push_str(letters.as_str());
        }
        if !camel.starts_with(|first: char| first.is_ascii_uppercase()) {
            return None;
        }
        Some(Hint::edit(format!("write `{camel}`"), name, camel))
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
