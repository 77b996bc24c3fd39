//! What lies around the timeline: panes, tabs, palette, theme.

use super::action::{Action, Effect, Focus};
use super::commands;
use super::explanation::Explanation;
use super::moves;
use super::settings::{NarrowView, Tab};
use super::state::{Over, State};

/// The actions of panes, tabs and what lies over them; any other goes on to the timeline.
pub(super) fn reduce(state: &mut State, action: Action) -> Vec<Effect> {
    match action {
        Action::Theme(theme) => {
            state.theme = theme;
            return vec![Effect::Remember];
        }
        Action::SystemDark(dark) => state.system_dark = dark,
        Action::Divide(divider, percent) => state.sizes.set(divider, percent),
        Action::Divided => return vec![Effect::Remember],
        Action::Tab(tab) => state.tab = tab,
        Action::Narrow(view) => {
            state.narrow = view;
            if view == NarrowView::Story {
                state.tab = Tab::Story;
            }
        }
        Action::PaletteQuery(query) => state.over = Over::Palette { query, row: 0 },
        Action::PaletteMove(rows) => {
            if let Over::Palette { query, row } = &mut state.over {
                let last = commands::search(query).len().saturating_sub(1);
                *row = row.saturating_add_signed(rows).min(last);
            }
        }
        Action::Explain(code) => {
            state.over = Over::Explanation { code: code.clone(), page: Explanation::Coming };
            return vec![Effect::FetchPage(code), Effect::Focus(Focus::Field)];
        }
        Action::Explained { code: of, text } => {
            if let Over::Explanation { code, page } = &mut state.over
                && *code == of
            {
                *page = Explanation::of(text.as_deref());
            }
        }
        Action::GalleryQuery(query) => state.over = Over::Gallery(query),
        Action::Dismiss(number) => {
            state.notice = state.notice.take().filter(|notice| notice.number != number)
        }
        Action::ShowCode(shows) => state.shows_code = shows,
        timeline => return moves::reduce(state, timeline),
    }
    Vec::new()
}
