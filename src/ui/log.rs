//! The log of a run: instant, line, task. A press goes to the line of text that logged.

use std::rc::Rc;

use yew::{Callback, Html, Properties, component, html};

use crate::app::{Action, Run, instant};
use crate::time::Time;

/// What the log shows.
#[derive(Properties)]
pub struct Props {
    /// The run.
    pub run: Rc<Run>,
    /// Where the playhead stands: later lines have not happened there.
    pub playhead: Option<Time>,
    /// Where to say what was asked for.
    pub send: Callback<Action>,
}

impl PartialEq for Props {
    /// A run is large and never changes: whether it is the same one is all that counts.
    fn eq(&self, other: &Props) -> bool {
        Rc::ptr_eq(&self.run, &other.run) && self.playhead == other.playhead
    }
}

/// Lines on the page: more would be slow to build and slower to read.
const SHOWN: usize = 500;

/// The log of a run.
#[component]
pub fn Log(Props { run, playhead, send }: &Props) -> Html {
    if run.log.is_empty() {
        return html! { <div class="empty">{ "This run logged nothing. Write " }<code>{ "log \"text\"" }</code>{ " in the scenario to see a line here." }</div> };
    }
    let lines = run.log.iter().take(SHOWN).map(|line| {
        let (at, span) = (line.at, line.span);
        let later = playhead.is_some_and(|playhead| at > playhead);
        let press = send.reform(move |_| match span {
            Some(span) => Action::GoTo(span),
            None => Action::Seek(Some(at)),
        });
        html! {
            <button class={yew::classes!("line", later.then_some("later"), line.bad.then_some("bad"))} onclick={press}>
                <span class="at">{ instant(at) }</span>
                <span><span class="what">{ &*line.text }</span><span class="who">{ &line.path }</span></span>
            </button>
        }
    });
    let rest = run.log.len().saturating_sub(SHOWN);
    html! {
        <div class="lines" data-log="">
            { for lines }
            if rest > 0 {
                <p class="more">{ format!("and {rest} more lines") }</p>
            }
        </div>
    }
}
