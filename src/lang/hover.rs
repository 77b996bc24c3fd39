//! What there is to say about the word at a place: what a construct does and what a task waits for there, what a name
//! stands for.

use crate::lang::around::{Holds, Variable, around};
use crate::lang::construct::{self, Construct};
use crate::lang::highlight::{Class, highlight};
use crate::lang::lexer::lex;
use crate::lang::names::{Names, Thing, builtin, declared_name};
use crate::lang::parser::{MAX_TEXT, parse};
use crate::lang::suspend::waits_of;
use crate::lang::syntax::{File, Stmt, StmtKind};
use crate::lang::token::{Keyword, Sign, Token, TokenKind};
use crate::span::{LineIndex, Span};

/// What there is to say about a word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hover {
    /// The word.
    pub span: Span,
    /// How it is written, or declared.
    pub code: String,
    /// What it does or stands for.
    pub text: String,
    /// What a task may wait for there; None where it does not wait.
    pub waits: Option<String>,
}

/// Characters of a declaration that are shown.
const LONGEST: usize = 80;

/// What there is to say about the word that holds the byte `offset` of `text`; None where there is none.
///
/// # Examples
///
/// ```
/// use taskscope::lang::hover;
///
/// let said = hover("sleep 1s", 2).unwrap();
/// assert_eq!(said.waits.as_deref(), Some("the time"));
/// assert_eq!(hover("log 1", 4), None);
/// ```
pub fn hover(text: &str, offset: usize) -> Option<Hover> {
    if text.len() > MAX_TEXT {
        return None;
    }
    let at = u32::try_from(offset).ok()?;
    let tokens = lex(text).tokens;
    let index = tokens.iter().position(|token| token.span.contains(at))?;
    let (token, after) = (tokens.get(index)?, tokens.get(index + 1));
    let before = index.checked_sub(1).and_then(|it| tokens.get(it));
    let word = text.get(token.span.range())?;
    let dot = before.is_some_and(|it| it.kind == TokenKind::Sign(Sign::Dot));
    let said = |construct: Construct| Hover {
        span: token.span,
        code: construct.syntax.to_owned(),
        text: construct.does.to_owned(),
        waits: construct.waits.map(str::to_owned),
    };
    match token.kind {
        TokenKind::Name | TokenKind::Keyword(_) if dot => construct::find(&construct::FIELDS, word).map(said),
        TokenKind::Keyword(Keyword::Close)
            if after.is_some_and(|it| it.kind == TokenKind::Sign(Sign::BraceOpen)) =>
        {
            construct::find(&construct::WORDS, word).map(said)
        }
        TokenKind::Keyword(Keyword::At)
            if before.is_some_and(|it| it.kind == TokenKind::Keyword(Keyword::Shutdown)) =>
        {
            Some(said(construct::keyword(Keyword::Shutdown)))
        }
        TokenKind::Keyword(keyword) => Some(said(construct::keyword(keyword))),
        TokenKind::Kind => Some(kind(text, word, token.span)),
        TokenKind::Name => name(text, word, token.span, before)
            .or_else(|| construct_of_name(text, word, token, before).map(said)),
        _ => None,
    }
}

/// A kind of error.
fn kind(text: &str, word: &str, span: Span) -> Hover {
    let built_in = construct::KINDS.iter().find(|it| it.0 == word).map(|it| it.1);
    let own = format!(
        "A kind of error, raised {} in this text.",
        times(text.matches(&format!("fail {word}")).count())
    );
    Hover { span, code: word.to_owned(), text: built_in.map_or(own, str::to_owned), waits: None }
}

fn times(count: usize) -> String {
    match count {
        0 => "nowhere".to_owned(),
        1 => "once".to_owned(),
        more => format!("{more} times"),
    }
}

