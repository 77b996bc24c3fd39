//! Smaller scenarios: what is left when one statement is taken out.

use super::program::{Node, Part, Program};

/// Every scenario that is one step smaller.
pub fn smaller(program: &Program) -> Vec<Program> {
    lists(&program.0).into_iter().map(Program).collect()
}

/// Every way to make a list of statements smaller by one step.
fn lists(nodes: &[Node]) -> Vec<Vec<Node>> {
    let mut found = Vec::new();
    for at in 0..nodes.len() {
        let with = |middle: &[Node]| [&nodes[..at], middle, &nodes[at + 1..]].concat();
        found.push(with(&[]));
        let Node::Block(parts) = &nodes[at] else { continue };
        // What was inside alone, then without a clause, then with something smaller inside.
        for part in parts {
            found.push(with(&part.body));
        }
        for clause in 1..parts.len() {
            let fewer = [&parts[..clause], &parts[clause + 1..]].concat();
            found.push(with(&[Node::Block(fewer)]));
        }
        for (index, part) in parts.iter().enumerate() {
            for body in lists(&part.body) {
                let mut changed = parts.clone();
                changed[index] = Part { head: part.head.clone(), body };
                found.push(with(&[Node::Block(changed)]));
            }
        }
    }
    found
}
