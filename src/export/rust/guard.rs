//! `try`, `catch`, `finally`.

use crate::export::tree::{Block, Handler, Op};

use super::block::wanted_ty;
use super::leaves::Leaves;
use super::types::Ty;
use super::writer::{Code, End, Spelled, Want, Writer};

/// What handlers have in common.
struct Handling {
    ty: Ty,
    /// How handlers are left.
    leaves: Leaves,
    /// Nothing follows but the end of the function or task.
    is_end: bool,
    /// Somebody wants to know what the handler gave, or how it was left.
    kept: bool,
}

impl Writer<'_> {
    /// A body with its handlers and its `finally`.
    pub fn guarded(
        &mut self,
        body: &Block,
        handlers: &[Handler],
        finally: Option<&Block>,
        want: &Want,
    ) -> String {
        let Some(finally) = finally else { return self.handled(body, handlers, want) };
        if Leaves::of(finally).any() {
            self.refuse("a `finally` is left by `return`, `break` or `continue`");
        }
        let ty = wanted_ty(want);
        // What it raises and returns is its own.
        let end = End { ty: Ty::Unit, flow: false, spelled: Spelled::Nothing };
        let cleanup = self.in_unit(Ty::Unit, |it| it.block(finally, &Want::End(end)));
        let cleanup = self.moved(finally, &cleanup);
        let leaves = handlers.iter().fold(Leaves::of(body), |leaves, it| leaves.and(Leaves::of(&it.body)));
        let (leaves, is_end) = self.leaves(leaves, want);
        let flow = self.flow(leaves);
        let end = End { ty: ty.clone(), flow, spelled: Spelled::Whole };
        let inside = self.inside(is_end, |it| it.handled(body, handlers, &Want::End(end)));
        let (defer, after_cleanup) = (self.rt("defer"), self.rt("after_cleanup"));
        let before = format!("let cleanup = {defer}({cleanup});\nlet result = async {{\n{inside}}}.await;\n");
        let after = self.after(&format!("{after_cleanup}(result, cleanup.await)"), leaves, &ty, want);
        match want {
            Want::End(_) => format!("{before}{after}"),
            _ => format!("{{\n{before}{after}}}\n"),
        }
    }

    fn handled(&mut self, body: &Block, handlers: &[Handler], want: &Want) -> String {
        if handlers.is_empty() {
            let inside = self.block(body, want);
            // What it declares ends with it.
            return if matches!(want, Want::End(_)) { inside } else { format!("{{\n{inside}}}\n") };
        }
        let ty = wanted_ty(want);
        let (inside, leaves) = self.part(body, &ty, true, want);
        let leaves_of_handlers =
            handlers.iter().fold(Leaves::default(), |leaves, it| leaves.and(Leaves::of(&it.body)));
        let (leaves_of_handlers, is_end) = self.leaves(leaves_of_handlers, want);
        let kept = *want != Want::Nothing;
        let handling = Handling { leaves: leaves_of_handlers, is_end, kept, ty: ty.clone() };
        let caught = self.handlers(handlers, &handling, want);
        if *want == Want::Nothing && !leaves.any() {
            return format!("if let Err(error) = async {{\n{inside}}}.await {{\n{caught}}}\n");
        }
        let done = match leaves.any() {
            true => self.followed("value", leaves, &ty, want),
            false => self.give(&Code::owned("value", ty), want),
        };
        format!(
            "match async {{\n{inside}}}.await {{\nOk(value) => {{\n{done}}}\nErr(error) => {{\n{caught}}}\n}}\n"
        )
    }

    /// What is done with an error.
    fn handlers(&mut self, handlers: &[Handler], handling: &Handling, want: &Want) -> String {
        let mut out = "let mut catch = error.catch();\n".to_owned();
        let stored = handling.kept || handling.leaves.any();
        if stored {
            let mut ty = self.named(handling.ty.clone()).name();
            if handling.leaves.any() {
                self.flow(handling.leaves);
                let returns = self.frame().returns.clone();
                ty = format!("Flow<{ty}, {}>", self.named(returns).name());
            }
            out += &format!("let mut given: Option<{ty}> = None;\n");
        }
        for handler in handlers {
            let taken = self.taken(handler);
            let input = handler.body.inputs.first().copied();
            let (name, first) =
                input.map_or_else(|| ("_".to_owned(), String::new()), |input| self.input(input));
            let inside = self.handler(handler, handling, stored);
            out += &match name.starts_with('_') {
                true => format!("if catch.{taken}.is_some() {{\n{inside}}}\n"),
                false => format!("if let Some({name}) = catch.{taken} {{\n{first}{inside}}}\n"),
            };
        }
        out += "catch.finish()?;\n";
        let given = "given.expect(\"a handler took the error\")";
        out += &match (handling.leaves.any(), handling.kept) {
            (true, _) => self.followed(given, handling.leaves, &handling.ty, want),
            (false, true) => self.give(&Code::owned(given, handling.ty.clone()), want),
            (false, false) => String::new(),
        };
        out
    }

    fn handler(&mut self, handler: &Handler, handling: &Handling, stored: bool) -> String {
        let leaves = handling.leaves.any();
        let own = Leaves::of(&handler.body);
        if self.errors.block_raises(&handler.body).is_none() && !own.any() {
            let want = if handling.kept { Want::Value(handling.ty.clone()) } else { Want::Nothing };
            let inside = self.block(&handler.body, &want);
            return match (stored, handling.kept, leaves) {
                (false, ..) => inside,
                (true, true, false) => format!("given = Some({{\n{inside}}});\n"),
                (true, true, true) => format!("given = Some(Flow::Value({{\n{inside}}}));\n"),
                (true, false, _) => format!("{inside}given = Some(Flow::Value(()));\n"),
            };
        }
        let end = End { ty: handling.ty.clone(), flow: leaves, spelled: Spelled::Whole };
        let inside = self.inside(handling.is_end, |it| it.block(&handler.body, &Want::End(end)));
        if !stored {
            return format!("if let Err(error) = async {{\n{inside}}}.await {{\ncatch.failed(error);\n}}\n");
        }
        format!(
            "match async {{\n{inside}}}.await {{\nOk(value) => given = Some(value),\n\
             Err(error) => catch.failed(error),\n}}\n"
        )
    }

    /// The call that takes a handler's errors.
    fn taken(&mut self, handler: &Handler) -> String {
        let Some(kind) = &handler.kind else { return "take_all()".to_owned() };
        let raised = self.tree.any(|op| matches!(op, Op::Fail { kind: raised, .. } if raised == kind));
        match &**kind {
            "Timeout" if !raised => format!("take::<{}>()", self.rt("Elapsed")),
            "Timeout" | "TaskCancelled" | "QueueClosed" | "QueueError" | "QueryError" | "WorkerCrashed" => {
                let of = self.import("taskscope::program::kind");
                format!("take_if(|leaf| {of}(leaf) == \"{kind}\")")
            }
            kind => format!("take::<{}>()", self.error_type(kind)),
        }
    }
}
