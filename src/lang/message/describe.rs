//! The sentences themselves.

use crate::diag::Diagnostic;
use crate::lang::message::{Message, NumberFault, What, limits};
use crate::span::Span;

impl What {
    fn text(&self) -> String {
        match self {
            What::Sign(sign) => format!("`{}`", sign.text()),
            What::Word(word) => format!("`{word}`"),
            What::Name => "a name".to_owned(),
            What::FieldName => "the name of a field".to_owned(),
            What::Kind => "an error kind such as `ValueError`".to_owned(),
            What::KindOrStar => "an error kind or `*`".to_owned(),
            What::Expression => "an expression".to_owned(),
            What::Statement => "a statement".to_owned(),
            What::OpenOrClose => "`open` or `close`".to_owned(),
            What::HoleEnd => "`}` after the expression".to_owned(),
            What::Text => "a text".to_owned(),
            What::LineEnd => "the end of the line".to_owned(),
            What::End => "the end of the file".to_owned(),
            What::Found(text) => format!("`{text}`"),
        }
    }
}

impl Message {
    /// The sentence: lower case, no final stop.
    pub(super) fn text(&self) -> String {
        match self {
            Message::TooLong { length } => {
                format!("the text is too long: {length} bytes, where {} are read", limits().0)
            }
            Message::TooDeep => format!("nested deeper than {} levels", limits().1),
            Message::UnknownCharacters { found } => format!("`{found}` means nothing here"),
            Message::ForeignQuotes { .. } => "texts stand in double quotes".to_owned(),
            Message::UnclosedText { .. } => "this text is never closed".to_owned(),
            Message::UnknownEscape => "a backslash stands before `n`, `t`, `\"` or `\\`".to_owned(),
            Message::LoneBrace => "a lone `}` in a text".to_owned(),
            Message::Number(NumberFault::TooLarge) => "this number does not fit into 64 bits".to_owned(),
            Message::Number(NumberFault::TooFine) => "time has whole microseconds".to_owned(),
            Message::Number(NumberFault::Apart { unit, .. }) => {
                format!("the unit `{unit}` stands close to its number")
            }
            Message::Number(NumberFault::Unit(unit)) => format!("there is no unit `{unit}`"),
            Message::Misshapen { found, kind: false } => format!("names are lower case: `{found}`"),
            Message::Misshapen { found, kind: true } => {
                format!("error kinds are written without `_`: `{found}`")
            }
            Message::Expected { what, found, .. } => {
                format!("expected {}, found {}", what.text(), found.text())
            }
            Message::UnknownWord { word, .. } => format!("no statement begins with `{word}`"),
            Message::UnknownStatement => "expected a statement".to_owned(),
            Message::UnclosedBrace { .. } => "this `{` is never closed".to_owned(),
            Message::UnclosedBracket { sign, .. } => format!("this `{}` is never closed", sign.text()),
            Message::StrayBrace => "this `}` closes nothing".to_owned(),
            Message::SameLine => "only a statement that begins with a keyword may share a line".to_owned(),
            Message::Reserved { word } => format!("`{word}` is a keyword, not a name"),
            Message::ReservedLabel { word, .. } => format!("`{word}` is a keyword, not a name"),
            Message::ClauseOrder { late, early } => format!("`{late}` stands before `{early}`"),
            Message::ClauseTwice { clause } => format!("`{clause}` stands here twice"),
            Message::ClauseAlone { word } => format!("`{word}` follows no block"),
            Message::ElseNotHere => "only `if` and `timeout` take an `else`".to_owned(),
            Message::TryAlone => "`try` without `catch` or `finally`".to_owned(),
            Message::Chained { .. } => "comparisons do not chain".to_owned(),
            Message::NotAssignable => "only a variable can be assigned to".to_owned(),
            Message::NoValue { word } => format!("`{word}` gives no value"),
            Message::OneIndex => "an index is one expression".to_owned(),
            Message::EmptyParens => "parentheses hold one expression".to_owned(),
            Message::NotCallable => "only a name can be called".to_owned(),
            Message::LimitTwice => "a limiter has one number of permits and one rate".to_owned(),
            other => other.meaning(),
        }
    }

