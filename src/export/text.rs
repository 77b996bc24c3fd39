//! A run as the command line prints it: the log, the outcome, and what went wrong.
//!
//! ```text
//! 0.400000  main/dashboard/user  user ready
//! outcome: failed
//! elapsed: 1.200000
//! errors:
//!   dashboard
//!     Timeout: timed out after 2s  main/dashboard/orders  1.200000  line 12, cause
//! ```

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::event::{Event, Leaf, Name, Outcome, Role};
use crate::ids::{ErrorId, ScopeId, TaskId};
use crate::span::{LineIndex, Span};
use crate::time::Time;
use crate::trace::{Paths, Trace};

/// The run as text. With the `source` that ran, errors say their lines.
///
/// The lines of the log, `outcome:` and `elapsed:` are fixed; what follows them is for people.
pub fn write(trace: &Trace, source: Option<&str>) -> String {
    let mut page = Page::new(source);
    for stamped in &trace.events {
        page.hear(stamped.at, &stamped.event);
    }
    page.finish(trace)
}

/// What is written so far, and what has to be known for the rest.
struct Page {
    out: String,
    lines: Option<LineIndex>,
    paths: Paths,
    /// The names of scopes, for the nodes of the error tree.
    scopes: BTreeMap<ScopeId, Name>,
    /// Where each error was raised.
    raised: BTreeMap<ErrorId, Option<Span>>,
    /// Expectations that did not hold.
    broken: Vec<Broken>,
}

/// An expectation that did not hold.
struct Broken {
    at: Time,
    task: TaskId,
    text: String,
    span: Option<Span>,
}

impl Page {
    fn new(source: Option<&str>) -> Page {
        Page {
            out: String::new(),
            lines: source.map(LineIndex::new),
            paths: Paths::default(),
            scopes: BTreeMap::new(),
            raised: BTreeMap::new(),
            broken: Vec::new(),
        }
    }

    fn hear(&mut self, at: Time, event: &Event) {
        self.paths.hear(event);
        match event {
            Event::Log { task, text, .. } => {
                let path = self.path(*task);
                let _ = writeln!(self.out, "{at}  {path}  {}", one_line(text));
            }
            Event::ScopeOpen { scope, name, .. } => {
                self.scopes.insert(*scope, name.clone());
            }
            Event::ErrorRaised { error, span, .. } => {
                self.raised.insert(*error, *span);
            }
            Event::Expect { task, held: false, text, span } => {
                let (task, text, span) = (*task, one_line(text), *span);
                self.broken.push(Broken { at, task, text, span });
            }
            _ => {}
        }
    }

    fn finish(mut self, trace: &Trace) -> String {
        let at = trace.events.last().map_or(Time::ZERO, |last| last.at);
        let end = trace.events.last().map(|last| &last.event);
        let Some(Event::RunEnd { outcome, errors, notes }) = end else {
            let _ = writeln!(self.out, "outcome: none yet\nelapsed: {at}");
            return self.out;
        };
        let _ = writeln!(self.out, "outcome: {}\nelapsed: {at}", outcome.name());
        if !errors.is_empty() || !self.broken.is_empty() {
            self.out.push_str("errors:\n");
            self.tree(errors);
            self.expectations();
        }
        if !notes.is_empty() {
            self.out.push_str(if *outcome == Outcome::Deadlock { "waiting:\n" } else { "why:\n" });
            for note in notes {
                let _ = writeln!(self.out, "  {}", one_line(note));
            }
        }
        self.out
    }

    /// Scopes as inner nodes, errors as leaves. Leaves of one scope stand together, as they do in the tree.
    fn tree(&mut self, errors: &[Leaf]) {
        let mut open: Vec<ScopeId> = Vec::new();
        for leaf in errors {
            // The root scope has no name: nobody wrote it, so nobody reads of it.
            let groups: Vec<(ScopeId, Name)> = leaf
                .groups
                .iter()
                .filter_map(|scope| Some((*scope, self.scopes.get(scope)?.clone())))
                .filter(|(_, name)| !name.is_empty())
                .collect();
            let shared = open.iter().zip(&groups).take_while(|(open, (scope, _))| *open == scope).count();
            for (depth, (_, name)) in groups.iter().enumerate().skip(shared) {
                let _ = writeln!(self.out, "{}{name}", indent(depth));
            }
            self.leaf(leaf, groups.len());
            open = groups.into_iter().map(|(scope, _)| scope).collect();
        }
    }

    fn leaf(&mut self, leaf: &Leaf, depth: usize) {
        let path = self.path(leaf.task);
        let title = match leaf.message.is_empty() {
            true => leaf.kind.to_string(),
            false => format!("{}: {}", leaf.kind, one_line(&leaf.message)),
        };
        let line = self.line(self.raised.get(&leaf.error).copied().flatten());
        let role = match leaf.role {
            Role::Cause => "cause",
            Role::Body => "body",
            Role::DuringCancellation => "raised during cancellation",
        };
        let _ = writeln!(self.out, "{}{title}  {path}  {}  {line}{role}", indent(depth), leaf.at);
    }

