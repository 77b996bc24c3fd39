//! The sheet with the scenario in the forms in which it can be taken home.

use js_sys::encode_uri_component;
use yew::{AttrValue, Callback, Html, Properties, component, html};

use crate::app::{Action, Export, Target, Texts, commands::Command, file_name, label};

use super::by_hand::numbered;
use super::icon::{Icon, icon};
use super::overlay::Overlay;
use super::tab_keys;

/// What the sheet shows.
#[derive(Properties, PartialEq)]
pub struct Props {
    /// The forms, and which of them is open.
    pub export: Export,
    /// What the scenario is called.
    pub title: AttrValue,
    /// Where to say what was asked for.
    pub send: Callback<Action>,
}

/// The sheet.
#[component]
pub fn ExportSheet(Props { export, title, send }: &Props) -> Html {
    let close = send.reform(|_| Action::Do(Command::Clear));
    let tab = |target: Target| {
        let open = target == export.target;
        html! {
            <button role="tab" aria-selected={open.to_string()} tabindex={tab_keys::stop(open)} data-export={target.name()}
                data-field={open.then_some("")} onclick={send.reform(move |_| Action::ExportAs(target))}>
                { label(target) }
            </button>
        }
    };
    html! {
        <Overlay label="Export" send={send.clone()}>
            <div class="sheet-head">
                { "Export" }<span class="grow" />
                <button class="button square" onclick={close} aria-label="Close">{ icon(Icon::Close) }</button>
            </div>
            <div class="tabs" role="tablist" aria-label="Forms to take the scenario home in" onkeydown={tab_keys::move_focus}>
                { for Target::ALL.iter().copied().map(tab) }
            </div>
            <div class="export-text" role="tabpanel" tabindex="0" aria-label={label(export.target)} aria-live="polite">
                { text(export) }
            </div>
            <div class="sheet-foot">
                <p>{ export.target.about() }</p>
                { takers(export, title, send) }
            </div>
        </Overlay>
    }
}

fn text(export: &Export) -> Html {
    match (&export.texts, export.text()) {
        (_, Some(text)) => numbered(text),
        (Texts::Missing(reason), _) => html! { <p class="empty" role="alert">{ reason }</p> },
        _ => html! { <p class="empty">{ "Writing…" }</p> },
    }
}

/// Copy and download, once there is something.
fn takers(export: &Export, title: &str, send: &Callback<Action>) -> Html {
    let Some(text) = export.text() else { return html! {} };
    let copied = text.to_owned();
    let address = format!("data:text/plain;charset=utf-8,{}", encode_uri_component(text));
    html! {
        <>
            <button class="button framed" onclick={send.reform(move |_| Action::Copy(copied.clone()))}>
                { icon(Icon::Copy) }{ "Copy" }
            </button>
            <a class="button primary" href={address} download={file_name(title, export.target)}>
                { icon(Icon::Export) }{ "Download" }
            </a>
        </>
    }
}
