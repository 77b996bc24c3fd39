//! The importer of Python programs: a worker of its own, loaded when there is something to bring in.

use std::rc::Rc;

use gloo_timers::callback::Timeout;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Event, MessageEvent, Worker, WorkerOptions, WorkerType};
use yew::Callback;

/// Where Trunk puts the importer's loader.
const URL: &str = "taskscope-importer_loader.js";
/// A script whose wasm cannot be loaded fails in silence. Slow networks bring a megabyte within this.
const LIMIT_MS: u32 = 60_000;

/// What comes of it: the scenario, or why there is none.
pub type Done = Callback<Result<String, String>>;

/// The importer at work on one program.
#[must_use = "dropping it ends the work"]
pub struct Importer {
    worker: Worker,
    _hear: Closure<dyn FnMut(MessageEvent)>,
    _fail: Closure<dyn FnMut(Event)>,
    _limit: Timeout,
}

impl Importer {
    /// Loads the importer and gives it `text`. It says that it listens by a message without a text.
    pub fn start(text: Rc<str>, done: Done) -> Option<Importer> {
        let options = WorkerOptions::new();
        options.set_type(WorkerType::Module);
        let Ok(worker) = Worker::new_with_options(URL, &options) else {
            done.emit(Err("this browser starts no workers".to_owned()));
            return None;
        };
        let hear = {
            let (done, worker) = (done.clone(), worker.clone());
            Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
                match event.data().as_string() {
                    Some(scenario) => done.emit(Ok(scenario)),
                    // Text can always be posted.
                    None => drop(worker.post_message(&(*text).into())),
                }
            })
        };
        let fail = {
            let done = done.clone();
            Closure::<dyn FnMut(Event)>::new(move |event: Event| {
                event.prevent_default();
                done.emit(Err("the importer cannot be loaded, or has crashed".to_owned()));
            })
        };
        worker.set_onmessage(Some(hear.as_ref().unchecked_ref()));
        worker.set_onmessageerror(Some(fail.as_ref().unchecked_ref()));
        worker.set_onerror(Some(fail.as_ref().unchecked_ref()));
        let limit = Timeout::new(LIMIT_MS, move || done.emit(Err("the importer gave no answer".to_owned())));
        Some(Importer { worker, _hear: hear, _fail: fail, _limit: limit })
    }
}

impl Drop for Importer {
    fn drop(&mut self) {
        self.worker.set_onmessage(None);
        self.worker.set_onmessageerror(None);
        self.worker.set_onerror(None);
        self.worker.terminate();
    }
}
