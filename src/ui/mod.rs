//! The page: thin components over the application's state.

mod browser;
mod by_hand;
mod editor;
mod errors;
mod explanation;
mod export;
mod frame;
mod gallery;
mod icon;
mod inspector;
mod key_sheet;
mod listener;
mod live;
mod log;
mod measure;
mod module;
mod overlay;
mod page;
mod palette;
mod press;
mod problems;
mod split;
mod status;
mod storage;
mod story;
mod tab_keys;
mod tabs;
mod thumbnail;
mod timeline;
mod toast;
mod top_bar;
mod view;

pub use page::Host;

/// Puts the page into the element `#app`, in place of what says that it is loading.
pub fn start(host: Host) {
    let root = web_sys::window().and_then(|window| window.document()?.get_element_by_id("app"));
    if let Some(root) = root {
        root.set_inner_html("");
        yew::Renderer::<page::Page>::with_root_and_props(root, host).render();
    }
}
