//! From a keystroke to its picture, measured in the page: the end-to-end test reads it.
//!
//! `performance.measure` entries are named `taskscope:edit`; each spans from the
//! edit to the end of the frame's drawing.

use web_sys::Performance;

const MARK: &str = "taskscope:keystroke";
const MEASURE: &str = "taskscope:edit";

/// How far the way from an edit to its picture has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Measure {
    /// Nothing is on its way.
    #[default]
    Idle,
    /// The text changed.
    Edited,
    /// Its run is there.
    Computed,
}

impl Measure {
    /// The reader changed the text. Of several edits in one frame the first counts.
    pub fn edited(&mut self) {
        if *self == Measure::Idle {
            *self = Measure::Edited;
            with(|performance| performance.mark(MARK).map(|_| ()));
        }
    }

    /// The run of the changed text is there.
    pub fn computed(&mut self) {
        if *self == Measure::Edited {
            *self = Measure::Computed;
        }
    }

    /// The page is drawn.
    pub fn drawn(&mut self) {
        if *self == Measure::Computed {
            *self = Measure::Idle;
            with(|performance| performance.measure_with_start_mark(MEASURE, MARK).map(|_| ()));
        }
    }
}

fn with(call: impl FnOnce(&Performance) -> Result<(), wasm_bindgen::JsValue>) {
    if let Some(performance) = web_sys::window().and_then(|window| window.performance()) {
        // A measurement that fails is missing from the list, nothing more.
        let _ = call(&performance);
    }
}
