//! Scenarios as people write them first: one scope, tasks that take a permit of a limiter, now and then one that fails,
//! and a timeout around it all. What asyncio has itself does for most of them.

use super::Maker;
use super::program::{Node, Program, block};

impl Maker {
    /// A whole scenario of this kind.
    pub fn crawl(&mut self) -> Program {
        let mut nodes = vec![self.line(&["seed 1", "seed 2"])];
        nodes.push(Node::Line(format!("limiter api = {}", 1 + self.below(3))));
        nodes.push(self.line(&["limiter store = 1", "limiter store = 2", "lock store"]));
        nodes.push(block("fn get(n, pause)", self.taking()));
        let tasks = self.crawlers();
        let mut whole = block("scope crawl", tasks);
        if self.chance(50) {
            let (length, clause) = (1 + self.below(7), self.below(3));
            let Node::Block(mut parts) = block(format!("timeout {length}0ms"), vec![whole]) else {
                return Program(nodes);
            };
            let clauses = ["else", "catch Timeout as e", "catch *"].map(|head| {
                let Node::Block(parts) = block(head, vec![Node::Line("log \"late\"".to_owned())]) else {
                    return Vec::new();
                };
                parts
            });
            parts.extend(clauses.into_iter().nth(clause as usize).unwrap_or_default());
            whole = Node::Block(parts);
        }
        nodes.push(whole);
        nodes.push(self.line(&["log \"over\"", "log \"over at {now()}\"", "expect elapsed < 50ms"]));
        Program(nodes)
    }

    fn line(&mut self, lines: &[&str]) -> Node {
        Node::Line(self.pick(lines).unwrap_or_default().to_owned())
    }

    /// What a task does with a permit, first or late.
    fn taking(&mut self) -> Vec<Node> {
        let mut body = Vec::new();
        if self.chance(30) {
            body.push(self.line(&["log \"begin {n}\"", "sleep 10ms", "sleep pause"]));
        }
        let mut inside = vec![self.line(&["sleep pause", "sleep 10ms", "log \"in {n}\"", "sleep 0ms"])];
        if self.chance(40) {
            inside.push(block(
                "with store",
                vec![self.line(&["sleep 10ms", "sleep pause", "log \"stored {n}\""])],
            ));
        }
        if self.chance(25) {
            inside.push(block("if n == 3", vec![self.line(&["fail Gone \"page {n}\"", "return 0"])]));
        }
        inside.push(Node::Line("log \"page {n}\"".to_owned()));
        body.push(block("with api", inside));
        if self.chance(30) {
            body.push(self.line(&["log \"end {n}\"", "sleep 10ms", "with api { log \"again {n}\" }"]));
        }
        body
    }

    /// The tasks of the scope.
    fn crawlers(&mut self) -> Vec<Node> {
        let pause = self.pick(&["10ms", "10ms * i", "20ms", "(6 - i) * 10ms", "0ms"]).unwrap_or_default();
        let call = Node::Line(format!("get(i, {pause})"));
        let count = 2 + self.below(5);
        let mut tasks =
            vec![block(format!("for i in 1 to {count}"), vec![block("task \"page-{i}\"", vec![call])])];
        if self.chance(30) {
            tasks.push(self.line(&["sleep 10ms", "log \"spawned\""]));
        }
        if self.chance(50) {
            let late = self.line(&["sleep 10ms", "sleep 20ms", "log \"other\""]);
            tasks.push(block("task other", vec![late, Node::Line("get(9, 10ms)".to_owned())]));
        }
        tasks
    }
}
