//! Statements, one arm each.

use crate::export::tree::raises::literal;
use crate::export::tree::types::Kind;
use crate::export::tree::{Arm, Block, Expr, ExprKind, Job, Length, Op, Part, Task, Visit, walk_op};
use crate::lang::plan::{Held, Literal};

use super::block::Want;
use super::expr::Code;
use super::names::identifier;
use super::program::Writer;
use super::text;

impl Writer<'_> {
    /// An action as a statement.
    pub fn op(&mut self, op: &Op, want: &Want) {
        if op.is_expression() {
            let code = self.action_code(op).text;
            return match want {
                Want::Nothing => self.page.line(code),
                want => self.give(&code, want),
            };
        }
        match op {
            Op::Value(value) => match want {
                Want::Nothing => self.bare_value(value),
                want => {
                    let code = self.expr(value).text;
                    self.give(&code, want);
                }
            },
            Op::Break => self.leave_loop("break"),
            Op::Continue => self.leave_loop("continue"),
            Op::Return(value) => {
                let code = value.as_ref().map(|value| self.expr(value).text);
                let line = match (code, self.in_handler) {
                    (Some(code), false) => format!("return {code}"),
                    (None, false) => "return".to_string(),
                    (code, true) => {
                        format!("return {}", self.call("Leave", &[code.unwrap_or("None".into())]).text)
                    }
                };
                self.page.line(line);
            }
            Op::Fail { kind, message } => {
                let message = message.as_ref().map(|message| self.string(message)).unwrap_or_default();
                let kind = self.kind(kind);
                self.page.line(format!("raise {kind}({message})"));
            }
            Op::Raise(error) => self.raise(error),
            Op::If { .. }
            | Op::While(_)
            | Op::Repeat { .. }
            | Op::ForList { .. }
            | Op::ForRange { .. }
            | Op::ForQueue { .. } => {
                self.flow(op, want);
            }
            Op::Try { body, handlers, finally } => self.guarded(body, handlers, finally.as_ref(), want),
            Op::Scope { .. }
            | Op::Timeout { .. }
            | Op::Shield { .. }
            | Op::Retry { .. }
            | Op::With { .. } => self.block_op(op, want),
            _ => {
                self.simple(op);
                self.give("None", want);
            }
        }
    }

    /// An expression for whose value nobody asks.
    fn bare_value(&mut self, value: &Expr) {
        let code = self.expr(value).text;
        let idle = matches!(value.kind, ExprKind::Literal(_) | ExprKind::Var(_));
        if !idle {
            self.page.line(code);
        }
    }

    fn raise(&mut self, error: &Expr) {
        let handled =
            self.handled.is_some_and(|handled| matches!(error.kind, ExprKind::Var(var) if var == handled));
        if handled {
            return self.page.line("raise");
        }
        let code = self.expr(error).text;
        let code =
            if self.type_of(error).is(Kind::Error) { code } else { self.call("error_of", &[code]).text };
        self.page.line(format!("raise {code}"));
    }

    /// Statements without blocks that have no value.
    fn simple(&mut self, op: &Op) {
        let line = match op {
            Op::Sleep(length) => self.sleep(length),
            Op::Work(length) => {
                let length = self.length(length);
                self.call("work", &[length]).text
            }
            Op::Log(value) => {
                let value = self.string(value);
                self.call("log", &[value]).text
            }
            Op::Mark(value) => {
                let value = self.string(value);
                self.call("mark", &[value]).text
            }
            Op::Expect { condition, message, text: written } => {
                self.marks.insert("expect");
                let condition = self.condition(condition);
                let message = message.as_ref().map(|message| self.string(message));
                self.call("expect", &[condition, message.unwrap_or_else(|| text::quoted(written))]).text
            }
            Op::Cancel(task) => format!("{}.cancel()", self.handle(task, "cancel")),
            Op::Extend { deadline, by } => {
                let by = self.span(by);
                let code = self.expr(deadline);
                let code = match self.type_of(deadline).is(Kind::Deadline) {
                    true => code.operand(),
                    false => self.call("deadline_of", &[code.text]).text,
                };
                format!("{code}.extend({by})")
            }
            Op::Put { queue, item } => {
                let item = self.expr(item).text;
                format!("await {}.put({item})", self.declared.queues[queue.index()])
            }
            Op::Done(queue) => format!("{}.done()", self.declared.queues[queue.index()]),
            Op::Join(queue) => format!("await {}.join()", self.declared.queues[queue.index()]),
            Op::Close(queue) => format!("{}.close()", self.declared.queues[queue.index()]),
            Op::Set(event) => format!("{}.set()", self.declared.events[event.index()]),
            Op::Clear(event) => format!("{}.clear()", self.declared.events[event.index()]),
            Op::WaitEvent(event) => format!("await {}.wait()", self.declared.events[event.index()]),
            _ => return,
        };
        self.page.line(line);
    }

    fn sleep(&mut self, length: &Length) -> String {
        let zero = |expr: &Expr| literal(expr).is_none_or(|us| us == 0);
        let may_be_zero = zero(&length.from);
        let seconds = self.length(length);
        // asyncio's sleep of no time is over at once; where the loop is held meanwhile, other timers are due before.
        if may_be_zero && self.tree.any(|op| matches!(op, Op::Work(_))) {
            return format!("await {}", self.call("sleep", &[seconds]).text);
        }
        format!("await asyncio.sleep({seconds})")
    }

    // Branches and loops.

    fn flow(&mut self, op: &Op, want: &Want) {
        match op {
            Op::If { arms, otherwise } => return self.branches(arms, otherwise.as_ref(), want),
            Op::While(arm) if arm.before.is_empty() => {
                let condition = self.condition(&arm.condition);
                self.loop_block(&format!("while {condition}:"), &arm.body);
            }
            Op::While(arm) => {
                self.page.open("while True:");
                let from = self.page.len();
                self.stmts(&arm.before, &Want::Nothing);
                let condition = self.condition(&arm.condition);
                self.page.open(format!("if not ({condition}):"));
                let inner = self.page.len();
                self.page.line("break");
                self.page.close(inner);
                self.loop_inside(&arm.body);
                self.page.close(from);
            }
            Op::Repeat { times, body } => {
                let times = self.integer(times);
                self.loop_block(&format!("for _ in range({times}):"), body);
            }
            Op::ForList { list, body } => {
                let fits = self.type_of(list).is(Kind::List);
                let list = self.expr(list).text;
                let list = if fits { list } else { self.call("items", &[list]).text };
                let item = self.item(body);
                self.loop_block(&format!("for {item} in {list}:"), body);
            }
            Op::ForRange { from, to, every, body } => {
                let (from, to) = (self.integer(from), self.up_to(to));
                let every = every.as_ref().map(|every| self.span(every));
                let item = self.item(body);
                let range = if from == "0" { format!("range({to})") } else { format!("range({from}, {to})") };
                let head = match every {
                    Some(every) => {
                        let items = self.call("every", &[every, range]).text;
                        format!("async for {item} in {items}:")
                    }
                    None => format!("for {item} in {range}:"),
                };
                self.loop_block(&head, body);
            }
            Op::ForQueue { queue, body } => {
                let queue = self.declared.queues[queue.index()].clone();
                let item = self.item(body);
                self.loop_block(&format!("async for {item} in {queue}:"), body);
            }
            _ => {}
        }
        self.give("None", want);
    }

    /// The end of a range that includes it, as Python's that does not.
    fn up_to(&mut self, to: &Expr) -> String {
        match literal(to) {
            Some(last) => (last + 1).to_string(),
            None => format!("{} + 1", self.integer(to)),
        }
    }

    fn item(&mut self, body: &Block) -> String {
        body.inputs.first().map_or_else(|| "_".to_string(), |input| self.input(*input))
    }

    fn loop_block(&mut self, head: &str, body: &Block) {
        self.page.open(head);
        let from = self.page.len();
        self.loop_inside(body);
        self.page.close(from);
    }

    fn loop_inside(&mut self, body: &Block) {
        let retry = self.retry.take();
        self.loops += 1;
        body.inputs.iter().for_each(|input| self.filled(*input));
        self.block(body, &Want::Nothing);
        self.loops -= 1;
        self.retry = retry;
    }

    /// `break` or `continue`. Out of a retry, which is a loop in Python, by way of a note what to do after it.
    pub fn leave_loop(&mut self, word: &str) {
        if let Some(note) = self.retry.clone() {
            self.page.line(format!("{note} = {}", text::quoted(word)));
            return self.page.line("break");
        }
        if self.in_handler && self.loops == 0 {
            self.needs("Leave");
            return self.page.line(format!("return {}", word.to_uppercase()));
        }
        self.page.line(word);
    }

    fn branches(&mut self, arms: &[Arm], otherwise: Option<&Block>, want: &Want) {
        let mut depth = Vec::new();
        for (at, arm) in arms.iter().enumerate() {
            let nested = at > 0 && !arm.before.is_empty();
            if nested {
                self.page.open("else:");
                depth.push(self.page.len());
            }
            self.stmts(&arm.before, &Want::Nothing);
            let condition = self.condition(&arm.condition);
            let word = if at == 0 || nested { "if" } else { "elif" };
            self.open_block(&format!("{word} {condition}:"), &arm.body, want);
        }
        match otherwise {
            Some(block) => self.open_block("else:", block, want),
            None if matches!(want, Want::Into(_)) => {
                self.page.open("else:");
                let from = self.page.len();
                self.give("None", want);
                self.page.close(from);
            }
            None => {}
        }
        depth.into_iter().rev().for_each(|from| self.page.close(from));
    }

    // Blocks that wait.

    fn block_op(&mut self, op: &Op, want: &Want) {
        match op {
            Op::Scope { name, collect, body } => self.scope_block(name, *collect, body, want),
            Op::Timeout { length, body, otherwise } => self.timeout(length, body, otherwise.as_ref(), want),
            Op::Shield { budget, body } => {
                let budget = budget.as_ref().map(|budget| self.span(budget));
                let shield = self.call("shield", &budget.into_iter().collect::<Vec<_>>()).text;
                self.open_block(&format!("async with {shield}:"), body, want);
            }
            Op::Retry { .. } => self.retry_block(op, want),
            Op::With { held, body } => {
                let (name, input) = (self.held_name(*held), body.inputs.first().copied());
                let held = match held {
                    Held::Limiter(_) | Held::Lock(_) => name,
                    Held::Resource(_) => format!("{name}()"),
                    Held::Pool(_) => format!("{name}.connection()"),
                };
                let input_name = input.map(|input| format!(" as {}", self.input(input))).unwrap_or_default();
                self.page.open(format!("async with {held}{input_name}:"));
                let from = self.page.len();
                input.iter().for_each(|input| self.filled(*input));
                self.block(body, want);
                self.page.close(from);
            }
            _ => {}
        }
    }

    fn scope_block(&mut self, name: &Expr, collect: bool, body: &Block, want: &Want) {
        let mut args = vec![self.string(name)];
        args.extend(collect.then(|| "collect=True".to_string()));
        args.retain(|arg| arg != "\"scope\"");
        let mut head = match self.own {
            Some(_) => format!("async with Scope({})", args.join(", ")),
            None => "async with asyncio.TaskGroup()".to_string(),
        };
        let outer = (self.scope.clone(), self.scope_path.clone());
        if spawns(self, body) {
            let wanted = label(name).unwrap_or("scope");
            let variable = self.names.local(wanted, None, |_| false);
            head += &format!(" as {variable}");
            self.scope = Some(variable);
            self.scope_path = format!("main/{wanted}");
        }
        self.open_block(&format!("{head}:"), body, want);
        (self.scope, self.scope_path) = outer;
    }

    fn timeout(&mut self, length: &Expr, body: &Block, otherwise: Option<&Block>, want: &Want) {
        let mut args = vec![self.span(length)];
        if self.own.is_none() {
            return self.plain_timeout(&args[0], body, otherwise, want);
        }
        args.extend(otherwise.map(|_| "quietly=True".to_string()));
        let head = format!("async with {}", self.call("timeout", &args).text);
        let input = body.inputs.first().copied().map(|input| (input, self.input(input)));
        let variable = match (&input, otherwise) {
            (Some((_, name)), _) => Some(name.clone()),
            (None, Some(_)) => Some(self.names.local("deadline", None, |_| false)),
            (None, None) => None,
        };
        let bound = variable.as_ref().map(|name| format!(" as {name}")).unwrap_or_default();
        self.page.open(format!("{head}{bound}:"));
        let from = self.page.len();
        input.iter().for_each(|(input, _)| self.filled(*input));
        self.block(body, want);
        self.page.close(from);
        if let (Some(otherwise), Some(variable)) = (otherwise, variable) {
            self.open_block(&format!("if {variable}.expired:"), otherwise, want);
        }
    }

    fn plain_timeout(&mut self, seconds: &str, body: &Block, otherwise: Option<&Block>, want: &Want) {
        let head = format!("async with asyncio.timeout({seconds}):");
        let Some(otherwise) = otherwise else { return self.open_block(&head, body, want) };
        self.page.open("try:");
        let from = self.page.len();
        self.open_block(&head, body, want);
        self.page.close(from);
        let handled = self.handled.take();
        self.open_block("except TimeoutError:", otherwise, want);
        self.handled = handled;
    }

    fn retry_block(&mut self, op: &Op, want: &Want) {
        let Op::Retry { attempts, backoff, jitter, body } = op else { return };
        let mut args = vec![self.attempts(attempts)];
        if let Some(backoff) = backoff {
            args.push(self.span(&backoff.from));
            args.extend(backoff.to.as_ref().map(|cap| self.span(cap)));
        }
        if *jitter {
            self.marks.insert("jitter");
            args.push("jitter=True".to_string());
        }
        // `break` and `continue` mean a loop around the retry.
        let outer = self.retry.take();
        if leaves_by(body, "break") || leaves_by(body, "continue") {
            let note = self.names.local("leaves", None, |_| false);
            self.page.line(format!("{note} = None"));
            self.retry = Some(note);
        }
        let attempts = self.call("retry", &args).text;
        let attempt = self.names.local("attempt", None, |_| true);
        self.page.open(format!("async for {attempt} in {attempts}:"));
        let from = self.page.len();
        self.open_block(&format!("with {attempt}:"), body, want);
        self.page.close(from);
        let note = std::mem::replace(&mut self.retry, outer);
        for word in ["break", "continue"].into_iter().filter(|_| note.is_some()) {
            self.page.open(format!("if {} == {}:", note.as_deref().unwrap_or_default(), text::quoted(word)));
            let from = self.page.len();
            self.leave_loop(word);
            self.page.close(from);
        }
    }

    fn attempts(&mut self, attempts: &Expr) -> String {
        let code = self.expr(attempts).text;
        match literal(attempts) {
            Some(1..) => code,
            _ => self.call("attempts", &[code]).text,
        }
    }

    // What stands in expressions.

    /// An action with a value.
    pub fn action_code(&mut self, op: &Op) -> Code {
        match op {
            Op::Call(function, args) => {
                let mut codes: Vec<String> = Vec::new();
                if self.usage.spawns(self.tree.functions[function.index()].id) {
                    codes.push(self.scope.clone().unwrap_or_else(|| "root".to_string()));
                }
                codes.extend(args.iter().map(|arg| self.expr(arg).text));
                let call = format!("{}({})", self.functions[function.index()], codes.join(", "));
                match self.waits.function(function.index()) {
                    true => Code::awaited(call),
                    false => Code::atom(call),
                }
            }
            Op::Await(task) => Code::awaited(self.handle(task, "await")),
            Op::Take(queue) => Code::awaited(format!("{}.take()", self.declared.queues[queue.index()])),
            Op::WaitBarrier(barrier) => {
                Code::awaited(format!("{}.wait()", self.declared.barriers[barrier.index()]))
            }
            Op::Fetch { url, takes, status, gives } => {
                let mut args = vec![self.string(url)];
                args.extend(takes.as_ref().map(|takes| format!("takes={}", self.length(takes))));
                if let Some(status) = status {
                    let code = self.expr(status).text;
                    let sure = matches!(literal(status), Some(100..600));
                    let code = if sure { code } else { self.call("http_status", &[code]).text };
                    args.push(format!("status={code}"));
                }
                args.extend(gives.as_ref().map(|gives| format!("body={}", self.string(gives))));
                Code::awaited(self.call("fetch", &args).text)
            }
            Op::Offload { job, takes } => self.offload(job, takes.as_ref()),
            Op::Query { sql, takes, gives } => {
                let mut args = vec![self.checked(sql, Kind::Str, "query_text")];
                args.extend(takes.as_ref().map(|takes| format!("takes={}", self.length(takes))));
                let gives = gives.as_ref().map(|gives| self.checked(gives, Kind::List, "rows"));
                args.extend(gives.map(|gives| format!("rows={gives}")));
                Code::awaited(self.call("query", &args).text)
            }
            Op::Task(task) => self.spawn(task),
            Op::Detach(task) => self.detach(task),
            Op::Race { name, ok, tasks } => self.race(name, *ok, tasks),
            Op::Gather { name, keep, tasks } => self.gather(name, *keep, tasks),
            _ => Code::atom("None"),
        }
    }

    /// An expression of one kind; where it may be of another, a helper looks.
    fn checked(&mut self, expr: &Expr, kind: Kind, helper: &'static str) -> String {
        let code = self.expr(expr).text;
        if self.type_of(expr).is(kind) { code } else { self.call(helper, &[code]).text }
    }

    fn offload(&mut self, job: &Job, takes: Option<&Length>) -> Code {
        let (function, args) = match job {
            Job::Block(length) => {
                let length = self.length(length);
                return Code::awaited(self.call("hold_worker", &[length]).text);
            }
            Job::Call(function, args) => (function, args),
        };
        let mut codes = vec![function.to_string()];
        for arg in args {
            let code = self.expr(arg).text;
            codes.push(match self.type_of(arg).is(Kind::Int) {
                true => code,
                false => self.call("argument", &[text::quoted(function), code]).text,
            });
        }
        codes.extend(takes.map(|takes| format!("takes={}", self.length(takes))));
        Code::awaited(self.call("offload", &codes).text)
    }
}

