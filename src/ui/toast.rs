//! A notice that floats for a while, and the questions that float like one.

use yew::{AttrValue, Callback, Html, Properties, component, html};

use crate::app::Action;

use super::icon::{Icon, icon};

/// What the notice says.
#[derive(Properties, PartialEq)]
pub struct Props {
    /// Its number.
    pub number: u64,
    /// One or two sentences.
    pub text: AttrValue,
    /// Where to say that it was read.
    pub send: Callback<Action>,
}

/// A notice.
#[component]
pub fn Toast(Props { number, text, send }: &Props) -> Html {
    let number = *number;
    html! {
        <div class="toast" role="status">
            <span>{ text }</span>
            <button class="button square" onclick={send.reform(move |_| Action::Dismiss(number))} aria-label="Dismiss">
                { icon(Icon::Close) }
            </button>
        </div>
    }
}

/// What the question needs.
#[derive(Properties, PartialEq)]
pub struct AskProps {
    /// Where to say yes or no.
    pub send: Callback<Action>,
}

/// Asks before a live run may reach other sites.
#[component]
pub fn AskFetch(AskProps { send }: &AskProps) -> Html {
    html! {
        <div class="toast" role="alertdialog" aria-label="Requests to other sites">
            <span>{ "This scenario asks other sites when it runs live. Allow it for this visit?" }</span>
            <button class="button framed" onclick={send.reform(|_| Action::AllowFetch(false))}>{ "Keep to this site" }</button>
            <button class="button primary" data-field="" onclick={send.reform(|_| Action::AllowFetch(true))}>{ "Allow" }</button>
        </div>
    }
}

/// What the offer needs.
#[derive(Properties, PartialEq)]
pub struct BringInProps {
    /// Whether the importer is at work.
    pub working: bool,
    /// Where to say yes or no.
    pub send: Callback<Action>,
}

/// Offers to make a scenario of the Python program in the editor.
#[component]
pub fn AskBringIn(BringInProps { working, send }: &BringInProps) -> Html {
    if *working {
        return html! { <div class="toast" role="status"><span>{ "Bringing the program in…" }</span></div> };
    }
    html! {
        <div class="toast" role="alertdialog" aria-label="Python in the editor">
            <span>{ "This is Python. Make a scenario of it?" }</span>
            <button class="button framed" onclick={send.reform(|_| Action::BringIn(false))}>{ "Leave it" }</button>
            <button class="button primary" onclick={send.reform(|_| Action::BringIn(true))}>{ "Bring it in" }</button>
        </div>
    }
}
