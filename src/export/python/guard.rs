//! `try`, `catch`, `finally`.

use crate::export::tree::raises::Raises;
use crate::export::tree::types::Kind;
use crate::export::tree::{Block, Handler, VarId};

use crate::lang::plan::Name;

use super::block::Want;
use super::program::Writer;
use super::stmt::leaves;
use super::task::Function;

/// How handlers are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    /// `except Kind as e`.
    Plain,
    /// `except* Kind as e`.
    Groups,
    /// The same, and what they give is returned after them.
    GroupsWithValue,
    /// Each a function, asked by a helper.
    Functions,
}

impl Writer<'_> {
    /// A body with its handlers and its `finally`.
    pub fn guarded(&mut self, body: &Block, handlers: &[Handler], finally: Option<&Block>, want: &Want) {
        let Some(finally) = finally else { return self.handled_body(body, handlers, want) };
        if !self.raised(finally).is_none() && !self.left(body, handlers).is_none() {
            return self.ending(body, handlers, finally, want);
        }
        let form = self.form(body, handlers, want);
        if handlers.is_empty() || form == Form::GroupsWithValue {
            self.page.open("try:");
            let from = self.page.len();
            self.handled_body(body, handlers, want);
            self.page.close(from);
        } else {
            self.handled_body(body, handlers, want);
        }
        self.page.open("finally:");
        let from = self.page.len();
        let handled = self.handled.take();
        let waits = [body, finally].into_iter().chain(handlers.iter().map(|handler| &handler.body));
        if self.own.is_some() && waits.into_iter().any(|block| self.waits.block(block)) {
            let cleanup = self.call("cleanup", &[]).text;
            self.open_block(&format!("async with {cleanup}:"), finally, &Want::Nothing);
        } else {
            self.block(finally, &Want::Nothing);
        }
        self.handled = handled;
        self.page.close(from);
    }

    /// Where both the body and its `finally` may fail: two errors at once leave together, as no `finally` of Python
    /// has it.
    fn ending(&mut self, body: &Block, handlers: &[Handler], finally: &Block, want: &Want) {
        let name = self.names.global("afterwards", "_");
        self.write(Function { want: Want::Nothing, nested: true, ..Function::new(&name, finally) });
        let head = self.call("ending", &[name]).text;
        self.page.open(format!("async with {head}:"));
        let from = self.page.len();
        self.handled_body(body, handlers, want);
        self.page.close(from);
    }

    fn gives_none(&self, block: &Block) -> bool {
        let value = self.types.borrow_mut().block(block);
        value.is(Kind::None) || value.is_never()
    }

    fn raised(&self, block: &Block) -> Raises {
        self.errors.borrow().block_raises(block)
    }

    /// What a body and its handlers let through.
    fn left(&self, body: &Block, handlers: &[Handler]) -> Raises {
        let mut left = self.raised(body);
        for handler in handlers {
            match &handler.kind {
                Some(kind) => drop(left.kinds.remove(kind)),
                None => left.kinds.clear(),
            }
        }
        for handler in handlers {
            left.kinds.extend(self.raised(&handler.body).kinds);
        }
        left
    }

    /// How the handlers can be written.
    fn form(&self, body: &Block, handlers: &[Handler], want: &Want) -> Form {
        let raises = self.raised(body);
        let takes_all = match handlers {
            [only] => only.kind.as_ref().is_none_or(|kind| raises.kinds.iter().all(|known| known == kind)),
            _ => false,
        };
        // What a handler took and raises on from inside of a scope goes back to where it was taken from.
        let wraps = handlers.iter().any(|handler| {
            let again = self.raised(&handler.body);
            let kind = |known: &Name| handler.kind.as_ref().is_none_or(|kind| kind == known);
            again.grouped && again.kinds.iter().any(|known| kind(known) && raises.kinds.contains(known))
        });
        let quiet = |handler: &Handler| self.raised(&handler.body).is_none() && !leaves(&handler.body);
        match () {
            () if wraps => Form::Functions,
            // At most one handler runs, and nothing is left beside what it takes.
            () if !raises.grouped || takes_all => Form::Plain,
            () if !handlers.iter().all(quiet) => Form::Functions,
            // Python lets no `return` stand in them.
            () if *want == Want::Return && !handlers.iter().all(|handler| self.gives_none(&handler.body)) => {
                Form::GroupsWithValue
            }
            () => Form::Groups,
        }
    }

    fn handled_body(&mut self, body: &Block, handlers: &[Handler], want: &Want) {
        if handlers.is_empty() {
            return self.block(body, want);
        }
        let form = self.form(body, handlers, want);
        let value = (form == Form::GroupsWithValue).then(|| self.names.local("value", None, |_| false));
        value.iter().for_each(|name| self.page.line(format!("{name} = None")));
        self.page.open("try:");
        let from = self.page.len();
        self.block(body, want);
        self.page.close(from);
        let raises = self.raised(body);
        match (form, value) {
            (Form::Plain, _) => {
                handlers.iter().for_each(|handler| self.plain_handler(handler, &raises, want))
            }
            (Form::Functions, _) => self.handlers_as_functions(handlers, want),
            (_, Some(name)) => {
                let want = Want::Into(name.clone());
                handlers.iter().for_each(|handler| self.group_handler(handler, &want));
                self.page.line(format!("return {name}"));
            }
            (_, None) => handlers.iter().for_each(|handler| self.group_handler(handler, want)),
        }
    }

    /// `except Kind as e:`.
    fn plain_handler(&mut self, handler: &Handler, raises: &Raises, want: &Want) {
        let class = match &handler.kind {
            // A group of that kind is none of its class.
            Some(kind) if !raises.grouped => self.kind(kind),
            _ => "Exception".to_string(),
        };
        self.handler(&format!("except {class}"), handler, want);
    }

    /// `except* Kind as e:`.
    fn group_handler(&mut self, handler: &Handler, want: &Want) {
        let class = match &handler.kind {
            Some(kind) => self.kind(kind),
            None => "Exception".to_string(),
        };
        self.handler(&format!("except* {class}"), handler, want);
    }

    fn handler(&mut self, head: &str, handler: &Handler, want: &Want) {
        let input = handler.body.inputs.first().copied();
        let outer = std::mem::replace(&mut self.handled, input);
        let named = input.filter(|input| self.is_read(*input, &handler.body));
        let name = named.map(|input| self.error_name(input));
        let bound = name.as_ref().map(|name| format!(" as {name}")).unwrap_or_default();
        self.page.open(format!("{head}{bound}:"));
        let from = self.page.len();
        named.iter().for_each(|input| self.keep_error(*input));
        self.block(&handler.body, want);
        self.page.close(from);
        self.handled = outer;
    }

    /// Whether a handler reads what it took, other than to send it on.
    fn is_read(&self, input: VarId, body: &Block) -> bool {
        super::block::reads(body, input)
    }

    /// The name in `except … as`. Python forgets it at the end of the handler: where tasks use it, it is kept.
    fn error_name(&mut self, input: VarId) -> String {
        let name = self.declare(input);
        let kept = self.usage.is_cell(input) || self.usage.var(input).captured;
        if kept { format!("{name}_") } else { name }
    }

    fn keep_error(&mut self, input: VarId) {
        let name = self.vars[&input].clone();
        if self.usage.is_cell(input) {
            self.filled(input);
        } else if self.usage.var(input).captured {
            self.page.line(format!("{name} = {name}_"));
        }
    }

    /// Handlers that raise or leave, where the errors may be a group: each runs before anything leaves.
    fn handlers_as_functions(&mut self, handlers: &[Handler], want: &Want) {
        self.needs("handled");
        let mut pairs = Vec::new();
        let mut functions = Vec::new();
        for handler in handlers {
            let kind = handler.kind.clone();
            let class = kind.map_or_else(|| "None".to_string(), |kind| self.kind(&kind));
            let name = self.names.global("handler", "");
            pairs.push(format!("({class}, {name})"));
            functions.push((name, handler));
        }
        self.page.open("except Exception as error:");
        let from = self.page.len();
        for (name, handler) in functions {
            let want = if *want == Want::Nothing { Want::Nothing } else { Want::Return };
            self.write(Function { want, nested: true, handler: true, ..Function::new(&name, &handler.body) });
        }
        let call = format!("await handled(error, {})", pairs.join(", "));
        self.after_handlers(handlers, &call, want);
        self.page.close(from);
    }

    fn after_handlers(&mut self, handlers: &[Handler], call: &str, want: &Want) {
        if !handlers.iter().any(|handler| leaves(&handler.body)) {
            return match want {
                Want::Nothing => self.page.line(call),
                want => self.give(call, want),
            };
        }
        let way = self.names.local("way", None, |_| false);
        self.page.line(format!("{way} = {call}"));
        for word in ["break", "continue"] {
            let used = handlers.iter().any(|handler| super::stmt::leaves_by(&handler.body, word));
            if used {
                self.page.open(format!("if {way} is {}:", word.to_uppercase()));
                self.needs("Leave");
                let from = self.page.len();
                self.leave_loop(word);
                self.page.close(from);
            }
        }
        if handlers.iter().any(|handler| super::stmt::leaves_by(&handler.body, "return")) {
            self.needs("Leave");
            self.page.open(format!("if isinstance({way}, Leave):"));
            let from = self.page.len();
            self.page.line(format!("return {way}.value"));
            self.page.close(from);
        }
        self.give(&way, want);
    }
}
