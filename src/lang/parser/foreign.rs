//! What people write out of habit: reported once, with what to write here, and read as what it means.

use crate::diag::{Edit, Hint};
use crate::lang::habit::{self, ReadAs};
use crate::lang::message::{Message, NumberFault};
use crate::lang::parser::{Parser, UNITS, Until};
use crate::lang::plan::{BinaryOp, Literal};
use crate::lang::syntax::{Block, Expr, ExprKind, Ident, Stmt, StmtKind};
use crate::lang::token::{Keyword, Sign, TokenKind};
use crate::span::Span;

impl Parser<'_> {
    /// Reports a word or form of another language at `span`.
    pub(super) fn habit(&mut self, span: Span, advice: Hint) {
        let word = self.slice(span).chars().take(40).collect();
        self.report(Message::Habit { word, advice }, span);
    }

    /// A statement that begins with a word of another language.
    pub(super) fn opt_foreign(&mut self) -> Option<StmtKind> {
        let (first, second) = (self.token(), self.nth(1));
        let habit = habit::word(self.slice(first.span))?;
        // `async { }` is a task, `async fn` is a function.
        let bare = habit.read_as == ReadAs::Nothing && second.kind == TokenKind::Sign(Sign::BraceOpen);
        let habit = if bare { habit::word("spawn")? } else { habit };
        let begins = match second.kind {
            TokenKind::Name | TokenKind::Kind | TokenKind::Number | TokenKind::StrOpen => true,
            TokenKind::Sign(Sign::BraceOpen | Sign::Colon) => true,
            TokenKind::Keyword(_) => habit.read_as == ReadAs::Nothing,
            _ => false,
        };
        if !begins || second.newline {
            return None;
        }
        let advice = match (habit.becomes, habit.read_as) {
            (Some(word), ReadAs::Keyword(_)) => Hint::edit(habit.hint, first.span, word),
            (Some(_), ReadAs::Nothing) => {
                Hint::edit(habit.hint, Span::new(first.span.start, second.span.start), "")
            }
            _ => Hint::new(habit.hint),
        };
        self.habit(first.span, advice);
        self.bump();
        Some(match habit.read_as {
            ReadAs::Keyword(keyword) => self.keyword_statement(keyword, first.span),
            ReadAs::Nothing => {
                self.fresh = self.next;
                self.deeper(Parser::statement_kind)
            }
            ReadAs::Skipped => {
                self.lost = true;
                StmtKind::Broken(Vec::new())
            }
        })
    }

    /// One level deeper, so that a row of such words cannot run away.
    pub(super) fn deeper(&mut self, rule: fn(&mut Self) -> StmtKind) -> StmtKind {
        if self.enter().is_none() {
            return StmtKind::Broken(Vec::new());
        }
        let kind = rule(self);
        self.leave();
        kind
    }

    /// Whether a clause of another language stands here: `except`, `elif`. It is reported, and its word taken.
    pub(super) fn eat_foreign_clause(&mut self, word: &str, becomes: &str) -> bool {
        let token = self.token();
        if token.kind != TokenKind::Name || self.slice(token.span) != word {
            return false;
        }
        self.habit(token.span, Hint::edit(format!("write `{becomes}`"), token.span, becomes));
        self.bump();
        true
    }

    /// `x += 1` · `x++` · `x := 1` · `x: int = 1`.
    pub(super) fn opt_foreign_assignment(&mut self) -> Option<StmtKind> {
        let (name, sign, after) = (self.token().span, self.nth(1), self.nth(2));
        let TokenKind::Sign(op) = sign.kind else { return None };
        let close = sign.span.end == after.span.start;
        if op == Sign::Colon {
            return Some(self.declared_otherwise());
        }
        let binary = match op {
            Sign::Plus => BinaryOp::Add,
            Sign::Minus => BinaryOp::Sub,
            Sign::Star => BinaryOp::Mul,
            Sign::Slash => BinaryOp::Div,
            Sign::Percent => BinaryOp::Rem,
            _ => return None,
        };
        let text = self.slice(name).to_owned();
        let both = sign.span.to(after.span);
        if close && after.kind == TokenKind::Sign(Sign::Assign) {
            let fix = Edit { span: both, text: format!("= {text} {}", binary.text()) };
            self.report(Message::Compound { sign: self.slice(both).to_owned(), fix }, both);
            let name = self.ident();
            self.bump();
            self.bump();
            return Some(StmtKind::Assign(name, Box::new(self.value())));
        }
        let twice = close && after.kind == sign.kind && matches!(op, Sign::Plus | Sign::Minus);
        if twice && self.nth(3).newline {
            let fix = Edit { span: both, text: format!(" = {text} {} 1", binary.text()) };
            self.report(Message::Compound { sign: self.slice(both).to_owned(), fix }, both);
            let name = self.ident();
            self.bump();
            self.bump();
            let value = self.broken_expr();
            let value = Stmt {
                head: value.span,
                span: value.span,
                kind: StmtKind::Expr(value),
                clauses: Default::default(),
            };
            return Some(StmtKind::Assign(name, Box::new(value)));
        }
        None
    }

    /// `x := 1` · `x: int = 1`: a declaration.
    fn declared_otherwise(&mut self) -> StmtKind {
        let name = self.ident();
        let colon = self.token().span;
        if self.nth(1).kind == TokenKind::Sign(Sign::Assign) {
            let both = colon.to(self.nth(1).span);
            let text = format!("let {} =", name.text);
            self.habit(both, Hint::edit("a variable is declared with `let`", name.span.to(both), text));
            self.bump();
        } else {
            self.skip_annotation();
        }
        self.expect_sign(Sign::Assign);
        StmtKind::Let(name, Box::new(self.value()))
    }

    /// `: int` after a name: skipped with a report, up to what may follow it.
    pub(super) fn skip_annotation(&mut self) {
        let start = self.token();
        if start.kind != TokenKind::Sign(Sign::Colon) || !self.same_line() {
            return;
        }
        let mut brackets = 0_usize;
        self.bump();
        while self.same_line() {
            match self.kind() {
                TokenKind::Sign(Sign::BracketOpen) => brackets += 1,
                TokenKind::Sign(Sign::BracketClose) => brackets = brackets.saturating_sub(1),
                TokenKind::Name | TokenKind::Kind | TokenKind::Sign(Sign::Dot) => {}
                TokenKind::Keyword(Keyword::None) => {}
                TokenKind::Sign(Sign::Comma) if brackets > 0 => {}
                _ => break,
            }
            self.bump();
        }
        let span = self.span_from(start.span.start);
        self.habit(span, Hint::edit("there are no types to declare; leave it out", span, ""));
    }

    /// `-> int` after parameters.
    pub(super) fn skip_result_type(&mut self) {
        let (minus, greater) = (self.token(), self.nth(1));
        let arrow = minus.kind == TokenKind::Sign(Sign::Minus)
            && greater.kind == TokenKind::Sign(Sign::Gt)
            && minus.span.end == greater.span.start;
        if !arrow || !self.same_line() {
            return;
        }
        while !self.token().newline && !self.at_sign(Sign::BraceOpen) && !self.at_sign(Sign::Colon) {
            if self.kind() == TokenKind::End {
                break;
            }
            self.bump();
        }
        let span = self.span_from(minus.span.start);
        self.habit(span, Hint::edit("there are no types to declare; leave it out", span, ""));
    }

    /// `//` or `/*` at the beginning of a statement: its line is a comment.
    pub(super) fn opt_slashes(&mut self) -> Option<StmtKind> {
        let (first, second) = (self.token(), self.nth(1));
        let span = match (first.kind, second.kind) {
            (TokenKind::Sign(Sign::SlashSlash), _) => first.span,
            (TokenKind::Sign(Sign::Slash), TokenKind::Sign(Sign::Star))
                if first.span.end == second.span.start =>
            {
                first.span.to(second.span)
            }
            _ => return None,
        };
        self.report(Message::Slashes, span);
        self.skip_line();
        Some(StmtKind::Broken(Vec::new()))
    }

    /// Whether what follows an operand and `//` reads like a comment; then it is reported and skipped.
    pub(super) fn eat_trailing_slashes(&mut self, left: &Expr) -> bool {
        if !self.at_sign(Sign::SlashSlash) || !self.same_line() || self.brackets > 0 {
            return false;
        }
        let (first, second) = (self.nth(1), self.nth(2));
        let words = |kind| matches!(kind, TokenKind::Name | TokenKind::Kind | TokenKind::Keyword(_));
        let text = matches!(left.kind, ExprKind::Text(_) | ExprKind::Literal(Literal::Str(_)));
        let several = words(first.kind) && !second.newline && words(second.kind);
        if first.newline || !(text || several) {
            return false;
        }
        let span = self.token().span;
        self.report(Message::Slashes, span);
        self.skip_line();
        true
    }

    /// Everything up to the end of the line.
    fn skip_line(&mut self) {
        self.bump();
        while !self.token().newline && self.kind() != TokenKind::End {
            self.bump();
        }
    }

    /// `cond`, where `=` is read as `==`.
    pub(super) fn condition(&mut self) -> Expr {
        let left = self.expr();
        if self.lost || !self.same_line() || !self.at_sign(Sign::Assign) {
            return left;
        }
        let sign = self.bump().span;
        self.report(Message::Equals, sign);
        self.fresh = self.next;
        let right = self.expr();
        let (span, depth) = (left.span.to(right.span), left.depth.max(right.depth));
        self.node(ExprKind::Binary(BinaryOp::Eq, Box::new(left), Box::new(right)), span, depth)
    }

    /// A block behind a colon, by its indentation, as Python has it.
    pub(super) fn colon_block(&mut self) -> Block {
        let (indent, nothing) = (self.indent, Block::default());
        if self.enter().is_none() {
            return nothing;
        }
        let brackets = std::mem::take(&mut self.brackets);
        let colon = self.bump().span;
        let below = self.token().newline;
        let reported = self.diagnostics.len();
        let until = if below { Until::Dedent(indent) } else { Until::LineEnd };
        let statements = self.statements(until);
        let span = self.span_from(colon.start);
        let inner = self.slice(Span::new(colon.end, span.end));
        let end = if below { format!("\n{}", " ".repeat(indent)) } else { " ".to_owned() };
        let block = (!statements.is_empty()).then(|| Edit { span, text: format!(" {{{inner}{end}}}") });
        self.report_at(reported, Message::Colon { block }, colon);
        self.brackets = brackets;
        self.leave();
        Block { statements, span }
    }

    /// `my-task`: how far a name with hyphens goes.
    pub(super) fn opt_hyphens(&self) -> Option<Span> {
        let first = self.token().span;
        let mut end = first.end;
        for at in 1.. {
            let token = self.nth(at);
            let part = matches!(token.kind, TokenKind::Name | TokenKind::Number | TokenKind::Keyword(_))
                || token.kind == TokenKind::Sign(Sign::Minus);
            if !part || token.span.start != end {
                break;
            }
            end = token.span.end;
        }
        (end > first.end).then(|| Span::new(first.start, end))
    }

    /// `task f(x)`: a call where the name of a task and a block are wanted.
    pub(super) fn task_of_call(&mut self, label: &Expr) -> Option<Block> {
        let call =
            self.at_sign(Sign::ParenOpen) && self.same_line() && label.span.end == self.token().span.start;
        let ExprKind::Literal(Literal::Str(name)) = &label.kind else { return None };
        if !call || self.lost {
            return None;
        }
        let name = Ident { text: name.clone(), span: label.span };
        let start = self.token().span;
        let args = self.arguments();
        let span = self.span_from(label.span.start);
        let text = format!("{} {{ {} }}", name.text, self.slice(span));
        let advice = Hint::edit("a task has a name and a block", span, text);
        self.expected_at(start, Sign::BraceOpen, advice);
        let call = Expr { kind: ExprKind::Call(name, args), span, depth: 2 };
        let stmt = Stmt { head: span, span, kind: StmtKind::Expr(call), clauses: Default::default() };
        Some(Block { statements: vec![stmt], span })
    }

    /// `1 s`: where the unit stands that belongs to the number before; empty where there is none.
    pub(super) fn opt_unit_apart(&mut self, number: Span) -> Span {
        let token = self.token();
        let nothing = Span::new(number.end, number.end);
        let bare = self.slice(number).ends_with(|c: char| c.is_ascii_digit());
        let unit = token.kind == TokenKind::Name && UNITS.iter().any(|it| it.0 == self.slice(token.span));
        if !bare || !unit || !self.same_line() || self.lost {
            return nothing;
        }
        let gap = Span::new(number.end, token.span.start);
        let unit = self.slice(token.span).to_owned();
        let fix = Edit { span: gap, text: String::new() };
        self.report(Message::Number(NumberFault::Apart { unit, fix }), number.to(token.span));
        self.bump();
        token.span
    }

    /// `True` · `None`: what it is called here.
    pub(super) fn foreign_value(&self) -> Option<&'static str> {
        if self.kind() == TokenKind::Kind { habit::value(self.slice(self.token().span)) } else { None }
    }

    /// The same, reported and read.
    pub(super) fn value_of_habit(&mut self) -> Expr {
        let meant = self.foreign_value().unwrap_or("none");
        let span = self.bump().span;
        self.habit(span, Hint::edit(format!("write `{meant}`"), span, meant));
        let literal = match meant {
            "true" => Literal::Bool(true),
            "false" => Literal::Bool(false),
            _ => Literal::None,
        };
        Expr { kind: ExprKind::Literal(literal), span, depth: 1 }
    }

    /// Whether `f"…"` stands here; the letter is reported and skipped.
    pub(super) fn foreign_prefix(&mut self) -> bool {
        let (token, next) = (self.token(), self.nth(1));
        let text = next.kind == TokenKind::StrOpen && token.span.end == next.span.start;
        if !text || !matches!(self.slice(token.span), "f" | "r" | "b" | "u" | "fr" | "rf" | "br") {
            return false;
        }
        self.habit(token.span, Hint::edit("every text knows `{x}` and `\\n`; leave it out", token.span, ""));
        self.bump();
        true
    }

    /// `e(…)`, where `e` is no name: a method of another language, or nothing at all.
    pub(super) fn called(&mut self, callee: Expr) -> Expr {
        let (name, on) = match &callee.kind {
            ExprKind::Field(on, name) => (name.clone(), on.span),
            _ => {
                self.report(Message::NotCallable, callee.span);
                self.lost = true;
                return callee;
            }
        };
        let before = self.diagnostics.len();
        self.arguments();
        let span = self.span_from(callee.span.start);
        let advice = habit::method(&name.text, self.slice(on)).map(Hint::new);
        self.report_at(before, Message::Method { name: name.text.to_string(), advice }, span);
        Expr { kind: ExprKind::Broken, span, depth: 1 }
    }
}
