//! The page's window: address, clipboard, focus, theme of the system, and what it tells the page.

use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Event, HtmlElement, KeyboardEvent, MediaQueryList, Response};
use yew::Callback;

use crate::app::{Action, Boot, Focus, commands};

use super::listener::Listener;
use super::page::Host;
use super::{press, storage};

/// What the page finds when it is opened.
pub fn look_around(embed: bool) -> Boot {
    let location = web_sys::window().map(|window| window.location());
    let part = |read: fn(&web_sys::Location) -> Result<String, wasm_bindgen::JsValue>| {
        location.as_ref().and_then(|location| read(location).ok()).unwrap_or_default()
    };
    let hash = part(web_sys::Location::hash);
    if hash == "#reset" {
        storage::forget_all();
    }
    let system_dark = dark_query().is_some_and(|query| query.matches());
    Boot { hash, query: part(web_sys::Location::search), embed, system_dark, kept: storage::read_all() }
}

fn dark_query() -> Option<MediaQueryList> {
    web_sys::window()?.match_media("(prefers-color-scheme: dark)").ok().flatten()
}

/// What the window tells the page, as actions, for as long as the listeners are kept.
/// An embed does not own the address and has no keys of its own outside the timeline.
pub fn listen(send: &Callback<Action>, host: &Host) -> Vec<Listener> {
    let embed = host.embed;
    let mut listeners = Vec::new();
    if let Some(query) = dark_query() {
        let (send, media) = (send.clone(), query.clone());
        listeners
            .push(Listener::new(&query, "change", move |_| send.emit(Action::SystemDark(media.matches()))));
    }
    let Some(window) = web_sys::window() else { return listeners };
    {
        let (send, page) = (send.clone(), window.clone());
        listeners.push(Listener::new(&window, "hashchange", move |_| {
            send.emit(Action::Follow(page.location().hash().unwrap_or_default()));
        }));
    }
    let send_keys = send.clone();
    listeners.push(Listener::new(&window, "keydown", move |event| on_key(&event, embed, &send_keys)));
    if let Some(hear) = host.hear {
        let send = send.clone();
        listeners.push(Listener::new(&window, "message", move |event| {
            if let Some(action) = event.dyn_ref().and_then(hear) {
                send.emit(action);
            }
        }));
    }
    listeners
}

fn on_key(event: &Event, embed: bool, send: &Callback<Action>) {
    let Some(event) = event.dyn_ref::<KeyboardEvent>().filter(|event| !event.default_prevented()) else {
        return;
    };
    let on_timeline = press::on_timeline(event);
    if event.is_composing() || (embed && !on_timeline) {
        return;
    }
    if let Some(command) = commands::find(&press::press(event), on_timeline, press::in_field(event)) {
        event.prevent_default();
        send.emit(Action::Do(command));
    }
}

/// Fetches a text that lies beside the page.
pub fn fetch_text(address: String, done: Callback<Result<String, String>>) {
    spawn_local(async move {
        let text = read_text(&address).await;
        done.emit(
            text.map_err(|thrown| thrown.as_string().unwrap_or_else(|| "there is no connection".to_owned())),
        );
    });
}

async fn read_text(address: &str) -> Result<String, JsValue> {
    let window = web_sys::window().ok_or("there is no window")?;
    let response: Response = JsFuture::from(window.fetch_with_str(address)).await?.dyn_into()?;
    if !response.ok() {
        return Err(format!("the server answered {}", response.status()).into());
    }
    JsFuture::from(response.text()?).await?.as_string().ok_or("it is no text".into())
}

/// Makes the page light or dark.
pub fn show_theme(dark: bool) {
    let root = web_sys::window().and_then(|window| window.document()?.document_element());
    if let Some(root) = root {
        // Fails for no attribute of this name.
        let _ = root.set_attribute("data-theme", if dark { "dark" } else { "light" });
    }
}

/// Names the page's tab.
pub fn show_title(title: &str) {
    if let Some(document) = web_sys::window().and_then(|window| window.document()) {
        document.set_title(&format!("{title} · Taskscope"));
    }
}

/// Writes the address, without a step in the history: a step for each keystroke would bury the page before.
pub fn show_hash(hash: &str) {
    let Some(window) = web_sys::window() else { return };
    let location = window.location();
    let (path, query) = (location.pathname().unwrap_or_default(), location.search().unwrap_or_default());
    if let Ok(history) = window.history() {
        // The whole address: a bare hash would be taken relative to the page's `<base>`.
        // Browsers refuse when it is done too often; the next change writes it again.
        let address = format!("{path}{query}{hash}");
        let _ = history.replace_state_with_url(&wasm_bindgen::JsValue::NULL, "", Some(&address));
    }
}

/// The address of this page with another hash, of the whole playground.
pub fn address(hash: &str) -> Option<String> {
    let location = web_sys::window()?.location();
    let path = location.pathname().ok()?;
    let path =
        path.trim_end_matches('/').strip_suffix("/embed").map_or(path.clone(), |root| format!("{root}/"));
    Some(format!("{}{path}{hash}", location.origin().ok()?))
}

/// Opens an address beside this page.
pub fn open(address: &str) {
    if let Some(window) = web_sys::window() {
        // A blocked window is the reader's own choice.
        let _ = window.open_with_url_and_target_and_features(address, "_blank", "noopener");
    }
}

/// Puts text on the clipboard and says whether it is there.
pub fn copy(text: String, done: Callback<bool>) {
    let Some(navigator) = web_sys::window().map(|window| window.navigator()) else { return done.emit(false) };
    // Outside a secure page there is no clipboard, and asking for it would throw.
    let present =
        js_sys::Reflect::get(&navigator, &"clipboard".into()).is_ok_and(|clipboard| clipboard.is_object());
    if !present {
        return done.emit(false);
    }
    let promise = navigator.clipboard().write_text(&text);
    spawn_local(async move { done.emit(JsFuture::from(promise).await.is_ok()) });
}

/// Moves the keyboard.
pub fn focus(place: Focus) {
    let selector = match place {
        Focus::Editor => ".cm-content, .static-code textarea",
        Focus::Timeline => ".timeline",
        Focus::Field => "[data-field]",
    };
    let document = web_sys::window().and_then(|window| window.document());
    let found = document.and_then(|document| document.query_selector(selector).ok().flatten());
    if let Some(element) = found.and_then(|found| found.dyn_into::<HtmlElement>().ok()) {
        let _ = element.focus();
    }
}
