//! The tooltip: what stands under the pointer, in sentences. It never covers what it is about.

use yew::{Callback, Html, Properties, component, html};

use crate::app::Action;
use crate::ui::icon::{Icon, icon};

/// What the tooltip says, and where.
#[derive(Properties, PartialEq)]
pub struct Props {
    /// What it says: first what it is, then why.
    pub lines: Vec<String>,
    /// Where the pointer is.
    pub x: f64,
    /// The top of the row that it is about.
    pub top: f64,
    /// The bottom of that row.
    pub bottom: f64,
    /// The room there is.
    pub width: f64,
    /// The room there is.
    pub height: f64,
    /// Whether it stays until it is closed.
    pub pinned: bool,
    /// Where to say that it is to be copied.
    pub send: Callback<Action>,
    /// Takes it away.
    pub close: Callback<()>,
}

/// Its greatest width; `.tip` in the style sheet says the same.
const WIDTH: f64 = 340.0;
/// Room that a few lines need; with less below the row it stands above.
const HEIGHT: f64 = 120.0;

/// The tooltip; nothing where there is nothing to say.
#[component]
pub fn Tip(props: &Props) -> Html {
    let Some((first, rest)) = props.lines.split_first() else { return html! {} };
    let left = (props.x + 12.0).min(props.width - WIDTH - 8.0).max(8.0);
    let below = props.height - props.bottom >= HEIGHT || props.top < HEIGHT;
    let place = match below {
        true => format!("left: {left}px; top: {}px", props.bottom + 6.0),
        false => format!("left: {left}px; bottom: {}px", props.height - props.top + 6.0),
    };
    let all = props.lines.join("\n");
    let copy = props.send.reform(move |_| Action::Copy(all.clone()));
    html! {
        <div class={yew::classes!("tip", props.pinned.then_some("pinned"))} role="tooltip" style={place}>
            <div class="row">
                <p class="first">{ first }</p>
                if props.pinned {
                    <span class="caps">
                        <button class="button square" onclick={copy} aria-label="Copy this text" title="Copy">{ icon(Icon::Copy) }</button>
                        <button class="button square" onclick={props.close.reform(|_| ())} aria-label="Close" title="Close">{ icon(Icon::Close) }</button>
                    </span>
                }
            </div>
            { for rest.iter().map(|line| html! { <p>{ line }</p> }) }
        </div>
    }
}
