//! The scenario's text while it is written: lines at their depth, which can be taken back to a mark.

/// More lines than this are not written: generators inside generators multiply.
const MOST_LINES: usize = 20_000;

/// Lines and how deep they stand.
#[derive(Debug, Default)]
pub struct Emit {
    lines: Vec<(usize, String)>,
    depth: usize,
}

impl Emit {
    /// A line, or several, each at the present depth.
    pub fn line(&mut self, text: &str) {
        self.lines.extend(text.split('\n').map(|line| (self.depth, line.to_owned())));
    }

    /// A line that opens a block: `head {`.
    pub fn open(&mut self, head: &str) {
        self.line(&format!("{head} {{"));
        self.depth += 1;
    }

    /// The end of a block.
    pub fn close(&mut self) {
        self.depth = self.depth.saturating_sub(1);
        self.line("}");
    }

    /// Whether no more is to be written.
    pub fn is_full(&self) -> bool {
        self.lines.len() >= MOST_LINES
    }

    /// How far it is written, for [`Emit::back_to`].
    pub fn mark(&self) -> (usize, usize) {
        (self.lines.len(), self.depth)
    }

    /// Takes back what was written since.
    pub fn back_to(&mut self, (lines, depth): (usize, usize)) {
        self.lines.truncate(lines);
        self.depth = depth;
    }

    /// Whether anything was written since.
    pub fn is_at(&self, mark: (usize, usize)) -> bool {
        self.lines.len() == mark.0
    }

    /// The text; empty blocks on one line.
    pub fn finish(&self) -> String {
        let mut text = String::new();
        for (at, (depth, line)) in self.lines.iter().enumerate() {
            let empties = line == "}" && at > 0 && self.lines[at - 1].1.ends_with('{');
            if empties {
                text.pop();
                text.push_str(" }\n");
            } else if line.is_empty() {
                text.push('\n');
            } else {
                text.extend(std::iter::repeat_n("  ", *depth));
                text.push_str(line);
                text.push('\n');
            }
        }
        text
    }
}
