//! The sheet of keys, made from the table of commands.

use yew::{Callback, Html, Properties, component, html};

use crate::app::{
    Action,
    commands::{COMMANDS, Command, Entry, Place},
};

use super::icon::{Icon, icon};
use super::overlay::Overlay;
use super::press::caps;

/// What the sheet needs.
#[derive(Properties, PartialEq)]
pub struct Props {
    /// Where to say that it is to close.
    pub send: Callback<Action>,
}

/// The sheet of keys.
#[component]
pub fn KeySheet(Props { send }: &Props) -> Html {
    let close = send.reform(|_| Action::Do(Command::Clear));
    html! {
        <Overlay label="Keys" send={send.clone()}>
            <div class="sheet-head">
                { "Keys" }<span class="grow" />
                <button class="button square" data-field="" onclick={close} aria-label="Close">{ icon(Icon::Close) }</button>
            </div>
            <div class="sheet-body">
                <div class="key-columns">
                    { group("On the whole page", Place::Page) }
                    { group("While the timeline has the focus", Place::Timeline) }
                    { group_of_hands() }
                </div>
            </div>
        </Overlay>
    }
}

fn group(title: &str, place: Place) -> Html {
    let rows = COMMANDS.iter().filter(|entry| entry.place == place).map(row);
    html! { <section><h3 class="key-group">{ title }</h3>{ for rows }</section> }
}

fn row(entry: &Entry) -> Html {
    let keys = entry.keys.iter().map(|chord| caps(*chord));
    html! { <div class="key-row"><span>{ entry.title }</span><span>{ for keys }</span></div> }
}

/// What pointer and wheel do: not commands, so not in the table.
fn group_of_hands() -> Html {
    let rows = [
        ("Zoom about the pointer", "Ctrl or ⌘ and wheel, pinch"),
        ("Earlier and later", "Shift and wheel"),
        ("Mark a stretch of time", "drag on the ruler"),
        ("Leave the editor", "Esc, then Tab"),
    ];
    let rows = rows.map(|(what, how)| html! { <div class="key-row"><span>{ what }</span><span class="how">{ how }</span></div> });
    html! { <section><h3 class="key-group">{ "With pointer and wheel" }</h3>{ for rows }</section> }
}
