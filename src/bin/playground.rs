//! Starts the playground in a page.

use yew::{Html, function_component, html};

/// Stands in until the application has its root component.
#[function_component]
fn Page() -> Html {
    html! { <main><h1>{ "Taskscope" }</h1></main> }
}

fn main() {
    let root = web_sys::window().and_then(|window| window.document()?.get_element_by_id("app"));
    if let Some(root) = root {
        root.set_inner_html("");
        yew::Renderer::<Page>::with_root(root).render();
    }
}
