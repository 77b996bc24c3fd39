//! The tabs over the editor, and in the editor's place the program that one writes by hand in Rust or Python.

use yew::{Callback, Html, Properties, component, html};

use crate::app::{Action, ByHand, Language};

use super::tab_keys;

/// What the tabs show.
#[derive(Properties, PartialEq)]
pub struct TabsProps {
    /// The language that is shown.
    pub language: Language,
    /// Where to say what was asked for.
    pub send: Callback<Action>,
}

/// Scenario, Rust, Python.
#[component]
pub fn LanguageTabs(TabsProps { language, send }: &TabsProps) -> Html {
    let tab = |of: Language| {
        html! {
            <button role="tab" aria-selected={(of == *language).to_string()} data-language={of.label()}
                tabindex={tab_keys::stop(of == *language)} onclick={send.reform(move |_| Action::Read(of))}>{ of.label() }</button>
        }
    };
    html! {
        <div class="tabs languages" role="tablist" aria-label="The same program in other languages"
            onkeydown={tab_keys::move_focus}>
            { for Language::ALL.into_iter().map(tab) }
        </div>
    }
}

/// What the program's place shows.
#[derive(Properties, PartialEq)]
pub struct ProgramProps {
    /// The language that was asked for.
    pub language: Language,
    /// The program, once it is there.
    pub program: Option<ByHand>,
}

/// A program to be read, not changed.
#[component]
pub fn Program(ProgramProps { language, program }: &ProgramProps) -> Html {
    let label = format!("The scenario in {}", language.label());
    let body = match program.as_ref().map(|it| &it.text) {
        None => html! { <div class="empty">{ "Loading the program…" }</div> },
        Some(Err(reason)) => html! {
            <div class="empty" role="alert"><h3>{ "The program could not be loaded" }</h3><p>{ reason }</p></div>
        },
        Some(Ok(text)) => numbered(text),
    };
    html! { <div class="by-hand" role="tabpanel" tabindex="0" aria-label={label}>{ body }</div> }
}

/// A text with its lines numbered.
pub fn numbered(text: &str) -> Html {
    let numbers: String = (1..=text.lines().count()).map(|line| format!("{line}\n")).collect();
    html! {
        <div class="static-code">
            <div class="numbers" aria-hidden="true">{ numbers }</div>
            <div class="code-stack"><pre>{ text.to_string() }</pre></div>
        </div>
    }
}
