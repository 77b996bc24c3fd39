//! One line of syntax, one sentence and one word on waiting for each thing that the language has: for completion and
//! for what an editor says about the word under the pointer.

use crate::lang::plan::Builtin;
use crate::lang::token::Keyword;

/// What there is to say about a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Construct {
    /// How it is written.
    pub syntax: &'static str,
    /// What it does: one or two sentences.
    pub does: &'static str,
    /// What a task may wait for there; None where it does not wait.
    pub waits: Option<&'static str>,
}

const fn plain(syntax: &'static str, does: &'static str) -> Construct {
    Construct { syntax, does, waits: None }
}

const fn waiting(syntax: &'static str, does: &'static str, waits: &'static str) -> Construct {
    Construct { syntax, does, waits: Some(waits) }
}

/// The statement or value that a keyword stands for.
pub fn keyword(keyword: Keyword) -> Construct {
    use Keyword as K;
    match keyword {
        K::Scenario => plain("scenario \"name\"", "What the scenario is called."),
        K::Seed => plain("seed 7", "The seed of every random choice: the same seed gives the same run."),
        K::Workers => plain("workers = 2", "How many things the workers do at once; 4 unless said."),
        K::Limiter => plain(
            "limiter api = 3, 5 per 1s",
            "At most so many holders at once, at most so many starts in any window.",
        ),
        K::Lock => plain("lock ledger", "One holder at a time, first come first served."),
        K::Event => plain("event ready", "Something that tasks wait for until it is set."),
        K::Barrier => plain("barrier line = 3", "Lets tasks go on when so many wait."),
        K::Queue => plain(
            "queue jobs = 5",
            "Holds so many items between tasks; without a number as many as there are.",
        ),
        K::Resource => plain(
            "resource db { open { }  close { } }",
            "Opened for the block that holds it, closed on every way out.",
        ),
        K::Pool => {
            plain("pool conns = 2 of db, overflow 1", "Keeps connections of a resource open and lends them.")
        }
        K::Fn => plain("fn name(a, b) { }", "A function. It waits where its statements wait."),
        K::Let => plain("let x = …", "Declares a variable of this block, from the next statement on."),
        K::If => plain("if a { } else if b { } else { }", "Runs the first block whose condition holds."),
        K::Else => plain("else { }", "Runs if no condition held, or when the timeout fired."),
        K::While => plain("while a { }", "Runs the block as long as the condition holds."),
        K::Repeat => plain("repeat 3 { }", "Runs the block so many times."),
        K::For => waiting(
            "for x in list { } · for i in 1 to 5 every 100ms { }",
            "Runs the block for each item of a list or queue, or each number, both ends included.",
            "a queue's next item, or the next beat of `every`",
        ),
        K::Break => plain("break", "Leaves the nearest loop."),
        K::Continue => plain("continue", "Goes on with the next turn of the nearest loop."),
        K::Return => plain("return x", "Ends the nearest function or task with a value."),
        other => action(other),
    }
}

/// The actions, and what tasks do with each other.
fn action(keyword: Keyword) -> Construct {
    use Keyword as K;
    match keyword {
        K::Sleep => {
            waiting("sleep 200ms · sleep 100ms..300ms", "A pause; a range draws from the seed.", "the time")
        }
        K::Work => plain("work 50ms", "Computes on the event loop: nothing else runs meanwhile."),
        K::Offload => waiting(
            "let r = offload primes(200000) in 300ms",
            "Blocking work on a worker; the event loop stays free.",
            "a free worker, and its answer",
        ),
        K::Fetch => waiting(
            "fetch \"/api\" in 300ms status 200 gives \"text\"",
            "An HTTP request. In virtual time `in`, `status` and `gives` say what is answered; 400 or more is an `HttpError`.",
            "the response",
        ),
        K::Query => waiting(
            "query db \"select …\" in 40ms gives [1, 2]",
            "Asks a database: in a live run SQLite; in virtual time `in` and `gives` say what is answered.",
            "the rows",
        ),
        K::Log => plain("log \"text {x}\"", "A line in the log."),
        K::Mark => plain("mark \"text\"", "A named instant on the timeline."),
        K::Expect => plain(
            "expect a == b \"message\"",
            "If it does not hold, the run fails, and goes on all the same.",
        ),
        K::Fail => plain("fail Kind \"message\"", "Raises an error."),
        K::Raise => plain("raise · raise e", "Sends on what the handler took, or an error at hand."),
        K::Try => plain(
            "try { } catch Kind as e { } finally { }",
            "A block for its handlers; they may follow any other block as well.",
        ),
        K::Catch => plain(
            "catch Kind as e { }",
            "Takes the errors of this kind out of what was raised; `*` takes all.",
        ),
        K::Finally => {
            plain("finally { }", "Runs on every way out, shielded from the cancellation that led there.")
        }
        K::Put => waiting("put jobs x", "Puts an item into a queue.", "room in the queue"),
        K::Take => waiting("let x = take jobs", "Takes the first item of a queue.", "an item"),
        K::Done => plain("done jobs", "Says that an item that was taken is done."),
        K::Join => waiting("join jobs", "Waits until every item that was put is done.", "the last `done`"),
        K::Close => plain("close jobs", "No more items: who takes gets what is left, then the end."),
        K::Set => plain("set ready", "Sets an event: all who wait go on."),
        K::Clear => plain("clear ready", "Clears an event: who comes later waits."),
        K::Wait => waiting(
            "wait ready",
            "Waits for an event, or at a barrier.",
            "the event, or the last at the barrier",
        ),
        other => task(other),
    }
}