    fn expectations(&mut self) {
        for broken in std::mem::take(&mut self.broken) {
            let path = self.path(broken.task);
            let line = self.line(broken.span);
            let Broken { at, text, .. } = broken;
            let _ = writeln!(self.out, "  ExpectationFailed: {text}  {path}  {at}  {line}expectation");
        }
    }

    /// A name may be any text, so a path is kept to one line too.
    fn path(&self, task: TaskId) -> String {
        one_line(&self.paths.task(task))
    }

    /// `line 12, `, where the text is at hand.
    fn line(&self, span: Option<Span>) -> String {
        match (&self.lines, span) {
            (Some(lines), Some(span)) => format!("line {}, ", lines.line(span.start)),
            _ => String::new(),
        }
    }
}

fn indent(depth: usize) -> String {
    "  ".repeat(depth + 1)
}

/// `text` on one line: what would break the line, or move a terminal's cursor, is written as in a string.
fn one_line(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '\t' => line.push(letter),
            '\u{2028}' | '\u{2029}' => line.extend(letter.escape_unicode()),
            _ if letter.is_control() => line.extend(letter.escape_default()),
            _ => line.push(letter),
        }
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::{End, ScopeKind};
    use crate::trace::script::{Script, order_dashboard};

    const MAIN: TaskId = TaskId::ROOT;

    fn check(write_run: impl FnOnce(&mut Script), expected: &str) {
        let mut run = Script::new("");
        write_run(&mut run);
        // The spans of a script lie on lines of ten bytes.
        let source = "123456789\n".repeat(9);
        assert_eq!(write(&run.so_far(), Some(&source)), expected);
    }

    fn end(run: &mut Script, outcome: Outcome, errors: Vec<Leaf>, notes: &[&str]) {
        let notes = notes.iter().map(|note| note.to_string()).collect();
        run.push(Event::RunEnd { outcome, errors, notes });
    }

    #[test]
    fn the_log_then_how_it_ended() {
        let expected =
            "0.250000  main  lost: ValueError: prefs are corrupt\noutcome: ok\nelapsed: 0.250000\n";
        assert_eq!(write(&order_dashboard(), None), expected);
    }

    #[test]
    fn one_line_a_log() {
        check(
            |run| {
                run.log(MAIN, "a\nb\r\tc \\n \u{1b}[2J").at_us(1);
                end(run, Outcome::Ok, vec![], &[]);
            },
            "0.000000  main  a\\nb\\r\tc \\n \\u{1b}[2J\noutcome: ok\nelapsed: 0.000001\n",
        );
    }

    #[test]
    fn errors_stand_in_their_scopes_and_broken_expectations_below() {
        check(
            |run| {
                let root = run.open(MAIN, None, ScopeKind::Scope, "");
                let outer = run.open(MAIN, Some(root), ScopeKind::Scope, "outer");
                let a = run.spawn(MAIN, Some(outer), "a");
                let inner = run.open(MAIN, Some(outer), ScopeKind::Collect, "inner#2");
                let leaf = |run: &mut Script, task, message: &str, role, groups: &[ScopeId]| {
                    let error = run.raise(task, "Boom", message);
                    let (kind, message, groups) = ("Boom".into(), message.into(), groups.to_vec());
                    Leaf { error, kind, message, task, at: Time::from_us(5), role, groups }
                };
                let one = leaf(run, a, "one\ntwo", Role::Cause, &[root, outer]);
                let two = leaf(run, MAIN, "", Role::Body, &[root, outer, inner]);
                let three = leaf(run, MAIN, "3", Role::DuringCancellation, &[root, outer, inner]);
                let four = leaf(run, MAIN, "4", Role::Body, &[root]);
                run.finish(a, End::Failed);
                let (text, span) = ("x == 2".into(), Some(Span::new(30, 31)));
                run.push(Event::Expect { task: MAIN, held: false, text, span });
                end(run, Outcome::Failed, vec![one, two, three, four], &[]);
            },
            "outcome: failed\nelapsed: 0.000000\nerrors:\n  outer\n\
             \x20   Boom: one\\ntwo  main/outer/a  0.000005  line 2, cause\n\
             \x20   inner#2\n\
             \x20     Boom  main  0.000005  line 1, body\n\
             \x20     Boom: 3  main  0.000005  line 1, raised during cancellation\n\
             \x20 Boom: 4  main  0.000005  line 1, body\n\
             \x20 ExpectationFailed: x == 2  main  0.000000  line 4, expectation\n",
        );
    }

    #[test]
    fn notes_say_who_waits_and_why_it_stopped() {
        check(
            |run| end(run, Outcome::Deadlock, vec![], &["main waits for limiter `a`, held by main/x"]),
            "outcome: deadlock\nelapsed: 0.000000\nwaiting:\n  main waits for limiter `a`, held by main/x\n",
        );
        check(
            |run| end(run, Outcome::Limit, vec![], &["stopped after 5 steps"]),
            "outcome: limit\nelapsed: 0.000000\nwhy:\n  stopped after 5 steps\n",
        );
        check(
            |run| {
                run.at_ms(3).log(MAIN, "on");
            },
            "0.003000  main  on\noutcome: none yet\nelapsed: 0.003000\n",
        );
    }
}
