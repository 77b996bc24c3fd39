//! The text without the editor: coloured words under a plain field.
//!
//! It stands there until the editor has been fetched, and for good where that fails.

use std::rc::Rc;

use web_sys::{HtmlTextAreaElement, InputEvent};
use yew::{Callback, Html, Properties, TargetCast, component, html};

use crate::app::{Action, Word};

/// What the field shows.
#[derive(Properties, PartialEq)]
pub struct Props {
    /// The text.
    pub text: Rc<str>,
    /// Its words that have a colour, in order.
    pub words: Rc<[Word]>,
    /// Where to say what was typed.
    pub send: Callback<Action>,
}

/// Longest text that is coloured here, in bytes: each word is an element.
const COLOURED: usize = 50_000;

/// The text as a plain field.
#[component]
pub fn PlainText(Props { text, words, send }: &Props) -> Html {
    let input = send.reform(|event: InputEvent| {
        let text =
            event.target_dyn_into::<HtmlTextAreaElement>().map(|field| field.value()).unwrap_or_default();
        Action::Edit(text.into())
    });
    let lines = text.bytes().filter(|byte| *byte == b'\n').count() + 1;
    let numbers: String = (1..=lines).map(|line| format!("{line}\n")).collect();
    html! {
        <div class="static-code">
            <div class="numbers" aria-hidden="true">{ numbers }</div>
            <div class="code-stack">
                <pre aria-hidden="true">{ coloured(text, words) }{ "\n" }</pre>
                <textarea aria-label="Scenario" spellcheck="false" autocomplete="off" autocapitalize="off" wrap="off"
                    value={text.to_string()} oninput={input} />
            </div>
        </div>
    }
}

/// The text in pieces, those with a colour as elements of their own.
pub fn coloured(text: &str, words: &[Word]) -> Html {
    if text.len() > COLOURED {
        return html! { { text } };
    }
    let mut pieces = Vec::new();
    let mut done = 0;
    for word in words {
        let range = word.span.range();
        // Words of an older text may not fit this one.
        let (Some(before), Some(piece)) = (text.get(done..range.start), text.get(range.clone())) else {
            continue;
        };
        pieces.push(html! { <>{ before }<span class={word.class}>{ piece }</span></> });
        done = range.end;
    }
    html! { <>{ for pieces }{ text.get(done..).unwrap_or_default() }</> }
}
