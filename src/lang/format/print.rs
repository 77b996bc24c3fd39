//! Prints pieces: what may stand on one line and fits does, the rest is opened.

use crate::lang::format::WIDTH;
use crate::lang::format::columns::{Line, align};
use crate::lang::format::flat::Flat;
use crate::lang::format::piece::{Block, Comment, Group, List, Part, Statement};

/// Columns that a block moves its statements to the right, and brackets their items.
const INDENT: usize = 2;
/// And a line its rest, so that it does not look like the statements of a block.
const CONTINUE: usize = 4;

/// The whole text.
pub fn print(list: &List) -> String {
    let mut printer = Printer { out: String::new(), begins: None, column: 0 };
    printer.list(list, 0);
    if !printer.out.is_empty() {
        printer.out.push('\n');
    }
    printer.out
}

struct Printer {
    out: String,
    /// A line ends here; how far the next one is indented.
    begins: Option<usize>,
    column: usize,
}

impl Printer {
    fn push(&mut self, text: &str) {
        if let Some(indent) = self.begins.take() {
            if !self.out.is_empty() {
                self.out.push('\n');
            }
            self.out.push_str(&" ".repeat(indent));
            self.column = indent;
        }
        self.out.push_str(text);
        self.column += text.chars().count();
    }

    /// The next piece begins a line.
    fn line(&mut self, indent: usize) {
        self.begins = Some(indent);
    }

    fn gap(&mut self) {
        if !self.out.is_empty() {
            self.out.push('\n');
        }
    }

    /// How many characters still fit on the line.
    fn room(&self, reserve: usize) -> usize {
        WIDTH.saturating_sub(self.begins.unwrap_or(self.column) + reserve)
    }

    // Comments.

    /// On a line of its own.
    fn comment(&mut self, comment: &Comment, indent: usize) {
        self.line(indent);
        self.push(&comment.text);
    }

    /// Behind what was printed last.
    fn comment_after(&mut self, comment: Option<&Comment>) {
        if let Some(comment) = comment {
            self.push("  ");
            self.push(&comment.text);
        }
    }

    // Statements.

    fn list(&mut self, list: &List, indent: usize) {
        let mut lines: Vec<Line> = Vec::new();
        let mut first = true;
        for statement in &list.statements {
            let gaps = statement.before.iter().map(|comment| comment.gap).chain([statement.gap]);
            if gaps.clone().any(|gap| gap) || !statement.before.is_empty() {
                self.lines(&mut lines, indent);
            }
            for (gap, comment) in gaps.zip(statement.before.iter().map(Some).chain([None])) {
                if gap && !first {
                    self.gap();
                }
                if let Some(comment) = comment {
                    self.comment(comment, indent);
                }
                first = false;
            }
            match Flat::statement(statement, WIDTH.saturating_sub(indent)) {
                Some(Flat { text, columns, .. }) => {
                    let comment = statement.after.as_ref().map(|comment| comment.text.clone());
                    lines.push(Line { key: key(statement), text, columns, comment });
                }
                None => {
                    self.lines(&mut lines, indent);
                    self.statement(statement, indent);
                }
            }
        }
        self.lines(&mut lines, indent);
        for comment in &list.closing {
            if comment.gap && !first {
                self.gap();
            }
            self.comment(comment, indent);
            first = false;
        }
    }

    /// Statements that stand on a line each.
    fn lines(&mut self, lines: &mut Vec<Line>, indent: usize) {
        align(lines, indent);
        for line in lines.drain(..) {
            self.line(indent);
            self.push(&line.text);
        }
    }

    /// A statement that needs more than a line.
    fn statement(&mut self, statement: &Statement, indent: usize) {
        for segment in &statement.segments {
            for comment in &segment.before {
                if comment.alone { self.comment(comment, indent) } else { self.comment_after(Some(comment)) }
            }
            self.line(indent);
            let brace = if segment.block.is_some() { " {".len() } else { 0 };
            self.run(&segment.run, indent, brace);
            if let Some(block) = &segment.block {
                self.push(" ");
                self.block(block, indent);
            }
        }
        self.comment_after(statement.after.as_ref());
    }

