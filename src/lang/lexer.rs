//! Cuts a scenario's text into tokens. Never fails: what it does not know it reports and leaves out.
//!
//! A text with holes becomes several tokens, so that the parser sees the expressions inside; a stack of open
//! braces tells which `}` ends a hole. A text ends at the end of its line at the latest.

use crate::diag::Diagnostic;
use crate::lang::message::Message;
use crate::lang::parser::MAX_DIAGNOSTICS;
use crate::lang::token::{Keyword, Sign, Token, TokenKind};
use crate::span::Span;

/// What the text was cut into.
pub struct Lexed {
    /// The tokens; the last is [`TokenKind::End`].
    pub tokens: Vec<Token>,
    /// `# …` up to the end of the line, that not included.
    pub comments: Vec<Span>,
    /// What was wrong.
    pub diagnostics: Vec<Diagnostic>,
}

/// Cuts `text`, which must be shorter than 4 GB.
pub fn lex(text: &str) -> Lexed {
    let out =
        Lexed { tokens: Vec::with_capacity(text.len() / 4), comments: Vec::new(), diagnostics: Vec::new() };
    let mut lexer = Lexer { text, at: 0, newline: false, open: Vec::new(), texts: Vec::new(), out };
    if text.starts_with('\u{feff}') {
        lexer.at = '\u{feff}'.len_utf8();
    }
    while lexer.at < text.len() {
        lexer.token();
    }
    lexer.break_off_texts();
    lexer.push(TokenKind::End, text.len());
    lexer.out
}

/// An open brace: of a block, or of a hole in a text.
#[derive(Clone, Copy, PartialEq)]
enum Open {
    Block,
    Hole,
}

struct Lexer<'a> {
    text: &'a str,
    at: usize,
    newline: bool,
    open: Vec<Open>,
    /// The quotes of the texts that are not closed yet.
    texts: Vec<Span>,
    out: Lexed,
}

