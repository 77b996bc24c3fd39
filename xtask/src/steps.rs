//! The steps of a command: each is named, timed and counted, and the list is printed at the end.

use crate::run::Result;
use std::time::{Duration, Instant};

/// How many tests a step ran.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    /// Tests that passed.
    pub passed: u32,
    /// Tests that failed.
    pub failed: u32,
}

impl Count {
    /// Adds what one line of a test runner's output says about its totals: cargo's and wasm-bindgen's
    /// `test result: …`, and the `ℹ pass 3` of Node.
    pub fn read(&mut self, line: &str) {
        if let Some(result) = line.trim().strip_prefix("test result: ") {
            let mut parts = result.split([';', '.']).map(str::trim);
            let number =
                |part: &str, word| part.strip_suffix(word).and_then(|digits| digits.trim().parse().ok());
            self.passed += parts.clone().find_map(|part| number(part, "passed")).unwrap_or(0);
            self.failed += parts.find_map(|part| number(part, "failed")).unwrap_or(0);
        } else if let Some(total) = line.trim().strip_prefix("ℹ ") {
            let number = |word: &str| total.strip_prefix(word).and_then(|digits| digits.trim().parse().ok());
            self.passed += number("pass ").unwrap_or(0);
            self.failed += number("fail ").or_else(|| number("cancelled ")).unwrap_or(0);
        }
    }
}

struct Done {
    name: String,
    took: Duration,
    count: Count,
    trouble: Option<String>,
}

/// The steps so far.
#[derive(Default)]
pub struct Steps(Vec<Done>);

impl Steps {
    /// Runs one step of the set-up, which counts only when it fails.
    pub fn step<T>(&mut self, name: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
        self.run(name, |count| work().inspect_err(|_| count.failed = 1))
    }

    /// Runs one step that is itself a test: it counts as one, passed or failed.
    pub fn test<T>(&mut self, name: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
        self.run(name, |count| {
            let result = work();
            *count = Count { passed: result.is_ok().into(), failed: result.is_err().into() };
            result
        })
    }

    /// Runs one step that counts its own tests. A failure without a failed test counts as one.
    pub fn tests(&mut self, name: &str, work: impl FnOnce(&mut Count) -> Result<()>) -> Result<()> {
        self.run(name, |count| {
            let result = work(count);
            count.failed = count.failed.max(result.is_err().into());
            result
        })
    }

    fn run<T>(&mut self, name: &str, work: impl FnOnce(&mut Count) -> Result<T>) -> Result<T> {
        println!("\n── {name}");
        let began = Instant::now();
        let mut count = Count::default();
        let result = work(&mut count);
        let took = began.elapsed();
        let trouble = result.as_ref().err().cloned();
        match &trouble {
            None => println!("   {name}: {}", seconds(took)),
            Some(message) => println!("   {name}: failed after {}\n   {message}", seconds(took)),
        }
        self.0.push(Done { name: name.to_owned(), took, count, trouble });
        result
    }

    /// Prints all steps and, as the last line, the totals. Whether all went well.
    pub fn summary(&self, remarks: &[String]) -> bool {
        println!("\n── Summary");
        let width = self.0.iter().map(|done| done.name.chars().count()).max().unwrap_or(0);
        for done in &self.0 {
            let tests = match done.count {
                Count { passed: 0, failed: 0 } => String::new(),
                Count { passed, failed: 0 } => format!("  {passed} passed"),
                Count { passed, failed } => format!("  {passed} passed, {failed} failed"),
            };
            println!("   {:width$}  {:>9}{tests}", done.name, seconds(done.took));
            // The whole message stands where the step ran.
            if let Some(first_line) = done.trouble.as_deref().and_then(|message| message.lines().next()) {
                println!("   {:width$}  {first_line}", "");
            }
        }
        let total = self.0.iter().map(|done| done.took).sum();
        println!("   {:width$}  {:>9}", "in all", seconds(total));
        remarks.iter().for_each(|remark| println!("   {remark}"));
        let passed: u32 = self.0.iter().map(|done| done.count.passed).sum();
        let failed: u32 = self.0.iter().map(|done| done.count.failed).sum();
        println!("\n{passed} passed, {failed} failed");
        failed == 0
    }
}

fn seconds(time: Duration) -> String {
    match time.as_secs() {
        0..60 => format!("{:.1} s", time.as_secs_f64()),
        whole => format!("{} min {:02} s", whole / 60, whole % 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(lines: &[&str], passed: u32, failed: u32) {
        let mut count = Count::default();
        lines.iter().for_each(|line| count.read(line));
        assert_eq!(count, Count { passed, failed }, "{lines:?}");
    }

    #[test]
    fn counts_what_each_runner_prints() {
        check(&["test result: ok. 12 passed; 0 failed; 1 ignored; 0 measured; finished in 0.01s"], 12, 0);
        check(&["test result: FAILED. 3 passed; 2 failed; 0 ignored"], 3, 2);
        check(&["ℹ tests 9", "ℹ pass 7", "ℹ fail 1", "ℹ cancelled 1"], 7, 2);
        check(&["test lexer::reads ... ok", "running 3 tests", ""], 0, 0);
    }
}
