//! What is selected: what it is, from when to when, and why it is as it is.

use std::rc::Rc;

use yew::{Callback, Html, Properties, component, html};

use crate::app::{Action, Fact, Hit, Run, Sentence, inspect, instant, overview};

/// What the inspector shows.
#[derive(Properties)]
pub struct Props {
    /// The run.
    pub run: Rc<Run>,
    /// What is selected.
    pub selected: Option<Hit>,
    /// Where to say what was asked for.
    pub send: Callback<Action>,
}

impl PartialEq for Props {
    fn eq(&self, other: &Props) -> bool {
        Rc::ptr_eq(&self.run, &other.run) && self.selected == other.selected
    }
}

/// The inspector. With nothing selected it sums the run up.
#[component]
pub fn Inspector(Props { run, selected, send }: &Props) -> Html {
    let about = selected.and_then(|hit| inspect(run, hit)).unwrap_or_else(|| overview(run));
    html! {
        <div class="facts" data-inspector="">
            <div>
                <h2>{ &about.title }</h2>
                if !about.path.is_empty() {
                    <p class="path">{ &about.path }</p>
                }
            </div>
            if !about.facts.is_empty() {
                <dl>{ for about.facts.iter().map(|fact| row(fact, send)) }</dl>
            }
            if !about.sentences.is_empty() {
                <ol class="chain">{ for about.sentences.iter().map(|sentence| step(run, sentence, send)) }</ol>
            }
        </div>
    }
}

fn row(fact: &Fact, send: &Callback<Action>) -> Html {
    let value = match fact.span {
        Some(span) => {
            html! { <button class="link" onclick={send.reform(move |_| Action::GoTo(span))}>{ &fact.value }</button> }
        }
        None => html! { { &fact.value } },
    };
    html! { <><dt>{ fact.name }</dt><dd>{ value }</dd></> }
}

fn step(run: &Run, sentence: &Sentence, send: &Callback<Action>) -> Html {
    let (span, at) = (sentence.span, sentence.at);
    let text = sentence.with_line(span.map(|span| run.line_of(span)));
    let press = send.reform(move |_| span.map_or(Action::Seek(Some(at)), Action::GoTo));
    html! { <li><button class="link plain" title={instant(at)} onclick={press}>{ text }</button></li> }
}
