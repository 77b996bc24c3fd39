//! What may stand at a place of the text: for an editor that completes words.
//!
//! Looks at the tokens before the place and at the tree around it. The text is usually broken while it is typed; what
//! the parser makes of it all the same is enough.

use crate::lang::around::{Around, Holds, Variable, around};
use crate::lang::construct::{self, Construct};
use crate::lang::lexer::lex;
use crate::lang::names::{BUILTINS, Names, Thing};
use crate::lang::parser::{MAX_TEXT, UNITS, parse};
use crate::lang::syntax::{File, StmtKind, each_statement};
use crate::lang::token::{Keyword, Sign, Token, TokenKind};
use crate::order;

mod place;

use place::{Place, place};

/// What may stand where a word is being typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Completions {
    /// Where the word begins that is to be replaced, in bytes.
    pub from: u32,
    /// What may stand there: what is likelier first.
    pub options: Vec<Completion>,
}

/// A word that may stand there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Completion {
    /// The word.
    pub label: String,
    /// What it is.
    pub kind: CompletionKind,
    /// How it is written, or what it is declared as.
    pub detail: String,
    /// What it does.
    pub info: String,
}

/// What a word is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CompletionKind {
    /// A variable.
    Variable,
    /// Something declared, but a function.
    Declared,
    /// A function, built in or not.
    Function,
    /// A field.
    Field,
    /// A kind of error.
    Kind,
    /// `true`, `false`, `none`.
    Constant,
    /// A word that is special here.
    Word,
    /// A keyword.
    Keyword,
}

/// What may stand at the byte `offset` of `text`; None in comments and texts, and where a new name is given.
///
/// # Examples
///
/// ```
/// use taskscope::lang::complete;
///
/// let text = "queue jobs\nqueue rest\nlimiter api = 2\ntake j";
/// let found = complete(text, text.len()).unwrap();
/// let labels: Vec<&str> = found.options.iter().map(|it| it.label.as_str()).collect();
/// assert_eq!((found.from, labels), (43, vec!["jobs", "rest"]));
/// ```
pub fn complete(text: &str, offset: usize) -> Option<Completions> {
    if text.len() > MAX_TEXT || !text.is_char_boundary(offset) {
        return None;
    }
    let before = text.get(..offset)?;
    let word = before.len() - before.bytes().rev().take_while(|byte| is_word(*byte)).count();
    let typed = text.get(word..offset)?;
    if let Some(unit) = typed.find(|c: char| c.is_ascii_alphabetic()).filter(|_| typed.starts_with(is_digit))
    {
        return Some(Completions { from: (word + unit) as u32, options: units() });
    }
    let lexed = lex(text);
    let inside = |start: u32, end: u32| (start as usize) < offset && offset <= end as usize;
    if typed.starts_with(is_digit) || lexed.comments.iter().any(|it| inside(it.start, it.end)) {
        return None;
    }
    let (file, _) = parse(text);
    let known = Known { names: Names::of(&file), around: around(text, &file, word as u32), file: &file };
    let count =
        lexed.tokens.partition_point(|token| token.span.end as usize <= word && token.kind != TokenKind::End);
    let place = place(text, lexed.tokens.get(..count)?, word, &known.around)?;
    let mut options = known.at(&place);
    options.retain(|it| !it.label.is_empty());
    (!options.is_empty()).then_some(Completions { from: word as u32, options })
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

fn is_digit(c: char) -> bool {
    c.is_ascii_digit()
}

fn units() -> Vec<Completion> {
    let unit = |(name, _): (&str, i64)| {
        let info = match name {
            "us" => "Microseconds.",
            "ms" => "Milliseconds.",
            "s" => "Seconds.",
            _ => "Minutes.",
        };
        option(name, CompletionKind::Word, "", info)
    };
    UNITS.map(unit).to_vec()
}

fn option(label: &str, kind: CompletionKind, detail: &str, info: &str) -> Completion {
    Completion { label: label.to_owned(), kind, detail: detail.to_owned(), info: info.to_owned() }
}

fn row((label, construct): (&str, Construct), kind: CompletionKind) -> Completion {
    option(label, kind, construct.syntax, construct.does)
}

/// What is known about the text.
struct Known<'a> {
    names: Names<'a>,
    around: Around,
    file: &'a File,
}

