//! What kind of word may stand at a place, from the tokens before it.

use crate::lang::around::{Around, Holds};
use crate::lang::check::can_be_held;
use crate::lang::complete::sign;
use crate::lang::names::Thing;
use crate::lang::token::{Keyword, Sign, Token, TokenKind};

/// What may stand at a place.
pub enum Place {
    /// A statement, or one of these clauses.
    Statement { clauses: &'static [Keyword] },
    /// A task of a race or gather.
    Task,
    /// `open` or `close`.
    Part,
    /// An expression; an action with a value; a fact of the whole run.
    Expression { actions: bool, facts: bool },
    /// These words; `and` and `or`; the next statement on the line.
    Words { words: Vec<&'static str>, operators: bool, statements: bool },
    /// These keywords.
    Keywords(&'static [Keyword]),
    /// Something declared that fits.
    Things(fn(Thing) -> bool),
    /// What a query asks.
    Query,
    /// A variable that holds this.
    Holding(Holds),
    /// What a worker knows.
    Worker,
    /// A kind of error, or `*`.
    Kinds { star: bool },
    /// A field of this variable.
    Fields(Option<String>),
}

/// What may stand at the byte `at` of `text`, behind `tokens`. None where a name is given, and inside of texts.
pub fn place(text: &str, tokens: &[Token], at: usize, around: &Around) -> Option<Place> {
    let (last, before) = match tokens.split_last() {
        Some((last, before)) => (Some(last), before),
        None => (None, tokens),
    };
    let newline =
        last.is_none_or(|last| text.get(last.span.end as usize..at).is_some_and(|gap| gap.contains('\n')));
    let brackets = open_brackets(tokens);
    let Some(last) = last else { return Some(Place::Statement { clauses: &[] }) };
    if newline && !brackets && !continues(last.kind) {
        return statement(Some(last), around);
    }
    match last.kind {
        TokenKind::StrOpen | TokenKind::StrText | TokenKind::HoleClose => None,
        TokenKind::Sign(Sign::BraceOpen | Sign::BraceClose) => statement(Some(last), around),
        TokenKind::Sign(Sign::Dot) => {
            let of = before.last().filter(|it| it.kind == TokenKind::Name);
            Some(Place::Fields(of.and_then(|it| text.get(it.span.range())).map(str::to_owned)))
        }
        TokenKind::Keyword(keyword) if !is_value(keyword) && sign(before.last()) != Some(Sign::Dot) => {
            after_keyword(keyword)
        }
        TokenKind::Sign(Sign::Comma) if !brackets => Some(match head(tokens) {
            Some((Keyword::Pool, _)) => words(vec!["overflow"], false, false),
            _ => Place::Expression { actions: false, facts: false },
        }),
        TokenKind::Sign(Sign::ParenOpen)
            if before.last().is_some_and(|it| text.get(it.span.range()) == Some("peak")) =>
        {
            Some(Place::Things(can_be_held))
        }
        TokenKind::Sign(Sign::Assign) => {
            let declares = matches!(head(tokens), Some((keyword, _)) if keyword != Keyword::Let);
            Some(Place::Expression { actions: !declares, facts: false })
        }
        TokenKind::Sign(Sign::ParenClose | Sign::BracketClose)
        | TokenKind::Name
        | TokenKind::Kind
        | TokenKind::Number
        | TokenKind::StrClose
        | TokenKind::Keyword(_) => after_operand(text, tokens, brackets, around),
        TokenKind::Sign(Sign::Star)
            if matches!(before.last().map(|it| it.kind), Some(TokenKind::Keyword(Keyword::Catch))) =>
        {
            Some(words(vec!["as"], false, false))
        }
        _ => Some(Place::Expression {
            actions: false,
            facts: matches!(head(tokens), Some((Keyword::Expect, _))),
        }),
    }
}

fn words(words: Vec<&'static str>, operators: bool, statements: bool) -> Place {
    Place::Words { words, operators, statements }
}

/// Where a statement may begin.
fn statement(last: Option<&Token>, around: &Around) -> Option<Place> {
    use Keyword as K;
    if around.in_resource {
        return Some(Place::Part);
    }
    let closes = sign(last) == Some(Sign::BraceClose);
    if around.only_tasks {
        return Some(Place::Task);
    }
    Some(Place::Statement { clauses: if closes { &[K::Else, K::Catch, K::Finally] } else { &[] } })
}

/// Whether a line goes on behind such a token.
fn continues(kind: TokenKind) -> bool {
    match kind {
        TokenKind::Sign(sign) => !matches!(
            sign,
            Sign::BraceOpen
                | Sign::BraceClose
                | Sign::ParenClose
                | Sign::BracketClose
                | Sign::Assign
                | Sign::Star
        ),
        TokenKind::Keyword(keyword) => matches!(keyword, Keyword::And | Keyword::Or | Keyword::Not),
        _ => false,
    }
}

/// Whether brackets are open at the end of the tokens; a block inside closes them for its statements.
fn open_brackets(tokens: &[Token]) -> bool {
    let mut closed = 0_usize;
    for token in tokens.iter().rev() {
        match token.kind {
            TokenKind::Sign(Sign::ParenClose | Sign::BracketClose) => closed += 1,
            TokenKind::Sign(Sign::ParenOpen | Sign::BracketOpen) if closed == 0 => return true,
            TokenKind::Sign(Sign::ParenOpen | Sign::BracketOpen) => closed -= 1,
            TokenKind::Sign(Sign::BraceOpen | Sign::BraceClose) | TokenKind::HoleOpen => return false,
            // A statement begins there, whatever was open before.
            TokenKind::Keyword(keyword) if token.newline && keyword.starts_statement() => return false,
            _ => {}
        }
    }
    false
}

/// The keyword of the statement that the tokens end in, and where it stands among them.
fn head(tokens: &[Token]) -> Option<(Keyword, usize)> {
    for (at, token) in tokens.iter().enumerate().rev() {
        let after_dot = at > 0 && sign(tokens.get(at - 1)) == Some(Sign::Dot);
        match token.kind {
            TokenKind::Keyword(Keyword::Catch) => return Some((Keyword::Catch, at)),
            TokenKind::Keyword(keyword) if keyword.starts_statement() && !after_dot => {
                // `shutdown at` is one statement.
                let shutdown = at.checked_sub(1).and_then(|it| tokens.get(it)).map(|it| it.kind);
                if keyword == Keyword::At && shutdown == Some(TokenKind::Keyword(Keyword::Shutdown)) {
                    return Some((Keyword::Shutdown, at - 1));
                }
                return Some((keyword, at));
            }
            TokenKind::Sign(Sign::BraceOpen | Sign::BraceClose) => return None,
            // The first word of a line that is no keyword begins a statement, if the line before did not go on.
            _ if token.newline
                && !matches!(token.kind, TokenKind::Sign(_))
                && (at == 0 || tokens.get(at - 1).is_some_and(|it| !continues(it.kind))) =>
            {
                return None;
            }
            _ => {}
        }
    }
    None
}

fn is_value(keyword: Keyword) -> bool {
    matches!(keyword, Keyword::True | Keyword::False | Keyword::None)
}

fn after_keyword(keyword: Keyword) -> Option<Place> {
    use Keyword as K;
    let queue: fn(Thing) -> bool = |it| matches!(it, Thing::Queue(_));
    Some(match keyword {
        K::With => Place::Things(can_be_held),
        K::Put | K::Take | K::Done | K::Join | K::Close => Place::Things(queue),
        K::Set | K::Clear => Place::Things(|it| matches!(it, Thing::Event(_))),
        K::Wait => Place::Things(|it| matches!(it, Thing::Event(_) | Thing::Barrier(_))),
        K::Query => Place::Query,
        K::Fail => Place::Kinds { star: false },
        K::Catch => Place::Kinds { star: true },
        K::Await | K::Cancel => Place::Holding(Holds::Task),
        K::Raise => Place::Holding(Holds::Error),
        K::Extend => Place::Holding(Holds::Deadline),
        K::Offload => Place::Worker,
        K::Else => Place::Keywords(&[K::If]),
        K::Shutdown => Place::Keywords(&[K::At]),
        K::Scope => words(vec!["collect"], false, false),
        K::Race => words(vec!["ok"], false, false),
        K::Gather => words(vec!["keep"], false, false),
        K::Return => Place::Expression { actions: true, facts: false },
        K::Expect => Place::Expression { actions: false, facts: true },
        // A new name, a text, or a block.
        K::Let | K::Limiter | K::Lock | K::Event | K::Barrier | K::Queue | K::Resource | K::Pool | K::Fn => {
            return None;
        }
        K::For | K::Task | K::Detach | K::Scenario | K::Seed | K::Workers | K::Try | K::Finally => {
            return None;
        }
        K::Break | K::Continue => return None,
        _ => Place::Expression { actions: false, facts: false },
    })
}

/// Behind an operand: words that go on with its statement.
fn after_operand(text: &str, tokens: &[Token], brackets: bool, around: &Around) -> Option<Place> {
    use Keyword as K;
    if brackets {
        return Some(words(Vec::new(), true, false));
    }
    let Some((keyword, at)) = head(tokens) else {
        return Some(words(Vec::new(), true, around.in_block && !around.only_tasks));
    };
    let rest = tokens.get(at + 1..).unwrap_or_default();
    let said = |word: &str| {
        rest.iter().any(|it| it.kind == TokenKind::Name && text.get(it.span.range()) == Some(word))
    };
    let first = rest.len() == 1;
    let (list, operators): (Vec<&'static str>, bool) = match keyword {
        K::For if first => return Some(words(vec!["in"], false, false)),
        K::For if said("to") => (vec!["every"], false),
        K::For => (vec!["to"], true),
        K::Fetch => (vec!["in", "status", "gives"], false),
        K::Query if first => return Some(Place::Expression { actions: false, facts: false }),
        K::Query => (vec!["in", "gives"], false),
        K::Offload => (vec!["in"], false),
        K::Timeout => (vec!["as"], false),
        K::With | K::Catch => (vec!["as"], false),
        K::Limiter if said("per") || first => (Vec::new(), false),
        K::Limiter => (vec!["per"], false),
        K::Pool => (vec!["of"], false),
        K::Retry => (vec!["backoff", "jitter"], false),
        K::Scope => (vec!["collect"], false),
        K::Race => (vec!["ok"], false),
        K::Gather => (vec!["keep"], false),
        K::Shutdown => (vec!["grace"], false),
        K::Put | K::Extend if first => return Some(Place::Expression { actions: false, facts: false }),
        K::Lock
        | K::Event
        | K::Barrier
        | K::Queue
        | K::Resource
        | K::Fn
        | K::Scenario
        | K::Task
        | K::Detach => (Vec::new(), false),
        _ => (Vec::new(), true),
    };
    let list = list.into_iter().filter(|word| !said(word)).collect();
    Some(words(list, operators, around.in_block && !around.only_tasks))
}
