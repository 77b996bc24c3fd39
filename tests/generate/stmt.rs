//! Statements.

use super::program::{Node, Part, block};
use super::{Around, Kind, Maker};

impl Maker {
    /// A block's statements, with these variables in it.
    pub(super) fn inner(&mut self, around: Around, inputs: &[(String, Kind)]) -> Vec<Node> {
        let around = Around { depth: around.depth + 1, ..around };
        self.vars.push(inputs.to_vec());
        let mut nodes = Vec::new();
        for _ in 0..=self.below(self.size.width) {
            self.statement(around, &mut nodes);
        }
        self.vars.pop();
        nodes
    }

    /// The body of a function or task, which nothing around reaches.
    fn body(&mut self, around: Around) -> Vec<Node> {
        let around = Around { in_function: true, in_task: true, depth: around.depth, ..Default::default() };
        let mut nodes = self.inner(around, &[]);
        if self.chance(25) {
            let kind = if self.chance(70) { Kind::Int } else { Kind::Str };
            nodes.push(Node::Line(format!("return {}", self.literal(kind))));
        }
        nodes
    }

    fn log(&mut self, nodes: &mut Vec<Node>) {
        let text = self.text();
        nodes.push(Node::Line(format!("log {text}")));
    }

    fn declare(&mut self, name: String, kind: Kind) {
        if let Some(frame) = self.vars.last_mut() {
            frame.push((name, kind));
        }
    }

    /// One statement, or a few that belong together.
    pub(super) fn statement(&mut self, around: Around, nodes: &mut Vec<Node>) {
        if self.budget == 0 {
            return;
        }
        self.budget -= 1;
        if around.depth <= self.size.depth && self.chance(45) {
            return match self.size.flat {
                true => self.flat_statement(around, nodes),
                false => self.block_statement(around, nodes),
            };
        }
        match self.below(30) {
            0..5 => self.log(nodes),
            5..11 => {
                let length = self.length();
                nodes.push(Node::Line(format!("sleep {length}")));
                if self.chance(50) {
                    self.log(nodes);
                }
            }
            11 | 12 => self.variable(nodes),
            13 if self.size.flat && around.in_scope => self.log(nodes),
            13 => self.failure(nodes),
            14..17 => self.meeting(nodes),
            17..19 if !self.size.flat => self.handles(nodes),
            19 => self.leave(around, nodes),
            20 => self.outside(nodes),
            21 => self.call(nodes),
            22 if self.chance(if self.size.flat { 10 } else { 30 }) => {
                let length = self.duration();
                nodes.push(Node::Line(format!("work {length}")));
            }
            23 => {
                if let Some(deadline) = self.known(Kind::Deadline) {
                    let by = self.duration();
                    nodes.push(Node::Line(format!("extend {deadline} {by}")));
                }
            }
            24 => {
                let condition = self.expr(Kind::Bool);
                nodes.push(Node::Line(format!("expect {condition}")));
            }
            25 if !self.size.flat && around.in_handler && self.chance(50) => {
                nodes.push(Node::Line("raise".into()))
            }
            26 => {
                if let Some(error) = self.known(Kind::Error) {
                    let field = self.pick(&["kind", "message", "task", "count"]).unwrap_or("count");
                    let mark = self.fresh("e");
                    nodes.push(Node::Line(format!("log \"{mark} {{{error}.{field}}} {{{error}}}\"")));
                }
            }
            _ => {
                let length = self.duration();
                nodes.push(Node::Line(format!("sleep {length}")));
            }
        }
    }

    fn variable(&mut self, nodes: &mut Vec<Node>) {
        let kind =
            self.pick(&[Kind::Int, Kind::Str, Kind::Bool, Kind::Duration, Kind::List]).unwrap_or(Kind::Int);
        if self.chance(50)
            && let Some(name) = self.known(kind)
        {
            let value = if self.chance(6) { self.some_expr() } else { self.expr(kind) };
            return nodes.push(Node::Line(format!("{name} = {value}")));
        }
        let value = self.expr(kind);
        let name = self.fresh("v");
        nodes.push(Node::Line(format!("let {name} = {value}")));
        self.declare(name, kind);
    }

    fn failure(&mut self, nodes: &mut Vec<Node>) {
        let kind = self.error_kind();
        let mark = self.fresh("x");
        if self.chance(15)
            && let Some(error) = self.known(Kind::Error)
        {
            return nodes.push(Node::Line(format!("raise {error}")));
        }
        let line = format!("fail {kind} \"{mark}\"");
        if self.chance(50) {
            let condition = self.expr(Kind::Bool);
            return nodes.push(block(format!("if {condition}"), vec![Node::Line(line)]));
        }
        nodes.push(Node::Line(line));
    }