fn task(keyword: Keyword) -> Construct {
    use Keyword as K;
    match keyword {
        K::Task => plain("task name { }", "Starts a child of the nearest scope; its value is a handle."),
        K::Detach => plain("detach name { }", "Starts a task that no scope waits for."),
        K::Await => waiting("let x = await h", "The result of a task, or its error.", "the end of the task"),
        K::Cancel => plain("cancel h", "Cancels a task, with all that it started."),
        K::Scope => waiting(
            "scope name { } · scope name collect { }",
            "Holds tasks. The first failure cancels the rest, and all errors leave together; `collect` lets the others end first.",
            "its children, at the closing brace",
        ),
        K::Race => waiting(
            "race { task a { }  task b { } } · race ok { }",
            "The first to finish wins, with `ok` the first to succeed; the rest are cancelled and cleaned up.",
            "the winner, and the cleanup of the others",
        ),
        K::Gather => waiting(
            "gather { task a { }  task b { } } · gather keep { }",
            "A list of results. The first error leaves at once while the others run on; `keep` puts errors into the list.",
            "its tasks, at the closing brace",
        ),
        K::Timeout => plain(
            "timeout 2s { } else { } · timeout 2s as t { }",
            "Cancels the block when the time is up. Raises `Timeout`, unless there is an `else`.",
        ),
        K::Extend => plain("extend t 1s", "Moves a deadline."),
        K::Shield => {
            plain("shield 1s { }", "Keeps cancellation out until the block ends, or its budget is spent.")
        }
        K::Retry => waiting(
            "retry 3 backoff 100ms..2s jitter { }",
            "So many attempts, with pauses that double; the last error leaves.",
            "the pause between two attempts",
        ),
        K::With => waiting(
            "with db as conn { }",
            "Holds a limiter, lock, resource or pool; it is given back on every way out.",
            "its turn, and what opens and closes",
        ),
        K::At => plain("at 2s { }", "Runs at this instant, whatever else goes on."),
        K::Shutdown => plain(
            "shutdown at 2s grace 500ms",
            "A stop from outside: cancels everything; cleanup gets the grace.",
        ),
        K::And => {
            plain("a and b", "Whether both hold; the right side is not looked at where the left decides.")
        }
        K::Or => plain(
            "a or b",
            "Whether one of them holds; the right side is not looked at where the left decides.",
        ),
        K::Not => plain("not a", "The opposite."),
        K::True | K::False => plain("true · false", "What a comparison gives."),
        _ => plain("none", "No value."),
    }
}

