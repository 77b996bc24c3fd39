//! Every sentence that is said about a scenario, with its code, its labels and its hints.
//!
//! Codes are stable: one that is no longer used is not given again. E00x are about characters, E01x about the
//! shape of statements, E02x about names and values, E03x about places, E04x about what is written so in other
//! languages; W.. run but do harm.

use crate::diag::{Diagnostic, Edit, Hint};
use crate::lang::near::nearest_keyword;
use crate::lang::parser::{MAX_NESTING, MAX_TEXT, UNITS};
use crate::lang::token::Sign;
use crate::span::Span;

mod describe;

/// What the parser looked for, or found.
#[derive(Clone, Debug, PartialEq)]
pub enum What {
    /// A sign.
    Sign(Sign),
    /// A word that is special here.
    Word(&'static str),
    /// A name.
    Name,
    /// A name after a dot.
    FieldName,
    /// An error kind.
    Kind,
    /// What may follow `catch`.
    KindOrStar,
    /// An expression.
    Expression,
    /// A statement.
    Statement,
    /// What stands in a resource.
    OpenOrClose,
    /// The end of a hole.
    HoleEnd,
    /// Found: a text.
    Text,
    /// Found: the end of the line.
    LineEnd,
    /// Found: the end of the file.
    End,
    /// Found: something else, as written.
    Found(String),
}

/// What is wrong with a number.
#[derive(Clone, Debug, PartialEq)]
pub enum NumberFault {
    /// It does not fit.
    TooLarge,
    /// Time has whole microseconds.
    TooFine,
    /// Nobody knows the unit.
    Unit(String),
    /// The unit stands apart from the number.
    Apart { unit: String, fix: Edit },
}

/// What there is to say.
#[derive(Clone, Debug, PartialEq)]
pub enum Message {
    /// The text is too long to be read.
    TooLong { length: usize },
    /// Blocks or expressions stand too deep in each other.
    TooDeep,
    /// Characters that begin nothing.
    UnknownCharacters { found: String },
    /// A text between other quotes.
    ForeignQuotes { text: String },
    /// A text without its closing quote.
    UnclosedText { end: u32 },
    /// A backslash before something else.
    UnknownEscape,
    /// A `}` alone in a text.
    LoneBrace,
    /// A number that is none.
    Number(NumberFault),
    /// A name that is not written as names are.
    Misshapen { found: String, kind: bool },