    /// The sentences about names, values and places.
    fn meaning(&self) -> String {
        match self {
            Message::Undeclared { name, .. } => format!("nothing is called `{name}` here"),
            Message::UsedBefore { name, .. } => format!("`{name}` is used before its `let`"),
            Message::UndeclaredThing { name, wanted, .. } => {
                format!("`{name}` is not declared; expected {wanted}")
            }
            Message::Duplicate { name, what, .. } => format!("the name `{name}` is taken by {what}"),
            Message::WrongThing { name, found, wanted, .. } => {
                format!("`{name}` is {found}; expected {wanted}")
            }
            Message::NotAValue { name, found, .. } => format!("`{name}` is {found}, not a value"),
            Message::UnknownFunction { name, blocking: false, .. } => {
                format!("there is no function `{name}`")
            }
            Message::UnknownFunction { name, blocking: true, .. } => {
                format!("the workers know no function `{name}`")
            }
            Message::Arguments { name, wanted, found, .. } => {
                format!("`{name}` takes {wanted}, found {found}")
            }
            Message::UnknownField { name, .. } => format!("nothing has a field `{name}`"),
            Message::NoField { name, found } => format!("{found} has no field `{name}`"),
            Message::WrongType { wanted, found, .. } => format!("expected {wanted}, found {found}"),
            Message::Operands { op, left, right } => {
                format!("`{op}` does not go between {left} and {right}")
            }
            Message::Operand { op, found } => format!("`{op}` does not go before {found}"),
            Message::NotConstant { what } => {
                format!("{what} is settled before the run begins, so it must be constant")
            }
            Message::OutOfBounds { what, wanted } => format!("{what} must be {wanted}"),
            Message::OutsideLoop { word } => format!("`{word}` outside a loop"),
            Message::OutsideFunction => "`return` outside a function or task".to_owned(),
            Message::OutsideHandler => "`raise` without an error outside a `catch`".to_owned(),
            Message::OnlyTasks { block } => format!("a `{block}` holds only tasks"),
            Message::NoTasks { block } => format!("a `{block}` without a task"),
            Message::TopLevelOnly { what } => format!("`{what}` stands at the top level only"),
            Message::Again { word, .. } => format!("`{word}` is said twice"),
            Message::FactOutside { name } => {
                format!("`{name}` is known only when the run has ended")
            }
            Message::CallInExpectation => {
                "an expectation over the whole run cannot call a function of the scenario".to_owned()
            }
            Message::LeavesFinally { word } => format!("`{word}` cannot leave a `finally`"),
            other => other.habit(),
        }
    }

    /// The sentences about what is written so in other languages.
    fn habit(&self) -> String {
        match self {
            Message::Habit { word, .. } => format!("`{word}` is of another language"),
            Message::RaisesKind => {
                "`raise` sends on an error that is there; a new one is raised by `fail`".to_owned()
            }
            Message::WordAgain { word, .. } => format!("`{word}` stands only where it is declared"),
            Message::Method { name, .. } => format!("there are no methods: nothing has a `.{name}(…)`"),
            Message::Colon { .. } => "a block stands in braces, not behind a `:`".to_owned(),
            Message::Slashes => "a comment begins with `#`".to_owned(),
            Message::Equals => "`=` assigns; what compares is `==`".to_owned(),
            Message::Compound { sign, .. } => format!("there is no `{sign}`"),
            Message::AwaitsAction { word, .. } => format!("`{word}` waits by itself"),
            Message::AwaitsCall { name, .. } => {
                format!("`{name}` gives no task: its call waits by itself, and `await` is for tasks")
            }
            Message::BraceBelow { .. } => "a block begins on the line of its statement".to_owned(),
            other => other.harm(),
        }
    }