impl Lexer<'_> {
    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> u8 {
        self.text.as_bytes().get(self.at).copied().unwrap_or(0)
    }

    fn span_from(&self, start: usize) -> Span {
        Span::new(start as u32, self.at as u32)
    }

    fn report(&mut self, message: Message, span: Span) {
        if self.out.diagnostics.len() < MAX_DIAGNOSTICS {
            self.out.diagnostics.push(message.at(span));
        }
    }

    /// A token from `start` up to here.
    fn push(&mut self, kind: TokenKind, start: usize) {
        let (span, newline) = (self.span_from(start), self.newline);
        self.newline = false;
        self.out.tokens.push(Token { kind, span, newline });
    }

    fn bump_while(&mut self, keep: impl Fn(u8) -> bool) {
        let length = self.rest().bytes().take_while(|byte| keep(*byte)).count();
        self.at += length;
    }

    fn token(&mut self) {
        let start = self.at;
        match self.peek() {
            b'\n' => {
                self.break_off_texts();
                self.newline = true;
                self.at += 1;
            }
            b' ' | b'\t' | b'\r' => self.at += 1,
            b'#' => {
                self.bump_while(|byte| byte != b'\n');
                let comment = self.span_from(start);
                let ends_in_return = self.text.get(comment.range()).is_some_and(|it| it.ends_with('\r'));
                let end = comment.end - u32::from(ends_in_return);
                self.out.comments.push(Span::new(comment.start, end));
            }
            b'"' => {
                self.at += 1;
                self.texts.push(self.span_from(start));
                self.push(TokenKind::StrOpen, start);
                self.text_piece();
            }
            b'0'..=b'9' => self.number(),
            b'a'..=b'z' | b'A'..=b'Z' | b'_' => self.word(),
            b'(' | b')' | b'{' | b'}' | b'[' | b']' | b',' | b'.' | b':' => self.sign(),
            _ if self.foreign_text() || self.foreign_sign() => {}
            _ => self.sign(),
        }
    }

    /// `12` · `1.5` · `250ms` · `1_000`.
    fn number(&mut self) {
        let start = self.at;
        self.bump_while(|byte| byte.is_ascii_digit() || byte == b'_');
        // The second dot of `1..5` is a range, not a fraction.
        let fraction = self.rest().as_bytes();
        if fraction.first() == Some(&b'.') && fraction.get(1).is_some_and(u8::is_ascii_digit) {
            self.at += 1;
            self.bump_while(|byte| byte.is_ascii_digit() || byte == b'_');
        }
        self.bump_while(is_word);
        self.push(TokenKind::Number, start);
    }

    fn word(&mut self) {
        let start = self.at;
        self.bump_while(is_word);
        let span = self.span_from(start);
        let word = self.text.get(span.range()).unwrap_or_default();
        let upper_first = word.starts_with(|c: char| c.is_ascii_uppercase());
        let kind = match Keyword::of(word) {
            Some(keyword) => TokenKind::Keyword(keyword),
            None if upper_first => TokenKind::Kind,
            None => TokenKind::Name,
        };
        let misshapen =
            if upper_first { word.contains('_') } else { word.bytes().any(|b| b.is_ascii_uppercase()) };
        if misshapen {
            let found = word.to_owned();
            self.report(Message::Misshapen { found, kind: upper_first }, span);
        }
        self.push(kind, start);
    }

    fn sign(&mut self) {
        let start = self.at;
        // The first byte settles most of them, without a call.
        let begins = |sign: &Sign| sign.text().as_bytes().first() == Some(&self.peek());
        let found = Sign::ALL.iter().filter(|it| begins(it)).find(|it| self.rest().starts_with(it.text()));
        let Some(&sign) = found else { return self.unknown() };
        self.at += sign.text().len();
        match sign {
            Sign::BraceOpen => self.open.push(Open::Block),
            Sign::BraceClose if self.open.pop() == Some(Open::Hole) => {
                self.push(TokenKind::HoleClose, start);
                return self.text_piece();
            }
            _ => {}
        }
        self.push(TokenKind::Sign(sign), start);
    }

    /// Characters that begin nothing: the whole run is one mistake.
    fn unknown(&mut self) {
        let start = self.at;
        let known = |c: char| c.is_ascii_alphanumeric() || " \t\r\n\"#_{}()[],:.=<>+-*/%".contains(c);
        let length = self.rest().find(known).unwrap_or(self.rest().len());
        self.at += length;
        let span = self.span_from(start);
        let found: String = self.text.get(span.range()).unwrap_or_default().chars().take(12).collect();
        // Whatever it was, a statement ended there.
        self.newline |= found == ";";
        if found == "?" {
            // `a ? b : c`: what follows makes no sense by itself.
            self.bump_while(|byte| byte != b'\n');
        }
        self.report(Message::UnknownCharacters { found }, span);
    }

    /// A sign of another language that means what one here does: reported, and read as that.
    fn foreign_sign(&mut self) -> bool {
        let Some((sign, meant)) = FOREIGN_SIGNS.iter().find(|it| self.rest().starts_with(it.0)) else {
            return false;
        };
        // `!=` is our own.
        if *sign == "!" && self.rest().starts_with("!=") {
            return false;
        }
        let start = self.at;
        self.at += sign.len();
        let span = self.span_from(start);
        self.report(Message::UnknownCharacters { found: (*sign).to_owned() }, span);
        self.push(*meant, start);
        true
    }

    /// A text in quotes of another kind: reported, and read as a text. One that is not closed on its line is none.
    fn foreign_text(&mut self) -> bool {
        let rest = self.rest();
        let Some((open, close)) = FOREIGN_QUOTES.iter().find(|it| rest.starts_with(it.0)) else {
            return false;
        };
        let line = rest.lines().next().unwrap_or_default();
        let Some(length) = line.get(open.len_utf8()..).and_then(|inner| inner.find(*close)) else {
            return false;
        };
        let start = self.at;
        self.at += open.len_utf8();
        self.push(TokenKind::StrOpen, start);
        let inner = self.at;
        self.at += length;
        self.text_chars(inner);
        let end = self.at;
        self.at += close.len_utf8();
        let text = self.text.get(inner..end).unwrap_or_default().replace('"', "\\\"");
        let span = self.span_from(start);
        self.report(Message::ForeignQuotes { text }, span);
        self.push(TokenKind::StrClose, end);
        true
    }

    /// From inside a text up to its end, the end of the line, or its next hole.
    fn text_piece(&mut self) {
        let start = self.at;
        loop {
            let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
            match (rest.first(), rest.get(1)) {
                (None | Some(b'\n'), _) => {
                    self.text_chars(start);
                    return self.break_off();
                }
                (Some(b'"'), _) => {
                    self.text_chars(start);
                    self.at += 1;
                    self.texts.pop();
                    return self.push(TokenKind::StrClose, self.at - 1);
                }
                (Some(b'\\'), Some(b'n' | b't' | b'"' | b'\\')) => self.at += 2,
                (Some(b'\\'), _) => {
                    self.at += 1;
                    let span = self.span_from(self.at - 1);
                    self.report(Message::UnknownEscape, span);
                }
                (Some(b'{'), Some(b'{')) | (Some(b'}'), Some(b'}')) => self.at += 2,
                (Some(b'{'), _) => {
                    self.text_chars(start);
                    self.at += 1;
                    self.open.push(Open::Hole);
                    return self.push(TokenKind::HoleOpen, self.at - 1);
                }
                (Some(b'}'), _) => {
                    self.at += 1;
                    let span = self.span_from(self.at - 1);
                    self.report(Message::LoneBrace, span);
                }
                _ => self.at += 1,
            }
        }
    }

    fn text_chars(&mut self, start: usize) {
        if start < self.at {
            self.push(TokenKind::StrText, start);
        }
    }

    /// A text ends here although its quote is missing.
    fn break_off(&mut self) {
        let end = self.text.get(..self.at).unwrap_or_default().trim_end_matches('\r').len() as u32;
        let opened = self.texts.pop().unwrap_or(Span::new(end, end));
        // Of texts in holes of texts the outermost stands for all.
        if self.texts.is_empty() {
            self.report(Message::UnclosedText { end }, Span::new(opened.start, end));
        }
        self.push(TokenKind::StrClose, self.at);
    }

    /// At the end of a line no hole stays open, and so no text.
    fn break_off_texts(&mut self) {
        while !self.texts.is_empty() {
            let hole = self.open.iter().rposition(|open| *open == Open::Hole);
            self.open.truncate(hole.unwrap_or(0));
            self.push(TokenKind::HoleClose, self.at);
            self.break_off();
        }
    }
}

/// What people write for the signs of this language; of two that begin alike, the longer first.
const FOREIGN_SIGNS: [(&str, TokenKind); 6] = [
    ("===", TokenKind::Sign(Sign::Eq)),
    ("!==", TokenKind::Sign(Sign::Ne)),
    ("<>", TokenKind::Sign(Sign::Ne)),
    ("&&", TokenKind::Keyword(Keyword::And)),
    ("||", TokenKind::Keyword(Keyword::Or)),
    ("!", TokenKind::Keyword(Keyword::Not)),
];

/// What people put texts between.
const FOREIGN_QUOTES: [(char, char); 3] = [('\'', '\''), ('`', '`'), ('\u{201c}', '\u{201d}')];

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}