    /// Queues, events, barriers.
    fn meeting(&mut self, nodes: &mut Vec<Node>) {
        match self.below(8) {
            0 | 1 => {
                if let Some(queue) = self.pick(&self.queues.clone()) {
                    let item = self.expr(Kind::Int);
                    nodes.push(Node::Line(format!("put {queue} {item}")));
                }
            }
            2 | 3 => {
                if let Some(queue) = self.pick(&self.queues.clone()) {
                    let name = self.fresh("t");
                    nodes.push(Node::Line(format!("let {name} = take {queue}")));
                    nodes.push(Node::Line(format!("log \"got {{{name}}} {}\"", self.next)));
                    self.declare(name, Kind::Anything);
                }
            }
            4 => {
                if let Some(queue) = self.pick(&self.queues.clone()) {
                    let word = self.pick(&["done", "join", "close"]).unwrap_or("done");
                    nodes.push(Node::Line(format!("{word} {queue}")));
                }
            }
            5 | 6 => {
                if let Some(event) = self.pick(&self.events.clone()) {
                    let word = self.pick(&["set", "set", "wait", "clear"]).unwrap_or("set");
                    nodes.push(Node::Line(format!("{word} {event}")));
                    if word == "wait" {
                        self.log(nodes);
                    }
                }
            }
            _ => {
                if let Some(barrier) = self.pick(&self.barriers.clone()) {
                    let name = self.fresh("b");
                    nodes.push(Node::Line(format!("let {name} = wait {barrier}")));
                    nodes.push(Node::Line(format!("log \"let go {{{name}}} {}\"", self.next)));
                    self.declare(name, Kind::Int);
                }
            }
        }
    }

    /// What is done with a task.
    fn handles(&mut self, nodes: &mut Vec<Node>) {
        let Some(handle) = self.known(Kind::Handle) else { return self.log(nodes) };
        if self.chance(45) {
            return nodes.push(Node::Line(format!("cancel {handle}")));
        }
        let name = self.fresh("r");
        let lines = vec![
            Node::Line(format!("let {name} = await {handle}")),
            Node::Line(format!("log \"{name} {{{name}}}\"")),
        ];
        if self.chance(50) {
            let mut parts = vec![Part { head: "try".into(), body: lines }];
            let error = self.fresh("e");
            let kind = self.pick(&["*", "TaskCancelled", "Boom"]).unwrap_or("*");
            let body = vec![Node::Line(format!("log \"{error} {{{error}}}\""))];
            parts.push(Part { head: format!("catch {kind} as {error}"), body });
            return nodes.push(Node::Block(parts));
        }
        nodes.extend(lines);
        self.declare(name, Kind::Anything);
    }

    fn leave(&mut self, around: Around, nodes: &mut Vec<Node>) {
        let word = match self.below(3) {
            0 if around.in_loop => "break",
            1 if around.in_loop => "continue",
            _ if around.in_function && !around.in_finally => "return",
            _ => return,
        };
        let condition = self.expr(Kind::Bool);
        let value =
            if word == "return" { format!("return {}", self.literal(Kind::Int)) } else { word.to_string() };
        nodes.push(block(format!("if {condition}"), vec![Node::Line(value)]));
    }

    fn outside(&mut self, nodes: &mut Vec<Node>) {
        let length = self.length();
        match self.below(4) {
            0 => nodes.push(Node::Line(format!("offload {length}"))),
            1 => {
                let name = self.fresh("o");
                let call = self.pick(&["primes(30)", "fib(10)", "collatz(7)"]).unwrap_or("fib(10)");
                nodes.push(Node::Line(format!("let {name} = offload {call} in {length}")));
                self.declare(name, Kind::Int);
            }
            _ => {
                let status = if self.chance(25) { " status 503" } else { "" };
                let name = self.fresh("a");
                nodes.push(Node::Line(format!("let {name} = fetch \"api/{name}\" in {length}{status}")));
                nodes.push(Node::Line(format!("log \"{name} {{{name}.status}}\"")));
            }
        }
        self.log(nodes);
    }

    fn call(&mut self, nodes: &mut Vec<Node>) {
        let at = self.below(self.functions.len() as u32) as usize;
        let Some((function, _)) = self.functions.get(at).cloned() else { return self.log(nodes) };
        let args: Vec<String> = self.params[at].clone().into_iter().map(|kind| self.expr(kind)).collect();
        let call = format!("{function}({})", args.join(", "));
        match self.below(3) {
            0 => {
                let name = self.fresh("c");
                nodes.push(Node::Line(format!("let {name} = {call}")));
                self.declare(name, Kind::Anything);
            }
            1 => {
                let mark = self.fresh("m");
                nodes.push(Node::Line(format!("log \"{mark} {{{call}}}\"")));
            }
            _ => nodes.push(Node::Line(call)),
        }
    }

