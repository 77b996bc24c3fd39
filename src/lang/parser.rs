//! Text to tree. Never fails: what it cannot read it reports once and steps over.
//!
//! The rules are methods that share a small vocabulary: `at…` looks, `eat…` takes if it is there, `expect…`
//! takes or reports, `bump` takes whatever comes, `opt_…` may produce nothing. After a report the parser is
//! *lost* and keeps quiet until it finds its way: at the next block, or at the end of the statement, where it
//! skips the rest of the line.

use crate::diag::{Diagnostic, Hint};
use crate::lang::habit;
use crate::lang::lexer::lex;
use crate::lang::message::{Message, What};
use crate::lang::plan::Name;
use crate::lang::syntax::{Block, Expr, ExprKind, File, Ident, Stmt};
use crate::lang::token::{Keyword, Sign, Token, TokenKind};
use crate::order;
use crate::span::Span;

mod clause;
mod declare;
mod expr;
mod foreign;
mod number;
mod statement;
mod text;

pub use number::UNITS;

/// The longest text, in bytes. Ten thousand lines of fifty; every keystroke reads all of it.
pub const MAX_TEXT: usize = 512 * 1024;

/// How deep blocks and brackets may stand in each other. Every phase recurses along them, and the stack of a
/// page is one megabyte.
pub const MAX_NESTING: usize = 64;

/// How deep an expression may be, operators in a row included.
pub const MAX_DEPTH: u16 = 200;

/// How much is said about one text; nobody reads more.
pub const MAX_DIAGNOSTICS: usize = 100;

/// Reads `text`. The tree is whole where there is no diagnostic.
pub fn parse(text: &str) -> (File, Vec<Diagnostic>) {
    if text.len() > MAX_TEXT {
        let first_line = text.lines().next().unwrap_or_default().chars().take(80);
        let length = first_line.map(char::len_utf8).sum::<usize>() as u32;
        return (File::default(), vec![Message::TooLong { length: text.len() }.at(Span::new(0, length))]);
    }
    let lexed = lex(text);
    let mut parser = Parser::new(text, &lexed.tokens);
    let statements = parser.statements(Until::End);
    let mut diagnostics = lexed.diagnostics;
    diagnostics.append(&mut parser.diagnostics);
    order::by_key(&mut diagnostics, |it| it.span.start);
    diagnostics.truncate(MAX_DIAGNOSTICS);
    (File { statements, comments: lexed.comments }, diagnostics)
}

/// Where statements in a row end.
#[derive(Clone, Copy, PartialEq)]
enum Until {
    /// At the end of the file.
    End,
    /// At the brace that closes the block: its own brace, and how far the line of that is indented.
    Brace(Span, usize),
    /// Where a line is indented no further than this, as in Python.
    Dedent(usize),
    /// At the end of the line.
    LineEnd,
}

struct Parser<'a> {
    text: &'a str,
    tokens: &'a [Token],
    /// Index of the next token. Never past the last, which is [`TokenKind::End`].
    next: usize,
    /// Index of the token that may begin a line all the same: the first of a statement, an operand.
    fresh: usize,
    /// Blocks and brackets around the next token.
    nesting: usize,
    /// Brackets around it: inside them a line may end anywhere.
    brackets: usize,
    /// Whether something was reported and the way is not found yet.
    lost: bool,
    /// Whether the text is nested too deep to be read at all.
    gave_up: bool,
    /// Columns before the first token of the current line.
    indent: usize,
    /// The first brace after which something stands further left than it should.
    suspect: Option<Span>,
    diagnostics: Vec<Diagnostic>,
}

