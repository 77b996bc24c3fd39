//! What a scenario's text is cut into: words, numbers, pieces of text and signs.

use crate::span::Span;

/// One token. Whitespace and comments are not tokens; `newline` tells lines apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    /// What it is.
    pub kind: TokenKind,
    /// Where it stands.
    pub span: Span,
    /// Whether a line ended since the token before.
    pub newline: bool,
}

macro_rules! keywords {
    ($($name:ident $text:literal)*) => {
        /// A reserved word.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Keyword {
            $(#[doc = concat!("`", $text, "`")] $name,)*
        }

        impl Keyword {
            /// Every one, in the order of the grammar.
            pub const ALL: &'static [Keyword] = &[$(Keyword::$name,)*];

            /// The reserved word that `word` is.
            pub fn of(word: &str) -> Option<Keyword> {
                match word {
                    $($text => Some(Keyword::$name),)*
                    _ => None,
                }
            }

            /// As it is written.
            pub fn text(self) -> &'static str {
                match self {
                    $(Keyword::$name => $text,)*
                }
            }
        }
    };
}

keywords! {
    Scenario "scenario" Seed "seed" Workers "workers"
    Limiter "limiter" Lock "lock" Event "event" Barrier "barrier" Queue "queue" Resource "resource" Pool "pool"
    Fn "fn" Let "let"
    If "if" Else "else" While "while" Repeat "repeat" For "for" Break "break" Continue "continue" Return "return"
    Sleep "sleep" Work "work" Offload "offload" Fetch "fetch" Query "query"
    Log "log" Mark "mark" Expect "expect"
    Fail "fail" Raise "raise" Try "try" Catch "catch" Finally "finally"
    Task "task" Detach "detach" Await "await" Cancel "cancel"
    Scope "scope" Race "race" Gather "gather" Timeout "timeout" Extend "extend" Shield "shield" Retry "retry"
    With "with"
    Put "put" Take "take" Done "done" Join "join" Close "close" Set "set" Clear "clear" Wait "wait"
    At "at" Shutdown "shutdown"
    And "and" Or "or" Not "not" True "true" False "false" None "none"
}

impl Keyword {
    /// Whether a statement can begin with it, so that it may follow another on the same line.
    pub fn starts_statement(self) -> bool {
        !matches!(self, Keyword::Else | Keyword::Catch | Keyword::Finally) && !self.is_in_expression()
    }

    /// Whether it stands inside expressions.
    pub fn is_in_expression(self) -> bool {
        use Keyword::{And, False, None, Not, Or, True};
        matches!(self, And | Or | Not | True | False | None)
    }
}

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenKind {
    /// `[a-z_][a-z0-9_]*`, not reserved.
    Name,
    /// `[A-Z][A-Za-z0-9]*`: an error kind.
    Kind,
    /// A reserved word.
    Keyword(Keyword),
    /// A number, its unit included.
    Number,
    /// `"` that begins a text.
    StrOpen,
    /// Characters of a text, escapes not yet resolved.
    StrText,
    /// `{` in a text.
    HoleOpen,
    /// `}` in a text.
    HoleClose,
    /// `"` that ends a text; empty where the text breaks off.
    StrClose,
    /// A sign.
    Sign(Sign),
    /// The end of the file.
    End,
}

macro_rules! signs {
    ($($name:ident $text:literal)*) => {
        /// A sign.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Sign {
            $(#[doc = concat!("`", $text, "`")] $name,)*
        }

        impl Sign {
            /// Every one; of two that begin alike, the longer first.
            pub const ALL: &'static [Sign] = &[$(Sign::$name,)*];

            /// As it is written.
            pub fn text(self) -> &'static str {
                match self {
                    $(Sign::$name => $text,)*
                }
            }
        }
    };
}

signs! {
    Eq "==" Ne "!=" Le "<=" Ge ">=" SlashSlash "//" DotDot ".."
    BraceOpen "{" BraceClose "}" ParenOpen "(" ParenClose ")" BracketOpen "[" BracketClose "]"
    Comma "," Colon ":" Dot "." Assign "=" Lt "<" Gt ">" Plus "+" Minus "-" Star "*" Slash "/" Percent "%"
}
