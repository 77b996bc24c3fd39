//! Words that people bring from other languages, and what they are called here.

use crate::diag::Hint;
use crate::lang::token::Keyword;
use crate::span::Span;

/// How a statement is read that begins with such a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReadAs {
    /// As if this keyword stood there.
    Keyword(Keyword),
    /// As if the word were not there.
    Nothing,
    /// Not at all: its line is skipped.
    Skipped,
}

/// A word of another language.
#[derive(Clone, Copy, Debug)]
pub struct Habit {
    /// The word.
    pub word: &'static str,
    /// What to do instead.
    pub hint: &'static str,
    /// What to write for the word alone, where that is enough.
    pub becomes: Option<&'static str>,
    /// How a statement is read that begins with it.
    pub read_as: ReadAs,
}

const fn habit(word: &'static str, becomes: &'static str, keyword: Keyword, hint: &'static str) -> Habit {
    Habit { word, hint, becomes: Some(becomes), read_as: ReadAs::Keyword(keyword) }
}

const fn told(word: &'static str, hint: &'static str) -> Habit {
    Habit { word, hint, becomes: None, read_as: ReadAs::Skipped }
}

const fn dropped(word: &'static str, hint: &'static str) -> Habit {
    Habit { word, hint, becomes: Some(""), read_as: ReadAs::Nothing }
}

const WORDS: [Habit; 31] = [
    dropped("async", "every function may wait; leave it out"),
    dropped("export", "there is one file; leave it out"),
    habit("def", "fn", Keyword::Fn, "write `fn name() { }`"),
    habit("func", "fn", Keyword::Fn, "write `fn name() { }`"),
    habit("function", "fn", Keyword::Fn, "write `fn name() { }`"),
    habit("var", "let", Keyword::Let, "write `let`"),
    habit("const", "let", Keyword::Let, "write `let`"),
    habit("print", "log", Keyword::Log, "write `log`"),
    habit("println", "log", Keyword::Log, "write `log`"),
    habit("echo", "log", Keyword::Log, "write `log`"),
    habit("throw", "fail", Keyword::Fail, "write `fail Kind \"message\"`"),
    habit("spawn", "task", Keyword::Task, "write `task name { }`"),
    habit("go", "task", Keyword::Task, "write `task name { }`"),
    habit("launch", "task", Keyword::Task, "write `task name { }`"),
    habit("defer", "finally", Keyword::Try, "write `try { } finally { }`"),
    habit("assert", "expect", Keyword::Expect, "write `expect`"),
    habit("until", "while not", Keyword::While, "write `while not`"),
    habit("select", "race", Keyword::Race, "write `race { task a { }  task b { } }`"),
    habit("semaphore", "limiter", Keyword::Limiter, "write `limiter name = 3`"),
    habit("mutex", "lock", Keyword::Lock, "write `lock name`"),
    habit("channel", "queue", Keyword::Queue, "write `queue name = 5`"),
    told("import", "there is nothing to import"),
    told("from", "there is nothing to import"),
    told("except", "write `catch Kind as e { }`, after a block"),
    told("elif", "write `else if`, after a block"),
    told("switch", "write `if … else if …`"),
    told("match", "write `if … else if …`"),
    told("pass", "an empty block is `{ }`"),
    told("global", "a function sees the variables of the top level; leave it out"),
    told("nonlocal", "a block sees the variables around it; leave it out"),
    told("class", "there are no classes; what is opened and closed is a `resource`"),
];

/// What a word of another language is called here.
pub fn word(word: &str) -> Option<&'static Habit> {
    WORDS.iter().find(|it| it.word == word)
}

/// What a value of another language is called here.
pub fn value(word: &str) -> Option<&'static str> {
    Some(match word {
        "True" | "TRUE" => "true",
        "False" | "FALSE" => "false",
        "None" | "null" | "Null" | "NULL" | "nil" | "undefined" => "none",
        _ => return None,
    })
}

/// What to write for a name that nothing has.
pub fn name(name: &str, span: Span) -> Option<Hint> {
    if let Some(value) = value(name) {
        return Some(Hint::edit(format!("write `{value}`"), span, value));
    }
    let hint = match name {
        "s" | "ms" | "us" | "min" | "sec" | "seconds" => "a unit stands close to its number: `1s`",
        "asyncio" | "trio" | "tokio" | "console" | "self" | "this" | "time" | "random" => {
            "all there is is built in, nothing is imported"
        }
        _ => word(name)?.hint,
    };
    Some(Hint::new(hint))
}