    /// The sentences about what does harm.
    fn harm(&self) -> String {
        match self {
            Message::Leaked => {
                "this task leaks: no scope waits for it, and its errors reach nobody".to_owned()
            }
            Message::Gathered { keep: false } => {
                "`gather` lets siblings run on when one fails; a `scope` would cancel them".to_owned()
            }
            Message::Gathered { keep: true } => {
                "`gather keep` leaves errors in a list; a `scope` that collects would raise them".to_owned()
            }
            Message::Blocking => "this blocks the event loop: nothing else runs meanwhile".to_owned(),
            Message::NoTimeout => "this request has no timeout around it".to_owned(),
            Message::FanOut { .. } => "nothing bounds how many of these tasks fetch at once".to_owned(),
            Message::Stale { name, .. } => {
                format!(
                    "`{name}` is written from what was read before a wait: what others wrote meanwhile is lost"
                )
            }
            Message::Unbound { .. } => {
                "this task is not bound by the timeout: it belongs to the scope outside it".to_owned()
            }
            Message::AddsUp { us, .. } => {
                format!("this adds up to {} ms for which nothing else runs", us / 1_000)
            }
            Message::HeldAcross { lock, .. } => {
                format!("`{lock}` is held across a slow wait: meanwhile all others stand in line")
            }
            Message::NeverDone { queue, .. } => {
                format!("nothing says `done {queue}`: what waits in `join {queue}` waits for ever")
            }
            Message::Hidden { .. } => "this hides a timeout among all other errors".to_owned(),
            Message::CatchesNothing { kind, .. } => {
                format!("nothing raises `{kind}`, so that this clause never runs")
            }
            Message::InVain { .. } => "each attempt fails, so that trying again cannot help".to_owned(),
            _ => String::new(),
        }
    }

    /// Labels and hints about names, values and places.
    pub(super) fn advise_meaning(self, said: Diagnostic) -> Diagnostic {
        match self {
            Message::Undeclared { advice: Some(advice), .. }
            | Message::UnknownFunction { advice: Some(advice), .. } => said.with(advice),
            Message::Undeclared { near, span, .. }
            | Message::UnknownField { near, span, .. }
            | Message::UnknownFunction { near, span, .. } => meant(said, near, span),
            Message::UndeclaredThing { near: Some(near), span, .. } => meant(said, Some(near), span),
            Message::UndeclaredThing { name, wanted, .. } => match example(wanted, &name) {
                Some(line) => said.with_hint(format!("declare it at the top level: `{line}`")),
                None => said,
            },
            Message::UsedBefore { declared, .. } => {
                said.with_label(declared, "declared here").with_hint("move the `let` before this use")
            }
            Message::Duplicate { first: Some(first), .. } => said.with_label(first, "first declared here"),
            Message::WrongThing { declared, hint, .. } => {
                let said = said.with_label(declared, "declared here");
                match hint {
                    Some(hint) => said.with_hint(hint),
                    None => said,
                }
            }
            Message::NotAValue { declared: Some(declared), .. }
            | Message::Arguments { declared: Some(declared), .. } => {
                said.with_label(declared, "declared here")
            }
            Message::WrongType { number: Some(number), .. } => {
                let end = Span::new(number.end, number.end);
                said.with_fix("as seconds: add `s`", end, "s").with_fix(
                    "as milliseconds: add `ms`",
                    end,
                    "ms",
                )
            }
            Message::Operands { op: "+", left: "a text", .. }
            | Message::Operands { op: "+", right: "a text", .. } => {
                said.with_hint("write the value into the text: `\"… {x}\"`, or use `str(x)`")
            }
            Message::NotConstant { .. } => {
                said.with_hint("use a number, or a `let` at the top level above it that never changes")
            }
            Message::OutsideFunction => {
                said.with_hint("a block ends at its brace; move this into a `fn` or a `task`")
            }
            Message::OutsideHandler => said.with_hint("write `raise e`, or `fail Kind \"message\"`"),
            Message::OnlyTasks { .. } => said.with_hint("put it into a `task name { }`"),
            Message::TopLevelOnly { what } if what == "at" || what == "shutdown" => {
                said.with_hint("it comes from outside; inside a task, use `sleep`")
            }
            Message::Again { first, .. } => said.with_label(first, "first said here"),
            Message::FactOutside { .. } => said.with_hint("use it in an `expect` at the end of the file"),
            Message::CallInExpectation => said.with_hint("`let` the result first"),
            other => other.advise_habit(said),
        }
    }

