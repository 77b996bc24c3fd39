//! A sheet over the page: closes on a press beside it and on Escape.

use web_sys::PointerEvent;
use yew::{AttrValue, Callback, Children, Html, Properties, component, html};

use crate::app::{Action, commands::Command};

/// What a sheet needs.
#[derive(Properties, PartialEq)]
pub struct Props {
    /// What a screen reader calls it.
    pub label: AttrValue,
    /// Whether it is a narrow one.
    #[prop_or_default]
    pub narrow: bool,
    /// Where to say that it is to close.
    pub send: Callback<Action>,
    /// What is on it.
    pub children: Children,
}

/// A sheet over the page.
#[component]
pub fn Overlay(Props { label, narrow, send, children }: &Props) -> Html {
    let close = send.reform(|_: PointerEvent| Action::Do(Command::Clear));
    let stay = Callback::from(|event: PointerEvent| event.stop_propagation());
    html! {
        <div class="veil" onpointerdown={close}>
            <div class={yew::classes!("sheet", narrow.then_some("narrow"))} role="dialog" aria-modal="true"
                aria-label={label} onpointerdown={stay}>
                { children.clone() }
            </div>
        </div>
    }
}