    /// `catch` and `finally` by chance.
    pub(super) fn clauses(&mut self, around: Around, parts: &mut Vec<Part>, percent: u32) {
        let mut kinds = vec!["Boom", "Oops", "Lost", "ValueError", "Timeout", "TaskCancelled"];
        for _ in 0..2 {
            if !self.chance(percent) {
                break;
            }
            let at = self.below(kinds.len() as u32) as usize;
            let kind = if self.chance(40) { "*" } else { kinds.remove(at) };
            let name = self.fresh("e");
            let body = self.inner(Around { in_handler: true, ..around }, &[(name.clone(), Kind::Error)]);
            let bound = if self.chance(70) { format!(" as {name}") } else { String::new() };
            let body = if bound.is_empty() { unnamed(body, &name) } else { body };
            parts.push(Part { head: format!("catch {kind}{bound}"), body });
            if kind == "*" {
                break;
            }
        }
        if !self.size.flat && self.chance(percent * 2 / 3) {
            let body = self.inner(Around { in_finally: true, in_loop: false, ..around }, &[]);
            parts.push(Part { head: "finally".into(), body });
        }
    }

    fn task(&mut self, around: Around, word: &str) -> Node {
        let name = self.fresh("task");
        let name = match self.below(8) {
            0 => String::new(),
            1 => " \"same\"".to_string(),
            _ => format!(" {name}"),
        };
        let mut parts = vec![Part { head: format!("{word}{name}"), body: self.body(around) }];
        let depth = around.depth + 1;
        let inside = Around { in_function: true, in_task: true, depth, ..Default::default() };
        self.clauses(inside, &mut parts, 12);
        Node::Block(parts)
    }

    /// A block of the kind that is the same in asyncio.
    fn flat_statement(&mut self, around: Around, nodes: &mut Vec<Node>) {
        let mut parts = Vec::new();
        let opens = !(around.in_task || around.in_scope || around.in_loop);
        match self.below(10) {
            0..4 if opens => {
                let inside = Around { in_scope: true, ..around };
                parts
                    .push(Part { head: format!("scope {}", self.fresh("s")), body: self.scope_body(inside) });
            }
            0..2 if around.in_scope => return nodes.push(self.task(around, "task")),
            0..5 => {
                let length = self.duration();
                parts.push(Part { head: format!("timeout {length}"), body: self.inner(around, &[]) });
                if self.chance(80) {
                    parts.push(Part { head: "else".into(), body: self.inner(around, &[]) });
                }
            }
            5 | 6 => parts.push(self.holding(around)),
            7 => parts.push(self.counted(around)),
            8 => parts.push(self.items(around)),
            _ => parts.push(Part { head: "try".into(), body: self.inner(around, &[]) }),
        }
        let is_try = parts[0].head == "try";
        self.clauses(around, &mut parts, if is_try { 90 } else { 30 });
        nodes.push(Node::Block(parts));
    }

    fn block_statement(&mut self, around: Around, nodes: &mut Vec<Node>) {
        let mut parts = Vec::new();
        match self.below(26) {
            0..6 => {
                let node = self.task(around, "task");
                if self.chance(40) {
                    let name = self.fresh("h");
                    let Node::Block(mut parts) = node else { return };
                    parts[0].head = format!("let {name} = {}", parts[0].head);
                    nodes.push(Node::Block(parts));
                    return self.declare(name, Kind::Handle);
                }
                return nodes.push(node);
            }
            6..10 => {
                let collect = if self.chance(25) { " collect" } else { "" };
                let name = if self.chance(85) { format!(" {}", self.fresh("s")) } else { " again".into() };
                parts.push(Part { head: format!("scope{name}{collect}"), body: self.scope_body(around) });
            }
            10..13 => self.limited(around, &mut parts),
            13..15 => parts.push(Part { head: "try".into(), body: self.inner(around, &[]) }),
            15..17 => parts.push(self.holding(around)),
            17 => {
                let budget = if self.chance(50) { format!(" {}", self.duration()) } else { String::new() };
                parts.push(Part { head: format!("shield{budget}"), body: self.inner(around, &[]) });
            }
            18 => {
                let ok = if self.chance(40) { " ok" } else { "" };
                parts.push(Part { head: format!("race{ok}"), body: self.tasks(around) });
            }
            19 => {
                let keep = if self.chance(40) { " keep" } else { "" };
                parts.push(Part { head: format!("gather{keep}"), body: self.tasks(around) });
            }
            20 => {
                let backoff = if self.chance(60) { " backoff 10ms..40ms" } else { "" };
                let jitter = if !backoff.is_empty() && self.chance(30) { " jitter" } else { "" };
                let head = format!("retry {}{backoff}{jitter}", 1 + self.below(3));
                parts.push(Part { head, body: self.inner(around, &[]) });
            }
            21..23 => parts.push(self.counted(around)),
            23 => {
                let condition = self.expr(Kind::Bool);
                parts.push(Part { head: format!("if {condition}"), body: self.inner(around, &[]) });
                if self.chance(50) {
                    parts.push(Part { head: "else".into(), body: self.inner(around, &[]) });
                }
            }
            24 if self.chance(30) => return nodes.push(self.task(around, "detach")),
            _ => parts.push(self.items(around)),
        }
        let is_try = parts[0].head == "try";
        self.clauses(around, &mut parts, if is_try { 80 } else { 25 });
        let valued =
            ["scope", "timeout", "race", "gather"].iter().any(|word| parts[0].head.starts_with(word));
        if valued && self.chance(20) {
            let name = self.fresh("w");
            parts[0].head = format!("let {name} = {}", parts[0].head);
            nodes.push(Node::Block(parts));
            return self.declare(name, Kind::Anything);
        }
        nodes.push(Node::Block(parts));
    }

