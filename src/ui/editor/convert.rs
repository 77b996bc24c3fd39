//! What the editor is given, as the objects that its JavaScript reads.

use serde_json::{Value, json};
use wasm_bindgen::JsValue;

use crate::app::{Problem, Proposal, Proposals, Saying, Units, Word};
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
        json!({ "from": from, "to": to, "severity": severity, "code": problem.code, "message": problem.message, "hints": hints })
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

/// What may stand somewhere; null where nothing is proposed.
pub fn proposals(found: Option<Proposals>) -> JsValue {
    let option =
        |it: Proposal| json!({ "label": it.label, "type": it.kind, "detail": it.detail, "info": it.info });
    found.map_or(JsValue::NULL, |found| {
        let options: Vec<Value> = found.options.into_iter().map(option).collect();
        parse(json!({ "from": found.from, "options": options }))
    })
}

/// What is said of a word; null where nothing is.
pub fn saying(said: Option<Saying>) -> JsValue {
    said.map_or(JsValue::NULL, |it| {
        parse(json!({ "from": it.from, "to": it.to, "code": it.code, "text": it.text, "waits": it.waits }))
    })
}

/// One crossing into JavaScript for the whole list: a crossing for each field of a
/// thousand words would be felt while typing.
fn parse(value: Value) -> JsValue {
    js_sys::JSON::parse(&value.to_string()).unwrap_or(JsValue::NULL)
}
