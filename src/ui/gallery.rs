//! The gallery: a panel over the editor, grouped by pattern, with a small timeline of each entry's own run.

use web_sys::{HtmlInputElement, InputEvent};
use yew::{AttrValue, Callback, Html, Properties, TargetCast, component, html, use_memo};

use crate::app::{
    Action,
    commands::Command,
    gallery::{self, Entry},
};

use super::icon::{Icon, icon};
use super::thumbnail::thumbnail;

/// What the gallery shows.
#[derive(Properties, PartialEq)]
pub struct Props {
    /// The text of its field.
    pub query: AttrValue,
    /// The entry that is open.
    pub current: Option<&'static str>,
    /// Whether the page is dark.
    pub dark: bool,
    /// Where to say what was asked for.
    pub send: Callback<Action>,
}

/// The gallery.
#[component]
pub fn Gallery(Props { query, current, dark, send }: &Props) -> Html {
    let groups = use_memo(query.clone(), |query| gallery::groups(query));
    let input = send.reform(|event: InputEvent| {
        Action::GalleryQuery(
            event.target_dyn_into::<HtmlInputElement>().map(|field| field.value()).unwrap_or_default(),
        )
    });
    let group = |(pattern, entries): &(&'static str, Vec<Entry>)| {
        let cards = entries.iter().map(|entry| {
            html! { <Card key={entry.id} entry={entry.clone()} current={*current == Some(entry.id)} dark={*dark} send={send.clone()} /> }
        });
        html! { <section key={*pattern}><h3>{ *pattern }</h3><div class="cards">{ for cards }</div></section> }
    };
    html! {
        <div class="gallery" role="dialog" aria-label="Gallery">
            <div class="gallery-head">
                <input class="search" type="search" data-field="" placeholder="Search the gallery" aria-label="Search the gallery"
                    autocomplete="off" value={query.clone()} oninput={input} />
                <button class="button square" onclick={send.reform(|_| Action::Do(Command::Gallery))}
                    aria-label="Close the gallery">{ icon(Icon::Close) }</button>
            </div>
            <div class="gallery-list">
                { for groups.iter().map(group) }
                if groups.is_empty() {
                    <div class="empty"><h3>{ "Nothing found" }</h3><p>{ "No scenario has all these words. Try one of them." }</p></div>
                }
            </div>
        </div>
    }
}

#[derive(Properties, PartialEq)]
struct CardProps {
    entry: Entry,
    current: bool,
    dark: bool,
    send: Callback<Action>,
}

#[component]
fn Card(CardProps { entry, current, dark, send }: &CardProps) -> Html {
    let id = entry.id;
    // A run in virtual time and a drawing: a few milliseconds, once while the gallery is open.
    let picture = use_memo((id, *dark), |(_, dark)| thumbnail(entry.text, *dark));
    html! {
        <button class={yew::classes!("card", current.then_some("current"))} data-entry={id}
            onclick={send.reform(move |_| Action::Open(id))}>
            <span class="thumb" aria-hidden="true">{ (*picture).clone() }</span>
            <span class="about">
                <strong>{ entry.title }</strong>
                <span>{ entry.look }</span>
            </span>
        </button>
    }
}
