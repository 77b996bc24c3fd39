//! A divider between two panes: dragged by pointer, moved by arrow keys.

use wasm_bindgen::JsCast;
use web_sys::{Element, KeyboardEvent, PointerEvent};
use yew::{Callback, Html, Properties, component, html, use_state};

use crate::app::{Action, settings::Divider};

/// What a divider needs to know.
#[derive(Properties, PartialEq)]
pub struct Props {
    /// Which one.
    pub divider: Divider,
    /// Where it stands, in percent of the space that it divides.
    pub percent: f64,
    /// Where to say that it moved.
    pub send: Callback<Action>,
}

/// Percent that an arrow key moves a divider.
const KEY_STEP: f64 = 2.0;

/// A divider; its parent element is the space that it divides.
#[component]
pub fn Split(Props { divider, percent, send }: &Props) -> Html {
    let (divider, percent) = (*divider, *percent);
    let dragging = use_state(|| false);
    let pointer_down = {
        let dragging = dragging.clone();
        Callback::from(move |event: PointerEvent| {
            if let Some(handle) = handle(&event) {
                // Fails for a pointer that is already gone; then there is nothing to drag.
                dragging.set(handle.set_pointer_capture(event.pointer_id()).is_ok());
            }
            event.prevent_default();
        })
    };
    let pointer_move = {
        let (dragging, send) = (dragging.clone(), send.clone());
        Callback::from(move |event: PointerEvent| {
            if let Some(percent) =
                handle(&event).filter(|_| *dragging).and_then(|at| share(&at, &event, divider))
            {
                send.emit(Action::Divide(divider, percent));
            }
        })
    };
    let pointer_up = {
        let (dragging, send) = (dragging.clone(), send.clone());
        Callback::from(move |_: PointerEvent| {
            if *dragging {
                dragging.set(false);
                send.emit(Action::Divided);
            }
        })
    };
    let key_down = {
        let send = send.clone();
        Callback::from(move |event: KeyboardEvent| {
            let towards = match (divider, event.key().as_str()) {
                (Divider::Editor, "ArrowRight") | (Divider::Tabs, "ArrowUp") => KEY_STEP,
                (Divider::Editor, "ArrowLeft") | (Divider::Tabs, "ArrowDown") => -KEY_STEP,
                _ => return,
            };
            event.prevent_default();
            send.emit(Action::Divide(divider, percent + towards));
            send.emit(Action::Divided);
        })
    };
    let (class, direction, label) = match divider {
        Divider::Editor => ("split-x", "vertical", "Width of the editor"),
        Divider::Tabs => ("split-y", "horizontal", "Height of the panels under the timeline"),
    };
    html! {
        <div class={yew::classes!("split", class, (*dragging).then_some("dragging"))} role="separator" tabindex="0"
            aria-orientation={direction} aria-label={label} aria-valuenow={format!("{percent:.0}")}
            onpointerdown={pointer_down} onpointermove={pointer_move} onpointerup={pointer_up.clone()}
            onpointercancel={pointer_up} onkeydown={key_down} />
    }
}

/// The divider that a pointer moves. The event's own current target is the root of the page, where yew listens.
fn handle(event: &PointerEvent) -> Option<Element> {
    event.target()?.dyn_into().ok()
}

/// The pointer's place in the divided space, in percent.
fn share(handle: &Element, event: &PointerEvent, divider: Divider) -> Option<f64> {
    let space = handle.parent_element()?.get_bounding_client_rect();
    Some(match divider {
        Divider::Editor => (f64::from(event.client_x()) - space.left()) / space.width() * 100.0,
        Divider::Tabs => (space.bottom() - f64::from(event.client_y())) / space.height() * 100.0,
    })
}
