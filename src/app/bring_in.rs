//! A Python program in the editor, and the offer to make a scenario of it.

use crate::pipeline::format;

use super::action::Effect;
use super::boot::{notice, set_text};
use super::state::State;

/// How far the bringing in has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum BringIn {
    /// There is no Python to bring in.
    #[default]
    Nothing,
    /// The text is Python; the reader is asked.
    Offered,
    /// The importer is at work.
    Working,
    /// The reader said no to it, until the text is no Python any more.
    Declined,
}

/// Whether a text is Python with asyncio rather than a scenario: one line says so, and none of a scenario begins alike.
pub fn is_python(text: &str) -> bool {
    text.lines().any(|line| {
        let line = line.trim_start();
        ["async def ", "import asyncio", "from asyncio import "].iter().any(|start| line.starts_with(start))
    })
}

/// Looks at a text that has just changed.
pub(super) fn look(state: &mut State) {
    state.bring_in = match (is_python(&state.text), state.bring_in) {
        (false, _) => BringIn::Nothing,
        (true, BringIn::Declined) => BringIn::Declined,
        (true, _) if state.embed => BringIn::Declined,
        (true, _) => BringIn::Offered,
    };
}

/// The reader's answer.
pub(super) fn answer(state: &mut State, yes: bool) -> Vec<Effect> {
    if state.bring_in != BringIn::Offered {
        return Vec::new();
    }
    state.bring_in = if yes { BringIn::Working } else { BringIn::Declined };
    if yes { vec![Effect::BringIn(state.text.clone())] } else { Vec::new() }
}

/// What became of the text; it may have changed meanwhile, and then nothing does.
pub(super) fn brought(state: &mut State, scenario: Result<String, String>) -> Vec<Effect> {
    if state.bring_in != BringIn::Working {
        return Vec::new();
    }
    state.bring_in = BringIn::Nothing;
    match scenario {
        Ok(scenario) => {
            let laid_out = format(&scenario).unwrap_or(scenario);
            set_text(state, laid_out.into());
            state.original = state.text.clone();
            state.view.fit_wanted();
            vec![Effect::Compute, Effect::Remember]
        }
        Err(reason) => {
            state.bring_in = BringIn::Declined;
            notice(state, format!("The program could not be brought in: {reason}."))
        }
    }
}
