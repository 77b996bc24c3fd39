//! Functions, and the tasks that run them.

use crate::export::tree::{Block, Expr, ExprKind, Op, Part, Stmt, Task, VarId};
use crate::lang::plan::Literal;

use super::block::{Want, assigned, declared};
use super::expr::Code;
use super::page::Page;
use super::program::Writer;
use super::stmt::label;
use super::text;

/// A function to be written.
pub struct Function<'f> {
    pub name: &'f str,
    /// Whether it is a coroutine.
    pub waits: bool,
    /// Its first parameter, where it spawns into the scope of its caller.
    pub scope: Option<String>,
    /// Variables from around that it is given.
    pub given: &'f [VarId],
    pub body: &'f Block,
    pub want: Want,
    /// Whether it stands where it is used, because it changes variables around.
    pub nested: bool,
    /// Whether it is the body of a handler, out of which `return` and `break` lead further than to its end.
    pub handler: bool,
    /// Whether it is a method.
    pub method: bool,
}

impl<'f> Function<'f> {
    /// A coroutine without parameters but those of its body.
    pub fn new(name: &'f str, body: &'f Block) -> Function<'f> {
        Function {
            name,
            waits: true,
            scope: None,
            given: &[],
            body,
            want: Want::Return,
            nested: false,
            handler: false,
            method: false,
        }
    }
}