impl<'a> Parser<'a> {
    fn new(text: &'a str, tokens: &'a [Token]) -> Parser<'a> {
        let diagnostics = Vec::new();
        let (lost, gave_up, suspect) = (false, false, None);
        let mut parser = Parser {
            text,
            tokens,
            next: 0,
            fresh: 0,
            nesting: 0,
            brackets: 0,
            lost,
            gave_up,
            indent: 0,
            suspect,
            diagnostics,
        };
        parser.note_indent();
        parser
    }

    // The vocabulary.

    fn token(&self) -> Token {
        self.nth(0)
    }

    fn nth(&self, ahead: usize) -> Token {
        let end = Token { kind: TokenKind::End, span: Span::default(), newline: true };
        self.tokens.get(self.next + ahead).or(self.tokens.last()).copied().unwrap_or(end)
    }

    fn kind(&self) -> TokenKind {
        self.token().kind
    }

    /// Where the last taken token ends.
    fn end_of_last(&self) -> u32 {
        self.next.checked_sub(1).and_then(|at| self.tokens.get(at)).map_or(0, |token| token.span.end)
    }

    fn span_from(&self, start: u32) -> Span {
        Span::new(start, self.end_of_last().max(start))
    }

    fn slice(&self, span: Span) -> &'a str {
        self.text.get(span.range()).unwrap_or_default()
    }

    fn bump(&mut self) -> Token {
        let token = self.token();
        if self.next + 1 < self.tokens.len() {
            self.next += 1;
            self.note_indent();
        }
        token
    }

    fn note_indent(&mut self) {
        let token = self.token();
        if token.newline || self.next == 0 {
            let before = self.text.get(..token.span.start as usize).unwrap_or_default();
            self.indent = before.bytes().rev().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
        }
    }

    /// Whether the next token is on the line of the last one, or the line does not matter.
    fn same_line(&self) -> bool {
        !self.token().newline || self.brackets > 0 || self.next == self.fresh
    }

    fn at_sign(&self, sign: Sign) -> bool {
        self.kind() == TokenKind::Sign(sign)
    }

    fn at_keyword(&self, keyword: Keyword) -> bool {
        self.kind() == TokenKind::Keyword(keyword)
    }

    /// A word that is special only here: `per`, `as`, `in`.
    fn at_word(&self, word: &str) -> bool {
        self.kind() == TokenKind::Name && self.same_line() && self.slice(self.token().span) == word
    }

    fn eat_sign(&mut self, sign: Sign) -> bool {
        let found = self.at_sign(sign);
        if found {
            self.bump();
        }
        found
    }

    fn eat_keyword(&mut self, keyword: Keyword) -> bool {
        let found = self.at_keyword(keyword);
        if found {
            self.bump();
        }
        found
    }

    fn eat_word(&mut self, word: &str) -> bool {
        let found = self.at_word(word);
        if found {
            self.bump();
        }
        found
    }

    fn expect_sign(&mut self, sign: Sign) -> bool {
        let found = self.same_line() && self.eat_sign(sign);
        if !found {
            self.expected(What::Sign(sign));
        }
        found
    }

    fn expect_word(&mut self, word: &'static str) -> bool {
        let found = self.eat_word(word);
        if !found {
            self.expected(What::Word(word));
        }
        found
    }

    // Reports.

    fn report(&mut self, message: Message, span: Span) {
        if !self.lost && !self.gave_up && self.diagnostics.len() < MAX_DIAGNOSTICS {
            self.diagnostics.push(message.at(span));
        }
    }

    /// The same in place of what was reported since there were `before` reports: it explains them.
    fn report_at(&mut self, before: usize, message: Message, span: Span) {
        if !self.gave_up && before < MAX_DIAGNOSTICS {
            self.diagnostics.insert(before, message.at(span));
        }
    }

    /// Something else stands here than `what`. The parser is lost.
    fn expected(&mut self, what: What) {
        self.expected_but(what, None);
    }

    /// The sign is wanted at `span`; the parser knows what is meant, and goes on.
    fn expected_at(&mut self, span: Span, sign: Sign, advice: Hint) {
        let found = What::Found(self.slice(span).chars().take(40).collect());
        self.report(Message::Expected { what: What::Sign(sign), found, advice: Some(advice) }, span);
    }

    /// The same as [`Self::expected`], with what to do.
    fn expected_but(&mut self, what: What, advice: Option<Hint>) {
        let token = self.token();
        let found = match token.kind {
            TokenKind::End => What::End,
            _ if !self.same_line() => What::LineEnd,
            TokenKind::StrOpen | TokenKind::StrText | TokenKind::StrClose => What::Text,
            _ => What::Found(self.slice(token.span).chars().take(40).collect()),
        };
        let here = match found {
            What::End | What::LineEnd => Span::new(self.end_of_last(), self.end_of_last()),
            _ => token.span,
        };
        self.report(Message::Expected { what, found, advice }, here);
        self.lost = true;
    }

    /// One level deeper; `None` where that is too deep, and then nothing more is read.
    fn enter(&mut self) -> Option<()> {
        if self.nesting == MAX_NESTING {
            self.give_up(self.token().span);
            return None;
        }
        self.nesting += 1;
        Some(())
    }

    fn leave(&mut self) {
        self.nesting -= 1;
    }

    fn give_up(&mut self, span: Span) {
        self.lost = false;
        self.report(Message::TooDeep, span);
        self.gave_up = true;
        self.next = self.tokens.len().saturating_sub(1);
    }

    // Names.

    fn opt_ident(&mut self) -> Option<Ident> {
        if self.kind() != TokenKind::Name || !self.same_line() {
            return None;
        }
        let span = self.bump().span;
        Some(Ident { text: Name::from(self.slice(span)), span })
    }

    /// A name, or a report and an empty one.
    fn ident(&mut self) -> Ident {
        if let Some(ident) = self.opt_ident() {
            return ident;
        }
        let token = self.token();
        match token.kind {
            TokenKind::Keyword(keyword) if self.same_line() => {
                self.report(Message::Reserved { word: keyword.text() }, token.span);
                self.bump();
            }
            TokenKind::Kind if self.same_line() => {
                let found = self.slice(token.span).to_owned();
                self.report(Message::Misshapen { found, kind: false }, token.span);
                self.bump();
                return Ident { text: Name::from(self.slice(token.span)), span: token.span };
            }
            _ => self.expected(What::Name),
        }
        Ident { text: Name::from(""), span: token.span }
    }

    // Statements in a row.

    /// Up to where they end.
    fn statements(&mut self, until: Until) -> Vec<Stmt> {
        let mut statements = Vec::new();
        loop {
            let token = self.token();
            let ends = match (token.kind, until) {
                (TokenKind::End, _) => true,
                (TokenKind::Sign(Sign::BraceClose), Until::End) => {
                    self.report(Message::StrayBrace, token.span);
                    self.bump();
                    continue;
                }
                (TokenKind::Sign(Sign::BraceClose), _) => true,
                (_, Until::Dedent(indent)) => token.newline && self.indent <= indent,
                (_, Until::LineEnd) => token.newline,
                _ => false,
            };
            if ends {
                return statements;
            }
            if let Until::Brace(brace, indent) = until
                && self.suspect.is_none()
                && token.newline
                && self.indent <= indent
            {
                self.suspect = Some(brace);
            }
            let starts = matches!(token.kind, TokenKind::Keyword(it) if it.starts_statement());
            let foreign = token.kind == TokenKind::Name && habit::word(self.slice(token.span)).is_some();
            if !statements.is_empty() && !token.newline && !starts && !foreign {
                self.report(Message::SameLine, token.span);
            }
            let before = self.next;
            self.fresh = before;
            statements.push(self.statement());
            if self.next == before {
                self.bump();
            }
        }
    }

    /// `{ … }`, or a report and an empty one. A block that stands later on the line is taken.
    fn block(&mut self) -> Block {
        let start = self.token().span.start;
        let nothing = Block { statements: Vec::new(), span: Span::new(start, start) };
        if self.at_sign(Sign::Colon) && !self.token().newline {
            return self.colon_block();
        }
        if self.at_sign(Sign::BraceOpen) && !self.same_line() {
            let gap = Span::new(self.end_of_last(), start);
            self.report(Message::BraceBelow { gap }, self.token().span);
        } else if !self.at_sign(Sign::BraceOpen) {
            self.expected(What::Sign(Sign::BraceOpen));
            self.skip_line_until_block();
            if !self.at_sign(Sign::BraceOpen) || self.token().newline {
                return nothing;
            }
        }
        if self.enter().is_none() {
            return nothing;
        }
        let (brackets, indent) = (std::mem::take(&mut self.brackets), self.indent);
        self.lost = false;
        let open = self.bump();
        let statements = self.statements(Until::Brace(open.span, indent));
        if !self.eat_sign(Sign::BraceClose) {
            self.unclosed(open.span);
        }
        self.brackets = brackets;
        self.leave();
        Block { statements, span: self.span_from(open.span.start) }
    }

    fn unclosed(&mut self, open: Span) {
        let suspect = self.suspect.take().filter(|it| *it != open);
        self.lost = false;
        self.report(Message::UnclosedBrace { suspect }, open);
        // The braces around it are open for the same reason.
        self.gave_up = true;
    }

    /// Skips to the end of the line, or to a `{` on it.
    fn skip_line_until_block(&mut self) {
        while !self.token().newline {
            match self.kind() {
                TokenKind::End | TokenKind::Sign(Sign::BraceClose | Sign::BraceOpen) => break,
                _ => self.bump(),
            };
        }
    }

    /// Skips the rest of a broken line; the blocks that begin on it are read all the same.
    fn recover(&mut self) -> Vec<Block> {
        let mut blocks = Vec::new();
        loop {
            self.skip_line_until_block();
            if self.token().newline || !self.at_sign(Sign::BraceOpen) {
                break;
            }
            blocks.push(self.block());
        }
        self.lost = false;
        blocks
    }

    fn broken_expr(&self) -> Expr {
        let at = self.token().span.start;
        Expr { kind: ExprKind::Broken, span: Span::new(at, at), depth: 1 }
    }
}
