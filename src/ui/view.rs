//! How the panes stand on the page, wide and narrow, and in an embed.

use yew::{Callback, Html, html};

use crate::app::settings::{Divider, NarrowView};
use crate::app::{Action, BringIn, Language, Over, State, gallery, length};

use super::by_hand::{LanguageTabs, Program};
use super::editor::Editor;
use super::explanation::ExplanationSheet;
use super::export::ExportSheet;
use super::gallery::Gallery;
use super::icon::{Icon, icon};
use super::key_sheet::KeySheet;
use super::palette::Palette;
use super::problems::Problems;
use super::split::Split;
use super::status::StatusBar;
use super::tab_keys;
use super::tabs::Tabs;
use super::timeline::Timeline;
use super::toast::{AskBringIn, AskFetch, Toast};
use super::top_bar::{Controls, RunControls, TopBar};

/// The whole playground.
pub fn playground(state: &State, send: &Callback<Action>) -> Html {
    let narrow = match state.narrow {
        NarrowView::Code => "code",
        NarrowView::Timeline => "timeline",
        NarrowView::Story => "story",
    };
    let sizes = format!("--split-x: {}%; --split-y: {}%", state.sizes.editor, state.sizes.tabs);
    html! {
        <div class="app" data-view={narrow} style={sizes}>
            <TopBar title={state.title().to_string()} controls={controls(state)} theme={state.theme} send={send.clone()} />
            { narrow_tabs(state.narrow, send) }
            <main class="work">
                { editor_pane(state, send) }
                <Split divider={Divider::Editor} percent={state.sizes.editor} send={send.clone()} />
                <div class="right">
                    { timeline(state, send) }
                    <Split divider={Divider::Tabs} percent={state.sizes.tabs} send={send.clone()} />
                    { tabs(state, send) }
                </div>
            </main>
            { status(state) }
            <div class="run-bar"><RunControls controls={controls(state)} send={send.clone()} /></div>
            { over(state, send) }
            { notices(state, send) }
        </div>
    }
}

/// A scenario inside another page: the timeline first, the code on demand.
pub fn embed(state: &State, send: &Callback<Action>) -> Html {
    let code = if state.shows_code { "Hide the code" } else { "Show the code" };
    let shows = state.shows_code;
    let act = |action: fn() -> Action| send.reform(move |_| action());
    let controls = controls(state);
    html! {
        <div class={yew::classes!("embed", shows.then_some("with-code"))}>
            <header class="bar">
                <h1 class="button title">{ state.title() }</h1>
                <span class="grow" />
                <button class="button" aria-pressed={shows.to_string()} title={code} aria-label={code}
                    onclick={send.reform(move |_| Action::ShowCode(!shows))}>{ icon(Icon::Code) }</button>
                <button class="button" onclick={act(|| Action::Reset)}>{ icon(Icon::Reset) }{ "Reset" }</button>
                <button class="button" onclick={act(|| Action::OpenPlayground)}>{ icon(Icon::Open) }{ "Open" }</button>
                <super::top_bar::RunButton running={controls.running} send={send.clone()} />
            </header>
            <main class="embed-body">
                { timeline(state, send) }
                if shows {
                    { editor_pane(state, send) }
                }
            </main>
            { status(state) }
            { over(state, send) }
            { notices(state, send) }
        </div>
    }
}

fn controls(state: &State) -> Controls {
    let in_use = state.run.as_ref().map(|run| run.trace.header.seed.to_string());
    Controls {
        live: state.live,
        running: state.live_run.is_some(),
        seed: state.seed_text.clone().into(),
        seed_is_wrong: state.seed_is_wrong(),
        seed_in_use: in_use.unwrap_or_default().into(),
    }
}

fn narrow_tabs(current: NarrowView, send: &Callback<Action>) -> Html {
    let tab = |view: NarrowView, label: &'static str| {
        html! {
            <button role="tab" aria-selected={(view == current).to_string()} tabindex={tab_keys::stop(view == current)}
                onclick={send.reform(move |_| Action::Narrow(view))}>{ label }</button>
        }
    };
    html! {
        <div class="tabs narrow-tabs" role="tablist" aria-label="Parts of the page"
            onkeydown={tab_keys::move_focus}>
            { tab(NarrowView::Code, "Code") }
            { tab(NarrowView::Timeline, "Timeline") }
            { tab(NarrowView::Story, "Story") }
        </div>
    }
}

