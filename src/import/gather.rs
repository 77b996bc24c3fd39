//! `asyncio.gather`, and lists of tasks.

use super::call::{Action, action, plain};
use super::called::last;
use super::python::{Expr, ExprKind};
use super::translate::{Local, Said, Translator, Ty, cannot};
use super::words;

impl<'a> Translator<'a> {
    /// `gather(...)`, awaited.
    pub fn gather(&mut self, expr: &'a Expr, args: &'a [Expr], named: &'a [(String, Expr)]) -> Said<Action> {
        let keeps = named
            .iter()
            .any(|(name, value)| name == "return_exceptions" && value.kind == ExprKind::Bool(true));
        if let [only] = args
            && let ExprKind::Spread(list) = &only.kind
        {
            return self.gather_list(expr, list, keeps);
        }
        let is_task = |arg: &Expr| matches!(self.var(arg).map(|var| &var.local), Some(Local::Task(_)));
        if !args.is_empty() && args.iter().all(is_task) && !keeps {
            let mut values = Vec::new();
            for arg in args {
                let waited = self.awaited(arg)?;
                let word = self.declare("ended", Local::Value(waited.ty));
                self.out.line(&format!("let {word} = {}", waited.text));
                values.push(word);
            }
            return plain(format!("[{}]", values.join(", ")), Ty::List);
        }
        let mut tasks = Vec::new();
        for arg in args {
            let label = words::label(&arg.call().map_or("job".to_owned(), |(path, ..)| last(&path)));
            tasks.push(format!("  task {label} {{ {} }}", self.job(arg)?.text));
        }
        let keep = if keeps { " keep" } else { "" };
        action(format!("gather{keep} {{\n{}\n}}", tasks.join("\n")), Ty::List)
    }

    /// `gather(*list)`: a scope, a task for each, and the list of what they gave.
    fn gather_list(&mut self, expr: &'a Expr, list: &'a Expr, keeps: bool) -> Said<Action> {
        match self.var(list).map(|var| (var.word.clone(), var.local.clone())) {
            Some((_, Local::Job(job))) => return self.gather_list(expr, job, keeps),
            Some((word, Local::Tasks(_))) if !keeps => return self.results(&word),
            _ => {}
        }
        match &list.kind {
            ExprKind::List(jobs) => {
                let tasks: Said<Vec<String>> = jobs
                    .iter()
                    .map(|job| {
                        let label =
                            words::label(&job.call().map_or("job".to_owned(), |(path, ..)| last(&path)));
                        Ok(format!("  task {label} {{ {} }}", self.job(job)?.text))
                    })
                    .collect();
                let keep = if keeps { " keep" } else { "" };
                action(format!("gather{keep} {{\n{}\n}}", tasks?.join("\n")), Ty::List)
            }
            ExprKind::Each { .. } => {
                // The scope is written around the loop; the list of tasks outlives it.
                let tasks = self.declare("tasks", Local::Value(Ty::List));
                self.out.line(&format!("let {tasks} = []"));
                self.out.open("scope gathered");
                self.fill(&tasks, list, keeps, false)?;
                self.out.close();
                self.results(&tasks)
            }
            _ => cannot(expr.span, "what is gathered here, this text does not say"),
        }
    }

    /// `[create_task(f(x)) for x in xs]`, or with bare coroutines: a loop that adds a task each to the list `tasks`.
    pub fn fill(&mut self, tasks: &str, each: &'a Expr, keeps: bool, is_started: bool) -> Said<()> {
        let ExprKind::Each { item, target, list, condition: None } = &each.kind else {
            return cannot(each.span, "tasks under a condition have no counterpart here");
        };
        let job = match item.call() {
            Some((_, [job, ..], _)) if is_started => job,
            _ => item,
        };
        let (before, mark) = (self.env.clone(), self.in_use.len());
        self.loop_head(target, list)?;
        let label = words::label(&job.call().map_or("job".to_owned(), |(path, ..)| last(&path)));
        let job = self.job(job)?;
        let one = self.declare("one", Local::Value(Ty::Unknown));
        if keeps {
            self.out.open(&format!("let {one} = task {label}"));
            self.out.line(&format!("try {{ {} }}", job.text));
            self.out.line("catch * as e { e }");
            self.out.close();
        } else {
            self.out.line(&format!("let {one} = task {label} {{ {} }}", job.text));
        }
        self.out.line(&format!("{tasks} = {tasks} + [{one}]"));
        self.out.close();
        self.env = before;
        self.in_use.truncate(mark);
        Ok(())
    }

    /// What a list of tasks gave, as a list.
    pub fn results(&mut self, tasks: &str) -> Said<Action> {
        let results = self.declare("given", Local::Value(Ty::List));
        self.out.line(&format!("let {results} = []"));
        self.out.open(&format!("for one in {tasks}"));
        self.out.line("let it = await one");
        self.out.line(&format!("{results} = {results} + [it]"));
        self.out.close();
        plain(results, Ty::List)
    }
}