impl Known<'_> {
    fn at(&self, place: &Place) -> Vec<Completion> {
        match place {
            Place::Statement { clauses } => self.statements(clauses),
            Place::Task => vec![self.keyword(Keyword::Task)],
            Place::Part => {
                let part = |word| {
                    construct::find(&construct::WORDS, word).map(|it| row((word, it), CompletionKind::Word))
                };
                ["open", "close"].into_iter().filter_map(part).collect()
            }
            Place::Expression { actions, facts } => self.expression(*actions, *facts),
            Place::Words { words, operators, statements } => {
                let found = |word: &&'static str| {
                    construct::find(&construct::WORDS, word).map(|it| row((word, it), CompletionKind::Word))
                };
                let mut options: Vec<Completion> = words.iter().filter_map(found).collect();
                if *operators {
                    options.extend([Keyword::And, Keyword::Or].map(|it| self.keyword(it)));
                }
                if *statements {
                    options.extend(self.statement_keywords());
                }
                options
            }
            Place::Keywords(keywords) => keywords.iter().map(|it| self.keyword(*it)).collect(),
            Place::Things(fits) => self.things(*fits),
            Place::Query => {
                let mut options = self.things(|it| matches!(it, Thing::Resource(_) | Thing::Pool(_)));
                options.extend(self.variables(&[Holds::Connection, Holds::Value, Holds::Parameter]));
                options
            }
            Place::Holding(holds) => self.variables(&[*holds, Holds::Value, Holds::Parameter]),
            Place::Worker => construct::BLOCKING.map(|it| row(it, CompletionKind::Function)).to_vec(),
            Place::Kinds { star } => self.kinds(*star),
            Place::Fields(of) => self.fields(of.as_deref()),
        }
    }

    fn keyword(&self, keyword: Keyword) -> Completion {
        row((keyword.text(), construct::keyword(keyword)), CompletionKind::Keyword)
    }

    /// Where a statement begins.
    fn statements(&self, clauses: &[Keyword]) -> Vec<Completion> {
        let mut options: Vec<Completion> = clauses.iter().map(|it| self.keyword(*it)).collect();
        options.extend(self.variables(&[Holds::Value, Holds::Parameter]));
        options.extend(self.functions());
        options.extend(self.statement_keywords());
        options
    }

    /// The keywords that may begin a statement here.
    fn statement_keywords(&self) -> Vec<Completion> {
        use Keyword as K;
        let Around { in_block, in_loop, in_function, .. } = self.around;
        let may = |keyword: &&Keyword| match keyword {
            K::Scenario | K::Seed | K::Workers | K::Limiter | K::Lock | K::Event | K::Barrier => !in_block,
            K::Queue | K::Resource | K::Pool | K::Fn | K::At | K::Shutdown => !in_block,
            K::Break | K::Continue => in_loop,
            K::Return => in_function,
            keyword => keyword.starts_statement(),
        };
        Keyword::ALL.iter().filter(may).map(|it| self.keyword(*it)).collect()
    }

    fn expression(&self, actions: bool, facts: bool) -> Vec<Completion> {
        use Keyword as K;
        let mut options = self.variables(&[]);
        options.extend(self.functions());
        options.extend(
            BUILTINS.map(|(name, which)| row((name, construct::builtin(which)), CompletionKind::Function)),
        );
        if facts && !self.around.in_block {
            options.extend(construct::FACTS.map(|it| row(it, CompletionKind::Word)));
        }
        options.extend([K::True, K::False, K::None].map(|it| {
            let construct = construct::keyword(it);
            option(it.text(), CompletionKind::Constant, "", construct.does)
        }));
        if actions {
            let giving = [
                K::Await,
                K::Take,
                K::Wait,
                K::Fetch,
                K::Offload,
                K::Query,
                K::Scope,
                K::Timeout,
                K::Race,
                K::Gather,
                K::Task,
            ];
            options.extend(giving.map(|it| self.keyword(it)));
        }
        options.push(self.keyword(K::Not));
        options
    }

    /// The variables that can be seen: those that hold one of `first` first, innermost first.
    fn variables(&self, first: &[Holds]) -> Vec<Completion> {
        let variable = |it: &Variable| {
            let what = match it.holds {
                Holds::Value => "a variable",
                Holds::Error => "what the handler took",
                Holds::Response => "a response",
                Holds::Task => "a task",
                Holds::Deadline => "a deadline",
                Holds::Connection => "what is held",
                Holds::Parameter => "a parameter",
            };
            option(&it.name, CompletionKind::Variable, what, "")
        };
        let mut found: Vec<&Variable> = self.around.variables.iter().rev().collect();
        if !first.is_empty() {
            found.retain(|it| first.contains(&it.holds));
            order::by_key(&mut found, |it| first.iter().position(|holds| *holds == it.holds));
        }
        found.into_iter().map(variable).collect()
    }

    fn things(&self, fits: fn(Thing) -> bool) -> Vec<Completion> {
        let found = self.names.all().filter(|it| fits(it.1));
        found.map(|(name, thing)| option(name, CompletionKind::Declared, thing.text(), "")).collect()
    }

    fn functions(&self) -> Vec<Completion> {
        let functions = self.file.statements.iter().filter_map(|stmt| match &stmt.kind {
            StmtKind::Fn { name, params, .. } if self.names.is_first(name) => {
                let params: Vec<&str> = params.iter().map(|it| &*it.text).collect();
                let detail = format!("{}({})", name.text, params.join(", "));
                Some(option(&name.text, CompletionKind::Function, &detail, ""))
            }
            _ => None,
        });
        functions.collect()
    }

    /// The kinds that the text raises, then those that the language does.
    fn kinds(&self, star: bool) -> Vec<Completion> {
        let mut own: Vec<&str> = Vec::new();
        each_statement(&self.file.statements, &mut |stmt| {
            if let StmtKind::Fail(kind, _) = &stmt.kind
                && !own.contains(&&*kind.text)
                && !construct::KINDS.iter().any(|it| it.0 == &*kind.text)
            {
                own.push(&kind.text);
            }
        });
        let mut options: Vec<Completion> = own
            .into_iter()
            .map(|kind| option(kind, CompletionKind::Kind, "raised in this text", ""))
            .collect();
        if star {
            options.push(option("*", CompletionKind::Kind, "", "Every error."));
        }
        options.extend(construct::KINDS.map(|(kind, what)| option(kind, CompletionKind::Kind, "", what)));
        options
    }

    /// The fields of the variable `of`; of anything else all.
    fn fields(&self, of: Option<&str>) -> Vec<Completion> {
        let holds = self.around.variables.iter().rev().find(|it| Some(&*it.name) == of).map(|it| it.holds);
        let (error, response) = construct::FIELDS.split_at(5);
        let fields = match holds {
            Some(Holds::Error) => error,
            Some(Holds::Response) => response,
            _ => &construct::FIELDS[..],
        };
        fields.iter().map(|it| row(*it, CompletionKind::Field)).collect()
    }
}

fn sign(token: Option<&Token>) -> Option<Sign> {
    match token?.kind {
        TokenKind::Sign(sign) => Some(sign),
        _ => None,
    }
}
