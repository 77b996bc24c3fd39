//! The sheet that says what a code means.

use yew::{AttrValue, Callback, Html, Properties, component, html};

use crate::app::{Action, Explanation, Piece, Prose, commands::Command};

use super::editor::coloured;
use super::icon::{Icon, icon};
use super::overlay::Overlay;

/// What the sheet shows.
#[derive(Properties, PartialEq)]
pub struct Props {
    /// `W03`.
    pub code: AttrValue,
    /// The page about it.
    pub page: Explanation,
    /// Where to say what was asked for.
    pub send: Callback<Action>,
}

/// The sheet.
#[component]
pub fn ExplanationSheet(Props { code, page, send }: &Props) -> Html {
    let close = send.reform(|_| Action::Do(Command::Clear));
    let title = match page {
        Explanation::There { title, .. } => format!("{code}: {title}"),
        _ => code.to_string(),
    };
    html! {
        <Overlay label={title.clone()} send={send.clone()}>
            <div class="sheet-head">
                { title }<span class="grow" />
                <button class="button square" data-field="" onclick={close} aria-label="Close">{ icon(Icon::Close) }</button>
            </div>
            <div class="sheet-body explanation">{ body(page, send) }</div>
        </Overlay>
    }
}

fn body(page: &Explanation, send: &Callback<Action>) -> Html {
    match page {
        Explanation::Coming => html! { <p>{ "Loading…" }</p> },
        Explanation::Missing => html! {
            <p>{ "The explanation could not be loaded. On the command line, taskscope explain prints it." }</p>
        },
        Explanation::There { pieces, .. } => html! { <>{ for pieces.iter().map(|it| piece(it, send)) }</> },
    }
}

fn piece(piece: &Piece, send: &Callback<Action>) -> Html {
    match piece {
        Piece::Text(text) => html! { <p>{ for text.iter().map(prose) }</p> },
        Piece::Heading(text) => html! { <h3>{ text }</h3> },
        Piece::Example(text, words) => html! { <pre>{ coloured(text, words) }</pre> },
        Piece::Gallery(entry) => {
            let id = entry.id;
            html! {
                <p>{ "In the gallery: " }
                    <button class="link" onclick={send.reform(move |_| Action::Open(id))}>{ entry.title }</button>
                </p>
            }
        }
    }
}

fn prose(prose: &Prose) -> Html {
    match prose {
        Prose::Plain(text) => html! { { text } },
        Prose::Code(text) => html! { <code>{ text }</code> },
    }
}
