//! The error tree of a run.

use std::rc::Rc;

use yew::{Callback, Html, Properties, component, html};

use crate::app::{Action, Node, Run, instant};

/// What the tree shows.
#[derive(Properties)]
pub struct Props {
    /// The run.
    pub run: Rc<Run>,
    /// Where to say what was asked for.
    pub send: Callback<Action>,
}

impl PartialEq for Props {
    fn eq(&self, other: &Props) -> bool {
        Rc::ptr_eq(&self.run, &other.run)
    }
}

/// The error tree of a run.
#[component]
pub fn Errors(Props { run, send }: &Props) -> Html {
    let tree = &run.errors;
    if tree.count() == 0 {
        return html! { <div class="empty">{ "No error left the root of this run." }</div> };
    }
    html! {
        <div class="facts" data-errors="">
            { for tree.notes.iter().map(|note| html! { <p>{ note }</p> }) }
            <ul class="tree">{ for tree.roots.iter().map(|node| item(node, send)) }</ul>
        </div>
    }
}

fn item(node: &Node, send: &Callback<Action>) -> Html {
    match node {
        Node::Group { name, inside } => html! {
            <li><span class="group">{ name }</span><ul>{ for inside.iter().map(|node| item(node, send)) }</ul></li>
        },
        Node::Error { title, path, at, span, role } => {
            let (at, span) = (*at, *span);
            let press = send.reform(move |_| span.map_or(Action::Seek(Some(at)), Action::GoTo));
            html! {
                <li>
                    <button class="link bad" onclick={press}>{ title }</button>
                    <p class="who">{ format!("{} · {path}", instant(at)) }{ for role.map(|role| format!(" · {role}")) }</p>
                </li>
            }
        }
    }
}
