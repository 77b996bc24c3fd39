//! Classes of tokens, for an editor to colour.

use crate::lang::lexer::lex;
use crate::lang::parser::MAX_TEXT;
use crate::lang::token::{Keyword, Sign, Token, TokenKind};
use crate::order;
use crate::span::Span;

/// What a piece of text is, as far as colour goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Class {
    /// A reserved word, or a word that is special where it stands.
    Keyword,
    /// A name.
    Name,
    /// The name of what is called.
    Function,
    /// A name where it is declared: after `fn`, `limiter`, `task`, …
    Definition,
    /// An error kind.
    Kind,
    /// A number without a unit.
    Number,
    /// A length of time.
    Duration,
    /// Text, quotes included.
    Text,
    /// The brace of a hole in a text.
    Hole,
    /// `true`, `false`, `none`.
    Constant,
    /// A sign.
    Sign,
    /// `# …`.
    Comment,
}

impl Class {
    /// A word for it, as style sheets and editors want one.
    pub fn name(self) -> &'static str {
        match self {
            Class::Keyword => "keyword",
            Class::Name => "name",
            Class::Function => "function",
            Class::Definition => "definition",
            Class::Kind => "kind",
            Class::Number => "number",
            Class::Duration => "duration",
            Class::Text => "text",
            Class::Hole => "hole",
            Class::Constant => "constant",
            Class::Sign => "sign",
            Class::Comment => "comment",
        }
    }
}

/// The pieces of `text` that have a class: in order, none empty, none over another. A text that is too long
/// to be read has none.
pub fn highlight(text: &str) -> Vec<(Span, Class)> {
    if text.len() > MAX_TEXT {
        return Vec::new();
    }
    let lexed = lex(text);
    let mut pieces: Vec<(Span, Class)> = lexed.comments.iter().map(|span| (*span, Class::Comment)).collect();
    for (at, token) in lexed.tokens.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|at| lexed.tokens.get(at));
        let after = lexed.tokens.get(at + 1);
        if let (Some(class), true) = (class(text, before, *token, after), token.span.start < token.span.end) {
            pieces.push((token.span, class));
        }
    }
    order::by_key(&mut pieces, |piece| piece.0.start);
    pieces
}

fn class(text: &str, before: Option<&Token>, token: Token, after: Option<&Token>) -> Option<Class> {
    let word = text.get(token.span.range()).unwrap_or_default();
    let after_dot = before.is_some_and(|it| it.kind == TokenKind::Sign(Sign::Dot));
    Some(match token.kind {
        TokenKind::Keyword(_) if after_dot => Class::Name,
        TokenKind::Keyword(Keyword::True | Keyword::False | Keyword::None) => Class::Constant,
        TokenKind::Keyword(_) => Class::Keyword,
        TokenKind::Kind => Class::Kind,
        TokenKind::Number if word.ends_with(|c: char| c.is_ascii_alphabetic()) => Class::Duration,
        TokenKind::Number => Class::Number,
        TokenKind::StrOpen | TokenKind::StrText | TokenKind::StrClose => Class::Text,
        TokenKind::HoleOpen | TokenKind::HoleClose => Class::Hole,
        TokenKind::Sign(_) => Class::Sign,
        TokenKind::Name if after_dot => Class::Name,
        TokenKind::Name => name_class(word, before, token, after),
        TokenKind::End => return None,
    })
}

fn name_class(word: &str, before: Option<&Token>, token: Token, after: Option<&Token>) -> Class {
    let after = after.filter(|it| !it.newline).map(|it| it.kind);
    let before_kind = before.filter(|_| !token.newline).map(|it| it.kind);
    let defined = matches!(before_kind, Some(TokenKind::Keyword(it)) if defines(it));
    // A modifier stands before a brace: `race ok {`, `scope s collect {`.
    let before_brace = after == Some(TokenKind::Sign(Sign::BraceOpen));
    match (before_kind, after) {
        _ if before_brace && matches!(word, "collect" | "ok" | "keep" | "jitter" | "open") => Class::Keyword,
        _ if defined => Class::Definition,
        // A word that is special follows something on its line and begins something else.
        (Some(before), Some(next)) if is_special(word) && ends_operand(before) && begins_operand(next) => {
            Class::Keyword
        }
        (_, Some(TokenKind::Sign(Sign::ParenOpen))) => Class::Function,
        _ => Class::Name,
    }
}

/// Whether a name after this word is declared by it.
fn defines(keyword: Keyword) -> bool {
    use Keyword::{
        Barrier, Detach, Event, Fn, For, Gather, Let, Limiter, Lock, Pool, Queue, Race, Resource, Scope, Task,
    };
    matches!(
        keyword,
        Barrier
            | Detach
            | Event
            | Fn
            | For
            | Gather
            | Let
            | Limiter
            | Lock
            | Pool
            | Queue
            | Race
            | Resource
            | Scope
            | Task
    )
}

fn is_special(word: &str) -> bool {
    matches!(
        word,
        "per"
            | "of"
            | "overflow"
            | "in"
            | "to"
            | "every"
            | "as"
            | "status"
            | "gives"
            | "backoff"
            | "jitter"
            | "grace"
    )
}

fn ends_operand(kind: TokenKind) -> bool {
    matches!(
        kind,
        TokenKind::Name
            | TokenKind::Kind
            | TokenKind::Number
            | TokenKind::StrClose
            | TokenKind::Sign(Sign::ParenClose | Sign::BracketClose | Sign::Star | Sign::Comma)
    )
}

fn begins_operand(kind: TokenKind) -> bool {
    matches!(
        kind,
        TokenKind::Name
            | TokenKind::Number
            | TokenKind::StrOpen
            | TokenKind::Sign(Sign::ParenOpen | Sign::BracketOpen | Sign::Minus)
    )
}
