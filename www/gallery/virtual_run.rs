//! What the programs beside it print, and the clock that they run on: virtual time, as `virtual_loop.py` is for Python.

use std::cell::RefCell;
use std::fmt::Display;
use std::future::Future;
use std::rc::Rc;
use std::time::Duration;

use taskscope::host::sim::SimHost;
use taskscope::host::{Host, Request, Simulated};
use taskscope::runtime::{Error, Length, Result, Run, RunError, block_on, fetch as send, now};
use taskscope::time::Time;

thread_local! {
    static PRINTED: RefCell<String> = const { RefCell::new(String::new()) };
}

/// An error that is a kind and a message, for each name.
macro_rules! errors {
    ($($kind:ident),*) => { $(
        #[derive(Debug)]
        pub struct $kind(pub String);

        impl std::fmt::Display for $kind {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl std::error::Error for $kind {}

        impl From<&str> for $kind {
            fn from(message: &str) -> $kind {
                $kind(message.to_owned())
            }
        }
    )* };
}
pub(crate) use errors;

errors!(HttpError);

/// A line, and when.
pub fn log(text: impl Display) {
    print(format!("{}  {text}", seconds(now())));
}

/// The instant as Taskscope prints a length of time.
pub fn clock() -> String {
    length(Duration::from_micros(now().as_us()))
}

/// A length of time as Taskscope prints it.
pub fn length(length: Duration) -> String {
    Length(length).to_string()
}

/// An error as Taskscope prints it; of a group, its leaves.
pub fn told(error: &Error) -> String {
    let leaves = error.leaves().map(|leaf| format!("{}: {}", leaf.kind(), leaf.message()));
    leaves.collect::<Vec<_>>().join("; ")
}

/// Milliseconds.
pub fn ms(count: u64) -> Duration {
    Duration::from_millis(count)
}

/// A request that takes so long, and is answered with this status; one of 400 or more is an error.
pub async fn fetch(url: &str, delay: Duration, status: u16) -> Result<()> {
    let simulated = Simulated { after: delay, status, body: "".into() };
    let response = send(Request { url: url.into(), simulated }).await?;
    if response.status >= 400 { Err(HttpError(format!("{} {url}", response.status)).into()) } else { Ok(()) }
}

/// Runs the program, then prints how and when it ended.
pub fn run(main: impl Future<Output = Result<()>>) {
    let script = Script::start();
    let outcome = match script.drive(main) {
        Ok(()) => "ok".to_owned(),
        Err(RunError::Stuck(_)) => "deadlock".to_owned(),
        // Stopped: the grace of a shutdown was spent.
        Err(RunError::Cancelled | RunError::Stopped) => "cancelled".to_owned(),
        Err(error) => format!("failed: {error}"),
    };
    script.ended(&outcome);
}

/// A plain program, which has no loop of its own.
pub struct Script {
    host: Rc<SimHost>,
}

impl Script {
    /// At instant zero.
    pub fn start() -> Script {
        Script { host: Rc::new(SimHost::new(0)) }
    }

    /// Computes for so long.
    pub fn work(&self, length: Duration) {
        self.host.work(length);
    }

    /// A line, and when.
    pub fn log(&self, text: impl Display) {
        print(format!("{}  {text}", seconds(self.host.now())));
    }

    /// Runs asynchronous code to its end, and gives what it gave.
    pub fn block_on<T>(&self, main: impl Future<Output = Result<T>>) -> Option<T> {
        self.drive(main).ok()
    }

    fn drive<T>(&self, main: impl Future<Output = Result<T>>) -> std::result::Result<T, RunError> {
        block_on(Run::new(self.host.clone(), main))
    }

    /// Prints when the program ended.
    pub fn end(&self) {
        self.ended("ok");
    }

    fn ended(&self, outcome: &str) {
        print(format!("outcome: {outcome}"));
        print(format!("elapsed: {}", seconds(self.host.now())));
    }
}

fn seconds(at: Time) -> String {
    format!("{}.{:06}", at.as_us() / 1_000_000, at.as_us() % 1_000_000)
}

fn print(line: String) {
    PRINTED.with_borrow_mut(|printed| {
        printed.push_str(&line);
        printed.push('\n');
    });
}

/// What was printed since the last time.
pub fn printed() -> String {
    PRINTED.take()
}