    fn block(&mut self, block: &Block, indent: usize) {
        if let Some(text) = Flat::block(block, self.room(0)) {
            return self.push(&text);
        }
        self.push("{");
        self.comment_after(block.after.as_ref());
        self.list(&block.list, indent + INDENT);
        self.line(indent);
        self.push("}");
    }

    // Lines.

    /// What stands before a block or in brackets, on a line that is indented by `indent`; so many characters follow.
    fn run(&mut self, run: &[Part], indent: usize, follow: usize) {
        if let Some(text) = Flat::run(run, self.room(follow)) {
            return self.push(&text);
        }
        let operator = |part: &Part| if let Part::Word(word) = part { word.operator } else { None };
        // The last word may be the operator that this operand ends with.
        let inner = run.split_last().map_or(run, |(_, inner)| inner);
        let Some(loosest) = inner.iter().filter_map(operator).min() else {
            return self.brackets(run, indent, follow);
        };
        // A comment behind an operator stays there.
        let ends = |a: &Part, b: &Part| {
            let ended = matches!(a, Part::Comment(_)) || operator(a) == Some(loosest);
            ended && !matches!(b, Part::Comment(_))
        };
        let mut operands = run.chunk_by(|a, b| !ends(a, b)).peekable();
        let mut indent = indent;
        let more = indent + CONTINUE;
        while let Some(operand) = operands.next() {
            let follow = if operands.peek().is_some() { 0 } else { follow };
            let words =
                operand.iter().rposition(|part| !matches!(part, Part::Comment(_))).map_or(0, |at| at + 1);
            let (operand, comments) = operand.split_at(words);
            self.run(operand, indent, follow);
            for part in comments {
                self.comment_inside(part, more);
            }
            if operands.peek().is_some() {
                self.line(more);
            }
            indent = more;
        }
    }

    /// The same where no operator helps: those brackets are opened that do not fit with what follows them.
    fn brackets(&mut self, run: &[Part], indent: usize, follow: usize) {
        for (at, part) in run.iter().enumerate() {
            let fresh = at == 0 || self.begins.is_some();
            match part {
                Part::Comment(_) => self.comment_inside(part, indent + CONTINUE),
                Part::Word(word) => {
                    self.push(if word.spaced && !fresh { " " } else { "" });
                    self.push(&word.text);
                }
                Part::Group(group) => {
                    self.push(if group.spaced && !fresh { " " } else { "" });
                    let rest = run.get(at + 1..).unwrap_or_default();
                    match Flat::group(group, self.room(until_break(rest, follow))) {
                        Some(text) => self.push(&text),
                        None => self.opened(group, indent),
                    }
                }
            }
        }
    }

    fn comment_inside(&mut self, part: &Part, indent: usize) {
        let Part::Comment(comment) = part else { return };
        if comment.alone || self.begins.is_some() {
            self.comment(comment, indent);
        } else {
            self.comment_after(Some(comment));
        }
        self.line(indent);
    }

    fn opened(&mut self, group: &Group, indent: usize) {
        let inside = indent + INDENT;
        self.push(group.signs.0);
        self.comment_after(group.after.as_ref());
        for item in &group.items {
            item.before.iter().for_each(|comment| self.comment(comment, inside));
            self.line(inside);
            self.run(&item.run, inside, usize::from(item.comma));
            if item.comma {
                self.push(",");
            }
            self.comment_after(item.after.as_ref());
        }
        group.closing.iter().for_each(|comment| self.comment(comment, inside));
        self.line(indent);
        self.push(group.signs.1);
    }
}

/// How many characters stand between brackets and the next place where a line could end.
fn until_break(rest: &[Part], follow: usize) -> usize {
    let mut width = 0;
    for part in rest {
        match part {
            Part::Word(word) => width += word.text.chars().count() + usize::from(word.spaced),
            Part::Group(group) => return width + usize::from(group.spaced) + group.signs.0.len(),
            Part::Comment(_) => return width,
        }
    }
    width + follow
}

/// The word that lines begin with which are put under each other.
fn key(statement: &Statement) -> Option<&'static str> {
    let [segment] = statement.segments.as_slice() else { return None };
    let Some(Part::Word(word)) = segment.run.first() else { return None };
    match word.text.as_str() {
        "let" => Some("let"),
        "task" => Some("task"),
        "open" | "close" if segment.block.is_some() => Some("open"),
        _ => None,
    }
}
