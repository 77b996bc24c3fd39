//! The scenario in the forms in which it can be taken home, on a sheet over the page.
//!
//! What writes them is not part of the page; it is loaded when the sheet is opened.

use std::rc::Rc;

use crate::pipeline::Target;

use super::action::{Effect, Focus};
use super::state::{Over, State};

/// What the sheet shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Export {
    /// The form that is open.
    pub target: Target,
    /// The scenario in all forms.
    pub texts: Texts,
}

/// The scenario in all forms, as far as they are there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Texts {
    /// They are being written.
    Coming,
    /// Why they are not to be had, in a sentence.
    Missing(String),
    /// Each in the place of its form in [`Target::ALL`].
    There(Rc<[String]>),
}

impl Export {
    /// The text of the open form, once it is there.
    pub fn text(&self) -> Option<&str> {
        let Texts::There(texts) = &self.texts else { return None };
        let at = Target::ALL.iter().position(|target| *target == self.target)?;
        texts.get(at).map(String::as_str)
    }
}

/// What a form is called on its tab.
pub fn label(target: Target) -> &'static str {
    match target {
        Target::Python => "Python",
        Target::Rust => "Rust",
        Target::Mermaid => "Mermaid",
    }
}

/// The name of a file with the scenario: `order-dashboard.py`.
pub fn file_name(title: &str, target: Target) -> String {
    let words = title.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty());
    let name = words.map(str::to_lowercase).collect::<Vec<_>>().join("-");
    let name = if name.is_empty() { "scenario" } else { &name };
    format!("{name}.{}", target.extension())
}

/// Opens the sheet, or closes it.
pub(super) fn toggle(state: &mut State) -> Vec<Effect> {
    if matches!(state.over, Over::Export(_)) {
        state.over = Over::Nothing;
        return vec![Effect::Focus(Focus::Timeline)];
    }
    let broken = "The text has errors; it can be taken home once they are gone.";
    let texts = if state.broken() { Texts::Missing(broken.to_owned()) } else { Texts::Coming };
    let coming = texts == Texts::Coming;
    state.over = Over::Export(Export { target: state.export_target, texts });
    let mut effects = vec![Effect::Focus(Focus::Field)];
    effects.extend(coming.then(|| Effect::Export(state.text.clone(), state.seed())));
    effects
}

/// Shows another form.
pub(super) fn show(state: &mut State, target: Target) {
    state.export_target = target;
    if let Over::Export(export) = &mut state.over {
        export.target = target;
    }
}

/// The texts have come, or why they have not.
pub(super) fn exported(state: &mut State, answer: Result<Vec<String>, String>) {
    let Over::Export(export) = &mut state.over else { return };
    export.texts = match answer {
        Ok(texts) if texts.len() == Target::ALL.len() => Texts::There(texts.into()),
        Ok(_) => Texts::Missing("Nothing could be made of the text.".to_owned()),
        Err(reason) => Texts::Missing(format!("The scenario could not be taken home: {reason}.")),
    };
}
