//! Lines of Python while they are written.

/// Lines, each as deep as it was written.
#[derive(Clone, Debug, Default)]
pub struct Page {
    lines: Vec<String>,
    depth: usize,
}

impl Page {
    /// Adds a line.
    pub fn line(&mut self, text: impl AsRef<str>) {
        let text = text.as_ref();
        let indent = if text.is_empty() { 0 } else { 4 * self.depth };
        self.lines.push(format!("{:indent$}{text}", ""));
    }

    /// A line that ends with a colon, and what is below it; `pass` where nothing is.
    pub fn open(&mut self, head: impl AsRef<str>) {
        self.line(head);
        self.depth += 1;
    }

    /// Ends what `open` began. `from` is how many lines there were after it.
    pub fn close(&mut self, from: usize) {
        if self.lines[from..].iter().all(|line| line.trim_start().starts_with('#')) {
            self.line("pass");
        }
        self.depth -= 1;
    }

    /// How many lines there are.
    pub fn len(&self) -> usize {
        self.lines.len()
    }

    /// All of it, a line feed after each line.
    pub fn text(&self) -> String {
        self.lines.iter().map(|line| format!("{line}\n")).collect()
    }

    /// Adds lines that were written elsewhere, this deep.
    pub fn paste(&mut self, other: &Page) {
        other.lines.iter().for_each(|line| self.line(line));
    }
}
