//! Statements: one rule each; the line of syntax stands above it.

use crate::lang::message::{Message, What};
use crate::lang::parser::Parser;
use crate::lang::parser::expr::begins_expr;
use crate::lang::plan::{Literal, Name};
use crate::lang::syntax::{Clauses, Expr, ExprKind, Ident, Job, Length, Stmt, StmtKind};
use crate::lang::token::{Keyword, Sign, TokenKind};
use crate::span::Span;

impl Parser<'_> {
    /// A statement with its clauses. Leaves the parser at the next one.
    pub(super) fn statement(&mut self) -> Stmt {
        let start = self.token().span.start;
        let mut kind = self.statement_kind();
        let mut clauses = Clauses::default();
        if !self.lost && !kind.blocks().is_empty() && !matches!(kind, StmtKind::Resource { .. }) {
            clauses = self.clauses(kind.otherwise_mut());
        }
        if self.lost {
            let blocks = self.recover();
            if !blocks.is_empty() && kind.blocks().is_empty() {
                kind = StmtKind::Broken(blocks);
            }
        }
        let span = self.span_from(start);
        Stmt { head: self.head(&kind, span), kind, clauses, span }
    }

    fn head(&self, kind: &StmtKind, span: Span) -> Span {
        let end = match kind {
            StmtKind::Resource { name, .. } => name.span.end,
            _ => kind.blocks().first().map_or(span.end, |block| block.span.start),
        };
        let whole = self.slice(Span::new(span.start, end.max(span.start)));
        Span::new(span.start, span.start + whole.trim_end().len() as u32)
    }

    fn statement_kind(&mut self) -> StmtKind {
        match self.kind() {
            TokenKind::Keyword(keyword) if keyword.starts_statement() => {
                let token = self.bump();
                let declaration = self.opt_declaration(keyword);
                let flow = declaration.or_else(|| self.opt_flow(keyword));
                let task = flow.or_else(|| self.opt_task(keyword));
                task.or_else(|| self.opt_action(keyword)).unwrap_or_else(|| {
                    self.report(Message::UnknownStatement, token.span);
                    self.lost = true;
                    StmtKind::Broken(Vec::new())
                })
            }
            TokenKind::Keyword(Keyword::Else | Keyword::Catch | Keyword::Finally) => self.clause_alone(),
            TokenKind::Name => self.name_statement(),
            kind if begins_expr(kind) => self.expr_statement(),
            _ => {
                self.expected(What::Statement);
                StmtKind::Broken(Vec::new())
            }
        }
    }

    /// `catch` with nothing before it that it could follow.
    fn clause_alone(&mut self) -> StmtKind {
        let token = self.token();
        let word = self.slice(token.span).to_owned();
        self.report(Message::ClauseAlone { word }, token.span);
        self.lost = true;
        self.bump();
        StmtKind::Broken(Vec::new())
    }

    /// `x = …` · `f(1)` · a word that nobody knows.
    fn name_statement(&mut self) -> StmtKind {
        let (first, second) = (self.token(), self.nth(1));
        if second.newline {
            return self.expr_statement();
        }
        match second.kind {
            TokenKind::Sign(Sign::Assign) => {
                let name = self.ident();
                self.bump();
                StmtKind::Assign(name, Box::new(self.value()))
            }
            TokenKind::Name
            | TokenKind::Kind
            | TokenKind::Number
            | TokenKind::StrOpen
            | TokenKind::Sign(Sign::BraceOpen) => {
                let word = self.slice(first.span).to_owned();
                self.report(Message::UnknownWord { word, span: first.span }, first.span);
                self.lost = true;
                self.bump();
                StmtKind::Broken(Vec::new())
            }
            _ => self.expr_statement(),
        }
    }

    fn expr_statement(&mut self) -> StmtKind {
        let expr = self.expr();
        if self.same_line() && self.at_sign(Sign::Assign) && !self.lost {
            self.report(Message::NotAssignable, expr.span);
            self.lost = true;
        }
        StmtKind::Expr(expr)
    }

    /// What may stand right of `let x =`, `x =` and `return`: an expression, or an action with a value.
    fn value(&mut self) -> Stmt {
        let token = self.token();
        match token.kind {
            TokenKind::Keyword(keyword) if keyword.starts_statement() && self.same_line() => {
                if !gives_value(keyword) {
                    self.report(Message::NoValue { word: keyword.text() }, token.span);
                }
                // The clauses belong to the statement around it, which guards the same thing.
                let start = token.span.start;
                let kind = if self.enter().is_some() {
                    let kind = self.statement_kind();
                    self.leave();
                    kind
                } else {
                    StmtKind::Broken(Vec::new())
                };
                let span = self.span_from(start);
                Stmt { head: self.head(&kind, span), kind, clauses: Clauses::default(), span }
            }
            _ => {
                let expr = self.expr();
                let span = expr.span;
                let kind = StmtKind::Expr(expr);
                Stmt { kind, clauses: Clauses::default(), head: span, span }
            }
        }
    }

    /// Branches, loops, and what leaves them.
    fn opt_flow(&mut self, keyword: Keyword) -> Option<StmtKind> {
        Some(match keyword {
            // let x = …
            Keyword::Let => {
                let name = self.ident();
                self.expect_sign(Sign::Assign);
                StmtKind::Let(name, Box::new(self.value()))
            }
            Keyword::If => self.branch(),
            // while cond { }
            Keyword::While => StmtKind::While(self.expr(), self.block()),
            // repeat 3 { }
            Keyword::Repeat => StmtKind::Repeat(self.expr(), self.block()),
            Keyword::For => self.for_loop(),
            Keyword::Break => StmtKind::Break,
            Keyword::Continue => StmtKind::Continue,
            // return · return value
            Keyword::Return => {
                let value = match self.kind() {
                    _ if !self.same_line() => false,
                    TokenKind::Keyword(it) if it.starts_statement() => gives_value(it),
                    _ => self.starts_expr(),
                };
                StmtKind::Return(value.then(|| Box::new(self.value())))
            }
            // try { } catch Kind { }
            Keyword::Try => {
                let start = self.end_of_last();
                let block = self.block();
                let clause =
                    [Keyword::Catch, Keyword::Finally, Keyword::Else].iter().any(|it| self.at_keyword(*it));
                if !clause && !self.lost {
                    self.report(Message::TryAlone, Span::new(start - 3, start));
                }
                StmtKind::Try(block)
            }
            // fail Kind "message"
            Keyword::Fail => {
                let token = self.token();
                if token.kind == TokenKind::Kind && self.same_line() {
                    self.bump();
                } else {
                    self.expected(What::Kind);
                    // A kind in lower case, most likely: no variable is meant.
                    if token.kind == TokenKind::Name && self.same_line() {
                        self.bump();
                    }
                }
                let kind = Ident { text: Name::from(self.slice(token.span)), span: token.span };
                StmtKind::Fail(kind, self.opt_expr())
            }
            // raise · raise e
            Keyword::Raise => StmtKind::Raise(self.opt_expr()),
            _ => return None,
        })
    }

    /// `if a { } else if b { } else { }`.
    fn branch(&mut self) -> StmtKind {
        let mut arms = vec![(self.expr(), self.block())];
        let mut otherwise = None;
        while self.at_keyword(Keyword::Else) && otherwise.is_none() {
            self.bump();
            if self.eat_keyword(Keyword::If) {
                arms.push((self.expr(), self.block()));
            } else {
                otherwise = Some(self.block());
            }
        }
        StmtKind::If { arms, otherwise }
    }

    /// `for x in list { }` · `for i in 1 to 5 every 100ms { }`.
    fn for_loop(&mut self) -> StmtKind {
        let name = self.ident();
        self.expect_word("in");
        let from = self.expr();
        if !self.eat_word("to") {
            return StmtKind::ForIn(name, from, self.block());
        }
        let to = self.expr();
        let every = self.eat_word("every").then(|| self.expr());
        StmtKind::ForRange { name, from, to, every, body: self.block() }
    }

    /// Tasks, and the blocks around them.
    fn opt_task(&mut self, keyword: Keyword) -> Option<StmtKind> {
        Some(match keyword {
            // task name { } · task "get-{i}" { }
            Keyword::Task => StmtKind::Task(self.opt_label(&[]), self.block()),
            Keyword::Detach => StmtKind::Detach(self.opt_label(&[]), self.block()),
            Keyword::Await => StmtKind::Await(self.expr()),
            Keyword::Cancel => StmtKind::Cancel(self.expr()),
            // scope name collect { }
            Keyword::Scope => {
                let name = self.opt_label(&["collect"]);
                let collect = self.eat_word("collect");
                StmtKind::Scope { name, collect, body: self.block() }
            }
            // race ok { task a { } }
            Keyword::Race => {
                let name = self.opt_label(&["ok"]);
                let ok = self.eat_word("ok");
                StmtKind::Race { name, ok, body: self.block() }
            }
            // gather keep { task a { } }
            Keyword::Gather => {
                let name = self.opt_label(&["keep"]);
                let keep = self.eat_word("keep");
                StmtKind::Gather { name, keep, body: self.block() }
            }
            // timeout 2s as t { } else { }
            Keyword::Timeout => {
                let length = self.expr();
                let name = self.opt_as();
                let body = self.block();
                StmtKind::Timeout { length, name, body, otherwise: self.opt_else() }
            }
            Keyword::Extend => StmtKind::Extend(self.ident(), self.expr()),
            // shield 1s { }
            Keyword::Shield => StmtKind::Shield(self.opt_expr(), self.block()),
            // retry 3 backoff 100ms..2s jitter { }
            Keyword::Retry => {
                let attempts = self.expr();
                let backoff = self.eat_word("backoff").then(|| self.length());
                let jitter = self.eat_word("jitter");
                StmtKind::Retry { attempts, backoff, jitter, body: self.block() }
            }
            // with db as conn { }
            Keyword::With => {
                let held = self.ident();
                let name = self.opt_as();
                StmtKind::With { held, name, body: self.block() }
            }
            _ => return None,
        })
    }

    /// Waiting, saying, and the things that tasks share.
    fn opt_action(&mut self, keyword: Keyword) -> Option<StmtKind> {
        Some(match keyword {
            Keyword::Sleep => StmtKind::Sleep(self.length()),
            Keyword::Work => StmtKind::Work(self.length()),
            // offload 800ms · offload primes(200000) in 300ms
            Keyword::Offload => {
                let called = self.kind() == TokenKind::Name
                    && self.same_line()
                    && self.nth(1).kind == TokenKind::Sign(Sign::ParenOpen);
                let job = if called {
                    let name = self.ident();
                    Job::Call(name, self.arguments())
                } else {
                    Job::Block(self.length())
                };
                StmtKind::Offload { job, takes: self.eat_word("in").then(|| self.length()) }
            }
            // fetch "/api" in 300ms status 503 gives "text"
            Keyword::Fetch => {
                let url = self.expr();
                let [takes, status, gives] = self.simulated(true);
                StmtKind::Fetch { url, takes, status: only(status), gives: only(gives) }
            }
            // query db "select" in 40ms gives []
            Keyword::Query => {
                let on = self.ident();
                let sql = self.expr();
                let [takes, _, gives] = self.simulated(false);
                StmtKind::Query { on, sql, takes, gives: only(gives) }
            }
            Keyword::Log => StmtKind::Log(self.expr()),
            Keyword::Mark => StmtKind::Mark(self.expr()),
            // expect cond "message"
            Keyword::Expect => {
                let condition = self.expr();
                let text = Name::from(self.slice(condition.span));
                StmtKind::Expect { condition, message: self.opt_expr(), text }
            }
            Keyword::Put => StmtKind::Put(self.ident(), self.expr()),
            Keyword::Take => StmtKind::Take(self.ident()),
            Keyword::Done => StmtKind::Done(self.ident()),
            Keyword::Join => StmtKind::Join(self.ident()),
            Keyword::Close => StmtKind::Close(self.ident()),
            Keyword::Set => StmtKind::Set(self.ident()),
            Keyword::Clear => StmtKind::Clear(self.ident()),
            Keyword::Wait => StmtKind::Wait(self.ident()),
            Keyword::At => StmtKind::At(self.expr(), self.block()),
            // shutdown at 2s grace 500ms
            Keyword::Shutdown => {
                if !self.eat_keyword(Keyword::At) {
                    self.expected(What::Word("at"));
                }
                let at = self.expr();
                StmtKind::Shutdown(at, self.eat_word("grace").then(|| self.expr()))
            }
            _ => return None,
        })
    }

    /// `in 300ms`, `status 503` and `gives "text"`, in any order.
    fn simulated(&mut self, status: bool) -> [Option<Length>; 3] {
        let words = ["in", "status", "gives"];
        let mut found = [None, None, None];
        loop {
            let span = self.token().span;
            let Some(at) = words.iter().position(|word| self.at_word(word)) else { return found };
            let Some(word) = words.get(at) else { return found };
            if *word == "status" && !status {
                return found;
            }
            self.bump();
            let value = if at == 0 { self.length() } else { Length { from: self.expr(), to: None } };
            if found.get_mut(at).and_then(|place| place.replace(value)).is_some() {
                self.report(Message::ClauseTwice { clause: word }, span);
            }
        }
    }

    /// `200ms` · `100ms..300ms`.
    fn length(&mut self) -> Length {
        let from = self.expr();
        let to = (self.same_line() && self.eat_sign(Sign::DotDot)).then(|| self.expr());
        Length { from, to }
    }

    /// The name of a task or block: a word or a text. A word of `modifiers` before a brace is not one.
    fn opt_label(&mut self, modifiers: &[&str]) -> Option<Expr> {
        let token = self.token();
        if !self.same_line() {
            return None;
        }
        let before_brace = self.nth(1).kind == TokenKind::Sign(Sign::BraceOpen);
        match token.kind {
            TokenKind::StrOpen => Some(self.expr()),
            TokenKind::Name if before_brace && modifiers.contains(&self.slice(token.span)) => None,
            TokenKind::Name => {
                let ident = self.ident();
                let kind = ExprKind::Literal(Literal::Str(ident.text));
                Some(Expr { kind, span: ident.span, depth: 1 })
            }
            TokenKind::Keyword(keyword) if before_brace => {
                self.report(Message::ReservedLabel { word: keyword.text(), span: token.span }, token.span);
                self.bump();
                None
            }
            _ => None,
        }
    }
}

fn only(length: Option<Length>) -> Option<Expr> {
    length.map(|it| it.from)
}

/// Whether an action that begins with `keyword` may stand right of `=`.
fn gives_value(keyword: Keyword) -> bool {
    use Keyword::{Await, Fetch, Gather, Offload, Query, Race, Scope, Take, Task, Timeout, Wait};
    matches!(keyword, Await | Take | Wait | Fetch | Offload | Query | Scope | Timeout | Race | Gather | Task)
}
