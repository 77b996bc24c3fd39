//! A scenario as a tree of lines and blocks, and its declarations.

use super::{Kind, Maker};

/// A scenario.
#[derive(Clone, Debug, PartialEq)]
pub struct Program(pub Vec<Node>);

/// A line, or a statement with blocks.
#[derive(Clone, Debug, PartialEq)]
pub enum Node {
    Line(String),
    Block(Vec<Part>),
}

/// `scope s {` and what is inside; the second of a statement is a clause.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    pub head: String,
    pub body: Vec<Node>,
}

impl Program {
    /// As text.
    pub fn text(&self) -> String {
        let mut out = String::new();
        self.0.iter().for_each(|node| write(node, 0, &mut out));
        out
    }

    /// How many lines and blocks there are.
    pub fn len(&self) -> usize {
        fn count(node: &Node) -> usize {
            match node {
                Node::Line(_) => 1,
                Node::Block(parts) => 1 + parts.iter().flat_map(|part| &part.body).map(count).sum::<usize>(),
            }
        }
        self.0.iter().map(count).sum()
    }
}

fn write(node: &Node, depth: usize, out: &mut String) {
    let indent = "  ".repeat(depth);
    match node {
        Node::Line(text) => *out += &format!("{indent}{text}\n"),
        Node::Block(parts) => {
            for Part { head, body } in parts {
                *out += &format!("{indent}{head} {{\n");
                body.iter().for_each(|node| write(node, depth + 1, out));
                *out += &format!("{indent}}}\n");
            }
        }
    }
}

/// A statement with one block.
pub fn block(head: impl Into<String>, body: Vec<Node>) -> Node {
    Node::Block(vec![Part { head: head.into(), body }])
}

impl Maker {
    /// A whole scenario.
    pub fn program(&mut self) -> Program {
        let mut nodes = vec![Node::Line(format!("seed {}", self.below(1000)))];
        self.declarations(&mut nodes);
        for _ in 0..self.below(3) {
            let name = self.fresh("g");
            let kind = self.pick(&[Kind::Int, Kind::Str, Kind::Duration, Kind::List]).unwrap_or(Kind::Int);
            let value = self.literal(kind);
            nodes.push(Node::Line(format!("let {name} = {value}")));
            self.vars[0].push((name, kind));
        }
        for _ in 0..self.below(3) {
            let function = self.function();
            nodes.push(function);
        }
        let around = super::Around::default();
        if !self.size.flat && self.chance(12) {
            let (at, body) = (self.duration(), self.inner(around, &[]));
            nodes.push(block(format!("at {at}"), body));
        }
        if !self.size.flat && self.chance(8) {
            let at = self.duration();
            let grace = if self.chance(50) { format!(" grace {}", self.duration()) } else { String::new() };
            nodes.push(Node::Line(format!("shutdown at {at}{grace}")));
        }
        for _ in 0..=self.below(self.size.width) {
            self.statement(around, &mut nodes);
        }
        Program(nodes)
    }

    fn declarations(&mut self, nodes: &mut Vec<Node>) {
        let mut line = |text: String| nodes.push(Node::Line(text));
        for _ in 0..self.below(3) {
            let name = self.fresh("api");
            let permits = self.below(3) + u32::from(!self.chance(4));
            let rate = format!("{} per {}0ms", 1 + self.below(2), 1 + self.below(9));
            line(match self.below(5) {
                0 => format!("limiter {name} = {rate}"),
                1 => format!("limiter {name} = {permits}, {rate}"),
                _ => format!("limiter {name} = {permits}"),
            });
            self.limiters.push(name);
        }
        if self.chance(40) {
            let name = self.fresh("lock");
            line(format!("lock {name}"));
            self.locks.push(name);
        }
        if self.chance(40) {
            let name = self.fresh("event");
            line(format!("event {name}"));
            self.events.push(name);
        }
        if self.chance(20) {
            let name = self.fresh("line");
            line(format!("barrier {name} = {}", 1 + self.below(3)));
            self.barriers.push(name);
        }
        for _ in 0..self.below(3) {
            let name = self.fresh("jobs");
            let capacity = if self.chance(60) { format!(" = {}", 1 + self.below(2)) } else { String::new() };
            line(format!("queue {name}{capacity}"));
            self.queues.push(name);
        }
        if self.chance(25) {
            line(format!("workers = {}", 1 + self.below(2)));
        }
        if !self.size.flat && self.chance(40) {
            let name = self.fresh("db");
            let (open, close) = (self.hook("open"), self.hook("close"));
            nodes.push(Node::Block(vec![Part { head: format!("resource {name}"), body: vec![open, close] }]));
            if self.chance(60) {
                let pool = self.fresh("conns");
                let overflow = if self.chance(50) { ", overflow 1" } else { "" };
                nodes.push(Node::Line(format!("pool {pool} = {} of {name}{overflow}", 1 + self.below(2))));
                self.pools.push(pool);
            }
            self.resources.push(name);
        }
    }

    /// `open { }` or `close { }`, short.
    fn hook(&mut self, word: &str) -> Node {
        let mut body = Vec::new();
        if self.chance(60) {
            body.push(Node::Line(format!("sleep {}", self.duration())));
        }
        if self.chance(70) {
            body.push(Node::Line(format!("log \"{word}\"")));
        }
        if self.chance(8) {
            body.push(Node::Line(format!("fail {} \"{word}\"", self.error_kind())));
        }
        block(word, body)
    }

    fn function(&mut self) -> Node {
        let name = self.fresh("f");
        let params: Vec<(String, Kind)> = (0..self.below(3))
            .map(|_| {
                let kind = if self.chance(50) { Kind::Int } else { Kind::Duration };
                (self.fresh("p"), kind)
            })
            .collect();
        let around = super::Around { in_function: true, in_task: true, depth: 1, ..Default::default() };
        let mut body = self.inner(around, &params);
        if self.chance(50) {
            body.push(Node::Line(format!("return {}", self.literal(Kind::Int))));
        }
        let names: Vec<&str> = params.iter().map(|(name, _)| name.as_str()).collect();
        let head = format!("fn {name}({})", names.join(", "));
        let kinds = params.iter().map(|(_, kind)| *kind).collect::<Vec<_>>();
        self.functions.push((name, kinds.len()));
        self.params.push(kinds);
        let mut parts = vec![Part { head, body }];
        self.clauses(around, &mut parts, 20);
        Node::Block(parts)
    }
}
