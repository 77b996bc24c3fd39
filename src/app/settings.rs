//! What a reader sets about the page, and how it is kept from visit to visit.
//!
//! Kept values are data like any other: they may be from another version or
//! changed by hand, so each is read on its own and falls back to its default.

/// Light, dark, or what the system says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    /// What the system says.
    #[default]
    Auto,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

/// A tab under the timeline.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tab {
    /// What is selected, and why it is as it is.
    #[default]
    Inspector,
    /// The log.
    Log,
    /// The error tree.
    Errors,
    /// The run as sentences.
    Story,
}

/// What a narrow page shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum NarrowView {
    /// The editor.
    Code,
    /// The timeline.
    #[default]
    Timeline,
    /// The tabs under it.
    Story,
}

/// Which of the two dividers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Divider {
    /// Between editor and timeline, in percent of the width.
    Editor,
    /// Between timeline and tabs, in percent of the height.
    Tabs,
}

/// Sizes of the panes, in percent.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sizes {
    /// The editor's width.
    pub editor: f64,
    /// The tabs' height.
    pub tabs: f64,
}

impl Default for Sizes {
    fn default() -> Sizes {
        Sizes { editor: 36.0, tabs: 34.0 }
    }
}

/// No pane may be dragged away altogether.
const SMALLEST: f64 = 10.0;
const LARGEST: f64 = 85.0;

impl Sizes {
    /// Moves a divider, within what leaves both sides usable.
    pub fn set(&mut self, divider: Divider, percent: f64) {
        let percent = if percent.is_finite() { percent.clamp(SMALLEST, LARGEST) } else { return };
        match divider {
            Divider::Editor => self.editor = percent,
            Divider::Tabs => self.tabs = percent,
        }
    }

    /// Where a divider stands.
    pub fn get(self, divider: Divider) -> f64 {
        match divider {
            Divider::Editor => self.editor,
            Divider::Tabs => self.tabs,
        }
    }
}

impl Theme {
    /// The next in the order auto, light, dark.
    pub fn next(self) -> Theme {
        match self {
            Theme::Auto => Theme::Light,
            Theme::Light => Theme::Dark,
            Theme::Dark => Theme::Auto,
        }
    }

    /// Whether it is dark where the system's theme is (`system_dark`).
    pub fn is_dark(self, system_dark: bool) -> bool {
        match self {
            Theme::Auto => system_dark,
            Theme::Light => false,
            Theme::Dark => true,
        }
    }

    /// Its name in addresses and in storage.
    pub fn name(self) -> &'static str {
        match self {
            Theme::Auto => "auto",
            Theme::Light => "light",
            Theme::Dark => "dark",
        }
    }

    /// The theme of this name.
    pub fn named(name: &str) -> Option<Theme> {
        [Theme::Auto, Theme::Light, Theme::Dark].into_iter().find(|theme| theme.name() == name)
    }
}

/// A value that is kept from visit to visit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Key {
    /// The text in the editor.
    Text,
    /// The theme.
    Theme,
    /// The sizes of the panes.
    Sizes,
    /// The seed field.
    Seed,
}

impl Key {
    /// All of them, to read or to forget them.
    pub const ALL: [Key; 4] = [Key::Text, Key::Theme, Key::Sizes, Key::Seed];

    /// Its name in the browser's storage.
    pub fn name(self) -> &'static str {
        match self {
            Key::Text => "taskscope.v1.text",
            Key::Theme => "taskscope.v1.theme",
            Key::Sizes => "taskscope.v1.sizes",
            Key::Seed => "taskscope.v1.seed",
        }
    }
}

impl Sizes {
    /// As it is kept.
    pub fn print(self) -> String {
        format!("{:.1} {:.1}", self.editor, self.tabs)
    }

    /// As it was kept; what cannot be read is the default.
    pub fn read(kept: &str) -> Sizes {
        let mut sizes = Sizes::default();
        let numbers = kept.split(' ').map(|number| number.parse::<f64>().ok());
        for (divider, percent) in [Divider::Editor, Divider::Tabs].into_iter().zip(numbers) {
            if let Some(percent) = percent {
                sizes.set(divider, percent);
            }
        }
        sizes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_come_back_and_stay_usable() {
        let sizes = Sizes { editor: 41.5, tabs: 20.0 };
        assert_eq!(Sizes::read(&sizes.print()), sizes);
        for garbage in ["", "x y", "NaN inf", "1e999"] {
            assert_eq!(Sizes::read(garbage), Sizes::default(), "{garbage:?}");
        }
        assert_eq!(Sizes::read("0 100"), Sizes { editor: SMALLEST, tabs: LARGEST });
        assert_eq!(Sizes::read("50"), Sizes { editor: 50.0, ..Sizes::default() });
    }

    #[test]
    fn themes_have_names_and_a_round() {
        for theme in [Theme::Auto, Theme::Light, Theme::Dark] {
            assert_eq!(Theme::named(theme.name()), Some(theme));
            assert_eq!(theme.next().next().next(), theme);
        }
        assert_eq!(Theme::named("pink"), None);
        assert!(Theme::Auto.is_dark(true) && !Theme::Light.is_dark(true) && Theme::Dark.is_dark(false));
    }
}
