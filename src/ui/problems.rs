//! What the checker says about the text, each with its place, its reason and its fix.

use std::rc::Rc;

use yew::{Callback, Html, Properties, component, html};

use crate::app::{Action, Problem};

/// What the list shows.
#[derive(Properties, PartialEq)]
pub struct Props {
    /// Every problem, in the order of the text.
    pub problems: Rc<[Problem]>,
    /// Where to say what was asked for.
    pub send: Callback<Action>,
}

/// Rows on the page; the editor shows the rest at their places.
const SHOWN: usize = 50;

/// The list of problems; nothing where there are none.
#[component]
pub fn Problems(Props { problems, send }: &Props) -> Html {
    if problems.is_empty() {
        return html! {};
    }
    let rest = problems.len().saturating_sub(SHOWN);
    html! {
        <div class="problems" role="list" aria-label="Problems">
            { for problems.iter().take(SHOWN).enumerate().map(|(number, problem)| row(number, problem, send)) }
            if rest > 0 {
                <p class="more">{ format!("and {rest} more") }</p>
            }
        </div>
    }
}

fn row(number: usize, problem: &Problem, send: &Callback<Action>) -> Html {
    let span = problem.span;
    let (class, sign) = if problem.is_error { ("error", "✕") } else { ("warning", "!") };
    let code = problem.code;
    let explain = send.reform(move |_| Action::Explain(code.to_owned()));
    let hints = problem.hints.iter().enumerate().map(|(at, hint)| {
        let fix = hint.fix.is_some().then(|| {
            let fix = send.reform(move |_| Action::Fix(number, at));
            html! { <>{ " " }<button class="link" onclick={fix}>{ "Fix it" }</button></> }
        });
        html! { <p class="hint">{ &hint.text }{ for fix }</p> }
    });
    html! {
        <div class={yew::classes!("problem", class)} role="listitem">
            <span class="sign" aria-label={class}>{ sign }</span>
            <button class="link what" onclick={send.reform(move |_| Action::GoTo(span))}>{ &problem.message }</button>
            <span class="where">
                <button class="link" title="What this means" onclick={explain}>{ problem.code }</button>
                { format!(" {}:{}", problem.line, problem.column) }
            </span>
            { for hints }
        </div>
    }
}
