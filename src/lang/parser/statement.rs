//! Statements: one rule each; the line of syntax stands above it.

use crate::diag::Hint;
use crate::lang::message::{Message, What};
use crate::lang::parser::Parser;
use crate::lang::parser::expr::begins_expr;
use crate::lang::plan::{Literal, Name};
use crate::lang::syntax::{Block, Clauses, Expr, ExprKind, Ident, Job, Length, Stmt, StmtKind};
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

    pub(super) fn statement_kind(&mut self) -> StmtKind {
        match self.kind() {
            TokenKind::Keyword(keyword) if keyword.starts_statement() => {
                let span = self.bump().span;
                self.keyword_statement(keyword, span)
            }
            TokenKind::Keyword(Keyword::Else | Keyword::Catch | Keyword::Finally) => self.clause_alone(),
            TokenKind::Name => self.name_statement(),
            kind if begins_expr(kind) => self.expr_statement(),
            _ => self.opt_slashes().unwrap_or_else(|| {
                self.expected(What::Statement);
                StmtKind::Broken(Vec::new())
            }),
        }
    }

    /// What `keyword`, which was taken from `span`, begins.
    pub(super) fn keyword_statement(&mut self, keyword: Keyword, span: Span) -> StmtKind {
        let declaration = self.opt_declaration(keyword);
        let flow = declaration.or_else(|| self.opt_flow(keyword));
        let task = flow.or_else(|| self.opt_task(keyword));
        task.or_else(|| self.opt_action(keyword)).unwrap_or_else(|| {
            self.report(Message::UnknownStatement, span);
            self.lost = true;
            StmtKind::Broken(Vec::new())
        })
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
        if let Some(kind) = self.opt_foreign().or_else(|| self.opt_foreign_assignment()) {
            return kind;
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
    pub(super) fn value(&mut self) -> Stmt {
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
                let name = self.let_name();
                self.skip_annotation();
                self.expect_sign(Sign::Assign);
                StmtKind::Let(name, Box::new(self.value()))
            }
            Keyword::If => self.branch(),
            // while cond { }
            Keyword::While => StmtKind::While(self.condition(), self.block()),
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
                let clause = clause || self.slice(self.token().span) == "except";
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
                    return Some(self.fail_without_kind());
                }
                let kind = Ident { text: Name::from(self.slice(token.span)), span: token.span };
                StmtKind::Fail(kind, self.opt_expr())
            }
            // raise · raise e
            Keyword::Raise if self.kind() == TokenKind::Kind && self.same_line() => {
                let word = Span::new(self.end_of_last() - "raise".len() as u32, self.end_of_last());
                self.report(Message::RaisesKind, word);
                return self.opt_flow(Keyword::Fail);
            }
            Keyword::Raise => StmtKind::Raise(self.opt_expr()),
            _ => return None,
        })
    }

    /// `if a { } else if b { } else { }`.
    fn branch(&mut self) -> StmtKind {
        let mut arms = vec![(self.condition(), self.if_block())];
        let mut otherwise = None;
        while otherwise.is_none() {
            if self.eat_foreign_clause("elif", "else if") {
                arms.push((self.condition(), self.block()));
            } else if !self.eat_keyword(Keyword::Else) {
                break;
            } else if self.eat_keyword(Keyword::If) {
                arms.push((self.condition(), self.block()));
            } else {
                otherwise = Some(self.block());
            }
        }
        StmtKind::If { arms, otherwise }
    }

    /// The block of an `if`, which is no expression.
    fn if_block(&mut self) -> Block {
        if self.at_word("in") {
            let advice = "nothing says whether a list has an item; go through it with `for`";
            self.expected_but(What::Sign(Sign::BraceOpen), Some(Hint::new(advice)));
        } else if self.at_keyword(Keyword::Else) && !self.token().newline {
            let advice = "`if` is a statement: `if a { x = 1 } else { x = 2 }`";
            self.expected_but(What::Sign(Sign::BraceOpen), Some(Hint::new(advice)));
        }
        self.block()
    }

    /// The name that `let` declares; `let mut x` is a habit.
    fn let_name(&mut self) -> Ident {
        let (token, next) = (self.token(), self.nth(1));
        if self.at_word("mut") && next.kind == TokenKind::Name && !next.newline {
            let span = Span::new(token.span.start, next.span.start);
            self.habit(token.span, Hint::edit("every variable can be assigned to; leave it out", span, ""));
            self.bump();
        }
        self.ident()
    }

    /// `fail` with something else than a kind: a name in lower case, most likely, or a message alone.
    fn fail_without_kind(&mut self) -> StmtKind {
        let token = self.token();
        let nothing = Ident { text: Name::from(""), span: token.span };
        let advice = match token.kind {
            TokenKind::Name if self.same_line() => self.kind_of(token.span),
            TokenKind::StrOpen if self.same_line() => {
                let here = Span::new(token.span.start, token.span.start);
                Some(Hint::edit("say what kind of error it is", here, "Failed "))
            }
            _ => None,
        };
        let known = advice.is_some();
        self.expected_but(What::Kind, advice);
        if token.kind == TokenKind::Name && known {
            self.bump();
        }
        self.lost = !known;
        StmtKind::Fail(nothing, if known { self.opt_expr() } else { None })
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
            Keyword::Task => {
                let (label, block) = self.task();
                StmtKind::Task(label, block)
            }
            Keyword::Detach => {
                let (label, block) = self.task();
                StmtKind::Detach(label, block)
            }
            Keyword::Await => self.awaited(),
            Keyword::Cancel => StmtKind::Cancel(self.expr()),
            // scope name collect { }
            Keyword::Scope => {
                let name = self.opt_label(&["collect"]);
                let collect = self.eat_word("collect");
                StmtKind::Scope { name, collect, body: self.tasks("scope") }
            }
            // race ok { task a { } }
            Keyword::Race => {
                let name = self.opt_label(&["ok"]);
                let ok = self.eat_word("ok");
                StmtKind::Race { name, ok, body: self.tasks("race") }
            }
            // gather keep { task a { } }
            Keyword::Gather => {
                let name = self.opt_label(&["keep"]);
                let keep = self.eat_word("keep");
                StmtKind::Gather { name, keep, body: self.tasks("gather") }
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
                if self.at_sign(Sign::BraceOpen) {
                    let advice =
                        Hint::edit("say how often", Span::new(self.end_of_last(), self.end_of_last()), " 3");
                    self.expected_but(What::Expression, Some(advice));
                }
                let attempts = self.expr();
                let backoff = self.eat_word("backoff").then(|| self.length());
                let jitter = self.eat_word("jitter");
                StmtKind::Retry { attempts, backoff, jitter, body: self.block() }
            }
            // with db as conn { }
            Keyword::With => {
                let held = self.held();
                let name = self.opt_as();
                StmtKind::With { held, name, body: self.block() }
            }
            _ => return None,
        })
    }

    /// A label and a block: `name { }`.
    fn task(&mut self) -> (Option<Expr>, Block) {
        let label = self.opt_label(&[]);
        let called = label.as_ref().and_then(|label| self.task_of_call(label));
        (label, called.unwrap_or_else(|| self.block()))
    }

    /// `await h`. An action needs no `await`: it is reported, and stands for itself.
    fn awaited(&mut self) -> StmtKind {
        let (last, token) = (self.end_of_last(), self.token());
        match token.kind {
            TokenKind::Keyword(keyword) if keyword.starts_statement() && self.same_line() => {
                let fix = Span::new(last - "await".len() as u32, token.span.start);
                self.report(Message::AwaitsAction { word: keyword.text(), fix }, fix);
                self.fresh = self.next;
                self.deeper(Parser::statement_kind)
            }
            _ => StmtKind::Await(self.expr()),
        }
    }

    /// What `with` holds; `with lock l` says the word of its declaration again.
    fn held(&mut self) -> Ident {
        let (token, next) = (self.token(), self.nth(1));
        let declares = [Keyword::Lock, Keyword::Limiter, Keyword::Resource, Keyword::Pool];
        if let TokenKind::Keyword(keyword) = token.kind
            && declares.contains(&keyword)
            && self.same_line()
            && next.kind == TokenKind::Name
            && !next.newline
        {
            let fix = Span::new(token.span.start, next.span.start);
            self.report(Message::WordAgain { word: keyword.text(), fix }, token.span);
            self.bump();
        }
        // `with asyncio.TaskGroup()`: the method is reported, and nothing is held.
        if next.kind == TokenKind::Sign(Sign::Dot) && token.kind == TokenKind::Name && self.same_line() {
            let span = self.expr().span;
            return Ident { text: Name::from(""), span };
        }
        self.ident()
    }

    /// The braces of `word`, which is no function.
    fn tasks(&mut self, word: &str) -> Block {
        if self.at_sign(Sign::ParenOpen) && self.same_line() {
            let advice = Hint::new(format!("write `{word} {{ task a {{ }}  task b {{ }} }}`"));
            self.expected_but(What::Sign(Sign::BraceOpen), Some(advice));
        }
        self.block()
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
                let condition = self.condition();
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
            TokenKind::Name if self.opt_hyphens().is_some() => {
                let span = self.opt_hyphens().unwrap_or(token.span);
                let text = self.slice(span).to_owned();
                let advice = Hint::edit("in quotes it is a name", span, format!("\"{text}\""));
                self.expected_at(self.nth(1).span, Sign::BraceOpen, advice);
                while self.token().span.start < span.end && self.kind() != TokenKind::End {
                    self.bump();
                }
                let kind = ExprKind::Literal(Literal::Str(Name::from(text)));
                Some(Expr { kind, span, depth: 1 })
            }
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