/// A word that means something by itself: special where it stands, a built-in call, a fact, a job of a worker.
fn construct_of_name(text: &str, word: &str, token: &Token, before: Option<&Token>) -> Option<Construct> {
    let special = highlight(text).contains(&(token.span, Class::Keyword));
    if special {
        return construct::find(&construct::WORDS, word);
    }
    if before.is_some_and(|it| it.kind == TokenKind::Keyword(Keyword::Offload)) {
        return construct::find(&construct::BLOCKING, word);
    }
    builtin(word).map(construct::builtin).or_else(|| construct::find(&construct::FACTS, word))
}

/// A name that the text declares.
fn name(text: &str, word: &str, span: Span, before: Option<&Token>) -> Option<Hover> {
    // A word that is special where it stands is no name there.
    if highlight(text).contains(&(span, Class::Keyword)) {
        return None;
    }
    let (file, _) = parse(text);
    let names = Names::of(&file);
    // A variable is seen behind its own declaration.
    let place = around(text, &file, span.start);
    let declares = matches!(before.map(|it| it.kind), Some(TokenKind::Keyword(Keyword::Let | Keyword::For)));
    if let Some(variable) = place.variables.iter().rev().find(|it| &*it.name == word).filter(|_| !declares) {
        return Some(self::variable(text, variable, &names, span));
    }
    let declared = names.get(word)?;
    let stmt = statement(&file, word)?;
    let code = cut(text.get(stmt.head.range())?);
    let keyword = match declared.thing {
        Thing::Limiter(_) => Keyword::Limiter,
        Thing::Lock(_) => Keyword::Lock,
        Thing::Event(_) => Keyword::Event,
        Thing::Barrier(_) => Keyword::Barrier,
        Thing::Queue(_) => Keyword::Queue,
        Thing::Resource(_) => Keyword::Resource,
        Thing::Pool(_) => Keyword::Pool,
        Thing::Function(_) => return Some(function(text, &file, stmt, code, span)),
    };
    Some(Hover { span, code, text: construct::keyword(keyword).does.to_owned(), waits: None })
}

fn statement<'a>(file: &'a File, name: &str) -> Option<&'a Stmt> {
    file.statements.iter().find(|stmt| declared_name(&stmt.kind).is_some_and(|it| &*it.text == name))
}

fn variable(text: &str, variable: &Variable, names: &Names<'_>, span: Span) -> Hover {
    let what = match variable.holds {
        Holds::Value => "A variable",
        Holds::Error => "What the handler took",
        Holds::Response => "A response",
        Holds::Task => "The handle of a task",
        Holds::Deadline => "A deadline, for `extend`",
        Holds::Connection => "What is held",
        Holds::Parameter => "A parameter",
    };
    let lines = LineIndex::new(text);
    let line = lines.line(variable.span.start);
    let code = text.lines().nth(line as usize - 1).unwrap_or_default().trim();
    let changes = if names.is_assigned(&variable.name) { "" } else { "; it never changes" };
    let text = format!("{what}, declared in line {line}{changes}.");
    Hover { span, code: cut(code), text, waits: None }
}

fn function(text: &str, file: &File, stmt: &Stmt, code: String, span: Span) -> Hover {
    let StmtKind::Fn { name, .. } = &stmt.kind else {
        return Hover { span, code, text: String::new(), waits: None };
    };
    let heads: Vec<String> =
        waits_of(file, &name.text).into_iter().filter_map(|it| text.get(it.range())).map(cut).collect();
    let shown = heads.iter().take(4).map(|head| format!("`{head}`")).collect::<Vec<_>>().join(", ");
    let more = if heads.len() > 4 { format!(", and {} more", heads.len() - 4) } else { String::new() };
    let waits = (!heads.is_empty()).then(|| format!("{shown}{more}"));
    let does = if waits.is_some() { "A function that may wait." } else { "A function that never waits." };
    Hover { span, code, text: does.to_owned(), waits }
}

fn cut(text: &str) -> String {
    let mut short: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if let Some((end, _)) = short.char_indices().nth(LONGEST) {
        short.truncate(end);
        short.push('…');
    }
    short
}
