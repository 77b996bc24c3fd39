//! The command palette: type a few letters, press Enter.

use web_sys::{HtmlInputElement, InputEvent, KeyboardEvent};
use yew::{AttrValue, Callback, Html, Properties, TargetCast, component, html};

use crate::app::{Action, commands};

use super::overlay::Overlay;
use super::press::caps;

/// What the palette shows.
#[derive(Properties, PartialEq)]
pub struct Props {
    /// The text of its field.
    pub query: AttrValue,
    /// The marked row.
    pub row: usize,
    /// Where to say what was asked for.
    pub send: Callback<Action>,
}

/// The command palette.
#[component]
pub fn Palette(Props { query, row, send }: &Props) -> Html {
    let found = commands::search(query);
    let input = send.reform(|event: InputEvent| {
        Action::PaletteQuery(
            event.target_dyn_into::<HtmlInputElement>().map(|field| field.value()).unwrap_or_default(),
        )
    });
    let keys = {
        let send = send.clone();
        Callback::from(move |event: KeyboardEvent| {
            let action = match event.key().as_str() {
                "ArrowDown" => Action::PaletteMove(1),
                "ArrowUp" => Action::PaletteMove(-1),
                "Enter" => Action::PaletteRun,
                _ => return,
            };
            event.prevent_default();
            event.stop_propagation();
            send.emit(action);
        })
    };
    let options = found.iter().enumerate().map(|(at, entry)| {
        let command = entry.command;
        html! {
            <button class="option" role="option" tabindex="-1" id={format!("option-{at}")}
                aria-selected={(at == *row).to_string()} onclick={send.reform(move |_| Action::Do(command))}>
                <span>{ entry.title }</span>{ for entry.keys.first().map(|chord| caps(*chord)) }
            </button>
        }
    });
    html! {
        <Overlay label="Find a command" narrow=true send={send.clone()}>
            <input class="search" type="text" data-field="" placeholder="Find a command" aria-label="Find a command"
                role="combobox" aria-expanded="true" aria-controls="options" autocomplete="off" spellcheck="false"
                aria-activedescendant={format!("option-{row}")} value={query.clone()} oninput={input} onkeydown={keys} />
            <div class="options" id="options" role="listbox" aria-label="Commands">{ for options }</div>
            if found.is_empty() {
                <p class="empty">{ "No command has these words. Try fewer letters." }</p>
            }
        </Overlay>
    }
}
