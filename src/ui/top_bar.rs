//! The bar at the top: name, scenario, clock, run, seed, link, theme.

use web_sys::{HtmlInputElement, InputEvent};
use yew::{AttrValue, Callback, Html, Properties, TargetCast, component, html};

use crate::app::{Action, commands::Command, settings::Theme};

use super::icon::{Icon, icon, mark};
use super::press::hint;

/// What the bar shows.
#[derive(Properties, PartialEq)]
pub struct Props {
    /// What the scenario is called.
    pub title: AttrValue,
    /// What the run controls show.
    pub controls: Controls,
    /// The theme that was chosen.
    pub theme: Theme,
    /// Where to say what was asked for.
    pub send: Callback<Action>,
}

/// What the run controls show.
#[derive(Clone, PartialEq)]
pub struct Controls {
    /// Whether the switch stands on live.
    pub live: bool,
    /// Whether a live run is going on.
    pub running: bool,
    /// The seed field as it was typed.
    pub seed: AttrValue,
    /// Whether that is no seed.
    pub seed_is_wrong: bool,
    /// The seed in use.
    pub seed_in_use: AttrValue,
}

/// The bar at the top.
#[component]
pub fn TopBar(Props { title, controls, theme, send }: &Props) -> Html {
    let perform = |command| send.reform(move |_| Action::Do(command));
    let (theme_icon, theme_name) = match theme {
        Theme::Auto => (Icon::Theme, "Theme: as the system"),
        Theme::Light => (Icon::Light, "Theme: light"),
        Theme::Dark => (Icon::Dark, "Theme: dark"),
    };
    html! {
        <header class="bar">
            <h1 class="brand">{ mark() }{ "Taskscope" }</h1>
            <span class="bar-rule" />
            <button class="button title" onclick={perform(Command::Gallery)} title={hint(Command::Gallery)}>
                <span>{ title }</span>{ icon(Icon::Chevron) }
            </button>
            <span class="grow" />
            <div class="wide controls"><RunControls controls={controls.clone()} send={send.clone()} /></div>
            <button class="button" onclick={perform(Command::Share)} title={hint(Command::Share)}>
                { icon(Icon::Share) }<span class="roomy">{ "Share" }</span><span class="unseen">{ "Share" }</span>
            </button>
            <button class="button" onclick={perform(Command::Export)} title={hint(Command::Export)}>
                { icon(Icon::Export) }<span class="roomy">{ "Export" }</span><span class="unseen">{ "Export" }</span>
            </button>
            <button class="button square" onclick={perform(Command::Theme)} title={theme_name} aria-label={theme_name}>
                { icon(theme_icon) }
            </button>
            <button class="button square wide" onclick={perform(Command::Keys)} title={hint(Command::Keys)}
                aria-label="Show all keys">{ icon(Icon::Help) }</button>
        </header>
    }
}

/// What the run controls need.
#[derive(Properties, PartialEq)]
pub struct ControlsProps {
    /// What they show.
    pub controls: Controls,
    /// Where to say what was asked for.
    pub send: Callback<Action>,
}

/// Clock switch, seed and run button; in the top bar, and at the bottom of a narrow page.
#[component]
pub fn RunControls(ControlsProps { controls, send }: &ControlsProps) -> Html {
    let choice = |live: bool, label: &'static str, title: &'static str| {
        html! {
            <button role="radio" aria-checked={(controls.live == live).to_string()} title={title}
                onclick={send.reform(move |_| Action::Live(live))}>{ label }</button>
        }
    };
    html! {
        <>
            <div class="switch" role="radiogroup" aria-label="Clock">
                { choice(false, "Virtual", "Time jumps to the next thing that happens; the result is there at once") }
                { choice(true, "Live", "Real timers, real requests, real workers") }
            </div>
            <SeedField controls={controls.clone()} send={send.clone()} />
            <RunButton running={controls.running} send={send.clone()} />
        </>
    }
}

/// What the run button needs.
#[derive(Properties, PartialEq)]
pub struct RunProps {
    /// Whether a live run is going on.
    pub running: bool,
    /// Where to say what was asked for.
    pub send: Callback<Action>,
}

/// Runs, or stops what runs.
#[component]
pub fn RunButton(RunProps { running, send }: &RunProps) -> Html {
    let (command, class, label, shown) = match running {
        true => (Command::Stop, "button stop", "Stop", Icon::Stop),
        false => (Command::Run, "button primary", "Run", Icon::Play),
    };
    html! {
        <button class={class} data-run="" onclick={send.reform(move |_| Action::Do(command))} title={hint(command)}>
            { icon(shown) }{ label }
        </button>
    }
}

#[component]
fn SeedField(ControlsProps { controls, send }: &ControlsProps) -> Html {
    let input = send.reform(|event: InputEvent| {
        Action::Seed(
            event.target_dyn_into::<HtmlInputElement>().map(|field| field.value()).unwrap_or_default(),
        )
    });
    html! {
        <div class={yew::classes!("seed", controls.seed_is_wrong.then_some("wrong"))}
            title="Every random choice of a run comes from its seed">
            <label>{ "seed" }<input inputmode="numeric" autocomplete="off" spellcheck="false" maxlength="20"
                value={controls.seed.clone()} placeholder={controls.seed_in_use.clone()} oninput={input}
                aria-invalid={controls.seed_is_wrong.to_string()} /></label>
            <button onclick={send.reform(|_| Action::NextSeed)} title="Use the next seed" aria-label="Use the next seed">
                { icon(Icon::Next) }
            </button>
        </div>
    }
}
