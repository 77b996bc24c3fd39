//! The tokens of look: colours for light and dark, type sizes, spaces.

use crate::timeline::Class;

/// A colour that covers what is below it, unless `alpha` says otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Color {
    /// Red.
    pub red: u8,
    /// Green.
    pub green: u8,
    /// Blue.
    pub blue: u8,
    /// 255 covers all.
    pub alpha: u8,
}

impl Color {
    /// `0xrrggbb`, covering.
    pub const fn rgb(hex: u32) -> Color {
        Color { red: (hex >> 16) as u8, green: (hex >> 8) as u8, blue: hex as u8, alpha: 255 }
    }

    /// The same, letting through what is below.
    pub const fn with_alpha(self, alpha: u8) -> Color {
        Color { alpha, ..self }
    }

    /// This colour over another that covers.
    pub fn over(self, below: Color) -> Color {
        let part = f64::from(self.alpha) / 255.0;
        let mix = |a: u8, b: u8| (f64::from(a) * part + f64::from(b) * (1.0 - part)).round() as u8;
        Color {
            red: mix(self.red, below.red),
            green: mix(self.green, below.green),
            blue: mix(self.blue, below.blue),
            alpha: 255,
        }
    }

    /// As CSS writes it: `#2f6fde`, or `#2f6fde80` with alpha.
    pub fn css(self) -> String {
        let Color { red, green, blue, alpha } = self;
        match alpha {
            255 => format!("#{red:02x}{green:02x}{blue:02x}"),
            _ => format!("#{red:02x}{green:02x}{blue:02x}{alpha:02x}"),
        }
    }