/// The fixed part of a name.
pub fn label(name: &Expr) -> Option<&str> {
    let text = match &name.kind {
        ExprKind::Literal(Literal::Str(text)) => text,
        ExprKind::Text(parts) => match parts.first()? {
            Part::Text(text) => text,
            Part::Hole(_) => return None,
        },
        _ => return None,
    };
    (identifier(text) != "it").then_some(text)
}

/// Whether something is spawned into the scope of this body.
fn spawns(writer: &Writer<'_>, body: &Block) -> bool {
    struct Spawns<F>(F, bool);

    impl<F: Fn(&Op) -> bool> Visit for Spawns<F> {
        fn op(&mut self, op: &Op) {
            self.1 |= (self.0)(op);
            if !matches!(op, Op::Scope { .. } | Op::Race { .. } | Op::Detach(_)) {
                walk_op(self, op);
            }
        }
    }

    let spawns = |op: &Op| match op {
        Op::Task(_) | Op::Gather { .. } => true,
        Op::Call(function, _) => writer.usage.spawns(writer.tree.functions[function.index()].id),
        _ => false,
    };
    let mut found = Spawns(spawns, false);
    found.block(body);
    found.1
}

/// Which words lead out of a block.
#[derive(Default)]
struct Leaves {
    breaks: bool,
    continues: bool,
    returns: bool,
    /// Loops around, inside of the block.
    loops: u32,
}

impl Visit for Leaves {
    fn op(&mut self, op: &Op) {
        self.breaks |= matches!(op, Op::Break) && self.loops == 0;
        self.continues |= matches!(op, Op::Continue) && self.loops == 0;
        self.returns |= matches!(op, Op::Return(_));
        let loops = matches!(
            op,
            Op::While(_) | Op::Repeat { .. } | Op::ForList { .. } | Op::ForRange { .. } | Op::ForQueue { .. }
        );
        self.loops += u32::from(loops);
        walk_op(self, op);
        self.loops -= u32::from(loops);
    }

    fn task(&mut self, _: &Task) {}
}

/// Whether `return`, `break` or `continue` leave a block.
pub fn leaves(block: &Block) -> bool {
    ["return", "break", "continue"].into_iter().any(|word| leaves_by(block, word))
}

/// Whether this word leads out of a block.
pub fn leaves_by(block: &Block, word: &str) -> bool {
    let mut found = Leaves::default();
    found.block(block);
    match word {
        "break" => found.breaks,
        "continue" => found.continues,
        _ => found.returns,
    }
}