/// What to write for a call of a function that other languages have.
pub fn function(name: &str) -> Option<&'static str> {
    Some(match name {
        "print" | "println" | "printf" | "echo" => "write `log \"text {x}\"`",
        "range" => "both ends count in `for i in 0 to 4`",
        "create_task" | "spawn" | "ensure_future" | "go" => "write `task name { }`, in a `scope`",
        "wait_for" | "timeout_at" | "fail_after" => "write `timeout 2s { }`",
        "move_on_after" => "write `timeout 2s { } else { }`",
        "sleep_ms" | "delay" | "set_timeout" => "write `sleep 200ms`",
        "to_thread" | "run_in_executor" => "write `offload 800ms`, or `offload primes(200000)`",
        "time" | "monotonic" | "perf_counter" => "`now()` is the time since the run began",
        "randint" | "uniform" | "rand" => "`random(a, b)` draws from the seed",
        "int" | "float" | "round" => "`//` gives whole numbers, `/` fractions",
        "string" | "repr" | "to_string" | "format" => "write `str(x)`, or `\"{x}\"`",
        "length" | "size" | "count" => "write `len(x)`",
        "main" => "the top level is the main task: write what it does there",
        "open" => "what is opened and closed is a `resource`, held by `with`",
        "primes" | "fib" | "collatz" => "a worker knows it: write `offload`",
        _ => return None,
    })
}

/// What to write for a method of `on`.
pub fn method(name: &str, on: &str) -> Option<String> {
    Some(match name {
        "put" | "put_nowait" | "send" => format!("write `put {on} x`"),
        "get" | "get_nowait" | "recv" | "receive" => format!("write `take {on}`"),
        "task_done" | "done" => format!("write `done {on}`"),
        "join" => format!("write `join {on}`, or `await {on}`"),
        "close" | "shutdown" => format!("write `close {on}`"),
        "acquire" | "release" | "lock" | "unlock" => format!("write `with {on} {{ }}`"),
        "set" | "notify" | "notify_all" => format!("write `set {on}`"),
        "clear" => format!("write `clear {on}`"),
        "wait" => format!("write `wait {on}`"),
        "cancel" | "abort" => format!("write `cancel {on}`"),
        "result" | "exception" => format!("write `await {on}`"),
        "execute" | "query" | "fetchall" => format!("write `query {on} \"select …\"`"),
        "append" | "push" | "add" => format!("write `{on} = {on} + [x]`"),
        "len" | "length" | "size" => format!("write `len({on})`"),
        "sleep" => "write `sleep 1s`".to_owned(),
        "gather" | "all" | "TaskGroup" | "open_nursery" => {
            "write `scope name { task a { }  task b { } }`".to_owned()
        }
        "race" | "any" => "write `race { task a { }  task b { } }`".to_owned(),
        "create_task" | "start_soon" | "spawn" => "write `task name { }`".to_owned(),
        "timeout" | "wait_for" | "fail_after" | "move_on_after" => "write `timeout 2s { }`".to_owned(),
        "shield" => "write `shield { }`".to_owned(),
        "Semaphore" | "BoundedSemaphore" => "write `limiter name = 3` at the top level".to_owned(),
        "Lock" => "write `lock name` at the top level".to_owned(),
        "Event" => "write `event name` at the top level".to_owned(),
        "Queue" => "write `queue name = 5` at the top level".to_owned(),
        "Barrier" => "write `barrier name = 3` at the top level".to_owned(),
        "to_thread" => "write `offload 800ms`".to_owned(),
        "run" => "the top level is the main task: write what it does there".to_owned(),
        "log" | "print" | "info" => "write `log \"text\"`".to_owned(),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_keyword_is_of_another_language() {
        for habit in WORDS {
            assert_eq!(Keyword::of(habit.word), None, "{}", habit.word);
            assert_eq!(WORDS.iter().filter(|it| it.word == habit.word).count(), 1, "{}", habit.word);
        }
    }
}
