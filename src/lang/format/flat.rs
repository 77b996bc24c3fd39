//! Pieces on one line, as long as there is room.

use crate::lang::format::piece::{Block, Group, Part, Segment, Statement};

/// A line that is being filled.
pub struct Flat {
    pub text: String,
    /// Where columns begin, in bytes: what may be moved under what stands there in the line above.
    pub columns: Vec<usize>,
    /// Characters that still fit.
    room: usize,
    /// Blocks around.
    depth: usize,
}

impl Flat {
    fn new(room: usize) -> Flat {
        Flat { text: String::new(), columns: Vec::new(), room, depth: 0 }
    }

    /// A statement with its clauses; None where a line ends in it, or there is no room.
    pub fn statement(statement: &Statement, room: usize) -> Option<Flat> {
        let mut line = Flat::new(room);
        line.segments(&statement.segments)?;
        Some(line)
    }

    /// A block; None where a line ends in it, or there is no room.
    pub fn block(block: &Block, room: usize) -> Option<String> {
        let mut line = Flat::new(room);
        line.braces(block)?;
        Some(line.text)
    }

    /// What stands before a block, or in brackets; None where a line ends in it, or there is no room.
    pub fn run(run: &[Part], room: usize) -> Option<String> {
        let mut line = Flat::new(room);
        line.parts(run)?;
        Some(line.text)
    }

    /// Brackets; None where a line ends in them, or there is no room.
    pub fn group(group: &Group, room: usize) -> Option<String> {
        let mut line = Flat::new(room);
        line.brackets(group)?;
        Some(line.text)
    }

    /// What stands in a hole of a text, where no line can end.
    pub fn whole(run: &[Part]) -> String {
        let mut line = Flat::new(usize::MAX);
        let _ = line.parts(run);
        line.text
    }

    fn push(&mut self, text: &str) -> Option<()> {
        self.room = self.room.checked_sub(text.chars().count())?;
        self.text.push_str(text);
        Some(())
    }

    /// The next column of the line begins here.
    fn column(&mut self) {
        if self.depth == 0 {
            self.columns.push(self.text.len());
        }
    }

    fn segments(&mut self, segments: &[Segment]) -> Option<()> {
        for (at, segment) in segments.iter().enumerate() {
            if segment.newline || !segment.before.is_empty() {
                return None;
            }
            if at > 0 {
                self.push(" ")?;
            }
            self.parts(&segment.run)?;
            if let Some(block) = &segment.block {
                self.push(" ")?;
                self.column();
                self.braces(block)?;
            }
        }
        Some(())
    }

    fn braces(&mut self, block: &Block) -> Option<()> {
        if block.open {
            return None;
        }
        self.push("{")?;
        for (at, statement) in block.list.statements.iter().enumerate() {
            self.push(if at > 0 { "  " } else { " " })?;
            if at > 0 {
                self.column();
            }
            self.depth += 1;
            self.segments(&statement.segments)?;
            self.depth -= 1;
        }
        self.push(" }")
    }

    fn parts(&mut self, run: &[Part]) -> Option<()> {
        for (at, part) in run.iter().enumerate() {
            match part {
                Part::Comment(_) => return None,
                Part::Word(word) => {
                    if word.spaced && at > 0 {
                        self.push(" ")?;
                    }
                    // The sign of `let x = …`.
                    if at == 2 && word.text == "=" {
                        self.column();
                    }
                    self.push(&word.text)?;
                }
                Part::Group(group) => {
                    if group.spaced && at > 0 {
                        self.push(" ")?;
                    }
                    self.brackets(group)?;
                }
            }
        }
        Some(())
    }

    fn brackets(&mut self, group: &Group) -> Option<()> {
        if group.open {
            return None;
        }
        self.push(group.signs.0)?;
        for (at, item) in group.items.iter().enumerate() {
            if at > 0 {
                self.push(" ")?;
            }
            self.parts(&item.run)?;
            if item.comma {
                self.push(",")?;
            }
        }
        self.push(group.signs.1)
    }
}
