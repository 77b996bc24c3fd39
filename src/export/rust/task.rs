//! Tasks: spawning, awaiting, races, gathers, calls of functions.

use crate::export::tree::{Block, Expr, ExprKind, Op, Stmt, Task};
use crate::lang::plan::FunctionIndex;

use super::block::parameter;
use super::names::quoted;
use super::types::Ty;
use super::writer::{Code, End, Spelled, Target, Want, Writer};

impl Writer<'_> {
    /// A future that owns what it uses; what is not copied is cloned for it.
    pub fn moved(&mut self, piece: &Block, inside: &str) -> String {
        let clones = if self.captures.spawns(piece.id) { "let s = s.clone();\n" } else { "" };
        self.owning(piece, clones, inside)
    }

    fn owning(&mut self, piece: &Block, scope: &str, inside: &str) -> String {
        let mut clones = scope.to_owned();
        for var in self.captures.free(piece.id) {
            let Some(name) = self.vars.get(&var).cloned() else { continue };
            if self.captures.is_cell(var) || !self.var_ty(var).is_copy() {
                clones += &format!("let {name} = {name}.clone();\n");
            }
        }
        match clones.is_empty() {
            true => format!("async move {{\n{inside}}}"),
            false => format!("{{\n{clones}async move {{\n{inside}}}\n}}"),
        }
    }

    /// The body of a task, as a future.
    fn body(&mut self, task: &Task, ty: &Ty) -> String {
        if let Some(call) = self.only_call(task, ty) {
            return call;
        }
        let end = End { ty: ty.clone(), flow: false, spelled: Spelled::Value };
        let inside = self.in_unit(ty.clone(), |it| it.block(&task.body, &Want::End(end)));
        self.moved(&task.body, &inside)
    }

    /// A task that is nothing but a call is the call's own future, where what it is given cannot change meanwhile.
    fn only_call(&mut self, task: &Task, ty: &Ty) -> Option<String> {
        let [Stmt { op, into: None }] = &task.body.stmts[..] else { return None };
        let (function, args) = match op {
            Op::Call(function, args) => (*function, args),
            Op::Value(Expr { kind: ExprKind::Do(inner) }) => match &**inner {
                Op::Call(function, args) => (*function, args),
                _ => return None,
            },
            _ => return None,
        };
        let stays = |arg: &Expr| match &arg.kind {
            ExprKind::Literal(_) => true,
            ExprKind::Var(var) => !self.captures.var(*var).assigned,
            _ => false,
        };
        let body = self.tree.functions.get(function.index())?;
        if !args.iter().all(stays) || self.captures.spawns(body.id) {
            return None;
        }
        let code = self.call(function, args, !ty.is_nothing());
        (code.ty == *ty).then(|| code.text.trim_end_matches(".await?").to_owned())
    }

    fn name(&mut self, name: &Expr) -> String {
        match self.fixed_text(name) {
            Some(name) => quoted(&name),
            None => self.name_of(name),
        }
    }

    /// A name that is only known when it is given.
    pub fn name_of(&mut self, name: &Expr) -> String {
        let code = self.expr(name);
        self.shown(&code)
    }

    /// `task name { }`.
    pub fn spawned(&mut self, op: &Op, task: &Task) -> Code {
        let mut given = self.given(op);
        if let Target::Race(ty) = &self.into
            && *ty != given
        {
            given = ty.clone();
        }
        let name = self.name(&task.name);
        let body = self.body(task, &given);
        Code::owned(format!("s.spawn_named({name}, {body})"), Ty::Task(Box::new(given)))
    }

    fn given(&mut self, op: &Op) -> Ty {
        match self.op_ty(op) {
            Ty::Task(given) => *given,
            _ => Ty::Unit,
        }
    }

    /// `detach name { }`: its own children have a scope inside it.
    pub fn detached(&mut self, op: &Op, task: &Task) -> Code {
        let given = self.given(op);
        let name = self.name(&task.name);
        let detach = self.rt("detach");
        let before = std::mem::replace(&mut self.into, Target::Scope);
        let end = End { ty: given.clone(), flow: false, spelled: Spelled::Value };
        let inside = self.in_unit(given.clone(), |it| it.block(&task.body, &Want::End(end)));
        self.into = before;
        let scope = parameter(&inside);
        let (options, helper) = (self.rt("ScopeOptions"), self.helper("alone"));
        let inside =
            format!("{options}::named(\"\").run(async |{scope}| {{\n{inside}}}).await\n.map_err({helper})\n");
        let body = self.owning(&task.body, "", &inside);
        Code::owned(format!("{detach}({name}, {body})"), Ty::Task(Box::new(given)))
    }

    /// `await h`.
    pub fn awaited(&mut self, task: &Expr, wanted: bool) -> Code {
        self.found.awaits |= wanted;
        let code = self.expr(task);
        match &code.ty {
            Ty::Task(given) => Code::owned(format!("{}.join().await?", code.operand()), (**given).clone()),
            _ => {
                let value = self.kept_as(&code, &Ty::Value);
                Code::owned(format!("{value}.joined().await?"), Ty::Value)
            }
        }
    }

    /// `race { task a { } task b { } }`.
    pub fn race(&mut self, op: &Op, name: &Expr, ok: bool, tasks: &[Task], wanted: bool) -> Code {
        let spawns = tasks.iter().any(|task| self.captures.spawns(task.body.id));
        let ty = match self.op_ty(op) {
            _ if self.known.alike || spawns => Ty::Value,
            _ if !wanted => Ty::Unit,
            Ty::Never => Ty::Unit,
            ty => ty,
        };
        self.named(ty.clone());
        let race = self.rt(if ok { "race_ok" } else { "race" });
        if self.fixed_text(name).as_deref() != Some("race") {
            self.refuse("a race has a name of its own");
        }
        let before = std::mem::replace(&mut self.into, Target::Race(ty.clone()));
        let mut inside = String::new();
        for task in tasks {
            let name = self.name(&task.name);
            let body = self.body(task, &ty);
            inside += &format!("s.spawn_named({name}, {body});\n");
        }
        self.into = before;
        Code::owned(format!("{race}(async |s| {{\n{inside}Ok(())\n}}).await?"), ty)
    }

    /// `gather { task a { } task b { } }`.
    pub fn gather(&mut self, op: &Op, name: &Expr, keep: bool, tasks: &[Task]) -> Code {
        if self.into != Target::Scope {
            self.refuse("a gather stands among the tasks of a race");
        }
        let list = self.op_ty(op);
        let kept = match list {
            Ty::List(item) => *item,
            _ => Ty::Value,
        };
        let item = match (&kept, keep) {
            (Ty::Error, true) => Ty::Unit,
            (Ty::Never, _) => Ty::Unit,
            (_, true) => Ty::Value,
            (item, false) => item.clone(),
        };
        self.named(item.clone());
        let name = self.name(name);
        let mut handles = String::new();
        for task in tasks {
            let name = self.name(&task.name);
            let body = self.body(task, &item);
            handles +=
                &format!("s.task(Some(format!(\"{{name}}/{{}}\", {name}).into())).quiet().spawn({body}),\n");
        }
        let before = format!("let name = s.reserve_name(&{name}.into());\nlet tasks = vec![\n{handles}];\n");
        if !keep {
            let gather = self.rt("gather");
            let text = format!("{{\n{before}{gather}(tasks).await?\n}}");
            return Code::owned(text, Ty::List(Box::new(item)));
        }
        let gather_all = self.rt("gather_all");
        let (convert, kept) = if kept == Ty::Error {
            self.rt("Error");
            (
                "result.err().map_or_else(|| unreachable!(\"all of them fail\"), Error::from)".to_owned(),
                Ty::Error,
            )
        } else {
            self.rt("Error");
            let value = self.helper("Value");
            (format!("result.unwrap_or_else(|error| {value}::Error(error.into()))"), Ty::Value)
        };
        let text = format!(
            "{{\n{before}{gather_all}(tasks).await.into_iter().map(|result| {convert}).collect::<Vec<_>>()\n}}"
        );
        Code::owned(text, Ty::List(Box::new(kept)))
    }

    /// `fetch_part("user", 400ms)`.
    pub fn call(&mut self, function: FunctionIndex, args: &[Expr], wanted: bool) -> Code {
        let known = self.known.wanted.contains(&function.0);
        if wanted && !known {
            self.found.wanted.insert(function.0);
        }
        let Some(body) = self.tree.functions.get(function.index()) else {
            return Code::owned("()", Ty::Unit);
        };
        let mut written = Vec::new();
        if self.captures.spawns(body.id) {
            if self.into != Target::Scope {
                self.refuse("a function that spawns is called by a task of a race");
            }
            written.push(self.scope_argument());
        }
        for global in self.captures.globals(body.id) {
            written.extend(self.global_names(global));
        }
        for (input, arg) in body.inputs.iter().zip(args) {
            let ty = self.var_ty(*input);
            let code = self.expr_as(arg, &ty);
            written.push(self.kept_as(&code, &ty));
        }
        let name = &self.functions[function.index()];
        let call = format!("{name}({})", written.join(", "));
        let call = if self.captures.is_recursive(function.0) { format!("Box::pin({call})") } else { call };
        let ty = if known { self.returns(function) } else { Ty::Unit };
        Code { is_call: true, ..Code::owned(format!("{call}.await?"), ty) }
    }

    /// What a function returns, if somebody wants it.
    pub fn returns(&mut self, function: FunctionIndex) -> Ty {
        if !self.known.wanted.contains(&function.0) {
            return Ty::Unit;
        }
        let known = self.types.borrow().returned(function);
        self.named(self.ty(&known))
    }

    fn scope_argument(&self) -> String {
        // In a function that was given one it is a reference already; a second one does no harm.
        "&s".to_owned()
    }
}
