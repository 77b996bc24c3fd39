//! An entry of the gallery in other languages: the same program, as one writes it by hand.
//!
//! The texts are not part of the page; one is fetched when it is asked for.

use std::rc::Rc;

use super::action::Effect;
use super::state::State;

/// A language in which an entry can be read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    /// The scenario itself, which runs.
    #[default]
    Scenario,
    /// Rust, with this library.
    Rust,
    /// Python's asyncio.
    Python,
}

impl Language {
    /// All of them, in the order in which they are offered.
    pub const ALL: [Language; 3] = [Language::Scenario, Language::Rust, Language::Python];

    /// What it is called.
    pub fn label(self) -> &'static str {
        match self {
            Language::Scenario => "Scenario",
            Language::Rust => "Rust",
            Language::Python => "Python",
        }
    }

    /// Where the program of entry `id` lies beside the page. None for the scenario, which is in the page.
    pub fn address(self, id: &str) -> Option<String> {
        match self {
            Language::Scenario => None,
            Language::Rust => Some(format!("gallery/{id}.rs")),
            Language::Python => Some(format!("gallery/{id}.py")),
        }
    }
}

/// A program that was fetched, or why it could not be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ByHand {
    /// Of which entry.
    pub id: &'static str,
    /// In which language.
    pub language: Language,
    /// The program, or the reason in words.
    pub text: Result<Rc<str>, String>,
}

impl State {
    /// The program that is shown in the scenario's place, once it has been fetched.
    pub fn by_hand(&self) -> Option<&ByHand> {
        let fits = |it: &&ByHand| Some(it.id) == self.example && it.language == self.language;
        self.by_hand.as_ref().filter(fits)
    }
}

/// Shows the entry that is open in `language`; fetches it if it is not there.
pub(super) fn show(state: &mut State, language: Language) -> Vec<Effect> {
    let Some(id) = state.example else { return Vec::new() };
    state.language = language;
    let is_there = language == Language::Scenario || state.by_hand().is_some_and(|it| it.text.is_ok());
    if is_there { Vec::new() } else { vec![Effect::FetchByHand(id, language)] }
}
