//! What the editor is given, as the objects that its JavaScript reads.

use serde_json::{Value, json};
use wasm_bindgen::JsValue;

use crate::app::{Problem, Units, Word};
use crate::span::Span;

/// Words with their classes.
pub fn words(words: &[Word], units: &Units) -> JsValue {
    let item = |word: &Word| {
        let (from, to) = (units.to_units(word.span.start), units.to_units(word.span.end));
        json!({ "from": from, "to": to, "class": word.class })
    };
    parse(words.iter().map(item).collect())
}

/// Problems with their hints.
pub fn problems(problems: &[Problem], units: &Units) -> JsValue {
    let item = |problem: &Problem| {
        let (from, to) = (units.to_units(problem.span.start), units.to_units(problem.span.end));
        let hints: Vec<&str> = problem.hints.iter().map(|hint| hint.text.as_str()).collect();
        let severity = if problem.is_error { "error" } else { "warning" };
        json!({ "from": from, "to": to, "severity": severity, "message": problem.message, "hints": hints })
    };
    parse(problems.iter().map(item).collect())
}

/// Places where a task may wait.
pub fn pauses(pauses: &[Span], units: &Units) -> JsValue {
    let item = |span: &Span| json!({ "from": units.to_units(span.start), "kind": "wait", "title": "a task may wait here" });
    parse(pauses.iter().map(item).collect())
}

/// A range, or nothing.
pub fn range(span: Option<Span>, units: &Units) -> (JsValue, JsValue) {
    match span {
        Some(span) => (units.to_units(span.start).into(), units.to_units(span.end).into()),
        None => (JsValue::NULL, JsValue::NULL),
    }
}

/// One crossing into JavaScript for the whole list: a crossing for each field of a
/// thousand words would be felt while typing.
fn parse(items: Vec<Value>) -> JsValue {
    js_sys::JSON::parse(&Value::Array(items).to_string()).unwrap_or(JsValue::NULL)
}