    /// A timeout, often with what is done otherwise.
    fn limited(&mut self, around: Around, parts: &mut Vec<Part>) {
        let length = self.duration();
        let name = self.fresh("t");
        let bound = if self.chance(25) { format!(" as {name}") } else { String::new() };
        let inputs = if bound.is_empty() { Vec::new() } else { vec![(name, Kind::Deadline)] };
        let body = self.inner(around, &inputs);
        parts.push(Part { head: format!("timeout {length}{bound}"), body });
        if self.chance(60) {
            parts.push(Part { head: "else".into(), body: self.inner(around, &[]) });
        }
    }

    /// Mostly tasks.
    fn scope_body(&mut self, around: Around) -> Vec<Node> {
        self.vars.push(Vec::new());
        let deeper = Around { depth: around.depth + 1, ..around };
        let mut nodes = Vec::new();
        for _ in 0..1 + self.below(3) {
            if self.chance(70) && self.budget > 0 {
                self.budget -= 1;
                let node = self.task(deeper, "task");
                let Node::Block(mut parts) = node else { continue };
                if self.chance(45) {
                    let name = self.fresh("h");
                    parts[0].head = format!("let {name} = {}", parts[0].head);
                    self.declare(name, Kind::Handle);
                }
                nodes.push(Node::Block(parts));
            } else {
                self.statement(deeper, &mut nodes);
            }
        }
        self.vars.pop();
        nodes
    }

    fn tasks(&mut self, around: Around) -> Vec<Node> {
        let deeper = Around { depth: around.depth + 1, ..around };
        (0..1 + self.below(3)).map(|_| self.task(deeper, "task")).collect()
    }

    fn holding(&mut self, around: Around) -> Part {
        let held: Vec<String> = [&self.limiters, &self.locks, &self.resources, &self.pools]
            .into_iter()
            .flatten()
            .cloned()
            .collect();
        let Some(held) = self.pick(&held) else {
            return Part { head: "try".into(), body: self.inner(around, &[]) };
        };
        Part { head: format!("with {held}"), body: self.inner(around, &[]) }
    }

    fn counted(&mut self, around: Around) -> Part {
        let around = Around { in_loop: true, ..around };
        let name = self.fresh("i");
        let (from, to) = (self.below(2), 1 + self.below(3));
        let every = if self.chance(25) { " every 20ms" } else { "" };
        let head = match self.below(4) {
            0 => format!("repeat {}", self.below(3)),
            1 => format!("for {name} in {}", self.literal(Kind::List)),
            _ => format!("for {name} in {from} to {to}{every}"),
        };
        let inputs = if head.starts_with("repeat") { Vec::new() } else { vec![(name, Kind::Int)] };
        Part { body: self.inner(around, &inputs), head }
    }

    fn items(&mut self, around: Around) -> Part {
        let around = Around { in_loop: true, ..around };
        let Some(queue) = self.pick(&self.queues.clone()) else { return self.counted(around) };
        let name = self.fresh("job");
        Part {
            body: self.inner(around, &[(name.clone(), Kind::Anything)]),
            head: format!("for {name} in {queue}"),
        }
    }
}

/// A handler's statements without those that read what it took, which it does not name.
fn unnamed(nodes: Vec<Node>, name: &str) -> Vec<Node> {
    let reads = |text: &str| {
        text.split(|letter: char| !letter.is_alphanumeric() && letter != '_').any(|word| word == name)
    };
    let mut kept = Vec::new();
    for node in nodes {
        match node {
            Node::Line(text) if reads(&text) => {}
            Node::Block(parts) if parts.iter().any(|part| reads(&part.head)) => {}
            Node::Block(parts) => {
                let parts = parts.into_iter();
                let parts = parts.map(|part| Part { body: unnamed(part.body, name), head: part.head });
                kept.push(Node::Block(parts.collect()));
            }
            line => kept.push(line),
        }
    }
    kept
}
