//! One web worker, terminated when it is dropped.

use std::rc::Rc;

use gloo_timers::callback::Timeout;
use js_sys::Reflect;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Event, MessageEvent, WorkerOptions, WorkerType};

use crate::host::browser::thrown::describe;
use crate::host::browser::wire::{Heard, VERSION};

/// A script whose wasm cannot be loaded fails in silence: nothing is reported
/// to the page. Slow networks bring some 30 kB within this.
const START_LIMIT_MS: u32 = 20_000;

pub(super) const UNREADABLE: &str = "the worker's reply cannot be read";

/// What a worker reports.
pub(super) enum News {
    /// It listens. Messages posted before this would be lost.
    Ready,
    /// An order is done; what to keep for a worker in its place.
    Done { id: u32, result: Result<JsValue, String>, keep: Option<JsValue> },
    /// It is of no more use; why, in words.
    Broken(String),
}

/// A web worker. It is to be dropped once it reported that it is broken.
#[must_use = "dropping a worker terminates it"]
pub(super) struct Worker {
    js: web_sys::Worker,
    starting: Option<Timeout>,
    _on_message: Closure<dyn FnMut(MessageEvent)>,
    _on_error: Closure<dyn FnMut(Event)>,
}

impl Worker {
    /// Starts the script at `url`; `report` hears what comes of it, never
    /// before this returns.
    pub(super) fn start(url: &str, report: Rc<dyn Fn(News)>) -> Result<Worker, String> {
        let options = WorkerOptions::new();
        // Trunk's loader for `data-bindgen-target="web"` is a module.
        options.set_type(WorkerType::Module);
        let js = web_sys::Worker::new_with_options(url, &options).map_err(|e| describe(&e))?;
        let on_message = {
            let report = Rc::clone(&report);
            Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
                report(match Heard::from_js(&event.data()) {
                    Some(Heard::Ready { version: VERSION }) => News::Ready,
                    Some(Heard::Ready { .. }) => {
                        News::Broken("the worker is of another version; reload the page".to_owned())
                    }
                    Some(Heard::Done { id, result, keep }) => News::Done { id, result, keep },
                    None => News::Broken(UNREADABLE.to_owned()),
                });
            })
        };
        let on_error = {
            let report = Rc::clone(&report);
            let url = url.to_owned();
            Closure::<dyn FnMut(Event)>::new(move |event: Event| {
                // What is reported here need not be reported to the console.
                event.prevent_default();
                let message = Reflect::get(&event, &"message".into()).ok().and_then(|m| m.as_string());
                report(News::Broken(match message {
                    Some(message) => format!("the worker crashed: {message}"),
                    None if event.type_() == "messageerror" => UNREADABLE.to_owned(),
                    None => format!("the worker's script {url} cannot be loaded"),
                }));
            })
        };
        js.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        js.set_onmessageerror(Some(on_error.as_ref().unchecked_ref()));
        js.set_onerror(Some(on_error.as_ref().unchecked_ref()));
        let starting = Timeout::new(START_LIMIT_MS, move || {
            report(News::Broken(format!("the worker did not start within {} s", START_LIMIT_MS / 1000)));
        });
        Ok(Worker { js, starting: Some(starting), _on_message: on_message, _on_error: on_error })
    }

    /// Takes note of [`News::Ready`].
    pub(super) fn set_ready(&mut self) {
        self.starting = None;
    }

    /// Whether it has reported that it listens.
    pub(super) fn is_ready(&self) -> bool {
        self.starting.is_none()
    }

    /// Sends a message.
    pub(super) fn post(&self, message: &JsValue) -> Result<(), String> {
        self.js.post_message(message).map_err(|e| describe(&e))
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.js.set_onmessage(None);
        self.js.set_onmessageerror(None);
        self.js.set_onerror(None);
        self.js.terminate();
    }
}
