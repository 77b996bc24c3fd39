//! The run as sentences, for those who read rather than look.

use std::rc::Rc;

use yew::{Callback, Html, Properties, component, html};

use crate::app::{Action, Run, instant};
use crate::time::Time;

/// What the story shows.
#[derive(Properties)]
pub struct Props {
    /// The run.
    pub run: Rc<Run>,
    /// Where the playhead stands: what comes later has not happened there.
    pub playhead: Option<Time>,
    /// Where to say what was asked for.
    pub send: Callback<Action>,
}

impl PartialEq for Props {
    fn eq(&self, other: &Props) -> bool {
        Rc::ptr_eq(&self.run, &other.run) && self.playhead == other.playhead
    }
}

/// Sentences on the page: more would be slow to build and slower to read.
const SHOWN: usize = 400;

/// The run as sentences.
#[component]
pub fn Story(Props { run, playhead, send }: &Props) -> Html {
    let mut last = None;
    let sentences = run.story.iter().take(SHOWN).map(|sentence| {
        let (at, span) = (sentence.at, sentence.span);
        // The same instant is written once.
        let shown = if last.replace(at) == Some(at) { String::new() } else { instant(at) };
        let later = playhead.is_some_and(|playhead| at > playhead);
        let press = send.reform(move |_| span.map_or(Action::Seek(Some(at)), Action::GoTo));
        html! {
            <li>
                <button class={yew::classes!("line", later.then_some("later"))} onclick={press}>
                    <span class="at">{ shown }</span><span class="what">{ &sentence.text }</span>
                </button>
            </li>
        }
    });
    let rest = run.story.len().saturating_sub(SHOWN);
    html! {
        <>
            <ol class="lines" data-story="">{ for sentences }</ol>
            if rest > 0 {
                <p class="more">{ format!("and {rest} more sentences") }</p>
            }
        </>
    }
}
