//! The editor's pane: plain text at once, the real editor as soon as it has been fetched.
//!
//! The text lives in the application. An edit goes out as an action; a text that
//! comes in from elsewhere is put into the editor as one step that can be undone.

mod bridge;
mod convert;
mod plain;

use std::rc::Rc;

use wasm_bindgen::closure::Closure;
use web_sys::Element;
use yew::{Callback, Component, Context, Html, NodeRef, Properties, html};

use crate::app::{Action, GoTo, Problem, Units, Word, commands::Command, propose, say};
use crate::span::Span;

use bridge::{Calls, Handle};
pub use plain::coloured;

/// What the editor shows.
#[derive(Properties, PartialEq)]
pub struct Props {
    /// The text.
    pub text: Rc<str>,
    /// Bytes against UTF-16 units of that text.
    pub units: Rc<Units>,
    /// Its words that have a colour.
    pub words: Rc<[Word]>,
    /// Where a task may wait.
    pub pauses: Rc<[Span]>,
    /// What is wrong with it.
    pub problems: Rc<[Problem]>,
    /// The place that is lit up.
    pub lit: Option<Span>,
    /// Where the cursor was sent last.
    pub goto: Option<GoTo>,
    /// Whether the page is dark.
    pub dark: bool,
    /// Where to say what the reader did.
    pub send: Callback<Action>,
}

/// The editor.
pub struct Editor {
    host: NodeRef,
    handle: Option<Handle>,
    calls: Calls,
    /// What the editor holds, to tell its own changes from those of others.
    known: Rc<str>,
    failure: Option<String>,
}

/// What the editor's JavaScript says.
pub enum Message {
    /// It is there, or why not.
    Loaded(Result<Handle, String>),
    /// The reader changed the text.
    Typed(String),
    /// The cursor moved.
    Cursor(u32),
    /// The reader asked to run.
    Run,
    /// The reader asked what a code means.
    Explain(String),
}

impl Component for Editor {
    type Message = Message;
    type Properties = Props;

    fn create(context: &Context<Self>) -> Editor {
        let link = context.link();
        let (typed, cursor, run) =
            (link.callback(Message::Typed), link.callback(Message::Cursor), link.callback(|()| Message::Run));
        let explain = link.callback(Message::Explain);
        let calls = Calls {
            change: Closure::new(move |text| typed.emit(text)),
            cursor: Closure::new(move |offset, _line| cursor.emit(offset)),
            run: Closure::new(move || run.emit(())),
            explain: Closure::new(move |code| explain.emit(code)),
            complete: Closure::new(|text: String, unit| convert::proposals(propose(&text, unit))),
            hover: Closure::new(|text: String, unit| convert::saying(say(&text, unit))),
        };
        Editor {
            host: NodeRef::default(),
            handle: None,
            calls,
            known: context.props().text.clone(),
            failure: None,
        }
    }

    fn update(&mut self, context: &Context<Self>, message: Message) -> bool {
        let props = context.props();
        match message {
            Message::Loaded(Ok(handle)) => {
                self.handle = Some(handle);
                self.push(props, None);
                return true;
            }
            Message::Loaded(Err(reason)) => {
                self.failure = Some(reason);
                return true;
            }
            Message::Typed(text) => {
                self.known = text.into();
                props.send.emit(Action::Edit(self.known.clone()));
            }
            Message::Cursor(offset) => props.send.emit(Action::Cursor(props.units.to_bytes(offset))),
            Message::Run => props.send.emit(Action::Do(Command::Run)),
            Message::Explain(code) => props.send.emit(Action::Explain(code)),
        }
        false
    }

    fn changed(&mut self, context: &Context<Self>, before: &Props) -> bool {
        self.push(context.props(), Some(before));
        self.handle.is_none()
    }

    fn view(&self, context: &Context<Self>) -> Html {
        let props = context.props();
        html! {
            <div class="editor-body">
                <div class="editor-host" ref={self.host.clone()} />
                if self.handle.is_none() {
                    <plain::PlainText text={props.text.clone()} words={props.words.clone()} send={props.send.clone()} />
                }
                if let Some(reason) = &self.failure {
                    <p class="editor-failure" title={reason.clone()}>{ "The full editor could not be loaded; this plain one works all the same." }</p>
                }
            </div>
        }
    }

    fn rendered(&mut self, context: &Context<Self>, first: bool) {
        let Some(parent) = self.host.cast::<Element>().filter(|_| first) else { return };
        let props = context.props();
        let options = bridge::options(&props.text, props.dark, &self.calls);
        self.known = props.text.clone();
        context.link().send_future(async move { Message::Loaded(bridge::create(parent, options).await) });
    }

    fn destroy(&mut self, _: &Context<Self>) {
        if let Some(handle) = self.handle.take() {
            // An editor that cannot be taken down goes with its element.
            let _ = handle.destroy();
        }
    }
}

impl Editor {
    /// Hands over what changed since `before`; everything if that is None.
    /// An editor that throws keeps what it shows: the text itself is safe in the application.
    fn push(&mut self, props: &Props, before: Option<&Props>) {
        let Some(handle) = &self.handle else { return };
        let differs = |changed: &dyn Fn(&Props) -> bool| before.is_none_or(changed);
        if *self.known != *props.text {
            self.known = props.text.clone();
            let _ = handle.set_doc(&props.text);
        }
        if differs(&|before| !Rc::ptr_eq(&before.words, &props.words)) {
            let _ = handle.set_highlights(&convert::words(&props.words, &props.units));
        }
        if differs(&|before| !Rc::ptr_eq(&before.pauses, &props.pauses)) {
            let _ = handle.set_marks(&convert::pauses(&props.pauses, &props.units));
        }
        if differs(&|before| !Rc::ptr_eq(&before.problems, &props.problems)) {
            let _ = handle.set_diagnostics(&convert::problems(&props.problems, &props.units));
        }
        if differs(&|before| before.lit != props.lit) {
            let (from, to) = convert::range(props.lit, &props.units);
            let _ = handle.highlight_range(&from, &to);
        }
        if differs(&|before| before.dark != props.dark) {
            let _ = handle.set_dark(props.dark);
        }
        if let Some(goto) = props.goto.filter(|goto| before.is_some_and(|before| before.goto != Some(*goto)))
        {
            let (from, to) = (props.units.to_units(goto.span.start), props.units.to_units(goto.span.end));
            let _ = handle.select(from, to);
            if goto.takes_focus {
                let _ = handle.focus();
            }
        }
    }
}