    /// Labels and hints about what is written so in other languages.
    fn advise_habit(self, said: Diagnostic) -> Diagnostic {
        let span = said.span;
        match self {
            Message::Habit { advice, .. } | Message::Method { advice: Some(advice), .. } => said.with(advice),
            Message::Method { advice: None, .. } => said
                .with_hint("a function is called by its name: `f(x)`; an action by its word: `put jobs x`"),
            Message::RaisesKind => said.with_fix("write `fail`", span, "fail"),
            Message::WordAgain { fix, .. } => said.with_fix("its name is enough", fix, ""),
            Message::Colon { block: Some(edit) } => {
                said.with_fix("put the block into braces", edit.span, edit.text)
            }
            Message::Colon { block: None } => said.with_hint("write `if x { … }`"),
            Message::Slashes => said.with_fix("write `#`", span, "#"),
            Message::Equals => said.with_fix("write `==`", span, "=="),
            Message::Compound { fix, .. } => said.with_fix("write it out", fix.span, fix.text),
            Message::AwaitsAction { fix, .. } | Message::AwaitsCall { fix, .. } => {
                said.with_fix("leave `await` out", fix, "")
            }
            Message::BraceBelow { gap } => said.with_fix("move the brace up", gap, " "),
            other => other.advise_harm(said),
        }
    }

    /// Labels and hints about what does harm.
    fn advise_harm(self, said: Diagnostic) -> Diagnostic {
        let span = said.span;
        match self {
            Message::Leaked => said.with_hint("use `task` inside a `scope`"),
            Message::Gathered { keep: false } => {
                said.with_hint("use a `scope` with tasks, and `await` what they give")
            }
            Message::Gathered { keep: true } => {
                said.with_hint("use `scope name collect { }`, and catch the group")
            }
            Message::Blocking => said.with_hint("hand it to a worker: `offload`"),
            Message::NoTimeout => said.with_hint("put it into `timeout 5s { }`"),
            Message::FanOut { fetch } => {
                let said = if fetch == span { said } else { said.with_label(fetch, "each fetches here") };
                said.with_hint("declare a `limiter` and hold it around the `fetch`: `with api { }`")
            }
            Message::Stale { read, .. } => said
                .with_label(read, "read here")
                .with_hint("declare a `lock` and hold it around both: `with ledger { }`"),
            Message::Unbound { timeout } => said
                .with_label(timeout, "this timeout bounds only its own body")
                .with_hint("put a `scope` inside the timeout, and the task into it"),
            Message::AddsUp { last, .. } => {
                let said = match last {
                    Some(last) => said.with_label(last, "up to here, with no wait between"),
                    None => said,
                };
                said.with_hint(
                    "hand it to a worker: `offload`; or let others have a turn between: `sleep 0s`",
                )
            }
            Message::HeldAcross { wait, .. } => said
                .with_label(wait, "it waits here")
                .with_hint("wait before taking the lock, and hold it only to read and write"),
            Message::NeverDone { queue, join } => said
                .with_label(join, "this waits until each item is done")
                .with_hint(format!("say `done {queue}` after each item")),
            Message::Hidden { timeout } => said
                .with_label(timeout, "this raises `Timeout`")
                .with_hint("put `catch Timeout { }` before it, or name what it takes: `catch * as e`"),
            Message::CatchesNothing { near, .. } => {
                said.with_fix(format!("did you mean `{near}`?"), span, near)
            }
            Message::InVain { fails } => said
                .with_label(fails, "this fails every time")
                .with_hint("retry what may go well the next time, and let other errors leave at once"),
            _ => said,
        }
    }
}

fn meant(said: Diagnostic, near: Option<String>, span: Span) -> Diagnostic {
    match near {
        Some(near) => said.with_fix(format!("did you mean `{near}`?"), span, near),
        None => said,
    }
}

/// A line that declares `name` as what was expected.
fn example(wanted: &str, name: &str) -> Option<String> {
    Some(match wanted {
        "a limiter, lock, resource or pool" | "a limiter or pool" | "a limiter" => {
            format!("limiter {name} = 3")
        }
        "a queue" => format!("queue {name} = 5"),
        "an event" | "an event or a barrier" => format!("event {name}"),
        "a resource" | "a resource, a pool or a connection" => {
            format!("resource {name} {{ open {{ }} close {{ }} }}")
        }
        _ => return None,
    })
}
