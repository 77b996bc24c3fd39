//! Parts of the program that are loaded when they are used: each a worker of its own, which is given texts and answers
//! with texts.

use gloo_timers::callback::Timeout;
use js_sys::Array;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Event, MessageEvent, Worker, WorkerOptions, WorkerType};
use yew::Callback;

/// A script whose wasm cannot be loaded fails in silence. Slow networks bring a megabyte within this.
const LIMIT_MS: u32 = 60_000;

/// What comes of it: its answer, or why there is none.
pub type Done = Callback<Result<Vec<String>, String>>;

/// Which part.
#[derive(Clone, Copy, Debug)]
pub enum Part {
    /// Makes a scenario of a Python program.
    Importer,
    /// Takes a scenario home in every form.
    Exporter,
}

impl Part {
    fn name(self) -> &'static str {
        match self {
            Part::Importer => "importer",
            Part::Exporter => "exporter",
        }
    }

    /// Where Trunk puts its loader.
    fn url(self) -> String {
        format!("taskscope-{}_loader.js", self.name())
    }
}

/// A part at work on one thing.
#[must_use = "dropping it ends the work"]
pub struct Module {
    worker: Worker,
    _hear: Closure<dyn FnMut(MessageEvent)>,
    _fail: Closure<dyn FnMut(Event)>,
    _limit: Timeout,
}

impl Module {
    /// Loads the part and gives it `texts`. It says that it listens by a message that is no list.
    pub fn start(part: Part, texts: Vec<String>, done: Done) -> Option<Module> {
        let name = part.name();
        let options = WorkerOptions::new();
        options.set_type(WorkerType::Module);
        let Ok(worker) = Worker::new_with_options(&part.url(), &options) else {
            done.emit(Err("this browser starts no workers".to_owned()));
            return None;
        };
        let texts: Array = texts.into_iter().map(JsValue::from).collect();
        let hear = {
            let (done, worker) = (done.clone(), worker.clone());
            Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
                match event.data().dyn_into::<Array>() {
                    Ok(answer) => done.emit(Ok(answer.iter().filter_map(|text| text.as_string()).collect())),
                    // Text can always be posted.
                    Err(_) => drop(worker.post_message(&texts)),
                }
            })
        };
        let fail = {
            let done = done.clone();
            Closure::<dyn FnMut(Event)>::new(move |event: Event| {
                event.prevent_default();
                done.emit(Err(format!("the {name} cannot be loaded, or has crashed")));
            })
        };
        worker.set_onmessage(Some(hear.as_ref().unchecked_ref()));
        worker.set_onmessageerror(Some(fail.as_ref().unchecked_ref()));
        worker.set_onerror(Some(fail.as_ref().unchecked_ref()));
        let limit = Timeout::new(LIMIT_MS, move || done.emit(Err(format!("the {name} gave no answer"))));
        Some(Module { worker, _hear: hear, _fail: fail, _limit: limit })
    }
}

impl Drop for Module {
    fn drop(&mut self) {
        self.worker.set_onmessage(None);
        self.worker.set_onmessageerror(None);
        self.worker.set_onerror(None);
        self.worker.terminate();
    }
}
