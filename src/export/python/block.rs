//! Blocks: statements, the names of their variables, and what becomes of their value.

use std::collections::BTreeSet;

use crate::export::tree::types::Kind;
use crate::export::tree::{
    Block, Expr, ExprKind, Op, Stmt, Task, VarId, Visit, walk_block, walk_expr, walk_op,
};

use super::program::Writer;

/// What becomes of the value of a block or statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Want {
    /// Nobody asks for it.
    Nothing,
    /// It goes to this variable.
    Into(String),
    /// The function returns it.
    Return,
}

impl Writer<'_> {
    /// What a variable is read and assigned as.
    pub fn var(&self, var: VarId) -> String {
        let name = self.vars.get(&var).cloned().unwrap_or_else(|| "None".to_string());
        if self.usage.is_cell(var) { format!("{name}.value") } else { name }
    }

    /// Names a variable that is declared here.
    pub fn declare(&mut self, var: VarId) -> String {
        if let Some(name) = self.vars.get(&var).filter(|_| self.usage.var(var).shared) {
            return name.clone();
        }
        let wanted = self.tree.var(var).name.clone();
        let wanted = if wanted.is_empty() { "value" } else { &wanted };
        let (visible, usage) = (&self.visible, &self.usage);
        let is_gone = |other| other != var && !visible.contains(&other) && !usage.var(other).captured;
        let name = self.names.local(wanted, Some(var), is_gone);
        self.visible.insert(var);
        self.vars.insert(var, name.clone());
        name
    }

    /// Declares a variable with its first value.
    fn begin(&mut self, var: VarId, code: &str) {
        let name = self.declare(var);
        if self.usage.is_cell(var) {
            self.needs("Cell");
            self.page.line(format!("{name} = Cell({code})"));
        } else {
            self.page.line(format!("{name} = {code}"));
        }
    }

    /// Declares the variable that a loop or `with … as` fills. What is returned stands in the head; where that is
    /// not the variable itself, `filled` says it inside.
    pub fn input(&mut self, var: VarId) -> String {
        let name = self.declare(var);
        if self.usage.is_cell(var) { format!("{name}_") } else { name }
    }

    /// See `input`.
    pub fn filled(&mut self, var: VarId) {
        if self.usage.is_cell(var) {
            self.needs("Cell");
            let name = self.vars[&var].clone();
            self.page.line(format!("{name} = Cell({name}_)"));
        }
    }

    /// The statements of a block, inside of what was opened for it.
    pub fn block(&mut self, block: &Block, want: &Want) {
        self.stmts(&block.stmts, want);
        self.visible.retain(|var| !block.vars.contains(var));
    }

    /// A line that opens a block, and the block.
    pub fn open_block(&mut self, head: &str, block: &Block, want: &Want) {
        self.page.open(head);
        let from = self.page.len();
        self.block(block, want);
        self.page.close(from);
    }

    /// Statements, the value of the last of them as wanted.
    pub fn stmts(&mut self, stmts: &[Stmt], want: &Want) {
        let Some((last, before)) = stmts.split_last() else { return self.give("None", want) };
        before.iter().for_each(|stmt| self.stmt(stmt, &Want::Nothing));
        self.stmt(last, want);
    }

    /// Gives a value to who wants it.
    pub fn give(&mut self, code: &str, want: &Want) {
        match want {
            Want::Nothing => {}
            Want::Into(name) => self.page.line(format!("{name} = {code}")),
            // A function that comes to its end returns that by itself.
            Want::Return if code == "None" => {}
            Want::Return => self.page.line(format!("return {code}")),
        }
    }

    fn stmt(&mut self, stmt: &Stmt, want: &Want) {
        let Some((var, declares)) = stmt.into else { return self.op(&stmt.op, want) };
        if matches!(stmt.op, Op::Value(_)) || stmt.op.is_expression() {
            // Declared after its value: `let x = x + 1` reads the outer one.
            let code = self.code_of(&stmt.op);
            match declares {
                true => self.begin(var, &code),
                false => self.page.line(format!("{} = {code}", self.var(var))),
            }
        } else {
            match declares {
                true if self.usage.is_cell(var) => self.begin(var, "None"),
                true => drop(self.declare(var)),
                false => {}
            }
            self.op(&stmt.op, &Want::Into(self.var(var)));
        }
        let kind = self.types.borrow().var(var);
        let none = kind.is(Kind::None) || kind.is_never();
        let value = if none { "None".to_string() } else { self.var(var) };
        self.give(&value, want);
    }

    fn code_of(&mut self, op: &Op) -> String {
        match op {
            Op::Value(value) => self.expr(value).text,
            op => self.action_code(op).text,
        }
    }
}

/// The variables that a function assigns itself, its tasks aside.
pub fn assigned(body: &Block) -> BTreeSet<VarId> {
    struct Assigned(BTreeSet<VarId>);

    impl Visit for Assigned {
        fn stmt(&mut self, stmt: &Stmt) {
            self.0.extend(stmt.into.map(|(var, _)| var));
            self.op(&stmt.op);
        }

        fn op(&mut self, op: &Op) {
            walk_op(self, op);
        }

        fn task(&mut self, _: &Task) {}
    }

    let mut found = Assigned(BTreeSet::new());
    found.block(body);
    found.0
}

/// Every variable that is declared in a block or inside of it, its tasks aside.
pub fn declared(body: &Block) -> BTreeSet<VarId> {
    struct DeclaredIn(BTreeSet<VarId>);

    impl Visit for DeclaredIn {
        fn block(&mut self, block: &Block) {
            self.0.extend(block.vars.iter().copied());
            walk_block(self, block);
        }

        fn task(&mut self, _: &Task) {}
    }

    let mut found = DeclaredIn(BTreeSet::new());
    found.block(body);
    found.0
}

/// Whether a handler reads what it took, other than by a `raise` of its own that sends it on.
pub fn reads(body: &Block, taken: VarId) -> bool {
    struct Reads {
        taken: VarId,
        /// Inside of another handler, a `finally` or a task: there `raise` alone means something else.
        elsewhere: u32,
        found: bool,
    }

    impl Visit for Reads {
        fn op(&mut self, op: &Op) {
            match op {
                Op::Raise(Expr { kind: ExprKind::Var(var), .. })
                    if *var == self.taken && self.elsewhere == 0 => {}
                Op::Timeout { length, body, otherwise } => {
                    self.expr(length);
                    self.block(body);
                    self.elsewhere += 1;
                    otherwise.iter().for_each(|block| self.block(block));
                    self.elsewhere -= 1;
                }
                Op::Try { body, handlers, finally } => {
                    self.block(body);
                    self.elsewhere += 1;
                    handlers.iter().for_each(|handler| self.block(&handler.body));
                    finally.iter().for_each(|block| self.block(block));
                    self.elsewhere -= 1;
                }
                op => walk_op(self, op),
            }
        }

        fn task(&mut self, task: &Task) {
            self.elsewhere += 1;
            self.expr(&task.name);
            self.block(&task.body);
            self.elsewhere -= 1;
        }

        fn expr(&mut self, expr: &Expr) {
            self.found |= matches!(expr.kind, ExprKind::Var(var) if var == self.taken);
            walk_expr(self, expr);
        }
    }

    let mut reads = Reads { taken, elsewhere: 0, found: false };
    reads.block(body);
    reads.found
}