    /// How much lighter one is than the other, from 1 to 21, as WCAG 2 counts.
    pub fn contrast(self, other: Color) -> f64 {
        let (a, b) = (self.luminance(), other.luminance());
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    fn luminance(self) -> f64 {
        let linear = |byte: u8| {
            let part = f64::from(byte) / 255.0;
            if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * linear(self.red) + 0.7152 * linear(self.green) + 0.0722 * linear(self.blue)
    }
}

macro_rules! inks {
    ($($(#[$doc:meta])* $name:ident $css:literal $light:expr, $dark:expr;)*) => {
        /// What a colour is for. A scene speaks of inks; the theme turns them into colours when it is painted.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u8)]
        pub enum Ink {
            $($(#[$doc])* $name,)*
        }

        impl Ink {
            /// Every ink.
            pub const ALL: &[Ink] = &[$(Ink::$name,)*];

            /// Its name as a CSS property, without the leading dashes.
            pub fn css_name(self) -> &'static str {
                match self {
                    $(Ink::$name => $css,)*
                }
            }
        }

        const LIGHT: &[Color] = &[$($light,)*];
        const DARK: &[Color] = &[$($dark,)*];
    };
}

const fn rgb(hex: u32) -> Color {
    Color::rgb(hex)
}

inks! {
    /// Behind the lanes.
    Ground "ground" rgb(0xffffff), rgb(0x14171c);
    /// Behind the gutter, the ruler and the minimap.
    Panel "panel" rgb(0xf6f7f9), rgb(0x1a1e24);
    /// Every other lane's ground would be noise; the lane under the pointer gets this.
    Hover "hover" rgb(0x2f6fde).with_alpha(0x12), rgb(0x6ea0ff).with_alpha(0x18);
    /// The ground of the selected lane.
    Selected "selected" rgb(0x2f6fde).with_alpha(0x1f), rgb(0x6ea0ff).with_alpha(0x2a);
    /// Hairlines between parts of the page.
    Border "border" rgb(0xd5dae1), rgb(0x2e343d);
    /// Hairlines of the ruler through the lanes.
    Grid "grid" rgb(0xe9ecf0), rgb(0x21262d);
    /// The tree's guides.
    Guide "guide" rgb(0xc3cad3), rgb(0x3a424d);
    /// Text to read.
    Text "text" rgb(0x1b2129), rgb(0xe4e8ee);
    /// Text beside it: units, counts, names of scopes.
    Quiet "quiet" rgb(0x586270), rgb(0x9aa4b2);
    /// The one accent: playhead, selection, focus.
    Accent "accent" rgb(0x2f6fde), rgb(0x6ea0ff);
    /// Text on the accent and on a running bar.
    OnAccent "on-accent" rgb(0xffffff), rgb(0x0e1116);
    /// Running on the loop.
    Running "running" rgb(0x2f6fde), rgb(0x6ea0ff);
    /// Waiting on a timer. A touch darker in the light than look.md's #8b97a8, which stands at 2.96:1 on white.
    Timer "timer" rgb(0x8894a5), rgb(0x7c8899);
    /// Inside a bar that waits on a timer.
    TimerTint "timer-tint" rgb(0xf1f3f6), rgb(0x1f242b);
    /// Below the line that says how much of a resource is in use.
    Used "used" rgb(0xdfe4ea), rgb(0x2d343e);
    /// Waiting on a limiter, lock, queue, event.
    Resource "resource" rgb(0xb7791f), rgb(0xe0a84a);
    /// Between the dots of such a bar.
    ResourceTint "resource-tint" rgb(0xfbf1dd), rgb(0x33291a);
    /// A request in flight.
    Fetch "fetch" rgb(0x0f8f84), rgb(0x3fc4b8);
    /// Inside a bar of a request.
    FetchTint "fetch-tint" rgb(0xd3efec), rgb(0x173a38);
    /// On a worker.
    Worker "worker" rgb(0x7a55c7), rgb(0xa98bf0);
    /// Text on a worker's bar.
    OnWorker "on-worker" rgb(0xffffff), rgb(0x0e1116);
    /// Cleaning up.
    Cleaning "cleaning" rgb(0x6b7280), rgb(0x9aa3b2);
    /// Between the stripes of a cleanup.
    CleaningTint "cleaning-tint" rgb(0xeceef1), rgb(0x262b33);
    /// A good end.
    Done "done" rgb(0x3f7d54), rgb(0x74c08e);
    /// A failure.
    Failed "failed" rgb(0xc62f3b), rgb(0xff7b84);
    /// Cancelled.
    Cancelled "cancelled" rgb(0x6b7280), rgb(0x9aa3b2);
    /// The loop is held.
    Blocked "blocked" rgb(0xb45309), rgb(0xf0a030);
    /// The ground of the band across all lanes while the loop is held.
    BlockedTint "blocked-tint" rgb(0xb45309).with_alpha(0x14), rgb(0xf0a030).with_alpha(0x1a);
    /// Inside a scope's bracket.
    ScopeTint "scope-tint" rgb(0x3b4a60).with_alpha(0x08), rgb(0xb9c7dc).with_alpha(0x09);
    /// A scope's bracket.
    Scope "scope" rgb(0x8a95a5), rgb(0x6f7b8b);
    /// A part of a run that is not in view, on the minimap.
    Veil "veil" rgb(0x1b2129).with_alpha(0x12), rgb(0x000000).with_alpha(0x66);
}

/// The colours of one appearance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Theme {
    /// Whether it is the dark one.
    pub dark: bool,
}

impl Theme {
    /// For a light page.
    pub fn light() -> Theme {
        Theme { dark: false }
    }

    /// For a dark page.
    pub fn dark() -> Theme {
        Theme { dark: true }
    }

    /// The colour of an ink.
    pub fn color(self, ink: Ink) -> Color {
        let table = if self.dark { DARK } else { LIGHT };
        table.get(ink as usize).copied().unwrap_or(Color::rgb(0))
    }

    /// The tokens as CSS properties, `--taskscope-running: #2f6fde;` and so on, so that a page has the same.
    pub fn css_properties(self) -> String {
        let line = |ink: &Ink| format!("--taskscope-{}: {};", ink.css_name(), self.color(*ink).css());
        Ink::ALL.iter().map(line).collect::<Vec<_>>().join("\n")
    }
}

/// Sizes of type, in CSS pixels.
pub mod size {
    /// Inside of bars, on the ruler, in a dense gutter.
    pub const SMALL: f64 = 12.0;
    /// Names.
    pub const BASE: f64 = 13.0;
}

/// The family for words.
pub const SANS: &str = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif";

/// The main ink of a class of bars.
pub fn class_ink(class: Class) -> Ink {
    match class {
        Class::Tasks | Class::Timer => Ink::Timer,
        Class::Resource => Ink::Resource,
        Class::Fetch => Ink::Fetch,
        Class::Worker => Ink::Worker,
        Class::Cleaning => Ink::Cleaning,
        Class::Running => Ink::Running,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is drawn on what, and how much it must stand out: 4.5 for text, 3 for graphics.
    const PAIRS: &[(Ink, Ink, f64)] = &[
        (Ink::Text, Ink::Ground, 4.5),
        (Ink::Text, Ink::Panel, 4.5),
        (Ink::Quiet, Ink::Ground, 4.5),
        (Ink::Quiet, Ink::Panel, 4.5),
        (Ink::Quiet, Ink::TimerTint, 4.5),
        (Ink::Text, Ink::TimerTint, 4.5),
        (Ink::Text, Ink::ResourceTint, 4.5),
        (Ink::Text, Ink::FetchTint, 4.5),
        (Ink::Text, Ink::CleaningTint, 4.5),
        (Ink::OnAccent, Ink::Running, 4.5),
        (Ink::OnAccent, Ink::Accent, 4.5),
        (Ink::OnWorker, Ink::Worker, 4.5),
        (Ink::Failed, Ink::Ground, 4.5),
        (Ink::Failed, Ink::Panel, 4.5),
        (Ink::Running, Ink::Ground, 3.0),
        (Ink::Timer, Ink::Ground, 3.0),
        (Ink::Resource, Ink::Ground, 3.0),
        (Ink::Fetch, Ink::Ground, 3.0),
        (Ink::Worker, Ink::Ground, 3.0),
        (Ink::Cleaning, Ink::Ground, 3.0),
        (Ink::Done, Ink::Ground, 3.0),
        (Ink::Cancelled, Ink::Ground, 3.0),
        (Ink::Blocked, Ink::Ground, 3.0),
        (Ink::Scope, Ink::Ground, 3.0),
        (Ink::Accent, Ink::Ground, 3.0),
        (Ink::Resource, Ink::ResourceTint, 3.0),
        (Ink::Fetch, Ink::FetchTint, 3.0),
        (Ink::Cleaning, Ink::CleaningTint, 3.0),
    ];

    #[test]
    fn everything_stands_out() {
        let mut faint = Vec::new();
        for theme in [Theme::light(), Theme::dark()] {
            // A bracket's tint and a hovered lane lie between the ground and what is drawn on it.
            for tint in [None, Some(Ink::ScopeTint), Some(Ink::Hover)] {
                for &(above, below, least) in PAIRS {
                    let mut ground = theme.color(below);
                    if let Some(tint) = tint.filter(|_| below == Ink::Ground) {
                        ground = theme.color(tint).over(ground);
                    }
                    let found = theme.color(above).contrast(ground);
                    let least = if tint.is_some() { least * 0.9 } else { least };
                    if found < least {
                        faint
                            .push(format!("{above:?} on {below:?} {tint:?} dark {}: {found:.2}", theme.dark));
                    }
                }
            }
        }
        assert_eq!(faint, Vec::<String>::new());
    }

    #[test]
    fn contrast_counts_as_wcag_does() {
        assert_eq!(Color::rgb(0).contrast(Color::rgb(0xffffff)), 21.0);
        let grey = Color::rgb(0x767676).contrast(Color::rgb(0xffffff));
        assert!((grey - 4.54).abs() < 0.01, "{grey}");
    }

    #[test]
    fn a_theme_has_a_colour_for_each_ink() {
        assert_eq!((LIGHT.len(), DARK.len()), (Ink::ALL.len(), Ink::ALL.len()));
        assert!(Theme::dark().css_properties().contains("--taskscope-running: #6ea0ff;"));
    }
}