impl Writer<'_> {
    /// Writes a function of the scenario.
    pub fn function(
        &mut self,
        name: &str,
        waits: bool,
        scope: Option<String>,
        given: &[VarId],
        body: &Block,
    ) {
        self.write(Function { waits, scope, given, ..Function::new(name, body) });
    }

    /// Writes a function: to the file, or where it is used.
    pub fn write(&mut self, function: Function<'_>) {
        let Function { name, waits, scope, given, body, want, nested, handler, method } = function;
        let outer_names = self.names.enter(nested);
        let outer_page = std::mem::take(&mut self.page);
        let outer_vars = self.vars.clone();
        let outer_visible = std::mem::take(&mut self.visible);
        let outer =
            (std::mem::replace(&mut self.scope, scope.clone()), self.handled.take(), self.retry.take());
        let around = (std::mem::replace(&mut self.in_handler, handler), std::mem::take(&mut self.loops));
        if nested {
            self.visible = outer_visible.clone();
            self.scope = scope.clone().or(outer.0.clone());
        }
        let mut parameters: Vec<String> =
            method.then(|| "self".to_string()).into_iter().chain(scope).collect();
        if let (Some(scope), false) = (parameters.first(), nested) {
            self.names.local(&scope.clone(), None, |_| false);
        }
        for var in given {
            let known = self.vars.get(var).cloned().filter(|_| nested);
            parameters.push(known.unwrap_or_else(|| self.declare(*var)));
        }
        let inputs: Vec<String> = body.inputs.iter().map(|input| self.input(*input)).collect();
        parameters.extend(inputs);
        let word = if waits { "async def" } else { "def" };
        self.page.open(format!("{word} {name}({}):", parameters.join(", ")));
        let from = self.page.len();
        self.globals_of(body);
        self.nonlocals_of(body);
        body.inputs.iter().for_each(|input| self.filled(*input));
        self.block(body, &want);
        self.page.close(from);
        let written = std::mem::replace(&mut self.page, outer_page);
        if nested {
            self.paste_function(&written)
        } else {
            self.defined.push(written)
        }
        self.vars = outer_vars;
        self.visible = outer_visible;
        (self.scope, self.handled, self.retry) = outer;
        (self.in_handler, self.loops) = around;
        self.names.leave(outer_names);
    }

    fn paste_function(&mut self, written: &Page) {
        self.page.paste(written);
        self.page.line("");
    }

    /// The `nonlocal` line of a function inside of another: what it assigns of its variables.
    fn nonlocals_of(&mut self, body: &Block) {
        let own = declared(body);
        let assigned = assigned(body);
        let outside = assigned
            .iter()
            .filter(|var| !own.contains(var) && !self.usage.var(**var).shared && !self.usage.is_cell(**var));
        let mut names: Vec<String> = outside.filter_map(|var| self.vars.get(var).cloned()).collect();
        names.sort();
        names.dedup();
        if !names.is_empty() {
            self.page.line(format!("nonlocal {}", names.join(", ")));
        }
    }

    /// The coroutine of a task: a call of a function of the scenario, or of one that is written for it.
    /// `scope` is what stands for the scope that it runs in.
    fn coroutine(&mut self, task: &Task, scope: Option<String>, want: Want) -> String {
        if let Some(call) = self.single_call(task, scope.clone()) {
            return call;
        }
        let (name, given) = self.task_function(task, scope.clone(), want);
        let mut args: Vec<String> = scope.filter(|_| self.usage.spawns(task.body.id)).into_iter().collect();
        args.extend(given.iter().filter_map(|var| self.vars.get(var).cloned()));
        format!("{name}({})", args.join(", "))
    }

    /// Writes the function of a task; its name, and the variables that it is given.
    fn task_function(&mut self, task: &Task, scope: Option<String>, want: Want) -> (String, Vec<VarId>) {
        let free = self.usage.free(task.body.id);
        let by_closure = |var: &&VarId| self.usage.var(**var).assigned && !self.usage.is_cell(**var);
        let nested = free.iter().any(|var| by_closure(&var));
        let given: Vec<VarId> = free.iter().filter(|var| !by_closure(var)).copied().collect();
        let name = self.names.global(label(&task.name).unwrap_or("task"), "_task");
        let scope = scope.filter(|_| self.usage.spawns(task.body.id));
        self.write(Function { scope, given: &given, want, nested, ..Function::new(&name, &task.body) });
        (name, given)
    }

    /// A task that only calls a function, with arguments that are the same whenever they are looked at.
    fn single_call(&mut self, task: &Task, scope: Option<String>) -> Option<String> {
        let [Stmt { op: Op::Call(function, args), into: None, .. }] = &task.body.stmts[..] else {
            return None;
        };
        let settled = |arg: &Expr| match arg.kind {
            ExprKind::Literal(_) => true,
            ExprKind::Var(var) => !self.usage.var(var).assigned,
            _ => false,
        };
        if !self.waits.function(function.index()) || !args.iter().all(settled) {
            return None;
        }
        let spawns = self.usage.spawns(self.tree.functions[function.index()].id);
        let mut codes: Vec<String> = scope.filter(|_| spawns).into_iter().collect();
        codes.extend(args.iter().map(|arg| self.expr(arg).text).collect::<Vec<_>>());
        Some(format!("{}({})", self.functions[function.index()], codes.join(", ")))
    }

    /// `task name { }`.
    pub fn spawn(&mut self, task: &Task) -> Code {
        let want = if self.awaits { Want::Return } else { Want::Nothing };
        let scope = self.scope.clone().unwrap_or_else(|| "root".to_string());
        let coroutine = self.coroutine(task, Some(scope.clone()), want);
        let mut args = vec![coroutine];
        match self.own {
            Some(_) => args.extend(Some(self.string(&task.name)).filter(|name| name != "\"task\"")),
            None => args.push(format!("name={}", self.task_path(&task.name))),
        }
        Code::atom(format!("{scope}.create_task({})", args.join(", ")))
    }

    /// The whole path of a task, where it is known.
    fn task_path(&mut self, name: &Expr) -> String {
        let path = Part::Text(format!("{}/", self.scope_path).into());
        let parts = match &name.kind {
            ExprKind::Literal(Literal::Str(name)) => {
                return text::quoted(&format!("{}/{name}", self.scope_path));
            }
            ExprKind::Text(parts) => [std::slice::from_ref(&path), parts].concat(),
            _ => vec![path, Part::Hole(name.clone())],
        };
        self.text(&parts)
    }

    /// `detach name { }`.
    pub fn detach(&mut self, task: &Task) -> Code {
        self.needs("detach");
        let want = if self.awaits { Want::Return } else { Want::Nothing };
        let free = self.usage.free(task.body.id);
        let by_closure = |var: &&VarId| self.usage.var(**var).assigned && !self.usage.is_cell(**var);
        let nested = free.iter().any(|var| by_closure(&var));
        let given: Vec<VarId> = free.iter().filter(|var| !by_closure(var)).copied().collect();
        let name = self.names.global(label(&task.name).unwrap_or("task"), "_task");
        let scope = Some("scope".to_string());
        self.write(Function { scope, given: &given, want, nested, ..Function::new(&name, &task.body) });
        let given: Vec<String> = given.iter().filter_map(|var| self.vars.get(var).cloned()).collect();
        let function = match given.is_empty() {
            true => name,
            false => format!("lambda scope: {name}(scope, {})", given.join(", ")),
        };
        let label = self.string(&task.name);
        Code::atom(format!("detach({function}, {label})"))
    }

    /// The tasks of a race or gather, each as a pair of its name and its coroutine.
    fn pairs(&mut self, tasks: &[Task], in_race: bool) -> Vec<String> {
        let mut pairs = Vec::new();
        for task in tasks {
            let name = self.string(&task.name);
            let own = in_race && self.uses_scope(task);
            let scope = if own { Some("scope".to_string()) } else { self.scope.clone() };
            let coroutine = self.coroutine(task, scope, Want::Return);
            let coroutine = if own { format!("lambda scope: {coroutine}") } else { coroutine };
            pairs.push(format!("({name}, {coroutine})"));
        }
        pairs
    }

    fn uses_scope(&self, task: &Task) -> bool {
        self.usage.spawns(task.body.id)
    }

    /// `race { }`.
    pub fn race(&mut self, name: &Expr, ok: bool, tasks: &[Task]) -> Code {
        let mut args = self.pairs(tasks, true);
        args.extend(
            Some(self.string(name)).filter(|name| name != "\"race\"").map(|name| format!("name={name}")),
        );
        args.extend(ok.then(|| "ok=True".to_string()));
        Code::awaited(self.call("race", &args).text)
    }

    /// `gather { }`.
    pub fn gather(&mut self, name: &Expr, keep: bool, tasks: &[Task]) -> Code {
        let mut args = vec![self.scope.clone().unwrap_or_else(|| "root".to_string())];
        args.extend(self.pairs(tasks, false));
        args.extend(
            Some(self.string(name)).filter(|name| name != "\"gather\"").map(|name| format!("name={name}")),
        );
        args.extend(keep.then(|| "keep=True".to_string()));
        Code::awaited(self.call("gather", &args).text)
    }
}