    /// Something else was expected.
    Expected { what: What, found: What, advice: Option<Hint> },
    /// A bracket without its partner.
    UnclosedBracket { sign: Sign, close: Sign },
    /// A statement that begins with an unknown word.
    UnknownWord { word: String, span: Span },
    /// A reserved word that begins nothing.
    UnknownStatement,
    /// A block without its closing brace; where it probably is.
    UnclosedBrace { suspect: Option<Span> },
    /// A closing brace without a block.
    StrayBrace,
    /// Two statements on a line.
    SameLine,
    /// A reserved word as a name.
    Reserved { word: &'static str },
    /// A reserved word as the name of a task or scope.
    ReservedLabel { word: &'static str, span: Span },
    /// Clauses in the wrong order.
    ClauseOrder { late: &'static str, early: &'static str },
    /// A clause twice.
    ClauseTwice { clause: &'static str },
    /// A clause that follows nothing.
    ClauseAlone { word: String },
    /// `else` after a block that takes none.
    ElseNotHere,
    /// `try` without a clause.
    TryAlone,
    /// `a < b < c`.
    Chained { fix: Edit },
    /// `xs[0] = 1`.
    NotAssignable,
    /// `let x = sleep 1s`.
    NoValue { word: &'static str },
    /// `xs[]` · `xs[1, 2]`.
    OneIndex,
    /// `()` · `(1, 2)`.
    EmptyParens,
    /// `f(1)(2)`.
    NotCallable,
    /// `limiter x = 1, 2`.
    LimitTwice,

    /// A name that nothing has.
    Undeclared { name: String, near: Option<String>, span: Span, advice: Option<Hint> },
    /// A variable that is declared further down.
    UsedBefore { name: String, declared: Span },
    /// A limiter, queue, … that nothing is; what it should be.
    UndeclaredThing { name: String, near: Option<String>, wanted: &'static str, span: Span },
    /// A name twice.
    Duplicate { name: String, first: Option<Span>, what: &'static str },
    /// Something declared as another kind.
    WrongThing {
        name: String,
        found: &'static str,
        wanted: &'static str,
        declared: Span,
        hint: Option<&'static str>,
    },
    /// Something shared used as a value.
    NotAValue { name: String, found: &'static str, declared: Option<Span> },
    /// A function that does not exist.
    UnknownFunction { name: String, near: Option<String>, span: Span, blocking: bool, advice: Option<Hint> },
    /// Too many arguments, or too few.
    Arguments { name: String, wanted: String, found: usize, declared: Option<Span> },
    /// A field that nothing has.
    UnknownField { name: String, near: Option<String>, span: Span },
    /// A field that this value does not have.
    NoField { name: String, found: &'static str },
    /// A value of another type.
    WrongType { wanted: &'static str, found: &'static str, number: Option<Span> },
    /// Operands that do not go together.
    Operands { op: &'static str, left: &'static str, right: &'static str },
    /// An operand that the operator does not take.
    Operand { op: &'static str, found: &'static str },
    /// Something that is not constant where the run has not begun.
    NotConstant { what: &'static str },
    /// A number out of bounds.
    OutOfBounds { what: &'static str, wanted: &'static str },

    /// A word or form of another language.
    Habit { word: String, advice: Hint },
    /// `raise Kind`.
    RaisesKind,
    /// `with lock l`.
    WordAgain { word: &'static str, fix: Span },
    /// `q.put(1)`.
    Method { name: String, advice: Option<Hint> },
    /// `if x:`, with the block that follows it.
    Colon { block: Option<Edit> },
    /// `// a comment`.
    Slashes,
    /// `if x = 1`.
    Equals,
    /// `x += 1`.
    Compound { sign: String, fix: Edit },
    /// `await sleep 1s`.
    AwaitsAction { word: &'static str, fix: Span },
    /// `await f()`, of a function that gives no task.
    AwaitsCall { name: String, fix: Span },
    /// A block that begins on a line of its own.
    BraceBelow { gap: Span },

    /// `break` outside a loop.
    OutsideLoop { word: &'static str },
    /// `return` outside a function or task.
    OutsideFunction,
    /// A bare `raise` outside a handler.
    OutsideHandler,
    /// Something else than tasks in a race.
    OnlyTasks { block: &'static str },
    /// A race without a task.
    NoTasks { block: &'static str },
    /// A declaration inside a block.
    TopLevelOnly { what: &'static str },
    /// A setting twice.
    Again { word: &'static str, first: Span },
    /// A fact of the whole run elsewhere than in an expectation.
    FactOutside { name: String },
    /// A call in an expectation over the whole run.
    CallInExpectation,
    /// `return` out of a `finally`.
    LeavesFinally { word: &'static str },

    /// `detach`.
    Leaked,
    /// `gather`.
    Gathered { keep: bool },
    /// `work` for long.
    Blocking,
    /// `fetch` without a timeout.
    NoTimeout,
    /// Many tasks that fetch at once.
    FanOut { fetch: Span },
    /// A shared variable that is written from what was read before a wait.
    Stale { name: String, read: Span },
    /// A task that its timeout does not bind.
    Unbound { timeout: Span },
    /// Pieces of work that hold the loop together; the last of several.
    AddsUp { us: i64, last: Option<Span> },
    /// A lock that is held across a slow wait.
    HeldAcross { lock: String, wait: Span },
    /// A queue whose items are never done.
    NeverDone { queue: String, join: Span },
    /// A catch-all that takes a timeout and tells nobody.
    Hidden { timeout: Span },
    /// A retry that fails every time.
    InVain { fails: Span },
    /// A clause for a kind that nothing raises, and one that is raised and looks like it.
    CatchesNothing { kind: String, near: String },
}

impl Message {
    /// As a diagnostic about the place `span`.
    pub fn at(self, span: Span) -> Diagnostic {
        let (code, text) = (self.code(), self.text());
        let said = match code.starts_with('W') {
            true => Diagnostic::warning(code, span, text),
            false => Diagnostic::error(code, span, text),
        };
        self.advise(said)
    }

    /// The stable code.
    fn code(&self) -> &'static str {
        match self {
            Message::TooLong { .. } => "E001",
            Message::TooDeep => "E002",
            Message::UnknownCharacters { .. } | Message::ForeignQuotes { .. } => "E003",
            Message::UnclosedText { .. } => "E004",
            Message::UnknownEscape => "E005",
            Message::LoneBrace => "E006",
            Message::Number(_) => "E007",
            Message::Misshapen { .. } => "E008",
            Message::Expected { .. } | Message::UnknownStatement => "E010",
            Message::UnknownWord { .. } => "E011",
            Message::UnclosedBrace { .. } | Message::UnclosedBracket { .. } => "E012",
            Message::StrayBrace => "E013",
            Message::SameLine => "E014",
            Message::Reserved { .. } | Message::ReservedLabel { .. } | Message::WordAgain { .. } => "E015",
            Message::ClauseOrder { .. }
            | Message::ClauseTwice { .. }
            | Message::ClauseAlone { .. }
            | Message::ElseNotHere
            | Message::TryAlone => "E016",
            Message::Chained { .. } => "E017",
            Message::NotAssignable => "E018",
            Message::NoValue { .. } => "E019",
            Message::OneIndex | Message::EmptyParens | Message::NotCallable | Message::LimitTwice => "E010",
            Message::Undeclared { .. } | Message::UndeclaredThing { .. } => "E020",
            Message::UsedBefore { .. } => "E021",
            Message::Duplicate { .. } => "E022",
            Message::WrongThing { .. } | Message::NotAValue { .. } => "E023",
            Message::UnknownFunction { .. } => "E024",
            Message::Arguments { .. } => "E025",
            Message::UnknownField { .. } | Message::NoField { .. } => "E026",
            Message::WrongType { .. } | Message::Operands { .. } | Message::Operand { .. } => "E027",
            Message::NotConstant { .. } => "E028",
            Message::OutOfBounds { .. } => "E029",
            Message::OutsideLoop { .. } => "E030",
            Message::OutsideFunction => "E031",
            Message::OutsideHandler => "E032",
            Message::OnlyTasks { .. } | Message::NoTasks { .. } => "E033",
            Message::TopLevelOnly { .. } => "E034",
            Message::Again { .. } => "E035",
            Message::FactOutside { .. } | Message::CallInExpectation => "E036",
            Message::LeavesFinally { .. } => "E037",
            Message::Method { .. } => "E040",
            Message::Colon { .. } => "E041",
            Message::Slashes => "E042",
            Message::Equals => "E043",
            Message::Habit { .. } | Message::RaisesKind => "E044",
            Message::Compound { .. } => "E045",
            Message::AwaitsAction { .. } | Message::AwaitsCall { .. } => "E046",
            Message::BraceBelow { .. } => "E047",
            Message::Leaked => "W01",
            Message::Gathered { .. } => "W02",
            Message::Blocking => "W03",
            Message::AddsUp { .. } => "W04",
            Message::NoTimeout => "W05",
            Message::FanOut { .. } => "W06",
            Message::HeldAcross { .. } => "W07",
            Message::Stale { .. } => "W08",
            Message::NeverDone { .. } => "W09",
            Message::Hidden { .. } => "W10",
            Message::InVain { .. } => "W11",
            Message::Unbound { .. } => "W12",
            Message::CatchesNothing { .. } => "W13",
        }
    }

    /// Other places and advice.
    fn advise(self, said: Diagnostic) -> Diagnostic {
        let span = said.span;
        match self {
            Message::TooLong { .. } => said.with_hint("split the scenario"),
            Message::TooDeep => said.with_hint("move the inner part into a `fn`, or a `let`"),
            Message::UnknownCharacters { found } => match found.as_str() {
                "!" => said.with_fix("write `not`", span, "not "),
                "&&" | "&" => said.with_fix("write `and`", span, "and"),
                "||" | "|" => said.with_fix("write `or`", span, "or"),
                "===" => said.with_fix("write `==`", span, "=="),
                "!==" | "<>" => said.with_fix("write `!=`", span, "!="),
                ";" => said.with_fix("statements end at the end of the line", span, "\n"),
                "?" => said.with_hint("write `if a { x = 1 } else { x = 2 }`"),
                "@" => said.with_hint("there are no decorators"),
                "'" | "`" | "\u{201c}" | "\u{201d}" => said.with_hint("texts stand in double quotes"),
                _ => said,
            },
            Message::ForeignQuotes { text } => {
                said.with_fix("write double quotes", span, format!("\"{text}\""))
            }
            Message::Expected { advice: Some(advice), .. } => said.with(advice),
            Message::UnclosedBracket { close, .. } => {
                said.with_hint(format!("add the missing `{}`", close.text()))
            }
            Message::UnclosedText { end } => said.with_fix("close the text", Span::new(end, end), "\""),
            Message::UnknownEscape => said.with_fix("write `\\\\` for a backslash", span, "\\\\"),
            Message::LoneBrace => said.with_fix("write `}}` for a brace", span, "}}"),
            Message::Number(NumberFault::Unit(unit)) => {
                let known = UNITS.map(|it| format!("`{}`", it.0)).join(", ");
                match unit.as_str() {
                    "sec" | "secs" | "second" | "seconds" => said.with_hint("write `s` for seconds"),
                    "m" => said.with_hint("write `min` for minutes, `ms` for milliseconds"),
                    _ => said.with_hint(format!("the units are {known}")),
                }
            }
            Message::Number(NumberFault::Apart { fix, .. }) => {
                said.with_fix("write them as one word", fix.span, fix.text)
            }
            Message::Misshapen { found, kind: false } => {
                said.with_fix(format!("write `{}`", snake(&found)), span, snake(&found))
            }
            Message::Misshapen { found, kind: true } => {
                let camel = found.replace('_', "");
                said.with_fix(format!("write `{camel}`"), span, camel)
            }
            Message::UnknownWord { word, span } => match nearest_keyword(&word) {
                Some(near) => said.with_fix(format!("did you mean `{near}`?"), span, near),
                None => said,
            },
            Message::UnclosedBrace { suspect } => {
                let said = match suspect {
                    Some(suspect) => said.with_label(suspect, "from the indentation, this one may be meant"),
                    None => said,
                };
                said.with_hint("add the missing `}`")
            }
            Message::StrayBrace => said.with_fix("remove it", span, ""),
            Message::SameLine => said.with_fix("begin a new line", Span::new(span.start, span.start), "\n"),
            Message::Reserved { word } => said.with_hint(format!("choose another name than `{word}`")),
            Message::ReservedLabel { word, span } => {
                said.with_fix("in quotes it is a name", span, format!("\"{word}\""))
            }
            Message::ClauseOrder { .. } => said.with_hint("the order is `else`, `catch`, `finally`"),
            Message::ElseNotHere => said.with_hint("`catch` takes errors, `finally` runs on every way out"),
            Message::TryAlone => said.with_hint("add `catch Kind { }` or `finally { }`"),
            Message::Chained { fix } => said.with_fix("say both, joined by `and`", fix.span, fix.text),
            other => other.advise_meaning(said),
        }
    }
}

/// `myName` as `my_name`.
fn snake(word: &str) -> String {
    let mut out = String::new();
    for c in word.chars() {
        if c.is_ascii_uppercase() && !out.is_empty() && !out.ends_with('_') {
            out.push('_');
        }
        out.push(c.to_ascii_lowercase());
    }
    out
}

/// As the messages say it.
pub(super) fn limits() -> (usize, usize) {
    (MAX_TEXT, MAX_NESTING)
}
