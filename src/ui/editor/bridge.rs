//! The editor's JavaScript as Rust sees it; `www/editor/main.js` is the other side.

use wasm_bindgen::prelude::{JsValue, wasm_bindgen};
use wasm_bindgen::{JsCast, closure::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::Element;

#[wasm_bindgen(module = "/www/editor-loader.js")]
extern "C" {
    // The bundle is fetched when it is wanted, not with the page: it is larger than all the rest.
    #[wasm_bindgen(catch, js_name = loadEditor)]
    fn load() -> Result<js_sys::Promise, JsValue>;
}

#[wasm_bindgen]
extern "C" {
    type Module;

    #[wasm_bindgen(method, catch)]
    fn create(this: &Module, parent: &Element, options: &JsValue) -> Result<Handle, JsValue>;

    /// An editor on the page.
    #[derive(Clone)]
    pub type Handle;

    #[wasm_bindgen(method, catch, js_name = setDoc)]
    pub fn set_doc(this: &Handle, text: &str) -> Result<(), JsValue>;
    #[wasm_bindgen(method, catch, js_name = setDiagnostics)]
    pub fn set_diagnostics(this: &Handle, items: &JsValue) -> Result<(), JsValue>;
    #[wasm_bindgen(method, catch, js_name = setHighlights)]
    pub fn set_highlights(this: &Handle, items: &JsValue) -> Result<(), JsValue>;
    #[wasm_bindgen(method, catch, js_name = setMarks)]
    pub fn set_marks(this: &Handle, items: &JsValue) -> Result<(), JsValue>;
    #[wasm_bindgen(method, catch, js_name = highlightRange)]
    pub fn highlight_range(this: &Handle, from: &JsValue, to: &JsValue) -> Result<(), JsValue>;
    #[wasm_bindgen(method, catch)]
    pub fn select(this: &Handle, from: u32, to: u32) -> Result<(), JsValue>;
    #[wasm_bindgen(method, catch)]
    pub fn reveal(this: &Handle, from: u32) -> Result<(), JsValue>;
    #[wasm_bindgen(method, catch, js_name = setDark)]
    pub fn set_dark(this: &Handle, on: bool) -> Result<(), JsValue>;
    #[wasm_bindgen(method, catch)]
    pub fn focus(this: &Handle) -> Result<(), JsValue>;
    #[wasm_bindgen(method, catch)]
    pub fn destroy(this: &Handle) -> Result<(), JsValue>;
}

/// What the editor calls. Kept alive as long as the editor is.
pub struct Calls {
    /// The reader changed the text.
    pub change: Closure<dyn FnMut(String)>,
    /// The cursor moved: offset in units, and line.
    pub cursor: Closure<dyn FnMut(u32, u32)>,
    /// The reader asked to run.
    pub run: Closure<dyn FnMut()>,
    /// The reader asked what a code means.
    pub explain: Closure<dyn FnMut(String)>,
    /// What may stand at an offset of the editor's text, which may be newer than ours.
    pub complete: Closure<dyn FnMut(String, u32) -> JsValue>,
    /// What there is to say about the word there.
    pub hover: Closure<dyn FnMut(String, u32) -> JsValue>,
}

/// Fetches the bundle and makes an editor in `parent`. Any failure is said in words: the page stays usable without it.
pub async fn create(parent: Element, options: JsValue) -> Result<Handle, String> {
    let module = JsFuture::from(load().map_err(words)?).await.map_err(words)?;
    module.unchecked_into::<Module>().create(&parent, &options).map_err(words)
}

/// What an editor begins with.
pub fn options(text: &str, dark: bool, calls: &Calls) -> JsValue {
    let options = js_sys::Object::new();
    let set = |key: &str, value: &JsValue| {
        // Fails only for a frozen object, and this one is fresh.
        let _ = js_sys::Reflect::set(&options, &key.into(), value);
    };
    set("doc", &text.into());
    set("label", &"Scenario".into());
    set("dark", &dark.into());
    set("onChange", calls.change.as_ref());
    set("onCursor", calls.cursor.as_ref());
    set("onRun", calls.run.as_ref());
    set("onExplain", calls.explain.as_ref());
    set("onComplete", calls.complete.as_ref());
    set("onHover", calls.hover.as_ref());
    options.into()
}

/// Anything that JavaScript may throw, as words.
pub fn words(thrown: JsValue) -> String {
    let message = thrown.dyn_ref::<js_sys::Error>().map(|error| String::from(error.message()));
    message.or_else(|| thrown.as_string()).unwrap_or_else(|| format!("{thrown:?}"))
}
