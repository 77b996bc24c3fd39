//! The page's few icons, drawn on a grid of 16.

use yew::{Html, html};

/// What an icon shows.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Icon {
    /// A triangle.
    Play,
    /// A square.
    Stop,
    /// An arrow out of a tray.
    Share,
    /// An arrow into a tray.
    Export,
    /// A half-filled circle.
    Theme,
    /// A sun.
    Light,
    /// A moon.
    Dark,
    /// A question mark.
    Help,
    /// Opens downwards.
    Chevron,
    /// The next one.
    Next,
    /// A cross.
    Close,
    /// An eye.
    Look,
    /// Two sheets.
    Copy,
    /// An arrow out of a window.
    Open,
    /// An arrow back.
    Reset,
    /// Angle brackets.
    Code,
}

/// An icon of 16 pixels in the colour of the text around it; a name beside it must say what it means.
pub fn icon(which: Icon) -> Html {
    let (fill, path) = match which {
        Icon::Play => (
            "currentColor",
            "M4.5 2.8v10.4a.5.5 0 0 0 .76.43l8.4-5.2a.5.5 0 0 0 0-.86l-8.4-5.2a.5.5 0 0 0-.76.43Z",
        ),
        Icon::Stop => ("currentColor", "M4 4h8v8H4Z"),
        Icon::Share => ("none", "M8 10V2.5M5 5l3-2.8L11 5M3 8.5v5h10v-5"),
        Icon::Export => ("none", "M8 2v7.5M5 6.8 8 9.6l3-2.8M3 8.5v5h10v-5"),
        Icon::Theme => ("none", "M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2ZM8 2v12M8 5l4.6-1M8 8.2h6M8 11.4l4.2.9"),
        Icon::Light => (
            "none",
            "M8 5a3 3 0 1 0 0 6 3 3 0 0 0 0-6ZM8 1v1.6M8 13.4V15M1 8h1.6M13.4 8H15M3 3l1.2 1.2M11.8 11.8 13 13M3 13l1.2-1.2M11.8 4.2 13 3",
        ),
        Icon::Dark => ("none", "M13.5 9.6A5.8 5.8 0 0 1 6.4 2.5a5.8 5.8 0 1 0 7.1 7.1Z"),
        Icon::Help => ("none", "M5.8 6a2.2 2.2 0 1 1 3.3 1.9c-.7.4-1.1.9-1.1 1.7M8 12v.6"),
        Icon::Chevron => ("none", "m4.5 6.5 3.5 3 3.5-3"),
        Icon::Next => ("none", "M3 8h9M8.5 4.5 12 8l-3.5 3.5"),
        Icon::Close => ("none", "m4 4 8 8M12 4l-8 8"),
        Icon::Look => (
            "none",
            "M1.5 8S4 3.8 8 3.8 14.5 8 14.5 8 12 12.2 8 12.2 1.5 8 1.5 8ZM8 6.3a1.7 1.7 0 1 0 0 3.4 1.7 1.7 0 0 0 0-3.4Z",
        ),
        Icon::Copy => ("none", "M5.5 5.5h8v8h-8ZM10.5 5.5v-3h-8v8h3"),
        Icon::Open => ("none", "M9 2.5h4.5V7M13 3 7.5 8.5M6.5 3.5h-4v10h10v-4"),
        Icon::Reset => ("none", "M3 3v3.5h3.5M3.2 6.3A5.5 5.5 0 1 1 2.6 9"),
        Icon::Code => ("none", "M5.5 4 2 8l3.5 4M10.5 4 14 8l-3.5 4"),
    };
    let stroke = if fill == "none" { "currentColor" } else { "none" };
    html! {
        <svg width="16" height="16" viewBox="0 0 16 16" aria-hidden="true" fill={fill} stroke={stroke}
            stroke-width="1.4" stroke-linecap="round" stroke-linejoin="round"><path d={path} /></svg>
    }
}

/// The mark of the project: lanes of a scope.
pub fn mark() -> Html {
    html! {
        <svg width="18" height="18" viewBox="0 0 16 16" aria-hidden="true">
            <path d="M3 2H1.5v12H3" fill="none" stroke="var(--ts-timer)" stroke-width="1.5" />
            <rect x="4" y="3" width="10" height="2.5" rx="1" fill="var(--ts-running)" />
            <rect x="4" y="6.75" width="6" height="2.5" rx="1" fill="var(--ts-waiting)" />
            <rect x="6" y="10.5" width="8" height="2.5" rx="1" fill="var(--ts-worker)" />
        </svg>
    }
}
