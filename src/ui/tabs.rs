//! The panels under the timeline: inspector, log, errors, story.

use std::rc::Rc;

use yew::{Callback, Html, Properties, component, html};

use crate::app::{Action, Hit, Run, settings::Tab};
use crate::time::Time;

use super::errors::Errors;
use super::inspector::Inspector;
use super::log::Log;
use super::story::Story;
use super::tab_keys;

/// What the panels show.
#[derive(Properties)]
pub struct Props {
    /// Which one is open.
    pub tab: Tab,
    /// The run.
    pub run: Option<Rc<Run>>,
    /// Whether the run is of an earlier text.
    pub stale: bool,
    /// What is selected.
    pub selected: Option<Hit>,
    /// Where the playhead stands.
    pub playhead: Option<Time>,
    /// Where to say what was asked for.
    pub send: Callback<Action>,
}

impl PartialEq for Props {
    fn eq(&self, other: &Props) -> bool {
        let run = |props: &Props| props.run.as_ref().map(Rc::as_ptr);
        (self.tab, run(self), self.stale, self.selected, self.playhead)
            == (other.tab, run(other), other.stale, other.selected, other.playhead)
    }
}

/// The panels under the timeline.
#[component]
pub fn Tabs(Props { tab, run, stale, selected, playhead, send }: &Props) -> Html {
    let counts = run.as_ref().map(|run| (run.log.len(), run.errors.count()));
    let (logs, errors) = counts.unwrap_or_default();
    let head = |which: Tab, label: &'static str, count: usize, bad: bool| {
        let shown = (count > 0)
            .then(|| html! { <span class={yew::classes!("count", bad.then_some("bad"))}>{ count }</span> });
        html! {
            <button role="tab" id={format!("tab-{label}")} aria-selected={(which == *tab).to_string()} data-tab={label}
                tabindex={tab_keys::stop(which == *tab)} onclick={send.reform(move |_| Action::Tab(which))}>{ label }{ for shown }</button>
        }
    };
    let panel = match (tab, run) {
        (_, None) => html! { <div class="empty">{ "Nothing has run yet." }</div> },
        (Tab::Inspector, Some(run)) => {
            html! { <Inspector run={run.clone()} selected={*selected} send={send.clone()} /> }
        }
        (Tab::Log, Some(run)) => html! { <Log run={run.clone()} playhead={*playhead} send={send.clone()} /> },
        (Tab::Errors, Some(run)) => html! { <Errors run={run.clone()} send={send.clone()} /> },
        (Tab::Story, Some(run)) => {
            html! { <Story run={run.clone()} playhead={*playhead} send={send.clone()} /> }
        }
    };
    html! {
        <section class="pane below">
            <div class="tabs" role="tablist" aria-label="About the run" onkeydown={tab_keys::move_focus}>
                { head(Tab::Inspector, "Inspector", 0, false) }
                { head(Tab::Log, "Log", logs, false) }
                { head(Tab::Errors, "Errors", errors, true) }
                { head(Tab::Story, "Story", 0, false) }
            </div>
            <div class={yew::classes!("panel", stale.then_some("stale"))} role="tabpanel" tabindex="0"
                aria-labelledby={format!("tab-{tab:?}")}>{ panel }</div>
        </section>
    }
}