fn editor_pane(state: &State, send: &Callback<Action>) -> Html {
    let look = gallery::header(&state.text, "look");
    html! {
        <section class="pane editor" aria-label="Scenario" data-language={state.language.label()}>
            if state.example.is_some() && !state.embed {
                <LanguageTabs language={state.language} send={send.clone()} />
            }
            if state.language != Language::Scenario {
                <Program language={state.language} program={state.by_hand().cloned()} />
            }
            <Editor text={state.text.clone()} units={state.units.clone()} words={state.words.clone()} pauses={state.pauses.clone()}
                problems={state.problems.clone()} lit={state.lit()} goto={state.goto} dark={state.is_dark()}
                send={send.clone()} />
            <Problems problems={state.problems.clone()} send={send.clone()} />
            if !look.is_empty() && !state.broken() {
                <p class="look" title="What to look at">{ icon(Icon::Look) }<span>{ look }</span></p>
            }
            if let Over::Gallery(query) = &state.over {
                <Gallery query={query.clone()} current={state.example} dark={state.is_dark()} send={send.clone()} />
            }
        </section>
    }
}

fn timeline(state: &State, send: &Callback<Action>) -> Html {
    html! { <Timeline picture={state.picture()} send={send.clone()} /> }
}

fn tabs(state: &State, send: &Callback<Action>) -> Html {
    html! {
        <Tabs tab={state.tab} run={state.run.clone()} stale={state.stale} selected={state.selected}
            playhead={state.playhead} send={send.clone()} />
    }
}

fn status(state: &State) -> Html {
    let outcome = match (&state.run, state.live_run) {
        _ if state.broken() => "broken",
        (_, Some(_)) => "running",
        (Some(run), None) => run.outcome_word(),
        (None, None) => "",
    };
    let elapsed = state.run.as_ref().map(|run| length(run.end().as_us())).unwrap_or_default();
    let how = match &state.run {
        Some(run) => {
            format!("{} time, seed {}", if run.is_live() { "live" } else { "virtual" }, run.trace.header.seed)
        }
        None => String::new(),
    };
    let trouble = match state.problem_counts() {
        (0, 0) => String::new(),
        (errors, 0) => counted(errors, "error"),
        (0, warnings) => counted(warnings, "warning"),
        (errors, warnings) => format!("{}, {}", counted(errors, "error"), counted(warnings, "warning")),
    };
    let events = state.run.as_ref().map_or(0, |run| run.trace.events.len());
    html! { <StatusBar outcome={outcome} elapsed={elapsed} events={events} how={how} trouble={trouble} /> }
}

fn counted(number: usize, what: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {what}{plural}")
}

fn over(state: &State, send: &Callback<Action>) -> Html {
    match &state.over {
        Over::Palette { query, row } => {
            html! { <Palette query={query.clone()} row={*row} send={send.clone()} /> }
        }
        Over::Keys => html! { <KeySheet send={send.clone()} /> },
        Over::Explanation { code, page } => {
            html! { <ExplanationSheet code={code.clone()} page={page.clone()} send={send.clone()} /> }
        }
        Over::Export(export) => {
            html! { <ExportSheet export={export.clone()} title={state.title().to_string()} send={send.clone()} /> }
        }
        Over::Gallery(_) | Over::Nothing => html! {},
    }
}

fn notices(state: &State, send: &Callback<Action>) -> Html {
    if state.asks_fetch {
        return html! { <AskFetch send={send.clone()} /> };
    }
    if matches!(state.bring_in, BringIn::Offered | BringIn::Working) {
        return html! { <AskBringIn working={state.bring_in == BringIn::Working} send={send.clone()} /> };
    }
    match &state.notice {
        Some(notice) => {
            html! { <Toast number={notice.number} text={notice.text.clone()} send={send.clone()} /> }
        }
        None => html! {},
    }
}
