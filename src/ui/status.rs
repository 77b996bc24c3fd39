//! The bar at the bottom: how the run ended, how long it took, how much happened.

use yew::{AttrValue, Html, Properties, component, html};

/// What the bar shows.
#[derive(Properties, PartialEq)]
pub struct Props {
    /// How the run ended, in a word.
    pub outcome: AttrValue,
    /// How long it took.
    pub elapsed: AttrValue,
    /// How many events it has.
    pub events: usize,
    /// Which clock, and which seed.
    pub how: AttrValue,
    /// What is wrong with the text, if anything.
    pub trouble: AttrValue,
}

/// The bar at the bottom.
#[component]
pub fn StatusBar(Props { outcome, elapsed, events, how, trouble }: &Props) -> Html {
    let events = match events {
        1 => "1 event".to_string(),
        many => format!("{} events", grouped(*many)),
    };
    html! {
        <footer class="status">
            <span class={yew::classes!("outcome", outcome.to_string())} data-outcome={outcome}>{ outcome }</span>
            <span data-elapsed="">{ elapsed }</span>
            <span data-events="">{ events }</span>
            <span class="detail">{ how }</span>
            <span class="trouble">{ trouble }</span>
            <span class="grow" />
            <span class="detail">{ concat!("engine ", env!("CARGO_PKG_VERSION")) }</span>
        </footer>
    }
}

/// A number with its thousands apart.
fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push('\u{202f}');
        }
        out.push(digit);
    }
    out
}