/// The words that are special only where the grammar has them.
pub const WORDS: [(&str, Construct); 18] = [
    (
        "in",
        plain(
            "for x in list · fetch \"/\" in 300ms",
            "What a loop goes through; how long virtual time simulates.",
        ),
    ),
    ("to", plain("for i in 1 to 5", "The last number; it is included.")),
    ("every", waiting("every 100ms", "A fixed pace; the first item comes at once.", "the next beat")),
    ("as", plain("as name", "A name for it in this block.")),
    ("per", plain("5 per 1s", "At most so many starts in any window of this length.")),
    ("of", plain("2 of db", "The resource that the pool opens.")),
    ("overflow", plain("overflow 1", "So many more under load; they are closed after use.")),
    ("status", plain("status 503", "The status that virtual time answers with.")),
    ("gives", plain("gives \"text\"", "What virtual time answers with.")),
    ("backoff", waiting("backoff 100ms..2s", "The first pause, and the longest.", "the pause")),
    ("jitter", plain("jitter", "Each pause is drawn between nothing and its length.")),
    ("grace", plain("grace 500ms", "How long cleanup may take before it is cut.")),
    ("collect", plain("collect", "Failures do not cancel siblings; the errors leave when all have ended.")),
    ("ok", plain("ok", "The first to succeed wins, not the first to end.")),
    ("keep", plain("keep", "Errors stand in the list.")),
    (
        "open",
        waiting("open { }", "Runs before the block that holds the resource.", "what its statements wait for"),
    ),
    (
        "close",
        waiting(
            "close { }",
            "Runs after the block that holds the resource, on every way out.",
            "what its statements wait for",
        ),
    ),
    ("logged", plain("logged \"text\"", "Whether a line of the log was exactly this.")),
];

/// What a built-in call gives.
pub fn builtin(which: Builtin) -> Construct {
    match which {
        Builtin::Len => plain("len(x)", "How many items a list has, or characters a text."),
        Builtin::Now => plain("now()", "The time since the run began."),
        Builtin::Random => {
            plain("random(a, b)", "A number or length between two, both included, drawn from the seed.")
        }
        Builtin::Sum => plain("sum(list)", "All items added up."),
        Builtin::Min => plain("min(a, b) · min(list)", "The least."),
        Builtin::Max => plain("max(a, b) · max(list)", "The greatest."),
        Builtin::Str => plain("str(x)", "The text that `{x}` writes."),
    }
}

/// The facts of the whole run that an `expect` at the top level may read.
pub const FACTS: [(&str, Construct); 5] = [
    ("elapsed", plain("elapsed", "How long the whole run took.")),
    ("outcome", plain("outcome", "How the run ended: `ok`, `failed`, `cancelled`, `deadlock` or `limit`.")),
    ("peak", plain("peak(api)", "How many held it at once at most.")),
    ("logged", plain("logged \"text\"", "Whether a line of the log was exactly this.")),
    ("cancelled", plain("cancelled(\"scope/task\")", "Whether the task of this path was cancelled.")),
];

/// The fields of errors, then those of responses.
pub const FIELDS: [(&str, Construct); 7] = [
    ("kind", plain("e.kind", "The kind of the error.")),
    ("message", plain("e.message", "What it says; may be empty.")),
    ("task", plain("e.task", "The path of the task that raised it.")),
    ("count", plain("e.count", "How many errors the group holds; 1 for a lone one.")),
    ("leaves", plain("e.leaves", "The errors of the group, as a list.")),
    ("status", plain("r.status", "The HTTP status.")),
    ("body", plain("r.body", "The text of the response.")),
];

/// The kinds that a run raises by itself.
pub const KINDS: [(&str, &str); 13] = [
    ("Timeout", "A `timeout` without `else` whose time was up."),
    ("TaskCancelled", "Awaiting a task that was cancelled."),
    ("HttpError", "A response with a status of 400 or more, or none."),
    ("QueueClosed", "Putting into a closed queue, or taking from a closed and empty one."),
    ("QueueError", "One `done` more than items were put."),
    ("IndexError", "No item at this index."),
    ("ZeroDivision", "Dividing by zero."),
    ("Overflow", "A number that does not fit into 64 bits."),
    ("TypeError", "Values that do not go together."),
    ("ValueError", "A value that cannot be, such as a reversed range."),
    ("ExpectationFailed", "What an `expect` that does not hold adds to the errors of the run."),
    ("QueryError", "A query that the database refused."),
    ("WorkerCrashed", "A worker that broke down."),
];

/// What a worker knows.
pub const BLOCKING: [(&str, Construct); 3] = [
    ("primes", plain("offload primes(n)", "How many primes there are up to n.")),
    ("fib", plain("offload fib(n)", "The nth number of Fibonacci.")),
    ("collatz", plain("offload collatz(n)", "The most steps that a number up to n needs to reach 1.")),
];

/// The row of `word` in one of the tables above.
pub fn find(table: &[(&str, Construct)], word: &str) -> Option<Construct> {
    table.iter().find(|row| row.0 == word).map(|row| row.1)
}
